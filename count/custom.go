package count

import (
	"slices"

	"github.com/belwacht/belwacht"
)

// custom is how an account has dealt with a number and its range over two weeks: who is a customer is talked with again.
type custom struct {
	numbers, days int       // different numbers of the range that were talked with, and on how many days each, added up
	talks         [15]uint8 // with the very number, by how many days ago; what we stopped on an earlier day was none
	money         float32   // and what they cost so far
}

func (c *custom) note(e *Entry, past uint32, number, rng belwacht.E164, self bool, sets *scratch) {
	if e.Number == 0 {
		return
	}
	stopped, talked := e.Flags&Condemned != 0, e.State == Over && e.Talk >= 30
	if talked && !stopped && e.Flags&Undialable == 0 && e.Number.Range() == rng {
		c.numbers = insert(sets.own[:], c.numbers, uint64(e.Number))
		c.days = insert(sets.days[:], c.days, uint64(e.Number)<<5^uint64((past+6*3600)/86400))
	}
	if e.Number == number && (self || e.State == Talking || talked && (!stopped || past < 86400)) {
		c.talks[past/86400]++
		c.money += e.cost(past)
	}
}

func (c *custom) fill(v *Values) {
	v.OwnReturns14d = float32(c.days - c.numbers)
	v.NumberMoney14d = c.money
	v.NumberTalks24h, v.NumberMost14d = float32(c.talks[0]), float32(slices.Max(c.talks[4:]))
}
