package telling

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/notify/email"
	"github.com/belwacht/belwacht/notify/summary"
	"github.com/belwacht/belwacht/text"
)

// What is read for a summary at most, and how often one that does not arrive is tried.
const (
	pagesMost     = 200 // of decisions of one word: 200,000
	summaryAgain  = 5 * time.Minute
	summaryWithin = 12 * belwacht.Hour
)

// lasting is what a summary is made of.
type lasting interface {
	Decisions(ctx context.Context, q *belwacht.DecisionQuery) ([]belwacht.Decision, belwacht.Cursor, error)
	Alerts(ctx context.Context, q *belwacht.AlertQuery) ([]belwacht.Incident, belwacht.Cursor, error)
}

// reader is somebody who gets summaries.
type reader struct {
	name     string
	language text.Language
	tenants  []string
	deliver  func(ctx context.Context, l *email.Letter) error
}

// summaries sends them.
type summaries struct {
	log     *slog.Logger
	store   belwacht.TellingStore // nil = what was sent is forgotten at a restart
	from    lasting
	tenants []config.Tenant
	zone    *time.Location
	at      string
	kinds   []summary.Kind
	readers []reader

	mu    sync.Mutex
	sent  map[string]belwacht.Instant // by mark
	fails map[string]bool             // marks whose summary does not arrive now
	state notify.State
}

// newSummaries makes those of a configuration; nil = none.
func (t *Telling) newSummaries(c *config.Config) (*summaries, error) {
	o := c.Alerts.Summary
	if o == nil {
		return nil, nil
	}
	m, err := newMaker(c, t.version)
	if err != nil {
		return nil, err
	}
	calendar, err := c.All()[0].Calendar()
	if err != nil {
		return nil, err
	}
	s := &summaries{log: t.log, tenants: c.All(), zone: calendar.Zone(), at: cmp.Or(o.At, "07:30"), sent: make(map[string]belwacht.Instant), fails: make(map[string]bool),
		state: notify.State{Name: "summary"}}
	if t.store != nil {
		s.store = t.store
	}
	if store := t.live.Store(); store != nil {
		s.from = store
	} else {
		t.log.Warn("no summaries are sent, since the store is not open", "event", "summary.none")
		return nil, nil
	}
	for kind, on := range map[summary.Kind]*bool{summary.Day: o.Daily, summary.Month: o.Monthly} {
		if on == nil || *on {
			s.kinds = append(s.kinds, kind)
		}
	}
	slices.Sort(s.kinds)
	for i := range c.Alerts.People {
		p := &c.Alerts.People[i]
		if p.Mail == "" || len(o.To) > 0 && !slices.Contains(o.To, p.Name) {
			continue
		}
		r := reader{name: p.Name, language: c.Alerts.Language, tenants: p.Organisations}
		if p.Language != nil {
			r.language = *p.Language
		}
		way, err := email.New(*m.server, []string{p.Mail})
		if err != nil {
			return nil, err
		}
		r.deliver = way.Deliver
		s.readers = append(s.readers, r)
	}
	if to := c.Alerts.Mail.To; len(o.To) == 0 && len(to) > 0 {
		way, err := email.New(*m.server, to)
		if err != nil {
			return nil, err
		}
		s.readers = append(s.readers, reader{language: c.Alerts.Language, deliver: way.Deliver})
	}
	return s, nil
}

// run sends what is due until ctx ends.
func (s *summaries) run(ctx context.Context) {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	tried := make(map[string]time.Time)
	for {
		s.due(ctx, belwacht.InstantOf(time.Now()), tried)
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// span is the last period of a kind that is over, and when its summary is due.
func (s *summaries) span(kind summary.Kind, now belwacht.Instant) (from, until, due belwacht.Instant) {
	t := now.Time().In(s.zone)
	end := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, s.zone)
	begin := end.AddDate(0, 0, -1)
	if kind == summary.Month {
		end = time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, s.zone)
		begin = end.AddDate(0, -1, 0)
	}
	until = belwacht.InstantOf(end)
	return belwacht.InstantOf(begin), until, next(until, s.at, s.zone)
}

// due sends what is due and has not been sent.
func (s *summaries) due(ctx context.Context, now belwacht.Instant, tried map[string]time.Time) {
	for _, kind := range s.kinds {
		from, until, due := s.span(kind, now)
		if now < due || now > due+summaryWithin {
			continue
		}
		for i := range s.readers {
			r := &s.readers[i]
			mark := "summary." + string(kind) + "." + r.name
			if !s.any(r) || s.last(ctx, mark) >= until || time.Since(tried[mark]) < summaryAgain {
				continue
			}
			tried[mark] = time.Now()
			err := s.send(ctx, r, kind, from, until)
			s.note(ctx, mark, until, err)
		}
	}
}

// any says whether there is an organisation that somebody looks after.
func (s *summaries) any(r *reader) bool {
	return len(r.tenants) == 0 || slices.ContainsFunc(s.tenants, func(t config.Tenant) bool { return slices.Contains(r.tenants, t.Name) })
}

