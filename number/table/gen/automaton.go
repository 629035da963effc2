package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// entry is what is known of a number; the zero entry is nothing.
type entry struct {
	region  int
	class   belwacht.Class
	network int
	bare    bool
}

// state is a node of the automaton that is written.
type state struct {
	next   [10]int
	exact  int
	likely int
}

// tally counts valid numbers below a state, by entry without its bare flag, and by length for each region.
type tally struct {
	byEntry  map[entry]float64
	byLength map[int]*[16]float64
}

// automaton is the product of all patterns of all regions and our own prefixes, made once for each country code and joined at the root.
type automaton struct {
	words   *languages
	own     *own
	states  []state
	ids     map[state]int
	entries []entry
	entryID map[entry]int
	tallies []tally // by state
}

func newAutomaton(l *languages, o *own) *automaton {
	return &automaton{words: l, own: o, states: []state{{}}, ids: map[state]int{{}: 0}, entries: []entry{{}}, entryID: map[entry]int{{}: 0}, tallies: make([]tally, 1)}
}

func (a *automaton) entry(e entry) int {
	id, ok := a.entryID[e]
	if !ok {
		id = len(a.entries)
		a.entries = append(a.entries, e)
		a.entryID[e] = id
	}
	return id
}

func (a *automaton) intern(s state) int {
	if id, ok := a.ids[s]; ok {
		return id
	}
	id := len(a.states)
	a.states = append(a.states, s)
	a.ids[s] = id
	t := tally{map[entry]float64{}, map[int]*[16]float64{}}
	add := func(e entry, n float64) {
		e.bare = false
		t.byEntry[e] += n
	}
	if s.exact != 0 {
		e := a.entries[s.exact]
		add(e, 1)
		t.byLength[e.region] = &[16]float64{1}
	}
	for _, next := range s.next {
		for e, n := range a.tallies[next].byEntry {
			add(e, n)
		}
		for r, lengths := range a.tallies[next].byLength {
			if t.byLength[r] == nil {
				t.byLength[r] = &[16]float64{}
			}
			for i := range 15 {
				t.byLength[r][i+1] += lengths[i]
			}
		}
	}
	a.tallies = append(a.tallies, t)
	return id
}

// code is the automaton below one country code, while it is built.
type code struct {
	*automaton
	digits  string
	regions []*region // in libphonenumber's order; the first is the main one
	formats []format
	memo    map[string]int
}

// items are the languages left of every pattern, laid out region by region (leading, kinds), then the formats.
func (c *code) items() []language {
	var it []language
	for _, r := range c.regions {
		it = append(it, r.leading)
		it = append(it, r.kinds[:]...)
	}
	for _, f := range c.formats {
		it = append(it, f.pattern, f.leading)
	}
	return it
}

const perRegion = 1 + 10

func (c *code) accepts(l language) bool { return l < 0 || c.words.nodes[l].accept }

// exact is the entry of the number that ends here: libphonenumber's getRegionCodeForNumber, then getNumberType, then our own class.
func (c *code) exact(it []language, ov int) int {
	for i, r := range c.regions {
		own := it[i*perRegion : (i+1)*perRegion]
		class := belwacht.ClassUnknown
		if k := slices.IndexFunc(own[1:], c.accepts); k >= 0 {
			class = kinds[k].class
		}
		if class == belwacht.ClassUnknown {
			if r.leading != 0 && c.accepts(own[0]) {
				return 0
			}
			continue
		}
		e := entry{region: r.index, class: class}
		if ov != 0 {
			e.class, e.network = c.own.overrides[ov].class, c.own.overrides[ov].network
		}
		f := it[len(c.regions)*perRegion:]
		for j := range c.formats {
			if c.accepts(f[2*j]) && c.accepts(f[2*j+1]) {
				e.bare = c.formats[j].bare
				break
			}
		}
		return c.entry(e)
	}
	return 0
}

