package telling

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht/notify"
)

// Bounds of what waits to be told of the door, and of trying again.
const (
	outboxMost  = 1000
	againFirst  = time.Second
	againMost   = 5 * time.Minute
	againFor    = 24 * time.Hour
	outboxSleep = time.Hour // how long an empty one sleeps where nothing wakes it
)

// parcel is what waits to be told to one receiver.
type parcel struct {
	what string // for the log
	send func(ctx context.Context) error
	came time.Time
	due  time.Time
	wait time.Duration
}

// outbox tells what concerns the door itself, each as often as it takes within a day. What waits is in memory: it also stands in the audit log, and above the pages
// of whom it concerns until they have seen it.
type outbox struct {
	log  *slog.Logger
	wake chan struct{}

	mu      sync.Mutex
	waiting []*parcel
	state   notify.State
}

func newOutbox(name string, log *slog.Logger) *outbox {
	return &outbox{log: log, wake: make(chan struct{}, 1), state: notify.State{Name: name}}
}

// add puts one in line. It returns at once.
func (o *outbox) add(what string, send func(ctx context.Context) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) >= outboxMost {
		if o.state.Dropped++; o.state.Dropped == 1 {
			o.log.Error("too much waits to be told of the door; what comes is in the audit log only", "event", "notice.dropped", "way", o.state.Name)
		}
		return
	}
	now := time.Now()
	o.waiting = append(o.waiting, &parcel{what: what, send: send, came: now, due: now, wait: againFirst})
	select {
	case o.wake <- struct{}{}:
	default:
	}
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
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(o.waiting); n > 0 {
		o.log.Error("not all that concerns the door was told before the end; it stands in the audit log", "event", "notice.untold", "way", o.state.Name, "untold", n)
	}
}

// done notes how it went.
func (o *outbox) done(p *parcel, err error, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil && now.Sub(p.came) < againFor {
		if p.due, p.wait = now.Add(p.wait), min(2*p.wait, againMost); o.state.Since.IsZero() {
			o.state.Since = now
			o.log.Warn("what concerns the door is not told yet; it is tried again for a day", "event", "notice.delayed", "way", o.state.Name, "what", p.what, "error", err)
		}
		o.state.LastError = err.Error()
		return
	}
	o.waiting = slices.DeleteFunc(o.waiting, func(q *parcel) bool { return q == p })
	if err != nil {
		o.state.Failed++
		o.log.Error("what concerns the door was not told within a day", "event", "notice.failed", "way", o.state.Name, "what", p.what, "error", err)
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
