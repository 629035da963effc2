package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/reach"
	"github.com/belwacht/belwacht/rule"
)

// ring judges a call from outside. It is never refused: it may only be told.
func (s *shard) ring(ev *belwacht.Event, read *belwacht.Number, out *Out) {
	if ev.Late {
		return
	}
	var caller belwacht.E164
	if read != nil {
		caller = read.E164
	} else {
		caller = s.tenant.Numbers.Caller(ev.Caller)
	}
	v := &s.view
	*v = rule.View{At: ev.Time, Scope: rule.Inbound, Direction: belwacht.In, Number: belwacht.Number{Dialled: ev.Dialled, E164: caller}}
	v.Reach.InboundMinute, v.Reach.InboundUsual = s.reach.Rang(ev.Time, count.KeyOf(ev.Site, ev.Call), caller)
	if !s.tells(reach.Flood, v, ev, out) {
		s.reach.Calm(v.Reach.InboundMinute)
	}
}

// ended notes how a call of ours went, and tells where we no longer reach anybody.
func (s *shard) ended(ev *belwacht.Event, home bool, number belwacht.E164, account uint32, out *Out) {
	if ev.Late {
		return
	}
	w := &s.reach
	w.Ended(ev.Time, account, home, ev.Disposition)
	if ev.Disposition == belwacht.Answered {
		return
	}
	if ev.Disposition == belwacht.Congestion {
		var r rule.Reach
		if r.Blocked, r.Ended = w.Blocked(ev.Time); s.unreached(reach.NoChannel, r, number, ev, out) {
			return // the graver sign is enough
		}
	}
	var r rule.Reach
	if r.Doubt, r.Unanswered, r.UnansweredUsual = w.Answering(ev.Time); r.Doubt > 4 { // below that no rule looks
		s.unreached(reach.Unanswered, r, number, ev, out)
	}
}

// unreached tells where a call of ours that ended without an answer is one too many.
func (s *shard) unreached(sign reach.Sign, r rule.Reach, number belwacht.E164, ev *belwacht.Event, out *Out) bool {
	v := &s.view
	*v = rule.View{At: ev.Time, Scope: rule.Inbound, Direction: belwacht.Out, Number: belwacht.Number{Dialled: number.String(), E164: number}, Reach: r}
	return s.tells(sign, v, ev, out)
}

// tells weighs a sign that we are no longer reached, and tells it, once in a while.
func (s *shard) tells(sign reach.Sign, v *rule.View, ev *belwacht.Event, out *Out) bool {
	if s.reach.Quiet(sign, ev.Time) {
		return false
	}
	v.House.Calls = 1 << 20
	d := decided{}
	s.weigh(v, &d)
	if ev.Kind == belwacht.EventAttempt {
		out.Probability = d.prob
	}
	if s.engine.observe != nil {
		s.engine.observe(v, ev.Call, d.word, d.prob)
	}
	if d.word = min(d.word, belwacht.Warn); d.word < belwacht.Warn {
		return false
	}
	s.reach.Told(sign, ev.Time)
	m := s.tenant.Calendar.At(ev.Time)
	out.Decisions = append(out.Decisions, s.decision(v, ev.Call, ev.Account, ev.Root, ev.Time, &d))
	s.alarm(&out.Decisions[len(out.Decisions)-1], m.Day)
	return true
}

// rungOut notes how a call from outside ended: missed where nobody talked for ten seconds.
func (s *shard) rungOut(ev *belwacht.Event) {
	caller, ok := s.reach.RungOut(count.KeyOf(ev.Site, ev.Call))
	if !ok {
		return
	}
	country, class, _ := s.tenant.Numbers.CountryOf(caller)
	s.count.Inbound(caller, ev.Time, ev.Talk < 10, country != s.tenant.Numbers.Country() || class.Costly())
}
