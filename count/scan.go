package count

import (
	"math/bits"
	"slices"
)

// longTalk is from how many seconds on a talk is no answering machine, no wrong number and no offer that is declined.
const longTalk = 120

// look is what one look back over a log finds. Numbers, ranges and countries are told apart by their places in the log (see kin), so that a set of them is a
// word: a log has fewer entries than that has bits.
type look struct {
	slot *Slot
	kin  // of the slot's number

	notable24h, notable1h, failing24h, failing1h, redials1h int
	novel7d, novel24h, novel1h, novel10m                    int
	ownCalls, short, equal                                  int
	countryCalls, countryOver, countryLong                  int
	countries, ranges                                       uint64 // of novel calls of a day
	talked, unreached                                       uint64 // novel numbers of a week that answered and talked, and that did not; what was over within half a minute might have been either
	here                                                    uint64 // novel numbers of a week that begin as the slot's does
	week, today                                             uint64 // novel numbers of the range
	days                                                    uint32 // on which they were called
	length                                                  uint16 // of the talk with one of them that came after
	custom
	search
}

// read looks back over the log from now and fills the values of the account's own recent calls with respect to one slot.
func (l *Log) read(slot *Slot, now uint32, v *Values) {
	self, kin := l.find(slot)
	o := look{slot: slot, kin: kin}
	newer, older := l.parts()
	if o.through(newer, now, self, v) {
		o.through(older, now, self, v)
	}
	o.fill(v)
}

// through looks at entries that stand beside each other, from the last back, and says whether it is worth to go on.
func (o *look) through(entries []Entry, now uint32, self *Entry, v *Values) bool {
	number, rng := o.slot.Number, o.kin.rng
	for i := len(entries) - 1; i >= 0; i-- {
		e := &entries[i]
		past := now - min(e.At, now)
		if past > 14*86400 {
			return false
		}
		if e.Number == number {
			o.same(e, past, e == self)
		}
		if e.kin.rng == rng && e.State == Over && e.Talk >= 30 && e.Flags&(Condemned|Undialable) == 0 && e.Number != 0 {
			o.returned(e, past)
		}
		if past > 7*86400 {
			continue
		}
		if past <= 86400 {
			o.notable24h++
			failing := 0
			if e.State == Failing || e == self && e.Flags&Undialable != 0 {
				failing = 1
			}
			o.failing24h += failing
			if past <= 3600 {
				o.notable1h++
				o.failing1h += failing
			}
		}
		if e.Flags&Novel != 0 {
			o.novel(e, past, e == self, v)
		}
	}
	return true
}

// novel looks at a call of the last week to a number that was novel.
func (o *look) novel(e *Entry, past uint32, self bool, v *Values) {
	o.novel7d++
	if past <= 86400 {
		o.pace(e, past, self, v)
	}
	if e.Number == 0 {
		return
	}
	number := uint64(1) << (e.kin.number % 64)
	switch {
	case e.State == Unreached:
		o.unreached |= number
	case e.State == Over && e.Talk >= 30:
		o.talked |= number
	}
	if e.kin.place != o.kin.place {
		return
	}
	o.here |= number
	o.countryCalls++
	switch {
	case e.Talk >= longTalk:
		o.countryOver++
		o.countryLong++
	case e.Flags&Condemned == 0 && (e.State == Over || e.State == Unreached): // one that we ended early might have lasted
		o.countryOver++
	}
	if e.kin.rng != o.kin.rng {
		return
	}
	o.ownCalls++
	o.days |= 1 << (past / 86400)
	o.week |= number
	if past <= 86400 {
		o.today |= number
	} else if e.Flags&Condemned == 0 && e.State == Over && e.Talk >= 30 { // not new today: a customer's few numbers are called again and again
		o.today &^= number
	}
	if !self && e.State == Over {
		o.over(e)
	}
}

