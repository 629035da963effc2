package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// burstAttacks are attacks that take what they can while nobody looks.
func burstAttacks() []attackKind {
	return []attackKind{
		{"weekend burst", "many calls from Friday evening on, one or more at once", weekendBurst},
		{"night burst", "one night of many calls at once", nightBurst},
		{"office-hours burst", "a burst while everybody works", officeBurst},
		{"holiday burst", "a burst on a public holiday or the night before it", holidayBurst},
		{"dormant extension", "an account that nobody uses begins to call", dormantExtension},
		{"new account", "an account that the attacker made himself calls at once", newAccount},
		{"hijacked forward", "inbound calls are sent abroad by one account's forward", hijackedForward},
		{"dial-through", "calls from outside go out again over the trunk, without any extension", dialThrough},
		{"stolen trunk credentials", "calls from an endpoint that is no extension", stolenTrunk},
		{"machine account", "the account of a fax, lift or alarm calls abroad", machineAccount},
		{"premium and satellite", "some calls to satellite, international networks and premium numbers", premiumAndSatellite},
		{"satellite call", "one call, or two, to a satellite telephone", satelliteCall},
		{"call left open", "one call that lasts for hours", callLeftOpen},
		{"test calls, then burst", "a few short calls; days later the burst to the same range", testThenBurst},
		{"many accounts, one range", "each account a few calls, all to one range", manyAccounts},
		{"short calls", "hundreds of calls of seconds, for what their set-up earns", shortCalls},
		{"spam calls", "hundreds of calls of seconds to ever new numbers at home", spamCalls},
		{"hand-over", "accounts are used one after the other, an hour each", handOver},
	}
}

// dialers adds lines that each dial again after the call before.
func (a *attacker) dialers(n int, first, until belwacht.Instant, pause float64) {
	if n < 6 && invent.Chance(a.rng, .4) { // by the clock, whatever still runs
		a.lines = append(a.lines, line{first: first, until: until, gap: invent.Between(a.rng, 10, 200) + pause/4, sigma: .1 + .6*a.rng.Float64()})
		return
	}
	for range n {
		a.lines = append(a.lines, line{first: first + belwacht.Instant(a.rng.IntN(180))*belwacht.Second, until: until, gap: pause, sigma: .6, serial: true})
	}
}

// hoursLong is a stretch of hours, drawn evenly in the logarithm.
func (a *attacker) hoursLong(lo, hi float64) belwacht.Instant {
	return belwacht.Instant(invent.Between(a.rng, lo*3600, hi*3600)) * belwacht.Second
}

func weekendBurst(r *run, a *attacker, day int) {
	for r.o.calendar[day].weekday != 4 && day < r.o.days-1 {
		day++
	}
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 18+44*a.rng.Float64())
	a.dialers(invent.Pick(a.rng, []int{1, 1, 2, 3, 6, 12}), first, first+a.hoursLong(1, 50), invent.Between(a.rng, 2, 120))
}

func nightBurst(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 20+9*a.rng.Float64())
	a.dialers(invent.Uniform(a.rng, 3, 30), first, first+a.hoursLong(.3, 8), invent.Between(a.rng, 1, 40))
}

func officeBurst(r *run, a *attacker, day int) {
	for r.o.calendar[day].weekday > 4 && day < r.o.days-1 {
		day++
	}
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 8+9*a.rng.Float64())
	a.taste = invent.Pick(a.rng, []taste{tasteMixed, tasteDear, tasteCheap})
	a.dialers(invent.Pick(a.rng, []int{1, 1, 2, 4, 10, 20}), first, first+a.hoursLong(.2, 7), invent.Between(a.rng, 2, 150))
}

func holidayBurst(r *run, a *attacker, day int) {
	at := day
	for at < r.o.days-1 && !r.o.calendar[at].holiday {
		at++
	}
	if !r.o.calendar[at].holiday { // no holiday is left: a Sunday
		for at = day; at < r.o.days-1 && r.o.calendar[at].weekday != 6; at++ {
		}
	}
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(at, -4+22*a.rng.Float64())
	first = max(first, r.o.at(day, 0))
	a.dialers(invent.Pick(a.rng, []int{1, 2, 4, 8}), first, first+a.hoursLong(1, 30), invent.Between(a.rng, 2, 200))
}

func dormantExtension(r *run, a *attacker, day int) {
	a.users = append(a.users, r.idle(a.rng))
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(invent.Pick(a.rng, []int{1, 1, 2, 4}), first, first+a.hoursLong(1, 30), invent.Between(a.rng, 5, 400))
}

// stranger is an account that is not one of the organisation's.
func stranger(name string) *invent.Person {
	return &invent.Person{Name: name, Role: &invent.Role{Name: "stranger"}}
}

func newAccount(r *run, a *attacker, day int) {
	name := r.o.geo.AccountName(a.rng, r.o.form, r.o.config.Extensions+invent.Uniform(a.rng, 3, 60))
	a.users = append(a.users, stranger(name))
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(invent.Pick(a.rng, []int{1, 2, 5, 15}), first, first+a.hoursLong(.3, 20), invent.Between(a.rng, 1, 200))
}

func hijackedForward(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.way = invent.Pick(a.rng, []Way{WayForward, WayTransfer})
	first := r.o.at(day, invent.Pick(a.rng, []float64{2, 9, 14, 19, 23})+3*a.rng.Float64())
	if invent.Chance(a.rng, .6) { // a forward has one target
		t := a.aimAnew(r.o.geo)
		a.targets = []target{{numbers: []string{t.number(a.rng)}}}
	}
	a.dialers(invent.Pick(a.rng, []int{1, 2, 4}), first, first+a.hoursLong(1, 40), invent.Between(a.rng, 20, 900))
}

