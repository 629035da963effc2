package console

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/web/owner"
	"github.com/belwacht/belwacht/web/whatif"
	"github.com/belwacht/belwacht/yaml"
)

// settings shows what the owner has set, as the configuration in force has it. It implements owner.Viewer.
type settings struct{ config func() *config.Config }

// tenant is an organisation's part of the configuration.
func (s *settings) tenant(name string) (*config.Tenant, error) {
	all := s.config().All()
	for i := range all {
		if all[i].Name == name {
			return &all[i], nil
		}
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "the configuration has no such organisation")
}

// Rules implements owner.Viewer.
func (s *settings) Rules(_ context.Context, name string) ([]owner.Rule, error) {
	t, err := s.tenant(name)
	if err != nil {
		return nil, err
	}
	set, err := t.RuleSet()
	if err != nil {
		return nil, err
	}
	var list []owner.Rule
	for _, r := range set.Rules() {
		english, dutch := r.Plain()
		x := owner.Rule{Name: r.Name, Family: r.Family.String(), English: english, Dutch: dutch, Switch: "enforce"}
		if own, ok := t.Settings.Rules[r.Name]; ok {
			x.Switch, x.Declared = string(own), true
		} else if r.Mode != "" {
			x.Switch = r.Mode
		}
		list = append(list, x)
	}
	return list, nil
}

// Limits implements owner.Viewer.
func (s *settings) Limits(_ context.Context, name string) ([]owner.Limit, error) {
	t, err := s.tenant(name)
	if err != nil {
		return nil, err
	}
	var list []owner.Limit
	add := func(scope string, l config.Limit) error {
		b, err := yaml.Write(&l)
		if err != nil {
			return err
		}
		m, err := config.Plain(b)
		if err != nil {
			return err
		}
		for _, k := range slices.Sorted(maps.Keys(m)) {
			list = append(list, owner.Limit{Scope: scope, Key: k, Value: fmt.Sprint(m[k])})
		}
		return nil
	}
	if t.Limits.Organisation != nil {
		if err := add("organisation", *t.Limits.Organisation); err != nil {
			return nil, err
		}
	}
	for _, of := range []struct {
		prefix string
		limits map[string]config.Limit
	}{{"group ", t.Limits.Groups}, {"trunk ", t.Limits.Trunks}, {"", t.Limits.Accounts}} {
		for _, k := range slices.Sorted(maps.Keys(of.limits)) {
			if err := add(of.prefix+k, of.limits[k]); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// Settings implements owner.Viewer.
func (s *settings) Settings(_ context.Context, of string, all bool) (string, error) {
	do := s.config().Shown().YAML
	if !all {
		do = func() ([]byte, error) { return s.config().Shown().Part(of) }
	}
	b, err := do()
	return string(b), err
}

// allowed are the countries that an organisation's own limit allows.
func (s *settings) allowed(name string) []belwacht.Country {
	t, err := s.tenant(name)
	if err != nil || t.Limits.Organisation == nil {
		return nil
	}
	return t.Limits.Organisation.OnlyCountries
}

// otherwise says what rules would have done that were played set otherwise; nil where nothing is played.
func (c *Config) otherwise() func(tenant, rule string) *owner.Otherwise {
	if c.WhatIf == nil {
		return nil
	}
	return func(tenant, rule string) *owner.Otherwise {
		found := c.WhatIf.State(tenant).Found
		for _, to := range []string{"off", "enforce"} {
			if r := found[(whatif.Change{Rule: rule, Switch: to}).ID()]; r != nil {
				return &owner.Otherwise{ID: r.Change.ID(), To: to, More: r.More.Calls, Saved: r.More.Cost, Fewer: r.Fewer.Calls, Risk: r.Let()}
			}
		}
		return nil
	}
}
