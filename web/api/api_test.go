package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/webtest"
)

// shelf is one alert and two pages of calls.
type shelf struct {
	belwacht.AlertStore
	belwacht.CallStore
	belwacht.AccountStore
	x     belwacht.Incident
	asked []string // organisations whose calls were asked for
}

func (s *shelf) Alerts(_ context.Context, q *belwacht.AlertQuery) ([]belwacht.Incident, belwacht.Cursor, error) {
	if q.Tenant != s.x.Tenant {
		return nil, belwacht.Cursor{}, nil
	}
	return []belwacht.Incident{s.x}, belwacht.Cursor{Time: 5, Row: 1}, nil
}

func (s *shelf) Alert(_ context.Context, tenant, id string) (*belwacht.Incident, error) {
	if id != s.x.ID || tenant != s.x.Tenant {
		return nil, belwacht.Errorf(belwacht.NotFound, "there is no such alert")
	}
	return &s.x, nil
}

func (s *shelf) ChangeAlert(_ context.Context, c *belwacht.IncidentChange) error {
	s.x.State, s.x.Outcome, s.x.Who = c.State, c.Outcome, c.Who
	return nil
}

func (s *shelf) Calls(_ context.Context, q *belwacht.CallQuery) ([]belwacht.PastCall, belwacht.Cursor, error) {
	s.asked = append(s.asked, q.Tenant)
	n, _ := belwacht.ParseE164("31800113")
	m, _ := belwacht.ParseE164("31612345678")
	return []belwacht.PastCall{{Call: belwacht.Call{ID: "1", Account: "201"}, Number: n, Class: belwacht.ClassSocial},
		{Call: belwacht.Call{ID: "2", Account: "202"}, Number: m, Class: belwacht.ClassMobile}}, belwacht.Cursor{}, nil
}

func (s *shelf) Accounts(context.Context, *belwacht.AccountQuery) ([]belwacht.KnownAccount, belwacht.Cursor, error) {
	return nil, belwacht.Cursor{}, belwacht.Errorf(belwacht.Internal, "the secret is 1234")
}

func ask(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAPI(t *testing.T) {
	s := &shelf{x: belwacht.Incident{Alert: belwacht.Alert{ID: "A1", Numbers: []string{"+31612345678"}, Reason: "Refused: +31612345678."}, State: belwacht.IncidentOpen}}
	door := &webtest.Door{V: webtest.Administrator()}
	deeds := &webtest.Deeds{}
	h := api.New(api.Config{Version: "1", Door: door, Deeds: deeds, Alerts: s, Calls: s, Accounts: s, Now: func() belwacht.Instant { return 1000 }})
	for _, c := range []struct {
		method, path, body, want string
		status                   int
	}{
		{"GET", "/openapi.json", "", `"openapi":"3.1.0"`, 200},
		{"GET", "/api/v1/alerts?state=open", "", `"next":"5-1"`, 200},
		{"GET", "/api/v1/alerts?state=burnt", "", `validation failed`, 422},
		{"GET", "/api/v1/alerts?after=x", "", `urn:belwacht:error:invalid`, 422},
		{"GET", "/api/v1/alerts/B2", "", `urn:belwacht:error:not_found`, 404},
		{"POST", "/api/v1/alerts/A1", `{"state":"closed","outcome":"fraud"}`, `"who":"Anna"`, 200},
		{"POST", "/api/v1/alerts/A1", `{"state":"closed"}`, `closed as fraud`, 422},
		{"GET", "/api/v1/past-calls", "", `"account":"201"`, 200},
		{"GET", "/api/v1/past-calls?from=yesterday", "", `RFC 3339`, 422},
		{"GET", "/api/v1/accounts", "", `our own fault`, 500},
	} {
		w := ask(h, c.method, c.path, c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || strings.Contains(w.Body.String(), "1234") || strings.Contains(w.Body.String(), "800113") {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
		if w.Code >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: an error is %s", c.path, w.Header().Get("Content-Type"))
		}
	}
	if len(deeds.Done) != 2 || deeds.Done[0].Act != access.AlertWork || deeds.Done[0].Detail != "closed fraud" || deeds.Done[1].Act != access.CallsTake {
		t.Errorf("the audit log has %+v", deeds.Done)
	}
	deeds.Fail = belwacht.Errorf(belwacht.Unreachable, "the audit log cannot be written")
	if w := ask(h, "GET", "/api/v1/past-calls", ""); w.Code != 503 || strings.Contains(w.Body.String(), "201") {
		t.Errorf("calls are taken without an entry: %d %s", w.Code, w.Body)
	}
}

// TestOrganisations: who may see one organisation sees and changes nothing of another, and need not name theirs.
func TestOrganisations(t *testing.T) {
	s := &shelf{x: belwacht.Incident{Alert: belwacht.Alert{ID: "A1", Tenant: "oak"}, State: belwacht.IncidentOpen}}
	deeds, bound := &webtest.Deeds{}, web.Visitor{Name: "x", Rights: web.Everything(), Tenants: []string{"oak"}}
	door := &webtest.Door{V: &bound}
	h := api.New(api.Config{Version: "1", Door: door, Deeds: deeds, Alerts: s, Calls: s, Now: func() belwacht.Instant { return 1000 }})
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/alerts", "", 200}, {"GET", "/alerts?tenant=oak", "", 200}, {"GET", "/alerts?tenant=elm", "", 404},
		{"GET", "/alerts/A1", "", 200}, {"GET", "/alerts/A1?tenant=elm", "", 404},
		{"POST", "/alerts/A1", `{"state":"taken"}`, 200}, {"POST", "/alerts/A1?tenant=elm", `{"state":"taken"}`, 404},
		{"GET", "/past-calls", "", 200}, {"GET", "/past-calls?tenant=elm", "", 404},
	} {
		if w := ask(h, c.method, api.Path+c.path, c.body); w.Code != c.status || c.status == 200 && !strings.Contains(w.Body.String(), "oak") && c.path != "/past-calls" {
			t.Errorf("%s %s: %d, want %d: %s", c.method, c.path, w.Code, c.status, w.Body)
		}
	}
	if len(s.asked) != 1 || s.asked[0] != "oak" || len(deeds.Done) != 2 || deeds.Done[0].Tenant != "oak" || deeds.Done[1].Tenant != "oak" {
		t.Errorf("%v %+v", s.asked, deeds.Done)
	}
	bound.Tenants = []string{}
	if w := ask(h, "GET", "/api/v1/alerts", ""); w.Code != 404 {
		t.Errorf("who may see none: %d", w.Code)
	}
}

func TestWhoMayNot(t *testing.T) {
	s := &shelf{x: belwacht.Incident{Alert: belwacht.Alert{ID: "A1"}}}
	door := &webtest.Door{}
	h := api.New(api.Config{Version: "1", Door: door, Alerts: s, Calls: s})
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	w := ask(h, "GET", "/openapi.json", "")
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || len(doc.Paths) < 3 {
		t.Fatalf("without a key the description is %d %v", w.Code, err)
	}
	for _, look := range []struct {
		v    *web.Visitor
		want int
	}{{nil, 401}, {&web.Visitor{Name: "x", Rights: []web.Right{web.SeeHealth}}, 403}} {
		door.V = look.v
		for path, methods := range doc.Paths {
			for m := range methods {
				if w := ask(h, strings.ToUpper(m), strings.ReplaceAll(path, "{id}", "A1"), `{"state":"open"}`); w.Code != look.want {
					t.Errorf("%s %s: %d, want %d", m, path, w.Code, look.want)
				}
			}
		}
	}
}
