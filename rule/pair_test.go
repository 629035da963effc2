package rule

import (
	"strings"
	"testing"
)

// TestTogether: a pair counts where both rules have reached their steps, is shown without counting where one of them is in monitor, is silent where one
// is off or nothing deserves a look, and says no more than the history behind it bears.
func TestTogether(t *testing.T) {
	with := func(p ...Pair) func(*Rule) {
		return func(r *Rule) { r.Origin, r.Together = "fitted by a test", p }
	}
	fitted := func(r *Rule) { r.Origin = "fitted by a test" }
	steps := func(r *Rule) {
		fitted(r)
		r.Steps = []Step{{1, 1}, {3, 2}, {9, 3}}
	}
	surprise := func(r *Rule) {
		fitted(r)
		r.Kind, r.Of = "surprise", "young"
	}
	for name, c := range map[string]struct {
		rules       []Rule
		mode        string // of b
		scope       Scope
		bits, would float32
		pieces      int
	}{
		"both":            {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 1, 2})), seven("b", 1, 1, fitted)}, bits: 6, would: 6, pieces: 3},
		"while it runs":   {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 1, 2})), seven("b", 1, 1, fitted)}, scope: Running, bits: 6, would: 6, pieces: 3},
		"less":            {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 1, -1})), seven("b", 1, 1, fitted)}, bits: 3, would: 3, pieces: 3},
		"from a step":     {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 3, 2})), seven("b", 1, 1, steps)}, bits: 7, would: 7, pieces: 3},
		"step not there":  {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 9, 2})), seven("b", 1, 1, steps)}, bits: 5, would: 5, pieces: 2},
		"two pairs":       {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 1, 2}, Pair{1, "b", 3, .5})), seven("b", 1, 1, steps)}, bits: 7.5, would: 7.5, pieces: 4},
		"monitor":         {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 1, 2})), seven("b", 1, 1, fitted)}, mode: "monitor", bits: 3, would: 6, pieces: 3},
		"off":             {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 1, 2})), seven("b", 1, 1, fitted)}, mode: "off", bits: 3, would: 3, pieces: 1},
		"no history":      {rules: []Rule{seven("a", 0, 3, with(Pair{1, "b", 1, 2})), seven("b", 1, 1, surprise)}, bits: 3, would: 3, pieces: 3},
		"not one to look": {rules: []Rule{seven("a", 0, 3, func(r *Rule) { with(Pair{1, "b", 1, 2})(r); r.On = []string{"any"} }), seven("b", 1, 1, func(r *Rule) { r.On = []string{"any"} })}, scope: Home, bits: 4, would: 4, pieces: 2},
	} {
		overrides := map[string]string{}
		if c.mode != "" {
			overrides["b"] = c.mode
		}
		set, err := Compile(c.rules, overrides)
		if err != nil {
			t.Fatal(err)
		}
		var v Verdict
		view := View{Scope: c.scope, NewAccount: true}
		view.Values.Novel7d = 5
		for range 2 { // a verdict is reused
			set.Judge(&view, &v)
			if v.Bits != c.bits || v.Would != c.would || v.N != c.pieces {
				t.Errorf("%s: %g bits, %g would, %d pieces; want %g, %g, %d", name, v.Bits, v.Would, v.N, c.bits, c.would, c.pieces)
			}
		}
	}
}

// TestTogetherWithWhom: a pair with a rule or a step that is not there is an error that says what there is.
func TestTogetherWithWhom(t *testing.T) {
	for want, p := range map[string]Pair{
		`there is no rule "bb"; did you mean b?`:        {1, "bb", 1, 1},
		`b has no step that begins at 2; there are 1`:   {1, "b", 2, 1},
		`begins at 7, where none of the rule's steps d`: {7, "b", 1, 1},
	} {
		_, err := Compile([]Rule{seven("a", 0, 3, func(r *Rule) { r.Together = []Pair{p} }), seven("b", 1, 1, nil)}, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestSetNamesPairs: two sets that differ in a pair alone have two names.
func TestSetNamesPairs(t *testing.T) {
	hash := func(p ...Pair) string {
		set, err := Compile([]Rule{seven("a", 0, 3, func(r *Rule) { r.Together = p }), seven("b", 1, 1, nil)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return set.Hash()
	}
	if hash() == hash(Pair{1, "b", 1, 1}) {
		t.Error("the same name with a pair and without")
	}
}
