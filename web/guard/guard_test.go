package guard_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/guard"
	"github.com/belwacht/belwacht/web/webtest"
)

var now = time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC)

// house is a guard with one refused call, one that runs, and whatever is done to it.
type house struct {
	decisions []belwacht.Decision
	calls     []belwacht.Running
	locks     []belwacht.InForce
	panic     bool
	said      []belwacht.Feedback
	ended     []string
}

func (h *house) Calls(context.Context) ([]belwacht.Running, error) { return h.calls, nil }

func (h *house) Decisions(_ context.Context, id string) (list []belwacht.Decision, err error) {
	for _, d := range h.decisions {
		if d.ID == id || d.Reference == id {
			list = append(list, d)
		}
	}
	return list, nil
}

func (h *house) Health(context.Context) (*guard.Health, error) {
	return &guard.Health{Version: "1", Since: belwacht.InstantOf(now), Tenants: map[string]guard.State{"": {Mode: belwacht.Enforce, Panic: h.panic}},
		PBXs:     []guard.PBX{{Name: webtest.Hostile, JudgeBy: "ask", Ask: "127.0.0.1:1", Feeds: []guard.Feed{{Kind: "events", State: webtest.Hostile}}}},
		Problems: []guard.Problem{{English: webtest.Hostile, Machine: true}, {English: "of the other", Tenant: "somebody else"}, {English: "the machine's own", Machine: true}, {English: "of ours"}}, Counts: map[string]uint64{"x": 1}, Stored: true}, nil
}

func (h *house) End(_ context.Context, id, _ string) error { h.ended = append(h.ended, id); return nil }

func (h *house) Feedback(_ context.Context, f *belwacht.Feedback, _ string) error {
	h.said = append(h.said, *f)
	return nil
}

func (h *house) Locks(context.Context) ([]belwacht.InForce, error) { return h.locks, nil }

func (h *house) Lock(_ context.Context, f *belwacht.InForce) error {
	f.Since = belwacht.InstantOf(now)
	h.locks = append(h.locks, *f)
	return nil
}

func (h *house) Unlock(_ context.Context, _, account, _ string) error {
	h.locks = slices.DeleteFunc(h.locks, func(f belwacht.InForce) bool { return f.Subject == account })
	return nil
}

func (h *house) Panic(context.Context, *belwacht.InForce, bool) (ended, left int, err error) {
	h.panic = true
	return 2, 1, nil
}

func (h *house) Calm(context.Context, string, string) error { h.panic = false; return nil }

// kept is a store of what the house decided.
type kept struct {
	belwacht.AlertStore
	belwacht.CallStore
	belwacht.DecisionStore
	h *house
}

func (k kept) Alerts(context.Context, *belwacht.AlertQuery) ([]belwacht.Incident, belwacht.Cursor, error) {
	return []belwacht.Incident{{Alert: belwacht.Alert{ID: "A1", Account: webtest.Hostile, Word: belwacht.Refuse, Count: 3, Reason: webtest.Hostile, ReasonNL: webtest.Hostile}, State: belwacht.IncidentOpen}}, belwacht.Cursor{}, nil
}

func (k kept) Decisions(context.Context, *belwacht.DecisionQuery) ([]belwacht.Decision, belwacht.Cursor, error) {
	return k.h.decisions, belwacht.Cursor{}, nil
}

func (k kept) Call(_ context.Context, _, _, id string) (*belwacht.PastCall, error) {
	if id != "past" {
		return nil, belwacht.Errorf(belwacht.NotFound, "no call")
	}
	return &belwacht.PastCall{Call: belwacht.Call{ID: "past", Account: "201", Name: webtest.Hostile, Dialled: "0031201230000", Start: belwacht.InstantOf(now), End: belwacht.InstantOf(now) + 1000}}, nil
}

func (k kept) Calls(_ context.Context, q *belwacht.CallQuery) (list []belwacht.PastCall, next belwacht.Cursor, err error) {
	for i := range belwacht.Instant(50) {
		list = append(list, belwacht.PastCall{Call: belwacht.Call{Account: q.Account, Direction: belwacht.Out, Start: q.Until - (i+1)*5*belwacht.Hour}, Class: belwacht.ClassMobile, Country: belwacht.Country{'N', 'L'}})
	}
	return list, next, nil
}

