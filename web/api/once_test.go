package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
)

var noon = time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC)

// TestQuota: each who asks has so many requests a minute, and is told how many are left; a stranger does not use up another's.
func TestQuota(t *testing.T) {
	var c counts
	ask := func(key string, now time.Time) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		if c.limit(w, key, now) {
			w.WriteHeader(http.StatusNoContent)
		}
		return w
	}
	for i := range quota {
		w := ask("a", noon.Add(time.Duration(i)*time.Millisecond))
		if want := fmt.Sprintf(`"default";r=%d;t=60`, quota-1-i); w.Code != 204 || w.Header().Get("RateLimit") != want || w.Header().Get("RateLimit-Policy") != `"default";q=600;w=60` {
			t.Fatalf("request %d: %d %v", i, w.Code, w.Header())
		}
	}
	w := ask("a", noon.Add(10*time.Second))
	if w.Code != 429 || w.Header().Get("Retry-After") != "50" || w.Header().Get("RateLimit") != `"default";r=0;t=50` || w.Header().Get("Content-Type") != "application/problem+json" ||
		!strings.Contains(w.Body.String(), "urn:belwacht:error:too_many") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w = ask("b", noon.Add(10*time.Second)); w.Code != 204 {
		t.Errorf("another is turned away: %d", w.Code)
	}
	if w = ask("a", noon.Add(time.Minute)); w.Code != 204 {
		t.Errorf("after a minute: %d", w.Code)
	}
	for i := range 3 * countsMost {
		c.take(fmt.Sprint(i), noon.Add(2*time.Minute))
	}
	if len(c.all) > countsMost+1 {
		t.Errorf("%d are counted", len(c.all))
	}
	if left, _ := c.take("one more", noon.Add(2*time.Minute)); left >= 0 {
		t.Errorf("those that do not fit share a count: %d", left)
	}
}

// TestAsker: keys, users and addresses are counted apart.
func TestAsker(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	seen := map[string]bool{}
	for _, v := range []*web.Visitor{nil, {Name: "a"}, {Name: "a", Person: &access.Visitor{User: belwacht.User{ID: "U1"}}}, {Name: "a", Person: &access.Visitor{User: belwacht.User{ID: "U1"}, Key: "K1"}}} {
		seen[asker(v, r)] = true
	}
	if len(seen) != 4 {
		t.Errorf("%v", seen)
	}
}

// TestOnce sends changes again: under one key each is made once, by each who asks.
func TestOnce(t *testing.T) {
	var o once
	n, status := 0, http.StatusCreated
	hold, held := make(chan bool), make(chan bool)
	slow := false
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		n++
		if slow {
			held <- true
			<-hold
		}
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(status)
		fmt.Fprintf(w, "%d %s", n, b)
	})
	send := func(method, who, key, body string, now time.Time) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/x?a=1", strings.NewReader(body))
		if key != "" {
			r.Header.Set(onceHeader, key)
		}
		w := httptest.NewRecorder()
		o.serve(w, r, who, now, h)
		return w
	}
	want := func(what string, w *httptest.ResponseRecorder, code int, body string) {
		t.Helper()
		if w.Code != code || !strings.Contains(w.Body.String(), body) {
			t.Errorf("%s: %d %s, want %d %s", what, w.Code, w.Body, code, body)
		}
	}
	want("first", send("POST", "a", `"k1"`, "x", noon), 201, "1 x")
	again := send("POST", "a", "k1", "x", noon.Add(time.Hour)) // with or without quotes
	want("again", again, 201, "1 x")
	if again.Header().Get("Idempotent-Replayed") != "true" || again.Header().Get("Content-Type") != "text/plain" {
		t.Errorf("%v", again.Header())
	}
	want("another body", send("POST", "a", "k1", "y", noon), 422, "another request")
	want("another method", send("DELETE", "a", "k1", "x", noon), 422, "another request")
	want("somebody else", send("POST", "b", "k1", "x", noon), 201, "2 x")
	want("no key", send("POST", "a", "", "x", noon), 201, "3 x")
	want("reading", send("GET", "a", "k1", "", noon), 201, "4 ")
	want("after a day", send("POST", "a", "k1", "x", noon.Add(24*time.Hour)), 201, "5 x")
	for _, bad := range []string{strings.Repeat("k", 256), "a b", `""`, "é", `a"b`} {
		want("key "+bad, send("POST", "a", bad, "x", noon), 400, "Idempotency-Key")
	}
	for _, status = range []int{500, 503, 429, 401, 403} {
		before := n
		send("POST", "a", fmt.Sprint("s", status), "x", noon)
		if send("POST", "a", fmt.Sprint("s", status), "x", noon); n != before+2 {
			t.Errorf("after %d it is not tried again", status)
		}
	}
	status = 422
	want("a refusal", send("POST", "a", "s422", "x", noon), 422, "x")
	before := n
	if send("POST", "a", "s422", "x", noon); n != before {
		t.Error("what is wrong is tried again")
	}
	slow, status = true, 200
	done := make(chan *httptest.ResponseRecorder)
	go func() { done <- send("POST", "a", "slow", "x", noon) }()
	<-held
	want("meanwhile", send("POST", "a", "slow", "x", noon), 409, "still being answered")
	hold <- true
	want("slow", <-done, 200, "x")
	slow = false
	want("slow again", send("POST", "a", "slow", "x", noon), 200, "x")
	for i := range 2 * onceMost {
		send("POST", "a", fmt.Sprint("many", i), strings.Repeat("x", 5000), noon)
	}
	total := 0
	for _, m := range o.order {
		total += len(m.body)
	}
	if len(o.order) > onceMost || len(o.all) != len(o.order) || total > onceBytes+onceOne || o.bytes != total {
		t.Errorf("%d answers of %d bytes are kept (%d by name, counted as %d)", len(o.order), total, len(o.all), o.bytes)
	}
	before = n
	if send("POST", "a", "long", strings.Repeat("y", onceOne+1), noon); n != before+1 || o.all["a\nlong"] != nil {
		t.Error("an answer is kept that is too long")
	}
}

// visitors is a door that lets one in.
type visitors struct{ v *web.Visitor }

func (d visitors) Visitor(*http.Request) (*web.Visitor, error) { return d.v, nil }

// TestPromise holds the description to what is done: quotas and keys on every operation, and problems for what there is not.
func TestPromise(t *testing.T) {
	h := New(Config{Version: "1", Door: visitors{&web.Visitor{Name: "x", Rights: web.Everything()}}, Alerts: noAlerts{}})
	ask := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
			Responses  map[string]struct{ Headers map[string]json.RawMessage }
		}
	}
	if err := json.Unmarshal(ask("GET", "/openapi.json").Body.Bytes(), &doc); err != nil || len(doc.Paths) == 0 {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			keyed := false
			for _, p := range op.Parameters {
				keyed = keyed || p.Name == onceHeader && p.In == "header"
			}
			if keyed != (method != "get") {
				t.Errorf("%s %s: a key is promised: %v", method, path, keyed)
			}
			if len(op.Responses["200"].Headers) != 2 || len(op.Responses["429"].Headers) != 3 {
				t.Errorf("%s %s: quotas are not promised: %v", method, path, op.Responses)
			}
		}
	}
	for _, x := range [][2]string{{"GET", Path + "/nonsense"}, {"PUT", Path + "/alerts"}} {
		if w := ask(x[0], x[1]); w.Code != 404 || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("RateLimit") == "" {
			t.Errorf("%v: %d %v", x, w.Code, w.Header())
		}
	}
}

// noAlerts is a store of none.
type noAlerts struct{ belwacht.AlertStore }
