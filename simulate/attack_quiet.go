package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// quietAttacks are attacks that want to last.
func quietAttacks() []attackKind {
	return []attackKind{
		{"low and slow", "a few calls a day in office hours, for weeks", lowAndSlow},
		{"mimic", "the owner's own hours and pace, countries that he calls, other ranges", mimic},
		{"traffic pumping", "calls of equal length to one range, all day", trafficPumping},
		{"national premium pumping", "calls to premium numbers of the own country", nationalPumping},
		{"insider premium", "somebody calls a premium number after hours, again and again", insiderPremium},
		{"cheap destinations", "revenue share in countries that cost next to nothing", cheapDestinations},
		{"slow ramp", "one call an hour, then two, then ten", slowRamp},
		{"wangiri call-back", "short calls from a dear range; people call back", wangiri},
		{"dial-plan enumeration", "one target under dozens of prefixes until it connects", enumeration},
		{"slow probing", "a few attempts an hour for days, under ever new prefixes", slowProbing},
	}
}

func lowAndSlow(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 9)
	a.taste = invent.Pick(a.rng, []taste{tasteDear, tasteMixed, tasteMixed, tasteCheap})
	a.talk, a.most = invent.Between(a.rng, 60, 2400), invent.Uniform(a.rng, 10, 60)
	a.lines = append(a.lines, line{first: first, until: first + belwacht.Instant(invent.Uniform(a.rng, 5, 35))*belwacht.Day, gap: invent.Between(a.rng, 3600, 30000), sigma: .6,
		from: 8 + a.rng.Float64(), to: 16.5 + 2*a.rng.Float64(), weekdays: invent.Chance(a.rng, .7)})
}

func mimic(r *run, a *attacker, day int) {
	p := r.victim(a.rng)
	for range 100 {
		if q := r.victim(a.rng); len(q.Lands) > 0 && q.Abroad > .03 {
			p = q
			break
		}
	}
	a.users = append(a.users, p)
	a.taste = tasteKnown
	first := r.o.at(day, p.Begin)
	a.talk, a.sigma, a.most = p.Talk*(.7+a.rng.Float64()), .7, invent.Uniform(a.rng, 12, 120)
	pace := max(p.Out*.6, 2)
	a.lines = append(a.lines, line{first: first, until: first + belwacht.Instant(invent.Uniform(a.rng, 2, 20))*belwacht.Day, gap: (p.End - p.Begin) * 3600 / pace, sigma: .7,
		from: p.Begin, to: min(p.End, 24), weekdays: !p.Days[5]})
}

func trafficPumping(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.taste = invent.Pick(a.rng, []taste{tasteCheap, tasteCheap, tasteMixed, tasteNational})
	a.talk, a.sigma, a.rotate = invent.Pick(a.rng, []float64{29, 58, 59, 118, 179, 299, 599, 1799, 3599}), 0, 0
	first := r.o.at(day, 24*a.rng.Float64())
	a.most = invent.Uniform(a.rng, 40, 600)
	a.dialers(invent.Pick(a.rng, []int{1, 1, 2, 5}), first, first+a.hoursLong(6, 120), invent.Between(a.rng, 2, 60))
}

func nationalPumping(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	if invent.Chance(a.rng, .3) {
		a.users[0] = r.idle(a.rng)
	}
	a.taste = tasteNational
	first := r.o.at(day, 24*a.rng.Float64())
	a.dialers(invent.Pick(a.rng, []int{1, 2, 4}), first, first+a.hoursLong(2, 72), invent.Between(a.rng, 10, 600))
}

func insiderPremium(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	for range 100 {
		if q := invent.Pick(a.rng, r.people); q.Role.Name == "cleaner" || q.Role.Name == "guard" || q.Role.Name == "reception" {
			a.users[0] = q
			break
		}
	}
	a.taste = invent.Pick(a.rng, []taste{tasteNational, tasteNational, tastePremium, tasteDear})
	t := a.aimAnew(r.o.geo)
	a.targets, a.plus = []target{{numbers: []string{t.number(a.rng)}}}, 0
	a.talk, a.sigma, a.most = invent.Between(a.rng, 120, 1800), .5, invent.Uniform(a.rng, 4, 40)
	from := 17 + 5*a.rng.Float64()
	first := r.o.at(day, from)
	a.lines = append(a.lines, line{first: first, until: first + belwacht.Instant(invent.Uniform(a.rng, 3, 30))*belwacht.Day, gap: invent.Between(a.rng, 3000, 60000), sigma: .6, from: from, to: min(from+2.5, 24)})
}

