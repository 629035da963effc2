package simulate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// geography is the world as one organisation sees it: its own country, others, prices, and how numbers are dialled.
type geography struct {
	nation  nation
	home    *land
	lands   []land
	byISO   map[string]*land
	deck    *deck
	friends []*land
	loc     *time.Location
	area    string // the organisation's own area code
}

func newGeography(country string, seed uint64) (*geography, error) {
	g := &geography{lands: world(), byISO: map[string]*land{}}
	for i := range g.lands {
		g.byISO[g.lands[i].iso] = &g.lands[i]
	}
	known := []string{}
	for _, n := range nations() {
		known = append(known, n.iso)
		if n.iso == country {
			g.nation = n
		}
	}
	if g.nation.iso == "" {
		return nil, belwacht.Errorf(belwacht.Invalid, "country %q: no organisation can be made up there; there are %s", country, strings.Join(known, ", "))
	}
	g.home = g.byISO[country]
	var err error
	if g.loc, err = time.LoadLocation(g.nation.zone); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "time zone %s is not known on this machine; install the package tzdata", g.nation.zone)
	}
	for _, iso := range strings.Fields(g.nation.friends) {
		if l := g.byISO[iso]; l != nil {
			g.friends = append(g.friends, l)
		}
	}
	for _, n := range []int{g.home.fixedLen, g.home.mobileLen} {
		if g.nation.lengths != nil && !slices.Contains(g.nation.lengths, n) {
			g.nation.lengths = append(g.nation.lengths, n)
		}
	}
	g.area = pick(stream(seed, streamPeople), g.home.fixed)
	g.deck = g.makeDeck(seed)
	return g, nil
}

// dial is how international digits are dialled from the organisation, with a plus or with its prefixes.
func (g *geography) dial(e164 string, plus bool) string {
	if plus {
		return "+" + e164
	}
	if national, ok := strings.CutPrefix(e164, g.home.code); ok && g.isHome(e164) {
		return g.nation.trunk + national
	}
	return g.nation.international + e164
}

// isHome says whether international digits lie in the organisation's own country; for +1 its whole zone is dialled alike.
func (g *geography) isHome(e164 string) bool { return strings.HasPrefix(e164, g.home.code) }

// abroad draws a country: a neighbour, mostly, or any of its friends.
func (g *geography) abroad(rng *rand.Rand) *land { return g.friends[zipf(rng, len(g.friends), 1.9)] }

// anywhere draws a country of the world that is not home and in none of the lists given.
func (g *geography) anywhere(rng *rand.Rand, not ...string) *land {
	for {
		l := &g.lands[rng.IntN(len(g.lands))]
		if l.code != g.home.code && !in(strings.Join(not, " "), l.iso) {
			return l
		}
	}
}

// dear draws a country where a minute costs much.
func (g *geography) dear(rng *rand.Rand) *land {
	list := strings.Fields(dearLands)
	for {
		if l := g.byISO[pick(rng, list)]; l != nil && l.code != g.home.code && l.code != "1" {
			return l
		}
	}
}

// cheap draws a country where a minute costs next to nothing and that is not home.
func (g *geography) cheap(rng *rand.Rand) *land {
	list := strings.Fields(cheapLands)
	for {
		if l := g.byISO[pick(rng, list)]; l != nil && l.code != g.home.code {
			return l
		}
	}
}

// domestic makes up a number at home: fixed, mostly near, or mobile.
func (g *geography) domestic(rng *rand.Rand) string {
	switch x := rng.Float64(); {
	case x < .42:
		return g.home.number(rng, true)
	case x < .72:
		return g.home.local(rng, g.area)
	case x < .93:
		return g.home.number(rng, false)
	case x < .97:
		return g.home.code + g.nation.shared + digits(rng, g.nation.sharedLen-len(g.nation.shared))
	default:
		return g.home.code + g.nation.free + digits(rng, g.nation.freeLen-len(g.nation.free)+0)
	}
}

// nationalPremium makes up a premium number at home.
func (g *geography) nationalPremium(rng *rand.Rand) string {
	lead := pick(rng, g.nation.premium)
	return g.home.code + lead + digits(rng, g.nation.premiumLen-len(lead))
}

// satellite makes up a number of a satellite or international network.
func (g *geography) satellite(rng *rand.Rand) string {
	n := pick(rng, networks())
	return n.prefix + digits(rng, n.length)
}

// number is a caller from outside: at home or abroad.
func (g *geography) number(rng *rand.Rand, home float64) string {
	if chance(rng, home) {
		return g.domestic(rng)
	}
	return g.anywhere(rng).number(rng, true)
}

// connects says whether the organisation's plan can dial a string, roughly as a plan does.
func (g *geography) connects(dialled, e164 string) bool {
	if rest, ok := strings.CutPrefix(dialled, "+"); ok {
		return rest == e164
	}
	if rest, ok := strings.CutPrefix(dialled, g.nation.international); ok {
		return rest == e164
	}
	national, home := strings.CutPrefix(e164, g.home.code)
	return home && dialled == g.nation.trunk+national
}
