package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sort"
	"strings"

	"github.com/belwacht/belwacht"
)

// MaxRules bounds a set.
const MaxRules = 128

// Set is a compiled set of rules: immutable, safe for concurrent use.
type Set struct {
	rules  []Rule
	scoped [scopes][]scoped // the rules of each scope, those that look at log-ins last
	sieve  [scopes]sieve    // and which of them may speak of a view
	habits [scopes]bool     // whether one of them asks what is usual
	hash   string
}

// scoped is what judging asks of a rule in one scope, close together in memory.
type scoped struct {
	eval   measure
	rule   uint8 // index in rules
	family belwacht.Family
	bound  bool
	fitted bool
	silent bool                  // in monitor
	at     [MaxSteps + 1]float32 // behind the last step no number, which no value reaches
	bits   [MaxSteps]float32
	pairs  []paired
	others places // those that its pairs are with
}

// scopedOf is a rule by its index, as judging asks it.
func (s *Set) scopedOf(i int) scoped {
	r := &s.rules[i]
	q := scoped{eval: r.eval, rule: uint8(i), family: r.Family, bound: r.bound, fitted: r.fitted, silent: r.InMonitor()}
	for k := range q.at {
		q.at[k] = float32(math.NaN())
	}
	for k, step := range r.Steps {
		q.at[k], q.bits[k] = step.At, step.Bits
	}
	return q
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
				s.scoped[sc] = append(s.scoped[sc], s.scopedOf(i))
				s.habits[sc] = s.habits[sc] || asksHabits(r.Kind, r.Of)
			}
		}
	}
	for sc := range s.scoped {
		slices.SortStableFunc(s.scoped[sc], func(a, b scoped) int { return s.asksLogins(&a) - s.asksLogins(&b) })
		v, at := newSieve()
		for i := range s.scoped[sc] {
			q := &s.scoped[sc][i]
			v.put(at, i, s.rules[q.rule].Kind+" "+s.rules[q.rule].Of, q.at[0])
		}
		s.sieve[sc] = v
	}
	if err := s.pair(); err != nil {
		return nil, err
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

// Asks says whether a rule of a scope looks at a measure whose name begins so.
func (s *Set) Asks(scope Scope, measure string) bool {
	return slices.ContainsFunc(s.scoped[scope], func(q scoped) bool { return strings.HasPrefix(s.rules[q.rule].Of, measure) })
}

// asksLogins is 1 of a rule that looks at log-ins alone.
func (s *Set) asksLogins(q *scoped) int {
	r := &s.rules[q.rule]
	if (strings.HasPrefix(r.Of, "login-") || r.Kind == "list" && r.Of == "agent") && q.at[0] > 0 {
		return 1
	}
	return 0
}

// asksHabits says whether a measure looks at what was learned, but for how many calls it was learned from and in how many days, which is at hand always. Of measures
// that are not named here it is taken that they do.
func asksHabits(kind, of string) bool {
	switch kind {
	case "enumeration", "list", "canary":
		return false
	case "threshold":
		return of != "home-new-1h" && of != "home-new-24h" && of != "home-short-24h" && of != "home-lines"
	case "surprise":
		return of != "home-unlike"
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
	v.N, v.Bits, v.Would, v.Family = 0, 0, 0, [belwacht.Families]float32{}
	list, may := s.scoped[view.Scope], s.sieve[view.Scope].may(view)
	j := judging{view: view, maturity: -1}
	for w, set := range may {
		for ; set != 0; set &= set - 1 {
			i := w*64 + bits.TrailingZeros64(set)
			q := &list[i]
			if value, usual := q.eval(view); value >= q.at[0] {
				j.spoke[w] |= set & -set
				j.levels[i] = j.say(q, v, value, usual)
			}
		}
	}
	if v.N == 0 {
		return
	}
	if j.hand {
		for f, k := range &j.strongest {
			if k > 0 {
				v.Family[f] += v.Pieces[k-1].Bits
			}
		}
	}
	if view.Scope == Notable || view.Scope == Running {
		j.together(list, v)
	}
	for f := range v.Family {
		v.Bits += v.Family[f]
	}
	v.Would += v.Bits
}

// judging is what is found out while one view is judged. Rules go by their places in Set.scoped.
type judging struct {
	view      *View
	maturity  float32                 // is worked out for the first rule that asks
	hand      bool                    // a rule spoke whose bits were set by hand
	strongest [belwacht.Families]int8 // index + 1 of the hand-set piece that counts, per family
	spoke     places                  // the rules that did
	levels    [MaxRules]uint8         // how many steps each of them has reached
}

// bounded is what of so many bits the history behind the view bears.
func (j *judging) bounded(bits float32) float32 {
	if j.maturity < 0 {
		j.maturity = j.view.Maturity()
	}
	return min(bits, j.maturity)
}

// say adds what a rule says whose value has reached its first step, and returns how many it has reached.
func (j *judging) say(q *scoped, v *Verdict, value, usual float32) uint8 {
	level := 1
	for value >= q.at[level] {
		level++
	}
	bits := q.bits[level-1]
	if q.bound {
		bits = j.bounded(bits)
	}
	p := &v.Pieces[v.N]
	*p = Piece{Rule: q.rule, Bits: bits, Value: value, Usual: usual}
	v.N++
	switch {
	case q.silent:
		v.Would += bits
	case q.fitted:
		p.Counted = true
		v.Family[q.family] += bits
	default:
		j.hand = true
		if k := j.strongest[q.family]; k == 0 || bits > v.Pieces[k-1].Bits {
			if k > 0 {
				v.Pieces[k-1].Counted = false
			}
			p.Counted, j.strongest[q.family] = true, int8(v.N)
		}
	}
	return uint8(level)
}

// Levels puts how many steps each rule has reached into dst, by the index in Rules: what a fit learns from.
func (s *Set) Levels(view *View, dst []uint8) {
	for i := range s.rules {
		dst[i] = 0
	}
	for i := range s.scoped[view.Scope] {
		q := &s.scoped[view.Scope][i]
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
