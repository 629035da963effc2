package count

import "github.com/belwacht/belwacht"

// Foreseen holds numbers that were read before their attempts are judged, in the order of those. Not safe for concurrent use.
type Foreseen struct {
	list    []reading
	next, n int
}

// reading is a number with a copy of what was dialled: who has the events may change them.
type reading struct {
	dialled [24]byte
	length  int
	number  belwacht.Number
}

// passed is how many attempts that were foreseen may have come to nothing before one that comes.
const passed = 8

// NewForeseen makes room for most numbers.
func NewForeseen(most int) *Foreseen { return &Foreseen{list: make([]reading, most)} }

// Expect makes room for up to n numbers more. Where there is none, what was foreseen and has not come is forgotten.
func (f *Foreseen) Expect(n int) {
	if f.next == f.n || f.n+n > len(f.list) {
		f.next, f.n = 0, 0
	}
}

// Room is where the next attempt's number goes; nil where there is none, and for a long string, which hardly anybody dials.
func (f *Foreseen) Room(dialled string) *belwacht.Number {
	if len(dialled) > len(f.list[0].dialled) || f.n == len(f.list) {
		return nil
	}
	r := &f.list[f.n]
	f.n++
	r.length = copy(r.dialled[:], dialled)
	return &r.number
}

// Take puts the number of an attempt that comes into n, where it is one of the next that were foreseen.
func (f *Foreseen) Take(dialled string, n *belwacht.Number) bool {
	for i := f.next; i < min(f.n, f.next+passed); i++ {
		if r := &f.list[i]; string(r.dialled[:r.length]) == dialled {
			f.next, *n = i+1, r.number
			n.Dialled = dialled
			return true
		}
	}
	return false
}
