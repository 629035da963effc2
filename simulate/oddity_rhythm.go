package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// rhythmOddities are oddities of when and how long people call.
func rhythmOddities() []oddityKind {
	return []oddityKind{
		{"weekend emergency", "somebody works through a weekend because something broke", weekendEmergency},
		{"long conference", "hours with one number", longConference},
		{"conference dial-out", "one account calls many countries at once", conferenceDialOut},
		{"bridge abroad", "several people at once on one number abroad", bridgeAbroad},
		{"long open line", "hours to a number, at times an unknown one abroad", longOpenLine},
		{"call home", "a call abroad in the evening, to family", callHome},
		{"family illness", "long calls to a dear country, several a day for a week", familyIllness},
		{"feast abroad", "on one evening many people call their families' countries", feastAbroad},
		{"on-call night", "an engineer at night to a dear country", onCallNight},
		{"other time zone", "a project that is called at five in the morning, or late", otherTimeZone},
		{"event abroad", "in the evening many colleagues' numbers in one country", eventAbroad},
		{"watch abroad", "at night calls are forwarded to a watch abroad", watchAbroad},
		{"traveller", "a desk is forwarded to a mobile abroad", traveller},
		{"children at the office", "a weekend with short calls to anywhere", childrenAtOffice},
		{"guest in the meeting room", "a visitor calls his own country", guestInRoom},
	}
}

func weekendEmergency(s *scene) {
	day := s.day
	for s.o.calendar[day].weekday != 5 && day < s.o.days-1 {
		day++
	}
	p := s.somebody("manager", "engineer", "planner", "clerk")
	at := s.o.at(day, 7+12*s.rng.Float64())
	for range invent.Uniform(s.rng, 3, 9) {
		n := s.g.Domestic(s.rng)
		if invent.Chance(s.rng, .3) {
			n = s.g.Abroad(s.rng).Number(s.rng, invent.Chance(s.rng, .5))
		}
		at = s.call(p, at, n, .8, 240) + belwacht.Instant(invent.Between(s.rng, 60, 4000))*belwacht.Second
	}
}

func longConference(s *scene) {
	p := s.somebody("manager", "meeting room", "engineer")
	n := s.g.Domestic(s.rng)
	if invent.Chance(s.rng, .5) {
		n = s.g.Abroad(s.rng).Number(s.rng, false)
	}
	s.exact(p, s.office(s.day), n, invent.Uniform(s.rng, 4500, 16000))
}

func conferenceDialOut(s *scene) {
	p := s.somebody("meeting room", "manager", "reception", "sales")
	at := s.office(s.day)
	length := invent.Uniform(s.rng, 900, 6000)
	for range invent.Uniform(s.rng, 4, 14) {
		l := s.land(s.g.Abroad, s.anywhere, .25)
		s.exact(p, at, l.Number(s.rng, invent.Chance(s.rng, .5)), max(30, length-s.rng.IntN(300)))
		at += belwacht.Instant(3+s.rng.IntN(40)) * belwacht.Second
	}
}

func bridgeAbroad(s *scene) {
	n := s.g.Abroad(s.rng).Number(s.rng, false)
	length := invent.Uniform(s.rng, 1200, 7000)
	at := s.office(s.day)
	if invent.Chance(s.rng, .4) { // it is morning there
		at = s.o.at(s.day, 18+5*s.rng.Float64())
	}
	for week := range invent.Uniform(s.rng, 1, 4) {
		for range invent.Uniform(s.rng, 3, 14) {
			s.exact(s.somebody(), at+belwacht.Instant(week)*belwacht.Week+belwacht.Instant(s.rng.IntN(400))*belwacht.Second, n, max(60, length-s.rng.IntN(600)))
		}
	}
}

func longOpenLine(s *scene) {
	p := s.somebody("manager", "engineer", "clerk", "sales", "export")
	n := s.g.Domestic(s.rng)
	if len(p.Contacts) > 0 {
		n = invent.Pick(s.rng, p.Contacts).E164
	}
	at := s.office(s.day)
	if invent.Chance(s.rng, .5) { // a call abroad after which nobody put the receiver down, at any hour at which people still sit there
		n, at = s.g.Abroad(s.rng).Number(s.rng, invent.Chance(s.rng, .4)), s.o.at(s.day, 8+15*s.rng.Float64())
	}
	s.exact(p, at, n, invent.Uniform(s.rng, 7000, 30000))
}

func callHome(s *scene) {
	p := s.somebody()
	l := s.land(s.anywhere, s.g.Dear, .5)
	n := l.Number(s.rng, invent.Chance(s.rng, .7))
	week := 7 * invent.Pick(s.rng, []int{0, 0, 1}) // at times the same evening each week
	for i := range invent.Uniform(s.rng, 1, 4) {
		s.call(p, s.o.at(s.day+i*week, 17.5+4*s.rng.Float64()), n, .8, 600)
	}
}

func familyIllness(s *scene) {
	p := s.somebody()
	l := s.land(s.anywhere, s.g.Dear, .6)
	numbers := l.Few(s.rng, 3)
	for d := range invent.Uniform(s.rng, 2, 8) {
		for range invent.Uniform(s.rng, 1, 3) {
			s.call(p, s.office(s.workday(s.day, d)), invent.Pick(s.rng, numbers), .7, 400)
		}
	}
}

