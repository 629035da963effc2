package simulate

import "github.com/belwacht/belwacht"

// emergencies plans a day's emergency calls and calls to helplines, by anybody, at any time, in the forms that people dial.
func (r *run) emergencies(d int) {
	rng, g := r.rng, r.o.geo
	for range poisson(rng, .04+.0012*float64(len(r.people))) {
		p := pick(rng, r.people)
		if p.role.name == "spare" && !chance(rng, .1) || p.kind == belwacht.KindQueue {
			continue
		}
		n := pick(rng, g.nation.emergency)
		in := plain(r.o.at(d, 24*rng.Float64()), p, emergencyForm(r, n), WayOut)
		in.urgent, in.ring, in.talk, in.tries = true, 3, talkTime(lognormal(rng, 90, .6)), 2
		r.buffer = append(r.buffer, in)
	}
	for range poisson(rng, .02+.001*float64(len(r.people))) {
		p := pick(rng, r.people)
		if p.role.name == "spare" || p.kind == belwacht.KindMachine || p.kind == belwacht.KindQueue {
			continue
		}
		in := plain(r.o.at(d, 7+15*rng.Float64()), p, pick(rng, g.nation.social), WayOut)
		in.ring, in.talk, in.tries = 6, talkTime(lognormal(rng, 300, .8)), 1
		r.buffer = append(r.buffer, in)
	}
}

// emergencyForm is how somebody dials an emergency number: plainly, or with an outside digit or country code from habit.
func emergencyForm(r *run, n string) string {
	rng, g := r.rng, r.o.geo
	switch rng.IntN(12) {
	case 0:
		return "0" + n
	case 1:
		return "9" + n
	case 2:
		return "+" + g.home.code + n
	case 3:
		return g.nation.international + g.home.code + n
	case 4:
		if g.nation.trunk != "1" {
			return "911"
		}
	case 5:
		return "112"
	}
	return n
}
