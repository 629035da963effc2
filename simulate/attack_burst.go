package simulate

import "github.com/belwacht/belwacht"

// burstAttacks are attacks that take what they can while nobody looks.
func burstAttacks() []attackKind {
	return []attackKind{
		{"weekend burst", "many calls from Friday evening on, one or more at once", weekendBurst},
		{"dormant extension", "an account that nobody uses begins to call", dormantExtension},
		{"hijacked forward", "inbound calls are sent abroad by one account's forward", hijackedForward},
		{"premium and satellite", "some calls to satellite, international networks and premium numbers", premiumAndSatellite},
		{"call left open", "one call that lasts for hours", callLeftOpen},
	}
}

// lines adds lines that each dial again after the call before.
func (a *attacker) dialers(n int, first, until belwacht.Instant, pause float64) {
	for range n {
		a.lines = append(a.lines, line{first: first + belwacht.Instant(a.rng.IntN(120))*belwacht.Second, until: until, gap: pause, sigma: .6, serial: true})
	}
}

func weekendBurst(r *run, a *attacker, day int) {
	for r.o.calendar[day].weekday != 4 && day < r.o.days-1 {
		day++
	}
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 18+44*a.rng.Float64())
	a.taste = tasteMixed
	a.dialers(pick(a.rng, []int{1, 1, 2, 3, 6, 12}), first, first+belwacht.Instant(between(a.rng, 1, 50))*belwacht.Hour, between(a.rng, 2, 120))
}

func dormantExtension(r *run, a *attacker, day int) {
	a.users = append(a.users, r.idle(a.rng))
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(pick(a.rng, []int{1, 1, 2, 4}), first, first+belwacht.Instant(between(a.rng, 1, 30))*belwacht.Hour, between(a.rng, 5, 400))
}

func hijackedForward(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.way = pick(a.rng, []way{wayForward, wayTransfer})
	first := r.o.at(day, pick(a.rng, []float64{2, 9, 14, 19, 23})+3*a.rng.Float64())
	a.taste = tasteMixed
	t := a.aimAnew(r.o.geo)
	a.targets = []target{{numbers: []string{t.number(a.rng)}}}
	a.dialers(pick(a.rng, []int{1, 2, 4}), first, first+belwacht.Instant(between(a.rng, 1, 40))*belwacht.Hour, between(a.rng, 20, 900))
}

func premiumAndSatellite(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.taste = tasteSatellite
	for range 1 + a.rng.IntN(4) {
		a.taste = pick(a.rng, []taste{tasteSatellite, tasteSatellite, tasteNational})
		a.targets = append(a.targets, a.aimAnew(r.o.geo))
	}
	a.rotate, a.most = .7, uniform(a.rng, 2, 25)
	first := r.o.at(day, 24*a.rng.Float64())
	a.talk = between(a.rng, 60, 1200)
	a.dialers(1, first, first+belwacht.Instant(between(a.rng, 2, 60))*belwacht.Hour, between(a.rng, 20, 1500))
}

func callLeftOpen(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 24*a.rng.Float64())
	a.taste = pick(a.rng, []taste{tasteDear, tasteMixed, tasteSatellite})
	a.talk, a.sigma, a.answer, a.most = between(a.rng, 5400, 36000), .1, 1, pick(a.rng, []int{1, 1, 1, 2})
	a.budget = 1e6
	a.dialers(1, first, first+2*belwacht.Day, 60)
}
