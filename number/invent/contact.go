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
		if Chance(rng, g.Blocks) { // somebody else at a company that is called already
			if known := p.away(rng); known != nil {
				c.E164 = Neighbour(rng, known.E164)
			}
		}
	} else {
		c.E164 = g.Domestic(rng)
	}
	c.Dialled = g.Dial(c.E164, Chance(rng, p.Plus))
	return c
}

// away draws one of the person's contacts abroad, nil where a few tries find none.
func (p *Person) away(rng *rand.Rand) *Contact {
	for range 4 {
		if len(p.Contacts) > 0 {
			if c := &p.Contacts[rng.IntN(len(p.Contacts))]; c.Away {
				return c
			}
		}
	}
	return nil
}

// Neighbour makes up another number of the same company: telephone companies rent numbers by the hundred, larger firms have a thousand.
func Neighbour(rng *rand.Rand, e164 string) string {
	last := 2
	if Chance(rng, .25) {
		last = 3
	}
	return e164[:len(e164)-last] + Digits(rng, last)
}

// Few makes up one to so many numbers of the country, more often than not of one company.
func (l *Land) Few(rng *rand.Rand, most int) []string {
	numbers, one := []string{l.Number(rng, Chance(rng, .4))}, Chance(rng, .6)
	for range rng.IntN(most) {
		n := l.Number(rng, Chance(rng, .4))
		if one {
			n = Neighbour(rng, numbers[0])
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// Four writes a number in four digits.
func Four(n int) string {
	return string([]byte{byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
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
