package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/config/edit"
	"github.com/belwacht/belwacht/web/setup"
	"github.com/belwacht/belwacht/yaml"
	"github.com/belwacht/belwacht/yaml/splice"
)

// Owner is the owner's file for the pages. It implements setup.Owner and setup.Past.
type Owner struct {
	File *edit.File
	// Listen is where the console is; it is written with the first change of a file that names no organisation and says nothing of it. "" = it is left alone.
	Listen string
	// Kept says whether something is kept under an organisation's name, which then stays; nil = nothing is.
	Kept func(tenant string) bool
}

// part is an organisation's part of a configuration: which of the list, −1 where there is one only.
func part(c *config.Config, tenant string) (int, *config.Tenant, error) {
	all := c.All()
	for i := range all {
		if all[i].Name == tenant || len(c.Tenants) == 0 {
			if len(c.Tenants) == 0 {
				return -1, &all[0], nil
			}
			return i, &all[i], nil
		}
	}
	return 0, nil, access.Errorf(belwacht.NotFound, "the configuration has no such organisation any more", "de configuratie heeft deze organisatie niet meer")
}

// part is an organisation's part of the file as it is now.
func (o *Owner) part(tenant string) (int, *config.Tenant, error) {
	look, err := o.File.Look()
	if err != nil {
		return 0, nil, err
	}
	return part(look.Config, tenant)
}

// whole are the sections that hold for all organisations.
func whole(section string) bool {
	return slices.Contains([]string{"alerts", "keep", "web", "access", "records", "data"}, section)
}

// shared says whether edits concern all organisations.
func shared(edits []splice.Edit) bool {
	return slices.ContainsFunc(edits, func(e splice.Edit) bool { return whole(e.Path[0]) })
}

// place puts edits where an organisation's part of the file is. A section that it inherits is written out first, since one of its own takes the place of the whole.
func place(look *edit.Look, tenant, file string, edits []splice.Edit) ([]splice.Edit, error) {
	i, _, err := part(look.Config, tenant)
	if err != nil || i < 0 {
		return edits, err
	}
	at := []string{"tenants", strconv.Itoa(i)}
	var out []splice.Edit
	copied := map[string]bool{}
	for _, e := range edits {
		section := e.Path[0]
		switch {
		case whole(section):
			out = append(out, e)
			continue
		case section == "organisation":
			out = append(out, splice.Edit{Path: slices.Concat(at, e.Path[1:]), Value: e.Value})
			continue
		case section != "rules" && section != "mode" && !copied[section] && look.Config.Says(section) && !look.Config.Says(fmt.Sprintf("tenants[%d].%s", i, section)):
			copied[section] = true
			v, err := splice.Value(look.Data, file, section)
			if err != nil {
				return nil, err
			}
			out = append(out, splice.Edit{Path: slices.Concat(at, []string{section}), Value: v})
		}
		out = append(out, splice.Edit{Path: slices.Concat(at, e.Path), Value: e.Value})
	}
	return out, nil
}

// Plan implements setup.Owner.
func (o *Owner) Plan(_ context.Context, tenant, sum string, edits []splice.Edit) (*setup.Plan, error) {
	look, err := o.File.Look()
	if err != nil {
		return nil, err
	}
	edits, secrets, err := o.seal(edits)
	if err != nil {
		return nil, err
	}
	placed, err := place(look, tenant, o.File.Path, edits)
	if err != nil {
		return nil, err
	}
	if c := look.Config; c.Unset() && o.Listen != "" && !c.Says("web.listen") && len(placed) > 0 {
		placed = append(placed, splice.Edit{Path: []string{"web", "listen"}, Value: o.Listen}) // else it would be gone after the next start
	}
	if err := secrets.write(); err != nil { // the check wants to see them; they stay only once it is written
		return nil, err
	}
	defer secrets.remove()
	p, err := o.File.Plan(sum, placed...)
	if err != nil {
		return nil, told(err)
	}
	if shared(edits) {
		tenant = ""
	}
	return o.planned(p, tenant, secrets), nil
}

func (o *Owner) planned(p *edit.Plan, tenant string, secrets sealed) *setup.Plan {
	return &setup.Plan{Admits: admits(p), Deed: p.Deed(tenant), What: whats(p.What), Sum: p.After.Sum, Diff: p.Diff(), Same: p.Same(), Write: func(who string) error {
		if err := secrets.write(); err != nil {
			return err
		}
		if err := o.File.Write(p, who); err != nil {
			secrets.remove()
			return told(err)
		}
		_ = o.sweep() // what is left behind is removed after the next change
		return nil
	}}
}

