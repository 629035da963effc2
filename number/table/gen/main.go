// Command gen writes number/table/world.bin from libphonenumber's metadata and the files in own/.
package main

import (
	"cmp"
	"encoding/binary"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
	"github.com/nyaruka/phonenumbers"
)

func main() {
	dir := flag.String("own", "own", "folder of our own tables")
	out := flag.String("out", "world.bin", "file to write")
	flag.Parse()
	data, err := generate(*dir)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, data, 0o644); err != nil {
		log.Fatal(err)
	}
}

// source names where the data comes from.
func source() string {
	version := "unknown version"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "github.com/nyaruka/phonenumbers" {
				version = d.Version
			}
		}
	}
	return "Google libphonenumber metadata, Apache-2.0, by way of github.com/nyaruka/phonenumbers " + version + ", MIT; number/table/own, Apache-2.0"
}

func generate(dir string) ([]byte, error) {
	o, err := readOwn(dir)
	if err != nil {
		return nil, err
	}
	l := newLanguages()
	codes, err := regions(l, o)
	if err != nil {
		return nil, err
	}
	a := newAutomaton(l, o)
	a.states, a.tallies = append(a.states, state{}), append(a.tallies, tally{}) // keeps the place of table.Root
	roots := map[string]int{}
	byIndex := []*region{nil}
	lengthsBelow := map[int]*[16]float64{}
	for _, digits := range slices.Sorted(maps.Keys(codes)) {
		c := &code{automaton: a, digits: digits, regions: codes[digits], memo: map[string]int{}}
		for _, r := range c.regions {
			r.index = len(byIndex)
			byIndex = append(byIndex, r)
		}
		if main := c.regions[0]; main.meta != nil {
			if c.formats, err = formats(l, main.meta, belwacht.MaxDigits-len(digits)); err != nil {
				return nil, err
			}
		}
		id := c.build(digits, c.items(), o.at(digits, 0))
		roots[digits] = id
		maps.Copy(lengthsBelow, a.tallies[id].byLength)
	}
	root := a.root(roots)
	a.states[table.Root] = a.states[root]
	shorts := make([]int, len(byIndex))
	for i, r := range byIndex {
		if r != nil && r.short != nil {
			if shorts[i], err = a.shorts(r); err != nil {
				return nil, err
			}
		}
	}
	return write(a, byIndex, shorts, lengthsBelow)
}

// regions are all regions by country code, the main one of each code first, and the codes that only own/class.txt has.
func regions(l *languages, o *own) (map[string][]*region, error) {
	coll, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, err
	}
	short, err := phonenumbers.ShortNumberMetadataCollection()
	if err != nil {
		return nil, err
	}
	shorts := map[string]*phonenumbers.PhoneMetadata{}
	for _, m := range short.GetMetadata() {
		shorts[m.GetId()] = m
	}
	metas := map[string]*phonenumbers.PhoneMetadata{}
	codes := map[string][]*region{}
	for _, m := range coll.GetMetadata() {
		metas[m.GetId()] = m
		r := &region{meta: m, short: shorts[m.GetId()], iso: m.GetId(), code: int(m.GetCountryCode())}
		if r.iso == "001" {
			r.iso, r.short = "", nil
		} else if _, ok := o.zone[r.iso]; !ok {
			return nil, fmt.Errorf("own/country.txt: %s is missing", r.iso)
		}
		if err := r.compile(l); err != nil {
			return nil, err
		}
		digits := strconv.Itoa(r.code)
		codes[digits] = append(codes[digits], r)
	}
	for digits, rs := range codes {
		order := phonenumbers.GetRegionCodesForCountryCode(rs[0].code)
		slices.SortFunc(rs, func(a, b *region) int {
			return cmp.Compare(slices.Index(order, a.iso), slices.Index(order, b.iso))
		})
		codes[digits] = rs
	}
	for p := range o.prefixes {
		if _, ok := codes[p]; !ok && len(p) == 3 && p[0] == '8' {
			n, _ := strconv.Atoi(p)
			codes[p] = []*region{{code: n}}
		}
	}
	return codes, nil
}

// manyShorts is how many short numbers say nothing any more: some countries give whole lengths to message services, which nobody rings and which
// look like extensions. Of those only the numbers of three digits and those with a 1 in front, where services stand, are kept.
const manyShorts = 3000

