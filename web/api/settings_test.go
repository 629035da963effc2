package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/webtest"
)

// file is an owner's file whose next plan is fixed.
type file struct {
	plan    api.Plan
	version string // that a plan was made for
	list    []api.Setting
	fail    error
	wrote   []string
	shared  bool
	all     bool // what holds for all was asked for
}

// changed is the error that there is another version.
type changed struct{ error }

func (changed) Changes() []string { return []string{"-mode: learn"} }

func (f *file) Read(_ context.Context, tenant string, all bool) (*api.Settings, error) {
	f.all = all
	return &api.Settings{Version: "v1", Shared: f.shared, Values: map[string]any{"mode": "monitor", "of": tenant}}, nil
}

func (f *file) Plan(_ context.Context, tenant, version string, list []api.Setting, may func(belwacht.Permission) bool) (*api.Plan, error) {
	f.version, f.list = version, list
	if f.fail != nil {
		return nil, f.fail
	}
	if !may(access.SettingsRead) {
		return nil, belwacht.Errorf(belwacht.Forbidden, "who asks is asked about")
	}
	return f.planned(tenant), nil
}

func (f *file) planned(tenant string) *api.Plan {
	p := f.plan
	deed := *p.Deed
	if deed.Tenant == "own" {
		deed.Tenant = tenant
	}
	p.Deed = &deed
	p.Write = func(who string) error { f.wrote = append(f.wrote, who); return nil }
	return &p
}

func (f *file) Past(context.Context, string) ([]api.PastChange, error) {
	return []api.PastChange{{ID: "2", Who: "Anna", What: []api.SettingChange{{Key: "keep.calls"}, {Key: "tenants[oak].mode"}}}, {ID: "1", What: []api.SettingChange{{Key: "keep.calls"}}}}, nil
}

func (f *file) Undo(_ context.Context, tenant, id string) (*api.Plan, error) {
	if id != "2" {
		return nil, changed{belwacht.Errorf(belwacht.Invalid, "not the last")}
	}
	return f.planned(tenant), nil
}

