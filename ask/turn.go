package ask

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
)

// turn is one question being judged. Judging is done by the goroutine that read it, which costs nothing where it is quick, as nearly always; where
// it is not, another goroutine gives the default answer in its place.
type turn struct {
	begun time.Time
	over  atomic.Bool // who sets it answers
	late  func()      // answers by default; nil where who asked waits by itself
}

// turns are the questions being judged, at most so many. Nothing in it waits.
type turns struct {
	list  [judging]atomic.Pointer[turn]
	next  atomic.Uint32
	armed atomic.Bool
	timer *time.Timer
}

// take finds a place for a question; false where all are taken.
func (t *turns) take(x *turn) (place int, ok bool) {
	at := int(t.next.Add(1))
	for i := range judging {
		place = (at + i) % judging
		if t.list[place].Load() == nil && t.list[place].CompareAndSwap(nil, x) {
			if x.late != nil && !t.armed.Load() && t.armed.CompareAndSwap(false, true) {
				t.timer.Reset(target)
			}
			return place, true
		}
	}
	return 0, false
}

func (t *turns) leave(place int) { t.list[place].Store(nil) }

// look has those answered by default who have waited for as long as they may. It runs by itself when the first of them may have; armed says that it will.
func (t *turns) look() {
	now := time.Now()
	if wait := t.oldest(now); wait > 0 {
		t.timer.Reset(wait)
		return
	}
	t.armed.Store(false)
	// Whoever came between the look and this has seen that it was armed.
	if wait := t.oldest(now); wait > 0 && t.armed.CompareAndSwap(false, true) {
		t.timer.Reset(wait)
	}
}

// oldest answers for those who are late, and says how long the next may still wait; 0 = nobody waits.
func (t *turns) oldest(now time.Time) (wait time.Duration) {
	for i := range t.list {
		x := t.list[i].Load()
		if x == nil || x.late == nil || x.over.Load() {
			continue
		}
		left := target - now.Sub(x.begun)
		if left <= 0 {
			if x.over.CompareAndSwap(false, true) {
				go x.late()
			}
			continue
		}
		if wait == 0 || left < wait {
			wait = left
		}
	}
	return wait
}

// answerHere judges a question of a PBX that has proved itself on the goroutine of whoever asked. Where that takes too long late is called with the default
// answer, from another goroutine, and mine is false when it is over: whoever asked has been answered.
func (s *Server) answerHere(p *pbx, q *Question, from netip.Addr, late func(Answer)) (a Answer, mine bool) {
	s.asked.Add(1)
	now := s.now()
	n := p.Numbers.Read(p.Numbers.Sent(q.Number))
	e, fresh := s.memory.claim(key{p.Name, q.LinkedID, q.UniqueID, q.Number}, now)
	if !fresh || n.Class == belwacht.ClassEmergency {
		return s.verdict(p, q, from, e, fresh, &n), true
	}
	x := &turn{begun: time.Now()}
	x.late = func() {
		a, missed := e.late(func() Answer { return s.byDefault(p, q, &n) })
		s.count(p, q, from, &a, missed)
		late(a)
	}
	place, ok := s.turns.take(x)
	if !ok {
		e.settle(nil)
		return s.verdict(p, q, from, e, false, &n), true
	}
	s.decide(q, e)
	s.turns.leave(place)
	if !x.over.CompareAndSwap(false, true) {
		return a, false
	}
	a, missed := e.late(func() Answer { return s.byDefault(p, q, &n) })
	s.count(p, q, from, &a, missed)
	return a, true
}

// decide asks the judge.
func (s *Server) decide(q *Question, e *entry) {
	ctx := &within{Context: s.ctx, until: time.Now().Add(hard)}
	defer s.caught(q.PBX, func() { ctx.end(); e.settle(nil) })
	a, err := s.cfg.Judge.Ask(ctx, q)
	ctx.end()
	if err != nil {
		e.settle(nil)
		return
	}
	e.settle(&a)
}

// within is a context with a deadline that costs a timer only where somebody waits for it.
type within struct {
	context.Context
	until time.Time
	mu    sync.Mutex
	real  context.Context
	stop  context.CancelFunc
}

// Deadline implements context.Context.
func (w *within) Deadline() (time.Time, bool) { return w.until, true }

// Done implements context.Context.
func (w *within) Done() <-chan struct{} { return w.made().Done() }

// Err implements context.Context.
func (w *within) Err() error { return w.made().Err() }

func (w *within) made() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.real == nil {
		w.real, w.stop = context.WithDeadline(w.Context, w.until)
	}
	return w.real
}

// end ends it: the judge has spoken.
func (w *within) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stop != nil {
		w.stop()
	}
}
