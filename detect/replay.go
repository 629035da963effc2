package detect

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// Replay plays finished calls to an engine in the order in which their events happened, as a live guard would have seen them: an attempt knows
// nothing of what came after it, and what is refused has no answer and no end.
type Replay struct {
	engine   *Engine
	decision func(*belwacht.Decision) error
	outcome  func(*belwacht.Outcome) error
	feedback []belwacht.Feedback
	pending  count.Heap[*replayed] // by their next event; of equal moments the call that was added first comes first
	gather   bool
	queue    []*replayed // gathered and not played yet
	ends     []glance    // see fetch
	free     []*replayed
	events   [belwacht.EventEnd + 1]belwacht.Event // the one of each kind that was played last: the engine keeps none
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
	Gather   bool                           // calls may wait for some dozens after them before they are played: it is quicker where all are of one organisation
}

// replayed is a call between its attempt and its end.
type replayed struct {
	call    belwacht.Call
	outcome belwacht.Outcome
	next    belwacht.EventKind // what comes next of the call
	stopped belwacht.Instant   // ended by us
	refused bool
	seq     uint64
	key     uint64        // count.KeyOf
	place   int           // of its organisation in the engine's order
	read    bool          // outcome has, or had, the number before the attempt, or the caller of a call from outside: see fetch
	number  belwacht.E164 // that number
	account uint32        // whose call it is, count.All where nothing is known of it yet
}

// answered is when the call is answered.
func (p *replayed) answered() belwacht.Instant { return max(p.call.Answer, p.call.Start) }

// ends is when the call ends: not before its answer, even where records say so.
func (p *replayed) ends() belwacht.Instant {
	if p.call.Answer != 0 {
		return max(p.call.End, p.answered())
	}
	return max(p.call.End, p.call.Start)
}

// find is the call of an ID that was added last, nil where none runs.
func (r *Replay) find(id string) *replayed {
	var found *replayed
	for i := range r.pending {
		if p := r.pending[i].Item; p.call.ID == id && (found == nil || p.seq > found.seq) {
			found = p
		}
	}
	return found
}

// NewReplay makes a replay on an engine, which keeps what it learns.
func NewReplay(e *Engine, c ReplayConfig) *Replay {
	return &Replay{engine: e, decision: c.Decision, outcome: c.Outcome, feedback: c.Feedback, gather: c.Gather}
}

// Add plays a call. Calls come in the order of their Start; the call is copied.
func (r *Replay) Add(c *belwacht.Call) error {
	if c.Late {
		if err := r.play(); err != nil {
			return err
		}
		return r.late(c)
	}
	s, err := r.engine.shard(c.Tenant)
	if err != nil {
		return err
	}
	p := r.take()
	p.call = *c
	p.outcome.Call, p.seq = &p.call, r.sequence
	r.sequence++
	p.next, p.account, p.key, p.place = belwacht.EventAttempt, count.All, count.KeyOf(c.Site, c.ID), s.place
	if r.queue = append(r.queue, p); r.gather && len(r.queue) < ahead {
		return nil
	}
	return r.play()
}

// play plays the calls that were gathered.
func (r *Replay) play() error {
	if len(r.queue) > 1 {
		r.fetch()
	}
	for _, p := range r.queue {
		if err := r.until(p.call.Start); err != nil {
			return err
		}
		if err := r.step(p); err != nil {
			return err
		}
	}
	r.queue = r.queue[:0]
	return nil
}

// Event plays what is no call's, such as a log-in, in its place among the calls that were added: ev.Time is not before the Start of the last.
func (r *Replay) Event(ev *belwacht.Event) error {
	if err := r.play(); err != nil {
		return err
	}
	if err := r.until(ev.Time); err != nil {
		return err
	}
	r.out.Reset()
	if err := r.engine.Handle(ev, &r.out); err != nil {
		return err
	}
	return r.tell(&replayed{})
}

// late plays a call that came after its horizon: the engine judges it on its own.
func (r *Replay) late(c *belwacht.Call) error {
	p := r.take()
	p.call = *c
	p.outcome = belwacht.Outcome{Call: &p.call}
	r.out.Reset()
	if err := r.engine.Late(&p.call, &r.out); err != nil {
		return err
	}
	p.outcome.Number, p.outcome.Probability = r.out.Number, r.out.Probability
	if err := r.tell(p); err != nil {
		return err
	}
	return r.done(p)
}