// admits says whether the console is open to an address after a change of that; nil where it is about something else.
func admits(p *edit.Plan) func(netip.Addr, time.Time) error {
	if !slices.ContainsFunc(p.What, func(w edit.What) bool { return strings.HasPrefix(w.Key, "access.") }) {
		return nil
	}
	policy := p.After.Config.AccessPolicy()
	return policy.Admits
}

// whats are values that change, fit to be shown.
func whats(list []edit.What) (out []setup.What) {
	for _, w := range list {
		out = append(out, setup.What{Key: w.Key, Before: w.Show(w.Before), After: w.Show(w.After)})
	}
	return out
}

// differs is a file that was changed, with the lines for the page.
type differs struct{ *edit.Changed }

// Changes are the lines.
func (d differs) Changes() []string { return d.Lines }

func (d differs) Unwrap() error { return d.Changed }

// told makes an error one that the pages know.
func told(err error) error {
	var c *edit.Changed
	if errors.As(err, &c) {
		return differs{c}
	}
	return err
}

// Undo implements setup.Past.
func (o *Owner) Undo(_ context.Context, tenant, id string) (*setup.Plan, error) {
	p, err := o.File.Undo(id)
	if err != nil {
		return nil, told(err)
	}
	i, _, err := part(p.Before.Config, tenant)
	if err != nil {
		return nil, err
	}
	if !mine(p.What, i, tenant) {
		tenant = ""
	}
	return o.planned(p, tenant, nil), nil
}

// mine says whether all of a change is an organisation's own part. Where there is one organisation only, what is no section for all is its own.
func mine(list []edit.What, i int, tenant string) bool {
	for _, w := range list {
		section, _, _ := strings.Cut(w.Key, ".")
		section, _, _ = strings.Cut(section, "[")
		if i < 0 && whole(section) || i >= 0 && !strings.HasPrefix(w.Key, "tenants["+tenant+"].") {
			return false
		}
	}
	return true
}

// History implements setup.Past. Of several organisations each sees what was its own, and what held for all.
func (o *Owner) History(_ context.Context, tenant string) ([]setup.Version, error) {
	list, err := o.File.History()
	if err != nil {
		return nil, err
	}
	look, err := o.File.Look()
	if err != nil {
		return nil, err
	}
	i, _, err := part(look.Config, tenant)
	if err != nil {
		return nil, err
	}
	var out []setup.Version
	for n, v := range list {
		x := setup.Version{ID: v.ID, Time: v.Time, Who: v.Who, Last: n == 0 && v.After == look.Sum, Undo: v.Undid != ""}
		for _, w := range v.What {
			if i >= 0 && strings.HasPrefix(w.Key, "tenants[") && !strings.HasPrefix(w.Key, "tenants["+tenant+"].") {
				continue
			}
			x.What = append(x.What, setup.What{Key: w.Key, Before: w.Show(w.Before), After: w.Show(w.After)})
		}
		if len(x.What) > 0 {
			out = append(out, x)
		}
	}
	return out, nil
}

// Sheet implements setup.Owner.
func (o *Owner) Sheet(_ context.Context, tenant string) (*setup.Sheet, error) {
	look, err := o.File.Look()
	if err != nil {
		return nil, err
	}
	c := look.Config
	i, t, err := part(c, tenant)
	if err != nil {
		return nil, err
	}
	s := &setup.Sheet{Sum: look.Sum, File: o.File.Path, Unset: c.Unset(), Locked: o.File.Writable(), Name: t.Name, Country: t.Country, Timezone: t.Timezone, Hours: t.OfficeHours,
		Language: c.Alerts.Language.String(), Mode: t.Mode.String(), Brake: money(t.Brake.Money), BrakeOff: t.Brake.Off, Refuse: money(t.Costs.Refuse), Alert: money(t.Costs.Alert),
		Trunks: t.Trunks, Shared: i >= 0}
	s.Named = i >= 0 || o.Kept != nil && o.Kept(t.Name)
	s.Groups = slices.Sorted(maps.Keys(t.Groups))
	for _, a := range t.Accounts {
		if a.Group != "" && !slices.Contains(s.Groups, a.Group) {
			s.Groups = append(s.Groups, a.Group)
		}
	}
	if err := limits(s, t); err != nil {
		return nil, err
	}
	if err := rules(s, t); err != nil {
		return nil, err
	}
	keep(s, &c.Keep)
	people(s, &c.Alerts)
	house(s, t)
	entrance(s, &c.Access)
	ways(s, c)
	for n := range c.PBX {
		if c.TenantOf(&c.PBX[n]) == t.Name {
			s.PBXs = append(s.PBXs, c.PBX[n].Name)
		}
	}
	return s, nil
}

