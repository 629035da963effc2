package belwacht

import (
	"strconv"
	"strings"
)

// Money is an amount in millionths of a unit of the organisation's currency (micro-euro where that is the euro). It is decimal and
// never a float. The largest amount is about 9 billion units.
type Money int64

// Unit is one euro, dollar, … in Money.
const Unit Money = 1_000_000

// ParseMoney reads a plain amount: digits, at most one decimal point or comma, at most six decimals, and a minus only in front.
func ParseMoney(s string) (Money, bool) {
	neg := strings.HasPrefix(s, "-")
	if neg {
		s = s[1:]
	}
	whole, frac, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if len(whole)+len(frac) == 0 || len(frac) > 6 || len(whole) > 12 {
		return 0, false
	}
	v, err := strconv.ParseUint("0"+whole+frac+strings.Repeat("0", 6-len(frac)), 10, 63)
	if err != nil {
		return 0, false
	}
	if neg {
		return -Money(v), true
	}
	return Money(v), true
}

// Float is the amount in whole units, for output and statistics only.
func (m Money) Float() float64 { return float64(m) / float64(Unit) }

// String is the amount with two decimals, or with as many as it needs up to six where it is smaller than a cent.
func (m Money) String() string {
	if m != 0 && m > -Unit/100 && m < Unit/100 {
		return strings.TrimRight(strconv.FormatFloat(m.Float(), 'f', 6, 64), "0")
	}
	return strconv.FormatFloat(m.Float(), 'f', 2, 64)
}

// Price is what a destination costs: a set-up fee, then increments of First and after that Next seconds at PerMinute.
type Price struct {
	Setup     Money
	PerMinute Money
	First     uint16 // seconds of the first increment, at least 1
	Next      uint16 // seconds of each later increment, at least 1
	Estimate  bool   // no rate deck says it: a pessimistic default by class and country
}

// Cost is the price of an answered call of so many seconds: set-up fee, first increment, then every increment begun.
func (p Price) Cost(seconds int64) Money {
	if seconds <= 0 {
		return 0
	}
	first, next := int64(max(p.First, 1)), int64(max(p.Next, 1))
	billed := first
	if more := seconds - first; more > 0 {
		if next > 1 { // a division takes as long as all else
			more = (more + next - 1) / next * next
		}
		billed += more
	}
	return p.Setup + p.PerMinute*Money(billed)/60
}