// last is until when somebody has summaries.
func (s *summaries) last(ctx context.Context, mark string) belwacht.Instant {
	s.mu.Lock()
	at := s.sent[mark]
	s.mu.Unlock()
	if at != 0 || s.store == nil {
		return at
	}
	at, err := s.store.Mark(ctx, mark)
	if err != nil {
		return 0
	}
	return at
}

// note keeps how it went.
func (s *summaries) note(ctx context.Context, mark string, until belwacht.Instant, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.fails[mark] = true
		if s.state.LastError = err.Error(); s.state.Since.IsZero() {
			s.state.Since = time.Now()
			s.log.Warn("a summary is not sent yet; it is tried again for half a day", "event", "summary.delayed", "error", err)
		}
		return
	}
	s.state.Sent++
	s.state.LastSent = time.Now()
	if delete(s.fails, mark); len(s.fails) == 0 {
		s.state.LastError, s.state.Since = "", time.Time{}
	}
	s.sent[mark] = until
	if s.store == nil {
		return
	}
	if err := s.store.PutMark(ctx, mark, until); err != nil {
		s.log.Error("what is told is not kept on disk", "event", "tell.unkept", "error", err)
	}
}

// send sends one summary.
func (s *summaries) send(ctx context.Context, r *reader, kind summary.Kind, from, until belwacht.Instant) error {
	var all []summary.Period
	for i := range s.tenants {
		if len(r.tenants) > 0 && !slices.Contains(r.tenants, s.tenants[i].Name) {
			continue
		}
		p, err := s.period(ctx, &s.tenants[i], kind, from, until)
		if err != nil {
			return err
		}
		all = append(all, *p)
	}
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	m, err := summary.Write(r.language, kind, host, all)
	if err != nil {
		return err
	}
	id := sha256.Sum256(fmt.Appendf(nil, "%s %q %d %s", kind, r.name, until, host))
	return r.deliver(ctx, &email.Letter{ID: hex.EncodeToString(id[:16]), Subject: m.Subject, Plain: m.Plain, HTML: m.HTML, Picture: m.Picture})
}

// period counts what happened in one organisation.
func (s *summaries) period(ctx context.Context, t *config.Tenant, kind summary.Kind, from, until belwacht.Instant) (*summary.Period, error) {
	p := &summary.Period{Tenant: t.Name, Mode: t.Mode, Currency: t.Currency, Zone: s.zone, From: from, Until: until, BrakeOff: t.Brake.Off, Brake: t.Brake.Money.Amount,
		Bars: make([]summary.Bar, 24)}
	if kind == summary.Month {
		p.Bars = make([]summary.Bar, until.Time().In(s.zone).AddDate(0, 0, -1).Day())
	}
	for _, w := range []belwacht.Word{belwacht.Warn, belwacht.Refuse, belwacht.EndNow} {
		q := belwacht.DecisionQuery{Tenant: t.Name, Word: w, From: from, Until: until, Page: belwacht.Page{Most: belwacht.PageMost}}
		for page := 0; ; page++ {
			list, after, err := s.from.Decisions(ctx, &q)
			if err != nil {
				return nil, err
			}
			for i := range list {
				s.count(p, kind, &list[i])
			}
			if q.Page.After = after; after.IsZero() {
				break
			}
			if page >= pagesMost {
				p.Cut = true
				break
			}
		}
	}
	return p, s.alerts(ctx, p)
}

// count counts one decision.
func (s *summaries) count(p *summary.Period, kind summary.Kind, d *belwacht.Decision) {
	at := d.Time.Time().In(s.zone)
	i := at.Hour()
	if kind == summary.Month {
		i = at.Day() - 1
	}
	bar := &p.Bars[min(i, len(p.Bars)-1)]
	switch d.Word {
	case belwacht.Warn:
		p.Warned++
		bar.Warned++
		return
	case belwacht.Refuse:
		p.Refused++
		bar.Refused++
	default:
		p.Ended++
		bar.Ended++
	}
	if !d.Enforced {
		p.Would++
	}
	if d.Cause == "brake.night" {
		p.Braked++
	}
	p.AtRisk += belwacht.Money(d.AtRisk * float64(belwacht.Unit))
}

// alerts counts the alerts of a period, and whose they are.
func (s *summaries) alerts(ctx context.Context, p *summary.Period) error {
	by := make(map[string]int)
	q := belwacht.AlertQuery{Tenant: p.Tenant, From: p.From, Until: p.Until, Page: belwacht.Page{Most: belwacht.PageMost}}
	for page := 0; page < pagesMost; page++ {
		list, after, err := s.from.Alerts(ctx, &q)
		if err != nil {
			return err
		}
		for i := range list {
			p.Alerts++
			if by[list[i].Account]++; list[i].State == belwacht.IncidentOpen {
				p.Open++
			}
		}
		if q.Page.After = after; after.IsZero() {
			break
		}
	}
	for name, n := range by {
		if name != "" {
			p.Accounts = append(p.Accounts, summary.Account{Name: name, Alerts: n})
		}
	}
	slices.SortFunc(p.Accounts, func(a, b summary.Account) int { return cmp.Or(b.Alerts-a.Alerts, cmp.Compare(a.Name, b.Name)) })
	p.Accounts = p.Accounts[:min(len(p.Accounts), 10)]
	return nil
}

// State says how they are doing.
func (s *summaries) State() notify.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}