// live says whether a valid number of any kind may still follow.
func (c *code) live(it []language) bool {
	for i := range c.regions {
		if slices.ContainsFunc(it[i*perRegion+1:(i+1)*perRegion], func(l language) bool { return l > 0 }) {
			return true
		}
	}
	return false
}

// build makes the state reached with these languages left and this override in force; prefix only matters while own prefixes go on.
func (c *code) build(prefix string, it []language, ov int) int {
	alive := c.own.alive[prefix]
	live := c.live(it)
	if !live && !alive && ov == 0 || len(prefix) > belwacht.MaxDigits {
		return 0
	}
	key := fmt.Sprint(ov, it)
	if alive {
		key = prefix
	}
	if !live && !alive {
		key = fmt.Sprint("own", ov)
	}
	if id, ok := c.memo[key]; ok {
		return id
	}
	var s state
	s.exact = c.exact(it, ov)
	if live || alive {
		for d := range 10 {
			next := make([]language, len(it))
			for i, l := range it {
				next[i] = l
				if l > 0 {
					next[i] = c.words.nodes[l].next[d]
				}
			}
			p := prefix + string(rune('0'+d))
			s.next[d] = c.below(p, next, ov)
		}
	}
	s.likely = c.likely(s, ov)
	id := c.intern(s)
	c.memo[key] = id
	return id
}

// below is build for a longer prefix, dead where nothing but the override already in force is left: the walk then ends in its parent.
func (c *code) below(prefix string, it []language, before int) int {
	ov := c.own.at(prefix, before)
	if !c.live(it) && !c.own.alive[prefix] && ov == before {
		return 0
	}
	return c.build(prefix, it, ov)
}

// likely is the entry that most numbers below have: the commonest region, and its class where at least 80 % agree.
func (c *code) likely(s state, ov int) int {
	sums := tally{byEntry: map[entry]float64{}}
	if s.exact != 0 {
		e := c.entries[s.exact]
		e.bare = false
		sums.byEntry[e]++
	}
	for _, next := range s.next {
		for e, n := range c.tallies[next].byEntry {
			sums.byEntry[e] += n
		}
	}
	regions := map[int]float64{}
	for e, n := range sums.byEntry {
		regions[e.region] += n
	}
	best := entry{region: c.regions[0].index}
	for _, r := range c.regions {
		if regions[r.index] > regions[best.region] {
			best.region = r.index
		}
	}
	if ov != 0 {
		best.class, best.network = c.own.overrides[ov].class, c.own.overrides[ov].network
		return c.entry(best)
	}
	for e, n := range sums.byEntry {
		if e.region == best.region && n >= 0.8*regions[best.region] {
			best.class, best.network = e.class, e.network
		}
	}
	return c.entry(best)
}

// root joins the country codes.
func (a *automaton) root(codes map[string]int) int {
	var join func(prefix string) int
	join = func(prefix string) int {
		if id, ok := codes[prefix]; ok {
			return id
		}
		if len(prefix) == 3 {
			return 0
		}
		var s state
		for d := range 10 {
			s.next[d] = join(prefix + strconv.Itoa(d))
		}
		return a.intern(s)
	}
	return join("")
}

// costs are World.Cost of one region.
func costs(r *region, below map[int]*[16]float64) (out [16]byte) {
	ccLen := len(strconv.Itoa(r.code))
	counts, others := [16]float64{}, 0.0
	if t := below[r.index]; t != nil {
		for n := range 16 - ccLen {
			counts[n+ccLen] = t[n]
		}
	}
	mains := 0.0
	for n, c := range counts {
		if c > 0 && r.main != 0 && r.main.has(n) {
			mains++
		} else if c > 0 {
			others++
		}
	}
	for n, c := range counts {
		out[n] = table.CostImpossible
		if c == 0 {
			continue
		}
		share := 0.1 / others
		if r.main != 0 && r.main.has(n) {
			share = 0.9 / mains
		} else if mains == 0 {
			share = 1 / others
		}
		out[n] = byte(math.Round(8 * math.Log10(c/share)))
	}
	return out
}
