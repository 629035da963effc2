package count

import (
	"math/bits"

	"github.com/belwacht/belwacht"
)

// LogSize is how many calls a Log keeps.
const LogSize = 48

// State is what became of a logged call so far.
type State uint8

// The states.
const (
	Trying    State = iota // rings, or nothing is known
	Talking                // answered and running
	Over                   // answered and ended
	Unreached              // not answered: busy, no answer
	Failing                // could not be dialled, or the far side refused it
	Refused                // by us
)

// Flags of an entry, known as it is logged.
const (
	Novel      uint8 = 1 << iota // neither the account nor the house knew the number, and it had not rung us
	NewRange                     // nor the range
	NewCountry                   // nor did the account know the country
	SentOn                       // forwarded, transferred or trunk to trunk
	Undialable                   // the plan can make nothing of it
	Costly                       // premium, personal, satellite, network
	Condemned                    // judged to be refused or ended, whether that was carried out or not
)

// Entry is one logged call.
type Entry struct {
	Number belwacht.E164 // what was judged: the number, or the hidden target
	At     uint32        // seconds since the epoch
	Price  uint32        // micro-units a minute, cut at 4,294
	Talk   uint16        // seconds, cut at 65,535
	State  State
	Flags  uint8
	Form   uint8 // hash of the dialled form: what stood before the tail
	kin    kin
}

// kin tells the numbers in a log apart, their ranges and their first three digits: each has a place below 64 that it shares with its equals in that log, and
// with nothing else there. With them a look back over the log tells in a word which numbers it has met.
type kin struct{ number, rng, place uint8 }

// nobody is no entry's kin.
const nobody = 255

// placeDigits is how many digits make numbers begin alike: those of a country, or of an area in a large one.
const placeDigits = 3

// Log keeps the last LogSize calls of an account that deserve a look, and takes no more room than there are. The zero Log is empty. Not safe for
// concurrent use.
type Log struct {
	entry []Entry // LogSize of them at most
	next  uint16  // index of the next to write
	n     uint16  // how many are kept
	turn  uint32  // how many were ever written: an entry's ticket
}

// logStep is by how many entries a log grows.
const logStep = 8

// Add writes an entry over the oldest and returns its ticket.
func (l *Log) Add(e Entry) uint32 {
	if int(l.next) == len(l.entry) {
		l.grow(int(l.next) + 1)
	}
	l.n = min(l.n, LogSize-1) // the oldest makes room
	e.kin = l.join(e.Number)
	l.entry[l.next] = e
	l.next = (l.next + 1) % LogSize
	l.n++
	l.turn++
	return l.turn
}

// reserve makes room for the next entry, so that a call that begins need not wait for it.
func (l *Log) reserve() {
	if n := len(l.entry); int(l.next) == n && n > 0 {
		l.grow(n + 1)
	}
}

// grow makes room for at least n entries.
func (l *Log) grow(n int) {
	wider := make([]Entry, (n+logStep-1)/logStep*logStep)
	copy(wider, l.entry)
	l.entry = wider
}

// At returns the entry of a ticket, nil where it is gone.
func (l *Log) At(ticket uint32) *Entry {
	age := l.turn - ticket
	if ticket == 0 || age >= uint32(l.n) {
		return nil
	}
	return l.Back(int(age))
}

// Len is the number of entries kept.
func (l *Log) Len() int { return int(l.n) }

// Back returns the i-th newest entry, 0 ≤ i < Len.
func (l *Log) Back(i int) *Entry {
	k := int(l.next) - 1 - i
	if k < 0 {
		k += LogSize
	}
	return &l.entry[k]
}

// parts are the entries as they stand in memory: those that were written since the log began anew at its front, and those that were before that. The newest
// of each is its last.
func (l *Log) parts() (newer, older []Entry) {
	n, next := int(l.n), int(l.next)
	if n <= next {
		return l.entry[next-n : next], nil
	}
	return l.entry[:next], l.entry[LogSize-(n-next) : LogSize]
}

// join finds the places of a number that comes into the log: those of its kin, where there are any, else free ones.
func (l *Log) join(number belwacht.E164) kin {
	k, rng, place := kin{nobody, nobody, nobody}, number.Range(), number.Prefix(placeDigits)
	var numbers, ranges, places uint64 // that are taken
	for i := range int(l.n) {
		o := l.Back(i)
		if o.Number == number {
			return o.kin
		}
		numbers |= 1 << (o.kin.number % 64)
		ranges |= 1 << (o.kin.rng % 64)
		places |= 1 << (o.kin.place % 64)
		if o.Number.Prefix(placeDigits) == place {
			k.place = o.kin.place
			if o.Number.Range() == rng {
				k.rng = o.kin.rng
			}
		}
	}
	k.number = uint8(bits.TrailingZeros64(^numbers))
	if k.rng == nobody {
		k.rng = uint8(bits.TrailingZeros64(^ranges))
	}
	if k.place == nobody {
		k.place = uint8(bits.TrailingZeros64(^places))
	}
	return k
}

// find is the entry of a slot in the log, nil where it is gone, and the places of its number there: nobody's where there is none like it.
func (l *Log) find(slot *Slot) (self *Entry, k kin) {
	if self = l.At(slot.Ticket); self != nil && self.Number == slot.Number {
		return self, self.kin
	}
	k = kin{nobody, nobody, nobody}
	rng, place := slot.Number.Range(), slot.Number.Prefix(placeDigits)
	for i := range int(l.n) {
		if e := l.Back(i); e.Number.Prefix(placeDigits) == place {
			k.place = e.kin.place
			if e.Number.Range() == rng {
				k.rng = e.kin.rng
			}
		}
	}
	return self, k
}
