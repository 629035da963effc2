package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// customerOddities are oddities that business brings.
func customerOddities() []oddityKind {
	return []oddityKind{
		{"new customer abroad", "somebody begins to call a country that is new to him", newCustomerAbroad},
		{"new customer in a dear country", "the same, where a minute costs much", newCustomerDear},
		{"customer of several", "colleagues all call the same new customer", customerOfSeveral},
		{"sales campaign abroad", "a hundred new numbers abroad in a few days", salesCampaignAbroad},
		{"call-back to a dear country", "they rang us first", callBackDear},
		{"busy redial", "one number again and again until it is free", busyRedial},
		{"busy redial abroad", "an embassy or a ministry abroad again and again", busyRedialAbroad},
		{"recruiting team", "a team calls a new country, more each week", recruitingTeam},
		{"migrated number", "a partner moved to a number in a dear or strange network", migratedNumber},
		{"supplier in trouble", "a known dear number many times in an afternoon", supplierInTrouble},
		{"drivers abroad", "dozens of mobiles of one country in a day", driversAbroad},
		{"wrong number abroad", "a call or two of seconds to a country nobody meant", wrongNumberAbroad},
		{"premium number", "a premium number at home, once or three times", premiumNumber},
		{"satellite phone", "a ship or an expedition, some days long", satellitePhone},
		{"long helpline", "two hours on hold with a helpline", longHelpline},
	}
}

// business are the roles that have customers and suppliers.
func (s *scene) business() *invent.Person {
	return s.somebody("sales", "export", "buyer", "manager", "clerk", "trader", "planner", "engineer", "tenant")
}

// customer plays weeks of calls to one customer's numbers.
func (s *scene) customer(l *invent.Land, calls, days int) {
	team, numbers := []*invent.Person{s.business(), s.business()}[:1+s.rng.IntN(2)], l.Few(s.rng, 5)
	for range calls {
		s.call(invent.Pick(s.rng, team), s.office(s.workday(s.day, s.rng.IntN(days))), numbers[invent.Zipf(s.rng, len(numbers), 1.6)], .72, invent.Lognormal(s.rng, 180, .6))
	}
}

func newCustomerAbroad(s *scene) {
	s.customer(s.g.Anywhere(s.rng), invent.Uniform(s.rng, 6, 18), invent.Uniform(s.rng, 2, 20))
}

func newCustomerDear(s *scene) {
	s.customer(s.g.Dear(s.rng), invent.Uniform(s.rng, 5, 36), invent.Uniform(s.rng, 2, 25))
}

func customerOfSeveral(s *scene) {
	l := s.land(s.anywhere, s.g.Dear, .4)
	numbers := l.Few(s.rng, 5)
	days := invent.Uniform(s.rng, 1, 8)
	for range invent.Uniform(s.rng, 3, 7) {
		p := s.business()
		for range invent.Uniform(s.rng, 1, 4) {
			s.call(p, s.office(s.workday(s.day, s.rng.IntN(days))), invent.Pick(s.rng, numbers), .7, 150)
		}
	}
}

func salesCampaignAbroad(s *scene) {
	l := s.land(s.g.Abroad, s.anywhere, .2)
	team, company := invent.Pick(s.rng, []int{1, 1, 2, 3, 4}), invent.Pick(s.rng, []float64{.05, .12, .35, .6})
	calls := invent.Uniform(s.rng, 40, 160) / team
	for range team {
		p := s.somebody("sales", "export", "agent", "export agent")
		at, day, before := s.office(s.day), s.day, ""
		for range calls {
			n := l.Number(s.rng, invent.Chance(s.rng, .3))
			if before != "" && invent.Chance(s.rng, company) { // the next of the same company, or of the same block of the list
				n = invent.Neighbour(s.rng, before)
			}
			before = n
			at = s.call(p, at, n, .4, 70) + belwacht.Instant(10+s.rng.IntN(600))*belwacht.Second
			if at > s.o.at(day, s.g.Nation.Closes) {
				day = s.workday(day+1, 0)
				at = s.o.at(day, s.g.Nation.Opens+.5)
			}
		}
	}
}

func callBackDear(s *scene) {
	p := s.somebody("reception", "clerk", "sales", "support")
	n := s.g.Dear(s.rng).Number(s.rng, invent.Chance(s.rng, .6))
	at := s.office(s.day)
	s.ring(p, at, n, invent.Chance(s.rng, .4))
	for range invent.Pick(s.rng, []int{1, 1, 2}) {
		at = s.call(p, at+belwacht.Instant(invent.Between(s.rng, 120, 9000))*belwacht.Second, n, .85, 200)
	}
}

func busyRedial(s *scene) { s.redial(s.g.Domestic(s.rng), invent.Uniform(s.rng, 4, 20)) }

func busyRedialAbroad(s *scene) {
	l := s.land(s.anywhere, s.g.Dear, .4)
	s.redial(l.Number(s.rng, false), invent.Uniform(s.rng, 4, 25))
}

