package detect

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
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

// TestLostCallsAreToldWithTheNext: that calls find no channel is known as they end, and told with the next one that begins, watched or not; each call
// begins with one decision.
func TestLostCallsAreToldWithTheNext(t *testing.T) {
	e := engine(t, dutch(t, belwacht.Enforce, nil))
	var all []belwacht.Decision
	told := 0
	for i := range 60 {
		at := monday + 10*belwacht.Hour + belwacht.Instant(i)*10*belwacht.Second
		call := fmt.Sprint("c", i)
		number := fmt.Sprintf("020%07d", 1000000+i)
		if i%4 == 3 {
			number = fmt.Sprintf("00252612%06d", i) // watched
		}
		begun := handle(t, e, try(call, fmt.Sprint(201+i%12), number, at))
		for _, d := range begun {
			if d.Cause == "rule.no-channel" {
				told++
				if d.ID != call || d.Word != belwacht.Warn {
					t.Errorf("told with call %s as %s, want %s", d.ID, d.Word, call)
				}
			}
		}
		ended := handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at + 2*belwacht.Second, Call: call, Disposition: belwacht.Congestion})
		if len(ended) > 0 {
			t.Errorf("decided at the end of call %s: %s", call, ended[0].Cause)
		}
		all = append(append(all, begun...), ended...)
	}
	if told == 0 {
		t.Error("nobody is told that no call finds a channel")
	}
	onceEach(t, all)
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
