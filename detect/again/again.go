// Package again has an engine judge again what came after its memory was kept, when Belwacht starts after a crash: nothing of it is carried out, and what
// became of each call is known afterwards, so that whoever hears of it once more knows it.
package again

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// Call is what became of a call.
type Call struct {
	Attempt    belwacht.Event
	Word       belwacht.Word // with which its attempt was decided, if that was carried out
	Cause      string
	Reference  string
	MaxSeconds int64 // that it may last; 0 = for ever
	Answered   belwacht.Instant
	Ended      belwacht.Instant // zero: it rings or runs, or was refused
	Talk       int64            // in seconds
	Stopped    bool             // the engine decided that it must end
}

// most bounds the calls that are known afterwards; the oldest go first.
const most = 20_000

// Player plays events to an engine. It is for one goroutine.
type Player struct {
	Events int // that were judged
	Others int // of organisations that the engine does not know

	engine *detect.Engine
	out    detect.Out
	calls  map[[3]string]*Call // by tenant, site and call
	order  []*Call
}

// New makes one.
func New(e *detect.Engine) *Player {
	return &Player{engine: e, calls: make(map[[3]string]*Call)}
}

// Event judges an event, of which nothing is kept but what a Call says.
func (p *Player) Event(ev *belwacht.Event) {
	p.out.Reset()
	if p.engine.Handle(ev, &p.out) != nil {
		p.Others++
		return
	}
	p.Events++
	k := [3]string{ev.Tenant, ev.Site, ev.Call}
	c := p.calls[k]
	switch {
	case ev.Kind == belwacht.EventAttempt:
		c = &Call{Attempt: *ev, MaxSeconds: p.out.MaxSeconds}
		p.forget()
		p.calls[k], p.order = c, append(p.order, c)
	case c == nil:
	case ev.Kind == belwacht.EventAnswer:
		c.Answered = ev.Time
	case ev.Kind == belwacht.EventEnd:
		c.Ended, c.Talk = ev.Time, ev.Talk
	}
	for i := range p.out.Decisions {
		d := &p.out.Decisions[i]
		switch {
		case d.Word == belwacht.EndNow:
			if of := p.calls[[3]string{d.Tenant, d.Site, d.ID}]; of != nil && d.Enforced {
				of.Stopped = true
			}
		case ev.Kind == belwacht.EventAttempt && d.ID == ev.Call:
			c.Word, c.Cause, c.Reference = d.Word, d.Cause, d.Reference
			if !d.Enforced {
				c.Word = min(d.Word, belwacht.Warn)
			}
		}
	}
}

// forget makes room.
func (p *Player) forget() {
	if len(p.order) < 2*most {
		return
	}
	for _, c := range p.order[:most] {
		if k := [3]string{c.Attempt.Tenant, c.Attempt.Site, c.Attempt.Call}; p.calls[k] == c {
			delete(p.calls, k)
		}
	}
	p.order = append(p.order[:0], p.order[most:]...)
}

// Calls are the calls that began among the events, in their order.
func (p *Player) Calls() []*Call { return p.order }