func dialThrough(r *run, a *attacker, day int) {
	a.users = append(a.users, stranger(r.o.trunk))
	a.way = WayTrunked
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(invent.Pick(a.rng, []int{1, 1, 2, 4}), first, first+a.hoursLong(1, 40), invent.Between(a.rng, 10, 900))
}

func stolenTrunk(r *run, a *attacker, day int) {
	a.users = append(a.users, stranger(invent.Pick(a.rng, []string{"trunk-backup", "gateway2", "sbc", "branch", "softphone", "anonymous", "voicegw"})))
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(invent.Pick(a.rng, []int{1, 3, 8, 20}), first, first+a.hoursLong(.5, 24), invent.Between(a.rng, 1, 120))
}

func machineAccount(r *run, a *attacker, day int) {
	p := r.victim(a.rng)
	for range 200 {
		if q := invent.Pick(a.rng, r.people); q.Kind == belwacht.KindMachine {
			p = q
			break
		}
	}
	a.users = append(a.users, p)
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(invent.Pick(a.rng, []int{1, 1, 2}), first, first+a.hoursLong(.5, 60), invent.Between(a.rng, 10, 2000))
}

func premiumAndSatellite(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	for range 1 + a.rng.IntN(4) {
		a.taste = invent.Pick(a.rng, []taste{tasteSatellite, tasteSatellite, tasteNational, tastePremium, tastePremium})
		a.targets = append(a.targets, a.aimAnew(r.o.geo))
	}
	a.rotate, a.most = .7, invent.Uniform(a.rng, 2, 25)
	first := r.o.at(day, 24*a.rng.Float64())
	a.talk = invent.Between(a.rng, 60, 1200)
	a.dialers(1, first, first+a.hoursLong(2, 60), invent.Between(a.rng, 20, 1500))
}

func satelliteCall(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.taste = tasteSatellite
	first := r.o.at(day, 24*a.rng.Float64())
	a.talk, a.most, a.answer = invent.Between(a.rng, 200, 4000), invent.Uniform(a.rng, 1, 3), 1
	a.dialers(1, first, first+a.hoursLong(3, 40), invent.Between(a.rng, 30, 4000))
}

func callLeftOpen(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 24*a.rng.Float64())
	a.taste = invent.Pick(a.rng, []taste{tasteDear, tasteMixed, tasteSatellite})
	a.talk, a.sigma, a.answer, a.most = invent.Between(a.rng, 5400, 100000), .1, 1, invent.Pick(a.rng, []int{1, 1, 1, 2})
	a.budget = 1e6
	a.dialers(1, first, first+2*belwacht.Day, 60)
}

func testThenBurst(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 24*a.rng.Float64())
	n := invent.Uniform(a.rng, 1, 4)
	a.lines = append(a.lines, line{first: first, until: first + 8*belwacht.Hour, gap: invent.Between(a.rng, 60, 3000), sigma: .7, talk: invent.Between(a.rng, 3, 30), left: n})
	burst := first + belwacht.Instant(invent.Uniform(a.rng, 10, 24*9))*belwacht.Hour
	a.rotate = 0
	a.budget += 20
	a.dialers(invent.Pick(a.rng, []int{1, 2, 4, 10}), burst, burst+a.hoursLong(.5, 24), invent.Between(a.rng, 2, 200))
}

func manyAccounts(r *run, a *attacker, day int) {
	for range invent.Uniform(a.rng, 4, 25) {
		a.users = append(a.users, r.victim(a.rng))
	}
	a.spread, a.rotate = true, 0
	a.targets = []target{a.aimAnew(r.o.geo)}
	a.most = len(a.users) * invent.Uniform(a.rng, 1, 5)
	first := r.o.at(day, 24*a.rng.Float64())
	until := first + a.hoursLong(1, 90)
	gap := float64(until-first) / 1000 / float64(a.most)
	a.lines = append(a.lines, line{first: first, until: until, gap: gap * .8, sigma: .7})
}

func shortCalls(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.taste = invent.Pick(a.rng, []taste{tasteDear, tasteMixed, tasteNational, tasteSatellite})
	a.talk, a.sigma = invent.Between(a.rng, 1, 12), .2
	first := r.o.at(day, 24*a.rng.Float64())
	a.most = invent.Uniform(a.rng, 60, 900)
	a.dialers(invent.Pick(a.rng, []int{1, 2, 6}), first, first+a.hoursLong(1, 24), invent.Between(a.rng, 1, 30))
}

func spamCalls(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.taste, a.rotate = tasteHome, 1
	for range 40 {
		e164 := r.o.geo.Home.Number(a.rng, true)
		a.targets = append(a.targets, target{prefix: e164[:len(e164)-5], tail: 5})
	}
	a.talk, a.answer, a.most, a.budget = invent.Between(a.rng, 4, 40), .3+.4*a.rng.Float64(), invent.Uniform(a.rng, 150, 1500), 1e6
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(invent.Uniform(a.rng, 2, 12), first, first+a.hoursLong(1, 12), invent.Between(a.rng, 1, 20))
}

func handOver(r *run, a *attacker, day int) {
	first := r.o.at(day, 24*a.rng.Float64())
	n := invent.Uniform(a.rng, 2, 6)
	each := a.hoursLong(.3, 5)
	for i := range n {
		a.users = append(a.users, r.victim(a.rng))
		from := first + belwacht.Instant(i)*each
		a.lines = append(a.lines, line{first: from, until: from + each, gap: invent.Between(a.rng, 5, 400), sigma: .6, serial: true, user: i + 1})
	}
}