func site(t *testing.T) (*web.Site, *webtest.Door, *house) {
	s, d, h, _ := stand(t)
	return s, d, h
}

func stand(t *testing.T) (*web.Site, *webtest.Door, *house, *webtest.Deeds) {
	at := belwacht.InstantOf(now)
	h := &house{
		decisions: []belwacht.Decision{{ID: "1.2", Time: at - 60000, Account: webtest.Hostile, Number: "+252612345678", Word: belwacht.Refuse, Cause: "rule.new-country", Enforced: true, Reference: "AB12",
			Reason: webtest.Hostile + " +252612345678 (Somalia)", ReasonNL: webtest.Hostile + " +252612345678 (Somalia)", Probability: 0.99, AtRisk: 30, ScoreBits: 9, Rules: []string{"new-country"},
			Trace: &belwacht.Trace{PriorBits: -12, Dialled: webtest.Hostile, Country: "SO", Class: "mobile", HistoryN: 12, HistoryDays: 3, Root: webtest.Hostile,
				Evidence: []belwacht.Evidence{{Rule: "new-country", Bits: 6, English: webtest.Hostile + " 0252612345678", Dutch: webtest.Hostile, Counted: true}, {Rule: "hour", Bits: -2, English: "x", Dutch: "y"}}}},
			{ID: "other", Tenant: "somebody else", Account: "900", Reason: "secret"}},
		calls: []belwacht.Running{{ID: "7.1", Account: webtest.Hostile, Root: webtest.Hostile, Number: "+33123456789", Country: belwacht.Country{'F', 'R'}, Began: at - 5000, Answered: at - 2000, Cost: 1.5, Word: belwacht.Watch},
			{ID: "8.1", Tenant: "somebody else", Account: "not-ours"}},
		locks: []belwacht.InForce{{Kind: belwacht.KindLock, Subject: webtest.Hostile, Who: webtest.Hostile, Why: webtest.Hostile, Since: at}},
	}
	s, d, deeds := webtest.Stand(t, now)
	k := kept{h: h}
	if err := guard.New(s, guard.Config{Viewer: h, Actor: h, Locker: h, Switch: h, Alerts: k, Calls: k, Decisions: k,
		Confidential: func(_, number string) bool { return number == "+31800113" }}); err != nil {
		t.Fatal(err)
	}
	return s, d, h, deeds
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
	webtest.Pages(t, s, "/", "/live", "/live?find=france", "/live?find="+url.QueryEscape(webtest.Hostile), "/call?id=1.2", "/call?id=AB12", "/call?id=7.1", "/call?id=past", "/panic", "/locks", "/helpdesk",
		"/helpdesk?find=AB12", "/helpdesk?find="+url.QueryEscape(webtest.Hostile), "/health")
	for _, path := range []string{"/call", "/call?id=nothing", "/call?id=other", "/call?id=8.1"} {
		if w := webtest.Get(s, path, "en"); w.Code != 404 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d, another organisation's or none", path, w.Code)
		}
	}
	if page := webtest.Get(s, "/live", "en").Body.String(); strings.Contains(page, "not-ours") {
		t.Error("another organisation's call is shown")
	}
}

func TestNumbersAreMasked(t *testing.T) {
	s, d, _ := site(t)
	d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeCalls, web.Help}}
	for path, whole := range map[string]string{"/live": "33123456789", "/call?id=1.2": "252612345678", "/": "252612345678", "/helpdesk?find=AB12": "252612345678"} {
		page := webtest.Get(s, path, "en").Body.String()
		if strings.Contains(page, whole) || !strings.Contains(page, "••••") {
			t.Errorf("%s: a number is not masked", path)
		}
	}
	if page := webtest.Get(s, "/live?find=33123456789", "en").Body.String(); strings.Contains(page, `id="c-7.1"`) {
		t.Error("a search tells what the mask hides")
	}
}

