package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/login"
)

// MaxRules bounds a set.
const MaxRules = 128

// Set is a compiled set of rules: immutable, safe for concurrent use.
type Set struct {
	rules  []Rule
	scoped [scopes][]scoped // the rules of each scope, those that look at log-ins last
	plain  [scopes]int      // how many of them look at other things
	habits [scopes]bool     // whether one of them asks what is usual
	pairs  [][]paired       // of each rule, by its index
	hash   string
}

// scoped is what judging asks of each rule first, close together in memory: most rules have nothing to say.
type scoped struct {
	eval  measure
	first float32 // the value of the rule's first step
	rule  uint8   // index in rules
}

// Compile makes a set of rules; overrides turn rules off or to monitor by name.
func Compile(rules []Rule, overrides map[string]string) (*Set, error) {
	if len(rules) > MaxRules {
		return nil, belwacht.Errorf(belwacht.Config, "%d rules; there may be %d", len(rules), MaxRules)
	}
	s := &Set{rules: append([]Rule(nil), rules...)}
	sort.Slice(s.rules, func(i, j int) bool { return s.rules[i].Name < s.rules[j].Name })
	kinds, sum, left := measures(), sha256.New(), len(overrides)
	for i := range s.rules {
		r := &s.rules[i]
		if i > 0 && r.Name == s.rules[i-1].Name {
			return nil, belwacht.Errorf(belwacht.Config, "two rules are called %s", r.Name)
		}
		if mode, ok := overrides[r.Name]; ok {
			r.Mode = mode
			left--
		}
		if err := r.compile(kinds); err != nil {
			return nil, err
		}
		fmt.Fprintf(sum, "%s %s %s %v %v %v %v %s\n", r.Name, r.Kind, r.Of, r.On, r.Steps, r.Together, r.Family, r.Mode)
		for sc := range scopes {
			if r.scopes[sc] && !r.off {
				s.scoped[sc] = append(s.scoped[sc], scoped{r.eval, r.Steps[0].At, uint8(i)})
				s.habits[sc] = s.habits[sc] || asksHabits(r.Kind, r.Of)
			}
		}
	}
	if err := s.pair(); err != nil {
		return nil, err
	}
	for sc := range s.scoped {
		slices.SortStableFunc(s.scoped[sc], func(a, b scoped) int { return s.asksLogins(a) - s.asksLogins(b) })
		for s.plain[sc] < len(s.scoped[sc]) && s.asksLogins(s.scoped[sc][s.plain[sc]]) == 0 {
			s.plain[sc]++
		}
	}
	if left > 0 {
		for name := range overrides {
			if _, ok := s.Find(name); !ok {
				return nil, belwacht.Errorf(belwacht.Config, "rules: there is no rule %q; `belwacht rules list` shows them", name)
			}
		}
	}
	s.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return s, nil
}

// Habits says whether a rule of a scope asks what is usual for the account, its group or the house (View.Own, Group and House). Where none does, and
// that is so of ours for calls at home, what is usual need not be looked up.
func (s *Set) Habits(scope Scope) bool { return s.habits[scope] }

// asksLogins is 1 of a rule that looks at log-ins alone: its value is 0 where those are ordinary. Calls of which nothing is heard but their records need
// not ask it.
func (s *Set) asksLogins(q scoped) int {
	r := &s.rules[q.rule]
	if (strings.HasPrefix(r.Of, "login-") || r.Kind == "list" && r.Of == "agent") && q.first > 0 {
		return 1
	}
	return 0
}

// asksHabits says whether a measure looks at what was learned. Of measures that are not named here it is taken that they do.
func asksHabits(kind, of string) bool {
	switch kind {
	case "enumeration", "list", "canary":
		return false
	case "threshold":
		return of != "home-new-1h" && of != "home-new-24h" && of != "home-short-24h"
	case "property":
		return of != "off-list" && of != "foreign-id" && of != "trunk" && of != "from-trunk" && of != "sent-on" && of != "closed" && of != "holiday"
	}
	return true
}

// Hash names the set: rules with their weights and modes.
func (s *Set) Hash() string { return s.hash }

// Rules are the rules by name; they must not be changed.
func (s *Set) Rules() []Rule { return s.rules }

// Find returns the rule of a name.
func (s *Set) Find(name string) (*Rule, bool) {
	i := sort.Search(len(s.rules), func(i int) bool { return s.rules[i].Name >= name })
	if i < len(s.rules) && s.rules[i].Name == name {
		return &s.rules[i], true
	}
	return nil, false
}

// Piece is what one rule said, or two together.
type Piece struct {
	Rule, With   uint8 // With is the other rule of a pair
	Paired       bool
	Counted      bool
	Bits         float32
	Value, Usual float32
}

// Verdict is all evidence on one attempt. It is reused; Judge allocates nothing.
type Verdict struct {
	Bits   float32 // sum that counts
	Would  float32 // the same with the rules in monitor
	Family [belwacht.Families]float32
	Pieces [MaxRules + MostPairs]Piece
	N      int
}

// Judge puts the evidence of a view into v.
func (s *Set) Judge(view *View, v *Verdict) {
	var strongest [belwacht.Families]int8 // index + 1 of the hand-set piece that counts, per family
	v.N, v.Bits, v.Would, v.Family = 0, 0, 0, [belwacht.Families]float32{}
	var levels [MaxRules]uint8
	maturity := float32(-1) // is worked out for the first rule that asks
	list := s.scoped[view.Scope]
	if view.Login == (login.Facts{}) {
		list = list[:s.plain[view.Scope]]
	}
	for k := range list {
		q := &list[k]
		value, usual := q.eval(view)
		if !(value >= q.first) {
			continue
		}
		i := q.rule
		r := &s.rules[i]
		level := r.level(value)
		bits := r.Steps[level-1].Bits
		levels[i] = uint8(level)
		if r.bound {
			if maturity < 0 {
				maturity = view.Maturity()
			}
			bits = min(bits, maturity)
		}
		p := &v.Pieces[v.N]
		*p = Piece{Rule: i, Bits: bits, Value: value, Usual: usual}
		v.N++
		if r.mode != belwacht.Enforce {
			v.Would += bits
			continue
		}
		if r.fitted {
			p.Counted = true
			v.Family[r.Family] += bits
			continue
		}
		if k := strongest[r.Family]; k == 0 || bits > v.Pieces[k-1].Bits {
			if k > 0 {
				v.Pieces[k-1].Counted = false
			}
			p.Counted, strongest[r.Family] = true, int8(v.N)
		}
	}
	for f, k := range strongest {
		if k > 0 {
			v.Family[f] += v.Pieces[k-1].Bits
		}
	}
	if view.Scope == Notable || view.Scope == Running {
		s.together(view, v, &levels)
	}
	for _, bits := range v.Family {
		v.Bits += bits
	}
	v.Would += v.Bits
}

// Levels puts how many steps each rule has reached into dst, by the index in Rules: what a fit learns from.
func (s *Set) Levels(view *View, dst []uint8) {
	for i := range s.rules {
		dst[i] = 0
	}
	for _, q := range s.scoped[view.Scope] {
		value, _ := q.eval(view)
		dst[q.rule] = uint8(s.rules[q.rule].level(value))
	}
}

// Speaks says whether a rule of that name has something to say of a view, whatever its mode.
func (s *Set) Speaks(name string, view *View) bool {
	r, ok := s.Find(name)
	if !ok || !r.scopes[view.Scope] {
		return false
	}
	value, _ := r.eval(view)
	return r.level(value) > 0
}