func feastAbroad(s *scene) {
	l := s.land(s.anywhere, s.g.Dear, .5)
	for range invent.Uniform(s.rng, 4, 15) {
		if invent.Chance(s.rng, .35) {
			l = s.g.Anywhere(s.rng)
		}
		s.call(s.somebody("clerk", "workshop", "nurse", "agent", "cleaner", "guest room", "tenant"), s.o.at(s.day, 14+7.5*s.rng.Float64()), l.Number(s.rng, invent.Chance(s.rng, .8)), .7, 420)
	}
}

func onCallNight(s *scene) {
	p := s.somebody("engineer", "night desk", "manager", "guard", "planner")
	l := s.land(s.g.Dear, s.anywhere, .6)
	numbers := l.Few(s.rng, 7)
	at, list := s.o.at(s.day, 20+8*s.rng.Float64()), invent.Chance(s.rng, .5)
	if list { // all of one company, one after the other, until somebody can help
		for len(numbers) < 10 {
			numbers = append(numbers, invent.Neighbour(s.rng, numbers[0]))
		}
	}
	for i := range invent.Uniform(s.rng, 2, 10) {
		n := invent.Pick(s.rng, numbers)
		if list {
			n = numbers[i]
		}
		at = s.call(p, at, n, .75, 240) + belwacht.Instant(invent.Between(s.rng, 60, 3000))*belwacht.Second
	}
}

func otherTimeZone(s *scene) {
	p := s.business()
	l := s.g.ByISO[invent.Pick(s.rng, invent.Split("IN CN JP KR AU NZ SG PH VN US MX BR AE BD"))]
	hour := invent.Pick(s.rng, []float64{4.8, 5.5, 6.5, 20, 21.5, 22.5})
	if l.Code == s.g.Home.Code {
		return
	}
	numbers := l.Few(s.rng, 4)
	for d := range invent.Uniform(s.rng, 3, 15) {
		for range invent.Uniform(s.rng, 1, 2) {
			s.call(p, s.o.at(s.workday(s.day, d), hour+s.rng.Float64()), invent.Pick(s.rng, numbers), .8, 500)
		}
	}
}

func eventAbroad(s *scene) {
	l := s.land(s.g.Abroad, s.anywhere, .3)
	if invent.Chance(s.rng, .5) { // somebody rings round
		p := s.somebody("reception", "manager", "clerk")
		at := s.o.at(s.day, 17+4*s.rng.Float64())
		for range invent.Uniform(s.rng, 5, 30) {
			at = s.call(p, at, l.Number(s.rng, true), .6, 45) + belwacht.Instant(invent.Between(s.rng, 10, 300))*belwacht.Second
		}
		return
	}
	if invent.Chance(s.rng, .6) { // everybody at the office calls somebody there
		at := s.o.at(s.day, 17+5*s.rng.Float64())
		for range invent.Uniform(s.rng, 8, 30) {
			s.call(s.somebody(), at, l.Number(s.rng, true), .7, 240)
			at += belwacht.Instant(invent.Between(s.rng, 30, 900)) * belwacht.Second
		}
		return
	}
	for range invent.Uniform(s.rng, 4, 12) { // colleagues have their desks forwarded there
		p, n := s.business(), l.Number(s.rng, true)
		for range invent.Uniform(s.rng, 1, 4) {
			s.forward(p, s.o.at(s.day, 9+13*s.rng.Float64()), n)
		}
	}
}

func watchAbroad(s *scene) {
	p := s.somebody("support", "engineer", "reception", "night desk", "manager")
	n := s.g.Abroad(s.rng).Number(s.rng, true)
	for d := range invent.Uniform(s.rng, 1, 7) {
		for range invent.Uniform(s.rng, 1, 6) {
			s.forward(p, s.o.at(s.day+d, 18.5+10*s.rng.Float64()), n)
		}
	}
}

func traveller(s *scene) {
	p := s.business()
	l := s.land(s.anywhere, s.g.Abroad, .5)
	n := l.Number(s.rng, true)
	for d := range invent.Uniform(s.rng, 2, 10) {
		for range invent.Uniform(s.rng, 1, 5) {
			s.forward(p, s.office(s.workday(s.day, d)), n)
		}
	}
}

func childrenAtOffice(s *scene) {
	day := s.day
	for s.o.calendar[day].weekday < 5 && day < s.o.days-1 {
		day++
	}
	p := s.somebody("manager", "clerk", "shop")
	at := s.o.at(day, 10+6*s.rng.Float64())
	for range invent.Uniform(s.rng, 4, 20) {
		n := s.g.Domestic(s.rng)
		if invent.Chance(s.rng, .15) {
			n = s.g.Anywhere(s.rng).Number(s.rng, true)
		}
		at = s.call(p, at, n, .4, 12) + belwacht.Instant(5+s.rng.IntN(200))*belwacht.Second
	}
}

func guestInRoom(s *scene) {
	p := s.somebody("meeting room", "reception", "clerk")
	numbers := s.g.Anywhere(s.rng).Few(s.rng, 3)
	at := s.office(s.day)
	for range invent.Uniform(s.rng, 1, 4) {
		at = s.call(p, at, invent.Pick(s.rng, numbers), .7, 300) + belwacht.Instant(invent.Between(s.rng, 30, 2000))*belwacht.Second
	}
}
