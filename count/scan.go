package count

import (
	"math/bits"

	"github.com/belwacht/belwacht"
)

// scratch is room for the sets that a look over a log gathers: kept, since emptying it takes as long as the look.
type scratch struct{ countries, ranges, numbers1, numbers7, places, wrong, own, days, talked, unreached [LogSize]uint64 }

// longTalk is from how many seconds on a talk is no answering machine, no wrong number and no offer that is declined.
const longTalk = 120

// read looks back over the log from now and fills the values of the account's own recent calls with respect to one slot.
func (l *Log) read(slot *Slot, now uint32, v *Values, sets *scratch) {
	rng, country := slot.Number.Range(), slot.Number.Prefix(3)
	var nc, nr, n1, n7, np int
	var days uint32
	var talk uint16
	var before met
	var known custom
	var way search
	var reached answers
	for i := range int(l.n) {
		e := l.Back(i)
		past := now - min(e.At, now)
		if past > 14*86400 {
			break
		}
		before.note(e, past, slot.Number)
		self := slot.Ticket != 0 && l.turn-uint32(i) == slot.Ticket
		known.note(e, past, slot.Number, rng, self, sets)
		if past > 7*86400 {
			continue
		}
		v.today(e, past, slot, self)
		if e.Number == slot.Number && e.Number != 0 {
			way.note(e, past, &sets.wrong)
		}
		if e.Flags&Novel == 0 {
			continue
		}
		v.pace(e, past, now, self)
		place := e.Number.Prefix(3)
		reached.note(e, place == country, sets)
		if past <= 86400 {
			nc = insert(sets.countries[:], nc, uint64(place))
			nr = insert(sets.ranges[:], nr, uint64(e.Number.Range()))
		}
		if e.Number == 0 {
			continue
		}
		if place == country {
			np = insert(sets.places[:], np, uint64(e.Number))
			v.place(e)
		}
		if e.Number.Range() != rng {
			continue
		}
		v.OwnCalls7d++
		days |= 1 << (past / 86400)
		n7 = insert(sets.numbers7[:], n7, uint64(e.Number))
		if past <= 86400 {
			n1 = insert(sets.numbers1[:], n1, uint64(e.Number))
		} else if e.Flags&Condemned == 0 && e.State == Over && e.Talk >= 30 { // not new today: a customer's few numbers are called again and again
			n1 = remove(sets.numbers1[:], n1, uint64(e.Number))
		}
		if self {
			continue
		}
		talk = v.length(e, talk)
	}
	known.fill(v)
	reached.fill(v)
	v.OwnDays7d, v.NumberDays14d = ones(days), ones(uint32(before))
	v.WrongForms7d, v.WrongSpan = float32(way.forms), float32(way.first-way.last)
	v.OwnCountry7d = float32(np)
	v.Countries24h, v.Ranges24h, v.OwnRange24h, v.OwnRange7d = float32(nc), float32(nr), float32(n1), float32(n7)
}

// today counts one entry of the last day, to a known number too.
func (v *Values) today(e *Entry, past uint32, slot *Slot, self bool) {
	if past > 86400 {
		return
	}
	v.Notable24h++
	if past <= 3600 {
		v.Notable1h++
		if !self && e.Number == slot.Number && e.Form == uint8(slot.Form) && e.Flags&Undialable == 0 && e.State != Over && e.State != Talking {
			v.Redials1h++
		}
	}
	if e.State == Failing || self && e.Flags&Undialable != 0 {
		v.Failing24h++
		if past <= 3600 {
			v.Failing1h++
		}
	}
}

// met is on which earlier days of the last two weeks the very number was called, a bit each; what was refused or ended as fraud does not count.
type met uint32

func (m *met) note(e *Entry, past uint32, number belwacht.E164) {
	if past >= 18*3600 && e.Number == number && e.Flags&(Undialable|Condemned) == 0 && e.Number != 0 {
		*m |= 1 << ((past + 6*3600) / 86400)
	}
}

// search is how an account looked for the way to one number, since it last talked there: who has found it is done searching.
type search struct {
	forms       int    // wrong ones
	first, last uint32 // seconds since the first and the last of them
	found       bool
}

