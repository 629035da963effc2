package number

import (
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// Site reads numbers as one site dials them. It is immutable and safe for concurrent use; a running system replaces it whole.
type Site struct {
	world   table.World
	country belwacht.Country
	region  table.Region
	code    string        // country code
	codeE   belwacht.E164 // the same, packed
	codeAt  table.Node    // the state behind it
	main    table.Region  // the country code's main country
	shared  bool          // countries with this code are one dialling zone: not +1 and +7, where they are countries apart

	international []string // longest first
	trunk         string   // "" for none
	trunks        []string // trunk, then others that are dialled as well
	trunkOptional bool     // ordinary numbers are dialled without it as well
	outside       []string
	area          belwacht.E164 // country and area code, 0 where none is set
	extensions    extensions
	shortCodes    extensions
	carriers      int // digits of a carrier code that may stand behind the trunk prefix (Brazil 2, Colombia 1), 0 for none

	byForm         map[string]privileged
	formEnds       [32]uint64 // by length: see formEnd
	socialPatterns []string

	own    prefixes
	listed prefixes
	rates  *Rates
}

// New makes a Site; its errors say which setting is wrong and what it should look like.
func New(c Config) (*Site, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s := &Site{world: table.Open()}
	country, ok := belwacht.ParseCountry(c.Country)
	if s.country, s.region = country, s.world.FindRegion(country); !ok || s.region == 0 {
		return nil, belwacht.Errorf(belwacht.Config, "country of the dial plan: %q is no ISO 3166 code of two letters with a numbering plan, such as NL", c.Country)
	}
	plan := s.world.Plan(s.region)
	s.code = codeString(s.world.Code(s.region))
	s.codeE, _ = belwacht.ParseE164(s.code)
	s.codeAt = table.Root
	for i := range s.codeE.Len() {
		s.codeAt = s.world.Next(s.codeAt, s.codeE.Digit(i))
	}
	s.main = s.world.Region(s.world.Likely(s.codeAt))
	s.shared = s.code != "1" && s.code != "7"
	s.trunks = slices.Clone(plan.Trunks)
	if c.Trunk != nil {
		s.trunks = nil
		if *c.Trunk != "" {
			s.trunks = []string{*c.Trunk}
		}
	}
	if len(s.trunks) > 0 {
		s.trunk = s.trunks[0]
	}
	s.trunkOptional = s.code == "1" || s.code == "7" || s.code == "55"
	s.international = slices.Clone(plan.International)
	if len(c.International) > 0 {
		s.international = slices.Clone(c.International)
	}
	longestFirst(s.international)
	s.outside = slices.Clone(c.OutsideLine)
	longestFirst(s.outside)
	switch c.Country {
	case "BR":
		s.carriers = 2
	case "CO":
		s.carriers = 1
	}
	var err error
	if s.extensions, err = newExtensions("extensions", c.Extensions); err != nil {
		return nil, err
	}
	if s.shortCodes, err = newExtensions("short_codes", c.ShortCodes); err != nil {
		return nil, err
	}
	if c.AreaCode != "" {
		if s.area, ok = belwacht.ParseE164(s.code + strings.TrimPrefix(c.AreaCode, s.trunk)); !ok {
			return nil, belwacht.Errorf(belwacht.Config, "area_code of the dial plan: %q is none", c.AreaCode)
		}
	}
	for _, o := range c.Own {
		e, ok := belwacht.ParseE164(o)
		if !ok {
			return nil, belwacht.Errorf(belwacht.Config, "own numbers of the dial plan: %q is no number or range in E.164, such as +3120123 for +31 20 123 0000 to 9999", o)
		}
		s.own.add(e)
	}
	for _, e := range c.Listed {
		s.listed.add(e)
	}
	s.setPrivileged(slices.Concat(plan.Emergency, c.Emergency), slices.Concat(plan.Social, c.Social))
	return s, nil
}

func longestFirst(l []string) {
	slices.SortStableFunc(l, func(a, b string) int { return len(b) - len(a) })
}

// WithRates is a copy of the Site that prices by the deck; nil takes the deck away.
func (s *Site) WithRates(r *Rates) *Site {
	c := *s
	c.rates = r
	return &c
}

// Country is the site's own country.
func (s *Site) Country() belwacht.Country { return s.country }

// abroad says whether a region is outside the site's country and dialling zone.
func (s *Site) abroad(r table.Region) bool {
	return r != s.region && (!s.shared || s.world.Code(r) != s.world.Code(s.region))
}

// IsOwn says whether the number is in one of the site's own ranges.
func (s *Site) IsOwn(e belwacht.E164) bool { return s.own.has(e) }

// Source names the sources of the numbering data with their versions and licences.
func (s *Site) Source() string { return s.world.Source() }

// CountryOf is the country, class and risk of a number as seen from this site: premium is worse abroad, and a dear price raises the risk.
// It allocates nothing.
func (s *Site) CountryOf(e belwacht.E164) (belwacht.Country, belwacht.Class, belwacht.Risk) {
	if e == 0 {
		return belwacht.Country{}, belwacht.ClassUnknown, belwacht.RiskUsual
	}
	x, _ := s.world.Walk(e)
	return s.world.Country(s.world.Region(x)), s.world.Class(x), s.risk(e, x, s.price(e, x))
}

// prefixes is a set of E.164 prefixes.
type prefixes struct {
	set     map[belwacht.E164]struct{}
	lengths uint16 // bit n: a prefix of n digits is in it
}

func (p *prefixes) add(e belwacht.E164) {
	if p.set == nil {
		p.set = map[belwacht.E164]struct{}{}
	}
	p.set[e] = struct{}{}
	p.lengths |= 1 << e.Len()
}

// has says whether a prefix of e is in the set.
func (p *prefixes) has(e belwacht.E164) bool {
	if p.lengths == 0 || e == 0 {
		return false
	}
	for n := 1; n <= e.Len(); n++ {
		if p.lengths>>n&1 == 1 {
			if _, ok := p.set[e.Prefix(n)]; ok {
				return true
			}
		}
	}
	return false
}
