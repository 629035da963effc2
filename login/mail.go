package login

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/snapshot"
)

// visit is a call that is at the voicemail.
type visit struct {
	caller, box uint64
	at          uint32
}

func (v *visit) state(c *snapshot.Codec) {
	c.Uint64(&v.caller)
	c.Uint64(&v.box)
	c.Uint32(&v.at)
}

// Bounds of what is remembered of visits, and from when on they are told.
const (
	visitsMost = 1 << 12
	visitShort = 45 // seconds: whoever listens to a message stays longer
	visitsMany = 15 // short visits, or wrong PINs, within an hour by one caller or at one box
	mailedMany = 60 // by all; and three times what is usual
)

// Box says whether a dialled string leads to the voicemail by the feature codes that FreePBX and Asterisk's samples use, *97 and *98, and to whose box:
// "" for that of whoever calls.
func Box(dialled string) (box string, ok bool) {
	if box, ok = strings.CutPrefix(dialled, "*97"); ok {
		return box, true
	}
	return strings.CutPrefix(dialled, "*98")
}

// Visit takes that a caller calls the voicemail. call is the call's key, by which Left is told; box is "" for the caller's own.
func (w *Watch) Visit(at belwacht.Instant, call uint64, caller, box string) {
	now := seconds(at)
	if len(w.visits) >= visitsMost {
		if now < w.swept+60 { // not for each of a flood
			return
		}
		w.swept = now
		for k, v := range w.visits { // those that were never said to have ended
			if now > v.at+3600 {
				delete(w.visits, k)
			}
		}
		if len(w.visits) >= visitsMost {
			return
		}
	}
	if box == "" {
		box = caller
	}
	w.visits[call] = visit{hash("from " + caller), hash("box " + box), now}
}

// Left takes that a call has ended that lasted talk seconds; one that did not go to the voicemail is passed over. caller is what a sign names. The signs hold
// until the next call of a method of w.
func (w *Watch) Left(at belwacht.Instant, call uint64, caller string, talk int64) []Sign {
	v, ok := w.visits[call]
	if !ok {
		return nil
	}
	delete(w.visits, call)
	w.room = w.room[:0]
	if talk > 0 && talk <= visitShort {
		w.mailbox(at, v.caller, v.box, Sign{Cause: Voicemail, User: caller})
	}
	return w.room
}

// pin takes a wrong PIN.
func (w *Watch) pin(at belwacht.Instant, l *belwacht.Login, p network.Place) {
	w.mailbox(at, address(l), hash("box "+l.User), Sign{Cause: Voicemail, User: l.User, From: l.From, Place: p})
}

// mailbox counts one for a caller, a box and all together. A caller of zero is unknown.
func (w *Watch) mailbox(at belwacht.Instant, caller, box uint64, s Sign) {
	now, all, most := seconds(at), w.mailed.add(at), 0
	for i, k := range [2]uint64{caller, box} {
		if k == 0 || i == 1 && k == caller {
			continue
		}
		t, _ := w.mail.Touch(k, now)
		t.add(now, 0)
		if t.n >= visitsMany && t.tell(now) {
			most = max(most, int(t.n))
		}
	}
	if most > 0 {
		s.N = most
		w.room = append(w.room, s)
		return
	}
	if w.mailed.unusual(all, mailedMany) {
		w.give(now, Sign{Cause: Voicemail, N: all})
	}
}
