package telling

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// Bounds of what waits to be told of the door, and of trying again.
const (
	outboxMost  = 1000
	knownMost   = 4000
	againFirst  = time.Second
	againMost   = 5 * time.Minute
	againFor    = 24 * time.Hour
	outboxSleep = time.Hour // how long an empty one sleeps where nothing wakes it
)

// parcel is what waits to be told to one receiver.
type parcel struct {
	belwacht.Parcel
	what string // for the log
	send func(ctx context.Context) error
	came time.Time
	due  time.Time
	wait time.Duration
}

// outbox tells what concerns the door itself, each as often as it takes within a day, over restarts: who waits for which entry of the audit log is kept on disk, the
// words are made of the log anew. Where neither can be written, what waits is in memory, and above the pages of whom it concerns until they have seen it.
type outbox struct {
	log  *slog.Logger
	wake chan struct{}

	keeping sync.Mutex // held while it is written
	store   belwacht.ParcelStore

	mu      sync.Mutex
	waiting []*parcel
	known   map[string]bool   // by ID: what waits or has come through, as far as it is kept
	changed []belwacht.Parcel // that are not on disk yet
	unkept  bool              // and cannot be written
	state   notify.State
}

func newOutbox(name string, log *slog.Logger) *outbox {
	return &outbox{log: log, wake: make(chan struct{}, 1), known: map[string]bool{}, state: notify.State{Name: name}}
}

// resume puts in line what an earlier run left, and keeps what comes from now on. send makes the way of one.
func (o *outbox) resume(store belwacht.ParcelStore, left []belwacht.Parcel, send func(p *belwacht.Parcel) func(ctx context.Context) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.store = store
	now := time.Now()
	for _, p := range left {
		o.known[p.ID] = true
		if p.Done == 0 && len(o.waiting) < outboxMost {
			o.waiting = append(o.waiting, &parcel{Parcel: p, what: string(p.Kind), send: send(&p), came: p.Since.Time(), due: now, wait: againFirst})
		}
	}
}

// add puts one in line, unless it is known. It returns at once.
func (o *outbox) add(p belwacht.Parcel, what string, send func(ctx context.Context) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known[p.ID] {
		return
	}
	if len(o.waiting) >= outboxMost {
		if o.state.Dropped++; o.state.Dropped == 1 {
			o.log.Error("too much waits to be told of the door; what comes is in the audit log only", "event", "notice.dropped", "way", o.state.Name)
		}
		return
	}
	now := time.Now()
	p.Since = belwacht.InstantOf(now)
	o.waiting = append(o.waiting, &parcel{Parcel: p, what: what, send: send, came: now, due: now, wait: againFirst})
	o.note(&p)
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// note has a parcel kept as it is now. One whose entry has no position cannot be found again after a restart. o.mu is held.
func (o *outbox) note(p *belwacht.Parcel) {
	if p.At == 0 || p.Kind != belwacht.NoticeHead && p.Entry == 0 {
		return
	}
	if len(o.known) >= knownMost { // what is forgotten here is asked for after a restart only
		clear(o.known)
	}
	o.known[p.ID] = true
	if o.store != nil {
		o.changed = append(o.changed, *p)
	}
}

// keep writes what changed. What cannot be written waits for the next time.
func (o *outbox) keep() {
	o.keeping.Lock()
	defer o.keeping.Unlock()
	o.mu.Lock()
	list, store := o.changed, o.store
	o.changed = nil
	o.mu.Unlock()
	if len(list) == 0 {
		return
	}
	err := store.PutParcels(context.Background(), list)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		if o.changed = append(list, o.changed...); len(o.changed) > knownMost {
			o.changed = o.changed[len(o.changed)-knownMost:]
		}
		if !o.unkept {
			o.log.Error("what waits to be told of the door is not kept on disk", "event", "tell.unkept", "way", o.state.Name, "error", err)
		}
	}
	o.unkept = err != nil
}

// next is the one that is due first, and how long that takes.
func (o *outbox) next(now time.Time) (*parcel, time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) == 0 {
		return nil, outboxSleep
	}
	first := slices.MinFunc(o.waiting, func(a, b *parcel) int { return a.due.Compare(b.due) })
	return first, max(first.due.Sub(now), 0)
}

// run tells until ctx ends.
func (o *outbox) run(ctx context.Context) {
	for ctx.Err() == nil {
		o.keep()
		p, wait := o.next(time.Now())
		if p == nil || wait > 0 {
			timer := time.NewTimer(wait)
			select {
			case <-ctx.Done():
			case <-timer.C:
			case <-o.wake:
			}
			timer.Stop()
			continue
		}
		if err := p.send(ctx); ctx.Err() == nil {
			o.done(p, err, time.Now())
		}
	}
	o.keep()
	o.mu.Lock()
	defer o.mu.Unlock()
	switch n := len(o.waiting); {
	case n > 0 && (o.unkept || o.store == nil):
		o.log.Error("not all that concerns the door was told before the end; it stands in the audit log", "event", "notice.untold", "way", o.state.Name, "untold", n)
	case n > 0:
		o.log.Info("not all that concerns the door was told before the end; it is told after the next start", "event", "notice.kept", "way", o.state.Name, "untold", n)
	}
}

// done notes how it went. What cannot be said any more (NotFound) is given up at once.
func (o *outbox) done(p *parcel, err error, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil && now.Sub(p.came) < againFor && belwacht.CodeOf(err) != belwacht.NotFound {
		if p.due, p.wait = now.Add(p.wait), min(2*p.wait, againMost); o.state.Since.IsZero() {
			o.state.Since = now
			o.log.Warn("what concerns the door is not told yet; it is tried again for a day", "event", "notice.delayed", "way", o.state.Name, "what", p.what, "error", err)
		}
		o.state.LastError = err.Error()
		return
	}
	o.waiting = slices.DeleteFunc(o.waiting, func(q *parcel) bool { return q == p })
	p.Done = belwacht.InstantOf(now)
	o.note(&p.Parcel)
	if err != nil {
		o.state.Failed++
		o.log.Error("what concerns the door was not told, and is not tried again", "event", "notice.failed", "way", o.state.Name, "what", p.what, "error", err)
		return
	}
	o.state.Sent++
	o.state.LastSent, o.state.LastError, o.state.Since = now, "", time.Time{}
}

// State says how it is doing.
func (o *outbox) State() notify.State {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.state
	s.Waiting = len(o.waiting)
	return s
}
