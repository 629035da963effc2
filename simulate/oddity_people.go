package simulate

import "github.com/belwacht/belwacht"

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
		p := pick(s.rng, s.r.people)
		if p.role.name != "spare" {
			continue
		}
		name, colleagues := p.name, p.colleagues
		*p = *s.g.newPerson(s.rng, name, roles()[role], s.o.days)
		p.colleagues, p.first, p.last, p.away = colleagues, day, s.o.days+1, nil
		p.odd, p.oddFrom, p.oddTo = s.index, day, day+days
		return true
	}
	return false
}

// usual draws a role that the organisation has.
func (s *scene) usual() string {
	for range 40 {
		name := pick(s.rng, s.o.kind.shares).role
		if name != "spare" && name != "machine" && name != "queue" {
			return name
		}
	}
	return "clerk"
}

func newColleague(s *scene) { s.settle(s.usual(), s.day, uniform(s.rng, 5, 15)) }

func newDepartment(s *scene) {
	role := pick(s.rng, []string{"sales", "clerk", "export", "support", s.usual(), s.usual(), s.usual(), s.usual()})
	for range uniform(s.rng, 2, 8) {
		if !s.settle(role, s.day, 10) {
			return
		}
	}
}

func backAfterMonths(s *scene) {
	p := s.somebody("clerk", "manager", "sales", "teacher", "nurse", "export")
	if p.role.campaign || s.day < 30 {
		return
	}
	p.away = append(p.away, [2]int{0, s.day})
	p.odd, p.oddFrom, p.oddTo = s.index, s.day, s.day+uniform(s.rng, 2, 7)
}

func lateShift(s *scene) {
	p := s.somebody("clerk", "sales", "manager", "export", "support")
	p.odd, p.oddFrom, p.oddTo = s.index, s.day, s.day+uniform(s.rng, 2, 6)
	p.shift = 4 + 4*s.rng.Float64()
}

func holidayCover(s *scene) {
	p, of := s.business(), s.business()
	if len(of.contacts) == 0 {
		return
	}
	for d := range uniform(s.rng, 4, 15) {
		for range uniform(s.rng, 1, 5) {
			c := of.contacts[zipf(s.rng, len(of.contacts), 2)]
			s.call(p, s.office(s.workday(s.day, d)), c.e164, float64(c.answer), float64(c.talk))
		}
	}
}

// ring adds a call from outside.
func (s *scene) ring(p *person, at belwacht.Instant, from string, answered bool) {
	in := plain(at, p, "", WayIn)
	in.caller, in.oddity, in.ring = "+"+from, s.index, int16(4+s.rng.IntN(30))
	if answered {
		in.talk = talkTime(lognormal(s.rng, 60, .7))
	}
	s.r.script(in)
}

// forward adds a call from outside that is sent on to a number.
func (s *scene) forward(p *person, at belwacht.Instant, e164 string) {
	in := plain(at, p, s.g.dial(e164, chance(s.rng, p.plus)), pick(s.rng, []Way{WayForward, WayTransfer}))
	in.caller, in.oddity, in.ring, in.tries = "+"+s.g.number(s.rng, .85), s.index, int16(4+s.rng.IntN(25)), 0
	if chance(s.rng, .75) {
		in.talk = talkTime(lognormal(s.rng, 150, .8))
	}
	s.r.script(in)
}
