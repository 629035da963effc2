package telling

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/notify/email"
	"github.com/belwacht/belwacht/notify/summary"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/text"
)

// past is a store of decisions and alerts, which it hands out two at a time.
type past struct {
	decisions []belwacht.Decision
	alerts    []belwacht.Incident
}

func (p *past) Decisions(_ context.Context, q *belwacht.DecisionQuery) (list []belwacht.Decision, next belwacht.Cursor, _ error) {
	for i := int(q.Page.After.Row); i < len(p.decisions); i++ {
		d := p.decisions[i]
		if d.Tenant != q.Tenant || d.Word != q.Word || d.Time < q.From || d.Time >= q.Until {
			continue
		}
		if list = append(list, d); len(list) == 2 {
			return list, belwacht.Cursor{Time: 1, Row: int64(i + 1)}, nil
		}
	}
	return list, belwacht.Cursor{}, nil
}

func (p *past) Alerts(_ context.Context, q *belwacht.AlertQuery) (list []belwacht.Incident, _ belwacht.Cursor, _ error) {
	for _, a := range p.alerts {
		if a.Tenant == q.Tenant && a.First >= q.From && a.First < q.Until {
			list = append(list, a)
		}
	}
	return list, belwacht.Cursor{}, nil
}

func at(t *testing.T, s string) (i belwacht.Instant) {
	t.Helper()
	if err := i.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return i
}

// TestSummaries: a day and a month are counted in the organisation's zone, sent once when they are due, over a restart too, and tried again where mail does not go.
func TestSummaries(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	decision := func(when string, word belwacht.Word, cause string, enforced bool) belwacht.Decision {
		return belwacht.Decision{Tenant: "Oak", Time: at(t, when), Word: word, Cause: cause, Enforced: enforced, AtRisk: 10.5}
	}
	from := &past{decisions: []belwacht.Decision{
		decision("2026-10-31T23:30:00+01:00", belwacht.Refuse, "x", true), // the day before, and the month
		decision("2026-11-29T00:10:00+01:00", belwacht.Refuse, "x", true), decision("2026-11-29T03:12:00+01:00", belwacht.Refuse, "brake.night", true),
		decision("2026-11-29T03:13:00+01:00", belwacht.EndNow, "brake.night", true), decision("2026-11-29T23:59:59+01:00", belwacht.Refuse, "x", false),
		decision("2026-11-29T12:00:00+01:00", belwacht.Warn, "x", false), decision("2026-11-30T00:00:00+01:00", belwacht.Refuse, "x", true)},
		alerts: []belwacht.Incident{{Alert: belwacht.Alert{Tenant: "Oak", ID: "A1", Account: "212", First: at(t, "2026-11-29T03:12:00+01:00")}, State: belwacht.IncidentOpen},
			{Alert: belwacht.Alert{Tenant: "Oak", ID: "A2", Account: "212", First: at(t, "2026-11-29T04:12:00+01:00")}, State: belwacht.IncidentTaken}}}
	tenant := config.Assumed().All()[0]
	tenant.Name, tenant.Mode = "Oak", belwacht.Enforce
	dir := t.TempDir()
	var sent []email.Letter
	var broken error
	started := func() (*summaries, map[string]time.Time) {
		store, _, err := file.OpenTellings(dir, belwacht.InstantOf(time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		return &summaries{log: slog.New(slog.DiscardHandler), store: store, from: from, tenants: []config.Tenant{tenant}, zone: zone, at: "07:30", kinds: []summary.Kind{summary.Day, summary.Month},
			sent: map[string]belwacht.Instant{}, fails: map[string]bool{}, readers: []reader{{name: "Anna", language: text.English, deliver: func(_ context.Context, l *email.Letter) error {
				if broken == nil {
					sent = append(sent, *l)
				}
				return broken
			}}, {name: "Bert", tenants: []string{"other"}, deliver: func(context.Context, *email.Letter) error { return errors.New("not Bert's") }}}}, map[string]time.Time{}
	}
	s, tried := started()
	s.due(t.Context(), at(t, "2026-11-30T07:29:00+01:00"), tried)
	if len(sent) != 0 {
		t.Errorf("sent too early: %v", sent)
	}
	broken = errors.New("no mail")
	s.due(t.Context(), at(t, "2026-11-30T07:30:00+01:00"), tried)
	if st := s.State(); st.Since.IsZero() || st.LastError != "no mail" {
		t.Errorf("%+v", st)
	}
	broken = nil
	s.due(t.Context(), at(t, "2026-11-30T07:31:00+01:00"), tried) // too soon after the try
	clear(tried)
	s.due(t.Context(), at(t, "2026-11-30T07:36:00+01:00"), tried)
	again, tried := started()
	again.due(t.Context(), at(t, "2026-11-30T08:00:00+01:00"), tried)
	if len(sent) != 1 {
		t.Fatalf("%d mails", len(sent))
	}
	m := sent[0]
	for _, want := range []string{"Calls refused: 3", "Running calls ended: 1", "Of these only said: 1", "Told and let through: 1", "€ 42.00", "Alerts: 2, of which nobody has taken 1",
		"Brake: € 50.00 a night and trunk; it stopped 2 calls", "Account 212: 2 alerts"} {
		if !strings.Contains(m.Plain, want) {
			t.Errorf("%q is missing in\n%s", want, m.Plain)
		}
	}
	if m.Subject != "Belwacht: summary of 29 November 2026" || len(m.Picture) == 0 {
		t.Errorf("%q, %d bytes", m.Subject, len(m.Picture))
	}
	p, err := s.period(t.Context(), &tenant, summary.Day, at(t, "2026-11-29T00:00:00+01:00"), at(t, "2026-11-30T00:00:00+01:00"))
	if err != nil || fmt.Sprint(p.Bars[0], p.Bars[3], p.Bars[12], p.Bars[23]) != "{0 1 0} {0 1 1} {1 0 0} {0 1 0}" {
		t.Errorf("%v %v", p, err)
	}
	// On the first of a month both are due, the month's with the 30 days of November; the night in which the clock is set is no reason for a second one.
	sent = nil
	again.due(t.Context(), at(t, "2026-12-01T07:30:00+01:00"), map[string]time.Time{})
	if len(sent) != 2 || sent[1].Subject != "Belwacht: month of November 2026" || !strings.Contains(sent[1].Plain, "Calls refused: 4") {
		t.Errorf("%+v", sent)
	}
	again.due(t.Context(), at(t, "2026-12-01T20:00:00+01:00"), map[string]time.Time{}) // half a day later nobody wants it any more, and it was sent
	if len(sent) != 2 {
		t.Error("sent twice")
	}
}
