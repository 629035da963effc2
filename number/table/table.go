// Package table holds what package number knows of the world's numbering plans: which digit strings are numbers, of which country and
// class, how each country dials, which numbers are emergencies, and what a destination risks.
//
// The data is world.bin, generated and committed. Its sources are libphonenumber's metadata (Apache-2.0, by way of
// github.com/nyaruka/phonenumbers, MIT; the version stands in the file, see [World.Source]) and our own tables in own/, which win where both
// speak. `go generate ./number/table` writes the same bytes again; a test in gen/ compares them.
//
// The heart is one automaton over the digits of E.164. A number walks it from the country code on; the state in which it ends says whether
// it is a valid number and of what class, exactly as libphonenumber's patterns would, and every state on the way knows what most
// numbers below it are, so that numbers in ranges opened since then still get a country and mostly a class. States are shared, so the whole
// world fits into a few hundred kilobytes, is never unpacked and costs no start-up time.
package table

import (
	_ "embed"
	"math/bits"
	"strings"

	"github.com/belwacht/belwacht"
)

//go:generate go run ./gen -own own -out world.bin

//go:embed world.bin
var file string

// Sizes of the fixed records of world.bin, in bytes; all integers are little-endian.
const (
	NodeSize    = 24 // ten states that follow a digit, then the entry of a number that ends here, then the entry of most numbers below
	EntrySize   = 8  // country (2), class, network, flags, three spare
	CountrySize = 40 // ISO letters (2), country code (2), lengths (2), zone, risk, root of short numbers (2), main lengths (2), costs (16), plan: offset (4), length (4), spare (4)
	Magic       = "BWN1"
)

// Sections of world.bin, in the order of the header's (offset, length) pairs.
const (
	SectionSource = iota
	SectionNodes
	SectionEntries
	SectionCountries
	SectionNetworks
	SectionPlans
	Sections
)

// FlagBare marks numbers that are dialled without the national trunk prefix.
const FlagBare = 1

// CostImpossible is the cost of a length that no number of a country has.
const CostImpossible = 255

// Zone is a price zone of countries; what it costs is package number's affair.
type Zone uint8

// The zones, from cheap to dear.
const (
	ZoneNone Zone = iota
	ZoneCheap
	ZoneEurope
	ZoneWorld
	ZoneMiddle
	ZoneDear
	ZoneIsland
)

// ParseZone reads the word of own/country.txt.
func ParseZone(s string) (Zone, bool) {
	for i, w := range strings.Fields("none cheap europe world middle dear island") {
		if s == w {
			return Zone(i), true
		}
	}
	return 0, false
}

// World is the opened table: a few strings that share the program's read-only data. Copying it is cheap; it is safe for concurrent use.
type World struct {
	source, nodes, entries, countries, plans string
	networks                                 []string
}

// Open opens the table.
func Open() World {
	var parts [Sections]string
	for i := range parts {
		o, n := u32(file, len(Magic)+8*i), u32(file, len(Magic)+8*i+4)
		parts[i] = file[o : o+n]
	}
	return World{source: parts[SectionSource], nodes: parts[SectionNodes], entries: parts[SectionEntries], countries: parts[SectionCountries],
		plans: parts[SectionPlans], networks: strings.Split(parts[SectionNetworks], "\n")}
}

// Source names the sources of the data with their versions.
func (w *World) Source() string { return w.source }

// Size is the size of the data in bytes.
func (w *World) Size() int { return len(file) }

// Node is a state of the automaton; 0 is the dead state, Root the state before the first digit.
type Node uint16

// Root is the state before the country code's first digit.
const Root Node = 1

// Next is the state after digit d, 0 ≤ d ≤ 9.
func (w *World) Next(n Node, d byte) Node { return Node(u16(w.nodes, int(n)*NodeSize+2*int(d))) }

// Exact is the entry of the valid number that ends in n, or 0.
func (w *World) Exact(n Node) Entry { return Entry(u16(w.nodes, int(n)*NodeSize+20)) }

// Likely is the entry that most numbers below n have; its class is unknown where they do not agree.
func (w *World) Likely(n Node) Entry { return Entry(u16(w.nodes, int(n)*NodeSize+22)) }

// Walk reads a whole number: its entry, and whether it is valid; where it is not, the entry is that of most numbers beginning like it.
func (w *World) Walk(e belwacht.E164) (Entry, bool) {
	n := Root
	for i := range e.Len() {
		next := w.Next(n, e.Digit(i))
		if next == 0 {
			return w.Likely(n), false
		}
		n = next
	}
	if x := w.Exact(n); x != 0 {
		return x, true
	}
	return w.Likely(n), false
}

