package count

import (
	"math/rand/v2"
	"testing"

	"github.com/belwacht/belwacht"
)

// A window never forgets too early and errs by at most one bucket: checked against a list of all that was added.
func TestWindowAgainstList(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, span := range []belwacht.Instant{belwacht.Minute, belwacht.Hour, belwacht.Day, 30 * belwacht.Day} {
		w := NewWindow(span)
		var at []belwacht.Instant
		now := 1000 * belwacht.Day
		for range 5000 {
			now += belwacht.Instant(rng.Int64N(int64(span) / 20))
			w.Add(now, 1)
			at = append(at, now)
			var exact, wide int64
			for _, a := range at {
				if now-a < span {
					exact++
				}
				if now-a < span+span/Buckets {
					wide++
				}
			}
			if got := w.Sum(now); got < exact || got > wide {
				t.Fatalf("span %v: %d in the window; exactly %d, with one bucket more %d", span.Time(), got, exact, wide)
			}
		}
	}
}

// OpenSIPS's fraud_detection forgets nothing of its minute at an age of exactly 119 seconds, and everything at midnight (peers.md §2.1).
func TestNoHoleAt119SecondsAndNoMidnight(t *testing.T) {
	w := NewWindow(belwacht.Minute)
	midnight := 20000 * belwacht.Day
	w.Add(midnight-30*belwacht.Second, 5)
	if got := w.Sum(midnight + belwacht.Second); got != 5 {
		t.Errorf("31 s later, past midnight: %d calls in the minute, want 5", got)
	}
	for age := belwacht.Instant(62); age < 125; age++ {
		w := NewWindow(belwacht.Minute)
		w.Add(midnight, 5)
		if got := w.Sum(midnight + age*belwacht.Second); got != 0 {
			t.Errorf("%d s later: %d calls in the minute, want 0", age, got)
		}
	}
}

func TestWindowTakesBackAndIgnoresTheTooLate(t *testing.T) {
	w := NewWindow(belwacht.Hour)
	now := 20000 * belwacht.Day
	w.Add(now, 100)
	w.Add(now, -30)
	w.Add(now-2*belwacht.Hour, 7)
	w.Add(now-30*belwacht.Minute, 2)
	if got := w.Sum(now); got != 72 {
		t.Errorf("sum %d, want 100 - 30 + 2 = 72", got)
	}
	w.Add(now, -1000)
	if got := w.Sum(now); got != 2 {
		t.Errorf("sum %d after taking back more than there is; want the 2 of another bucket", got)
	}
}

func BenchmarkWindow(b *testing.B) {
	w := NewWindow(belwacht.Hour)
	now := belwacht.Instant(1 << 40)
	for b.Loop() {
		now += 500
		w.Add(now, 1)
	}
}