// note looks at one entry with the number, from the newest back.
func (w *search) note(e *Entry, past uint32, forms *[LogSize]uint64) {
	if w.found = w.found || e.State == Over && e.Talk > 0 && e.Flags&Condemned == 0; w.found || e.Flags&Undialable == 0 {
		return
	}
	if w.forms == 0 {
		w.last = past
	}
	w.forms, w.first = insert(forms[:], w.forms, uint64(e.Form)+1), past
}

// slips is how often in ten minutes somebody may mistype one number and be taken to do just that.
const slips = 4

// Talked says whether an account talked with a number in the last two weeks, of those calls that deserve a look. Where a string of which the plan makes
// nothing did lead there, or where several were dialled within minutes, it does not say so: nobody knows then which strings are slips of the finger.
func (s *Shard) Talked(account uint32, number belwacht.E164, at belwacht.Instant) (talked bool) {
	l, now, strays := &s.Account(account).Log, uint32(at/belwacht.Second), 0
	for i := range int(l.n) {
		e := l.Back(i)
		past := now - min(e.At, now)
		if past > 14*86400 {
			break
		}
		if e.Number == number && e.Flags&Undialable != 0 && past <= 600 {
			if strays++; strays == slips {
				return false
			}
		}
		if e.Number != number || e.State != Talking && (e.State != Over || e.Talk == 0) {
			continue
		}
		if e.Flags&Undialable != 0 {
			return false
		}
		talked = talked || e.State == Over && e.Flags&Condemned == 0
	}
	return talked
}

// talked is for how many seconds an entry that began so many seconds ago has been a talk.
func (e *Entry) talked(past uint32) uint32 {
	if e.State == Talking {
		return past
	}
	return uint32(e.Talk)
}

// cost is what it has cost so far, in whole units of currency.
func (e *Entry) cost(past uint32) float32 {
	return float32(e.Price) / 1e6 * float32(e.talked(past)) / 60
}

// ones is how many days a mask has.
func ones(days uint32) float32 { return float32(bits.OnesCount32(days)) }

// place counts one entry to the country of the slot.
func (v *Values) place(e *Entry) {
	v.OwnCountryCalls7d++
	switch {
	case e.Talk >= longTalk:
		v.OwnCountryOver7d++
		v.OwnCountryLong7d++
	case e.Flags&Condemned == 0 && (e.State == Over || e.State == Unreached): // one that we ended early might have lasted
		v.OwnCountryOver7d++
	}
}

// length counts an earlier call to the range that was answered and soon over, or as long as the one after it, and returns how long is to be compared with.
func (v *Values) length(e *Entry, talk uint16) uint16 {
	if e.State == Over && e.Talk < 30 {
		v.OwnShort7d++
	}
	if e.State != Over || e.Talk < 20 {
		return talk
	}
	if d := int(e.Talk) - int(talk); talk != 0 && d >= -2 && d <= 2 {
		v.EqualTalk++
	}
	return e.Talk
}

// pace counts one novel entry into the windows of calls, money and talking.
func (v *Values) pace(e *Entry, past, now uint32, self bool) {
	v.Novel7d++
	if past > 86400 {
		return
	}
	v.Novel24h++
	money := e.cost(past)
	v.Money24h += money
	v.Minutes24h += float32(e.talked(past)) / 60
	if past <= 3600 {
		v.Novel1h++
		v.Money1h += money
		if past <= 600 {
			v.Novel10m++
		}
	}
	if !self && v.SinceLast == Never {
		v.SinceLast = float32(past)
	}
}

// insert adds x to a set in s[:n] and returns its new size; a full set stays as it is.
func insert(s []uint64, n int, x uint64) int {
	if n == len(s) || contains(s[:n], x) {
		return n
	}
	s[n] = x
	return n + 1
}

// remove takes x out of a set in s[:n], where it is in it, and returns the set's new size.
func remove(s []uint64, n int, x uint64) int {
	for i := range n {
		if s[i] == x {
			s[i] = s[n-1]
			return n - 1
		}
	}
	return n
}
