package notify

import (
	"context"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
)

// keepAgain is how long to wait before what could not be kept is tried again.
const keepAgain = 2 * time.Second

// recall takes up what an earlier run kept.
func (n *Notifier) recall(ctx context.Context) error {
	if n.store == nil {
		return nil
	}
	began, err := n.store.Mark(ctx, "began")
	if err != nil {
		return err
	}
	n.fresh = began == 0
	now := belwacht.InstantOf(time.Now())
	if n.fresh {
		if err := n.store.PutMark(ctx, "began", now); err != nil {
			n.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
		}
	}
	for _, l := range n.lines { // who is new hears of what is new
		mark := markOf(l.to, l.name)
		born, err := n.store.Mark(ctx, mark)
		if err != nil {
			return err
		}
		if n.born[mark] = born; born == 0 {
			n.born[mark] = now
			n.note(mark, now)
		}
	}
	list, err := n.store.Tellings(ctx)
	if err != nil {
		return err
	}
	type left struct {
		telling *belwacht.Telling
		belwacht.Delivery
	}
	var waiting []left
	for i := range list {
		t := &list[i]
		if t.Changed < now-bookFor && len(t.Waiting) == 0 {
			continue
		}
		k := keyOf(&t.Alert)
		n.book[k] = t
		n.link(k)
		n.drop(t)
		for _, d := range t.Waiting {
			waiting = append(waiting, left{t, d})
		}
	}
	slices.SortStableFunc(waiting, func(a, b left) int { return int(min(max(a.Since-b.Since, -1), 1)) })
	for _, w := range waiting {
		n.enter(n.line(w.To, w.Way), w.telling, w.Note, w.Since.Time())
	}
	return nil
}

// note keeps a mark behind the caller's back. n.mu may be held.
func (n *Notifier) note(name string, at belwacht.Instant) {
	if n.store == nil {
		return
	}
	go func() {
		if err := n.store.PutMark(context.Background(), name, at); err != nil {
			n.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
		}
	}()
}

// touch notes that a telling is to be kept. n.mu is held.
func (n *Notifier) touch(t *belwacht.Telling) {
	t.Changed = belwacht.InstantOf(time.Now())
	n.changed[keyOf(&t.Alert)] = true
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// keep brings to disk what changes, until ctx ends and all is there, or the disk does not take it. Telling does not wait for it: what a crash forgets is told
// again.
func (n *Notifier) keep(ctx context.Context) {
	for {
		err := n.keepOnce()
		if ctx.Err() != nil {
			return
		}
		var again <-chan time.Time
		if err != nil {
			again = time.After(keepAgain)
		}
		select {
		case <-n.wake:
		case <-again:
		case <-ctx.Done():
		}
	}
}

func (n *Notifier) keepOnce() error {
	n.mu.Lock()
	var list []belwacht.Telling
	for k := range n.changed {
		if t := n.book[k]; t != nil {
			copied := *t
			copied.Reached, copied.Waiting = slices.Clone(t.Reached), slices.Clone(t.Waiting)
			list = append(list, copied)
		}
	}
	n.keeping, n.changed = n.changed, n.keeping
	n.mu.Unlock()
	var err error
	if len(list) > 0 && n.store != nil {
		err = n.store.PutTellings(context.Background(), list)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil && n.keepErr == nil {
		n.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
	}
	if n.keepErr = err; err != nil {
		for k := range n.keeping {
			n.changed[k] = true
		}
	}
	clear(n.keeping)
	n.kept.Broadcast()
	return err
}

// settled waits until an alert's telling is on disk, for a second at most. n.mu is held.
func (n *Notifier) settled(k key) error {
	if n.store == nil {
		return nil
	}
	over := false
	timer := time.AfterFunc(time.Second, func() { n.mu.Lock(); over = true; n.kept.Broadcast(); n.mu.Unlock() })
	defer timer.Stop()
	for (n.changed[k] || n.keeping[k]) && !over {
		n.kept.Wait()
	}
	if n.changed[k] || n.keeping[k] {
		return belwacht.Errorf(belwacht.Unreachable, "it holds now, and is not on disk yet")
	}
	return nil
}
