package asterisk

import (
	"context"
	"sync/atomic"

	"github.com/belwacht/belwacht"
)

// queued is how many events may wait for the sink, some 300 bytes each.
const queued = 4096

// item is an event, or the calls that run where the event has no kind.
type item struct {
	event   belwacht.Event
	running []string
}

// queue stands between the connection, which never waits, and the sink, which may.
type queue struct {
	items   chan item
	taken   atomic.Int32 // items that left it in a group and wait to be handed on: they count as queued
	dropped atomic.Int64
	lost    bool // something was dropped, and the receiver has not been told
}

func newQueue() *queue { return &queue{items: make(chan item, queued)} }

// put queues an item; false where it was dropped. After a drop everything is, until the sink has caught up with half and is told anew what runs: a
// stream with holes in it would be read as what happened. It is for one goroutine at a time.
func (q *queue) put(it item) bool {
	if q.lost || len(q.items)+int(q.taken.Load()) >= queued {
		q.lost = true
		q.dropped.Add(1)
		return false
	}
	q.items <- it // there is room: nobody else puts any
	return true
}

// ready says whether a sink that had fallen behind can be told again.
func (q *queue) ready() bool { return q.lost && len(q.items) <= queued/2 }

// together is how many items that wait are shown to the sink before they are handed on.
const together = 48

// deliver hands on what comes until ctx ends. Where several items wait they are shown first.
func (q *queue) deliver(ctx context.Context, show func([]item), to func(*item)) {
	var group [together]item
	for {
		select {
		case <-ctx.Done():
			return
		case group[0] = <-q.items:
		}
		n := 1
		for n < len(group) && len(q.items) > 0 { // nobody else takes any
			group[n] = <-q.items
			n++
		}
		if n > 1 {
			show(group[:n])
		}
		for i := range group[:n] {
			q.taken.Store(int32(n - 1 - i))
			if ctx.Err() != nil {
				return
			}
			to(&group[i])
			group[i] = item{}
		}
	}
}