// matching asks with If-Match.
func matching(h http.Handler, method, path, match, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if match != "" {
		r.Header.Set("If-Match", match)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const raise = `{"changes":[{"path":["limits","organisation","money_per_day"],"value":"EUR 500"}],"why":"a big order"`

// TestSettings: reading, changing what lessens protection and what does not, another's version, a dry run, and the way back.
func TestSettings(t *testing.T) {
	f := &file{plan: api.Plan{Deed: &access.Deed{Act: access.LimitRaise, Tenant: "own", Detail: "EUR 50 → EUR 500"}, Version: "v2", What: []api.SettingChange{{Key: "limits", Before: "EUR 50", After: "EUR 500"}}}}
	deeds := &webtest.Deeds{}
	h := api.New(api.Config{Version: "1", Door: &webtest.Door{V: webtest.Administrator()}, Deeds: deeds, Owner: f, Undoer: f, Now: func() belwacht.Instant { return 1000 }})
	w := ask(h, "GET", "/api/v1/settings", "")
	if w.Code != 200 || w.Header().Get("ETag") != `"v1"` || !strings.Contains(w.Body.String(), `"mode":"monitor"`) || !f.all {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	for name, c := range map[string]struct {
		match, body, want string
		status            int
	}{
		"no version":        {"", raise + `}`, "If-Match", 428},
		"no tag":            {"v1", raise + `}`, "in quotes", 422},
		"it lessens":        {`"v1"`, raise + `}`, "raised a limit: EUR 50 → EUR 500", 409},
		"nothing":           {`"v1"`, `{"changes":[]}`, "validation failed", 422},
		"a value and more":  {`"v1"`, `{"changes":[{"path":["alerts"],"value":1,"secret":"x"}]}`, "not both", 422},
		"an unknown member": {`"v1"`, raise + `,"hurry":true}`, "validation failed", 422},
		"a dry run":         {`"v1"`, raise + `,"dry_run":true}`, `"weakens":true`, 200},
	} {
		w := matching(h, "PATCH", "/api/v1/settings", c.match, c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || len(f.wrote)+len(deeds.Done) > 0 || strings.Contains(w.Body.String(), `"done":true`) {
			t.Errorf("%s: %d %s, written by %v", name, w.Code, w.Body, f.wrote)
		}
	}
	w = matching(h, "PATCH", "/api/v1/settings", `"v1"`, raise+`,"sure":true}`)
	if w.Code != 200 || w.Header().Get("ETag") != `"v2"` || !strings.Contains(w.Body.String(), `"done":true`) || f.version != "v1" || len(f.wrote) != 1 || f.wrote[0] != "Anna" || deeds.Done[0].Why != "a big order" || f.list[0].Value != "EUR 500" {
		t.Errorf("%d %s %+v %v", w.Code, w.Body, f, deeds.Done)
	}
	f.fail = changed{belwacht.Errorf(belwacht.Invalid, "the file is another")}
	if w := matching(h, "PATCH", "/api/v1/settings", `"v0"`, raise+`,"sure":true}`); w.Code != 412 || !strings.Contains(w.Body.String(), "changed meanwhile") || strings.Contains(w.Body.String(), "learn") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	f.fail = nil
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`,"sure":true}`); w.Code != 200 || f.version != "" {
		t.Errorf("%d %s %q", w.Code, w.Body, f.version)
	}
	if w := ask(h, "GET", "/api/v1/settings/changes", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "keep.calls") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(h, "POST", "/api/v1/settings/changes/1/undo", `{}`); w.Code != 412 {
		t.Errorf("what is not the last is undone: %d %s", w.Code, w.Body)
	}
	if w := ask(h, "POST", "/api/v1/settings/changes/2/undo", `{"sure":true}`); w.Code != 200 || len(f.wrote) != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	f.plan.Deed.Act, deeds.Wait = access.ModeLower, &belwacht.Proposal{ID: "p7"}
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`,"sure":true}`); w.Code != 409 || !strings.Contains(w.Body.String(), "p7") || len(f.wrote) != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	f.plan.Same, deeds.Wait = true, nil
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`}`); w.Code != 200 || !strings.Contains(w.Body.String(), `"done":false`) || w.Header().Get("ETag") != `"v1"` || len(f.wrote) != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestShutOut: what would shut out who asks is done only where they are sure.
func TestShutOut(t *testing.T) {
	f := &file{plan: api.Plan{Deed: &access.Deed{Act: access.AccessTighten}, Admits: func(from netip.Addr, _ time.Time) error {
		if from.String() == "192.0.2.7" {
			return errors.New("not open to your network")
		}
		return nil
	}}}
	v := webtest.Administrator()
	v.Person = &access.Visitor{From: netip.MustParseAddr("192.0.2.7")}
	h := api.New(api.Config{Version: "1", Door: &webtest.Door{V: v}, Deeds: &webtest.Deeds{}, Owner: f, Undoer: f, Now: func() belwacht.Instant { return 1000 }})
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`}`); w.Code != 409 || !strings.Contains(w.Body.String(), "shut you out") || len(f.wrote) > 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`,"sure":true}`); w.Code != 200 || len(f.wrote) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	v.Person.From = netip.MustParseAddr("192.0.2.8")
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`}`); w.Code != 200 || len(f.wrote) != 2 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestSettingsRights: each operation against who may not, who may a part, and who may see one organisation only.
func TestSettingsRights(t *testing.T) {
	f := &file{shared: true, plan: api.Plan{Deed: &access.Deed{Act: access.SettingChange, Tenant: "own"}}}
	deeds := &webtest.Deeds{}
	door := &webtest.Door{V: &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeSettings}}}
	h := api.New(api.Config{Version: "1", Door: door, Deeds: deeds, Owner: f, Undoer: f, Now: func() belwacht.Instant { return 1000 }})
	for _, c := range []struct {
		v      *web.Visitor
		change int
		undo   int
		read   int
	}{
		{nil, 401, 401, 401},
		{&web.Visitor{Name: "auditor", Rights: []web.Right{web.SeeSettings}}, 403, 403, 200},
		{&web.Visitor{Name: "helpdesk", Rights: []web.Right{web.Help}}, 403, 403, 403},
		{&web.Visitor{Name: "limits only", Rights: []web.Right{web.SeeSettings, web.Right(access.LimitsChange)}}, 403, 403, 200}, // by the door: the deed takes another right
	} {
		door.V = c.v
		if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`,"sure":true}`); w.Code != c.change {
			t.Errorf("%+v changes: %d %s", c.v, w.Code, w.Body)
		}
		if w := ask(h, "POST", "/api/v1/settings/changes/2/undo", `{"sure":true}`); w.Code != c.undo {
			t.Errorf("%+v undoes: %d %s", c.v, w.Code, w.Body)
		}
		for _, path := range []string{"/api/v1/settings", "/api/v1/settings/changes"} {
			if w := ask(h, "GET", path, ""); w.Code != c.read {
				t.Errorf("%+v reads %s: %d", c.v, path, w.Code)
			}
		}
	}
	door.V = &web.Visitor{Name: "bound", Rights: web.Everything(), Tenants: []string{"oak"}}
	if w := ask(h, "GET", "/api/v1/settings", ""); w.Code != 200 || f.all || !strings.Contains(w.Body.String(), `"of":"oak"`) {
		t.Errorf("%d %s, all %v", w.Code, w.Body, f.all)
	}
	if w := ask(h, "GET", "/api/v1/settings/changes", ""); strings.Contains(w.Body.String(), "keep.calls") || !strings.Contains(w.Body.String(), "tenants[oak].mode") {
		t.Errorf("who sees one organisation sees what holds for all: %s", w.Body)
	}
	for _, path := range []string{"/api/v1/settings?tenant=elm", "/api/v1/settings/changes?tenant=elm"} {
		if w := ask(h, "GET", path, ""); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := matching(h, "PATCH", "/api/v1/settings?tenant=elm", "*", raise+`}`); w.Code != 404 {
		t.Errorf("another's: %d", w.Code)
	}
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`}`); w.Code != 200 || len(deeds.Done) != 1 || deeds.Done[0].Tenant != "oak" {
		t.Errorf("their own: %d %s", w.Code, w.Body)
	}
	f.plan.Deed.Tenant = ""
	if w := matching(h, "PATCH", "/api/v1/settings", "*", raise+`,"dry_run":true}`); w.Code != 403 || len(deeds.Done) != 1 {
		t.Errorf("what holds for all: %d %s", w.Code, w.Body)
	}
}

