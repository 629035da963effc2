package invent

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// Geography is the world as one organisation sees it: its own country, others, prices, and how numbers are dialled.
type Geography struct {
	Nation   Nation
	Home     *Land
	lands    []Land
	ByISO    map[string]*Land
	Deck     *Deck
	Friends  []*Land
	Loc      *time.Location
	area     string  // the organisation's own area code
	wide     []*Land // all countries that anybody of the organisation has to do with, the usual ones first
	roam     float64 // share of new contacts abroad that are in any of them and not in the person's own countries
	outward  float64 // how much the organisation has to do with abroad, 1 = usual for its roles
	skew     float64 // of wide: above 1 the usual ones are called more
	Blocks   float64 // share of new contacts that are in a known company's block of numbers
	turnover float64 // share of accounts that get their owner within the history
	weekend  float64 // chance that somebody comes in on a day off
	Slips    float64 // share of calls abroad that are dialled wrongly at first
	restless float64 // how many calls go to new numbers, 1 = as roles say
	afar     float64 // share of forwards that lead abroad
	homely   float64 // share of people who never call abroad, of those whose role hardly does
}

// NewGeography is the world as seen from a country, one of Nations; its prices and its own area follow from the seed. Errors have the code Invalid
// (no such country) or Config (the machine does not know the time zone).
func NewGeography(country string, seed uint64) (*Geography, error) {
	g := &Geography{lands: world(), ByISO: map[string]*Land{}}
	for i := range g.lands {
		g.ByISO[g.lands[i].ISO] = &g.lands[i]
	}
	known := []string{}
	for _, n := range Nations() {
		known = append(known, n.ISO)
		if n.ISO == country {
			g.Nation = n
		}
	}
	if g.Nation.ISO == "" {
		return nil, belwacht.Errorf(belwacht.Invalid, "country %q: no organisation can be made up there; there are %s", country, strings.Join(known, ", "))
	}
	g.Home = g.ByISO[country]
	var err error
	if g.Loc, err = time.LoadLocation(g.Nation.Zone); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "time zone %s is not known on this machine; install the package tzdata", g.Nation.Zone)
	}
	for _, iso := range strings.Fields(g.Nation.friends) {
		if l := g.ByISO[iso]; l != nil {
			g.Friends = append(g.Friends, l)
		}
	}
	for _, n := range []int{g.Home.FixedLen, g.Home.MobileLen} {
		if g.Nation.Lengths != nil && !slices.Contains(g.Nation.Lengths, n) {
			g.Nation.Lengths = append(g.Nation.Lengths, n)
		}
	}
	g.area = Pick(Stream(seed, StreamPeople), g.Home.Fixed)
	g.Deck = g.makeDeck(seed)
	rng := Stream(seed, streamOutlook)
	g.roam, g.outward, g.homely = Between(rng, .05, .5), Lognormal(rng, 1.3, .6), .45*rng.Float64()
	g.afar = Between(rng, .03, .6)
	g.Blocks, g.weekend, g.Slips, g.turnover = Between(rng, .05, .6), Lognormal(rng, .04, .7), .02*rng.Float64(), Between(rng, .02, .15)
	g.skew, g.restless = .9+.7*rng.Float64(), Lognormal(rng, 1.8, .4)
	g.wide = slices.Clone(g.Friends)
	for range int(Between(rng, 10, 130)) {
		l := g.Anywhere(rng)
		if Chance(rng, .2) {
			l = g.Dear(rng)
		}
		if !slices.Contains(g.wide, l) {
			g.wide = append(g.wide, l)
		}
	}
	return g, nil
}

// Dial is how international digits are dialled from the organisation, with a plus or with its prefixes.
func (g *Geography) Dial(e164 string, plus bool) string {
	if plus {
		return "+" + e164
	}
	if national, ok := strings.CutPrefix(e164, g.Home.Code); ok && g.IsHome(e164) {
		return g.Nation.Trunk + national
	}
	return g.Nation.International + e164
}

// IsHome says whether international digits lie in the organisation's own country; for +1 its whole zone is dialled alike.
func (g *Geography) IsHome(e164 string) bool { return strings.HasPrefix(e164, g.Home.Code) }

