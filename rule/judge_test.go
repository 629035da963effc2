package rule

import (
	"testing"

	"github.com/belwacht/belwacht"
)

// seven is a rule that gives bits from one call within a week on.
func seven(name string, family belwacht.Family, bits float32, change func(*Rule)) Rule {
	r := Rule{Name: name, Family: family, Kind: "threshold", Of: "calls-7d", Steps: []Step{{At: 1, Bits: bits}}, English: "x", Dutch: "x"}
	if change != nil {
		change(&r)
	}
	return r
}

// TestBitsAdd: of hand-set bits the strongest of a family counts, fitted ones add, families add, and a rule in monitor only shows what it would
// have said.
func TestBitsAdd(t *testing.T) {
	fitted := func(r *Rule) { r.Origin = "fitted by a test" }
	monitor := func(r *Rule) { r.Mode = "monitor" }
	off := func(r *Rule) { r.Mode = "off" }
	for name, c := range map[string]struct {
		rules       []Rule
		bits, would float32
		counted     int
	}{
		"one":                  {[]Rule{seven("a", 0, 3, nil)}, 3, 3, 1},
		"strongest of hand":    {[]Rule{seven("a", 0, 3, nil), seven("b", 0, 5, nil), seven("c", 0, 4, nil)}, 5, 5, 1},
		"families":             {[]Rule{seven("a", 0, 3, nil), seven("b", 1, 5, nil)}, 8, 8, 2},
		"fitted add":           {[]Rule{seven("a", 0, 3, fitted), seven("b", 0, 5, fitted)}, 8, 8, 2},
		"fitted and hand":      {[]Rule{seven("a", 0, 3, fitted), seven("b", 0, 5, nil), seven("c", 0, 1, nil)}, 8, 8, 2},
		"monitor":              {[]Rule{seven("a", 0, 3, monitor), seven("b", 1, 1, nil)}, 1, 4, 1},
		"off":                  {[]Rule{seven("a", 0, 3, off), seven("b", 1, 1, nil)}, 1, 1, 1},
		"against":              {[]Rule{seven("a", 0, -2, nil), seven("b", 1, 1, nil)}, -1, -1, 2},
		"hand: one against":    {[]Rule{seven("a", 0, -2, nil), seven("b", 0, 1, nil)}, 1, 1, 1},
		"fitted: one against":  {[]Rule{seven("a", 0, -2, fitted), seven("b", 0, 1, fitted)}, -1, -1, 2},
		"not of this kind":     {[]Rule{seven("a", 0, 3, func(r *Rule) { r.On = []string{"inbound"} })}, 0, 0, 0},
		"of any":               {[]Rule{seven("a", 0, 3, func(r *Rule) { r.On = []string{"any"} })}, 3, 3, 1},
		"steps, none reached":  {[]Rule{seven("a", 0, 3, func(r *Rule) { r.Steps = []Step{{At: 6, Bits: 1}} })}, 0, 0, 0},
		"steps, the last one":  {[]Rule{seven("a", 0, 3, func(r *Rule) { r.Steps = []Step{{1, 1}, {3, 2}, {5, 3}, {6, 4}} })}, 3, 3, 1},
		"steps, one in middle": {[]Rule{seven("a", 0, 3, func(r *Rule) { r.Steps = []Step{{1, 1}, {5.5, 2}} })}, 1, 1, 1},
	} {
		set, err := Compile(c.rules, nil)
		if err != nil {
			t.Fatal(err)
		}
		var v Verdict
		view := View{Scope: Notable}
		view.Values.Novel7d = 5
		for range 2 { // a verdict is reused
			set.Judge(&view, &v)
			counted := 0
			for _, p := range v.Pieces[:v.N] {
				if p.Counted {
					counted++
				}
			}
			if v.Bits != c.bits || v.Would != c.would || counted != c.counted {
				t.Errorf("%s: %g bits, would be %g, %d counted; want %g, %g, %d", name, v.Bits, v.Would, counted, c.bits, c.would, c.counted)
			}
		}
	}
}

// TestHistoryBoundsBits: what rests on an account's history gives no more bits than that history bears.
func TestHistoryBoundsBits(t *testing.T) {
	r := Rule{Name: "new", Kind: "novelty", Of: "country", Steps: []Step{{At: 1, Bits: 8}}, English: "x", Dutch: "x"}
	set, err := Compile([]Rule{r}, nil)
	if err != nil {
		t.Fatal(err)
	}
	last := float32(-1)
	for _, calls := range []float32{0, 1, 3, 15, 63, 1 << 20} {
		view, v := View{Scope: Notable, Novel: true}, Verdict{}
		view.Own.Calls = calls
		set.Judge(&view, &v)
		if v.Bits <= last || v.Bits > MostBits {
			t.Errorf("after %g calls %g bits, after fewer %g", calls, v.Bits, last)
		}
		last = v.Bits
		if calls == 0 && v.Bits != 0 {
			t.Errorf("no history, and %g bits", v.Bits)
		}
	}
}

// TestTheSetHasAName that changes with a weight or a mode and with nothing else.
func TestTheSetHasAName(t *testing.T) {
	name := func(overrides map[string]string, rules ...Rule) string {
		set, err := Compile(rules, overrides)
		if err != nil {
			t.Fatal(err)
		}
		return set.Hash()
	}
	a, b := seven("a", 0, 3, nil), seven("b", 0, 3, nil)
	base := name(nil, a, b)
	if name(nil, b, a) != base {
		t.Error("the order of files changes the name")
	}
	if name(nil, a, seven("b", 0, 2, nil)) == base || name(map[string]string{"a": "monitor"}, a, b) == base {
		t.Error("other weights or modes have the same name")
	}
}
