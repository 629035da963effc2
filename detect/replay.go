package detect

import (
	"container/heap"

	"github.com/belwacht/belwacht"
)

// Replay plays finished calls to an engine in the order in which their events happened, as a live guard would have seen them: an attempt knows
// nothing of what came after it, and what is refused has no answer and no end.
type Replay struct {
	engine   *Engine
	decision func(*belwacht.Decision) error
	outcome  func(*belwacht.Outcome) error
	feedback []belwacht.Feedback
	pending  future
	running  map[string]*replayed
	free     []*replayed
	out      Out
	sequence uint64
	Unheard  int // feedback on calls that no decision is known of
}

// ReplayConfig says what becomes of what is decided; both functions may be nil. What they are handed is theirs, but for the Outcome, which is
// reused.
type ReplayConfig struct {
	Decision func(*belwacht.Decision) error // each decision, in the order of time
	Outcome  func(*belwacht.Outcome) error  // each call, as it ended
	Feedback []belwacht.Feedback            // what a person said, in the order of time
}

// replayed is a call between its attempt and its end.
type replayed struct {
	call    belwacht.Call
	outcome belwacht.Outcome
	events  [3]belwacht.Event
	n, next int
	stopped belwacht.Instant // ended by us
	refused bool
	seq     uint64
}

func (r *replayed) at() belwacht.Instant { return r.events[r.next].Time }

// future is a heap of calls by their next event.
type future []*replayed

func (f future) Len() int { return len(f) }
func (f future) Less(i, j int) bool {
	return f[i].at() < f[j].at() || f[i].at() == f[j].at() && f[i].seq < f[j].seq
}
func (f future) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *future) Push(x any)   { *f = append(*f, x.(*replayed)) }
func (f *future) Pop() any {
	old := *f
	x := old[len(old)-1]
	*f = old[:len(old)-1]
	return x
}

// NewReplay makes a replay on an engine, which keeps what it learns.
func NewReplay(e *Engine, c ReplayConfig) *Replay {
	return &Replay{engine: e, decision: c.Decision, outcome: c.Outcome, feedback: c.Feedback, running: make(map[string]*replayed)}
}

// Add plays a call. Calls come in the order of their Start; the call is copied.
func (r *Replay) Add(c *belwacht.Call) error {
	if err := r.until(c.Start); err != nil {
		return err
	}
	p := r.take()
	p.call = *c
	p.n = p.call.Events(&p.events)
	p.seq = r.sequence
	r.sequence++
	for i := range p.n {
		p.events[i].Sequence = p.seq
	}
	p.outcome = belwacht.Outcome{Call: &p.call}
	r.running[c.ID] = p
	return r.step(p)
}

// Refused says what was decided on the call that was added last: whether it was refused and that carried out.
func (r *Replay) Refused(id string) bool {
	p := r.running[id]
	return p == nil || p.refused
}

// Finish plays what is still to come of the calls that were added.
func (r *Replay) Finish() error { return r.until(belwacht.Instant(1<<62 - 1)) }

func (r *Replay) take() *replayed {
	if n := len(r.free); n > 0 {
		p := r.free[n-1]
		r.free = r.free[:n-1]
		*p = replayed{}
		return p
	}
	return &replayed{}
}

// until plays all events before t, and those at t that belong to calls that began earlier.
func (r *Replay) until(t belwacht.Instant) error {
	for {
		for len(r.feedback) > 0 && r.feedback[0].Time <= t && (len(r.pending) == 0 || r.feedback[0].Time <= r.pending[0].at()) {
			if r.engine.Feedback(&r.feedback[0]) != nil {
				r.Unheard++
			}
			r.feedback = r.feedback[1:]
		}
		if len(r.pending) == 0 || r.pending[0].at() > t {
			return nil
		}
		if err := r.step(heap.Pop(&r.pending).(*replayed)); err != nil {
			return err
		}
	}
}

// step plays the next event of a call.
func (r *Replay) step(p *replayed) error {
	ev := &p.events[p.next]
	r.out.Reset()
	if err := r.engine.Handle(ev, &r.out); err != nil {
		return err
	}
	if ev.Kind == belwacht.EventAttempt {
		p.outcome.Number, p.outcome.Probability = r.out.Number, r.out.Probability
	}
	for i := range r.out.Decisions {
		if err := r.decided(p, &r.out.Decisions[i]); err != nil {
			return err
		}
	}
	if p.next++; p.next < p.n {
		heap.Push(&r.pending, p)
		return nil
	}
	return r.done(p)
}

// decided books a decision at its call, which for an ended call is another than the one whose event came.
func (r *Replay) decided(p *replayed, d *belwacht.Decision) error {
	dec := *d
	if d.ID != p.call.ID {
		if p = r.running[d.ID]; p == nil {
			return nil
		}
	}
	if d.Word == belwacht.EndNow {
		p.outcome.Ended = &dec
		if d.Enforced {
			p.stopped = d.Time
		}
	} else {
		p.outcome.Start = &dec
		p.refused = d.Word == belwacht.Refuse && d.Enforced
		if p.refused { // no answer, and no end but its own
			p.events[1], p.n = p.events[p.n-1], 2
		}
	}
	p.outcome.Probability = max(p.outcome.Probability, d.Probability)
	if r.decision == nil {
		return nil
	}
	return r.decision(&dec)
}

// done hands an ended call out.
func (r *Replay) done(p *replayed) error {
	delete(r.running, p.call.ID)
	o := &p.outcome
	o.Cost = o.Number.Price.Cost(p.call.Talk)
	if p.call.Direction == belwacht.In {
		o.Cost = 0
	}
	switch o.Spent = o.Cost; {
	case p.refused:
		o.Spent = 0
	case p.stopped != 0:
		o.Spent = min(o.Cost, o.Number.Price.Cost(p.stopped.Seconds(p.call.Answer)))
	}
	var err error
	if r.outcome != nil {
		err = r.outcome(o)
	}
	r.free = append(r.free, p)
	return err
}
