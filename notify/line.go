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
	togetherMax = 20        // alerts that one message tells of
)

// key is what makes two alerts the same one, grown.
type key struct {
	tenant, id string
	first      belwacht.Instant
}

func keyOf(a *belwacht.Alert) key { return key{a.Tenant, a.ID, a.First} }

// entry is an alert that waits.
type entry struct {
	key   key
	alert *belwacht.Alert // its newest form
	newer *belwacht.Alert // a newer one that came while it was being sent; nil = none
	note  string
	since time.Time // when it came into line
	due   time.Time // not before
	tries int       // that the receiver answered and did not take it
}

// State says how one way is doing.
type State struct {
	To        string // whose it is; "" = nobody's, all are told by it
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
	to   string
	name string
	wake chan struct{}
	stop context.CancelFunc // nil = it does not run

	mu      sync.Mutex
	way     Way
	writer  *writer
	waiting []*entry  // in the order in which they came
	busy    []*entry  // of waiting, those that are being sent, as they were
	full    bool      // something was dropped since there was room
	downs   int       // failures of the way as a whole since it last worked
	until   time.Time // and how long it is left alone
	state   State
}

func newLine(to string, way Way, w *writer) *line {
	return &line{to: to, name: way.Name(), way: way, writer: w, wake: make(chan struct{}, 1), state: State{To: to, Name: way.Name()}}
}

// use puts another way of the same name in place: with another secret, perhaps.
func (l *line) use(way Way, w *writer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.way, l.writer = way, w
	l.until = time.Time{}
	l.rouse()
}

// rouse ends a sleep. l.mu is held.
func (l *line) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// add puts an alert in line, or its new form in its place. It says whether it has room for it, and whether it is the first that is dropped since the line had room.
func (l *line) add(a *belwacht.Alert, note string, since, now time.Time) (room, dropped bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := keyOf(a)
	for _, e := range l.waiting {
		if e.key == k && !slices.Contains(l.busy, e) {
			e.alert = a
			if note != "" {
				e.note = note
			}
			return true, false
		}
	}
	if len(l.waiting) >= waitingMost {
		l.state.Dropped++
		dropped, l.full = !l.full, true
		return false, dropped
	}
	l.waiting = append(l.waiting, &entry{key: k, alert: a, note: note, since: since, due: now})
	l.rouse()
	return true, false
}

// grow puts an alert's new form in the place of the one that waits.
func (l *line) grow(a *belwacht.Alert) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.waiting {
		switch {
		case e.key != keyOf(a):
		case slices.Contains(l.busy, e):
			e.newer = a
		default:
			e.alert = a
		}
	}
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

// next is what is to be sent now, in one message: several only by a way that can. None where nothing is to be sent for so long.
func (l *line) next(now time.Time) ([]*entry, time.Duration) {
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
	l.busy = []*entry{best}
	if _, ok := l.way.(Gatherer); ok && best.tries == 0 {
		for _, e := range l.waiting {
			if e != best && e.tries == 0 && !e.due.After(now) && len(l.busy) < togetherMax {
				l.busy = append(l.busy, e)
			}
		}
	}
	return slices.Clone(l.busy), 0
}

// outcome is what became of a try.
type outcome struct {
	first bool     // the way worked until now
	gone  []*entry // need not be told any more: they arrived, or are given up
	lost  int      // of gone, those given up
}

// done takes how a try went.
func (l *line) done(sent []*entry, err error, now time.Time) (how outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = nil
	if err == nil {
		for _, e := range sent {
			l.remove(e)
		}
		l.downs, l.until = 0, time.Time{}
		l.state.Sent += uint64(len(sent))
		l.state.LastSent, l.state.LastError, l.state.Since = now, "", time.Time{}
		how.gone = sent
		return how
	}
	if how.first = l.state.Since.IsZero(); how.first {
		l.state.Since = now
	}
	l.state.LastError = err.Error()
	switch {
	case errors.Is(err, ErrRefused) && len(sent) == 1:
		l.downs, l.until = 0, time.Time{}
		l.give(&how, sent[0])
	case belwacht.CodeOf(err) == belwacht.Unreachable:
		l.downs++
		l.until = now.Add(backOff(l.downs))
	default: // of several, any may be to blame: each is tried alone from now on
		l.downs, l.until = 0, time.Time{}
		for _, e := range sent {
			e.tries++
			if len(sent) == 1 {
				e.due = now.Add(backOff(e.tries))
			}
		}
	}
	for _, e := range sent {
		if e.newer != nil {
			e.alert, e.newer = e.newer, nil
		}
		if twin := l.twin(e); twin != nil && slices.Contains(l.waiting, e) {
			e.alert = twin.alert
			l.remove(twin)
		}
	}
	for _, old := range slices.Clone(l.waiting) {
		if now.Sub(old.since) >= giveUp {
			l.give(&how, old)
		}
	}
	l.state.Failed += uint64(how.lost)
	return how
}

// give gives one up.
func (l *line) give(how *outcome, e *entry) {
	l.remove(e)
	how.gone = append(how.gone, e)
	how.lost++
}

// holds says whether an alert stands in line. l.mu is not held.
func (l *line) holds(k key) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.waiting, func(e *entry) bool { return e.key == k })
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
