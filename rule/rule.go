package rule

import (
	"slices"
	"sort"
	"strings"

	"github.com/belwacht/belwacht"
)

// MaxSteps is how many steps a rule may have.
const MaxSteps = 8

// MostBits and LeastBits bound what one rule can say (DESIGN §4).
const (
	MostBits  = 8
	LeastBits = -2
)

// Step gives Bits from the value At on.
type Step struct {
	At   float32 `yaml:"at"`
	Bits float32 `yaml:"bits"`
}

// Rule is one rule as its file says it.
type Rule struct {
	Name    string          `yaml:"rule"`
	Family  belwacht.Family `yaml:"family"`
	Kind    string          `yaml:"kind"`
	Of      string          `yaml:"of"`
	On      []string        `yaml:"on"`     // scopes; default notable and running
	Mode    string          `yaml:"mode"`   // off, monitor or enforce; default enforce
	Origin  string          `yaml:"origin"` // "hand", or "fitted" and by what
	Steps   []Step          `yaml:"steps"`
	Why     string          `yaml:"why"` // why this is a sign
	English string          `yaml:"en"`  // one clause; {account} {country} {value} {usual} {number}
	Dutch   string          `yaml:"nl"`

	scopes [scopes]bool
	eval   measure
	bound  bool // bits are bounded by the history behind them
	fitted bool
	mode   belwacht.Mode
	off    bool
}

// Fitted says whether the bits were fitted together with others; they add within a family.
func (r *Rule) Fitted() bool { return r.fitted }

// InMonitor says whether the rule only shows what it would have said.
func (r *Rule) InMonitor() bool { return r.mode != belwacht.Enforce }

// Off says whether the rule says nothing at all.
func (r *Rule) Off() bool { return r.off }

// compile checks a rule and makes it ready. The error says what is wrong and what was meant.
func (r *Rule) compile(kinds map[string]map[string]measure) error {
	if r.Name == "" || strings.ToLower(r.Name) != r.Name || strings.ContainsAny(r.Name, " _./") {
		return belwacht.Errorf(belwacht.Config, "rule %q: a name is small letters, digits and dashes, such as new-country", r.Name)
	}
	of, ok := kinds[r.Kind]
	if !ok {
		return belwacht.Errorf(belwacht.Config, "rule %s: there is no kind %q; there are %s", r.Name, r.Kind, words(kinds))
	}
	if r.eval, ok = of[r.Of]; !ok {
		return belwacht.Errorf(belwacht.Config, "rule %s: kind %s cannot look at %q; it can look at %s", r.Name, r.Kind, r.Of, words(of))
	}
	if len(r.Steps) == 0 || len(r.Steps) > MaxSteps {
		return belwacht.Errorf(belwacht.Config, "rule %s: has %d steps; there must be 1 to %d", r.Name, len(r.Steps), MaxSteps)
	}
	for i, s := range r.Steps {
		if s.Bits > MostBits || s.Bits < LeastBits {
			return belwacht.Errorf(belwacht.Config, "rule %s, step %d: %g bits; bits go from %d to %d", r.Name, i+1, s.Bits, LeastBits, MostBits)
		}
		if i > 0 && s.At <= r.Steps[i-1].At {
			return belwacht.Errorf(belwacht.Config, "rule %s, step %d: at %g is not above the step before (%g)", r.Name, i+1, s.At, r.Steps[i-1].At)
		}
	}
	if r.English == "" || r.Dutch == "" {
		return belwacht.Errorf(belwacht.Config, "rule %s: needs a sentence in both languages, en and nl", r.Name)
	}
	on := r.On
	if len(on) == 0 {
		on = []string{"notable", "running"}
	}
	for _, w := range on {
		i := slices.Index(scopeNames[:], w)
		if i < 0 {
			return belwacht.Errorf(belwacht.Config, "rule %s: on %q is unknown; there are %s", r.Name, w, strings.Join(scopeNames[:], ", "))
		}
		r.scopes[i] = true
		if Scope(i) == Any {
			r.scopes[Notable], r.scopes[Home] = true, true
		}
	}
	switch r.Mode {
	case "", "enforce":
		r.mode = belwacht.Enforce
	case "monitor":
		r.mode = belwacht.Monitor
	case "off":
		r.off = true
	default:
		return belwacht.Errorf(belwacht.Config, "rule %s: mode %q is unknown; there are off, monitor and enforce", r.Name, r.Mode)
	}
	r.bound = r.Kind == "novelty" || r.Kind == "surprise"
	r.fitted = strings.HasPrefix(r.Origin, "fitted")
	return nil
}

// level is how many steps the value has reached.
func (r *Rule) level(value float32) int {
	n := 0
	for n < len(r.Steps) && value >= r.Steps[n].At {
		n++
	}
	return n
}

func words[V any](m map[string]V) string {
	var w []string
	for k := range m {
		w = append(w, k)
	}
	sort.Strings(w)
	return strings.Join(w, ", ")
}
