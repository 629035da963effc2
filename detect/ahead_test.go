package detect

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
)

// eventsOf are the events of calls, as two organisations have them, in the order of time.
func eventsOf(t *testing.T, most int) []belwacht.Event {
	t.Helper()
	calls := history(t, small(5))
	var list []belwacht.Event
	var three [3]belwacht.Event
	for i := range calls[:min(len(calls), most)] {
		for _, tenant := range [...]string{"a", "b"} {
			c := calls[i].Call
			c.Tenant = tenant
			list = append(list, three[:c.Events(&three)]...)
		}
	}
	slices.SortStableFunc(list, func(a, b belwacht.Event) int { return cmp.Compare(a.Time, b.Time) })
	return list
}

// two is an engine of the two organisations.
func two(t *testing.T) *Engine {
	t.Helper()
	a, b := dutch(t, belwacht.Enforce, nil), dutch(t, belwacht.Monitor, nil)
	a.Name, b.Name = "a", "b"
	return engine(t, a, b)
}

// judged is all that an engine says of events, and its memory afterwards. before is called before each.
func judged(t *testing.T, e *Engine, events []belwacht.Event, before func(i int)) (list []belwacht.Decision, outs []Out, memory []byte) {
	t.Helper()
	var out Out
	for i := range events {
		if before != nil {
			before(i)
		}
		out.Reset()
		if err := e.Handle(&events[i], &out); err != nil {
			t.Fatal(err)
		}
		for k := range out.Decisions {
			out.Decisions[k].Tell()
			list = append(list, out.Decisions[k])
		}
		outs = append(outs, Out{Probability: out.Probability, Number: out.Number, Notable: out.Notable, MaxSeconds: out.MaxSeconds})
	}
	var b bytes.Buffer
	if err := e.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return list, outs, b.Bytes()
}

// TestAheadChangesNothing tells an engine beforehand of the events that come, in groups of any size, truly and falsely: it decides and remembers to the byte
// what one does that was told nothing.
func TestAheadChangesNothing(t *testing.T) {
	most := 4000
	if testing.Short() {
		most = 500
	}
	events := eventsOf(t, most)
	want, said, memory := judged(t, two(t), events, nil)
	if n := len(want); !testing.Short() && n < 20 {
		t.Fatalf("only %d decisions", n)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	foreseen, next := 0, 0
	e := two(t)
	tell := func(i int) {
		if i < next {
			return
		}
		next = i + 1 + rng.IntN(130)
		group := make([]*belwacht.Event, 0, 200)
		for k := range events[i:min(next, len(events))] {
			group = append(group, &events[i+k])
		}
		switch rng.IntN(4) {
		case 0: // others than come
			lie := events[rng.IntN(len(events))]
			lie.Call, lie.Dialled = "never", "0900123456"
			nobody := lie
			nobody.Tenant = "nobody"
			group = slices.Insert(group, len(group)/2, &lie, &nobody)
		case 1: // in another order
			rng.Shuffle(len(group), func(a, b int) { group[a], group[b] = group[b], group[a] })
		}
		foreseen += len(group)
		e.Ahead(group)
	}
	got, heard, kept := judged(t, e, events, tell)
	if a, b := lines(t, want), lines(t, got); !bytes.Equal(a, b) {
		t.Error(firstDifference(a, b))
	}
	for i := range said {
		if !same(&said[i], &heard[i]) {
			t.Fatalf("event %d: %+v, and foreseen %+v", i, said[i], heard[i])
		}
	}
	if !bytes.Equal(memory, kept) {
		t.Error("the memories differ")
	}
	if foreseen < len(events) {
		t.Errorf("%d of %d events were foreseen", foreseen, len(events))
	}
}

// same compares what was said beside decisions.
func same(a, b *Out) bool {
	return a.Probability == b.Probability && a.Number == b.Number && a.Notable == b.Notable && a.MaxSeconds == b.MaxSeconds
}

// TestAheadAllocatesNothing once it has made its room.
func TestAheadAllocatesNothing(t *testing.T) {
	e := two(t)
	events := eventsOf(t, 400)
	judged(t, e, events, nil)
	group := make([]*belwacht.Event, 0, 100)
	for i := range 100 {
		group = append(group, &events[i])
	}
	e.Ahead(group)
	if n := testing.AllocsPerRun(20, func() { e.Ahead(group) }); n != 0 {
		t.Errorf("looking ahead allocates %g times", n)
	}
}

// TestAheadBesideOthers: two goroutines that each tell what comes do not wait for each other for ever, and the race detector finds nothing.
func TestAheadBesideOthers(t *testing.T) {
	e, events := two(t), eventsOf(t, 200)
	var wait sync.WaitGroup
	for _, turned := range [...]bool{false, true} {
		wait.Go(func() {
			var out Out
			own := slices.Clone(events)
			if turned { // so that one begins with the organisation with which the other ends
				slices.SortStableFunc(own, func(a, b belwacht.Event) int {
					return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(b.Tenant, a.Tenant))
				})
			}
			for len(own) > 0 {
				n := min(len(own), 30)
				group := make([]*belwacht.Event, n)
				for i := range n {
					group[i] = &own[i]
				}
				e.Ahead(group)
				for i := range n {
					out.Reset()
					if err := e.Handle(&own[i], &out); err != nil {
						t.Error(err)
					}
				}
				own = own[n:]
			}
		})
	}
	wait.Wait()
}
