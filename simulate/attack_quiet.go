package simulate

import "github.com/belwacht/belwacht"

// quietAttacks are attacks that want to last.
func quietAttacks() []attackKind {
	return []attackKind{
		{"low and slow", "a few calls a day in office hours, for weeks", lowAndSlow},
	}
}

func lowAndSlow(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 9)
	a.taste = pick(a.rng, []taste{tasteDear, tasteMixed, tasteMixed, tasteCheap})
	a.talk, a.most = between(a.rng, 40, 420), uniform(a.rng, 10, 60)
	a.lines = append(a.lines, line{first: first, until: first + belwacht.Instant(uniform(a.rng, 5, 35))*belwacht.Day, gap: between(a.rng, 3600, 30000), sigma: .6,
		from: 8 + a.rng.Float64(), to: 16.5 + 2*a.rng.Float64(), weekdays: chance(a.rng, .7)})
}
