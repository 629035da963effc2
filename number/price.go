package number

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// cent is a hundredth of a unit of money.
const cent = belwacht.Unit / 100

// Default prices a minute where no deck says one, meant to be pessimistic: real trunks are cheaper, and the dearest operators of a country a little
// dearer. They follow published SIP trunk lists and the losses of reported cases.
const (
	homeFixed   = 2 * cent
	homeMobile  = 4 * cent
	homeShared  = 15 * cent
	homePremium = 100 * cent
	homePerson  = 40 * cent
	homeUnknown = 10 * cent

	abroadPremium = 250 * cent
	abroadPerson  = 120 * cent

	satellite = 750 * cent
	network   = 500 * cent
	nothing   = 200 * cent // for what no table knows

	dearSetup = 10 * cent
)

// zonePrice is the default price a minute of a country's fixed and mobile numbers seen from abroad.
func zonePrice(z table.Zone) (fixed, mobile belwacht.Money) {
	switch z {
	case table.ZoneCheap:
		return 3 * cent, 5 * cent
	case table.ZoneEurope:
		return 3 * cent, 8 * cent
	case table.ZoneWorld:
		return 10 * cent, 20 * cent
	case table.ZoneMiddle:
		return 20 * cent, 35 * cent
	case table.ZoneDear:
		return 60 * cent, 90 * cent
	case table.ZoneIsland:
		return 150 * cent, 180 * cent
	}
	return nothing, nothing
}

// price is the price of a number whose entry is known: the deck's, else the default.
func (s *Site) price(e belwacht.E164, x table.Entry) belwacht.Price {
	if s.rates != nil {
		if p, ok := s.rates.Price(e); ok {
			return p
		}
	}
	return s.defaultPrice(x)
}

// defaultPrice is the estimate for an entry.
func (s *Site) defaultPrice(x table.Entry) belwacht.Price {
	r, class := s.world.Region(x), s.world.Class(x)
	if x == 0 || r == 0 {
		return unknownPrice()
	}
	if r == s.region || s.shared && r == s.main {
		return homePrice(class)
	}
	fixed, mobile := zonePrice(s.world.Zone(r))
	p := belwacht.Price{PerMinute: mobile, First: 1, Next: 1, Estimate: true}
	if s.world.Zone(r) >= table.ZoneMiddle || s.world.Zone(r) == table.ZoneNone {
		p.First, p.Next = 60, 60
	}
	switch class {
	case belwacht.ClassFreephone:
		p.PerMinute = fixed // reached from abroad it is not free, but for the international 00800
		if s.world.Zone(r) == table.ZoneNone {
			p.PerMinute = 0
		}
	case belwacht.ClassGeographic:
		p.PerMinute = fixed
	case belwacht.ClassSharedCost:
		p.PerMinute = max(mobile, 50*cent)
	case belwacht.ClassPremium:
		p.PerMinute, p.Setup = max(2*mobile, abroadPremium), dearSetup
	case belwacht.ClassPersonal:
		p.PerMinute, p.Setup = max(mobile, abroadPerson), dearSetup
	case belwacht.ClassSatellite:
		p.PerMinute, p.Setup = satellite, dearSetup
	case belwacht.ClassNetwork:
		p.PerMinute, p.Setup = network, dearSetup
	}
	return p
}

// homePrice is the estimate for a number of the site's own country.
func homePrice(class belwacht.Class) belwacht.Price {
	p := belwacht.Price{PerMinute: homeUnknown, First: 1, Next: 1, Estimate: true}
	switch class {
	case belwacht.ClassFreephone:
		p.PerMinute = 0
	case belwacht.ClassGeographic:
		p.PerMinute = homeFixed
	case belwacht.ClassMobile:
		p.PerMinute = homeMobile
	case belwacht.ClassSharedCost:
		p.PerMinute = homeShared
	case belwacht.ClassPremium, belwacht.ClassShortCode:
		p = belwacht.Price{PerMinute: homePremium, Setup: dearSetup, First: 60, Next: 60, Estimate: true}
	case belwacht.ClassPersonal:
		p.PerMinute, p.Setup = homePerson, dearSetup
	}
	return p
}

// unknownPrice is the estimate for a number of which nothing is known.
func unknownPrice() belwacht.Price {
	return belwacht.Price{Setup: dearSetup, PerMinute: nothing, First: 60, Next: 60, Estimate: true}
}
