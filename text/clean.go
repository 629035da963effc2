package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Replacement is what Clean puts in the place of a character that must not be shown: one that every terminal font has.
const Replacement = '·'

// Clean makes a stranger's string fit for one line of a terminal, log or sentence: every control character (C0, C1, so ANSI
// escapes and line breaks), every format character (bidirectional marks, zero-width, soft hyphen), surrogate, private or
// unassigned character and broken UTF-8 becomes [Replacement], a run of them one; at most max characters are kept, an ellipsis marking the
// cut. A string that needs nothing is returned as it is, without allocation.
func Clean(s string, max int) string {
	if plain(s) && len(s) <= max {
		return s
	}
	var b strings.Builder
	n, last := 0, rune(-1)
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				r = 0
			}
		}
		if !shown(r) {
			r = Replacement
			if last == Replacement {
				continue
			}
		}
		if n++; n > max {
			return cut(b.String(), max)
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// cut replaces the last of n characters by an ellipsis.
func cut(s string, n int) string {
	if n <= 0 {
		return ""
	}
	_, size := utf8.DecodeLastRuneInString(s)
	return s[:len(s)-size] + "…"
}

// plain says whether s is printable ASCII.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// shown says whether a character may stand in a line. Combining marks may: names have them; only format characters hide or reorder.
func shown(r rune) bool {
	return r == ' ' || unicode.IsGraphic(r) && !unicode.Is(unicode.Zs, r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) &&
		!unicode.Is(unicode.Variation_Selector, r)
}

// CSVCell makes a cleaned string safe as a cell of a CSV file that a spreadsheet opens: one that begins like a formula gets an
// apostrophe in front (OWASP "CSV injection"). Quoting is the CSV writer's.
func CSVCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Mask hides the middle of a telephone number for logs: "+31612345678" becomes "+31 6 •••• 5678". The country code and first
// digit stay, since they say what kind of number it is, and the last four, by which its owner knows it. A number of seven digits or
// fewer, which says nothing of a person but may be a helpline, is left whole up to three digits and hidden otherwise.
func Mask(number string) string {
	number = Clean(number, 32)
	digits, plus := strings.CutPrefix(number, "+")
	if plus {
		digits = strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1 // what does not belong in a number hides none of it
			}
			return r
		}, digits)
	}
	if len(digits) <= 3 || !plus && strings.Trim(digits, "0123456789") != "" {
		return number
	}
	if len(digits) <= 7 {
		return "••••" + digits[len(digits)-min(2, len(digits)-2):]
	}
	tail := digits[len(digits)-4:]
	if !plus {
		return digits[:2] + " •••• " + tail
	}
	n := countryCodeLength(digits)
	return "+" + digits[:n] + " " + digits[n:n+1] + " •••• " + tail
}

// countryCodeLength is how many digits of an international number are its country code (ITU-T E.164 annex D): one in zones 1
// and 7, two where the list says, else three.
func countryCodeLength(digits string) int {
	if digits[0] == '1' || digits[0] == '7' {
		return 1
	}
	const two = " 20 27 28 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 83 84 86 89 90 91 92 93 94 95 98 "
	if strings.Contains(two, " "+digits[:2]+" ") {
		return 2
	}
	return 3
}

// MaskProse masks the telephone numbers in a sentence, as Mask does: eight digits and more, with or without a plus, spaces between.
func MaskProse(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n := phone(s[i:])
		if n == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		b.WriteString(Mask(strings.ReplaceAll(s[i:i+n], " ", "")))
		i += n
	}
	return b.String()
}

// phone is how many bytes of a telephone number s begins with, 0 for none.
func phone(s string) int {
	at, digits := 0, 0
	if strings.HasPrefix(s, "+") {
		at = 1
	}
	for end := at; end < len(s); end++ {
		switch c := s[end]; {
		case c >= '0' && c <= '9':
			digits++
			at = end + 1
		case c == ' ' && digits > 0 && end == at: // one space between two digits
		default:
			end = len(s)
		}
	}
	if digits < 8 {
		return 0
	}
	return at
}

// Capital makes the first letter of a sentence great.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
