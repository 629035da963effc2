// Package number turns what was dialled into what it means: see [Site.Read].
package number

import (
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/nyaruka/phonenumbers"
)

// Site reads numbers as one site dials them. It is immutable and safe for concurrent use.
type Site struct {
	country   belwacht.Country
	cc        string
	trunk     string
	idd       []string
	outside   []string
	emergency map[string]string
	social    map[string]string
	listed    []belwacht.E164
	rates     *Rates
}

// New makes a Site; its errors say which setting is wrong.
func New(c Config) (*Site, error) {
	country, ok := belwacht.ParseCountry(c.Country)
	cc := phonenumbers.GetCountryCodeForRegion(country.String())
	if !ok || cc == 0 {
		return nil, belwacht.Errorf(belwacht.Config, "country %q is no ISO 3166 code of two letters with a telephone plan, such as NL", c.Country)
	}
	s := &Site{country: country, cc: strconv.Itoa(cc), trunk: phonenumbers.GetNddPrefixForRegion(country.String(), true), idd: c.International, outside: c.OutsideLine,
		emergency: map[string]string{}, social: map[string]string{}, listed: c.Listed}
	if c.Trunk != nil {
		s.trunk = *c.Trunk
	}
	if len(s.idd) == 0 {
		s.idd = []string{"00"}
		if cc == 1 {
			s.idd = []string{"011"}
		}
	}
	for _, n := range append([]string{"112", "911"}, c.Emergency...) {
		for _, f := range s.forms(n) {
			s.emergency[f] = n
		}
	}
	for _, n := range append([]string{"113", "116000", "116006", "116111", "116123", "144", "08000113", "09008844"}, c.Social...) {
		for _, f := range s.forms(n) {
			s.social[f] = n
		}
	}
	return s, nil
}

func (s *Site) forms(n string) []string {
	out := []string{n, "0" + n, "9" + n, "+" + s.cc + n, "tel:" + n}
	for _, o := range s.outside {
		out = append(out, o+n)
	}
	for _, i := range s.idd {
		out = append(out, i+s.cc+n)
	}
	return out
}

// WithRates is a copy of the Site that prices by the deck.
func (s *Site) WithRates(r *Rates) *Site {
	c := *s
	c.rates = r
	return &c
}

// Country is the site's own country.
func (s *Site) Country() belwacht.Country { return s.country }

// Read says what was dialled.
func (s *Site) Read(dialled string) belwacht.Number {
	n := belwacht.Number{Dialled: dialled}
	if c, ok := s.emergency[dialled]; ok {
		n.Class, n.Canonical, n.Country, n.Dialable = belwacht.ClassEmergency, c, s.country, true
		return n
	}
	if c, ok := s.social[dialled]; ok {
		n.Class, n.Canonical, n.Country, n.Dialable = belwacht.ClassSocial, c, s.country, true
		return n
	}
	n.E164 = s.e164(dialled)
	if n.E164 == 0 && len(s.outside) > 0 {
		for _, o := range s.outside {
			if rest, ok := strings.CutPrefix(dialled, o); ok && n.E164 == 0 {
				n.E164 = s.e164(rest)
			}
		}
	}
	if n.E164 == 0 {
		n.Class = belwacht.ClassInternal
		if len(dialled) > 7 {
			n.Class = belwacht.ClassUnknown
		}
		return n
	}
	n.Dialable = true
	n.Country, n.Class, n.Risk = s.CountryOf(n.E164)
	n.Abroad = n.Country != s.country
	n.Price = s.price(n)
	return n
}

func (s *Site) e164(d string) belwacht.E164 {
	if rest, ok := strings.CutPrefix(d, "+"); ok {
		return plausible(rest)
	}
	for _, i := range s.idd {
		if rest, ok := strings.CutPrefix(d, i); ok {
			return plausible(rest)
		}
	}
	if rest, ok := strings.CutPrefix(d, s.trunk); ok && len(d) >= 9 {
		return plausible(s.cc + rest)
	}
	return 0
}

func plausible(d string) belwacht.E164 {
	e, _ := belwacht.ParseE164(d)
	p, err := phonenumbers.Parse("+"+d, "")
	if err != nil || !phonenumbers.IsPossibleNumber(p) {
		return 0
	}
	return e
}

// Caller reads a presented caller number in national or international form; 0 where there is none.
func (s *Site) Caller(presented string) belwacht.E164 { return s.e164(presented) }

// CountryOf is the country, class and risk of a number.
func (s *Site) CountryOf(e belwacht.E164) (belwacht.Country, belwacht.Class, belwacht.Risk) {
	p, err := phonenumbers.Parse(e.String(), "")
	if err != nil {
		return belwacht.Country{}, belwacht.ClassUnknown, belwacht.RiskUsual
	}
	c, _ := belwacht.ParseCountry(phonenumbers.GetRegionCodeForNumber(p))
	if c.Index() == 0 {
		c, _ = belwacht.ParseCountry(phonenumbers.GetRegionCodeForCountryCode(int(p.GetCountryCode())))
	}
	risk := belwacht.RiskUsual
	if slices.Contains([]string{"SO", "CU", "LV", "LT", "GM", "SL", "GW", "ML", "LR", "ZW", "MV", "TL", "FK"}, c.String()) {
		risk = belwacht.RiskHigh
	}
	for _, l := range s.listed {
		if e.HasPrefix(l) {
			risk = belwacht.RiskListed
		}
	}
	class := belwacht.ClassUnknown
	switch phonenumbers.GetNumberType(p) {
	case phonenumbers.FIXED_LINE, phonenumbers.FIXED_LINE_OR_MOBILE, phonenumbers.UAN, phonenumbers.VOIP:
		class = belwacht.ClassGeographic
	case phonenumbers.MOBILE:
		class = belwacht.ClassMobile
	case phonenumbers.TOLL_FREE:
		class = belwacht.ClassFreephone
	case phonenumbers.PREMIUM_RATE:
		class = belwacht.ClassPremium
	case phonenumbers.SHARED_COST:
		class = belwacht.ClassSharedCost
	case phonenumbers.PERSONAL_NUMBER:
		class = belwacht.ClassPersonal
	}
	return c, class, risk
}

func (s *Site) price(n belwacht.Number) belwacht.Price {
	if s.rates != nil {
		if p, ok := s.rates.Price(n.E164); ok {
			return p
		}
	}
	p := belwacht.Price{PerMinute: 2 * belwacht.Unit, Setup: belwacht.Unit / 10, First: 1, Next: 1, Estimate: true}
	if !n.Abroad && n.Class != belwacht.ClassPremium {
		p.PerMinute, p.Setup = 4*belwacht.Unit/100, 0
	}
	return p
}
