package config

import (
	"fmt"

	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/rule"
)

// LiveEngine makes the engine of a configuration as a running guard needs it: all its organisations, each with the rate deck. note is told what was
// odd about the deck; nil where nobody listens.
func (c *Config) LiveEngine(note func(string)) (*detect.Engine, error) {
	all := c.All()
	sets := make(map[string]*rule.Set) // most organisations have the same switches
	list := make([]detect.Tenant, 0, len(all))
	for i := range all {
		rates, bad, err := c.Deck(&all[i], "")
		if err != nil {
			return nil, err
		}
		if note != nil {
			for _, row := range bad[:min(len(bad), 5)] {
				note(row.String())
			}
		}
		t, err := all[i].Engine(rates)
		if err != nil {
			return nil, err
		}
		switches := fmt.Sprint(all[i].Rules)
		if sets[switches] == nil {
			if sets[switches], err = all[i].RuleSet(); err != nil {
				return nil, err
			}
		}
		t.Rules = sets[switches]
		list = append(list, t)
	}
	return detect.New(detect.Config{Tenants: list, Live: true})
}
