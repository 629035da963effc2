package demo

import (
	"strconv"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/simulate"
)

// Alive is what a demo does for who watches the organisation itself, as package house does: its weeks of history are handed out too, a colleague calls into the
// attack and is refused by mistake, and when the story is over ordinary days go on. All functions are called from the goroutine of [Demo.Run].
type Alive struct {
	Ready   func(*detect.Engine, *config.Config, *time.Location) // once, before anything happens
	Pace    func(at belwacht.Instant) (end []string, err error)  // before what happens at a moment of the days that are shown; end are calls that a person ends
	Decided func(*belwacht.Decision)                             // every decision, told
	Call    func(*belwacht.PastCall)                             // every call that is over; it is the receiver's
	Over    func(*Ending)                                        // the story is over
}

// The colleague's calls: how often, how far apart.
const (
	mistakes     = 40
	mistakeSoon  = 10 * belwacht.Minute
	mistakeLater = 45 * belwacht.Minute
	mistakeAfter = 8 // attacker's calls refused before
)

// mistake is a colleague who calls where the attacker does.
type mistake struct {
	account string // an innocent one that called outside last
	trunk   string
	dialled string
	next    belwacht.Instant // zero: not planned
	n       int
	id      string // of the last try
	refused bool   // at least once: from then on it is the same number that is called again
	passed  bool   // after that
}

// innocent notes who could be the colleague.
func (m *mistake) innocent(c *simulate.Call) {
	if !m.refused && c.Attack < 0 && c.Direction == belwacht.Out && c.Lineage == belwacht.Dialled {
		m.account, m.trunk = c.Account, c.Trunk
	}
}

// plan has the colleague call another number beside one for which the attacker was refused. Where that passes, it is planned again with the attacker's next.
func (m *mistake) plan(dialled string, at belwacht.Instant) {
	if m.account == "" || m.refused || m.next != 0 || len(dialled) < 10 {
		return
	}
	m.dialled = dialled[:len(dialled)-2] + "17"
	m.next = at + belwacht.Minute
}

// went notes what became of the colleague's call.
func (m *mistake) went(refused bool) {
	switch {
	case refused:
		m.refused = true
	case m.refused:
		m.passed = true
	default:
		m.next = 0
	}
}

// due is the colleague's next call where it comes before a moment, nil where none does.
func (m *mistake) due(before belwacht.Instant) *simulate.Call {
	if m.next == 0 || m.next > before || m.passed || m.n >= mistakes {
		return nil
	}
	m.n++
	m.id = "demo.colleague." + strconv.Itoa(m.n)
	at := m.next
	m.next = at + mistakeSoon
	if m.n > 6 {
		m.next = at + mistakeLater
	}
	return &simulate.Call{Attack: -1, Call: belwacht.Call{ID: m.id, Link: m.id, Direction: belwacht.Out, Account: m.account, Root: m.account, Trunk: m.trunk, Caller: m.account, Dialled: m.dialled,
		Start: at, Answer: at + 9*belwacht.Second, End: at + 250*belwacht.Second, Talk: 241, Disposition: belwacht.Answered}}
}

// pace waits for a moment, and ends what a person wants ended.
func (p *playing) pace(at belwacht.Instant) error {
	if p.Alive == nil || p.Alive.Pace == nil {
		return nil
	}
	end, err := p.Alive.Pace(at)
	for _, id := range end {
		p.endByHand(id, at)
	}
	return err
}

// endByHand ends a call as its PBX would: the engine hears that it is over.
func (p *playing) endByHand(id string, at belwacht.Instant) {
	c := p.truth[id]
	if c == nil || c.Answer == 0 || c.Answer > at || c.End <= at {
		return
	}
	var out detect.Out
	ev := belwacht.Event{Kind: belwacht.EventEnd, Source: belwacht.SourcePBX, Time: at, Call: id, Talk: at.Seconds(c.Answer), Disposition: belwacht.Answered}
	if err := p.engine.Handle(&ev, &out); err != nil {
		return // internal error: the organisation is there
	}
	p.play.Ended(c, at)
	if t, ok := p.talking[id]; ok {
		p.settled += t.price.Cost(at.Seconds(t.answer))
		delete(p.talking, id)
	}
	p.over(c, nil, at)
}

// over hands out a call that is over, once. at is when it was ended or refused before its time.
func (p *playing) over(c *simulate.Call, d *belwacht.Decision, at belwacht.Instant) {
	if p.Alive == nil || p.Alive.Call == nil || p.handed[c.ID] {
		return
	}
	p.handed[c.ID] = true
	n := p.site.Read(c.Dialled)
	x := &belwacht.PastCall{Call: c.Call, Number: n.E164, Country: n.Country, Class: n.Class}
	if d != nil {
		x.Word, x.Cause, x.Enforced = d.Word, d.Cause, d.Enforced
	}
	switch {
	case x.Word == belwacht.Refuse && x.Enforced:
		x.Answer, x.End, x.Talk, x.Disposition = 0, x.Start, 0, belwacht.Failed
	case at != 0 && x.Answer != 0:
		x.End = max(min(x.End, at), x.Answer)
		x.Talk = x.End.Seconds(x.Answer)
	}
	if x.Direction == belwacht.Out {
		x.Cost = n.Price.Cost(x.Talk)
		x.Spent = x.Cost
	}
	p.Alive.Call(x)
}
