package alerts_test

import (
	"context"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/alerts"
	"github.com/belwacht/belwacht/web/webtest"
)

// book is one alert and what was done about it.
type book struct {
	belwacht.AlertStore
	belwacht.DecisionStore
	x    belwacht.Incident
	done []belwacht.IncidentChange
}

func (b *book) Alerts(_ context.Context, q *belwacht.AlertQuery) ([]belwacht.Incident, belwacht.Cursor, error) {
	if q.State == belwacht.IncidentClosed {
		return nil, belwacht.Cursor{}, nil
	}
	return []belwacht.Incident{b.x}, belwacht.Cursor{Time: 1, Row: 2}, nil
}

func (b *book) Alert(_ context.Context, tenant, id string) (*belwacht.Incident, error) {
	if tenant != b.x.Tenant || id != b.x.ID {
		return nil, belwacht.Errorf(belwacht.NotFound, "there is no such alert")
	}
	x := b.x
	return &x, nil
}

func (b *book) ChangeAlert(_ context.Context, c *belwacht.IncidentChange) error {
	if err := c.Check(); err != nil {
		return err
	}
	b.done = append(b.done, *c)
	b.x.State, b.x.Outcome, b.x.Who, b.x.Note, b.x.Assignee, b.x.Hold = c.State, c.Outcome, c.Who, c.Note, c.Assignee, c.Hold
	return nil
}

func (b *book) Decisions(context.Context, *belwacht.DecisionQuery) ([]belwacht.Decision, belwacht.Cursor, error) {
	return []belwacht.Decision{{ID: "1", Account: webtest.Hostile, Number: "+252612345678", Word: belwacht.Refuse, Enforced: true, AtRisk: 3, Trace: &belwacht.Trace{Class: "mobile", Country: "SO"}}}, belwacht.Cursor{}, nil
}

func site(t *testing.T) (*web.Site, *webtest.Door, *book) {
	at := belwacht.InstantOf(time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	b := &book{x: belwacht.Incident{Alert: belwacht.Alert{ID: "A1", Account: webtest.Hostile, First: at - 5000, Last: at, Word: belwacht.Refuse, Count: 4, Numbers: []string{webtest.Hostile}, Reason: webtest.Hostile,
		ReasonNL: webtest.Hostile}, State: belwacht.IncidentOpen, Hold: true, Who: webtest.Hostile, Note: webtest.Hostile}}
	s, d := webtest.Site(t, at.Time())
	if err := alerts.New(s, alerts.Config{Alerts: b, Decisions: b}); err != nil {
		t.Fatal(err)
	}
	return s, d, b
}

func TestCatalogue(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Catalogue(t, frame)
	webtest.Icons(t, "../ui/icons.txt")
}

func TestPages(t *testing.T) {
	s, _, _ := site(t)
	webtest.Pages(t, s, "/alerts", "/alerts?state=all", "/alerts?state=closed", "/alerts?state=taken", "/alerts/A1")
	for path, want := range map[string]int{"/alerts/B2": 404, "/alerts?after=x": 422} {
		if w := webtest.Get(s, path, "nl"); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestFromRaiseToClose(t *testing.T) {
	s, d, b := site(t)
	for _, c := range []struct {
		form  map[string]string
		want  int
		state belwacht.IncidentState
	}{
		{map[string]string{"do": "take", "note": "I call them"}, 303, belwacht.IncidentTaken},
		{map[string]string{"do": "note"}, 422, belwacht.IncidentTaken},
		{map[string]string{"do": "note", "note": "they do not answer"}, 303, belwacht.IncidentTaken},
		{map[string]string{"do": "close", "outcome": "perhaps"}, 422, belwacht.IncidentTaken},
		{map[string]string{"do": "close", "outcome": "fraud"}, 303, belwacht.IncidentClosed},
		{map[string]string{"do": "open"}, 303, belwacht.IncidentOpen},
		{map[string]string{"do": "burn"}, 422, belwacht.IncidentOpen},
	} {
		if w := webtest.Post(s, "/alerts/A1", c.form); w.Code != c.want || b.x.State != c.state || !b.x.Hold || b.x.Assignee != "Anna" {
			t.Errorf("%v: %d, %s, assigned to %q, legal hold %t", c.form, w.Code, b.x.State, b.x.Assignee, b.x.Hold)
		}
	}
	if n := len(b.done); n != 4 || b.done[2].Outcome != belwacht.OutcomeFraud || b.done[2].Who != "Anna" || b.done[2].Note != "they do not answer" {
		t.Errorf("%d changes: %+v", n, b.done)
	}
	d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeAlerts}}
	if w := webtest.Post(s, "/alerts/A1", map[string]string{"do": "take"}); w.Code != 403 {
		t.Errorf("an auditor took an alert: %d", w.Code)
	}
}
