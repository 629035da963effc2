package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/login"
	"github.com/belwacht/belwacht/snapshot"
	"github.com/belwacht/belwacht/text"
)

// watchLogins makes the watch over log-ins when it is first needed: a replay of records never does.
func (s *shard) watchLogins() *login.Watch {
	if s.logins == nil {
		s.logins = login.New(login.Config{})
	}
	return s.logins
}

// heard takes an event that is of no call: a log-in, or what the PBX says of itself. What it leads to is told, never refused.
func (s *shard) heard(ev *belwacht.Event, out *Out) {
	if ev.Late {
		return
	}
	s.now = max(s.now, ev.Time)
	w := s.watchLogins()
	switch {
	case ev.Kind == belwacht.EventConfigChange:
		s.signs(ev.Time, w.Changed(ev.Time, ev.Call), out)
	case ev.Kind == belwacht.EventFeedGap:
		s.signs(ev.Time, w.Gap(ev.Time, ev.Talk), out)
	case ev.Login != nil:
		s.signs(ev.Time, w.Login(ev.Time, ev.Login, s.tenant.Networks.Place(ev.Login.From)), out)
	}
}

// visit notes a call to the voicemail.
func (s *shard) visit(ev *belwacht.Event) {
	box, ok := login.Box(ev.Dialled)
	if !ok || ev.Late {
		return
	}
	caller := ev.Account
	if ev.Direction == belwacht.In {
		caller = ev.Caller
	}
	s.watchLogins().Visit(ev.Time, key(ev.Site, ev.Call), caller, box)
}

// left takes the end of a call, which may have been at the voicemail.
func (s *shard) left(ev *belwacht.Event, out *Out) {
	if s.logins != nil {
		s.signs(ev.Time, s.logins.Left(ev.Time, key(ev.Site, ev.Call), ev.Talk), out)
	}
}

// declined takes the end of a call of ours to a notable number, which a far network may have refused. Records do not tell a refusal from a wrong number.
func (s *shard) declined(ev *belwacht.Event, out *Out) {
	if s.logins != nil && ev.Source == belwacht.SourcePBX && ev.Disposition == belwacht.Failed {
		s.signs(ev.Time, s.logins.Refused(ev.Time), out)
	}
}

// signs tells what a watch found: a decision of no call, whose ID begins with "sign.", and an alert.
func (s *shard) signs(at belwacht.Instant, list []login.Sign, out *Out) {
	for i := range list {
		g := &list[i]
		s.refs++
		d := belwacht.Decision{Schema: belwacht.DecisionSchema, Time: at, Tenant: s.tenant.Name, Account: text.Clean(g.User, 64), Word: belwacht.Warn, Cause: g.Cause,
			Reference: reference(s.refs, at),
			Rules:     []string{}, Reason: g.Sentence(text.English), ReasonNL: g.Sentence(text.Dutch)}
		if s.tenant.Mode == belwacht.Learn {
			d.Word = belwacht.Watch
		}
		d.ID = "sign." + d.Reference
		out.Decisions = append(out.Decisions, d)
		if d.Word == belwacht.Warn {
			s.alerts.put(alertKey{account: d.Account, day: s.tenant.Calendar.At(at).Day, own: d.Cause}, &d)
		}
	}
}

// loginState hands the watch over log-ins to a codec.
func (s *shard) loginState(c *snapshot.Codec) {
	some := s.logins != nil
	if c.Bool(&some); some {
		s.watchLogins().State(c)
	}
}
