package invent

import "math/rand/v2"

// Contact is a number that a person calls again and again, and that calls him.
type Contact struct {
	E164    string  // international digits without plus
	Dialled string  // as this person dials it
	Answer  float32 // share of calls that are answered
	Talk    float32 // median seconds of talking
	Away    bool    // abroad
}

// NewContact makes up a contact of a person: mostly at home, else in one of his countries.
func (g *Geography) NewContact(rng *rand.Rand, p *Person) Contact {
	c := Contact{Answer: float32(.45 + .5*rng.Float64()), Talk: float32(Lognormal(rng, p.Talk, .6))}
	if Chance(rng, p.Abroad) {
		l := p.country(rng, g)
		c.E164, c.Away = l.Number(rng, Chance(rng, p.mobile)), true
	} else {
		c.E164 = g.Domestic(rng)
	}
	c.Dialled = g.Dial(c.E164, Chance(rng, p.Plus))
	return c
}

// country draws one of the person's own countries, rarely a new one, which then is his own as well.
func (p *Person) country(rng *rand.Rand, g *Geography) *Land {
	if Chance(rng, g.roam) {
		return g.wide[Zipf(rng, len(g.wide), g.skew)]
	}
	switch x := rng.Float64(); {
	case len(p.Lands) == 0 || x < .03:
		l := g.Abroad(rng)
		if Chance(rng, .04) {
			l = g.Anywhere(rng)
		}
		if len(p.Lands) < 12 {
			p.Lands = append(p.Lands, l)
		}
		return l
	default:
		return p.Lands[Zipf(rng, len(p.Lands), 1.7)]
	}
}
