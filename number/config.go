package number

import "github.com/belwacht/belwacht"

// Config describes a site's dial plan; only Country is required. Everything else has a default by country.
type Config struct {
	Country       string          // ISO 3166 two letters
	International []string        // prefixes that lead abroad ("00", "011"); default by country; "+" always
	Trunk         *string         // national trunk prefix; nil = by country ("0" in NL, "" in ES, IT and closed plans, "1" in US)
	OutsideLine   []string        // outside-line digits that the PBX strips ("0", "9"); default none
	Extensions    []string        // declared extensions: numbers, ranges "200-399", patterns "2XX"; empty = a dialled string the plan cannot make E.164 is internal
	ShortCodes    []string        // the owner's short codes and services that go out
	Own           []string        // own ranges in E.164
	Emergency     []string        // emergency numbers added by the owner
	Social        []string        // social numbers added by the owner (alarm centre …)
	Listed        []belwacht.E164 // known test and revenue-share numbers or ranges (prefixes)
	AreaCode      string          // for local dialling without area code, where the plan has it
}
