package number

import (
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
)

// privileged is a number that no evidence may refuse, found by one of its dialled forms.
type privileged struct {
	class     belwacht.Class
	canonical string
}

// forms lists how an emergency number is dialled, and nothing else is one: the number, the number behind 0, 9 or a configured
// outside-line digit, behind the country code in both international forms, and as a tel URI. The forms sip:N@… and urn:service:sos… are
// read by emergencyURI. A declared extension that equals a form loses: whoever dials 9112 in distress must not reach a desk.
func (s *Site) forms(n string) []string {
	if e, ok := strings.CutPrefix(n, "+"); ok {
		out := []string{n, "tel:" + n}
		for _, i := range s.international {
			out = append(out, i+e)
		}
		if national, ok := strings.CutPrefix(e, s.code); ok {
			out = append(out, s.trunk+national)
		}
		return out
	}
	out := []string{n, "0" + n, "9" + n, "+" + s.code + n, "tel:" + n}
	for _, o := range s.outside {
		out = append(out, o+n)
	}
	for _, i := range s.international {
		out = append(out, i+s.code+n)
	}
	return out
}

// socialForms lists how a social number is dialled. Those with a trunk prefix (0900-8844) lose it behind the country code. The form
// behind a 9 that is no outside-line digit here is left to extensions.
func (s *Site) socialForms(n string) []string {
	if n[0] == '+' {
		return s.forms(n)
	}
	national := n
	if s.trunk != "" && len(n) > 6 {
		national = strings.TrimPrefix(n, s.trunk)
	}
	out := []string{n, "0" + n, "+" + s.code + national, "tel:" + n}
	for _, o := range s.outside {
		out = append(out, o+n)
	}
	for _, i := range s.international {
		out = append(out, i+s.code+national)
	}
	return out
}

// EmergencyForms are the emergency numbers of this site in all forms that are dialled with digits and a plus, in order: for dial plans, which let them out
// without asking.
func (s *Site) EmergencyForms() []string {
	var out []string
	for f, p := range s.byForm {
		if p.class == belwacht.ClassEmergency && digitsOnly(strings.TrimPrefix(f, "+")) {
			out = append(out, f)
		}
	}
	slices.Sort(out)
	return out
}

// EmergencyNumbers are the emergency numbers of this site as they stand in a URI, in order: tel:N and sip:N@host are forms of them too (see EmergencyForms).
func (s *Site) EmergencyNumbers() []string {
	var out []string
	for f, p := range s.byForm {
		if p.class == belwacht.ClassEmergency && p.canonical == f {
			out = append(out, f)
		}
	}
	slices.Sort(out)
	return out
}

// setPrivileged fills the table of forms. Emergency numbers come last, so that they win.
func (s *Site) setPrivileged(emergency, social []string) {
	s.byForm = map[string]privileged{}
	for _, n := range social {
		if strings.ContainsRune(n, 'X') {
			s.socialPatterns = append(s.socialPatterns, n)
			continue
		}
		for _, f := range s.socialForms(n) {
			if !s.extensions.has(f) {
				s.byForm[f] = privileged{belwacht.ClassSocial, n}
			}
		}
	}
	for _, n := range emergency {
		for _, f := range s.forms(n) {
			s.byForm[f] = privileged{belwacht.ClassEmergency, n}
		}
	}
	for _, n := range emergency { // where 001 is a number and also 0 and the number 01, it is itself
		s.byForm[n] = privileged{belwacht.ClassEmergency, n}
	}
	for f := range s.byForm {
		s.formEnds[len(f)%len(s.formEnds)] |= formEnd(f)
	}
}

// formEnd is a bit for a string's last two characters. With the length it tells most strings that are no form apart before the map is asked,
// since this is the first look at every call.
func formEnd(f string) uint64 {
	if len(f) < 2 {
		return 1
	}
	return 1 << (f[len(f)-1]&15 | f[len(f)-2]&3<<4)
}

