package main

import (
	"fmt"
	"math"
	"strconv"
)

// figure is one line of the report.
type figure struct {
	name  string
	ours  float64
	unit  string
	peer  string  // "goal" where no peer can run
	value float64 // the peer's, or what is asked for
	lower bool    // lower is better
	goal  float64 // of the ratio
}

// asked is a figure that only a goal stands beside.
func asked(name string, ours float64, unit string, goal float64, lower bool) figure {
	return figure{name: name, ours: ours, unit: unit, peer: "goal", value: goal, lower: lower, goal: 1}
}

// ratio is how many times better ours is. Nothing beside nothing is equal.
func (f *figure) ratio() float64 {
	a, b := f.ours, f.value
	if f.lower {
		a, b = b, a
	}
	switch {
	case a == b:
		return 1
	case b == 0:
		return math.Inf(1)
	}
	return a / b
}

func (f figure) print() {
	fmt.Printf("bench: %s | ours %s %s | peer %s %s | ratio %s | goal %s\n", f.name, decimal(f.ours), f.unit, f.peer, decimal(f.value), decimal(f.ratio()), decimal(f.goal))
}

// decimal writes three or four significant digits, with a point and nothing between thousands.
func decimal(x float64) string {
	digits := 0
	switch a := math.Abs(x); {
	case a == 0 || a >= 1000:
	case a >= 100:
		digits = 1
	case a >= 1:
		digits = 2
	default:
		digits = 3
	}
	if x == math.Trunc(x) {
		digits = 0
	}
	return strconv.FormatFloat(x, 'f', digits, 64)
}
