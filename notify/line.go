package notify

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
)

// Bounds of a line, and of trying again.
const (
	waitingMost = 1000
	retryFirst  = time.Second
	retryMost   = 5 * time.Minute
	giveUp      = 24 * time.Hour
	patience    = 5         // tries after which an alert that a receiver does not take steps aside
	idle        = time.Hour // how long an empty line sleeps where nothing wakes it
)

// key is what makes two alerts the same one, grown.
type key struct {
	tenant, id string
	first      belwacht.Instant
}

// entry is an alert that waits.
type entry struct {
	key   key
	alert *belwacht.Alert // its newest form
	since time.Time       // when it came into line
	due   time.Time       // not before
	tries int             // that the receiver answered and did not take it
}

// State says how one way is doing.
type State struct {
	Name      string
	Sent      uint64    // arrived
	Failed    uint64    // given up: refused, or tried for a day
	Dropped   uint64    // did not fit in line
	Waiting   int       // in line, with the one that is being sent
	LastSent  time.Time // zero = never
	LastError string    // why the last try failed; "" once one has arrived since
	Since     time.Time // since when it fails; zero = it does not
}

// line is what waits for one way.
type line struct {
	way  Way
	wake chan struct{}

	mu      sync.Mutex
	waiting []*entry  // in the order in which they came
	busy    *entry    // of waiting, the one that is being sent, as it was
	full    bool      // something was dropped since there was room
	downs   int       // failures of the way as a whole since it last worked
	until   time.Time // and how long it is left alone
	state   State
}

func newLine(w Way) *line {
	return &line{way: w, wake: make(chan struct{}, 1), state: State{Name: w.Name()}}
}

// add puts an alert in line, or its new form in its place. It says whether it is the first that is dropped since the line had room.
func (l *line) add(a *belwacht.Alert, now time.Time) (dropped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := key{a.Tenant, a.ID, a.First}
	for _, e := range l.waiting {
		if e.key == k && e != l.busy {
			e.alert = a
			return false
		}
	}
	if len(l.waiting) >= waitingMost {
		l.state.Dropped++
		dropped, l.full = !l.full, true
		return dropped
	}
	l.waiting = append(l.waiting, &entry{key: k, alert: a, since: now, due: now})
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return false
}

// sleep waits so long, until something new is in line or ctx ends.
func (l *line) sleep(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-l.wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// next is what is to be sent now, nil where nothing is for so long.
func (l *line) next(now time.Time) (*entry, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var best *entry
	for _, e := range l.waiting {
		inTurn := e.tries < patience // nobody behind it overtakes it
		if best == nil || inTurn && !e.due.After(now) || best.due.After(now) && e.due.Before(best.due) {
			best = e
		}
		if inTurn {
			break
		}
	}
	if best == nil {
		return nil, idle
	}
	if wait := max(best.due.Sub(now), l.until.Sub(now)); wait > 0 {
		return nil, wait
	}
	l.busy = best
	return best, 0
}

// outcome is what became of a try, for the log.
type outcome struct {
	first bool // the way worked until now
	lost  int  // alerts that were given up
}

// done takes how a try went.
func (l *line) done(e *entry, err error, now time.Time) (how outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = nil
	if err == nil {
		l.remove(e)
		l.downs, l.until = 0, time.Time{}
		l.state.Sent++
		l.state.LastSent, l.state.LastError, l.state.Since = now, "", time.Time{}
		return how
	}
	if how.first = l.state.Since.IsZero(); how.first {
		l.state.Since = now
	}
	l.state.LastError = err.Error()
	switch {
	case errors.Is(err, ErrRefused):
		l.downs, l.until = 0, time.Time{}
		l.remove(e)
		how.lost++
	case belwacht.CodeOf(err) == belwacht.Unreachable:
		l.downs++
		l.until = now.Add(backOff(l.downs))
	default:
		l.downs, l.until = 0, time.Time{}
		e.tries++
		e.due = now.Add(backOff(e.tries))
	}
	if twin := l.twin(e); twin != nil && how.lost == 0 {
		e.alert = twin.alert
		l.remove(twin)
	}
	for _, old := range slices.Clone(l.waiting) {
		if now.Sub(old.since) >= giveUp {
			l.remove(old)
			how.lost++
		}
	}
	l.state.Failed += uint64(how.lost)
	return how
}

// twin is the newer form of an alert, which came while the alert was being sent; nil for none.
func (l *line) twin(e *entry) *entry {
	for _, other := range l.waiting {
		if other.key == e.key && other != e {
			return other
		}
	}
	return nil
}

func (l *line) remove(e *entry) {
	if i := slices.Index(l.waiting, e); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		l.full = false
	}
}

// backOff is how long to wait after so many failures, from 1 on: 1 s, 2 s, 4 s … 5 min.
func backOff(n int) time.Duration {
	return min(retryFirst<<min(n-1, 10), retryMost)
}

// status says how the way is doing.
func (l *line) status() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.state
	s.Waiting = len(l.waiting)
	return s
}
