package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"os"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

func TestCallsAreInOrderAndWhole(t *testing.T) {
	for _, k := range invent.Kinds() {
		o, err := New(Config{Seed: 9, Kind: k.Name, Extensions: 40, Weeks: 4})
		if err != nil {
			t.Fatal(err)
		}
		last, ids := belwacht.Instant(0), map[string]bool{}
		o.Calls(func(c *Call) bool {
			if c.Start < last {
				t.Fatalf("%s: call %s starts before the one before it", k.Name, c.ID)
			}
			last = c.Start
			if ids[c.ID] {
				t.Fatalf("%s: two calls have the id %s", k.Name, c.ID)
			}
			ids[c.ID] = true
			if c.Account == "" || c.Dialled == "" || c.Caller == "" || c.End < c.Start || c.Answer != 0 && c.Talk != c.End.Seconds(c.Answer) {
				t.Fatalf("%s: %+v is no whole call", k.Name, c)
			}
			if c.Attack >= 0 && o.Attacks()[c.Attack].Scored && c.Start < belwacht.InstantOf(o.LearnUntil()) {
				t.Fatalf("%s: an attack that counts calls in the learning weeks: %+v", k.Name, c)
			}
			return true
		})
	}
}

// TestTheLastDayIsLikeOthers: what an oddity would do after the end of the history is not done on its last day instead, a Sunday.
func TestTheLastDayIsLikeOthers(t *testing.T) {
	for seed := range uint64(12) {
		o, err := New(Config{Seed: seed, Kind: "office", Extensions: 25, Weeks: 4, LearnWeeks: 2, Oddities: []string{"recruiting team", "sales campaign abroad", "traveller", "new customer abroad"}})
		if err != nil {
			t.Fatal(err)
		}
		last, n := belwacht.InstantOf(o.End())-belwacht.Day, 0
		o.Calls(func(c *Call) bool {
			if c.Start >= last && c.Oddity != "" {
				n++
			}
			return true
		})
		if n > 0 {
			t.Errorf("seed %d: %d calls of oddities that keep to working days on the last day, a Sunday", seed, n)
		}
	}
}

func BenchmarkCalls(b *testing.B) {
	o, err := New(Config{Seed: 1, Extensions: 400, Weeks: 60})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for n < b.N {
		o.Calls(func(c *Call) bool { n++; return n < b.N })
	}
}

// TestDocumentHasAllKinds: docs/simulation.md names every kind with what the code says of it.
func TestDocumentHasAllKinds(t *testing.T) {
	text, err := os.ReadFile("../docs/simulation.md")
	if err != nil {
		t.Fatal(err)
	}
	names := append(AttackKinds(), OddityKinds()...)
	for k := range Kinds() {
		names = append(names, k)
	}
	for _, name := range names {
		if row := "| " + name + " | " + Does(name) + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/simulation.md lacks the row %s", row)
		}
	}
	for _, c := range Countries() {
		if !strings.Contains(string(text), " "+c) {
			t.Errorf("docs/simulation.md does not name the country %s", c)
		}
	}
}
