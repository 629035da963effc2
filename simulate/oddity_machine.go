package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// machineOddities are oddities of machines, mass dialling, and of what breaks.
func machineOddities() []oddityKind {
	return []oddityKind{
		{"survey team", "a team calls hundreds of people at home in the evening", surveyTeam},
		{"fax broadcast", "one account sends a page to a list", faxBroadcast},
		{"appointment reminders", "a machine speaks the same seconds to many mobiles", appointmentReminders},
		{"alarm machine", "a machine test-calls daily, more often when it gets no answer", alarmMachine},
		{"door phone", "a door rings a mobile outside", doorPhone},
		{"prefix trouble", "one number under several wrong prefixes until it works", prefixTrouble},
		{"prefix trouble abroad", "the same with a number abroad, from a habit of another country", prefixTroubleAbroad},
		{"phone update", "all phones restart at night and dial a feature code", phoneUpdate},
		{"power cut", "no calls, then machines report", powerCut},
		{"provider outage", "all calls fail for an hour and everybody dials again", providerOutage},
		{"storm day", "twice the calls of other days", stormDay},
		{"inbound rush", "hundreds of calls in an hour to a few accounts", inboundRush},
	}
}

func surveyTeam(s *scene) {
	for range invent.Uniform(s.rng, 1, 5) {
		p := s.somebody("agent", "evening agent", "sales", "clerk")
		at := s.o.at(s.day, 16.5+2*s.rng.Float64())
		until := s.o.at(s.day, 21)
		for at < until {
			n := s.g.Home.Number(s.rng, invent.Chance(s.rng, .5))
			at = s.call(p, at, n, .35, 60) + belwacht.Instant(4+s.rng.IntN(60))*belwacht.Second
		}
	}
}

func faxBroadcast(s *scene) {
	p := s.somebody("machine", "reception", "clerk")
	at := s.o.at(s.day, 7+13*s.rng.Float64())
	abroad := s.g.Abroad(s.rng)
	share := invent.Pick(s.rng, []float64{0, 0, .05, .3})
	page := invent.Uniform(s.rng, 20, 70)
	for range invent.Uniform(s.rng, 30, 150) {
		n := s.g.Home.Number(s.rng, false)
		if invent.Chance(s.rng, share) {
			n = abroad.Number(s.rng, false)
		}
		for range 3 {
			if invent.Chance(s.rng, .75) {
				s.exact(p, at, n, page+s.rng.IntN(6))
				break
			}
			s.call(p, at, n, 0, 0)
			at += belwacht.Instant(60+s.rng.IntN(120)) * belwacht.Second
		}
		at += belwacht.Instant(page+15+s.rng.IntN(10)) * belwacht.Second
	}
}

func appointmentReminders(s *scene) {
	p := s.somebody("machine", "reception", "clerk")
	length := invent.Uniform(s.rng, 14, 40)
	for d := range invent.Uniform(s.rng, 1, 8) {
		at := s.o.at(s.workday(s.day, d), 15+4*s.rng.Float64())
		for range invent.Uniform(s.rng, 20, 120) {
			if invent.Chance(s.rng, .7) {
				s.exact(p, at, s.g.Home.Number(s.rng, true), length+s.rng.IntN(2))
			} else {
				s.call(p, at, s.g.Home.Number(s.rng, true), 0, 0)
			}
			at += belwacht.Instant(length+10) * belwacht.Second
		}
	}
}

func alarmMachine(s *scene) {
	p := s.somebody("machine")
	n, second := s.g.Home.Number(s.rng, false), s.g.Home.Number(s.rng, true)
	hour := 24 * s.rng.Float64()
	for d := s.day; d < min(s.day+invent.Uniform(s.rng, 5, 60), s.o.days); d++ {
		at := s.o.at(d, hour)
		for invent.Chance(s.rng, .2) {
			s.call(p, at, n, 0, 0)
			at += 40 * belwacht.Second
			n, second = second, n
		}
		s.exact(p, at, n, 18)
	}
}

func doorPhone(s *scene) {
	p := s.somebody("machine")
	n := s.g.Home.Number(s.rng, true)
	for d := range invent.Uniform(s.rng, 2, 10) {
		for range invent.Uniform(s.rng, 1, 5) {
			s.call(p, s.o.at(s.day+d, 7+14*s.rng.Float64()), n, .6, 15)
		}
	}
}

