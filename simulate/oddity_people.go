package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// peopleOddities are changes in who works when.
func peopleOddities() []oddityKind {
	return []oddityKind{
		{"new colleague", "an account that was spare gets an owner", newColleague},
		{"new department", "several spare accounts begin at once", newDepartment},
		{"back after months", "somebody returns to an account that was silent", backAfterMonths},
		{"late shift", "somebody works in the evenings of a week", lateShift},
		{"holiday cover", "somebody makes a colleague's calls as well", holidayCover},
	}
}

// settle gives a spare account an owner from a day on; the first days are part of the oddity.
func (s *scene) settle(role string, day, days int) bool {
	for range 300 {
		p := invent.Pick(s.rng, s.r.people)
		if p.Role.Name != "spare" {
			continue
		}
		name, colleagues := p.Name, p.Colleagues
		*p = *s.g.NewPerson(s.rng, name, invent.Roles()[role], s.o.days)
		p.Colleagues, p.First, p.Last, p.Away = colleagues, day, s.o.days+1, nil
		p.Odd, p.OddFrom, p.OddTo = s.index, day, day+days
		return true
	}
	return false
}

// usual draws a role that the organisation has.
func (s *scene) usual() string {
	for range 40 {
		name := invent.Pick(s.rng, s.o.kind.Shares).Role
		if name != "spare" && name != "machine" && name != "queue" {
			return name
		}
	}
	return "clerk"
}

func newColleague(s *scene) { s.settle(s.usual(), s.day, invent.Uniform(s.rng, 5, 15)) }

func newDepartment(s *scene) {
	role := invent.Pick(s.rng, []string{"sales", "clerk", "export", "support", s.usual(), s.usual(), s.usual(), s.usual()})
	for range invent.Uniform(s.rng, 2, 8) {
		if !s.settle(role, s.day, 10) {
			return
		}
	}
}

func backAfterMonths(s *scene) {
	p := s.somebody("clerk", "manager", "sales", "teacher", "nurse", "export")
	if p.Role.Campaign || s.day < 30 {
		return
	}
	p.Away = append(p.Away, [2]int{0, s.day})
	p.Odd, p.OddFrom, p.OddTo = s.index, s.day, s.day+invent.Uniform(s.rng, 2, 7)
}

func lateShift(s *scene) {
	p := s.somebody("clerk", "sales", "manager", "export", "support")
	p.Odd, p.OddFrom, p.OddTo = s.index, s.day, s.day+invent.Uniform(s.rng, 2, 6)
	p.Shift = 4 + 4*s.rng.Float64()
}

func holidayCover(s *scene) {
	p, of := s.business(), s.business()
	if len(of.Contacts) == 0 {
		return
	}
	for d := range invent.Uniform(s.rng, 4, 15) {
		for range invent.Uniform(s.rng, 1, 5) {
			c := of.Contacts[invent.Zipf(s.rng, len(of.Contacts), 2)]
			s.call(p, s.office(s.workday(s.day, d)), c.E164, float64(c.Answer), float64(c.Talk))
		}
	}
}

// ring adds a call from outside.
func (s *scene) ring(p *invent.Person, at belwacht.Instant, from string, answered bool) {
	in := plain(at, p, "", WayIn)
	in.caller, in.oddity, in.ring = "+"+from, s.index, int16(4+s.rng.IntN(30))
	if answered {
		in.talk = talkTime(invent.Lognormal(s.rng, 60, .7))
	}
	s.r.script(in)
}

// forward adds a call from outside that is sent on to a number.
func (s *scene) forward(p *invent.Person, at belwacht.Instant, e164 string) {
	in := plain(at, p, s.g.Dial(e164, invent.Chance(s.rng, p.Plus)), invent.Pick(s.rng, []Way{WayForward, WayTransfer}))
	in.caller, in.oddity, in.ring, in.tries = "+"+s.g.Number(s.rng, .85), s.index, int16(4+s.rng.IntN(25)), 0
	if invent.Chance(s.rng, .75) {
		in.talk = talkTime(invent.Lognormal(s.rng, 150, .8))
	}
	s.r.script(in)
}
