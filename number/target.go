package number

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// The hidden target.
//
// A dialled string is taken for junk, perhaps an international prefix, then a whole international number (or junk and a number of the own country
// behind its trunk prefix). Of all such splits the most likely one is named: the one with the least cost, in eighths of a decimal digit,
//
//	cost = cost of the junk + cost of the number
//
// where the number costs the logarithm of how many valid numbers its country has of that length (see table.World.Cost), and every digit of junk
// costs a digit, but for what people do put there on purpose: zeros, 00, 011, a plus. So a split that explains digits as a country code wins over one
// that calls them junk, a country where any digits are a number proves little, and the same tail under other junk gives the same answer.
const (
	digit        = 8 // one digit that nothing explains
	costBare     = 0 // nothing before the number
	costZero     = 4 // a zero, alone or further left in a run
	costPrefix   = 6 // 00 or 011 right before the number
	costPlus     = 0 // a plus right before the number
	costNational = 6 // the own trunk prefix right before the number
	costInvalid  = 2 * digit
	costExtra    = 12 // a digit too many behind a number: rarer than one put before it
	maxJunk      = 12 // digits of junk that are looked at one by one; more add nothing
	worst        = 1 << 20
)

// hidden is a dialled string reduced to its digits: the last of them where there are many, since junk stands in front.
type hidden struct {
	digits [24]byte // values 0 to 9
	n      int
	plus   int // index of the digit behind the last plus, -1 for none
}

// push appends a digit and drops the first where there is no room.
func (h *hidden) push(d byte) {
	if h.n == len(h.digits) {
		copy(h.digits[:], h.digits[1:])
		h.n--
		h.plus--
	}
	h.digits[h.n] = d
	h.n++
}

// take reads a string with junk. Where characters that separate destinations in SIP and in dial plans split it, the part with most digits counts.
// With decode, %2B, %23 and the like are one character (RFC 3986 §2.1); without, a percent sign is junk like any other, as in %232…, which may be
// a hash or Sierra Leone.
func take(s string, decode bool) hidden {
	h, best := hidden{plus: -1}, hidden{plus: -1}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			h.push(c - '0')
		case c == '+':
			h.plus = h.n
		case decode && c == '%' && i+2 < len(s) && (s[i+1] == '2' || s[i+1] == '3' && s[i+2]|0x20 >= 'a') && isHex(s[i+2]):
			if s[i+1] == '2' && s[i+2]|0x20 == 'b' {
				h.plus = h.n
			}
			i += 2
		case strings.IndexByte("&@;,|?", c) >= 0:
			if h.n > best.n {
				best = h
			}
			h = hidden{plus: -1}
		}
	}
	if best.n >= h.n {
		return best
	}
	return h
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// How far split may go.
type splits uint8

const (
	anySplit      splits = iota // the plan reads nothing
	validSplit                  // the plan reads a home number that no table knows: only valid numbers count
	explicitSplit               // it reads one of usual length with its country code: only valid numbers behind a further international prefix
)

// setTarget looks behind digits of which the plan makes nothing, or nothing that a table knows; plain is what it does make of them, full whether with its
// country code.
func (s *Site) setTarget(n *belwacht.Number, d string, plus bool, plain reading, full bool) {
	h := hidden{plus: -1}
	if plus {
		h.plus = 0
	}
	for i := range len(d) {
		h.push(d[i] - '0')
	}
	limit, how := worst, anySplit
	var e belwacht.E164
	var x table.Entry
	switch {
	case plain.e == 0:
		e, x, limit = s.overlong(d, plus)
	case !full:
		limit, how = digit*plain.e.Len()+costInvalid, validSplit
	case plain.e.Len() <= s.world.LongestMain(s.world.Region(plain.x)):
		limit, how = digit*plain.e.Len()+costInvalid, explicitSplit
	default:
		_, _, limit = s.overdialled(plain.e)
		limit, how = min(limit, digit*plain.e.Len()+costInvalid), validSplit
	}
	if e2, x2, _ := s.split(&h, limit, how); e2 != 0 {
		e, x = e2, x2
	}
	if e != 0 && e != n.E164 {
		s.aim(n, e, x)
	}
}

// overlong reads what stands behind a plus or an international prefix as a valid number with digits too many behind it: many networks put such calls
// through, and whoever mistypes a number means it.
func (s *Site) overlong(d string, plus bool) (e belwacht.E164, x table.Entry, cost int) {
	if plus {
		return s.overdialled(s.scan(table.Root, 0, d).e)
	}
	cost = worst
	for _, p := range s.international {
		if rest, ok := strings.CutPrefix(d, p); ok {
			if e2, x2, c := s.overdialled(s.scan(table.Root, 0, rest).e); e2 != 0 && c+costPrefix < cost {
				e, x, cost = e2, x2, c+costPrefix
			}
		}
	}
	return e, x, cost
}

