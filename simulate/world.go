package simulate

import (
	"math/rand/v2"
	"strings"
)

// land is a country as far as its telephone numbers go.
type land struct {
	iso, code           string
	fixedLen, mobileLen int      // digits of a national number
	fixed, mobile       []string // leading digits of national numbers
}

// split is strings.Fields under a short name, for the generated table.
func split(s string) []string { return strings.Fields(s) }

// number makes up an international number without plus: of a mobile network or a fixed one.
func (l *land) number(rng *rand.Rand, mobile bool) string {
	leads, n := l.fixed, l.fixedLen
	if mobile && len(l.mobile) > 0 || len(l.fixed) == 0 {
		leads, n = l.mobile, l.mobileLen
	}
	lead := leads[rng.IntN(len(leads))]
	return l.code + lead + digits(rng, n-len(lead))
}

// local makes up a fixed number under one of the country's area codes.
func (l *land) local(rng *rand.Rand, area string) string {
	return l.code + area + digits(rng, l.fixedLen-len(area))
}

// digits are n random digits, the first never 0 so that numbers look like subscribers'.
func digits(rng *rand.Rand, n int) string {
	if n <= 0 {
		return ""
	}
	b := make([]byte, n)
	b[0] = byte('1' + rng.IntN(9))
	for i := 1; i < n; i++ {
		b[i] = byte('0' + rng.IntN(10))
	}
	return string(b)
}
