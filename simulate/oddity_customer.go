package simulate

import "github.com/belwacht/belwacht"

// customerOddities are oddities that business brings.
func customerOddities() []oddityKind {
	return []oddityKind{
		{"new customer abroad", "somebody begins to call a country that is new to him", newCustomerAbroad},
		{"new customer in a dear country", "the same, where a minute costs much", newCustomerDear},
		{"sales campaign abroad", "a hundred new numbers abroad in a few days, at times consecutive", salesCampaignAbroad},
		{"call-back to a dear country", "they rang us first", callBackDear},
		{"busy redial", "one number again and again until it is free", busyRedial},
	}
}

// customer plays weeks of calls to one customer's numbers.
func (s *scene) customer(l *land, calls, days int) {
	p := s.somebody("sales", "export", "buyer", "manager", "clerk", "trader", "planner")
	numbers := []string{}
	for range 1 + s.rng.IntN(4) {
		numbers = append(numbers, l.number(s.rng, chance(s.rng, .4)))
	}
	for range calls {
		s.call(p, s.office(s.workday(s.day, s.rng.IntN(days))), numbers[zipf(s.rng, len(numbers), 1.6)], .72, lognormal(s.rng, 180, .6))
	}
}

func newCustomerAbroad(s *scene) {
	s.customer(s.g.anywhere(s.rng), uniform(s.rng, 6, 18), uniform(s.rng, 2, 20))
}

func newCustomerDear(s *scene) {
	s.customer(s.g.dear(s.rng), uniform(s.rng, 5, 36), uniform(s.rng, 2, 25))
}

func salesCampaignAbroad(s *scene) {
	p := s.somebody("sales", "export", "agent", "export agent")
	l := s.g.abroad(s.rng)
	base := l.number(s.rng, chance(s.rng, .3))
	consecutive, serial := chance(s.rng, .4), s.rng.IntN(500)
	at := s.office(s.day)
	day := s.day
	for range uniform(s.rng, 40, 160) {
		n := l.number(s.rng, chance(s.rng, .3))
		if consecutive {
			serial += 1 + s.rng.IntN(2)
			n = base[:len(base)-4] + pad4(serial)
		}
		at = s.call(p, at, n, .4, 70) + belwacht.Instant(10+s.rng.IntN(120))*belwacht.Second
		if at > s.o.at(day, s.g.nation.closes) {
			day = s.workday(day+1, 0)
			at = s.o.at(day, s.g.nation.opens+.5)
		}
	}
}

func callBackDear(s *scene) {
	p := s.somebody("reception", "clerk", "sales", "support")
	n := s.g.dear(s.rng).number(s.rng, chance(s.rng, .6))
	at := s.office(s.day)
	in := plain(at, p, "", wayIn)
	in.caller, in.oddity, in.ring = "+"+n, s.index, int16(10+s.rng.IntN(30))
	if chance(s.rng, .4) {
		in.talk = talkTime(lognormal(s.rng, 60, .6))
	}
	s.r.script(in)
	s.call(p, at+belwacht.Instant(between(s.rng, 120, 9000))*belwacht.Second, n, .85, 200)
}

func busyRedial(s *scene) {
	p := s.somebody()
	n := s.g.domestic(s.rng)
	at := s.office(s.day)
	for range uniform(s.rng, 4, 20) {
		in := plain(at, p, s.g.dial(n, chance(s.rng, p.plus)), wayOut)
		in.oddity, in.disp, in.ring, in.tries = s.index, belwacht.Busy, 1, 1
		s.r.script(in)
		at += belwacht.Instant(between(s.rng, 8, 120)) * belwacht.Second
	}
	s.call(p, at, n, 1, 200)
}
