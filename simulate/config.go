package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// Config says what to make up. The zero Config is a Dutch office of 50 extensions over 12 weeks with all attacks and oddities.
type Config struct {
	Seed       uint64    // everything follows from it
	Kind       string    // one of Kinds; "" = office
	Country    string    // ISO code, one of Countries; "" = NL
	Extensions int       // accounts, spare ones and machines included; 3 to 100,000
	Weeks      int       // 1 to 520
	Start      time.Time // a day; its local midnight is where the history begins; zero = a Monday in 2026, by the seed
	// LearnWeeks are the weeks without attacks that count; 0 = two fifths of all.
	LearnWeeks  int
	Attacks     []string // kinds; nil = all in turn; see AttackKinds
	AttackCount int      // attacks that count; 0 = about one for five extensions and not fewer than six; negative = none
	Oddities    []string // kinds; nil = all in turn; see OddityKinds
	OddityCount int      // 0 = by size and weeks; negative = none
	// EarlyAttacks are small attacks inside the learning weeks, the first of which runs as the history begins; 0 = one or two,
	// negative = none.
	EarlyAttacks int
	// Scripts are further attackers, whose calls are given.
	Scripts []Script
	// Forms says how accounts look: "2" to "5" (digits), "u" (u4711), "desk" (a word in the country's tongue and a number), "name"
	// (initials and a number); "" = by the seed.
	Forms string
	// Rate multiplies how much people telephone; 0 = 1.
	Rate float64
}

// Kinds are the kinds of organisation, with what is special about each.
func Kinds() map[string]string {
	m := map[string]string{}
	for _, k := range invent.Kinds() {
		m[k.Name] = k.Does
	}
	return m
}

// Countries are the countries in which organisations can stand.
func Countries() []string {
	var list []string
	for _, n := range invent.Nations() {
		list = append(list, n.ISO)
	}
	return list
}

// complete fills in what a Config leaves open and refuses what cannot be.
func (c *Config) complete() (invent.Kind, error) {
	if c.Kind == "" {
		c.Kind = "office"
	}
	if c.Country == "" {
		c.Country = "NL"
	}
	if c.Extensions == 0 {
		c.Extensions = 50
	}
	if c.Weeks == 0 {
		c.Weeks = 12
	}
	if c.Extensions < 3 || c.Extensions > 100_000 {
		return invent.Kind{}, belwacht.Errorf(belwacht.Invalid, "%d extensions: an organisation has 3 to 100000", c.Extensions)
	}
	if c.Weeks < 1 || c.Weeks > 520 {
		return invent.Kind{}, belwacht.Errorf(belwacht.Invalid, "%d weeks: a history has 1 to 520", c.Weeks)
	}
	if c.LearnWeeks <= 0 {
		c.LearnWeeks = max(c.Weeks*2/5, min(1, c.Weeks-1))
	}
	if c.LearnWeeks > c.Weeks {
		return invent.Kind{}, belwacht.Errorf(belwacht.Invalid, "%d weeks to learn of %d weeks: learn fewer", c.LearnWeeks, c.Weeks)
	}
	if c.Rate == 0 {
		c.Rate = 1
	}
	if c.Rate < 0 || c.Rate > 100 {
		return invent.Kind{}, belwacht.Errorf(belwacht.Invalid, "rate %g: 0.01 to 100", c.Rate)
	}
	if err := known("attack", c.Attacks, AttackKinds()); err != nil {
		return invent.Kind{}, err
	}
	if err := known("oddity", c.Oddities, OddityKinds()); err != nil {
		return invent.Kind{}, err
	}
	names := []string{}
	for _, k := range invent.Kinds() {
		if k.Name == c.Kind {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return invent.Kind{}, belwacht.Errorf(belwacht.Invalid, "kind %q: there are %s", c.Kind, strings.Join(names, ", "))
}

// known refuses words that are not in a list.
func known(what string, words, list []string) error {
	for _, w := range words {
		if !slices.Contains(list, w) {
			return belwacht.Errorf(belwacht.Invalid, "%s %q: there are %s", what, w, strings.Join(list, ", "))
		}
	}
	return nil
}
