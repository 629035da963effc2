package detect

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/login"
	"github.com/belwacht/belwacht/simulate"
)

// onceEach finds a call that has two decisions as it begins, or two ends.
func onceEach(t *testing.T, list []belwacht.Decision) {
	t.Helper()
	type line struct {
		id  string
		end bool
	}
	seen := map[line]string{}
	for i := range list {
		k := line{list[i].ID, list[i].Word == belwacht.EndNow}
		if before, twice := seen[k]; twice {
			t.Errorf("call %s is judged twice: %s, then %s", k.id, before, list[i].Cause)
		}
		seen[k] = list[i].Cause
	}
}

// congested plays calls that find no channel, one every ten seconds, and returns what is decided of each as it begins.
func congested(t *testing.T, limit *belwacht.Limit) (begun [60][]belwacht.Decision) {
	t.Helper()
	e := engine(t, dutch(t, belwacht.Enforce, func(t *Tenant) { t.Limits.Organisation = limit }))
	var all []belwacht.Decision
	for i := range begun {
		at := monday + 10*belwacht.Hour + belwacht.Instant(i)*10*belwacht.Second
		call := fmt.Sprint("c", i)
		number := fmt.Sprintf("020%07d", 1000000+i)
		if i%4 == 3 {
			number = fmt.Sprintf("00252612%06d", i) // watched
		}
		begun[i] = handle(t, e, try(call, fmt.Sprint(201+i%12), number, at))
		ended := handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at + 2*belwacht.Second, Call: call, Disposition: belwacht.Congestion})
		if len(ended) > 0 {
			t.Errorf("decided at the end of call %s: %s", call, ended[0].Cause)
		}
		all = append(append(all, begun[i]...), ended...)
	}
	onceEach(t, all)
	return begun
}

// toldWith is the first call that begins with a decision of a cause, -1 where none does.
func toldWith(t *testing.T, begun *[60][]belwacht.Decision, cause string) int {
	t.Helper()
	for i, list := range begun {
		for _, d := range list {
			if d.Cause == cause {
				if d.ID != fmt.Sprint("c", i) {
					t.Errorf("%s is told of call %s with c%d", cause, d.ID, i)
				}
				return i
			}
		}
	}
	return -1
}

// TestLostCallsAreToldWithTheNext: that calls find no channel is known as they end, and told with the next one that begins, watched or not. Each call
// begins with one decision, and where that is a limit's, which is told once, the lost calls wait for another.
func TestLostCallsAreToldWithTheNext(t *testing.T) {
	begun := congested(t, nil)
	first := toldWith(t, &begun, "rule.no-channel")
	if first < 0 || begun[first][0].Word != belwacht.Warn {
		t.Fatalf("nobody is told that no call finds a channel: %d", first)
	}
	begun = congested(t, &belwacht.Limit{CallsPerDay: 2 * (first + 1)})
	if near, lost := toldWith(t, &begun, "limit.near"), toldWith(t, &begun, "rule.no-channel"); near != first || lost <= first {
		t.Errorf("half of the limit is told with call %d, want %d, and no channel with %d, want later", near, first, lost)
	}
}

// TestOneDecisionACall replays organisations with all that may happen to them.
func TestOneDecisionACall(t *testing.T) {
	for seed, kind := range []string{"callcentre", "hotel", "office"} {
		e := engine(t, dutch(t, belwacht.Enforce, nil))
		e.trace = true
		calls := history(t, simulate.Config{Seed: 40 + uint64(seed), Kind: kind, Extensions: 25, Weeks: 6, LearnWeeks: 2, Oddities: []string{"provider outage", "storm day", "prefix trouble abroad", "satellite phone"}})
		onceEach(t, played(t, e, calls, nil))
	}
}

// TestEachDecisionIsOfACall: what a replay decides is of a call of the records, that somebody guesses PINs at the voicemail too, which is noticed by calls
// inside the house. Where such a call has its decision the sign is not a second one.
func TestEachDecisionIsOfACall(t *testing.T) {
	e := engine(t, dutch(t, belwacht.Enforce, nil))
	var calls []simulate.Call
	for i := range 90 {
		start := monday + 10*belwacht.Hour + belwacht.Instant(i)*15*belwacht.Second
		c := simulate.Call{Call: belwacht.Call{ID: fmt.Sprint("c", i), Account: fmt.Sprint(201 + i%30), Dialled: fmt.Sprint("*98", 201+i*7%30), Direction: belwacht.Internally,
			Start: start, Answer: start, End: start + 8*belwacht.Second, Talk: 8, Disposition: belwacht.Answered}}
		if i%2 == 1 {
			c.Direction, c.Caller, c.Trunk = belwacht.In, fmt.Sprintf("020%07d", i), "provider"
		}
		calls = append(calls, c)
	}
	list := played(t, e, calls, nil)
	onceEach(t, list)
	causes := map[string]int{}
	for i := range list {
		var n int
		if _, err := fmt.Sscanf(list[i].ID, "c%d", &n); err != nil || n < 0 || n >= len(calls) {
			t.Errorf("%s is decided of %q, which is no call", list[i].Cause, list[i].ID)
		}
		causes[list[i].Cause]++
	}
	if causes[login.Voicemail] == 0 {
		t.Errorf("nobody is told of the voicemail: %v", causes)
	}
}