func TestChanges(t *testing.T) {
	s, d, h, deeds := stand(t)
	for _, c := range []struct {
		path string
		form map[string]string
		want int
		done func() bool
	}{
		{"/call/end", map[string]string{"id": "7.1"}, 303, func() bool { return slices.Equal(h.ended, []string{"7.1"}) }},
		{"/call/end", map[string]string{"id": "8.1"}, 404, func() bool { return len(h.ended) == 1 }},
		{"/call/feedback", map[string]string{"id": "1.2", "says": "fine", "width": "number"}, 303, func() bool { return len(h.said) == 1 && h.said[0].Width == belwacht.WidthNumber }},
		{"/call/feedback", map[string]string{"id": "1.2", "says": "fraud", "width": "country"}, 303, func() bool { return len(h.said) == 2 && h.said[1].Says == "fraud" && h.said[1].Width == "" }},
		{"/call/feedback", map[string]string{"id": "1.2", "says": "fine", "width": "planet"}, 422, func() bool { return len(h.said) == 2 }},
		{"/call/feedback", map[string]string{"id": "other", "says": "fraud"}, 404, func() bool { return len(h.said) == 2 }},
		{"/panic", map[string]string{"do": "on", "end": "yes", "why": webtest.Hostile}, 303, func() bool { return h.panic }},
		{"/panic", map[string]string{"do": "off"}, 303, func() bool { return !h.panic }},
		{"/panic", map[string]string{"do": "perhaps"}, 422, func() bool { return !h.panic }},
		{"/locks/add", map[string]string{"account": "212", "why": "x"}, 303, func() bool { return len(h.locks) == 2 && h.locks[1].Who == "Anna" }},
		{"/locks/add", map[string]string{"account": " "}, 422, func() bool { return len(h.locks) == 2 }},
		{"/locks/remove", map[string]string{"account": "212"}, 303, func() bool { return len(h.locks) == 1 }},
	} {
		if w := webtest.Post(s, c.path, c.form); w.Code != c.want || !c.done() {
			t.Errorf("%s %v: %d, done %v", c.path, c.form, w.Code, c.done())
		}
	}
	var acts []string
	for _, x := range deeds.Done {
		acts = append(acts, string(x.Act)+" "+x.Subject+" "+x.Detail)
	}
	if got := strings.Join(acts, "; "); got != "call.end call 7.1 ; call.judge call 1.2 fine number; call.judge call 1.2 fraud; panic.on  and calls that run are ended; panic.off  ; "+
		"account.lock 212 ; account.unlock 212 " || deeds.Done[3].Why == "" {
		t.Errorf("what the audit log has: %s", got)
	}
	d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeCalls, web.SeeLocks}}
	for _, path := range []string{"/call/end", "/call/feedback", "/panic", "/locks/add", "/locks/remove"} {
		if w := webtest.Post(s, path, map[string]string{"id": "7.1", "do": "on", "account": "1", "says": "fraud"}); w.Code != 403 {
			t.Errorf("an auditor may %s: %d", path, w.Code)
		}
	}
}

// TestWithoutLog: where the audit log cannot be written, what protects is done, and nothing else is.
func TestWithoutLog(t *testing.T) {
	s, d, h, deeds := stand(t)
	deeds.Fail = belwacht.Errorf(belwacht.Unreachable, "the disk is full")
	for _, c := range []struct {
		path string
		form map[string]string
		want int
	}{
		{"/panic", map[string]string{"do": "on"}, 303}, {"/locks/add", map[string]string{"account": "212"}, 303}, {"/call/end", map[string]string{"id": "7.1"}, 303},
		{"/panic", map[string]string{"do": "off"}, 503}, {"/locks/remove", map[string]string{"account": "212"}, 503}, {"/call/feedback", map[string]string{"id": "1.2", "says": "fine", "width": "number"}, 503},
	} {
		if w := webtest.Post(s, c.path, c.form); w.Code != c.want {
			t.Errorf("%s %v: %d", c.path, c.form, w.Code)
		}
	}
	if !h.panic || len(h.locks) != 2 || len(h.ended) != 1 || len(h.said) != 0 {
		t.Errorf("panic %v, %d locks, %d ended, %d said", h.panic, len(h.locks), len(h.ended), len(h.said))
	}
	deeds.Fail = nil
	d.V = &web.Visitor{Name: "Hella", Role: "helpdesk", Rights: []web.Right{web.SeeLocks, web.LockAccounts, web.PressPanic, web.Help, web.Feedback}}
	for _, c := range []struct {
		path, do string
		want     int
	}{{"/panic", "on", 303}, {"/locks/add", "", 303}, {"/panic", "off", 403}, {"/locks/remove", "", 403}} {
		if w := webtest.Post(s, c.path, map[string]string{"do": c.do, "account": "212"}); w.Code != c.want {
			t.Errorf("the helpdesk: %s %s: %d", c.path, c.do, w.Code)
		}
	}
	if page := webtest.Get(s, "/panic", "en").Body.String(); !strings.Contains(page, "may not turn it off") {
		t.Error("the helpdesk is not told that others turn it off")
	}
}

