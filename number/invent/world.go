package invent

//go:generate go run gen_world.go

import (
	"math/rand/v2"
	"strings"
)

// Land is a country as far as its telephone numbers go.
type Land struct {
	ISO, Code           string
	FixedLen, MobileLen int      // digits of a national number
	Fixed, Mobile       []string // leading digits of national numbers
}

// Split is strings.Fields under a short name, for the generated table.
func Split(s string) []string { return strings.Fields(s) }

// Number makes up an international number without plus: of a mobile network or a fixed one.
func (l *Land) Number(rng *rand.Rand, mobile bool) string {
	leads, n := l.Fixed, l.FixedLen
	if mobile && len(l.Mobile) > 0 || len(l.Fixed) == 0 {
		leads, n = l.Mobile, l.MobileLen
	}
	lead := leads[rng.IntN(len(leads))]
	return l.Code + lead + Digits(rng, n-len(lead))
}

// Local makes up a fixed number under one of the country's area codes.
func (l *Land) Local(rng *rand.Rand, area string) string {
	return l.Code + area + Digits(rng, l.FixedLen-len(area))
}

// Digits are n random digits, the first never 0 so that numbers look like subscribers'.
func Digits(rng *rand.Rand, n int) string {
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
