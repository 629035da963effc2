package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
)

// Late judges a call whose record came after the horizon, mostly one that lasted longer than the horizon itself: the windows have moved on, so it
// is judged on its own, by its number, its hour, the profiles, and how long it ran. It touches no window and teaches nothing; what a
// live guard would have ended is said with the time at which it would have.
func (e *Engine) Late(c *belwacht.Call, out *Out) error {
	s, err := e.shard(c.Tenant)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var events [3]belwacht.Event
	c.Events(&events)
	ev := &events[0]
	if c.Direction != belwacht.Out {
		return nil
	}
	out.Number = s.tenant.Numbers.Read(c.Dialled)
	if out.Number.Class == belwacht.ClassEmergency {
		s.emergency(ev, &out.Number, out)
		return nil
	}
	if !out.Number.External() {
		return nil
	}
	s.lateAttempt(c, ev, out)
	return nil
}

// lateAttempt judges the attempt, and then the running call at the moments at which it would have been judged again.
func (s *shard) lateAttempt(c *belwacht.Call, ev *belwacht.Event, out *Out) {
	_, p := s.claim(s.count.Seek(c.Account), c.Account, c.Start)
	v := &s.view
	*v = rule.View{At: c.Start, Number: out.Number, Lineage: c.Lineage, Direction: belwacht.Out}
	s.judged(v)
	m := s.moment(c.Start)
	out.Notable = s.notable(v)
	if v.Class == belwacht.ClassSocial || !out.Notable {
		return
	}
	p.profile.Read(c.Start, m.HourOfWeek, m.Day, v.Judged, v.Country, &v.Own)
	s.house.Read(c.Start, m.HourOfWeek, v.Judged, v.Country, &v.House)
	var a count.Attempt
	s.describe(v, &a, ev, true)
	s.surround(v, ev, p, &m)
	v.Scope, v.Values = rule.Notable, count.Alone(v.Novel, 0, 0)
	var d decided
	s.decide(v, p, ev, &m, &d)
	out.Probability = d.prob
	if d.word > belwacht.Allow || d.cause != "" {
		out.Decisions = append(out.Decisions, s.decision(v, c.ID, c.Account, c.Root, c.Start, &d))
	}
	for at := c.Answer; c.Answer != 0 && at < c.End && d.word < belwacht.Refuse && d.cause != "feedback.fine"; at += count.Interval(at - c.Answer) {
		elapsed := at.Seconds(c.Answer)
		v.At, v.Scope, v.Values = at, rule.Running, count.Alone(v.Novel, elapsed, v.Price.Cost(elapsed))
		d = decided{enforced: s.tenant.Mode == belwacht.Enforce && !s.past(ev)}
		s.weigh(v, &d)
		if d.word == belwacht.Refuse {
			d.word = belwacht.EndNow
			out.Decisions = append(out.Decisions, s.decision(v, c.ID, c.Account, c.Root, at, &d))
		}
	}
}
