package count

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// Schedule is a heap of moments at which running calls are judged again; of equal moments the smaller key comes first. The zero Schedule is empty. Not safe
// for concurrent use.
type Schedule Heap[struct{}]

// Push adds a moment for a call.
func (s *Schedule) Push(at belwacht.Instant, key uint64) {
	(*Heap[struct{}])(s).Push(at, key, struct{}{})
}

// Due says whether there is a moment before t.
func (s *Schedule) Due(t belwacht.Instant) bool { return len(*s) > 0 && (*s)[0].At < t }

// Pop takes the first moment before t.
func (s *Schedule) Pop(t belwacht.Instant) (belwacht.Instant, uint64, bool) {
	if !s.Due(t) {
		return 0, 0, false
	}
	first := (*s)[0]
	(*Heap[struct{}])(s).Pop()
	return first.At, first.Order, true
}

// State hands the schedule to a codec; most bounds it.
func (s *Schedule) State(c *snapshot.Codec, most int) {
	snapshot.List(c, (*[]Upcoming[struct{}])(s), most, func(c *snapshot.Codec, u *Upcoming[struct{}]) {
		c.Int64((*int64)(&u.At))
		c.Uint64(&u.Order)
	})
}

// Interval is when a running call is judged again: at first every half minute, later after a tenth of what it has lasted.
func Interval(elapsed belwacht.Instant) belwacht.Instant {
	switch {
	case elapsed < 5*belwacht.Minute:
		return 30 * belwacht.Second
	case elapsed < 15*belwacht.Minute:
		return belwacht.Minute
	default:
		return max(elapsed/10/belwacht.Second*belwacht.Second, belwacht.Minute)
	}
}
