package text

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzMaskProse compares with the expression that says the same.
func FuzzMaskProse(f *testing.F) {
	number := regexp.MustCompile(`\+?[0-9](?: ?[0-9]){7,}`)
	for _, s := range []string{"", "Refused: +252 61 5553199, 3 at once", "0201234567 and 0032 470 00 01 01.", "1234567", "12345678", "+1+12345678", "1  23456789", "12345678 ", "+", "é+31612345678é",
		"2026-11-29 20:15 1 2 3 4 5 6 7 8 9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := number.ReplaceAllStringFunc(s, func(n string) string { return Mask(strings.ReplaceAll(n, " ", "")) })
		if got := MaskProse(s); got != want {
			t.Errorf("%q: %q, not %q", s, got, want)
		}
	})
}

func TestCapital(t *testing.T) {
	for s, want := range map[string]string{"": "", "één": "Één", "ok": "Ok", "Ok": "Ok", "1": "1", "\xff": "\xff"} {
		if got := Capital(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}