func money(m yaml.Money) string {
	b, err := m.MarshalText()
	if err != nil {
		return ""
	}
	return string(b)
}

// limits fills in the limits.
func limits(s *setup.Sheet, t *config.Tenant) error {
	add := func(kind, name string, l *config.Limit) error {
		b, err := yaml.Write(l)
		if err != nil {
			return err
		}
		m, err := config.Plain(b)
		if err != nil {
			return err
		}
		x := setup.Scope{Kind: kind, Name: name}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			v := fmt.Sprint(m[k])
			if list, ok := m[k].([]any); ok {
				var words []string
				for _, w := range list {
					words = append(words, fmt.Sprint(w))
				}
				v = strings.Join(words, ", ")
				if kind == "organisation" && k == "only_countries" {
					s.Only = words
				}
				if kind == "organisation" && k == "no_countries" {
					s.Never = words
				}
			}
			x.Values = append(x.Values, setup.Value{Key: k, Value: v})
		}
		if len(x.Values) > 0 {
			s.Scopes = append(s.Scopes, x)
		}
		return nil
	}
	if t.Limits.Organisation != nil {
		if err := add("organisation", "", t.Limits.Organisation); err != nil {
			return err
		}
	}
	for _, of := range []struct {
		kind   string
		limits map[string]config.Limit
	}{{"groups", t.Limits.Groups}, {"trunks", t.Limits.Trunks}, {"accounts", t.Limits.Accounts}} {
		for _, name := range slices.Sorted(maps.Keys(of.limits)) {
			l := of.limits[name]
			if err := add(of.kind, name, &l); err != nil {
				return err
			}
		}
	}
	return nil
}

// rules fills in the rules.
func rules(s *setup.Sheet, t *config.Tenant) error {
	set, err := t.RuleSet()
	if err != nil {
		return err
	}
	for _, r := range set.Rules() {
		x := setup.Rule{Name: r.Name, Switch: cmp.Or(r.Mode, "enforce")}
		x.English, x.Dutch = r.Plain()
		if own, ok := t.Settings.Rules[r.Name]; ok {
			x.Switch, x.Said = string(own), true
		}
		s.Rules = append(s.Rules, x)
	}
	return nil
}

// keep fills in for how long what is kept.
func keep(s *setup.Sheet, k *config.Keep) {
	for _, x := range []struct {
		key  string
		days int
	}{{"calls", k.Calls}, {"decisions", k.Decisions}, {"alerts", k.Alerts}, {"logins", k.Logins}, {"registrations", k.Registrations}, {"in_force", k.InForce}, {"changes", k.Changes},
		{"entries", k.Entries}, {"events", k.Events}, {"sums", k.Sums}, {"pseudonymise", k.Pseudonymise}} {
		usual := 183
		switch x.key {
		case "sums":
			usual = 1095
		case "pseudonymise":
			usual = 0
		}
		s.Keep = append(s.Keep, setup.Days{Key: x.key, Days: x.days, Usual: usual})
	}
	s.Reason = k.ShorterBecause
}

// people fills in who is told.
func people(s *setup.Sheet, a *config.Alerts) {
	for _, p := range a.People {
		x := setup.Person{Name: p.Name, Mail: p.Mail, SMS: p.SMS, Telegram: p.Telegram, Hours: p.Hours, Least: p.Least, Outside: p.Outside}
		if p.Language != nil {
			x.Language = p.Language.String()
		}
		s.People = append(s.People, x)
	}
	if m := a.Mail; m != nil {
		s.Mail = setup.Mail{Server: m.Server, Security: m.Security, User: m.User, From: m.From, To: m.To, Password: m.PasswordFile != ""}
	}
}

// Stand is whether an organisation is set up, so that calls of it are judged, and its mode.
func Stand(c *config.Config, tenant string) (set bool, mode string) {
	_, t, err := part(c, tenant)
	if err != nil {
		return false, ""
	}
	for i := range c.PBX {
		set = set || c.TenantOf(&c.PBX[i]) == t.Name
	}
	return set && !c.Unset(), t.Mode.String()
}
