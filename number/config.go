package number

import (
	"strings"

	"github.com/belwacht/belwacht"
)

// Config describes a site's dial plan; only Country is required. Everything else has a default by country.
type Config struct {
	Country       string          // ISO 3166 two letters
	International []string        // prefixes that lead abroad ("00", "011"); default by country; "+" always
	Trunk         *string         // national trunk prefix; nil = by country ("0" in NL, "" in ES, IT and closed plans, "1" in US)
	OutsideLine   []string        // outside-line digits that the PBX strips ("0", "9"); default none
	Extensions    []string        // declared extensions: numbers, ranges "200-399", patterns "2XX"; empty = a dialled string the plan cannot make E.164 is internal
	ShortCodes    []string        // the owner's short codes and services that go out; patterns allowed
	Own           []string        // own numbers and ranges, E.164 prefixes
	Emergency     []string        // emergency numbers added by the owner, as dialled or in E.164 with a plus
	Social        []string        // social numbers added by the owner (alarm centre …), as dialled or in E.164 with a plus
	Listed        []belwacht.E164 // known test and revenue-share numbers or ranges (prefixes)
	AreaCode      string          // for local dialling without area code, where the plan has it; without the trunk prefix
}

// Bounds on what a configuration may hold; they keep a mistaken list from filling memory.
const (
	maxList   = 1_000_000 // extensions, listed numbers
	maxShort  = 10_000    // emergency, social, short codes, own ranges
	maxPrefix = 8         // digits of a dialling prefix
)

func (c *Config) check() error {
	for name, l := range map[string]int{"extensions": len(c.Extensions), "listed numbers": len(c.Listed)} {
		if l > maxList {
			return belwacht.Errorf(belwacht.Config, "the dial plan has %d %s, more than the %d that fit; use ranges such as 200-399", l, name, maxList)
		}
	}
	for name, l := range map[string][]string{"emergency": c.Emergency, "social": c.Social, "short_codes": c.ShortCodes, "own": c.Own} {
		if len(l) > maxShort {
			return belwacht.Errorf(belwacht.Config, "%s of the dial plan has %d numbers, more than the %d that fit", name, len(l), maxShort)
		}
	}
	for name, l := range map[string][]string{"international": c.International, "outside_line": c.OutsideLine} {
		for _, p := range l {
			if p == "" || len(p) > maxPrefix || !digitsOnly(p) {
				return belwacht.Errorf(belwacht.Config, "%s of the dial plan: %q is no prefix; write digits, such as 00 or 9", name, p)
			}
		}
	}
	if c.Trunk != nil && (len(*c.Trunk) > maxPrefix || !digitsOnly(*c.Trunk)) {
		return belwacht.Errorf(belwacht.Config, "trunk prefix of the dial plan: %q is none; write digits, such as 0, or \"\" for none", *c.Trunk)
	}
	if len(c.AreaCode) > maxPrefix || !digitsOnly(c.AreaCode) {
		return belwacht.Errorf(belwacht.Config, "area_code of the dial plan: %q is none; write its digits without the trunk prefix, such as 20", c.AreaCode)
	}
	for name, l := range map[string][]string{"emergency": c.Emergency, "social": c.Social} {
		for _, n := range l {
			if d := strings.TrimPrefix(n, "+"); len(d) < 2 || len(d) > belwacht.MaxDigits || !digitsOnly(d) {
				return belwacht.Errorf(belwacht.Config, "%s of the dial plan: %q is no number; write the digits as they are dialled, or +31…", name, n)
			}
		}
	}
	return nil
}

// digitsOnly says whether there is nothing but digits; it is true of "".
func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