// redial plays somebody who dials until it is free.
func (s *scene) redial(n string, times int) {
	p := s.somebody()
	at := s.office(s.day)
	for range times {
		in := plain(at, p, s.g.Dial(n, invent.Chance(s.rng, p.Plus)), WayOut)
		in.oddity, in.disp, in.ring, in.tries = s.index, belwacht.Busy, int16(s.rng.IntN(3)), 1
		if invent.Chance(s.rng, .2) {
			in.disp, in.ring = belwacht.NoAnswer, int16(10+s.rng.IntN(40))
		}
		s.r.script(in)
		at += belwacht.Instant(invent.Between(s.rng, 8, 120)) * belwacht.Second
	}
	s.call(p, at, n, 1, 300)
}

func recruitingTeam(s *scene) {
	l := s.g.Anywhere(s.rng)
	var team []*invent.Person
	for range invent.Uniform(s.rng, 2, 5) {
		team = append(team, s.business())
	}
	known := l.Few(s.rng, 5)
	for week := range invent.Uniform(s.rng, 2, 5) {
		for range (week + 1) * len(team) * invent.Uniform(s.rng, 1, 4) {
			n := l.Number(s.rng, true)
			if invent.Chance(s.rng, .3) {
				n = invent.Pick(s.rng, known)
			}
			s.call(invent.Pick(s.rng, team), s.office(s.workday(s.day, 5*week+s.rng.IntN(5))), n, .55, 240)
		}
	}
}

func migratedNumber(s *scene) {
	n := invent.Pick(s.rng, []string{"8835100" + invent.Digits(s.rng, 8), s.g.Dear(s.rng).Number(s.rng, false), s.g.Anywhere(s.rng).Number(s.rng, false), s.g.Cheap(s.rng).Number(s.rng, false)})
	team := []*invent.Person{s.business(), s.business(), s.somebody()}
	for range invent.Uniform(s.rng, 4, 20) {
		s.call(invent.Pick(s.rng, team), s.office(s.workday(s.day, s.rng.IntN(15))), n, .8, 150)
	}
}

func supplierInTrouble(s *scene) {
	p := s.somebody("export", "trader", "buyer", "planner")
	l := s.g.Dear(s.rng)
	if len(p.Lands) > 0 {
		l = invent.Pick(s.rng, p.Lands)
	}
	numbers := l.Few(s.rng, 2)
	for i := range 10 { // known for weeks
		if day := s.day - 3*(10-i); day >= 0 {
			s.call(p, s.office(s.workday(day, 0)), numbers[0], .8, 200)
		}
	}
	at := s.office(s.day)
	for range invent.Uniform(s.rng, 8, 22) {
		at = s.call(p, at, invent.Pick(s.rng, numbers), .6, 200) + belwacht.Instant(invent.Between(s.rng, 20, 900))*belwacht.Second
	}
}

func driversAbroad(s *scene) {
	p := s.somebody("planner", "export", "clerk")
	l := s.g.Abroad(s.rng)
	at := s.o.at(s.day, 6+3*s.rng.Float64())
	for range invent.Uniform(s.rng, 15, 50) {
		at = s.call(p, at, l.Number(s.rng, true), .75, 60) + belwacht.Instant(invent.Between(s.rng, 10, 600))*belwacht.Second
	}
}

func wrongNumberAbroad(s *scene) {
	p := s.somebody()
	n := s.g.Anywhere(s.rng).Number(s.rng, invent.Chance(s.rng, .5))
	at := s.office(s.day)
	for range invent.Uniform(s.rng, 1, 2) {
		s.exact(p, at, n, invent.Uniform(s.rng, 3, 20))
		at += belwacht.Instant(30+s.rng.IntN(60)) * belwacht.Second
	}
}

func premiumNumber(s *scene) {
	p, n := s.somebody(), s.g.NationalPremium(s.rng)
	at := s.office(s.day)
	for range invent.Pick(s.rng, []int{1, 1, 2, 3}) {
		at = s.call(p, at, n, .9, invent.Lognormal(s.rng, 180, .6)) + belwacht.Instant(invent.Between(s.rng, 20, 5000))*belwacht.Second
	}
}

func satellitePhone(s *scene) {
	p := s.business()
	var n string
	for range 50 {
		if n = s.g.Satellite(s.rng); n[:3] != "979" {
			break
		}
	}
	at := s.office(s.day)
	for d := range invent.Uniform(s.rng, 2, 14) {
		for i := range invent.Pick(s.rng, []int{1, 1, 1, 2, 3}) { // a ship reports at its hour
			s.call(p, at+belwacht.Instant(d)*belwacht.Day+belwacht.Instant(i*s.rng.IntN(9000))*belwacht.Second, n, .6, 150)
		}
	}
}

func longHelpline(s *scene) {
	p := s.somebody("manager", "clerk", "reception", "tenant")
	n := s.g.Home.Code + s.g.Nation.Free + invent.Digits(s.rng, s.g.Nation.FreeLen-len(s.g.Nation.Free))
	if invent.Chance(s.rng, .5) {
		n = s.g.Home.Local(s.rng, invent.Pick(s.rng, s.g.Home.Fixed))
	}
	s.exact(p, s.office(s.day), n, invent.Uniform(s.rng, 3500, 9500))
}
