package app

import (
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
)

// NewEngine makes the engine of a configuration as a running guard needs it: all its organisations, each with the rate deck. note is told what was
// odd about the deck; nil where nobody listens.
func NewEngine(c *config.Config, note func(string)) (*detect.Engine, error) {
	all := c.All()
	rules, err := all[0].RuleSet()
	if err != nil {
		return nil, err
	}
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
		list = append(list, t)
	}
	return detect.New(detect.Config{Rules: rules, Tenants: list, Live: true})
}