// overdialled reads a number as a valid one with digits too many behind it; the cost is worst where it is none.
func (s *Site) overdialled(e belwacht.E164) (valid belwacht.E164, entry table.Entry, cost int) {
	cost = worst
	n := table.Root
	for i := range e.Len() {
		if n = s.world.Next(n, e.Digit(i)); n == 0 {
			break
		}
		if x := s.world.Exact(n); x != 0 && i+1 >= minTarget {
			valid, entry, cost = e.Prefix(i+1), x, s.world.Cost(s.world.Region(x), i+1)+costExtra*(e.Len()-i-1)
		}
	}
	return valid, entry, cost
}

// minTarget is the fewest digits of a target, country code included.
const minTarget = 7

// split finds the likeliest split that costs less than limit; no number and the limit where there is none.
func (s *Site) split(h *hidden, limit int, how splits) (e belwacht.E164, x table.Entry, cost int) {
	cost = limit
	if h.n < minPossible {
		return 0, 0, cost
	}
	for i := max(0, h.n-belwacht.MaxDigits); i <= h.n-minTarget; i++ {
		d := h.digits[i:h.n]
		if d[0] == 0 {
			continue
		}
		if how != explicitSplit || h.explicit(i) {
			before := h.junk(i)
			if e2, x2, c := s.walk(table.Root, 0, d, how == anySplit); e2 != 0 && c+before < cost {
				e, x, cost = e2, x2, c+before
			}
		}
		if home := h.home(i, s.trunk); home >= 0 && how != explicitSplit {
			if e2, x2, c := s.walk(s.codeAt, s.codeE, d, false); e2 != 0 && c+home < cost {
				e, x, cost = e2, x2, c+home
			}
		}
	}
	return e, x, cost
}

// explicit says whether an international prefix with something before it stands right before digit i.
func (h *hidden) explicit(i int) bool {
	return i >= 3 && h.digits[i-2] == 0 && h.digits[i-1] == 0 || i >= 4 && h.digits[i-3] == 0 && h.digits[i-2] == 1 && h.digits[i-1] == 1
}

// walk reads digits behind a prefix already walked; e is 0 where they make no valid number and, with possible, none of a usual length either.
func (s *Site) walk(n table.Node, e belwacht.E164, d []byte, possible bool) (belwacht.E164, table.Entry, int) {
	length := e.Len()
	if length+len(d) > belwacht.MaxDigits {
		return 0, 0, 0
	}
	e &^= 15
	last := n
	for i, v := range d {
		if n != 0 {
			last, n = n, s.world.Next(n, v)
			if n == 0 && !possible {
				return 0, 0, 0
			}
		}
		e |= belwacht.E164(v) << (60 - 4*uint(length+i))
	}
	length += len(d)
	x := s.world.Exact(n)
	if x == 0 {
		if n != 0 {
			last = n
		}
		x = s.world.Likely(last)
		if r := s.world.Region(x); possible && r != 0 && s.world.Main(r, length) {
			return e | belwacht.E164(length), x, digit*length + costInvalid
		}
		return 0, 0, 0
	}
	cost := s.world.Cost(s.world.Region(x), length)
	if cost == table.CostImpossible {
		return 0, 0, 0
	}
	return e | belwacht.E164(length), x, cost
}

// home is the cost of what stands before a number of the own country: the trunk prefix behind junk, or nothing at all; -1 for anything else.
func (h *hidden) home(i int, trunk string) int {
	switch {
	case i == 0:
		return costBare + digit
	case trunk == "0" && h.digits[i-1] == 0:
		return costNational + h.junk(i-1)
	}
	return -1
}

// junk is the cost of the first i digits standing before a number.
func (h *hidden) junk(i int) int {
	if h.plus == i {
		if i == 0 {
			return costPlus
		}
		return costPlus + costZero*min(i, maxJunk)
	}
	if i == 0 {
		return costBare
	}
	cost, j := 0, i
	switch {
	case i >= 3 && h.digits[i-3] == 0 && h.digits[i-2] == 1 && h.digits[i-1] == 1:
		cost, j = costPrefix, i-3
	case i >= 2 && h.digits[i-2] == 0 && h.digits[i-1] == 0:
		cost, j = costPrefix, i-2
	}
	for k := max(0, j-maxJunk); k < j; k++ {
		if h.digits[k] == 0 {
			cost += costZero
		} else {
			cost += digit
		}
	}
	return cost
}