func cheapDestinations(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	a.taste, a.budget, a.most = tasteCheap, invent.Between(a.rng, 5, 120), 1000
	first := r.o.at(day, 24*a.rng.Float64())
	a.talk = invent.Between(a.rng, 100, 2400)
	a.dialers(invent.Pick(a.rng, []int{1, 2, 5, 12}), first, first+a.hoursLong(2, 60), invent.Between(a.rng, 2, 300))
}

func slowRamp(r *run, a *attacker, day int) {
	a.users = append(a.users, r.victim(a.rng))
	first := r.o.at(day, 24*a.rng.Float64())
	hours := invent.Chance(a.rng, .4)
	l := line{first: first, until: first + belwacht.Instant(invent.Uniform(a.rng, 2, 14))*belwacht.Day, gap: invent.Between(a.rng, 2000, 15000), sigma: .4, ramp: .82 + .15*a.rng.Float64()}
	if hours {
		l.from, l.to = 8.5, 17.5
	}
	a.most = invent.Uniform(a.rng, 30, 300)
	a.lines = append(a.lines, l)
}

// wangiri lets many numbers of the house ring once; some people call back, and those calls are the attack.
func wangiri(r *run, a *attacker, day int) {
	rng := a.rng
	l := r.o.geo.Dear(rng)
	if invent.Chance(rng, .3) {
		l = r.o.geo.Anywhere(rng)
	}
	base := l.Number(rng, invent.Chance(rng, .6))
	base = base[:len(base)-2]
	at := r.o.at(day, 6+14*rng.Float64())
	for range invent.Uniform(rng, 4, max(5, min(60, len(r.people)))) {
		p := r.victim(rng)
		number := base + invent.Digits(rng, 2)
		in := plain(at, p, "", WayIn)
		in.caller, in.ring = "+"+number, int16(1+rng.IntN(4))
		a.script = append(a.script, in)
		if invent.Chance(rng, .45) {
			back := r.o.at(r.o.dayOf(at), p.Begin) + belwacht.Instant(rng.IntN(7*3600))*belwacht.Second
			back = max(back, at+belwacht.Instant(invent.Between(rng, 60, 20000))*belwacht.Second)
			call := plain(back, p, r.o.geo.Dial(number, invent.Chance(rng, max(p.Plus, .3))), WayOut)
			call.ring, call.talk = int16(1+rng.IntN(6)), int32(invent.Between(rng, 8, 500))
			a.script = append(a.script, call)
			a.users = append(a.users, p)
			if invent.Chance(rng, .3) {
				call.start += belwacht.Instant(call.talk+40) * belwacht.Second
				a.script = append(a.script, call)
			}
		}
		at += belwacht.Instant(invent.Between(rng, 1, 400)) * belwacht.Second
	}
}

func enumeration(r *run, a *attacker, day int) {
	a.prober(r, r.o.at(day, 24*a.rng.Float64()), invent.Between(a.rng, 3.5, 400), invent.Uniform(a.rng, 30, 700), 6)
}

func slowProbing(r *run, a *attacker, day int) {
	a.prober(r, r.o.at(day, 24*a.rng.Float64()), invent.Between(a.rng, 500, 5000), invent.Uniform(a.rng, 12, 160), 12)
}

// prober makes the attacker one who tries prefixes before a few targets, from an account that he has got into.
func (a *attacker) prober(r *run, first belwacht.Instant, gap float64, most, days int) {
	a.users = append(a.users, r.victim(a.rng))
	if invent.Chance(a.rng, .3) {
		a.users[0] = r.idle(a.rng)
	}
	a.taste = invent.Pick(a.rng, []taste{tasteCheap, tasteCheap, tasteMixed, tasteDear})
	pr := &probe{tail: invent.Chance(a.rng, .2)}
	for range invent.Pick(a.rng, []int{1, 1, 1, 2, 4}) {
		a.targets = append(a.targets, target{numbers: []string{fullTarget(a, r.o.geo)}})
	}
	pr.prefixes = r.o.geo.ProbePrefixes(a.rng)
	pr.repeat = invent.Pick(a.rng, []int{1, 1, 1, 2, 5, 20})
	if invent.Chance(a.rng, .35) {
		pr.head, pr.count, pr.foot = invent.Pick(a.rng, []string{"8", "9", "3", "80", "1"}), a.rng.IntN(900), invent.Pick(a.rng, []string{"", "0", "00", "011"})
	}
	a.probe, a.most, a.talk, a.sigma, a.rotate = pr, most, invent.Between(a.rng, 4, 60), .8, .3
	a.lines = append(a.lines, line{first: first, until: first + belwacht.Instant(days)*belwacht.Day, gap: gap, sigma: invent.Pick(a.rng, []float64{0, .1, .5, 1})})
}

// fullTarget is one number of the attacker's taste.
func fullTarget(a *attacker, g *invent.Geography) string {
	t := a.aimAnew(g)
	return t.number(a.rng)
}
