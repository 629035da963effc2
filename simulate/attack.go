package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"math"
	"math/rand/v2"

	"github.com/belwacht/belwacht"
)

// attacker plays one attack: some lines that dial, each its next call after the one before, at targets, from accounts that he has
// got hold of. What kind of attack it is lies in how these are drawn.
type attacker struct {
	index    int16
	kind     string
	scored   bool
	rng      *rand.Rand
	users    []*invent.Person // accounts; the one in use is users[using]
	using    int
	spread   bool // uses all accounts in turn, not one at a time
	taste    taste
	targets  []target
	aim      int
	rotate   float64 // chance to aim at another target after a call
	lines    []line
	plus     float64      // how often he dials + and not the prefix
	land     *invent.Land // to which he keeps, nil = none
	keeps    bool         // to the first country that he draws
	way      Way
	answer   float64
	talk     float64 // median seconds
	sigma    float64 // 0: always the same to a second or two
	budget   float64 // euro after which he has enough
	spent    float64
	most     int // attempts
	calls    int
	reaction reaction
	refusals int
	slower   float64 // factor on all gaps
	holdOff  belwacht.Instant
	over     bool
	cost     float64  // of the last call
	caller   string   // what he presents, "" = the account
	probe    *probe   // dials under prefixes, or nil
	script   []intent // instead of all that: what he does, call by call
}

// target is a range of numbers, or a list of some.
type target struct {
	prefix  string
	tail    int
	numbers []string
}

// number draws one of the target.
func (t *target) number(rng *rand.Rand) string {
	if len(t.numbers) > 0 {
		return invent.Pick(rng, t.numbers)
	}
	return t.prefix + invent.Digits(rng, t.tail)
}

// line is one caller of an attack.
type line struct {
	first, until belwacht.Instant
	gap          float64 // median seconds
	sigma        float64 // of the gap; 0 = a clock
	serial       bool    // counts the gap from the end of the call before, not from its start
	from, to     float64 // local hours in which it dials; 0, 0 = all
	weekdays     bool    // only on working days
	talk         float64 // of this line, 0 = the attack's
	left         int     // calls, 0 = no limit
	ramp         float64 // gap is multiplied by this after each call, 0 = 1
	user         int     // which of the attacker's accounts, counted from 1; 0 = the one in use
}

// taste is what sort of numbers an attacker earns by.
type taste uint8

const (
	tasteMixed     taste = iota // mostly dear countries, at times cheap ones
	tasteDear                   // countries of revenue-share fame
	tasteCheap                  // ranges in countries that cost next to nothing
	tasteSatellite              // satellite and international networks
	tasteNational               // premium numbers at home
	tasteKnown                  // countries that the account knows
	tastePremium                // premium numbers abroad
	tasteHome                   // ordinary numbers at home
)

// keepTo is the country that the attacker keeps to, drawn the first time, or one drawn anew where he keeps to none.
func (a *attacker) keepTo(draw func(*rand.Rand) *invent.Land) *invent.Land {
	l := a.land
	if l == nil {
		l = draw(a.rng)
		if a.keeps {
			a.land = l
		}
	}
	return l
}

// aimAnew draws a target.
func (a *attacker) aimAnew(g *invent.Geography) target {
	rng := a.rng
	var e164 string
	switch a.taste {
	case tasteSatellite:
		e164 = g.Satellite(rng)
	case tasteNational:
		e164 = g.NationalPremium(rng)
	case tasteHome:
		e164 = g.Home.Number(rng, true)
	case tastePremium:
		n := invent.Pick(rng, invent.ForeignPremium())
		e164 = n.Prefix + invent.Digits(rng, n.Length)
	case tasteCheap:
		e164 = a.keepTo(g.Cheap).Number(rng, invent.Chance(rng, .6))
	case tasteKnown:
		l := g.Abroad(rng)
		if p := a.users[a.using%len(a.users)]; len(p.Lands) > 0 && invent.Chance(rng, .9) {
			l = invent.Pick(rng, p.Lands)
		}
		e164 = l.Number(rng, invent.Chance(rng, .7))
	case tasteDear:
		e164 = a.keepTo(g.Shady).Number(rng, invent.Chance(rng, .75))
	default:
		switch x := rng.Float64(); {
		case x < .74:
			e164 = a.keepTo(g.Shady).Number(rng, invent.Chance(rng, .75))
		case x < .88:
			e164 = a.keepTo(func(rng *rand.Rand) *invent.Land { return g.Anywhere(rng) }).Number(rng, invent.Chance(rng, .7))
		default:
			e164 = a.keepTo(g.Cheap).Number(rng, invent.Chance(rng, .6))
		}
	}
	t := target{tail: invent.Pick(rng, []int{1, 2, 2, 2, 3, 3, 3, 4})}
	switch rng.IntN(10) {
	case 0:
		t.numbers = []string{e164}
	case 1, 2:
		for range 2 + rng.IntN(6) { // neighbours in one block
			t.numbers = append(t.numbers, e164[:len(e164)-2]+invent.Digits(rng, 2))
		}
	default:
		t.prefix = e164[:len(e164)-t.tail]
	}
	return t
}

