package simulate

import "github.com/belwacht/belwacht"

// rhythmOddities are oddities of when and how long people call.
func rhythmOddities() []oddityKind {
	return []oddityKind{
		{"weekend emergency", "somebody works through a weekend because something broke", weekendEmergency},
		{"long conference", "hours with one number", longConference},
		{"call home", "a call abroad in the evening, to family", callHome},
	}
}

func weekendEmergency(s *scene) {
	day := s.day
	for s.o.calendar[day].weekday != 5 && day < s.o.days-1 {
		day++
	}
	p := s.somebody("manager", "engineer", "planner", "clerk")
	at := s.o.at(day, 7+12*s.rng.Float64())
	for range uniform(s.rng, 3, 9) {
		n := s.g.domestic(s.rng)
		if chance(s.rng, .3) {
			n = s.g.abroad(s.rng).number(s.rng, chance(s.rng, .5))
		}
		at = s.call(p, at, n, .8, 240) + belwacht.Instant(between(s.rng, 60, 4000))*belwacht.Second
	}
}

func longConference(s *scene) {
	p := s.somebody("manager", "meeting room", "engineer")
	n := s.g.domestic(s.rng)
	if chance(s.rng, .5) {
		n = s.g.abroad(s.rng).number(s.rng, false)
	}
	s.exact(p, s.office(s.day), n, uniform(s.rng, 4500, 16000))
}

func callHome(s *scene) {
	p := s.somebody()
	l := s.g.anywhere(s.rng)
	if chance(s.rng, .5) {
		l = s.g.dear(s.rng)
	}
	n := l.number(s.rng, chance(s.rng, .7))
	for range uniform(s.rng, 1, 3) {
		s.call(p, s.o.at(s.day, 17.5+4*s.rng.Float64()), n, .8, 600)
	}
}
