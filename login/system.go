package login

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/snapshot"
)

// trunk is the PBX's own registration at a provider.
type trunk struct {
	losses tally
	lost   bool
}

func (t *trunk) state(c *snapshot.Codec) {
	t.losses.state(c)
	c.Bool(&t.lost)
}

// manyLosses is how often within an hour a registration may be lost.
const manyLosses = 4

// trunk takes a change of the PBX's own registration.
func (w *Watch) trunk(now uint32, l *belwacht.Login, p network.Place) {
	t, _ := w.trunks.Touch(hash(l.User), now)
	lost := l.Result != belwacht.LoginGood
	if lost && !t.lost {
		t.losses.add(now, 0)
		if t.losses.n >= manyLosses && t.losses.tell(now) {
			w.room = append(w.room, Sign{Cause: Flapping, User: l.User, From: l.From, Place: p, N: int(t.losses.n)})
		}
	}
	t.lost = lost
}

// For how long, in seconds, a change of the PBX explains what happens next.
const (
	restartWithin = 600
	calm          = 900
)

// Changed takes what the PBX says of itself: "started", "stopped" or "reloaded …". A start that no stop announced is a sign, unless it is the first that is
// heard of it. The signs hold until the next call of a method of w.
func (w *Watch) Changed(at belwacht.Instant, what string) []Sign {
	now := seconds(at)
	w.room = w.room[:0]
	switch {
	case what == "stopped":
		w.stopped = now
	case what == "started" || strings.HasPrefix(what, "started "):
		if w.heard && (w.stopped == 0 || now > w.stopped+restartWithin) {
			w.give(now, Sign{Cause: Restart})
		}
		w.stopped = 0
	}
	w.changed, w.heard = now, true
	return w.room
}

// Gap takes that the PBX is silent, or, with how long it lasted in seconds, that it is heard again. The signs hold until the next call of a method of w.
func (w *Watch) Gap(at belwacht.Instant, lasted int64) []Sign {
	now := seconds(at)
	w.room = w.room[:0]
	w.give(now, Sign{Cause: Gap, N: int(lasted)})
	w.changed = now
	return w.room
}

// manyRefused is how many refusals within an hour are told, where it is three times what is usual.
const manyRefused = 20

// Refused takes that a far network refused a call. The signs hold until the next call of a method of w.
func (w *Watch) Refused(at belwacht.Instant) []Sign {
	w.room = w.room[:0]
	if n := w.refused.add(at); w.refused.unusual(n, manyRefused) {
		w.give(seconds(at), Sign{Cause: Refusals, N: n})
	}
	return w.room
}

// manyEarly is how many phones must register out of their rhythm within two minutes, and half of all at least.
const manyEarly = 8

// register takes the rhythm of an account's registrations. Many that come too early at once were thrown out by something; where the PBX
// began anew, was changed or was silent shortly before, that is why, and after a power cut they do not come early but late.
func (w *Watch) register(at belwacht.Instant, h *habit) {
	now := seconds(at)
	if now >= h.active+3600 {
		h.active = now
		w.active.Add(at, 1)
	}
	if h.last == 0 || now < h.last {
		return
	}
	gap := float32(now - h.last)
	if h.good >= wellKnown && gap < h.rhythm/2 && now >= h.early+600 {
		h.early = now
		w.early.Add(at, 1)
		n := int(w.early.Sum(at))
		if n >= manyEarly && int64(2*n) >= w.active.Sum(at) && (w.changed == 0 || now > w.changed+calm) {
			w.give(now, Sign{Cause: Anew, N: n})
		}
	}
	if gap > 4*h.rhythm && h.rhythm > 0 { // it was away: that is no rhythm
		return
	}
	if h.rhythm == 0 {
		h.rhythm = gap
	}
	h.rhythm += (gap - h.rhythm) / 8
}