// turn is called when a line dials: it makes the intent, or says that the line has nothing to do any more.
func (a *attacker) turn(r *run, in *intent) bool {
	l := &a.lines[in.line]
	if a.over || in.start > l.until || a.calls >= a.most || a.spent >= a.budget {
		return false
	}
	if in.start < a.holdOff {
		in.start = a.holdOff + belwacht.Instant(a.rng.IntN(60))*belwacht.Second
		r.queue.push(*in)
		return false
	}
	a.calls++
	user := a.users[a.using%len(a.users)]
	if a.spread {
		user = invent.Pick(a.rng, a.users)
	}
	if l.user > 0 && a.refusals == 0 {
		user = a.users[l.user-1]
	}
	t := &a.targets[a.aim%len(a.targets)]
	if a.rotate > 0 && invent.Chance(a.rng, a.rotate) {
		a.aim = a.rng.IntN(len(a.targets))
		t = &a.targets[a.aim]
	}
	e164 := t.number(a.rng)
	made := plain(in.start, user, r.o.geo.Dial(e164, invent.Chance(a.rng, a.plus)), a.way)
	made.attack, made.line = a.index, in.line
	made.ring, made.caller = int16(1+a.rng.IntN(9)), a.caller
	if a.way != WayOut {
		made.caller = "+" + r.o.geo.Number(a.rng, .6)
	}
	talk := a.talk
	if l.talk > 0 {
		talk = l.talk
	}
	switch {
	case invent.Chance(a.rng, a.answer):
		made.talk = int32(math.Min(math.Max(invent.Lognormal(a.rng, talk, a.sigma), 1), 32*3600))
		if a.sigma == 0 {
			made.talk += int32(a.rng.IntN(2))
		}
	case invent.Chance(a.rng, .3):
		made.disp, made.ring = belwacht.Failed, 0
	case invent.Chance(a.rng, .3):
		made.disp, made.ring = belwacht.Busy, 1
	}
	if a.probe != nil {
		a.probe.next(a, r.o.geo, &made, e164)
	}
	a.cost = r.o.geo.Deck.Rate(e164) * float64(made.talk) / 60
	a.spent += a.cost
	*in = made
	return true
}

// after schedules the line's next call, and lets the attacker take a refusal in.
func (a *attacker) after(r *run, in *intent, c *Call, refused bool) {
	if refused {
		a.spent -= a.cost
		a.calls-- // it did not get him anything, so he still wants it
		a.hindered(r, c.Start)
	}
	l := &a.lines[in.line]
	if a.over {
		return
	}
	if l.left > 0 && !refused {
		if l.left--; l.left == 0 {
			return
		}
	}
	gap := invent.Lognormal(a.rng, l.gap, l.sigma) * a.slower
	if l.ramp > 0 {
		l.gap = math.Max(l.gap*l.ramp, 5)
	}
	at := c.Start + belwacht.Instant(gap)*belwacht.Second
	if l.serial {
		at = c.End + belwacht.Instant(gap)*belwacht.Second
		if refused {
			at = c.Start + belwacht.Instant(2+a.rng.IntN(30)+int(gap/4))*belwacht.Second
		}
	}
	r.schedule(a, in.line, at)
}

// schedule puts a line's next turn at a moment, or later where it does not dial then.
func (r *run) schedule(a *attacker, line int16, at belwacht.Instant) {
	l := &a.lines[line]
	at = r.o.within(a.rng, l, at)
	if at <= l.until {
		r.queue.push(intent{start: at, attack: a.index, line: line, oddity: -1})
	}
}

// within moves a moment into the hours and days in which a line dials.
func (o *Organisation) within(rng *rand.Rand, l *line, at belwacht.Instant) belwacht.Instant {
	if l.from == 0 && l.to == 0 && !l.weekdays {
		return at
	}
	from, to := l.from, l.to
	if to == 0 {
		to = 24
	}
	for d := o.dayOf(at); d < o.days; d++ {
		t := &o.calendar[d]
		if l.weekdays && (t.weekday > 4 || t.holiday) {
			continue
		}
		opens, closes := o.at(d, from), o.at(d, to)
		if at < opens {
			return opens + belwacht.Instant(rng.Float64()*float64(closes-opens)*.5)/1000*1000
		}
		if at < closes {
			return at
		}
	}
	return o.at(o.days, 24)
}

// resume moves the next turn of a line, whose call was cut, to soon after that.
func (a *attacker) resume(r *run, line int16, at belwacht.Instant) {
	for i := range r.queue.items {
		q := &r.queue.items[i]
		if q.who == nil && q.attack == a.index && q.line == line && q.start > at {
			was := q.intent
			r.queue.remove(i)
			was.start = min(was.start, at+belwacht.Instant(3+a.rng.IntN(90))*belwacht.Second)
			r.queue.push(was)
			return
		}
	}
}

// describe is what truth says of the attack.
func (a *attacker) describe() Attack {
	d := Attack{Kind: a.kind, Scored: a.scored, First: math.MaxInt64}
	for _, u := range a.users {
		d.Entities = append(d.Entities, u.Name)
	}
	for _, l := range a.lines {
		d.First, d.Last = min(d.First, l.first), max(d.Last, l.until)
	}
	for i := range a.script {
		d.First, d.Last = min(d.First, a.script[i].start), max(d.Last, a.script[i].start)
	}
	return d
}
