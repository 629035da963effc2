package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
)

// rings is how many calls from outside that ring or run are remembered, to learn whether they were missed.
const rings = 1 << 14

// flood watches the calls from outside: their pace, and which were missed.
type flood struct {
	minute count.Window
	usual  float32 // calls in a busy minute: the peak, fading by three hundredths a day
	peak   float32 // of the hour that runs, which teaches only when it is over: a flood must not make itself usual
	hour   belwacht.Instant
	faded  belwacht.Instant
	ring   map[uint64]belwacht.E164
	told   belwacht.Instant
}

// ring judges a call from outside. It is never refused: it may only be told.
func (s *shard) ring(ev *belwacht.Event, out *Out) {
	f := &s.inbound
	if f.ring == nil {
		*f = flood{minute: count.NewWindow(belwacht.Minute), ring: make(map[uint64]belwacht.E164), faded: ev.Time, hour: ev.Time}
	}
	if ev.Late {
		return
	}
	caller := s.tenant.Numbers.Caller(ev.Caller)
	if caller != 0 && len(f.ring) < rings {
		f.ring[key(ev.Site, ev.Call)] = caller
	}
	f.minute.Add(ev.Time, 1)
	f.learn(ev.Time)
	v := &s.view
	*v = rule.View{At: ev.Time, Scope: rule.Inbound, Direction: belwacht.In, InboundMinute: float32(f.minute.Sum(ev.Time)), InboundUsual: f.usual}
	v.Number = belwacht.Number{Dialled: ev.Dialled, E164: caller}
	v.House.Calls = 1 << 20
	if f.told+belwacht.Hour < ev.Time { // one alert an hour is enough
		d := decided{}
		s.weigh(v, &d)
		out.Probability = d.prob
		if s.engine.observe != nil {
			s.engine.observe(v, ev.Call, d.word, d.prob)
		}
		d.word = min(d.word, belwacht.Warn)
		if d.word == belwacht.Warn {
			f.told = ev.Time
			m := s.tenant.Calendar.At(ev.Time)
			out.Decisions = append(out.Decisions, s.decision(v, ev.Call, ev.Account, ev.Root, ev.Time, &d))
			s.alerts.add(&out.Decisions[len(out.Decisions)-1], m.Day)
			return
		}
	}
	f.peak = max(f.peak, v.InboundMinute)
}

// learn takes the hour that is over into what is usual, which at most grows by half and a little in an hour, and lets it fade.
func (f *flood) learn(at belwacht.Instant) {
	if at >= f.hour+belwacht.Hour {
		f.usual = max(f.usual, min(f.peak, f.usual*1.5+4))
		f.peak, f.hour = 0, at
	}
	for f.faded+belwacht.Day < at {
		f.faded += belwacht.Day
		f.usual *= 0.97
	}
}

// rungOut notes how a call from outside ended: missed where nobody talked for ten seconds.
func (s *shard) rungOut(ev *belwacht.Event) {
	k := key(ev.Site, ev.Call)
	caller, ok := s.inbound.ring[k]
	if !ok {
		return
	}
	delete(s.inbound.ring, k)
	country, class, _ := s.tenant.Numbers.CountryOf(caller)
	s.count.Inbound(caller, ev.Time, ev.Talk < 10, country != s.tenant.Numbers.Country() || class.Costly())
}
