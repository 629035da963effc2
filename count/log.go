package count

import "github.com/belwacht/belwacht"

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
	Bits   int8  // score at the attempt
	Form   uint8 // hash of the dialled form: what stood before the tail
}

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
	l.entry[l.next] = e
	l.next = (l.next + 1) % LogSize
	l.n = min(l.n+1, LogSize)
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
