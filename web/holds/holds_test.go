package holds_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/holds"
	"github.com/belwacht/belwacht/web/webtest"
)

var noon = time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC)

// held is what is silent and who is barred.
type held struct {
	belwacht.SilenceStore
	belwacht.AlertStore
	made  []belwacht.Silence
	ended []string
	freed []string
	empty bool
}

func (h *held) Silences(context.Context, belwacht.Instant) ([]belwacht.Silence, error) {
	if h.empty {
		return nil, nil
	}
	now := belwacht.InstantOf(noon)
	return []belwacht.Silence{{ID: "S1", Account: webtest.Hostile, Since: now - belwacht.Hour, Until: now + belwacht.Hour, Who: webtest.Hostile, Why: webtest.Hostile},
		{ID: "S2", Tenant: "another", Account: "secret-of-another", Since: now - belwacht.Hour, Until: now + belwacht.Hour, Who: "x", Why: "y"}}, nil
}

func (h *held) PastSilences(context.Context, string, belwacht.Page) ([]belwacht.Silence, belwacht.Cursor, error) {
	if h.empty {
		return nil, belwacht.Cursor{}, nil
	}
	now := belwacht.InstantOf(noon)
	return []belwacht.Silence{{ID: "S0", Cause: "rule.new-country", Since: now - 3*belwacht.Hour, Until: now + belwacht.Hour, Lifted: now - belwacht.Hour, Lifter: webtest.Hostile, Who: "x", Why: "y"},
		{ID: "S9", Cause: "rule.x", Since: now - 3*belwacht.Hour, Until: now - belwacht.Hour, Who: "x", Why: "y"}}, belwacht.Cursor{Time: 5, Row: 5}, nil
}

func (h *held) Alerts(context.Context, *belwacht.AlertQuery) ([]belwacht.Incident, belwacht.Cursor, error) {
	now := belwacht.InstantOf(noon)
	hid := belwacht.Incident{Alert: belwacht.Alert{ID: "A7", Account: webtest.Hostile, Last: now - belwacht.Minute}}
	before, other := hid, hid
	before.ID, before.Last, other.ID, other.Account = "A6", now-2*belwacht.Hour, "A5", "212"
	return []belwacht.Incident{hid, before, other}, belwacht.Cursor{}, nil
}

func (h *held) Silence(_ context.Context, s *belwacht.Silence) error {
	if s.ID != "" {
		h.ended = append(h.ended, s.ID)
		return nil
	}
	h.made = append(h.made, *s)
	return nil
}

func (h *held) Bars() []holds.Bar {
	if h.empty {
		return nil
	}
	now := belwacht.InstantOf(noon)
	return []holds.Bar{{Kind: "console", Key: "from 203.0.113.9", Of: "address", Subject: "203.0.113.9", Count: 6, Last: now, Until: now + belwacht.Minute},
		{Kind: "console", Key: "account x", Of: "name", Subject: webtest.Hostile, Count: 5, Last: now, Until: now + belwacht.Minute}, {Kind: "console", Key: "password U", Of: "user", Subject: "anna", Count: 5, Last: now, Until: now},
		{Kind: "ask", Subject: "203.0.113.10", Why: webtest.Hostile, Count: 12, Last: now}, {Kind: "fail2ban", Subject: "203.0.113.11", Why: "login.scan", Count: 1, Last: now}}
}

func (h *held) Free(key string) error { h.freed = append(h.freed, key); return nil }

func stand(t *testing.T) (*web.Site, *webtest.Door, *webtest.Deeds, *held) {
	t.Helper()
	s, d, deeds := webtest.Stand(t, noon)
	h := &held{}
	if err := holds.New(s, holds.Config{Silencer: h, Silences: h, Alerts: h, Barrer: h}); err != nil {
		t.Fatal(err)
	}
	return s, d, deeds, h
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
	s, d, _, h := stand(t)
	h.empty = true
	webtest.Pages(t, s, "/silences", "/bans")
	h.empty = false
	webtest.Pages(t, s, "/silences", "/silences?account=212&cause=rule.x", "/bans")
	page := webtest.Get(s, "/silences", "en").Body.String()
	if !strings.Contains(page, "1 alert:") || !strings.Contains(page, "/alerts/A7") || strings.Contains(page, "/alerts/A6") || strings.Contains(page, "/alerts/A5") {
		t.Error("what a silence hides is not what is shown")
	}
	if strings.Contains(page, "secret-of-another") {
		t.Error("another organisation's silence is shown")
	}
	for _, c := range []struct {
		rights []web.Right
		path   string
		want   int
	}{{[]web.Right{web.Help}, "/silences", 403}, {[]web.Right{web.SeeAlerts}, "/silences", 200}, {[]web.Right{web.Help}, "/bans", 403}, {[]web.Right{web.Right(access.BansRead)}, "/bans", 200}} {
		d.V = &web.Visitor{Name: "x", Role: "operator", Rights: c.rights}
		w := webtest.Get(s, c.path, "en")
		if w.Code != c.want || w.Code == 200 && strings.Contains(w.Body.String(), `action="/`+strings.TrimPrefix(c.path, "/")) {
			t.Errorf("%s with %v: %d, or with a button that may not be pressed", c.path, c.rights, w.Code)
		}
	}
	d.V = &web.Visitor{Name: "x", Role: "administrator", Rights: web.Everything(), Tenants: []string{""}}
	if w := webtest.Get(s, "/bans", "en"); w.Code != 403 {
		t.Errorf("who may see one organisation is shown the machine's bans: %d", w.Code)
	}
}

