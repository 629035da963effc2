package rule

import (
	"slices"
	"strconv"
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
	Name     string          `yaml:"rule"`
	Family   belwacht.Family `yaml:"family"`
	Kind     string          `yaml:"kind"`
	Of       string          `yaml:"of"`
	On       []string        `yaml:"on"`     // scopes; default notable and running
	Mode     string          `yaml:"mode"`   // off, monitor or enforce; default enforce
	Origin   string          `yaml:"origin"` // "hand", or "fitted" and by what
	Steps    []Step          `yaml:"steps"`
	Together []Pair          `yaml:"together"` // what it says with another rule
	Why      string          `yaml:"why"`      // why this is a sign
	English  string          `yaml:"en"`       // one clause; {account} {country} {value} {usual} {number}
	Dutch    string          `yaml:"nl"`

	cause  string
	scopes [scopes]bool
	eval   measure
	bound  bool // bits are bounded by the history behind them
	fitted bool
	mode   belwacht.Mode
	off    bool
}

// Fitted says whether the bits were fitted together with others; they add within a family.
func (r *Rule) Fitted() bool { return r.fitted }

// Cause is the cause of a decision that the rule counted most for: "rule.new-country".
func (r *Rule) Cause() string { return r.cause }

// InMonitor says whether the rule only shows what it would have said.
func (r *Rule) InMonitor() bool { return r.mode != belwacht.Enforce }

// Off says whether the rule says nothing at all.
func (r *Rule) Off() bool { return r.off }

// compile checks a rule and makes it ready. The error says what is wrong and what was meant, and is a [misfit], which knows the key.
func (r *Rule) compile(kinds map[string]map[string]measure) error {
	if err := r.checkName(); err != nil {
		return err
	}
	of, ok := kinds[r.Kind]
	if !ok {
		return r.misfit("kind", "there is no kind %s%s", show(r.Kind), meant(r.Kind, keys(kinds)))
	}
	if r.eval, ok = of[r.Of]; !ok {
		for _, k := range keys(kinds) {
			if _, other := kinds[k][r.Of]; other {
				return r.misfit("of", "kind %s cannot look at %s, kind %s can; %s can look at %s", r.Kind, r.Of, k, r.Kind, strings.Join(keys(of), ", "))
			}
		}
		return r.misfit("of", "kind %s cannot look at %s%s", r.Kind, show(r.Of), meant(r.Of, keys(of)))
	}
	if err := r.checkSteps(); err != nil {
		return err
	}
	if err := r.checkPairs(); err != nil {
		return err
	}
	if err := r.checkSentences(); err != nil {
		return err
	}
	if err := r.setScopes(); err != nil {
		return err
	}
	switch r.Mode {
	case "", "enforce":
		r.mode, r.off = belwacht.Enforce, false
	case "monitor":
		r.mode, r.off = belwacht.Monitor, false
	case "off":
		r.off = true
	default:
		return r.misfit("mode", "there is no mode %s%s", show(r.Mode), meant(r.Mode, []string{"off", "monitor", "enforce"}))
	}
	r.bound = r.Kind == "novelty" || r.Kind == "surprise"
	r.fitted = strings.HasPrefix(r.Origin, "fitted")
	r.cause = "rule." + r.Name
	return nil
}

// maxName is the length of the longest name.
const maxName = 40

func (r *Rule) checkName() error {
	fine := r.Name != "" && len(r.Name) <= maxName && r.Name[0] != '-'
	for i := 0; fine && i < len(r.Name); i++ {
		c := r.Name[i]
		fine = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'
	}
	if !fine {
		return r.misfit("rule", "the rule's name is %s; a name is at most %d small letters, digits and dashes, such as new-country", show(r.Name), maxName)
	}
	return nil
}

func (r *Rule) checkSteps() error {
	if len(r.Steps) == 0 || len(r.Steps) > MaxSteps {
		return r.misfit("steps", "there are %d steps; there must be 1 to %d, such as {at: 2, bits: 1.5}", len(r.Steps), MaxSteps)
	}
	for i, s := range r.Steps {
		place := "steps[" + strconv.Itoa(i) + "]"
		if !(s.Bits <= MostBits && s.Bits >= LeastBits) {
			return r.misfit(place, "step %d gives %g bits; bits go from %d to %d, and each doubles how much more likely fraud becomes", i+1, s.Bits, LeastBits, MostBits)
		}
		if i > 0 && !(s.At > r.Steps[i-1].At) {
			return r.misfit(place, "step %d begins at %g, which is not above the step before (%g); put the steps in rising order", i+1, s.At, r.Steps[i-1].At)
		}
	}
	return nil
}

// checkSentences wants both languages, and no placeholder that nothing fills.
func (r *Rule) checkSentences() error {
	for _, s := range [...]struct{ key, text string }{{"en", r.English}, {"nl", r.Dutch}} {
		if s.text == "" {
			return r.misfit(s.key, "the sentence %s is missing; a rule says why in English (en) and in Dutch (nl)", s.key)
		}
		for rest := s.text; ; {
			_, after, opened := strings.Cut(rest, "{")
			if !opened {
				break
			}
			word, tail, closed := strings.Cut(after, "}")
			names := placeholders()
			if !closed || !slices.Contains(names, word) {
				return r.misfit(s.key, "nothing fills {%s} in the sentence%s", clip(word), meant(word, names))
			}
			rest = tail
		}
	}
	return nil
}

// placeholders are what a sentence may have filled in.
func placeholders() []string {
	return []string{"account", "calls", "country", "number", "others", "price", "target", "usual", "value"}
}

func (r *Rule) setScopes() error {
	on := r.On
	if len(on) == 0 {
		on = []string{"notable", "running"}
	}
	r.scopes = [scopes]bool{}
	for n, w := range on {
		i := slices.Index(scopeNames[:], w)
		if i < 0 {
			return r.misfit("on["+strconv.Itoa(n)+"]", "a rule cannot look at calls called %s%s", show(w), meant(w, scopeNames[:]))
		}
		r.scopes[i] = true
		if Scope(i) == Any {
			r.scopes[Notable], r.scopes[Home] = true, true
		}
	}
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
