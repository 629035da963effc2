package rule

import (
	"math"

	"github.com/belwacht/belwacht/count"
)

// Bits is log2 of the odds of a probability.
func Bits(p float64) float64 { return math.Log2(p / (1 - p)) }

// Probability is the chance that a score in bits stands for.
func Probability(bits float64) float64 { return 1 / (1 + count.Exp2(-bits)) }
