package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"math/rand/v2"
	"slices"

	"github.com/belwacht/belwacht"
)

// oddityKind is a kind of innocent oddity: what it adds to the history from a day on.
type oddityKind struct {
	name string
	does string
	plan func(s *scene)
}

// scene is where one oddity is played.
type scene struct {
	r     *run
	o     *Organisation
	g     *invent.Geography
	rng   *rand.Rand
	index int16
	day   int // a working day
}

// OddityKinds are the kinds of innocent oddities.
func OddityKinds() []string {
	var list []string
	for _, k := range oddityKinds() {
		list = append(list, k.name)
	}
	return list
}

// oddityKinds lists them all.
func oddityKinds() []oddityKind {
	return slices.Concat(customerOddities(), rhythmOddities(), peopleOddities(), machineOddities())
}

// closure is a stretch in which something is done to ordinary life: an outage, a power cut, a storm.
type closure struct {
	day      int
	from, to belwacht.Instant
	oddity   int16
	effect   func(r *run, in *intent, oddity int16) bool // false: the call is not made
}

// apply does it to the day that is being planned.
func (c *closure) apply(r *run, d int) {
	if c.day != d {
		return
	}
	kept := r.buffer[:0]
	for i := range len(r.buffer) {
		in := r.buffer[i]
		if in.start >= c.from && in.start < c.to && !in.urgent && !c.effect(r, &in, c.oddity) {
			continue
		}
		kept = append(kept, in)
	}
	r.buffer = kept
}

// planOddities lays out the innocent oddities of the whole history.
func (r *run) planOddities() {
	o := r.o
	rng := invent.Stream(o.seed, invent.StreamOddities)
	want := oddityKinds()
	if o.config.Oddities != nil {
		want = slices.DeleteFunc(want, func(k oddityKind) bool { return !slices.Contains(o.config.Oddities, k.name) })
	}
	n := o.config.OddityCount
	if n == 0 {
		n = min(400, int(float64(o.config.Weeks)*(2.2+.055*float64(o.config.Extensions))))
	}
	if len(want) == 0 {
		n = 0
	}
	order := rng.Perm(max(1, len(want)))
	for i := range max(n, 0) {
		k := want[order[i%len(order)]]
		s := &scene{r: r, o: o, g: o.geo, rng: rand.New(rand.NewPCG(rng.Uint64(), 11)), index: int16(len(r.oddityKinds)), day: rng.IntN(o.days)}
		for tries := 0; (o.calendar[s.day].weekday > 4 || o.calendar[s.day].holiday) && tries < 10; tries++ {
			s.day = rng.IntN(o.days)
		}
		r.oddityKinds = append(r.oddityKinds, k.name)
		k.plan(s)
	}
}

// somebody draws a person of one of some roles, or anybody who telephones.
func (s *scene) somebody(names ...string) *invent.Person {
	for range 60 {
		p := invent.Pick(s.rng, s.r.people)
		if slices.Contains(names, p.Role.Name) {
			return p
		}
	}
	for range 300 {
		p := invent.Pick(s.rng, s.r.people)
		if p.Role.Name != "spare" && p.Kind != belwacht.KindMachine && p.Kind != belwacht.KindQueue && p.Kind != belwacht.KindRoom {
			return p
		}
	}
	return s.r.people[0]
}

// anywhere draws any country abroad.
func (s *scene) anywhere(rng *rand.Rand) *invent.Land { return s.g.Anywhere(rng) }

// land draws a country one way, and with a chance another way instead.
func (s *scene) land(usual, other func(*rand.Rand) *invent.Land, chance float64) *invent.Land {
	l := usual(s.rng)
	if invent.Chance(s.rng, chance) {
		l = other(s.rng)
	}
	return l
}

// call adds an outbound call that is answered with a chance, for a median of seconds; it returns when it ends.
func (s *scene) call(p *invent.Person, at belwacht.Instant, e164 string, answer, talk float64) belwacht.Instant {
	in := plain(at, p, s.g.Dial(e164, invent.Chance(s.rng, p.Plus)), WayOut)
	in.oddity, in.tries = s.index, int8(1+s.rng.IntN(2))
	in.ring = int16(3 + s.rng.IntN(20))
	switch x := s.rng.Float64(); {
	case x < answer:
		in.talk = int32(min(max(invent.Lognormal(s.rng, talk, .7), 3), 11*3600))
	case x < answer+(1-answer)/4:
		in.disp, in.ring = belwacht.Busy, 1
	}
	s.r.script(in)
	return in.start + belwacht.Instant(int32(in.ring)+in.talk)*belwacht.Second
}

// exact adds an outbound call of so many seconds.
func (s *scene) exact(p *invent.Person, at belwacht.Instant, e164 string, seconds int) {
	in := plain(at, p, s.g.Dial(e164, invent.Chance(s.rng, p.Plus)), WayOut)
	in.oddity, in.tries, in.ring, in.talk = s.index, 1, int16(2+s.rng.IntN(8)), int32(seconds)
	s.r.script(in)
}

// office is a moment in office hours of a day.
func (s *scene) office(day int) belwacht.Instant {
	return s.o.at(day, s.g.Nation.Opens+.3+(s.g.Nation.Closes-s.g.Nation.Opens-.6)*s.rng.Float64())
}

// workday is the n-th working day from a day on, or the day after the last where the history ends before it: what falls on that is not played.
func (s *scene) workday(day, n int) int {
	for d := day; d < s.o.days; d++ {
		if t := s.o.calendar[d]; t.weekday < 5 && !t.holiday {
			if n--; n < 0 {
				return d
			}
		}
	}
	return s.o.days
}