// wrongly dials a number under wrong prefixes, all failing, and then rightly.
func (s *scene) wrongly(n string, wrong []string) {
	p := s.somebody()
	at := s.office(s.day)
	for range invent.Uniform(s.rng, 2, 9) {
		in := plain(at, p, invent.Pick(s.rng, wrong)+n, WayOut)
		in.oddity, in.disp, in.ring, in.tries = s.index, belwacht.Failed, 0, 0
		if s.g.Connects(in.dialled, n) {
			continue
		}
		s.r.script(in)
		at += belwacht.Instant(invent.Between(s.rng, 6, 150)) * belwacht.Second
	}
	s.call(p, at, n, .9, 200)
}

func prefixTrouble(s *scene) {
	g := s.g
	n := g.Domestic(s.rng)
	s.wrongly(n, []string{"0", "9", "90", "00" + g.Nation.Trunk, "000", "0" + g.Nation.Trunk, "", "1", "*", "+0", g.Nation.International + g.Nation.Trunk})
}

func prefixTroubleAbroad(s *scene) {
	l := s.land(s.g.Abroad, s.anywhere, .4)
	s.wrongly(l.Number(s.rng, invent.Chance(s.rng, .5)), []string{"", "0", "000", "011", "0011", "900", "9", "+00", "010", "90011", "0" + s.g.Nation.International, "00" + s.g.Home.Code})
}

func phoneUpdate(s *scene) {
	at := s.o.at(s.day, 26+3*s.rng.Float64())
	for _, p := range s.r.people {
		if p.Kind == belwacht.KindMachine || p.Role.Name == "spare" || invent.Chance(s.rng, .3) {
			continue
		}
		in := plain(at, p, invent.Pick(s.rng, []string{"*97", "*97", "*43", "*65"}), WayInside)
		in.oddity, in.ring, in.talk = s.index, 0, int32(1+s.rng.IntN(3))
		s.r.script(in)
		at += belwacht.Instant(s.rng.IntN(20)) * belwacht.Second
	}
}

// close adds a stretch of a day in which something is done to all calls.
func (s *scene) close(from, to belwacht.Instant, effect func(r *run, in *intent, oddity int16) bool) {
	s.r.closures = append(s.r.closures, closure{day: s.day, from: from, to: to, oddity: s.index, effect: effect})
}

func powerCut(s *scene) {
	from := s.office(s.day)
	to := from + belwacht.Instant(invent.Between(s.rng, 1200, 12000))*belwacht.Second
	s.close(from, to, func(*run, *intent, int16) bool { return false })
	for _, p := range s.r.people {
		if p.Kind == belwacht.KindMachine && len(p.Contacts) > 0 {
			for range invent.Uniform(s.rng, 1, 3) {
				s.call(p, to+belwacht.Instant(s.rng.IntN(600))*belwacht.Second, invent.Pick(s.rng, p.Contacts).E164, .6, 20)
			}
		}
	}
}

func providerOutage(s *scene) {
	from := s.office(s.day)
	to := from + belwacht.Instant(invent.Between(s.rng, 900, 7000))*belwacht.Second
	s.close(from, to, func(r *run, in *intent, oddity int16) bool {
		switch in.way {
		case WayInside:
			return true
		case WayIn:
			return false
		}
		in.talk, in.ring, in.oddity = 0, int16(r.rng.IntN(2)), oddity
		in.disp = belwacht.Failed
		if r.rng.IntN(3) == 0 {
			in.disp = belwacht.Congestion
		}
		for at := in.start; invent.Chance(r.rng, .55); {
			at += belwacht.Instant(invent.Between(r.rng, 10, 900)) * belwacht.Second
			again := *in
			again.start = at
			if at >= to {
				again.disp, again.talk, again.ring = belwacht.Answered, talkTime(invent.Lognormal(r.rng, 90, .8)), 8
			}
			r.queue.push(again)
			if at >= to {
				break
			}
		}
		return true
	})
}

func stormDay(s *scene) { s.r.storms[s.day] = s.index }

func inboundRush(s *scene) {
	var desk []*invent.Person
	for range invent.Uniform(s.rng, 1, 4) {
		desk = append(desk, s.somebody("reception", "support", "shop", "nurse", "doctor"))
	}
	at := s.office(s.day)
	for range invent.Uniform(s.rng, 60, 250) {
		s.ring(invent.Pick(s.rng, desk), at, s.g.Domestic(s.rng), invent.Chance(s.rng, .5))
		at += belwacht.Instant(1+s.rng.IntN(25)) * belwacht.Second
	}
}
