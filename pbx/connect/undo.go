package connect

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/text"
)

// Undo plans the way back: Belwacht's parts are taken out of the owner's files, which are then as they were but for what the owner has changed himself, and
// Belwacht's own files of the connection are removed. Errors are as those of [New].
func Undo(o *Options) (*Plan, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Kind == FreeSWITCH {
		return undoFreeSWITCH(o)
	}
	if err := o.leftCalls(); err != nil {
		return nil, err
	}
	p := &Plan{folder: o.Etc}
	for _, f := range []struct {
		name string
		m    marks
	}{{o.dialplan(), ";"}, {o.manager(), ";"}} {
		c, err := o.owned(f.name)
		if err != nil {
			return nil, err
		}
		if err := p.takeOut(c, f.m); err != nil {
			return nil, err
		}
	}
	if err := p.takeOutSection(o); err != nil {
		return nil, err
	}
	files := []string{filepath.Join(o.Secrets, fileQuery), filepath.Join(o.Secrets, fileManager), filepath.Join(o.Own, fileAMI), filepath.Join(o.Own, fileAsk),
		filepath.Join(o.Own, fileCDR)}
	for _, f := range o.former() {
		if !slices.Contains(files, f) {
			files = append(files, f)
		}
	}
	if err := p.remove(files); err != nil {
		return nil, err
	}
	if o.madeFolder() {
		p.empty = []string{o.Secrets}
	}
	p.findStale()
	return p, nil
}

// takeOutSection plans the configuration without the section pbx, where the file is named.
func (p *Plan) takeOutSection(o *Options) error {
	if o.Config == "" {
		return nil
	}
	c, err := look(o.Config, filepath.Dir(o.Config), maxOwners)
	if err != nil {
		return err
	}
	return p.takeOut(c, "#")
}

// remove plans that Belwacht's own files go.
func (p *Plan) remove(files []string) error {
	for _, f := range files {
		c, err := look(f, filepath.Dir(f), maxOwners)
		if err != nil {
			return err
		}
		c.remove, c.secret = true, true
		if c.exists {
			p.Steps = append(p.Steps, text.Say("%s: remove it.", "%s: weghalen.", f))
		}
		p.changes = append(p.changes, c)
	}
	return nil
}

// leftCalls refuses to take the guard from a dial plan that calls it by a plain Gosub(), which would then end every such call.
func (o *Options) leftCalls() error {
	t, err := readTree(o.Etc, "extensions.conf")
	if err != nil {
		return nil // what is to be changed is read, and judged, by itself
	}
	section := ""
	for _, l := range t.lines {
		switch {
		case l.Kind == asterisk.ConfSection:
			section = l.Name
		case l.Kind == asterisk.ConfSetting && !slices.Contains(o.contexts(), section) && strings.Contains(strings.ToLower(l.Value), "gosub(belwacht-guard,"):
			return belwacht.Errorf(belwacht.Invalid,
				"%s:%d: calls belwacht-guard, and without it the call would end there; take that line out first, or write it as %s",
				l.file, l.Number, GuardCall)
		}
	}
	return nil
}

// HasDatabaseUser says whether an earlier connection had a database user.
func (o *Options) HasDatabaseUser() bool {
	_, err := os.Stat(filepath.Join(o.Own, fileCDR))
	return err == nil
}

// takeOut plans a file without Belwacht's part.
func (p *Plan) takeOut(c *change, m marks) error {
	out, gone, err := m.take(c.path, c.before)
	if err != nil {
		return err
	}
	if !c.exists {
		c.remove = true // and nothing is needed
	}
	c.after, c.remove = out, c.remove || gone
	if c.needed() {
		p.Steps = append(p.Steps, text.Say("%s: take Belwacht's part out.", "%s: haal het deel van Belwacht weg.", c.path))
	}
	p.changes = append(p.changes, c)
	return nil
}
