package invent

import (
	"math"
	"math/rand/v2"
	"strings"
)

// The streams of chance: what is drawn from one never moves what is drawn from another.
const (
	streamDeck = iota + 1
	StreamPeople
	StreamDays
	StreamOddities
	StreamAttacks
	StreamReactions
	streamOutlook
)

// Stream is the random source of one purpose of a seed.
func Stream(seed uint64, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed*0x9e3779b97f4a7c15+purpose, purpose<<32^seed))
}

// Lognormal draws around a median; sigma 1 means that two thirds lie within a factor of e.
func Lognormal(rng *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*rng.NormFloat64())
}

// Between draws evenly from lo to hi, in the logarithm: 5 to 3000 is as often under 120 as above.
func Between(rng *rand.Rand, lo, hi float64) float64 {
	return lo * math.Exp(rng.Float64()*math.Log(hi/lo))
}

// Uniform draws from lo to hi inclusive.
func Uniform(rng *rand.Rand, lo, hi int) int { return lo + rng.IntN(hi-lo+1) }

// Poisson draws a count with a mean.
func Poisson(rng *rand.Rand, mean float64) int {
	if mean <= 0 {
		return 0
	}
	if mean > 30 {
		return max(0, int(mean+math.Sqrt(mean)*rng.NormFloat64()+.5))
	}
	l, p := math.Exp(-mean), 1.0
	for k := 0; ; k++ {
		p *= rng.Float64()
		if p <= l {
			return k
		}
	}
}

// Chance is true with probability p.
func Chance(rng *rand.Rand, p float64) bool { return rng.Float64() < p }

// Pick draws one of a list.
func Pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// Zipf draws an index below n, low ones more often: the favourites of a list.
func Zipf(rng *rand.Rand, n int, skew float64) int {
	i := int(float64(n) * math.Pow(rng.Float64(), skew))
	return min(i, n-1)
}

// in says whether a word stands in a list with blanks around each.
func in(list, word string) bool { return strings.Contains(list, " "+word+" ") }
