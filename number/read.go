package number

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// Lengths that tell extensions from numbers where no extensions are declared: up to shortest digits a string stays in the house whatever
// the plan could make of it, and up to longest digits where the plan makes nothing of it.
const (
	shortestNumber  = 6
	longestInternal = 7
)

// Read says what was dialled. It allocates nothing, and takes any string: attackers choose it. What it returns refers to dialled, to the
// Site and to constant tables only.
func (s *Site) Read(dialled string) belwacht.Number {
	n := belwacht.Number{Dialled: dialled}
	if p, ok := s.privileged(dialled); ok {
		n.Class, n.Canonical, n.Country, n.Dialable = p.class, p.canonical, s.country, true
		return n
	}
	d, plus := dialled, false
	if d != "" && d[0] == '+' {
		d, plus = d[1:], true
	}
	if !digitsOnly(d) || d == "" {
		s.readOdd(&n)
		return n
	}
	s.readDigits(&n, d, plus)
	return n
}

// readDigits reads a string that is digits only, but for a leading plus.
func (s *Site) readDigits(n *belwacht.Number, d string, plus bool) {
	declared := !s.extensions.empty()
	if !plus {
		if s.extensions.has(d) || !declared && len(d) < shortestNumber && !s.shortCodes.has(d) && !s.outsideShort(d) {
			n.Class = belwacht.ClassInternal
			return
		}
		if s.isShort(d, declared) {
			s.short(n)
			return
		}
	}
	r, full := s.plan(d, plus)
	if !plus && len(s.outside) > 0 {
		r, full = s.behindOutside(d, r, full)
	}
	if r.e == 0 {
		s.unread(n, d, plus, declared)
		return
	}
	s.set(n, r)
	if !r.valid {
		s.setTarget(n, d, plus, r, full)
	}
}

// behindOutside reads what stands behind an outside-line digit and chooses between that and the whole string: a valid number before a possible
// one, and the number behind the digit before the whole.
func (s *Site) behindOutside(d string, whole reading, wholeFull bool) (r reading, full bool) {
	for _, o := range s.outside {
		if rest, ok := strings.CutPrefix(d, o); ok {
			behind, behindFull := s.plan(rest, false)
			if behind.valid {
				return behind, behindFull
			}
			if r.e == 0 {
				r, full = behind, behindFull
			}
		}
	}
	if whole.valid || r.e == 0 {
		return whole, wholeFull
	}
	return r, full
}

// isShort says whether d is a service that goes out: the owner's, behind an outside-line digit too, or one of the country's where its length or
// declared extensions leave little doubt that it is no extension.
func (s *Site) isShort(d string, declared bool) bool {
	return s.shortCodes.has(d) || s.outsideShort(d) || (declared || len(d) >= shortestNumber) && s.service(d)
}

// outsideShort says whether a service stands behind an outside-line digit.
func (s *Site) outsideShort(d string) bool {
	for _, o := range s.outside {
		if rest, ok := strings.CutPrefix(d, o); ok && rest != "" && (s.shortCodes.has(rest) || s.service(rest)) {
			return true
		}
	}
	return false
}

// service says whether d is one of the country's short numbers, such as 1888 in the Netherlands.
func (s *Site) service(d string) bool {
	n := s.world.Short(s.region)
	for i := 0; i < len(d) && n != 0; i++ {
		n = s.world.Next(n, d[i]-'0')
	}
	return n != 0 && s.world.Exact(n) != 0
}

func (s *Site) short(n *belwacht.Number) {
	n.Class, n.Country, n.Dialable, n.Price = belwacht.ClassShortCode, s.country, true, homePrice(belwacht.ClassShortCode)
}

// set fills in what a reading means.
func (s *Site) set(n *belwacht.Number, r reading) {
	n.E164, n.Dialable = r.e, true
	region := s.world.Region(r.x)
	n.Country, n.Class, n.Network = s.world.Country(region), s.world.Class(r.x), s.world.Network(r.x)
	n.Abroad = s.abroad(region)
	n.Price = s.price(r.e, r.x)
	n.Risk = s.risk(r.e, r.x, n.Price)
}

// unread classes digits of which the plan makes nothing.
func (s *Site) unread(n *belwacht.Number, d string, plus, declared bool) {
	if len(d) <= longestInternal && !plus {
		n.Class = belwacht.ClassInternal
		if declared {
			n.Class, n.Price = belwacht.ClassUnknown, homePrice(belwacht.ClassUnknown)
		}
		return
	}
	n.Class, n.Price = belwacht.ClassUnknown, unknownPrice()
	s.setTarget(n, d, plus, reading{}, false)
}