// Refused says what was decided on a call that was added and has not ended: whether it was refused and that carried out. It is for a Replay that does
// not gather.
func (r *Replay) Refused(id string) bool {
	p := r.find(id)
	return p == nil || p.refused
}

// Finish plays what is still to come of the calls that were added.
func (r *Replay) Finish() error {
	if err := r.play(); err != nil {
		return err
	}
	return r.until(belwacht.Instant(1<<62 - 1))
}

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
		for len(r.feedback) > 0 && r.feedback[0].Time <= t && (len(r.pending) == 0 || r.feedback[0].Time <= r.pending[0].At) {
			if r.engine.Feedback(&r.feedback[0]) != nil {
				r.Unheard++
			}
			r.feedback = r.feedback[1:]
		}
		if len(r.pending) == 0 || r.pending[0].At > t {
			return nil
		}
		if err := r.step(r.pending[0].Item); err != nil {
			return err
		}
	}
}

// step plays the next event of a call: its attempt, or what is due first of the calls that wait.
func (r *Replay) step(p *replayed) error {
	s := r.engine.order[p.place]
	ev, k := r.raise(p), known{key: p.key, account: p.account}
	began := p.next == belwacht.EventAttempt
	if r.out.Decisions = r.out.Decisions[:0]; began {
		if r.out.Reset(); p.read {
			k.read = &p.outcome.Number
		}
	}
	s.mu.Lock()
	s.handle(ev, k, &r.out)
	s.mu.Unlock()
	if began {
		if p.outcome.Probability = r.out.Probability; k.read == nil || ev.Direction == belwacht.In {
			p.outcome.Number = r.out.Number
		}
	}
	if len(r.out.Decisions) > 0 {
		if err := r.tell(p); err != nil {
			return err
		}
	}
	switch {
	case p.next == belwacht.EventEnd:
		r.pending.Pop()
		return r.done(p)
	case !began: // it is the first of those that wait
		p.next = belwacht.EventEnd
		r.pending.Delay(p.ends())
	case p.call.Answer != 0 && !p.refused:
		p.next = belwacht.EventAnswer
		r.pending.Push(p.answered(), p.seq, p)
	default: // what is refused has no answer, and no end but its own
		p.next = belwacht.EventEnd
		r.pending.Push(p.ends(), p.seq, p)
	}
	return nil
}

// raise makes the next event of a call. What those of a kind never say stays empty.
func (r *Replay) raise(p *replayed) *belwacht.Event {
	c, ev := &p.call, &r.events[p.next]
	ev.Kind, ev.Source, ev.Late, ev.Sequence, ev.Tenant, ev.Site, ev.Call = p.next, belwacht.SourceRecords, c.Late, p.seq, c.Tenant, c.Site, c.ID
	switch p.next {
	case belwacht.EventAttempt:
		ev.Time, ev.Direction, ev.Lineage = c.Start, c.Direction, c.Lineage
		ev.Account, ev.Root, ev.Trunk, ev.Caller, ev.Dialled = c.Account, c.Root, c.Trunk, c.Caller, c.Dialled
	case belwacht.EventAnswer:
		ev.Time = p.answered()
	default:
		ev.Time, ev.Talk, ev.Disposition = p.ends(), c.Talk, c.Disposition
		if ev.Account = ""; c.Direction == belwacht.In { // who was rung: bait rings one of us after the other
			ev.Account = c.Account
		}
	}
	return ev
}

// tell books what was decided on an event of a call.
func (r *Replay) tell(p *replayed) error {
	for i := range r.out.Decisions {
		if err := r.decided(p, &r.out.Decisions[i]); err != nil {
			return err
		}
	}
	return nil
}

// decided books a decision at its call, which for an ended call is another than the one whose event came.
func (r *Replay) decided(p *replayed, d *belwacht.Decision) error {
	dec := *d
	switch {
	case strings.HasPrefix(d.ID, signPrefix): // it is told with the call by which it was noticed, since all that is told of records is of calls
		if p.outcome.Start != nil {
			return nil // that one has its decision; the sign is among the alerts
		}
		dec.ID = p.call.ID
	case d.ID != p.call.ID:
		if p = r.find(d.ID); p == nil {
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
	}
	p.outcome.Probability = max(p.outcome.Probability, d.Probability)
	if r.decision == nil {
		return nil
	}
	return r.decision(&dec)
}

// done hands an ended call out.
func (r *Replay) done(p *replayed) error {
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
