package config

import (
	"fmt"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/ask/desk"
)

// Asked is what the configuration wants of the desk where PBXs ask.
func (c *Config) Asked() (w desk.Wanted, err error) {
	for i := range c.PBX {
		p := &c.PBX[i]
		if p.Ask == nil {
			continue
		}
		secret, err := c.Secret(p.Ask.SecretFile)
		if err != nil {
			return w, err
		}
		from, err := p.Ask.Networks()
		if err != nil {
			return w, belwacht.Errorf(belwacht.Config, "pbx %s: ask.from: %w", p.Name, err)
		}
		tenants := c.All()
		t := &tenants[slices.IndexFunc(tenants, func(t Tenant) bool { return t.Name == c.TenantOf(p) })]
		numbers, err := t.Site()
		if err != nil {
			return w, err
		}
		w.PBXs = append(w.PBXs, ask.PBX{Name: p.Name, Secret: secret, From: from, Numbers: numbers})
		for _, s := range []desk.Socket{{Address: p.Ask.Listen}, {Address: p.Ask.FastAGI, FastAGI: true}} {
			if s.Address != "" {
				w.Sockets = append(w.Sockets, s)
			}
		}
		w.Said += fmt.Sprintf("%q %q %v %+v %v;", p.Name, secret, from, t.NumberConfig(), []string{p.Ask.Listen, p.Ask.FastAGI})
	}
	return w, nil
}
