package simulate

import "github.com/belwacht/belwacht"

// Play is a history as it happens to somebody who judges its calls: Next, then Refused or Ended where a call was stopped. A refused
// employee dials again once or twice and gives up; an attacker changes what he does. It is for one goroutine.
type Play struct {
	run     *run
	current *Call
	last    intent
	refused bool
}

// Begin starts a history at its beginning. Each Play is apart from all others.
func (o *Organisation) Begin() *Play { return &Play{run: o.newRun()} }

// Next is the next attempt in order of Start, with the outcome that it will have if nobody stops it, or nil at the end. The Call stays
// valid as long as it is held.
func (p *Play) Next() *Call {
	p.settle()
	in, ok := p.run.next()
	if !ok {
		return nil
	}
	p.last, p.current, p.refused = in, p.run.realise(&in), false
	return p.current
}

// Refused says that the attempt that Next gave last was refused at its start. The Call becomes one that failed at once.
func (p *Play) Refused() {
	c := p.current
	if c == nil || p.refused {
		return
	}
	p.refused = true
	c.Answer, c.End, c.Talk, c.Disposition = 0, c.Start, 0, belwacht.Failed
}

// Ended says that a running call was ended at a moment; the attacker, if it was his, takes it as a refusal. The Call is cut there.
func (p *Play) Ended(c *Call, at belwacht.Instant) {
	if c.Answer == 0 || at >= c.End {
		return
	}
	c.End = max(at, c.Answer)
	c.Talk = c.End.Seconds(c.Answer)
	if c.Attack >= 0 {
		a := p.run.attackers[c.Attack]
		a.hindered(p.run, at)
		if c.line >= 0 {
			a.resume(p.run, c.line, at)
		}
	}
}

// settle lets the world react to what became of the last attempt.
func (p *Play) settle() {
	c := p.current
	if c == nil {
		return
	}
	p.current = nil
	in := &p.last
	if in.line >= 0 {
		p.run.attackers[in.attack].after(p.run, in, c, p.refused)
		return
	}
	if p.refused && in.tries > 0 {
		again := *in
		again.tries--
		again.start += belwacht.Instant(15+p.run.react.IntN(90)) * belwacht.Second
		p.run.queue.push(again)
	}
}

// Calls gives every call in order of Start, nothing refused, until yield returns false.
func (o *Organisation) Calls(yield func(*Call) bool) {
	p := o.Begin()
	for c := p.Next(); c != nil; c = p.Next() {
		if !yield(c) {
			return
		}
	}
}

// Play gives every call in order of Start to judge, which says whether it is refused and, where it is let through, when it will be
// ended (zero: not at all). The call as it then went is handed to yield, until that returns false.
func (o *Organisation) Play(judge func(*Call) (refused bool, endAt belwacht.Instant), yield func(*Call) bool) {
	p := o.Begin()
	for c := p.Next(); c != nil; c = p.Next() {
		refused, at := judge(c)
		if refused {
			p.Refused()
		} else if at != 0 {
			p.Ended(c, at)
		}
		if !yield(c) {
			return
		}
	}
}
