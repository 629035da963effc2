package desk

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/text"
)

// strangersMost bounds the addresses that are known; the one that asked last the longest ago makes room.
const strangersMost = 200

// Stranger is an address that asked with a wrong secret, or without being listed. Each of its questions is turned away; nothing else is kept from it.
type Stranger struct {
	From  netip.Addr
	PBX   string // the name that it gave last, as it chose it: hostile until escaped; "" = it gave none
	First belwacht.Instant
	Last  belwacht.Instant
	Count int64
}

// strangers are those since the start. Its zero value is ready, and safe for concurrent use.
type strangers struct {
	mu  sync.Mutex
	all map[netip.Addr]*Stranger
}

// note counts one more.
func (s *strangers) note(n *ask.Notice, now time.Time) {
	at := belwacht.InstantOf(now)
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.all[n.From]
	if x == nil {
		if s.all == nil {
			s.all = make(map[netip.Addr]*Stranger)
		}
		if len(s.all) >= strangersMost {
			oldest := n.From
			for a, o := range s.all {
				if known := s.all[oldest]; known == nil || o.Last < known.Last {
					oldest = a
				}
			}
			delete(s.all, oldest)
		}
		x = &Stranger{From: n.From, First: at}
		s.all[n.From] = x
	}
	x.PBX, x.Last, x.Count = text.Clean(n.PBX, 60), at, x.Count+1
}

// Strangers are the addresses that asked with a wrong secret since the start, the last one first, at most 200.
func (d *Desk) Strangers() []Stranger {
	d.strangers.mu.Lock()
	defer d.strangers.mu.Unlock()
	var list []Stranger
	for _, x := range d.strangers.all {
		list = append(list, *x)
	}
	slices.SortFunc(list, func(a, b Stranger) int { return cmp.Or(cmp.Compare(b.Last, a.Last), a.From.Compare(b.From)) })
	return list
}
