package count

// custom is how an account has dealt with a number and its range over two weeks: who is a customer is talked with again.
type custom struct {
	met   uint32     // on which earlier days the very number was called, a bit each; what was refused or ended as fraud does not count
	talks [15]uint8  // with the very number, by how many days ago; what we stopped on an earlier day was none
	money float32    // and what they cost so far
	own   uint64     // numbers of the range that were talked with
	times int        // on how many days each, added up
	on    [64]uint16 // these days of each, a bit each
}

// returned looks at a talk with a number of the range that we did not stop.
func (o *look) returned(e *Entry, past uint32) {
	on, day := &o.on[e.kin.number%64], uint16(1)<<((past+6*3600)/86400)
	o.own |= 1 << (e.kin.number % 64)
	if *on&day == 0 {
		*on |= day
		o.times++
	}
}
