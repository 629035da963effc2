package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/alert"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/login"
)

// watchLogins makes the watch over log-ins when it is first needed: a replay of records hardly ever does.
func (s *shard) watchLogins() *login.Watch {
	if s.logins == nil {
		s.logins = login.New(login.Config{})
	}
	return s.logins
}

// heard takes an event that is of no call: a log-in, or what the PBX says of itself. What it leads to is told, never refused.
func (s *shard) heard(ev *belwacht.Event, out *Out) {
	s.now = max(s.now, ev.Time)
	w := s.watchLogins()
	switch {
	case ev.Late:
	case ev.Kind == belwacht.EventConfigChange:
		s.signs(ev.Time, w.Changed(ev.Time, ev.Call), out)
	case ev.Kind == belwacht.EventFeedGap:
		s.signs(ev.Time, w.Gap(ev.Time, ev.Talk), out)
	case ev.Kind == belwacht.EventDelay:
		s.signs(ev.Time, w.Paced(ev.Time, ev.Site, ev.Trunk, ev.Talk), out)
	case ev.Login != nil:
		s.signs(ev.Time, w.Login(ev.Time, ev.Login, s.tenant.Networks.Place(ev.Login.From)), out)
	}
}

// visit notes a call to the voicemail.
func (s *shard) visit(ev *belwacht.Event) {
	caller := ev.Account
	if ev.Direction == belwacht.In {
		caller = ev.Caller
	}
	if box, ok := login.Box(ev.Dialled); ok && !ev.Late {
		s.watchLogins().Visit(ev.Time, count.KeyOf(ev.Site, ev.Call), caller, box)
	}
}

// left takes the end of a call of ours to a notable number, which a far network may have refused (records do not tell that from a wrong number), or of one
// that was not ours and may have been at the voicemail.
func (s *shard) left(ev *belwacht.Event, key uint64, notable bool, out *Out) {
	switch {
	case !notable && s.logins != nil:
		s.signs(ev.Time, s.logins.Left(ev.Time, key, ev.Talk), out)
	case notable && ev.Source == belwacht.SourcePBX && ev.Disposition == belwacht.Declined:
		s.signs(ev.Time, s.watchLogins().Refused(ev.Time), out)
	}
}

// signPrefix begins the ID of a decision of no call.
const signPrefix = "sign."

// signs tells what a watch found: a decision of no call and an alert.
func (s *shard) signs(at belwacht.Instant, list []login.Sign, out *Out) {
	for i := range list {
		d := list[i].Decision()
		s.refs++
		d.Time, d.Tenant, d.Reference = at, s.tenant.Name, alert.Reference(s.refs, at)
		d.ID = signPrefix + d.Reference
		if s.tenant.Mode == belwacht.Learn {
			d.Word = belwacht.Watch
		} else {
			s.alerts.Add(&d, s.moment(at).Day, d.Cause)
		}
		out.Decisions = append(out.Decisions, d)
	}
}
