package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"math/rand/v2"
	"slices"

	"github.com/belwacht/belwacht"
)

// attackKind is a kind of attack: how it is laid out from its first day on.
type attackKind struct {
	name string
	does string
	plan func(r *run, a *attacker, day int)
}

// AttackKinds are the kinds of attack.
func AttackKinds() []string {
	var list []string
	for _, k := range attackKinds() {
		list = append(list, k.name)
	}
	return list
}

// attackKinds lists them all.
func attackKinds() []attackKind { return slices.Concat(burstAttacks(), quietAttacks()) }

// planAttacks lays out all attacks and puts their first turns into the queue.
func (r *run) planAttacks() {
	o := r.o
	rng := invent.Stream(o.seed, invent.StreamAttacks)
	want := attackKinds()
	if o.config.Attacks != nil {
		want = slices.DeleteFunc(want, func(k attackKind) bool { return !slices.Contains(o.config.Attacks, k.name) })
	}
	n := o.config.AttackCount
	if n == 0 {
		n = max(6, min(o.config.Extensions/5, 4*len(want)))
	}
	learn := 7 * o.config.LearnWeeks
	if len(want) == 0 || learn >= o.days {
		n = 0
	}
	order := rng.Perm(max(1, len(want)))
	for i := range max(n, 0) {
		k := want[order[i%len(order)]]
		r.attack(k, rng.Uint64(), learn+rng.IntN(max(1, (o.days-learn)*9/10)), true)
	}
	early := o.config.EarlyAttacks
	if early == 0 {
		early = 1 + rng.IntN(2)
	}
	for i := range max(early, 0) {
		k := attackKinds()[rng.IntN(len(attackKinds()))]
		day := 0
		if i > 0 {
			day = rng.IntN(max(1, learn-3))
		} else { // one that can run as the history begins
			k = quietAttacks()[rng.IntN(7)]
		}
		if len(want) > 0 {
			r.attack(k, rng.Uint64(), day, false)
		}
	}
}

// attack adds one attack, which begins on or after a day.
func (r *run) attack(k attackKind, seed uint64, day int, scored bool) {
	rng := rand.New(rand.NewPCG(seed, 7))
	a := &attacker{index: int16(len(r.attackers)), kind: k.name, scored: scored, rng: rng, answer: .8 + .19*rng.Float64(), talk: invent.Between(rng, 40, 3500),
		sigma: invent.Pick(rng, []float64{.02, .3, .5, .7, .9}), budget: invent.Between(rng, 12, 3500), most: 1500, reaction: newReaction(rng), slower: 1, plus: invent.Pick(rng, []float64{0, 0, 0, 0, .15, .5, 1, 1}), keeps: invent.Chance(rng, .6), rotate: invent.Pick(rng, []float64{0, .1, .5})}
	if !scored {
		a.budget, a.most = invent.Between(rng, 4, 25), 20
	}
	a.taste = invent.Pick(rng, []taste{tasteMixed, tasteMixed, tasteMixed, tasteMixed, tasteMixed, tasteDear, tasteDear, tasteCheap, tastePremium, tasteNational})
	if invent.Chance(rng, .06) {
		a.caller = "+" + r.o.geo.Number(rng, .5)
	}
	k.plan(r, a, day)
	if !scored {
		a.budget, a.most = min(a.budget, 25), min(a.most, 20)
	}
	if scored {
		a.embellish(r, day)
	}
	if len(a.users) == 0 || len(a.lines) == 0 && len(a.script) == 0 {
		return
	}
	if len(a.targets) == 0 && len(a.script) == 0 {
		n := invent.Pick(rng, []int{1, 1, 1, 2, 3, 5, 8})
		if a.keeps && invent.Chance(rng, .3) {
			n = invent.Uniform(rng, 10, 40) // all over one country
			a.rotate = 1
		}
		for range n {
			a.targets = append(a.targets, a.aimAnew(r.o.geo))
		}
	}
	a.worthwhile(r.o.geo)
	if !scored {
		edge := r.o.at(7*r.o.config.LearnWeeks, 0) - belwacht.Second
		for i := range a.lines {
			a.lines[i].until = min(a.lines[i].until, edge)
		}
		a.script = slices.DeleteFunc(a.script, func(in intent) bool { return in.start > edge })
	}
	r.attackers = append(r.attackers, a)
	for i := range a.lines {
		a.lines[i].first = r.o.within(rng, &a.lines[i], a.lines[i].first)
		r.schedule(a, int16(i), a.lines[i].first)
	}
	for _, in := range a.script {
		in.line, in.oddity = -1, -1
		if in.way != WayIn { // who is called does nothing wrong by being called
			in.attack = a.index
		}
		r.queue.push(in)
	}
}

// embellish adds what any attack may have: test calls some time before, and another night of the same.
func (a *attacker) embellish(r *run, day int) {
	if len(a.lines) == 0 || a.probe != nil {
		return
	}
	begin := r.o.at(day, 0)
	first := a.lines[0].first
	if invent.Chance(a.rng, .18) {
		test := first - belwacht.Instant(invent.Between(a.rng, .2, 72)*3600)*belwacht.Second
		if test > begin {
			a.lines = append(a.lines, line{first: test, until: min(test+6*belwacht.Hour, first), gap: invent.Between(a.rng, 20, 2000), sigma: .7, talk: invent.Between(a.rng, 2, 25), left: invent.Uniform(a.rng, 1, 4)})
		}
	}
	if invent.Chance(a.rng, .12) && a.lines[0].serial {
		again := belwacht.Instant(invent.Uniform(a.rng, 1, 4)) * belwacht.Day
		for _, l := range a.lines {
			if l.left == 0 {
				l.first, l.until = l.first+again, l.until+again
				a.lines = append(a.lines, l)
			}
		}
	}
}

// worthwhile makes an attack as large as attackers want it: some euro at least. Those who look for a way out earn nothing yet, and
// small ones of the learning weeks stay small.
func (a *attacker) worthwhile(g *invent.Geography) {
	if a.probe != nil || a.taste == tasteHome || len(a.targets) == 0 || len(a.lines) == 0 {
		return
	}
	e164 := a.targets[0].prefix
	if len(a.targets[0].numbers) > 0 {
		e164 = a.targets[0].numbers[0]
	}
	rate := g.Deck.Rate(e164)
	if !a.scored {
		a.talk = min(a.talk, max(30, 60*25/max(rate, .01)))
		return
	}
	want := invent.Between(a.rng, 5, 40)
	a.budget = max(a.budget, want)
	for range 9 {
		if float64(a.most)*a.answer*a.talk/60*rate >= want {
			return
		}
		a.most += a.most/4 + 1
		if a.talk < 1200 && a.sigma > 0 && a.talk > 20 {
			a.talk *= 1.4
		}
	}
}

// victim draws an account for an attacker: of somebody who telephones.
func (r *run) victim(rng *rand.Rand) *invent.Person {
	for range 200 {
		p := invent.Pick(rng, r.people)
		if p.Role.Name != "spare" && p.Kind != belwacht.KindMachine && p.Kind != belwacht.KindQueue {
			return p
		}
	}
	return r.people[0]
}

// idle draws an account that is never used, or hardly.
func (r *run) idle(rng *rand.Rand) *invent.Person {
	for range 300 {
		p := invent.Pick(rng, r.people)
		if p.Role.Name == "spare" || p.Out < .3 {
			return p
		}
	}
	return invent.Pick(rng, r.people)
}