// TestOneOrganisation: who may see one organisation sees no problem of another's or of the machine, and none of its figures.
func TestOneOrganisation(t *testing.T) {
	s, d, _ := site(t)
	for _, path := range []string{"/health", "/"} {
		d.V = webtest.Administrator()
		if page := webtest.Get(s, path, "en").Body.String(); !strings.Contains(page, "of the other") || !strings.Contains(page, "the machine&#39;s own") {
			t.Errorf("%s: who may see all does not", path)
		}
		d.V.Tenants = []string{""}
		page := webtest.Get(s, path, "en").Body.String()
		if strings.Contains(page, "of the other") || strings.Contains(page, "the machine&#39;s own") || strings.Contains(page, "rows written") || strings.Contains(page, "since the start") || !strings.Contains(page, "of ours") {
			t.Errorf("%s: who may see one organisation sees another's", path)
		}
	}
}

// TestUnmask: a number is shown in full once, to who may and says why, with an entry before; a helpline to nobody, and without the audit log nothing.
func TestUnmask(t *testing.T) {
	s, d, h, deeds := stand(t)
	h.calls = append(h.calls, belwacht.Running{ID: "7.113", Account: "201", Number: "+31800113", Began: 1})
	d.V = &web.Visitor{Name: "Otto", Role: "operator", Rights: []web.Right{web.SeeCalls, web.Unmask}}
	if page := webtest.Get(s, "/call?id=7.1", "en").Body.String(); !strings.Contains(page, "/call/unmask") || strings.Contains(page, "33123456789") {
		t.Error("it is not offered, or shown already")
	}
	for _, path := range []string{"/call?id=7.113", "/live"} {
		if page := webtest.Get(s, path, "en").Body.String(); strings.Contains(page, "113</") || strings.Contains(page, "0113") || !strings.Contains(page, "a helpline") || strings.Contains(page, "/call/unmask") {
			t.Errorf("%s shows a helpline", path)
		}
	}
	try := func(id, why string, want int) string {
		t.Helper()
		w := webtest.Post(s, "/call/unmask", map[string]string{"id": id, "why": why})
		if w.Code != want {
			t.Errorf("%s %q: %d", id, why, w.Code)
		}
		webtest.Clean(t, "/call/unmask", w.Body.String())
		return w.Body.String()
	}
	if page := try("7.1", " x ", 422); strings.Contains(page, "33123456789") || !strings.Contains(page, "say in some words") {
		t.Error("without a reason")
	}
	if page := try("7.113", "I want to know", 403); strings.Contains(page, "0113") {
		t.Error("a helpline")
	}
	try("8.1", "I want to know", 404)
	deeds.Fail = belwacht.Errorf(belwacht.Unreachable, "the disk is full")
	if page := try("7.1", "I want to know", 503); strings.Contains(page, "33123456789") || len(deeds.Done) != 0 {
		t.Error("without an entry")
	}
	deeds.Fail = nil
	if page := try("7.1", "the customer asks "+webtest.Hostile, 200); !strings.Contains(page, "33123456789") || strings.Contains(page, `action="/call/unmask"`) {
		t.Error("it is not shown")
	}
	if len(deeds.Done) != 1 || deeds.Done[0].Act != access.NumberUnmask || strings.Contains(deeds.Done[0].Subject, "3456") || deeds.Done[0].Detail != "call 7.1" || !strings.HasPrefix(deeds.Done[0].Why, "the customer asks") {
		t.Errorf("%+v", deeds.Done)
	}
	d.V.Rights = d.V.Rights[:1]
	try("7.1", "I want to know", 403)
}