// pace counts a novel call of the last day into the windows of calls, money and talking.
func (o *look) pace(e *Entry, past uint32, self bool, v *Values) {
	o.countries |= 1 << (e.kin.place % 64)
	o.ranges |= 1 << (e.kin.rng % 64)
	o.novel24h++
	money := e.cost(past)
	v.Money24h += money
	v.Minutes24h += float32(e.talked(past)) / 60
	if past <= 3600 {
		o.novel1h++
		v.Money1h += money
		if past <= 600 {
			o.novel10m++
		}
	}
	if !self && v.SinceLast == Never {
		v.SinceLast = float32(past)
	}
}

// over counts an earlier call to the range that was answered and soon over, or as long as the one after it.
func (o *look) over(e *Entry) {
	if e.Talk < 30 {
		o.short++
	}
	if e.Talk < 20 {
		return
	}
	if d := int(e.Talk) - int(o.length); o.length != 0 && d >= -2 && d <= 2 {
		o.equal++
	}
	o.length = e.Talk
}

// same looks at a call to the very number.
func (o *look) same(e *Entry, past uint32, self bool) {
	if past <= 3600 && !self && e.Form == uint8(o.slot.Form) && e.Flags&Undialable == 0 && e.State != Over && e.State != Talking {
		o.redials1h++
	}
	if e.Number == 0 {
		return
	}
	if past >= 18*3600 && e.Flags&(Undialable|Condemned) == 0 {
		o.met |= 1 << ((past + 6*3600) / 86400)
	}
	if self || e.State == Talking || e.State == Over && e.Talk >= 30 && (e.Flags&Condemned == 0 || past < 86400) {
		o.talks[past/86400]++
		o.money += e.cost(past)
	}
	if past > 7*86400 {
		return
	}
	o.found = o.found || e.State == Over && e.Talk > 0 && e.Flags&Condemned == 0
	if o.found || e.Flags&Undialable == 0 {
		return
	}
	if !o.searched {
		o.searched, o.last = true, past
	}
	o.forms[e.Form/64] |= 1 << (e.Form % 64)
	o.first = past
}

// fill puts what was found into v.
func (o *look) fill(v *Values) {
	v.Notable24h, v.Notable1h, v.Failing24h, v.Failing1h = float32(o.notable24h), float32(o.notable1h), float32(o.failing24h), float32(o.failing1h)
	v.OwnReturns14d, v.NumberDays14d, v.NumberMoney14d = float32(o.times)-size(o.own), size(uint64(o.met)), o.money
	v.NumberTalks24h, v.NumberMost14d, v.Redials1h = float32(o.talks[0]), float32(slices.Max(o.talks[4:])), float32(o.redials1h)
	if o.searched {
		v.WrongSpan = float32(o.first - o.last)
		for _, f := range o.forms {
			v.WrongForms7d += size(f)
		}
	}
	if o.novel7d == 0 { // and so of all that follows
		return
	}
	v.Novel7d, v.Novel24h, v.Novel1h, v.Novel10m = float32(o.novel7d), float32(o.novel24h), float32(o.novel1h), float32(o.novel10m)
	v.OwnCalls7d, v.OwnShort7d, v.EqualTalk = float32(o.ownCalls), float32(o.short), float32(o.equal)
	v.OwnCountryCalls7d, v.OwnCountryOver7d, v.OwnCountryLong7d = float32(o.countryCalls), float32(o.countryOver), float32(o.countryLong)
	v.Countries24h, v.Ranges24h, v.OwnRange24h, v.OwnRange7d = size(o.countries), size(o.ranges), size(o.today), size(o.week)
	v.Talked7d, v.Unreached7d, v.OwnCountry7d = size(o.talked), size(o.unreached), size(o.here)
	v.CountryTalked7d, v.CountryUnreached7d, v.OwnDays7d = size(o.talked&o.here), size(o.unreached&o.here), size(uint64(o.days))
}

// size is how many there are in a set.
func size(set uint64) float32 { return float32(bits.OnesCount64(set)) }

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

// insert adds x to a set in s[:n] and returns its new size; a full set stays as it is.
func insert(s []uint64, n int, x uint64) int {
	if n == len(s) || contains(s[:n], x) {
		return n
	}
	s[n] = x
	return n + 1
}