// readOdd reads a string with other characters than digits.
func (s *Site) readOdd(n *belwacht.Number) {
	d := n.Dialled
	if rest, ok := cutFold(d, "tel:+"); ok && s.readTel(n, rest) {
		return
	}
	if d != "" && (d[0] == '*' || d[0] == '#') && strings.Trim(d, "0123456789*#+") == "" {
		if s.readFeature(n, d) {
			return
		}
	} else if name(d) {
		n.Class = belwacht.ClassInternal
		return
	}
	n.Junk = n.Junk || strings.Trim(d, "0123456789*#") != ""
	n.Class, n.Price = belwacht.ClassUnknown, unknownPrice()
	h := take(d, false)
	e, x, cost := s.split(&h, worst, anySplit)
	if strings.IndexByte(d, '%') >= 0 {
		h = take(d, true)
		if e2, x2, cost2 := s.split(&h, worst, anySplit); cost2 < cost {
			e, x = e2, x2
		}
	}
	if e != 0 {
		s.aim(n, e, x)
	}
}

// cutFold is strings.CutPrefix without regard to case.
func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// readTel reads what follows tel:+, a global number of RFC 3966 §5.1.4 with visual separators and no parameters.
func (s *Site) readTel(n *belwacht.Number, rest string) bool {
	var buf [belwacht.MaxDigits]byte
	length := 0
	for i := range len(rest) {
		switch c := rest[i]; {
		case c >= '0' && c <= '9':
			if length == len(buf) {
				return false
			}
			buf[length] = c
			length++
		case c != '-' && c != '.' && c != '(' && c != ')':
			return false
		}
	}
	r := s.full(string(buf[:length]))
	if r.e == 0 {
		return false
	}
	s.set(n, r)
	return true
}

// name says whether a string is the name of an extension or service of the PBX, such as s, alice, vmu212 or conf-12: it has letters, few
// digits, and nothing that could be an attack on the dial plan.
func name(s string) bool {
	letters, digits := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		case c != '_' && c != '-' && c != '.' && c != ' ':
			return false
		}
	}
	return s == "" || letters > 0 && digits < shortestNumber && len(s) <= 80
}

// readFeature reads a feature code: * or #, then digits. Three kinds carry a number: *67, *82 and *31 before one (the caller hides or shows his own),
// *31# and #31# the same in GSM's manner, and *21*NUMBER# and the like, which stay in the house but send later calls to the number.
func (s *Site) readFeature(n *belwacht.Number, d string) bool {
	body := strings.TrimLeft(d, "*#")
	end := strings.IndexAny(body, "*#+")
	if end < 0 {
		end = len(body)
	}
	code, rest := body[:end], body[end:]
	switch {
	case end == len(body) && end <= longestInternal:
		n.Class = belwacht.ClassInternal
		return true
	case len(code) > 4 && len(d)-len(body) == 1 && end == len(body) && (code[:2] == "67" || code[:2] == "82" || code[:2] == "31"):
		r, _ := s.plan(body[2:], false)
		if r.valid {
			s.set(n, r)
		}
		return r.valid
	case len(code) == 0 || len(code) > 4:
		return false
	}
	number, plus := strings.CutPrefix(strings.Trim(rest, "*#"), "+")
	if i := strings.IndexAny(number, "*#+"); i >= 0 {
		number = number[:i]
	}
	r := reading{}
	if len(number) >= shortestNumber {
		r, _ = s.plan(number, plus)
	}
	if r.valid && code == "31" && rest[0] == '#' {
		s.set(n, r)
		return true
	}
	n.Class = belwacht.ClassInternal
	if region := s.world.Region(r.x); r.valid && (s.abroad(region) || s.world.Class(r.x).Costly()) {
		s.aim(n, r.e, r.x)
	}
	return true
}

// aim sets the target.
func (s *Site) aim(n *belwacht.Number, e belwacht.E164, x table.Entry) {
	n.Target, n.TargetCountry, n.TargetClass = e, s.world.Country(s.world.Region(x)), s.world.Class(x)
	n.TargetPrice = s.price(e, x)
	n.TargetRisk = s.risk(e, x, n.TargetPrice)
}

// Caller reads a caller number as a trunk or phone presents it: in international form with or without the plus, or in national form with or
// without the trunk prefix. It is 0 where that makes no number: anonymous, an extension, a name. It allocates nothing.
func (s *Site) Caller(presented string) belwacht.E164 {
	d, plus := strings.CutPrefix(presented, "+")
	if len(d) < shortestNumber || !digitsOnly(d) {
		return 0
	}
	plain, full := s.plan(d, plus)
	if plain.valid || full || plus || len(d) < minPossible {
		return plain.e
	}
	if r := s.full(d); r.valid {
		return r.e
	}
	if r := s.join(d); r.valid {
		return r.e
	}
	return plain.e
}
