// Package dossier opens the store for one person's data, beside a Belwacht that may run: what belwacht export and belwacht forget do. It also notes there what
// belwacht connect changed.
package dossier

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/text"
)

// Schema names the form of a line of an export.
const Schema = "belwacht.person/1"

// Place says which store, and whose person.
type Place struct {
	Config *config.Config
	Data   string // folder; "" = the configuration's
	Tenant string // "" = the only organisation
}

// Dossier is what is kept of one person.
type Dossier struct {
	store  *sqlite.Store
	person *belwacht.Person
	site   *number.Site
	tenant string
	about  string // the person as the audit log says it
}

// Open opens the store and reads who is meant: the name of an extension or a number, as the organisation's dial plan reads it.
func Open(ctx context.Context, p *Place, who string) (*Dossier, error) {
	t, err := p.of()
	if err != nil {
		return nil, err
	}
	d := &Dossier{}
	if d.site, err = t.Site(); err != nil {
		return nil, err
	}
	d.person, d.tenant, d.about = personOf(d.site, t.Name, who), t.Name, text.Mask(who)
	d.store, err = sqlite.OpenBeside(ctx, sqlite.Config{Folder: cmp.Or(p.Data, p.Config.DataDir()), Keep: p.Config.Keep.For()})
	return d, err
}

// Close closes the store.
func (d *Dossier) Close(ctx context.Context) error { return d.store.Close(ctx) }

// line is a line of an export.
type line struct {
	Schema string `json:"schema"`
	belwacht.Kept
}

// Export writes all that is kept of the person, a line of JSON a thing, and returns how many.
func (d *Dossier) Export(ctx context.Context, w io.Writer) (n int, err error) {
	if err := noted(ctx, d.store, access.PersonTaken, d.tenant, d.about, ""); err != nil {
		return 0, err
	}
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	hidden := confidential{d.site}
	if err := d.store.Export(ctx, d.person, func(k *belwacht.Kept) error {
		n++
		return lines.Encode(line{Schema, *hidden.hide(k)})
	}); err != nil {
		return n, err
	}
	return n, out.Flush()
}

// Count is how many things of each kind are kept.
func (d *Dossier) Count(ctx context.Context) (map[string]int64, error) {
	found := map[string]int64{}
	err := d.store.Export(ctx, d.person, func(k *belwacht.Kept) error { found[k.Kind]++; return nil })
	return found, err
}

// Forget deletes what may be deleted.
func (d *Dossier) Forget(ctx context.Context) (*belwacht.Forgotten, error) {
	if err := noted(ctx, d.store, access.PersonGone, d.tenant, d.about, ""); err != nil {
		return nil, err
	}
	return d.store.Forget(ctx, d.person, belwacht.InstantOf(time.Now()))
}

// Files are files of a PBX that were changed.
type Files struct {
	Site, Tenant, Who string
	Names             []string
	Undo              bool // what an earlier change did was taken back
}

// Note notes them in the store. Where there is none yet, as Belwacht has not run here, it does nothing.
func (f *Files) Note(ctx context.Context, c *config.Config) error {
	store, err := sqlite.OpenBeside(ctx, sqlite.Config{Folder: c.DataDir(), Keep: c.Keep.For()})
	if err != nil {
		if belwacht.CodeOf(err) == belwacht.NotFound {
			return nil
		}
		return err
	}
	before, after := "", "as belwacht connect wants it"
	if f.Undo {
		before, after = after, "as it was before"
	}
	var list []belwacht.Change
	for _, name := range f.Names {
		list = append(list, belwacht.Change{Kind: belwacht.ChangeFile, Time: belwacht.InstantOf(time.Now()), Tenant: f.Tenant, Site: f.Site, What: name, Before: before, After: after,
			Who: f.Who})
	}
	return errors.Join(store.AddChanges(ctx, list), store.Close(ctx))
}

// Counted is how many of what, in the order of words.
func Counted(n map[string]int64) string {
	if len(n) == 0 {
		return "nothing"
	}
	var list []string
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		list = append(list, kinds(kind, n[kind]))
	}
	return text.List(text.English, list)
}

// kinds is so many of a kind.
func kinds(kind string, n int64) string {
	one, many := kind, kind+"s"
	switch kind {
	case "in_force":
		one, many = "decision in force", "decisions in force"
	case "login":
		one, many = "log-in", "log-ins"
	}
	return text.Plural(text.English, n, one, many)
}

// of is the organisation that is meant.
func (p *Place) of() (*config.Tenant, error) {
	all := p.Config.All()
	var names []string
	for i := range all {
		if len(all) == 1 && p.Tenant == "" || all[i].Name == p.Tenant {
			return &all[i], nil
		}
		names = append(names, all[i].Name)
	}
	return nil, belwacht.Errorf(belwacht.Usage, "whose? There are %q; say --tenant with one of them", names[:min(len(names), 20)])
}

// personOf reads an extension or a number as the organisation's dial plan does.
func personOf(site *number.Site, tenant, who string) *belwacht.Person {
	p := &belwacht.Person{Tenant: tenant}
	n := site.Read(who)
	if n.E164 == 0 || n.Class == belwacht.ClassInternal {
		p.Accounts = []string{who}
		return p
	}
	p.Numbers = []belwacht.E164{n.E164}
	digits := n.E164.Digits()
	for cut := 1; cut <= 3 && cut < len(digits); cut++ { // without its country's code, where the plan reads that as the same number
		for _, before := range []string{"", "0", "00", "90"} {
			if w := before + digits[cut:]; site.Read(w).E164 == n.E164 {
				p.Written = append(p.Written, w)
			}
		}
	}
	for _, before := range []string{"000", "900"} { // an outside line before an international prefix
		if w := before + digits; site.Read(w).E164 == n.E164 {
			p.Written = append(p.Written, w)
		}
	}
	return p
}

// confidential takes numbers of helplines out of what is given out: who called one is nobody's business.
type confidential struct{ site *number.Site }

func (c confidential) hide(k *belwacht.Kept) *belwacht.Kept {
	switch x := k.Data.(type) {
	case belwacht.PastEvent:
		if c.site.Read(x.Dialled).Class == belwacht.ClassSocial {
			x.Dialled = ""
		}
		return &belwacht.Kept{Kind: k.Kind, Data: x}
	case belwacht.Decision:
		if x.Trace != nil && x.Trace.Class == belwacht.ClassSocial.String() {
			x.Number, x.Reason, x.ReasonNL, x.Trace = "", "", "", nil
		}
		return &belwacht.Kept{Kind: k.Kind, Data: x}
	}
	return k
}
