package count

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// Schedule is a heap of moments at which running calls are judged again; of equal moments the smaller key comes first. The zero Schedule is empty. Not safe
// for concurrent use.
type Schedule []due

type due struct {
	at  belwacht.Instant
	key uint64
}

func (d due) before(o due) bool { return d.at < o.at || d.at == o.at && d.key < o.key }

// Push adds a moment for a call.
func (h *Schedule) Push(at belwacht.Instant, key uint64) {
	*h = append(*h, due{at, key})
	a := *h
	for i := len(a) - 1; i > 0; {
		up := (i - 1) / 2
		if !a[i].before(a[up]) {
			break
		}
		a[i], a[up] = a[up], a[i]
		i = up
	}
}

// Pop takes the first moment before t.
func (h *Schedule) Pop(t belwacht.Instant) (belwacht.Instant, uint64, bool) {
	a := *h
	if len(a) == 0 || a[0].at >= t {
		return 0, 0, false
	}
	first := a[0]
	a[0] = a[len(a)-1]
	a = a[:len(a)-1]
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(a) {
			break
		}
		if c+1 < len(a) && a[c+1].before(a[c]) {
			c++
		}
		if !a[c].before(a[i]) {
			break
		}
		a[i], a[c] = a[c], a[i]
		i = c
	}
	*h = a
	return first.at, first.key, true
}

// State hands the schedule to a codec; most bounds it.
func (h *Schedule) State(c *snapshot.Codec, most int) {
	snapshot.List(c, (*[]due)(h), most, func(c *snapshot.Codec, d *due) {
		c.Int64((*int64)(&d.at))
		c.Uint64(&d.key)
	})
}
