package number

import "strings"

// Bare takes what people put around numbers away: a name before <201> or (201), tel:, sip: and its host, spaces, dashes, brackets, and what makes a
// spreadsheet keep a zero. What has anything else in it stays as it is, for it may be what an attacker dialled.
func Bare(s string) string {
	if i := strings.IndexByte(s, '<'); i >= 0 {
		if j := strings.IndexByte(s[i:], '>'); j > 1 {
			s = s[i+1 : i+j]
		}
	}
	s = strings.TrimPrefix(strings.TrimSpace(s), "tel:")
	if cell, ok := strings.CutPrefix(s, `="`); ok { // so that a spreadsheet keeps the zero
		s = strings.TrimSuffix(cell, `"`)
	}
	s = strings.TrimPrefix(s, "'")
	if user, ok := wrapped(s); ok {
		s = user
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '+' && b.Len() == 0, c == '*', c == '#':
			b.WriteByte(c)
		case c == ' ', c == '-', c == '(', c == ')', c == '.':
		default:
			return s
		}
	}
	if b.Len() == 0 || b.Len() == len(s) {
		return s
	}
	return b.String()
}

// wrapped is the number in sip:201@host and in Jan (201), if s is such.
func wrapped(s string) (string, bool) {
	user, ok := cutFold(s, "sip:")
	if !ok {
		user, ok = cutFold(s, "sips:")
	}
	if ok {
		user, _, _ = strings.Cut(user, "@")
	} else if i := strings.LastIndexByte(s, '('); i > 0 && s[len(s)-1] == ')' && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' {
		user = s[i+1 : len(s)-1]
	}
	return user, user != s && strings.ContainsAny(user, "0123456789") && strings.Trim(user, "0123456789+-. ") == ""
}

// WithPlus is a number that has its country code and no plus, with one. What has no country code stays as it is: extensions, short numbers, what begins with 0.
func WithPlus(s string) string {
	if len(s) <= longestInternal || s[0] == '0' || !digitsOnly(s) {
		return s
	}
	return "+" + s
}
