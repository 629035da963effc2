package control

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// two are two organisations on one machine, and what was done there.
type two struct {
	world
	deeds []access.Deed
}

func (w *two) Status(context.Context) (*Status, error) {
	return &Status{Schema: StatusSchema, Panic: true, Calls: 2, Counts: map[string]uint64{"secret_count": 1}, Memory: Memory{Folder: "/secret"},
		Tenants:  []Organisation{{Name: "oak"}, {Name: "elm", Panic: true}},
		PBXs:     []PBX{{Name: "a", Tenant: "oak"}, {Name: "a.b", Tenant: "elm"}},
		Ways:     []Way{{To: "Elmo", Name: "mail elmo@example.org"}},
		Problems: []string{"the feed of PBX a: down", "the feed of PBX a.b: down", "the machine is on fire"}}, nil
}

func (w *two) Calls(context.Context) ([]belwacht.Running, error) {
	return []belwacht.Running{{ID: "1.1", Tenant: "oak"}, {ID: "2.2", Tenant: "elm"}}, nil
}

func (w *two) Decisions(_ context.Context, id string) ([]belwacht.Decision, error) {
	return map[string][]belwacht.Decision{"1.1": {{ID: "1.1", Tenant: "oak", Reason: "of oak"}}, "2.2": {{ID: "2.2", Tenant: "elm", Reason: "of elm"}},
		"CODE": {{ID: "2.2", Tenant: "elm", Reason: "of elm"}, {ID: "1.1", Tenant: "oak", Reason: "of oak"}}}[id], nil
}

func (w *two) Locks(context.Context) ([]belwacht.InForce, error) {
	return []belwacht.InForce{{Tenant: "oak", Subject: "11"}, {Tenant: "elm", Subject: "22"}}, nil
}

func (w *two) Lock(_ context.Context, f *belwacht.InForce) error {
	w.say("lock", f.Tenant, f.Subject)
	return nil
}

func (w *two) Unlock(_ context.Context, tenant, account, _ string) error {
	w.say("unlock", tenant, account)
	return nil
}

func (w *two) Panic(_ context.Context, f *belwacht.InForce, _ bool) (int, int, error) {
	w.say("panic", f.Tenant)
	return 0, 0, nil
}

func (w *two) Calm(_ context.Context, tenant, _ string) error {
	w.say("calm", tenant)
	return nil
}

func (w *two) Feedback(_ context.Context, f *belwacht.Feedback, _ string) error {
	w.say("feedback", f.Tenant, f.ID)
	return nil
}

func (w *two) Take(_ context.Context, tenant, id, _ string) error {
	w.say("take", tenant, id)
	return nil
}

func (w *two) Silence(_ context.Context, x *belwacht.Silence) error {
	w.say("silence", x.Tenant, x.ID)
	return nil
}

func (w *two) Silences(context.Context) ([]belwacht.Silence, error) {
	return []belwacht.Silence{{ID: "s1", Tenant: "oak"}, {ID: "s2", Tenant: "elm"}}, nil
}

// By implements Deeds.
func (w *two) By(_ context.Context, _ string, deed *access.Deed, do func() error) error {
	w.deeds = append(w.deeds, *deed)
	return do()
}

// TestAskers: who asks by the API and may see one organisation sees and changes nothing of another, need not name theirs, and what they do is noted as its.
func TestAskers(t *testing.T) {
	w := &two{}
	mux := http.NewServeMux()
	Describe(humago.New(mux, huma.DefaultConfig("x", "1")), "/v1", Config{Log: slog.New(slog.DiscardHandler), Viewer: w, Actor: w, Locker: w, Switch: w, Desk: w, Deeds: w}, one("oak"))
	for _, c := range []struct {
		method, path, body string
		status             int
		done               string // "" = nothing
	}{
		{"GET", "/status", "", 200, ""}, {"GET", "/calls", "", 200, ""}, {"GET", "/locks", "", 200, ""}, {"GET", "/silences", "", 200, ""},
		{"GET", "/decisions?id=1.1", "", 200, ""}, {"GET", "/decisions?id=2.2", "", 404, ""}, {"GET", "/why?code=CODE", "", 200, ""},
		{"POST", "/calls/end", `{"id":"1.1"}`, 200, "end 1.1 key"}, {"POST", "/calls/end", `{"id":"2.2"}`, 404, ""}, {"POST", "/calls/end", `{"id":"9.9"}`, 404, ""},
		{"POST", "/locks", `{"account":"11"}`, 200, "lock oak 11"}, {"POST", "/locks", `{"account":"22","tenant":"elm"}`, 404, ""},
		{"DELETE", "/locks?account=11", "", 200, "unlock oak 11"}, {"DELETE", "/locks?account=22&tenant=elm", "", 404, ""},
		{"POST", "/panic", `{"on":true}`, 200, "panic oak"}, {"POST", "/panic", `{"on":true,"tenant":"elm"}`, 404, ""},
		{"POST", "/panic", `{"on":false}`, 200, "calm oak"}, {"POST", "/panic", `{"on":false,"tenant":"elm"}`, 404, ""},
		{"POST", "/feedback", `{"id":"CODE","says":"fraud"}`, 200, "feedback oak 1.1"}, {"POST", "/feedback", `{"id":"2.2","says":"fraud"}`, 404, ""},
		{"POST", "/alerts/take", `{"id":"A1"}`, 200, "take oak A1"}, {"POST", "/alerts/take", `{"id":"A1","tenant":"elm"}`, 404, ""},
		{"POST", "/silences", `{"account":"11","until":"2026-12-01T00:00:00Z","why":"x"}`, 200, "silence oak "},
		{"POST", "/silences", `{"account":"22","tenant":"elm","until":"2026-12-01T00:00:00Z","why":"x"}`, 404, ""},
		{"DELETE", "/silences?id=s1", "", 200, "silence  s1"}, {"DELETE", "/silences?id=s2", "", 404, ""},
	} {
		w.said, w.deeds = nil, nil
		r := httptest.NewRequest(c.method, "/v1"+c.path, strings.NewReader(c.body))
		if c.body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, r)
		body := answer.Body.String()
		if answer.Code != c.status || strings.Join(w.said, "; ") != c.done {
			t.Errorf("%s %s %s: %d, done %q: %s", c.method, c.path, c.body, answer.Code, w.said, body)
		}
		if (c.done != "") != (len(w.deeds) == 1) || slices.ContainsFunc(w.deeds, func(d access.Deed) bool { return d.Tenant != "oak" }) {
			t.Errorf("%s %s: the audit log has %+v", c.method, c.path, w.deeds)
		}
		for _, other := range []string{"elm", "2.2", `"22"`, "s2", "secret", "fire", "Elmo", "a.b"} {
			if c.status == 200 && strings.Contains(body, other) {
				t.Errorf("%s %s shows %s: %s", c.method, c.path, other, body)
			}
		}
	}
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest("GET", "/v1/status", nil))
	var v Status
	if err := json.Unmarshal(answer.Body.Bytes(), &v); err != nil || v.Panic || v.Calls != 1 || len(v.Problems) != 1 || len(v.PBXs) != 1 {
		t.Errorf("%+v %v", v, err)
	}
}
