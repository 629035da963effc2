package simulate

import (
	"math"
	"math/rand/v2"

	"github.com/belwacht/belwacht"
)

// person is whoever or whatever stands behind an account, with his habits.
type person struct {
	name string // the account
	role *role
	kind belwacht.AccountKind

	out, in, inside float64 // calls on a working day
	abroad          float64 // share of his contacts that are abroad
	mobile          float64 // share of numbers abroad that are mobile
	plus            float64 // how often he dials + and not the prefix
	fresh           float64 // share of his calls that go to a number new to him
	talk            float64 // median seconds
	begin, end      float64 // local hours between which he works; end may pass 24
	early           float64 // share of calls outside them
	days            [7]bool // working days, Monday first
	lunch           float64
	contacts        []contact
	colleagues      []*person
	lands           []*land
	outside         string // where his calls are forwarded to, as the PBX dials it; "" = nowhere
	forwards        float64
	agentOf         string // queue of which he is an outside agent
	first, last     int    // days of employment
	away            [][2]int
	list            []contact // machine: all that it calls
	campaign        string    // leading digits that an agent dials in order
	serial          int
	odd             int16 // oddity that his life belongs to between two days
	oddFrom, oddTo  int
	shift           float64 // hours by which those days are later
	busyUntil       belwacht.Instant
}

// works says whether a day is a working day of the person; holiday says that it is one of the country.
func (p *person) works(day, weekday int, holiday bool) bool {
	if day < p.first || day >= p.last || !p.days[weekday] {
		return false
	}
	if holiday && !p.role.always {
		return false
	}
	for _, a := range p.away {
		if day >= a[0] && day < a[1] {
			return false
		}
	}
	return true
}

// hour draws when on a working day a call is made, in local hours: two humps around lunch, and a tail into early and late hours.
func (p *person) hour(rng *rand.Rand) float64 {
	span := p.end - p.begin
	for range 8 {
		var h float64
		switch x := rng.Float64(); {
		case x < p.early:
			return math.Max(.2, p.begin-1.5+(span+4)*rng.Float64())
		case p.role.flat:
			h = p.begin + span*rng.Float64()
		case x < .54:
			h = p.begin + span*(.26+.13*rng.NormFloat64())
		default:
			h = p.begin + span*(.7+.15*rng.NormFloat64())
		}
		if h > p.begin-.4 && h < p.end+.5 && (h < p.lunch || h > p.lunch+.7 || chance(rng, .35)) {
			return h
		}
	}
	return p.begin + span*rng.Float64()
}

// newPerson draws the habits of somebody in a role.
func (g *geography) newPerson(rng *rand.Rand, name string, ro *role, days int) *person {
	busy := lognormal(rng, 1, ro.spread)
	p := &person{name: name, role: ro, kind: ro.kind, out: ro.out * busy, in: ro.in * busy, inside: ro.inside * lognormal(rng, 1, .6),
		mobile: .15 + .6*rng.Float64(), plus: pick(rng, []float64{0, 0, 0, .1, .5, 1}), talk: lognormal(rng, ro.talk, .4), lunch: g.nation.lunch + .4*rng.NormFloat64(),
		fresh: lognormal(rng, ro.fresh, .5), early: lognormal(rng, .012, .8), last: days + 1, odd: -1}
	p.abroad = math.Min(.97, lognormal(rng, ro.abroad, 1))
	if ro.abroad < .1 && chance(rng, .5) {
		p.abroad = 0
	}
	shift := .5 * rng.NormFloat64()
	p.begin, p.end = g.nation.opens+shift, g.nation.closes+shift
	switch ro.hours {
	case hoursLate:
		p.begin, p.end = 13+shift, 22+shift
	case hoursNight:
		p.begin, p.end = 21+shift, 30+shift
	case hoursShop:
		p.begin, p.end = 9+shift/2, 20+shift/2
	case hoursAll: // most machines have their own minute of the day
		p.begin, p.end = 0, 24
		if chance(rng, .7) {
			p.begin = 23 * rng.Float64()
			p.end = p.begin + .1
		}
	case hoursGuest:
		p.begin, p.end = 7, 24.5
	case hoursShift:
		b := pick(rng, []float64{6, 6.5, 14, 14, 22})
		p.begin, p.end = b, b+8.5
	}
	for i := range 7 {
		p.days[i] = i < 5 || ro.weekend && chance(rng, .5) || ro.always
	}
	p.days[5] = p.days[5] || chance(rng, .06)
	if !ro.always && chance(rng, .25) { // part-timers
		p.days[rng.IntN(5)] = false
		if chance(rng, .4) {
			p.days[rng.IntN(5)] = false
		}
	}
	if !ro.always {
		for at := rng.IntN(60); at < days; at += 30 + rng.IntN(120) { // holidays and illness
			p.away = append(p.away, [2]int{at, at + pick(rng, []int{1, 1, 2, 3, 5, 7, 14, 14, 21})})
		}
		if chance(rng, .04) { // comes later
			p.first = rng.IntN(days + 1)
		}
		if chance(rng, .04) { // leaves
			p.last = 1 + rng.IntN(days+1)
		}
	}
	for range poisson(rng, ro.lands) {
		l := g.abroad(rng)
		if ro.dear > 0 && chance(rng, ro.dear) {
			l = g.dear(rng)
		}
		p.lands = append(p.lands, l)
	}
	for range 4 + int(lognormal(rng, ro.contacts, .5)) {
		p.contacts = append(p.contacts, g.newContact(rng, p))
	}
	if chance(rng, ro.forwarding) {
		p.forwards = .05 + .5*rng.Float64()
		n := g.home.number(rng, true)
		if chance(rng, .07) {
			n = g.abroad(rng).number(rng, true)
		}
		p.outside = g.dial(n, chance(rng, .2))
	}
	return p
}
