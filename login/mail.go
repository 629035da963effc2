package login

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/snapshot"
)

// visit is a call that is at the voicemail.
type visit struct {
	caller, box string // cut to nameMost bytes
	at          uint32
}

// nameMost bounds a name that is kept, in bytes.
const nameMost = 64

func (v *visit) state(c *snapshot.Codec) {
	c.Text(&v.caller, nameMost)
	c.Text(&v.box, nameMost)
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
	w.visits[call] = visit{caller[:min(len(caller), nameMost)], box[:min(len(box), nameMost)], now}
}

// Left takes that a call has ended that lasted talk seconds; one that did not go to the voicemail is passed over. The signs hold until the next call of a
// method of w.
func (w *Watch) Left(at belwacht.Instant, call uint64, talk int64) []Sign {
	v, ok := w.visits[call]
	if !ok {
		return nil
	}
	delete(w.visits, call)
	w.room = w.room[:0]
	if talk > 0 && talk <= visitShort { // at one's own box too: its PIN can be tried from its own phone by whoever stands there
		w.mailbox(at, hash("from "+v.caller), v.caller, v.box, Sign{Cause: Voicemail})
	}
	return w.room
}

// pin takes a wrong PIN.
func (w *Watch) pin(at belwacht.Instant, l *belwacht.Login, p network.Place) {
	w.mailbox(at, address(l), "", l.User, Sign{Cause: Voicemail, From: l.From, Place: p})
}

// mailbox counts one for a caller (a key, 0 = not known, and a name), a box and all together.
func (w *Watch) mailbox(at belwacht.Instant, caller uint64, name, box string, s Sign) {
	now, all := seconds(at), 0
	if box != name { // all phones that start anew after an update look for messages, each at its own box
		all = w.mailed.add(at)
	}
	for _, k := range [...]struct {
		key  uint64
		name string
	}{{hash("box " + box), box}, {caller, name}} {
		if k.key == 0 {
			continue
		}
		t, _ := w.mail.Touch(k.key, now)
		t.add(now, 0)
		if t.n >= visitsMany && t.tell(now) && s.N == 0 {
			s.N, s.User = int(t.n), k.name
		}
	}
	switch {
	case s.N > 0:
		w.room = append(w.room, s)
	case w.mailed.unusual(all, mailedMany):
		w.give(now, Sign{Cause: Voicemail, N: all})
	}
}
