package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/reach"
	"github.com/belwacht/belwacht/rule"
)

// ring judges a call from outside. It is never refused: it may only be told.
func (s *shard) ring(ev *belwacht.Event, k known, out *Out) {
	if ev.Late {
		return
	}
	var caller belwacht.E164
	if k.read != nil {
		caller = k.read.E164
	} else {
		caller = s.tenant.Numbers.Caller(ev.Caller)
	}
	v := &s.view
	*v = rule.View{}
	v.At, v.Scope, v.Direction, v.Number.Dialled, v.Number.E164 = ev.Time, rule.Inbound, belwacht.In, ev.Dialled, caller
	v.Reach.InboundMinute, v.Reach.InboundUsual = s.reach.Rang(ev.Time, k.key, caller)
	if !s.tells(reach.Flood, v, ev, out) {
		s.reach.Calm(v.Reach.InboundMinute)
	}
}

// unreached tells, with a call that begins, that the last one of ours that ended unanswered was one too many: that one has had its say when it began.
func (s *shard) unreached(ev *belwacht.Event, number belwacht.E164, out *Out) {
	if n := len(out.Decisions); n > 0 && out.Decisions[n-1].ID == ev.Call && out.Decisions[n-1].Cause != "" &&
		(out.Decisions[n-1].Word >= belwacht.Warn || !out.Decisions[n-1].ByEvidence()) || !s.reach.Lost(ev.Time) {
		return
	}
	var r rule.Reach
	if r.Blocked, r.Ended = s.reach.Blocked(ev.Time); r.Blocked > 0 && s.lost(reach.NoChannel, r, number, ev, out) {
		return // the graver sign is enough
	}
	r = rule.Reach{}
	if r.Doubt, r.Unanswered, r.UnansweredUsual = s.reach.Answering(ev.Time); r.Doubt > 4 { // below that no rule looks
		s.lost(reach.Unanswered, r, number, ev, out)
	}
}

// lost weighs a sign that our calls do not reach anybody.
func (s *shard) lost(sign reach.Sign, r rule.Reach, number belwacht.E164, ev *belwacht.Event, out *Out) bool {
	v := &s.view
	*v = rule.View{At: ev.Time, Scope: rule.Inbound, Direction: belwacht.Out, Number: belwacht.Number{Dialled: ev.Dialled, E164: number}, Reach: r}
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
	if v.Direction == belwacht.In {
		out.Probability = d.prob
	}
	if s.engine.observe != nil {
		s.engine.observe(v, ev.Call, d.word, d.prob)
	}
	if d.word = min(d.word, belwacht.Warn); d.word < belwacht.Warn {
		return false
	}
	s.reach.Told(sign, ev.Time)
	m := s.moment(ev.Time)
	if n := len(out.Decisions); n > 0 && out.Decisions[n-1].ID == ev.Call {
		out.Decisions = out.Decisions[:n-1] // watched, which is less: a call begins with one decision
	}
	out.Decisions = append(out.Decisions, s.decision(v, ev.Call, ev.Account, ev.Root, ev.Time, &d))
	s.alarm(&out.Decisions[len(out.Decisions)-1], m.Day)
	return true
}

// rungOut notes how a call from outside ended: missed where nobody talked for ten seconds.
func (s *shard) rungOut(ev *belwacht.Event, key uint64) {
	caller, ok := s.reach.RungOut(key)
	if !ok {
		return
	}
	country, class, _ := s.tenant.Numbers.CountryOf(caller)
	s.count.Inbound(caller, ev.Account, ev.Time, ev.Talk < 10, country != s.tenant.Numbers.Country() || class.Costly())
}
