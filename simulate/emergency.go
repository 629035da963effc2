package simulate

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/invent"
)

// emergencies plans a day's emergency calls and calls to helplines, by anybody, at any time, in the forms that people dial.
func (r *run) emergencies(d int) {
	rng, g := r.rng, r.o.geo
	for range invent.Poisson(rng, .04+.0012*float64(len(r.people))) {
		p := invent.Pick(rng, r.people)
		if p.Role.Name == "spare" && !invent.Chance(rng, .1) || p.Kind == belwacht.KindQueue {
			continue
		}
		n := invent.Pick(rng, g.Nation.Emergency)
		in := plain(r.o.at(d, 24*rng.Float64()), p, g.EmergencyForm(rng, n), WayOut)
		in.urgent, in.ring, in.talk, in.tries = true, 3, talkTime(invent.Lognormal(rng, 90, .6)), 2
		r.buffer = append(r.buffer, in)
	}
	for range invent.Poisson(rng, .02+.001*float64(len(r.people))) {
		p := invent.Pick(rng, r.people)
		if p.Role.Name == "spare" || p.Kind == belwacht.KindMachine || p.Kind == belwacht.KindQueue {
			continue
		}
		in := plain(r.o.at(d, 7+15*rng.Float64()), p, invent.Pick(rng, g.Nation.Social), WayOut)
		in.ring, in.talk, in.tries = 6, talkTime(invent.Lognormal(rng, 300, .8)), 1
		r.buffer = append(r.buffer, in)
	}
}