// TestSilence makes and ends silences, through the audit log.
func TestSilence(t *testing.T) {
	s, d, deeds, h := stand(t)
	good := map[string]string{"account": "212", "for": "4h", "why": "a test call centre"}
	if w := webtest.Post(s, "/silences", good); w.Code != 303 || len(h.made) != 1 || h.made[0].Until != belwacht.InstantOf(noon)+4*belwacht.Hour || h.made[0].Who != "Anna" {
		t.Fatalf("%d %+v", w.Code, h.made)
	}
	if x := deeds.Done[0]; x.Act != access.AlertSilence || x.Subject != "212" || x.Why == "" {
		t.Errorf("%+v", x)
	}
	for _, bad := range []map[string]string{{"account": "212", "why": "x"}, {"account": "212", "for": "10y", "why": "x"}, {"for": "1h", "why": "x"}, {"account": "212", "for": "1h"}} {
		if w := webtest.Post(s, "/silences", bad); w.Code != 422 {
			t.Errorf("%v: %d", bad, w.Code)
		}
	}
	if long, ok := lastsAtMost(s, h, t); !ok || long > belwacht.SilenceMost {
		t.Errorf("the longest is %v", long)
	}
	if w := webtest.Post(s, "/silences/end", map[string]string{"id": "S1"}); w.Code != 303 || len(h.ended) != 1 || h.ended[0] != "S1" {
		t.Errorf("%d %v", w.Code, h.ended)
	}
	if x := deeds.Done[len(deeds.Done)-1]; x.Act != access.SilenceEnd {
		t.Errorf("%+v", x)
	}
	for _, id := range []string{"S2", "nonsense"} { // another organisation's, and none
		if w := webtest.Post(s, "/silences/end", map[string]string{"id": id}); w.Code != 404 {
			t.Errorf("%s: %d", id, w.Code)
		}
	}
	d.V.Rights = []web.Right{web.SeeAlerts, web.ChangeAlerts}
	if w := webtest.Post(s, "/silences", good); w.Code != 403 {
		t.Errorf("without the right: %d", w.Code)
	}
}

// lastsAtMost makes the longest silence that the form offers.
func lastsAtMost(s *web.Site, h *held, t *testing.T) (belwacht.Instant, bool) {
	t.Helper()
	w := webtest.Post(s, "/silences", map[string]string{"account": "212", "for": "30d", "why": "x"})
	last := h.made[len(h.made)-1]
	return last.Until - belwacht.InstantOf(noon), w.Code == 303
}

// TestFree lets those who are barred try again, through the audit log.
func TestFree(t *testing.T) {
	s, d, deeds, h := stand(t)
	if w := webtest.Post(s, "/bans", map[string]string{"key": "from 203.0.113.9"}); w.Code != 303 || len(h.freed) != 1 || h.freed[0] != "from 203.0.113.9" {
		t.Errorf("%d %v", w.Code, h.freed)
	}
	if w := webtest.Post(s, "/bans", map[string]string{"all": "yes"}); w.Code != 303 || len(h.freed) != 2 || h.freed[1] != "" {
		t.Errorf("%d %v", w.Code, h.freed)
	}
	if len(deeds.Done) != 2 || deeds.Done[0].Act != access.BanUndo || deeds.Done[0].Subject != "203.0.113.9" || deeds.Done[1].Act != access.BansClear {
		t.Errorf("%+v", deeds.Done)
	}
	if w := webtest.Post(s, "/bans", map[string]string{}); w.Code != 422 || len(h.freed) != 2 {
		t.Errorf("nobody named: %d %v", w.Code, h.freed)
	}
	d.V.Rights = []web.Right{web.Right(access.BansRead)}
	if w := webtest.Post(s, "/bans", map[string]string{"all": "yes"}); w.Code != 403 {
		t.Errorf("without the right: %d", w.Code)
	}
	d.V = &web.Visitor{Name: "x", Role: "administrator", Rights: web.Everything(), Tenants: []string{"a"}}
	if w := webtest.Post(s, "/bans", map[string]string{"all": "yes"}); w.Code != 403 || len(h.freed) != 2 {
		t.Errorf("of one organisation: %d", w.Code)
	}
}
