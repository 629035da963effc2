package number

import "strings"

// Bare takes what people put around numbers away: a name before <201>, tel:, spaces, dashes, brackets. What has anything else in it stays as it is, for
// it may be what an attacker dialled.
func Bare(s string) string {
	if i := strings.IndexByte(s, '<'); i >= 0 {
		if j := strings.IndexByte(s[i:], '>'); j > 1 {
			s = s[i+1 : i+j]
		}
	}
	s = strings.TrimPrefix(strings.TrimSpace(s), "tel:")
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
