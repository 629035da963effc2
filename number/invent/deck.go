package invent

import (
	"sort"
	"strconv"
)

// Rate is one row of a price deck: the prefix in international digits without plus, and the price of a minute as text with a point.
type Rate struct {
	Prefix, Description, PerMinute string
}

// Countries by what a minute costs there, made up for this package after the order of magnitude of public lists.
const (
	cheapLands  = " NL BE DE FR ES IT GB US CA PL PT SE AT CH IE DK NO FI LU CZ GR HU SK SI IL CN HK SG JP KR AU NZ TW MY TH BR MX IN PR "
	middleLands = " RO BG HR RS TR EE CY MT IS UA RU ZA AR CL CO PE ID VN PH AE SA MA EG TN KZ KE GH NG BD PK LK JO LB AD FO GL XK VE UY CR "
	// dearLands are where revenue-share numbers are sold most, or simply dear.
	dearLands = " CU SO GM SL GW ML LR ZW MV TL FK AF AL BA LV LT MC LI BY SN GN MR BF NE TD CF CG CD GA DJ ER ET KM MG MW BI RW TG BJ CI GQ ST SC VU WS PG SB TO TV KI NR NU TK CK PW FM WF NC PF MH HT SR GY SH IO LY SD DZ MD AM AZ GE TM UZ KG TJ MK ME "
	// classicLands are those that reports of revenue-share fraud name most.
	classicLands = " CU LV LT SO GM SL GW ML LR ZW MV TL FK AF AL BA EE MC LI PL BY AT "
	// islands are so dear that a call or two is all that is wanted.
	islands = " SH FK NU TK NR WF IO KI TV CK PW SB VU GW ST TL AQ MH "
)

// Deck is a price list with its longest-prefix lookup.
type Deck struct {
	Rows  []Rate
	price map[string]float64
	width int
}

// Network is a numbering range of no country.
type Network struct {
	name, Prefix string
	Length       int // digits after the prefix
	price        float64
}

// networks are satellite and international networks, and international premium numbers (ITU-T E.164.1 lists).
func networks() []Network {
	return []Network{{"Inmarsat", "870", 9, 6.2}, {"Iridium", "8816", 8, 5.4}, {"Iridium", "8817", 8, 5.6}, {"Globalstar", "8818", 8, 4.1},
		{"Thuraya", "88216", 8, 4.4}, {"ships and oil rigs", "88213", 7, 3.8}, {"international network", "88299", 8, 3.1},
		{"international network", "8835100", 8, .9}, {"aircraft", "88234", 7, 9.6}, {"international premium", "979", 9, 3.3}}
}

// ForeignPremium are premium ranges of countries that are reachable from abroad.
func ForeignPremium() []Network {
	return []Network{{"LV premium", "37190", 6, 1.9}, {"AT premium", "43900", 6, 1.5}, {"AT premium", "43930", 6, 1.9}, {"IT premium", "39899", 6, 1.6},
		{"PL premium", "48703", 6, 1.2}, {"ES premium", "34803", 6, 1.1}, {"GB premium", "44909", 7, 1.4}, {"GB personal", "4470", 8, .5}, {"CH premium", "41906", 6, 2.1},
		{"BE premium", "32903", 5, 1.6}, {"LI premium", "423901", 4, 2.2}, {"EE premium", "372900", 4, 1.3}, {"DE premium", "499005", 6, 1.9}, {"FR premium", "33899", 6, 1.3}}
}

// makeDeck makes up prices. The seed moves each by a fifth or so, so that no two organisations have the same list.
func (g *Geography) makeDeck(seed uint64) *Deck {
	rng := Stream(seed, streamDeck)
	d := &Deck{price: map[string]float64{}}
	add := func(prefix, what string, price float64) {
		if _, ok := d.price[prefix]; ok || prefix == "" {
			return
		}
		digits := 3
		if price >= 1 {
			digits = 2
		}
		text := strconv.FormatFloat(price, 'f', digits, 64)
		d.price[prefix], _ = strconv.ParseFloat(text, 64)
		d.Rows = append(d.Rows, Rate{prefix, what, text})
		d.width = max(d.width, len(prefix))
	}
	for _, l := range g.lands {
		jitter := .8 + .4*rng.Float64()
		fixed, mobile := .14*jitter, .24*jitter
		switch {
		case in(islands, l.ISO):
			fixed, mobile = 1.3*jitter, 1.6*jitter
		case in(dearLands, l.ISO):
			fixed, mobile = (.35+.5*rng.Float64())*jitter, (.45+.7*rng.Float64())*jitter
		case in(cheapLands, l.ISO):
			fixed, mobile = (.008+.014*rng.Float64())*jitter, (.02+.08*rng.Float64())*jitter
		case in(middleLands, l.ISO):
			fixed, mobile = (.05+.1*rng.Float64())*jitter, (.1+.16*rng.Float64())*jitter
		}
		if l.ISO == g.Home.ISO {
			fixed, mobile = .009*jitter, .035*jitter
		}
		if l.Code == "1" && l.ISO != "US" {
			for _, lead := range l.Fixed {
				add("1"+lead[:3], l.ISO, fixed)
			}
			continue
		}
		if l.Code == "7" && l.ISO == "KZ" {
			add("77", "KZ", fixed)
			continue
		}
		add(l.Code, l.ISO, fixed)
		if l.Code == "1" {
			continue
		}
		for _, lead := range l.Mobile {
			add(l.Code+lead, l.ISO+" mobile", mobile)
		}
	}
	for _, lead := range g.Nation.premium {
		add(g.Home.Code+lead, g.Home.ISO+" premium", .7+1.1*rng.Float64())
	}
	add(g.Home.Code+g.Nation.Free, g.Home.ISO+" freephone", 0)
	add(g.Home.Code+g.Nation.shared, g.Home.ISO+" shared cost", .04)
	for _, n := range append(networks(), ForeignPremium()...) {
		add(n.Prefix, n.name, n.price*(.8+.4*rng.Float64()))
	}
	sort.Slice(d.Rows, func(i, j int) bool { return d.Rows[i].Prefix < d.Rows[j].Prefix })
	return d
}

// Rate is the price of a minute to international digits, by the longest prefix; dear where no row knows them.
func (d *Deck) Rate(e164 string) float64 {
	for n := min(d.width, len(e164)); n > 0; n-- {
		if p, ok := d.price[e164[:n]]; ok {
			return p
		}
	}
	return .5
}
