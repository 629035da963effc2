package simulate

import "math/rand/v2"

// contact is a number that a person calls again and again, and that calls him.
type contact struct {
	e164    string  // international digits without plus
	dialled string  // as this person dials it
	answer  float32 // share of calls that are answered
	talk    float32 // median seconds of talking
	away    bool    // abroad
}

// newContact makes up a contact of a person: mostly at home, else in one of his countries.
func (g *geography) newContact(rng *rand.Rand, p *person) contact {
	c := contact{answer: float32(.45 + .5*rng.Float64()), talk: float32(lognormal(rng, p.talk, .6))}
	if chance(rng, p.abroad) {
		l := p.country(rng, g)
		c.e164, c.away = l.number(rng, chance(rng, p.mobile)), true
	} else {
		c.e164 = g.domestic(rng)
	}
	c.dialled = g.dial(c.e164, chance(rng, p.plus))
	return c
}

// country draws one of the person's own countries, rarely a new one, which then is his own as well.
func (p *person) country(rng *rand.Rand, g *geography) *land {
	switch x := rng.Float64(); {
	case len(p.lands) == 0 || x < .03:
		l := g.abroad(rng)
		if chance(rng, .04) {
			l = g.anywhere(rng)
		}
		if len(p.lands) < 12 {
			p.lands = append(p.lands, l)
		}
		return l
	default:
		return p.lands[zipf(rng, len(p.lands), 1.7)]
	}
}