// Abroad draws a country: a neighbour, mostly, or any of its friends.
func (g *Geography) Abroad(rng *rand.Rand) *Land { return g.Friends[Zipf(rng, len(g.Friends), 1.9)] }

// Anywhere draws a country of the world that is not home and in none of the lists given.
func (g *Geography) Anywhere(rng *rand.Rand, not ...string) *Land {
	for {
		l := &g.lands[rng.IntN(len(g.lands))]
		if l.Code != g.Home.Code && !in(strings.Join(not, " "), l.ISO) {
			return l
		}
	}
}

// Dear draws a country where a minute costs much.
func (g *Geography) Dear(rng *rand.Rand) *Land {
	list := strings.Fields(dearLands)
	for {
		if l := g.ByISO[Pick(rng, list)]; l != nil && l.Code != g.Home.Code && l.Code != "1" {
			return l
		}
	}
}

// Classic draws a country where revenue-share fraud is at home, whatever a minute costs there.
func (g *Geography) Classic(rng *rand.Rand) *Land {
	list := strings.Fields(classicLands)
	for {
		if l := g.ByISO[Pick(rng, list)]; l != nil && l.Code != g.Home.Code {
			return l
		}
	}
}

// Shady draws a country in which attackers earn: one of the reports, or any dear one.
func (g *Geography) Shady(rng *rand.Rand) *Land {
	if Chance(rng, .5) {
		return g.Classic(rng)
	}
	return g.Dear(rng)
}

// Cheap draws a country where a minute costs next to nothing and that is not home.
func (g *Geography) Cheap(rng *rand.Rand) *Land {
	list := strings.Fields(cheapLands)
	for {
		if l := g.ByISO[Pick(rng, list)]; l != nil && l.Code != g.Home.Code {
			return l
		}
	}
}

// Domestic makes up a number at home: fixed, mostly near, or mobile.
func (g *Geography) Domestic(rng *rand.Rand) string {
	switch x := rng.Float64(); {
	case x < .42:
		return g.Home.Number(rng, true)
	case x < .72:
		return g.Home.Local(rng, g.area)
	case x < .93:
		return g.Home.Number(rng, false)
	case x < .97:
		return g.Home.Code + g.Nation.shared + Digits(rng, g.Nation.sharedLen-len(g.Nation.shared))
	default:
		return g.Home.Code + g.Nation.Free + Digits(rng, g.Nation.FreeLen-len(g.Nation.Free)+0)
	}
}

// NationalPremium makes up a premium number at home.
func (g *Geography) NationalPremium(rng *rand.Rand) string {
	lead := Pick(rng, g.Nation.premium)
	return g.Home.Code + lead + Digits(rng, g.Nation.premiumLen-len(lead))
}

// Satellite makes up a number of a satellite or international network.
func (g *Geography) Satellite(rng *rand.Rand) string {
	n := Pick(rng, networks())
	return n.Prefix + Digits(rng, n.Length)
}

// Number is a caller from outside: at home or abroad.
func (g *Geography) Number(rng *rand.Rand, home float64) string {
	if Chance(rng, home) {
		return g.Domestic(rng)
	}
	return g.Anywhere(rng).Number(rng, true)
}

// Connects says whether the organisation's plan can dial a string, roughly as a plan does.
func (g *Geography) Connects(dialled, e164 string) bool {
	if rest, ok := strings.CutPrefix(dialled, "+"); ok {
		return rest == e164
	}
	if rest, ok := strings.CutPrefix(dialled, g.Nation.International); ok {
		return rest == e164
	}
	national, home := strings.CutPrefix(e164, g.Home.Code)
	return home && dialled == g.Nation.Trunk+national
}

// EmergencyForm is how somebody dials an emergency number: plainly, or with an outside digit or country code from habit.
func (g *Geography) EmergencyForm(rng *rand.Rand, n string) string {
	switch rng.IntN(12) {
	case 0:
		return "0" + n
	case 1:
		return "9" + n
	case 2:
		return "+" + g.Home.Code + n
	case 3:
		return g.Nation.International + g.Home.Code + n
	case 4:
		if g.Nation.Trunk != "1" {
			return "911"
		}
	case 5:
		return "112"
	}
	return n
}
