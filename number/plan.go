package number

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// reading is what the plan makes of a string of digits; e is 0 where it makes nothing of it. A reading that is not valid is one that no table knows,
// but that a trunk would try: ranges are opened, and lengths changed, more often than tables are made.
type reading struct {
	e     belwacht.E164
	x     table.Entry
	valid bool
}

// Digits that must have been dialled for a number that no table knows to be taken for one, lest it be an extension or a slip of the finger.
const (
	minPossible = 8 // behind a trunk prefix
	minFull     = 7 // with country code, prefix not counted
	minBare     = 6 // without any prefix, where that is how numbers are dialled
)

// plan reads digits as this site dials them; plus says that a plus stood before them. full says that the reading is of a number with its country code.
func (s *Site) plan(d string, plus bool) (r reading, full bool) {
	if plus {
		return s.full(d), true
	}
	var abroad reading
	for _, p := range s.international {
		if rest, ok := strings.CutPrefix(d, p); ok {
			r := s.full(rest)
			if r.valid {
				return r, true
			}
			if abroad.e == 0 {
				abroad = r
			}
		}
	}
	if r := s.national(d); r.valid || abroad.e == 0 {
		return r, false
	}
	return abroad, true
}

// full reads a number that begins with its country code. Where no table knows it, its country must be known and it may not be longer than that country's
// longest: overlong ones are how prefixes are tried.
func (s *Site) full(d string) reading {
	if d == "" || d[0] == '0' {
		return reading{}
	}
	r := s.scan(table.Root, 0, d)
	if region := s.world.Region(r.x); !r.valid && (region == 0 || len(d) < minFull || len(d) > s.world.Longest(region)) {
		return reading{}
	}
	return r
}

// join reads a national number without trunk prefix. Where no table knows it, it must begin as some number does and be no longer than the longest.
func (s *Site) join(d string) reading {
	if d == "" {
		return reading{}
	}
	r := s.scan(s.codeAt, s.codeE, d)
	if !r.valid && (r.e.Len() > s.world.Longest(s.region) || d[0] > '9' || s.world.Next(s.codeAt, d[0]-'0') == 0) {
		return reading{}
	}
	return r
}

// scan packs digits behind a prefix and walks them from the state behind it, in one pass: this is what most calls go through. The reading
// has no number where they are too many or not digits.
func (s *Site) scan(n table.Node, prefix belwacht.E164, d string) reading {
	length := prefix.Len() + len(d)
	if length > belwacht.MaxDigits {
		return reading{}
	}
	e, likely := prefix>>(64-4*uint(prefix.Len())), table.Entry(0)
	for i := range len(d) {
		v := d[i] - '0'
		if v > 9 {
			return reading{}
		}
		e = e<<4 | belwacht.E164(v)
		if n != 0 {
			next := s.world.Next(n, v)
			if next == 0 {
				likely = s.world.Likely(n)
			}
			n = next
		}
	}
	e = e<<(64-4*uint(length)) | belwacht.E164(length)
	if n != 0 {
		if x := s.world.Exact(n); x != 0 {
			return reading{e, x, true}
		}
		likely = s.world.Likely(n)
	}
	return reading{e, likely, false}
}

// national reads a number of the own country: behind a trunk prefix, or bare where the plan has none or lets it be left out.
func (s *Site) national(d string) reading {
	var possible reading
	for _, t := range s.trunks {
		rest, ok := strings.CutPrefix(d, t)
		if !ok {
			continue
		}
		r := s.behindTrunk(rest)
		if r.valid {
			return r
		}
		if possible.e == 0 && len(d) >= minPossible {
			possible = r
		}
	}
	if b := s.bare(d); b.valid || possible.e == 0 {
		return b
	}
	return possible
}

// behindTrunk reads what follows a trunk prefix, where a carrier code may stand first.
func (s *Site) behindTrunk(d string) reading {
	r := s.join(d)
	if r.valid {
		return r
	}
	if s.carriers > 0 && len(d) > s.carriers {
		if c := s.join(d[s.carriers:]); c.valid {
			return c
		}
	}
	if s.code == "54" {
		if m := s.mobile15(d); m.valid {
			return m
		}
	}
	return r
}

// bare reads a national number dialled without trunk prefix.
func (s *Site) bare(d string) reading {
	r := s.join(d)
	switch {
	case r.valid && (s.trunk == "" || s.world.Bare(r.x)):
		return r
	case s.area != 0:
		if e, ok := pack(s.area, d); ok {
			if x, valid := s.world.Walk(e); valid {
				return reading{e, x, true}
			}
		}
	}
	if (s.trunk == "" || s.trunkOptional) && !r.valid && len(d) >= minBare && s.world.Main(s.region, r.e.Len()) {
		return r
	}
	return reading{}
}

// mobile15 reads an Argentine mobile number as dialled at home: area code, 15, subscriber. Abroad it is 9, area code, subscriber.
func (s *Site) mobile15(d string) reading {
	for area := 2; area <= 4 && area+2 < len(d); area++ {
		if d[area:area+2] != "15" {
			continue
		}
		e, _ := pack(s.codeE, "9")
		e, _ = pack(e, d[:area])
		if e, ok := pack(e, d[area+2:]); ok {
			if x, valid := s.world.Walk(e); valid {
				return reading{e, x, true}
			}
		}
	}
	return reading{}
}

// pack appends digits to a number; it reports false where they do not fit or are none.
func pack(e belwacht.E164, d string) (belwacht.E164, bool) {
	n := e.Len()
	if n+len(d) > belwacht.MaxDigits {
		return 0, false
	}
	e &^= 15
	for i := range len(d) {
		v := d[i] - '0'
		if v > 9 {
			return 0, false
		}
		e |= belwacht.E164(v) << (60 - 4*uint(n+i))
	}
	return e | belwacht.E164(n+len(d)), true
}