// privileged finds an emergency or social number by equality of the whole string.
func (s *Site) privileged(dialled string) (privileged, bool) {
	if s.formEnds[len(dialled)%len(s.formEnds)]&formEnd(dialled) != 0 {
		if p, ok := s.byForm[dialled]; ok {
			return p, true
		}
	}
	if len(dialled) > 4 {
		switch dialled[0] | 0x20 {
		case 's', 'u', 't':
			return s.emergencyURI(dialled)
		}
	}
	for _, p := range s.socialPatterns {
		if len(p) == len(dialled) && matches(p, dialled) && !s.extensions.has(dialled) {
			return privileged{belwacht.ClassSocial, dialled}, true
		}
	}
	return privileged{}, false
}

// Sent is what a trunk was told, made fit for Read: providers want the country code without a plus, and an emergency number in that form gets its plus.
// All else stays as it is.
func (s *Site) Sent(n string) string {
	if len(n) > maxSent || n == "" || !digitsOnly(n) {
		return n
	}
	if p, ok := s.byForm["+"+n]; ok && p.class == belwacht.ClassEmergency {
		return "+" + n
	}
	return n
}

// maxSent is longer than any emergency number behind its country code.
const maxSent = 12

// EmergencyElsewhere lists the countries other than the site's in which the dialled string is an emergency number, for whoever wonders what
// somebody meant by 999. Here it is none: such calls are treated like any other. It looks through all plans and is not for the call path.
func (s *Site) EmergencyElsewhere(dialled string) []belwacht.Country {
	var out []belwacht.Country
	if _, here := s.privileged(dialled); here || len(dialled) > maxPrefix {
		return nil
	}
	for r := 1; r < s.world.Regions(); r++ {
		if slices.Contains(s.world.Plan(table.Region(r)).Emergency, dialled) {
			out = append(out, s.world.Country(table.Region(r)))
		}
	}
	slices.SortFunc(out, func(a, b belwacht.Country) int { return strings.Compare(a.String(), b.String()) })
	return out
}

// emergencyURI reads tel:N, sip:N@host, sips:N@host and the service URNs of RFC 5031 §4.2. A parameter or header makes it none of them.
func (s *Site) emergencyURI(dialled string) (privileged, bool) {
	scheme, rest, ok := strings.Cut(dialled, ":")
	if !ok {
		return privileged{}, false
	}
	user := rest
	switch {
	case strings.EqualFold(scheme, "urn"):
		const sos = "service:sos"
		if len(rest) >= len(sos) && strings.EqualFold(rest[:len(sos)], sos) && serviceLabels(rest[len(sos):]) {
			return privileged{belwacht.ClassEmergency, "112"}, true
		}
		return privileged{}, false
	case strings.EqualFold(scheme, "tel"):
	case strings.EqualFold(scheme, "sip"), strings.EqualFold(scheme, "sips"):
		var host string
		if user, host, ok = strings.Cut(rest, "@"); !ok || !plainHost(host) {
			return privileged{}, false
		}
	default:
		return privileged{}, false
	}
	// Only the number itself, not its dialled forms, stands in a URI.
	if p, ok := s.byForm[user]; ok && p.canonical == user {
		return p, true
	}
	return privileged{}, false
}

// serviceLabels says whether s is empty or sub-services such as ".police": labels of letters, digits and hyphens behind a dot each.
func serviceLabels(s string) bool {
	if len(s) > 64 {
		return false
	}
	for s != "" {
		if s[0] != '.' {
			return false
		}
		s = s[1:]
		n := 0
		for n < len(s) && s[n] != '.' {
			if c := s[n] | 0x20; (c < 'a' || c > 'z') && (s[n] < '0' || s[n] > '9') && s[n] != '-' {
				return false
			}
			n++
		}
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

// plainHost says whether s is a host with or without a port and nothing behind it.
func plainHost(s string) bool {
	if s == "" || len(s) > 255 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z', c == '.', c == '-', c == ':', c == '[', c == ']', c == '_':
		default:
			return false
		}
	}
	return true
}

// codeString is a country code in digits.
func codeString(code int) string { return strconv.Itoa(code) }