// plays is what was played.
type plays struct {
	list      []api.Played
	cancelled []string
}

func (p *plays) Play(tenant string, c api.WhatIf) (string, error) {
	if c.Rule == "invented" {
		return "", belwacht.Errorf(belwacht.Invalid, "there is no rule invented")
	}
	p.list = append(p.list, api.Played{ID: "a1", Change: c, State: "waiting"})
	return "a1", nil
}

func (p *plays) Plays(tenant string) []api.Played {
	if tenant == "elm" {
		return nil
	}
	return append([]api.Played(nil), p.list...)
}

func (p *plays) Cancel(_, id string) error {
	if id != "a1" {
		return belwacht.Errorf(belwacht.NotFound, "this does not wait")
	}
	p.cancelled = append(p.cancelled, id)
	return nil
}

// TestWhatIf: one is asked for, looked at and cancelled, by who may, in their organisation.
func TestWhatIf(t *testing.T) {
	p := &plays{}
	door := &webtest.Door{V: webtest.Administrator()}
	h := api.New(api.Config{Version: "1", Door: door, Player: p, Now: func() belwacht.Instant { return 1000 }})
	w := ask(h, "POST", "/api/v1/what-if?tenant=De+Linde", `{"scope":"organisation","key":"money_per_day","value":"EUR 20"}`)
	if w.Code != 202 || w.Header().Get("Location") != "/api/v1/what-if/a1?tenant=De+Linde" || !strings.Contains(w.Body.String(), `"waiting"`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	p.list = []api.Played{{ID: "a1", State: "done", Result: &api.WhatIfResult{Names: []api.WhatIfCall{{ID: "1.1", Number: "+31 6 •••• 5678"}}}}}
	for _, c := range []struct {
		method, path, body, want string
		status                   int
	}{
		{"POST", "", `{}`, "name a rule", 422}, {"POST", "", `{"rule":"x"}`, "name a rule", 422}, {"POST", "", `{"rule":"x","switch":"loud"}`, "validation", 422},
		{"POST", "", `{"rule":"x","switch":"off","value":"1"}`, "name a rule", 422}, {"POST", "", `{"rule":"invented","switch":"off"}`, "no rule invented", 422},
		{"GET", "/a1", "", "5678", 200}, {"GET", "/b2", "", "not asked for", 404}, {"GET", "", "", `"names":[]`, 200},
		{"DELETE", "/b2", "", "does not wait", 404}, {"DELETE", "/a1", "", "", 204},
	} {
		if w := ask(h, c.method, "/api/v1/what-if"+c.path, c.body); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, w.Code, w.Body)
		}
	}
	if len(p.cancelled) != 1 {
		t.Errorf("%v", p.cancelled)
	}
	door.V = &web.Visitor{Name: "bound", Rights: []web.Right{web.SeeSettings}, Tenants: []string{"oak"}}
	for _, c := range [][2]string{{"GET", "?tenant=elm"}, {"GET", "/a1?tenant=elm"}, {"DELETE", "/a1?tenant=elm"}, {"POST", "?tenant=elm"}} {
		if w := ask(h, c[0], "/api/v1/what-if"+c[1], map[bool]string{true: `{"rule":"x","switch":"off"}`}[c[0] == "POST"]); w.Code != 404 {
			t.Errorf("%v of another organisation: %d", c, w.Code)
		}
	}
	if w := ask(h, "POST", "/api/v1/what-if", `{"rule":"x","switch":"off"}`); w.Code != 202 || w.Header().Get("Location") != "/api/v1/what-if/a1" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	door.V = &web.Visitor{Name: "x", Rights: []web.Right{web.Help}}
	for _, c := range [][2]string{{"GET", ""}, {"GET", "/a1"}, {"DELETE", "/a1"}, {"POST", ""}} {
		if w := ask(h, c[0], "/api/v1/what-if"+c[1], map[bool]string{true: `{"rule":"x","switch":"off"}`}[c[0] == "POST"]); w.Code != 403 {
			t.Errorf("%v without the right: %d", c, w.Code)
		}
	}
}
