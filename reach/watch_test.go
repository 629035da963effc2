package reach

import (
	"bytes"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

const monday = belwacht.Instant(1_770_600_000_000)

// weeks plays calls of which a share is answered, twelve an hour, for so many hours.
func weeks(w *Watch, at belwacht.Instant, hours int, answered func(i int) bool) belwacht.Instant {
	for i := range hours * 12 {
		d := belwacht.NoAnswer
		if answered(i) {
			d = belwacht.Answered
		}
		w.Ended(at, uint32(i), true, d)
		at += 5 * belwacht.Minute
	}
	return at
}

// TestAnswering: the usual share is learned, a bad hour shows, few calls show nothing, and trouble makes itself usual only slowly.
func TestAnswering(t *testing.T) {
	var w Watch
	if bits, now, usual := w.Answering(monday); bits != 0 || now != 0 || usual != 0 {
		t.Errorf("nothing was seen, and it says %g, %g, %g", bits, now, usual)
	}
	at := weeks(&w, monday, 100, func(i int) bool { return i%4 != 0 })
	bits, _, usual := w.Answering(at)
	if bits > 1 || usual < 24 || usual > 27 {
		t.Errorf("an ordinary hour: %g bits, usually %g %% unanswered", bits, usual)
	}
	for i := range 60 {
		w.Ended(at+belwacht.Instant(i)*belwacht.Minute, uint32(i), true, belwacht.NoAnswer)
		bits, now, _ := w.Answering(at + belwacht.Instant(i)*belwacht.Minute)
		if i == 59 && (bits < 12 || now < 80) {
			t.Errorf("nobody answers for an hour: %g bits, %g %%", bits, now)
		}
	}
	at = weeks(&w, at+belwacht.Day, 100, func(int) bool { return false })
	if _, _, usual := w.Answering(at); usual < 30 || usual > 95 {
		t.Errorf("after trouble of 100 hours %g %% are usual", usual)
	}
	var one Watch // account redials in vain all evening
	at = weeks(&one, monday, 100, func(int) bool { return true })
	for i := range 55 {
		one.Ended(at+belwacht.Instant(i)*belwacht.Minute, 7, true, belwacht.NoAnswer)
	}
	if bits, _, _ := one.Answering(at + 55*belwacht.Minute); bits != 0 {
		t.Errorf("one account's calls said %g bits", bits)
	}
	var quiet Watch
	weeks(&quiet, monday, 1, func(int) bool { return false })
	if bits, _, _ := quiet.Answering(monday + belwacht.Hour); bits != 0 {
		t.Errorf("a dozen calls said %g bits", bits)
	}
}

// TestBlocked counts what found no channel, of all calls to outside, for ten minutes.
func TestBlocked(t *testing.T) {
	var w Watch
	if n, of := w.Blocked(monday); n != 0 || of != 0 {
		t.Errorf("nothing was seen, and it says %g of %g", n, of)
	}
	for i := range 6 {
		w.Ended(monday+belwacht.Instant(i)*belwacht.Second, uint32(i), false, belwacht.Congestion)
	}
	w.Ended(monday+10*belwacht.Second, 9, true, belwacht.Answered)
	if n, of := w.Blocked(monday + belwacht.Minute); n != 6 || of != 7 {
		t.Errorf("%g of %g found no channel; it was 6 of 7", n, of)
	}
	if n, _ := w.Blocked(monday + 16*belwacht.Minute); n != 0 {
		t.Errorf("%g after sixteen minutes", n)
	}
}

// TestQuiet: a sign is told once an hour, the share of answers once in twelve.
func TestQuiet(t *testing.T) {
	var w Watch
	w.Told(Flood, monday)
	w.Told(Unanswered, monday)
	for _, c := range []struct {
		sign  Sign
		after belwacht.Instant
		want  bool
	}{{Flood, 59 * belwacht.Minute, true}, {Flood, 61 * belwacht.Minute, false}, {Unanswered, 11 * belwacht.Hour, true}, {Unanswered, 13 * belwacht.Hour, false},
		{NoChannel, 0, false}} {
		if got := w.Quiet(c.sign, monday+c.after); got != c.want {
			t.Errorf("sign %d after %d minutes: quiet %t", c.sign, c.after/belwacht.Minute, got)
		}
	}
}

// TestBounded: a flood of callers is counted and not kept.
func TestBounded(t *testing.T) {
	var w Watch
	for i := range 3 * Rings {
		w.Rang(monday, uint64(i), belwacht.E164(i+1))
	}
	if w.Ringing() != Rings {
		t.Errorf("%d are remembered; the bound is %d", w.Ringing(), Rings)
	}
	if minute, _ := w.Rang(monday, 0, 0); minute != 3*Rings+1 {
		t.Errorf("%g calls in a minute", minute)
	}
	if _, ok := w.RungOut(1); !ok {
		t.Error("a remembered call is not known")
	}
	if _, ok := w.RungOut(1); ok {
		t.Error("it is known twice")
	}
}

// TestState: what was written is read again, to the byte.
func TestState(t *testing.T) {
	var w, got Watch
	at := weeks(&w, monday, 50, func(i int) bool { return i%3 != 0 })
	w.Rang(at, 7, 31201230000)
	w.Told(NoChannel, at)
	var b, again bytes.Buffer
	if err := snapshot.Save(&b, "test.reach/1", w.State); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Load(bytes.NewReader(b.Bytes()), "test.reach/1", got.State); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Save(&again, "test.reach/1", got.State); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("%v: %d bytes became %d", err, b.Len(), again.Len())
	}
	bits, now, usual := w.Answering(at)
	if a, b, c := got.Answering(at); a != bits || b != now || c != usual || !got.Quiet(NoChannel, at) {
		t.Errorf("%g, %g, %g became %g, %g, %g", bits, now, usual, a, b, c)
	}
}

// TestLost: what ended unanswered is worth one look, and not one a call.
func TestLost(t *testing.T) {
	var w Watch
	at := 20000 * belwacht.Day
	if w.Lost(at) {
		t.Error("before any call")
	}
	w.Ended(at, 1, true, belwacht.Answered)
	if w.Lost(at) {
		t.Error("all are answered")
	}
	w.Ended(at, 1, true, belwacht.NoAnswer)
	if !w.Lost(at) || w.Lost(at+belwacht.Minute) {
		t.Error("one look for what ended unanswered")
	}
	w.Ended(at+belwacht.Second, 1, true, belwacht.Congestion)
	if w.Lost(at + 4*belwacht.Second) {
		t.Error("looked at again within five seconds")
	}
	if !w.Lost(at + 5*belwacht.Second) {
		t.Error("forgotten")
	}
}