// shorts is the automaton of a country's short numbers, emergencies left out.
func (a *automaton) shorts(r *region) (int, error) {
	desc := func(d *phonenumbers.PhoneNumberDesc) (language, error) {
		return a.words.compile(d.GetNationalNumberPattern(), mask(d.GetPossibleLength()), 10, false)
	}
	all, err := desc(r.short.GetShortCode())
	if err != nil {
		return 0, err
	}
	if len(a.words.words(all, manyShorts)) == manyShorts {
		three, err := a.words.compile(r.short.GetShortCode().GetNationalNumberPattern(), 1<<3, 10, false)
		if err != nil {
			return 0, err
		}
		kept := a.words.nodes[three]
		kept.next[1] = a.words.nodes[all].next[1]
		all = a.words.intern(kept)
	}
	premium, err := desc(r.short.GetPremiumRate())
	if err != nil {
		return 0, err
	}
	emergency, err := desc(r.short.GetEmergency())
	if err != nil {
		return 0, err
	}
	memo := map[[3]language]int{}
	var build func(k [3]language) int
	build = func(k [3]language) int {
		if k[0] == 0 {
			return 0
		}
		if id, ok := memo[k]; ok {
			return id
		}
		var s state
		if n := a.words.nodes; n[k[0]].accept && !n[k[2]].accept {
			e := entry{region: r.index, class: belwacht.ClassShortCode, bare: true}
			if n[k[1]].accept {
				e.class = belwacht.ClassPremium
			}
			s.exact = a.entry(e)
		}
		for d := range 10 {
			n := a.words.nodes
			s.next[d] = build([3]language{n[k[0]].next[d], n[k[1]].next[d], n[k[2]].next[d]})
		}
		id := a.intern(s)
		memo[k] = id
		return id
	}
	return build([3]language{all, premium, emergency}), nil
}

// write lays the file out as package table reads it.
func write(a *automaton, byIndex []*region, shorts []int, below map[int]*[16]float64) ([]byte, error) {
	le := binary.LittleEndian
	if len(a.states) > 1<<16 || len(a.entries) > 1<<16 || len(a.own.networks) > 1<<8 {
		return nil, fmt.Errorf("%d states, %d entries, %d networks: the records of package table are too small", len(a.states), len(a.entries), len(a.own.networks))
	}
	var nodes, entries, countries, plans []byte
	for _, s := range a.states {
		for _, n := range s.next {
			nodes = le.AppendUint16(nodes, uint16(n))
		}
		nodes = le.AppendUint16(le.AppendUint16(nodes, uint16(s.exact)), uint16(s.likely))
	}
	for _, e := range a.entries {
		flags := byte(0)
		if e.bare {
			flags |= table.FlagBare
		}
		entries = append(le.AppendUint16(entries, uint16(e.region)), byte(e.class), byte(e.network), flags, 0, 0, 0)
	}
	for i, r := range byIndex {
		if r == nil {
			countries = append(countries, make([]byte, table.CountrySize)...)
			continue
		}
		record, plan, err := a.record(r, shorts[i], below, len(plans))
		if err != nil {
			return nil, err
		}
		countries = append(countries, record...)
		plans = append(plans, plan...)
	}
	out := []byte(table.Magic)
	sections := [table.Sections][]byte{[]byte(source()), nodes, entries, countries, []byte(strings.Join(a.own.networks, "\n")), plans}
	at := len(table.Magic) + 8*table.Sections
	for _, s := range sections {
		out = le.AppendUint32(le.AppendUint32(out, uint32(at)), uint32(len(s)))
		at += len(s)
	}
	return append(out, slices.Concat(sections[:]...)...), nil
}

// record is a region's record and its plan.
func (a *automaton) record(r *region, short int, below map[int]*[16]float64, planAt int) (record, plan []byte, err error) {
	le := binary.LittleEndian
	possible := uint16(0)
	ccLen := len(strconv.Itoa(r.code))
	if r.meta != nil {
		possible = uint16(mask(r.meta.GetGeneralDesc().GetPossibleLength()) << ccLen)
	} else {
		possible = 0xf000 // shared codes without metadata: 12 to 15 digits
	}
	text := "\n\n\n"
	if r.iso != "" {
		if text, err = r.plan(a.words, a.own); err != nil {
			return nil, nil, err
		}
		record = append(record, r.iso...)
	} else {
		record = append(record, 0, 0)
	}
	record = le.AppendUint16(le.AppendUint16(record, uint16(r.code)), possible)
	record = append(record, byte(a.own.zone[r.iso]), byte(a.own.risk[r.iso]))
	record = le.AppendUint16(le.AppendUint16(record, uint16(short)), uint16(r.main))
	c := costs(r, below)
	record = append(record, c[:]...)
	record = le.AppendUint32(le.AppendUint32(record, uint32(planAt)), uint32(len(text)))
	return append(record, 0, 0, 0, 0), []byte(text), nil
}
