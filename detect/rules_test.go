package detect

import (
	"bytes"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
)

// TestOwnRules: each organisation is judged by its own rules, and a memory that is taken up changes nothing of that.
func TestOwnRules(t *testing.T) {
	set := func(bits float32) *rule.Set {
		s, err := rule.Compile([]rule.Rule{{Name: "pace", Kind: "threshold", Of: "calls-7d", Steps: []rule.Step{{At: 0, Bits: bits}}, English: "much", Dutch: "veel"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	strict, mild := set(8), set(0.1)
	tenant := func(name string, rules *rule.Set) Tenant {
		return dutch(t, belwacht.Enforce, func(o *Tenant) { o.Name, o.Rules, o.Policy.BrakeOff = name, rules, true })
	}
	e, err := New(Config{Rules: mild, Tenants: []Tenant{tenant("strict", strict), tenant("usual", nil)}})
	if err != nil {
		t.Fatal(err)
	}
	judged := func(e *Engine, call string) (p [2]float64) {
		t.Helper()
		for i, name := range []string{"strict", "usual"} {
			var out Out
			ev := belwacht.Event{Kind: belwacht.EventAttempt, Time: monday, Tenant: name, Call: call, Direction: belwacht.Out, Account: "212", Dialled: "00252611234567"}
			if err := e.Handle(&ev, &out); err != nil {
				t.Fatal(err)
			}
			p[i] = out.Probability
		}
		return p
	}
	first := judged(e, "1")
	if first[0] <= first[1] {
		t.Errorf("the strict rules see %v, the usual ones %v", first[0], first[1])
	}
	var memory bytes.Buffer
	if err := e.Snapshot(&memory); err != nil {
		t.Fatal(err)
	}
	again, err := New(Config{Tenants: []Tenant{tenant("usual", mild)}}) // the other is named no more
	if err == nil {
		err = again.Restore(&memory)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out Out
	ev := belwacht.Event{Kind: belwacht.EventAttempt, Time: monday, Tenant: "usual", Call: "2", Direction: belwacht.Out, Account: "213", Dialled: "00252611234567"}
	if err := again.Handle(&ev, &out); err != nil || out.Probability > first[0] {
		t.Errorf("%v %v", out.Probability, err)
	}
	if _, err := New(Config{Tenants: []Tenant{tenant("none", nil)}}); belwacht.CodeOf(err) != belwacht.Config {
		t.Errorf("without rules: %v", err)
	}
}
