package detect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
	"github.com/belwacht/belwacht/simulate"
)

// dutchSite is made once: its tables are large and never change.
var dutchSite = sync.OnceValues(func() (*number.Site, error) { return number.New(number.Config{Country: "NL"}) })

// dutch is a Dutch office with all built-in rules, changed as a test wants it.
func dutch(t testing.TB, mode belwacht.Mode, change func(*Tenant)) Tenant {
	t.Helper()
	site, err := dutchSite()
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.New(calendar.Config{Timezone: "Europe/Amsterdam", Country: "NL", OfficeHours: "mon-fri 08:00-18:00"})
	if err != nil {
		t.Fatal(err)
	}
	tenant := Tenant{Mode: mode, Numbers: site, Calendar: cal, Policy: DefaultPolicy()}
	if change != nil {
		change(&tenant)
	}
	return tenant
}

func engine(t testing.TB, tenants ...Tenant) *Engine {
	t.Helper()
	rules, err := builtin.Rules()
	if err != nil {
		t.Fatal(err)
	}
	set, err := rule.Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Rules: set, Tenants: tenants})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// silent is an engine without rules that fire, so that only limits, brake and feedback speak.
func silent(t testing.TB, tenants ...Tenant) *Engine {
	t.Helper()
	for i := range tenants {
		tenants[i].Policy.PriorAbroad, tenants[i].Policy.PriorHome = 1e-12, 1e-12
	}
	set, err := rule.Compile([]rule.Rule{{Name: "never", Kind: "threshold", Of: "calls-7d", Steps: []rule.Step{{At: 1e9, Bits: 1}}, English: "never", Dutch: "nooit"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Rules: set, Tenants: tenants})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// history makes up an organisation's calls, in order of start.
func history(t testing.TB, c simulate.Config) []simulate.Call {
	t.Helper()
	o, err := simulate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	var list []simulate.Call
	o.Calls(func(c *simulate.Call) bool {
		list = append(list, *c)
		return true
	})
	return list
}

// small is an organisation with attacks from the second week on.
func small(seed uint64) simulate.Config {
	return simulate.Config{Seed: seed, Extensions: 25, Weeks: 4, LearnWeeks: 2, AttackCount: 8}
}

// played is what a replay decided, in order.
func played(t testing.TB, e *Engine, calls []simulate.Call, each func(*Replay, int)) []belwacht.Decision {
	t.Helper()
	return playedBy(t, e, ReplayConfig{}, calls, each)
}

// playedBy is played by a Replay of other settings.
func playedBy(t testing.TB, e *Engine, c ReplayConfig, calls []simulate.Call, each func(*Replay, int)) []belwacht.Decision {
	t.Helper()
	var list []belwacht.Decision
	c.Decision = func(d *belwacht.Decision) error {
		d.Tell()
		list = append(list, *d)
		return nil
	}
	r := NewReplay(e, c)
	for i := range calls {
		if each != nil {
			each(r, i)
		}
		if err := r.Add(&calls[i].Call); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	return list
}

// lines are decisions as a file has them.
func lines(t testing.TB, list []belwacht.Decision) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for i := range list {
		if err := enc.Encode(&list[i]); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// firstDifference shows where two files part.
func firstDifference(a, b []byte) string {
	x, y := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range x {
		if i >= len(y) || !bytes.Equal(x[i], y[i]) {
			other := []byte("nothing")
			if i < len(y) {
				other = y[i]
			}
			return fmt.Sprintf("line %d of %d and %d:\n%s\n%s", i+1, len(x), len(y), x[i], other)
		}
	}
	return fmt.Sprintf("%d more lines", len(y)-len(x))
}
