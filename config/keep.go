package config

import (
	"fmt"
	"strings"

	"github.com/belwacht/belwacht"
)

// Keep is for how many days what is kept; 0 = 183, and sums three years.
type Keep struct {
	Events        int `yaml:"events,omitempty"`
	Calls         int `yaml:"calls,omitempty"`
	Decisions     int `yaml:"decisions,omitempty"`
	Alerts        int `yaml:"alerts,omitempty"`
	InForce       int `yaml:"in_force,omitempty"` // after it is over
	Logins        int `yaml:"logins,omitempty"`
	Registrations int `yaml:"registrations,omitempty"` // and devices, from when they were seen last
	Changes       int `yaml:"changes,omitempty"`
	Entries       int `yaml:"entries,omitempty"` // of the audit log, what is readable
	Sums          int `yaml:"sums,omitempty"`
	// Pseudonymise is after how many days numbers and names become pseudonyms; 0 = they stay as long as the row.
	Pseudonymise int `yaml:"pseudonymise,omitempty"`
	// ShorterBecause is the owner's reason to keep anything for less than 92 days. Without it that is refused.
	ShorterBecause string `yaml:"shorter_because,omitempty"`
}

// daysMost bounds a time to keep.
const daysMost = 36_500

// For is k as the store takes it.
func (k *Keep) For() belwacht.KeptFor {
	day := func(n int) belwacht.Instant { return belwacht.Instant(n) * belwacht.Day }
	return belwacht.KeptFor{Events: day(k.Events), Calls: day(k.Calls), Decisions: day(k.Decisions), Alerts: day(k.Alerts), InForce: day(k.InForce), Logins: day(k.Logins),
		Registrations: day(k.Registrations), Changes: day(k.Changes), Entries: day(k.Entries), Sums: day(k.Sums), Names: day(k.Pseudonymise), Shorter: k.ShorterBecause}
}

// keep checks how long what is kept.
func (k *checker) keep() {
	c := &k.c.Keep
	for _, x := range []struct {
		key  string
		days int
	}{{"events", c.Events}, {"calls", c.Calls}, {"decisions", c.Decisions}, {"alerts", c.Alerts}, {"in_force", c.InForce}, {"logins", c.Logins},
		{"registrations", c.Registrations}, {"changes", c.Changes}, {"entries", c.Entries}, {"sums", c.Sums}, {"pseudonymise", c.Pseudonymise}} {
		switch {
		case x.days < 0 || x.days > daysMost:
			k.fail("keep."+x.key, "%d is no number of days; write 1 to %d", x.days, daysMost)
		case x.days > 0 && belwacht.Instant(x.days)*belwacht.Day < belwacht.KeptLeast && c.ShorterBecause == "" && x.key != "pseudonymise":
			k.fail("keep."+x.key, "is %d days, and the least is %d; where it must be less, say why: shorter_because: our works council wants it", x.days, belwacht.KeptLeast/belwacht.Day)
		}
	}
	if len(c.ShorterBecause) > 400 {
		k.fail("keep.shorter_because", "is longer than 400 bytes")
	}
}

// Flat is all that holds as keys and values, such as limits.organisation.day.money and 250 EUR: what two configurations are compared by. It has no secrets (see
// [Config.Shown]).
func (c *Config) Flat() (map[string]string, error) {
	b, err := c.Shown().YAML()
	if err != nil {
		return nil, err
	}
	v, err := Plain(b)
	if err != nil {
		return nil, err
	}
	flat := map[string]string{}
	flatten(flat, "", v)
	return flat, nil
}

// flatten adds a value under its key. What stands in a list and has a name is called by it, so that a new one in front changes no other.
func flatten(flat map[string]string, key string, v any) {
	dot := func(more string) string {
		if key == "" {
			return more
		}
		return key + "." + more
	}
	switch x := v.(type) {
	case map[string]any:
		for k, y := range x {
			flatten(flat, dot(k), y)
		}
	case []any:
		for i, y := range x {
			more := fmt.Sprint(i)
			if m, ok := y.(map[string]any); ok && m["name"] != nil {
				more = fmt.Sprint(m["name"])
			} else if !ok { // plain words: one value
				parts := make([]string, len(x))
				for j := range x {
					parts[j] = fmt.Sprint(x[j])
				}
				flat[key] = strings.Join(parts, ", ")
				return
			}
			flatten(flat, key+"["+more+"]", y)
		}
	case nil:
	default:
		flat[key] = fmt.Sprint(x)
	}
}
