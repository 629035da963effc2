package detect

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
)

// otherwise is the same history until a moment, and another one after it: calls that ran end at other times and in other ways, calls that rang
// are answered or not, and what would have begun is dropped, dialled otherwise or joined by more.
func otherwise(calls []simulate.Call, until belwacht.Instant, rng *rand.Rand) []simulate.Call {
	var list []simulate.Call
	for i := range calls {
		c := calls[i]
		if c.Start >= until {
			if rng.IntN(3) == 0 {
				continue
			}
			if rng.IntN(4) == 0 && c.Direction == belwacht.Out {
				c.Dialled = "0025261555" + string(rune('0'+rng.IntN(10))) + "123"
			}
		}
		if c.End >= until {
			later := func() belwacht.Instant {
				return max(until, c.Start) + belwacht.Instant(1+rng.IntN(4000))*belwacht.Second
			}
			switch {
			case c.Answer != 0 && c.Answer < until: // it ran: it ends otherwise
				c.End = later()
				c.Talk = c.End.Seconds(c.Answer)
			case rng.IntN(2) == 0: // it rang, or had not begun
				c.Answer, c.Talk, c.Disposition = 0, 0, []belwacht.Disposition{belwacht.Busy, belwacht.Failed, belwacht.NoAnswer}[rng.IntN(3)]
				c.End = later()
			default:
				c.Answer = later()
				c.End = c.Answer + belwacht.Instant(1+rng.IntN(9000))*belwacht.Second
				c.Talk, c.Disposition = c.End.Seconds(c.Answer), belwacht.Answered
			}
			c.Taker = ""
		}
		list = append(list, c)
	}
	return list
}

// before are the decisions of a file with a time before a moment.
func before(list []belwacht.Decision, until belwacht.Instant) []belwacht.Decision {
	for i := range list {
		if list[i].Time >= until {
			return list[:i]
		}
	}
	return list
}

// TestNothingOfTheFuture cuts a history at many moments and has it go on otherwise: every decision before, refusals and ends, is unchanged, byte
// for byte.
func TestNothingOfTheFuture(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	modes, cuts := []belwacht.Mode{belwacht.Enforce, belwacht.Monitor}, 4
	for _, mode := range modes {
		calls := history(t, small(21))
		tenant := dutch(t, mode, limited(calls))
		whole := played(t, engine(t, tenant), calls, nil)
		ends := 0
		for i := range whole {
			if i > 0 && whole[i].Time < whole[i-1].Time {
				t.Fatalf("decision %d is earlier than the one before it", i)
			}
			if whole[i].Word == belwacht.EndNow {
				ends++
			}
		}
		if ends < 5 {
			t.Errorf("only %d calls were ended", ends)
		}
		rng := rand.New(rand.NewPCG(7, uint64(mode)))
		for range cuts {
			until := whole[rng.IntN(len(whole))].Time + belwacht.Instant(rng.IntN(3)-1)*belwacht.Second
			other := played(t, engine(t, tenant), otherwise(calls, until, rng), nil)
			want, got := lines(t, before(whole, until)), lines(t, before(other, until))
			if !bytes.Equal(want, got) {
				t.Errorf("mode %v, cut at %s: %s", mode, until, firstDifference(want, got))
			}
			if len(before(whole, until)) > 100 && bytes.Equal(lines(t, other), lines(t, whole)) {
				t.Errorf("cut at %s: nothing was altered", until)
			}
		}
	}
}

// TestTheSameTwice: equal calls make equal files, byte for byte, also where they are gathered before they are played, some of them late.
func TestTheSameTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	calls := history(t, small(5))
	for i := range calls {
		calls[i].Late = i%997 == 0
	}
	tenant := dutch(t, belwacht.Enforce, limited(calls))
	a, b := lines(t, played(t, engine(t, tenant), calls, nil)), lines(t, playedBy(t, engine(t, tenant), ReplayConfig{Gather: true}, calls, nil))
	if !bytes.Equal(a, b) {
		t.Error(firstDifference(a, b))
	}
	if len(a) < 10_000 {
		t.Errorf("only %d bytes of decisions", len(a))
	}
}

// TestLearnAndMonitor enforce nothing but the brake, and learn says at most watch.
func TestLearnAndMonitor(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	for seed := range uint64(1) {
		calls := history(t, small(60+seed))
		for _, mode := range []belwacht.Mode{belwacht.Learn, belwacht.Monitor} {
			for _, off := range []bool{false, true} {
				tenant := dutch(t, mode, func(t *Tenant) { limited(calls)(t); t.Policy.BrakeOff = off })
				e := engine(t, tenant)
				braked := 0
				for _, d := range played(t, e, calls, nil) {
					if d.Cause == "brake.night" {
						braked++
						if !d.Enforced || off {
							t.Errorf("%v, brake off %v: %s, enforced %v", mode, off, d.Reason, d.Enforced)
						}
						continue
					}
					if d.Enforced || mode == belwacht.Learn && d.Word > belwacht.Watch {
						t.Errorf("%v: %s %s, enforced %v", mode, d.Word, d.Cause, d.Enforced)
					}
				}
				if mode == belwacht.Learn {
					for _, a := range e.Alerts() {
						if a.Cause != "brake.night" {
							t.Errorf("an alert while we learn: %+v", a)
						}
					}
				}
				t.Logf("%v, off %v: %d by the brake", mode, off, braked)
			}
		}
	}
}
