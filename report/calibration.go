package report

// edges are the upper ends of the bins of probability, closer together where decisions turn: 0.01 is where watching begins, 0.9
// where an alert needs no money at risk.
func edges() [bins]float64 {
	return [bins]float64{0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 1}
}

// bins is how many bins the calibration has.
const bins = 8

// bin counts the calls whose probability of fraud fell between two edges.
type bin struct {
	calls int64
	sum   float64 // of the probabilities: how many frauds are expected among them
	known int64   // calls of which the truth is known
	fraud int64   // of those, the frauds
}

// calibration says whether calls that are called 30 % likely to be fraud are fraud in 30 of 100 cases.
type calibration [bins]bin

// binOf finds the bin of a probability; what is below 0 or no number falls into the first, what is above 1 into the last.
func binOf(p float64) int {
	// Nearly every call of an ordinary month is in the first bin, so a chain of comparisons from below is the quickest.
	switch {
	case !(p >= 0.0001):
		return 0
	case p < 0.001:
		return 1
	case p < 0.01:
		return 2
	case p < 0.1:
		return 3
	case p < 0.5:
		return 4
	case p < 0.9:
		return 5
	case p < 0.99:
		return 6
	}
	return 7
}

// add counts one call of probability p.
func (c *calibration) add(p float64) *bin {
	b := &c[binOf(p)]
	b.calls++
	if p > 0 {
		b.sum += min(p, 1)
	}
	return b
}
