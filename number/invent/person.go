package invent

import (
	"math"
	"math/rand/v2"

	"github.com/belwacht/belwacht"
)

// Person is whoever or whatever stands behind an account, with his habits.
type Person struct {
	Name string // the account
	Role *Role
	Kind belwacht.AccountKind

	Out, In, Inside float64 // calls on a working day
	Abroad          float64 // share of his contacts that are abroad
	mobile          float64 // share of numbers abroad that are mobile
	Juggle          float64 // how often he dials while another call of his still runs
	Plus            float64 // how often he dials + and not the prefix
	Fresh           float64 // share of his calls that go to a number new to him
	Talk            float64 // median seconds
	Begin, End      float64 // local hours between which he works; end may pass 24
	early           float64 // share of calls outside them
	owl             bool    // … at any hour of the night too
	Weekend         float64 // chance that he comes in on a day off
	Days            [7]bool // working days, Monday first
	lunch           float64
	Contacts        []Contact
	Colleagues      []*Person
	Lands           []*Land
	Outside         string // where his calls are forwarded to, as the PBX dials it; "" = nowhere
	Forwards        float64
	AgentOf         string // queue of which he is an outside agent
	First, Last     int    // days of employment
	Away            [][2]int
	Campaign        string // leading digits that an agent dials in order
	Serial          int
	Odd             int16 // oddity that his life belongs to between two days
	OddFrom, OddTo  int
	Shift           float64 // hours by which those days are later
	BusyUntil       belwacht.Instant
}

// Works says whether a day is a working day of the person; holiday says that it is one of the country.
func (p *Person) Works(day, weekday int, holiday bool) bool {
	if day < p.First || day >= p.Last || !p.Days[weekday] {
		return false
	}
	if holiday && !p.Role.Always {
		return false
	}
	for _, a := range p.Away {
		if day >= a[0] && day < a[1] {
			return false
		}
	}
	return true
}

// Hour draws when on a working day a call is made, in local hours: two humps around lunch, and a tail into early and late hours.
func (p *Person) Hour(rng *rand.Rand) float64 {
	span := p.End - p.Begin
	for range 8 {
		var h float64
		switch x := rng.Float64(); {
		case x < p.early:
			if p.owl {
				return 24 * rng.Float64()
			}
			return math.Max(.2, p.Begin-1.5+(span+4)*rng.Float64())
		case p.Role.flat:
			h = p.Begin + span*rng.Float64()
		case x < .54:
			h = p.Begin + span*(.26+.13*rng.NormFloat64())
		default:
			h = p.Begin + span*(.7+.15*rng.NormFloat64())
		}
		if h > p.Begin-.4 && h < p.End+.5 && (h < p.lunch || h > p.lunch+.7 || Chance(rng, .35)) {
			return h
		}
	}
	return p.Begin + span*rng.Float64()
}

// NewPerson draws the habits of somebody in a role.
func (g *Geography) NewPerson(rng *rand.Rand, name string, ro *Role, days int) *Person {
	busy := Lognormal(rng, 1, ro.spread)
	p := &Person{Name: name, Role: ro, Kind: ro.kind, Out: ro.out * busy, In: ro.in * busy, Inside: ro.inside * Lognormal(rng, 1, .6),
		mobile: .15 + .6*rng.Float64(), Plus: Pick(rng, []float64{0, 0, 0, .1, .5, 1}), Talk: Lognormal(rng, .85*ro.talk, .4), lunch: g.Nation.lunch + .4*rng.NormFloat64(),
		Fresh: math.Min(.95, Lognormal(rng, ro.fresh*g.restless, .5)), early: Lognormal(rng, .015, .9), Weekend: g.weekend, Last: days + 1, Odd: -1}
	p.Juggle = math.Min(.5, Lognormal(rng, .02, 1.1))
	p.Abroad = math.Min(.97, Lognormal(rng, ro.abroad*g.outward, 1))
	if ro.abroad < .1 && Chance(rng, g.homely) {
		p.Abroad = 0
	}
	if p.owl = ro.abroad > 0 && Chance(rng, .03); p.owl { // works whenever there is work
		p.early, p.Weekend = .2+.4*rng.Float64(), .5
	}
	shift := .5 * rng.NormFloat64()
	p.Begin, p.End = g.Nation.Opens+shift, g.Nation.Closes+shift
	switch ro.hours {
	case hoursLate:
		p.Begin, p.End = 13+shift, 22+shift
	case hoursNight:
		p.Begin, p.End = 21+shift, 30+shift
	case hoursShop:
		p.Begin, p.End = 9+shift/2, 20+shift/2
	case hoursAll: // most machines have their own minute of the day
		p.Begin, p.End = 0, 24
		if Chance(rng, .7) {
			p.Begin = 23 * rng.Float64()
			p.End = p.Begin + .1
		}
	case hoursGuest:
		p.Begin, p.End = 7, 24.5
	case hoursShift:
		b := Pick(rng, []float64{6, 6.5, 14, 14, 22})
		p.Begin, p.End = b, b+8.5
	}
	for i := range 7 {
		p.Days[i] = i < 5 || ro.weekend && Chance(rng, .5) || ro.Always
	}
	p.Days[5] = p.Days[5] || Chance(rng, .06)
	if !ro.Always && Chance(rng, .25) { // part-timers
		p.Days[rng.IntN(5)] = false
		if Chance(rng, .4) {
			p.Days[rng.IntN(5)] = false
		}
	}
	if !ro.Always {
		for at := rng.IntN(60); at < days; at += 30 + rng.IntN(120) { // holidays and illness
			p.Away = append(p.Away, [2]int{at, at + Pick(rng, []int{1, 1, 2, 3, 5, 7, 14, 14, 21})})
		}
		if Chance(rng, g.turnover) { // comes later
			p.First = rng.IntN(days + 1)
		}
		if Chance(rng, .04) { // leaves
			p.Last = 1 + rng.IntN(days+1)
		}
	}
	for range Poisson(rng, ro.lands) {
		l := g.Abroad(rng)
		if ro.dear > 0 && Chance(rng, ro.dear) {
			l = g.Dear(rng)
		}
		p.Lands = append(p.Lands, l)
	}
	for range 4 + int(Lognormal(rng, ro.contacts, .5)) {
		p.Contacts = append(p.Contacts, g.NewContact(rng, p))
	}
	if Chance(rng, ro.forwarding) {
		p.Forwards = .05 + .5*rng.Float64()
		n := g.Home.Number(rng, true)
		if Chance(rng, g.afar) {
			n = g.Abroad(rng).Number(rng, true)
		}
		p.Outside = g.Dial(n, Chance(rng, .2))
	}
	return p
}
