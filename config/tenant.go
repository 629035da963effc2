package config

import (
	"fmt"
	"maps"
	"slices"
)

// inherit gives a tenant what the top level says where it says nothing itself, section by section. Rules join by name, the tenant's own winning.
func (c *Config) inherit(t *Tenant, i int) {
	says := func(key string) bool { return c.lines[fmt.Sprintf("tenants[%d].%s", i, key)] > 0 }
	top := &c.Settings
	if !says("mode") {
		t.Mode = top.Mode
	}
	if !says("trunks") {
		t.Trunks = top.Trunks
	}
	if !says("networks") {
		t.Networks = top.Networks
	}
	if !says("plan") {
		t.Plan = top.Plan
	}
	if !says("limits") {
		t.Limits = top.Limits
	}
	if !says("accounts") {
		t.Accounts = top.Accounts
	}
	if !says("groups") {
		t.Groups = top.Groups
	}
	if !says("costs") {
		t.Costs = top.Costs
	}
	if !says("brake") {
		t.Brake = top.Brake
	}
	if len(top.Rules) > 0 {
		rules := maps.Clone(top.Rules)
		maps.Copy(rules, t.Rules)
		t.Rules = rules
	}
}

// All lists the tenants, each with all that holds for it: the one organisation, or those of the list.
func (c *Config) All() []Tenant {
	tenants := c.Tenants
	if len(tenants) == 0 {
		tenants = []Tenant{{Organisation: c.Organisation, Settings: c.Settings}}
	}
	out := make([]Tenant, len(tenants))
	for i, t := range tenants {
		t.listed, t.networks, t.asked = c.listed, c.networks, c.asked(t.Name)
		out[i] = t
	}
	return out
}

// asked says whether a PBX of an organisation asks and has no feed of events.
func (c *Config) asked(tenant string) bool {
	return slices.ContainsFunc(c.PBX, func(p PBX) bool { return p.Ask != nil && p.AMI == nil && (p.Tenant == tenant || len(c.Tenants) == 0) })
}