// Entry is what is known of a number; 0 is nothing.
type Entry uint16

// Class is the entry's class.
func (w *World) Class(x Entry) belwacht.Class {
	return belwacht.Class(w.entries[int(x)*EntrySize+2])
}

// Network is the name of the satellite or international network, or "".
func (w *World) Network(x Entry) string { return w.networks[w.entries[int(x)*EntrySize+3]] }

// Bare says whether the number is dialled at home without the trunk prefix.
func (w *World) Bare(x Entry) bool { return w.entries[int(x)*EntrySize+4]&FlagBare != 0 }

// Region is the entry's country or shared country code.
func (w *World) Region(x Entry) Region { return Region(u16(w.entries, int(x)*EntrySize)) }

// Region is a country, or a shared country code such as 881, which has no ISO code; 0 is none.
type Region uint16

// FindRegion is the region of a country, or 0.
func (w *World) FindRegion(c belwacht.Country) Region {
	if c.Index() == 0 {
		return 0
	}
	for o := CountrySize; o < len(w.countries); o += CountrySize {
		if w.countries[o] == c[0] && w.countries[o+1] == c[1] {
			return Region(o / CountrySize)
		}
	}
	return 0
}

// Regions is the number of regions, region 0 included.
func (w *World) Regions() int { return len(w.countries) / CountrySize }

// Country is the region's ISO code, none for shared codes.
func (w *World) Country(r Region) belwacht.Country {
	o := int(r) * CountrySize
	return belwacht.Country{w.countries[o], w.countries[o+1]}
}

// Code is the country code.
func (w *World) Code(r Region) int { return u16(w.countries, int(r)*CountrySize+2) }

// Possible says whether numbers of the region can have so many digits, country code included.
func (w *World) Possible(r Region, length int) bool {
	return u16(w.countries, int(r)*CountrySize+4)>>length&1 == 1
}

// Longest is how many digits the longest numbers of the region have, country code included.
func (w *World) Longest(r Region) int {
	return bits.Len16(uint16(u16(w.countries, int(r)*CountrySize+4))) - 1
}

// Main says whether ordinary fixed or mobile numbers of the region have so many digits, country code included.
func (w *World) Main(r Region, length int) bool {
	return u16(w.countries, int(r)*CountrySize+10)>>length&1 == 1
}

// LongestMain is how many digits the longest ordinary fixed or mobile numbers of the region have, country code included; Longest where that is not known.
func (w *World) LongestMain(r Region) int {
	if m := u16(w.countries, int(r)*CountrySize+10); m != 0 {
		return bits.Len16(uint16(m)) - 1
	}
	return w.Longest(r)
}

// Zone is the region's price zone.
func (w *World) Zone(r Region) Zone { return Zone(w.countries[int(r)*CountrySize+6]) }

// Risk is the region's history of revenue-share fraud.
func (w *World) Risk(r Region) belwacht.Risk {
	return belwacht.Risk(w.countries[int(r)*CountrySize+7])
}

// Short is the state before the first digit of the region's short numbers, 0 where none are known. Walk it by Next.
func (w *World) Short(r Region) Node { return Node(u16(w.countries, int(r)*CountrySize+8)) }

// Cost is how little a valid number of so many digits says about itself in this region: eight times the decimal logarithm of how many there
// are, weighted by how usual the length is. CostImpossible where there are none.
func (w *World) Cost(r Region, length int) int {
	return int(w.countries[int(r)*CountrySize+12+length])
}

// Plan is how the region dials.
type Plan struct {
	International []string // prefixes that lead abroad, the usual one first
	Trunks        []string // national trunk prefixes, the usual one first; empty where the plan has none
	Emergency     []string // 112 and 911 included
	Social        []string // X stands for one digit
}

// Plan returns how the region dials.
func (w *World) Plan(r Region) Plan {
	o := int(r)*CountrySize + 28
	text := w.plans[u32(w.countries, o):][:u32(w.countries, o+4)]
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return Plan{}
	}
	return Plan{International: strings.Fields(lines[0]), Trunks: strings.Fields(lines[1]), Emergency: strings.Fields(lines[2]), Social: strings.Fields(lines[3])}
}

func u16(s string, o int) int { return int(s[o+1])<<8 | int(s[o]) } // in this order the place is checked once

func u32(s string, o int) int { return u16(s, o) | u16(s, o+2)<<16 }
