package console

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/app/telling"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/webtest"
)

// TestWired puts the console before a real running Belwacht: its pages of what is held back, privacy and health are there in both languages, the API has the same, links of
// messages are answered without a log-in, and an alert that is taken on a page is taken for those who tell it.
func TestWired(t *testing.T) {
	dir := t.TempDir()
	c, err := config.Read([]byte(`organisation: {name: Oak, country: NL, timezone: Europe/Amsterdam}
data: data
control: {socket: s}
web: {listen: "127.0.0.1:0"}
alerts:
  command: [/bin/true]
  links: {url: "https://b.example.nl:8443/alert/"}
  fail2ban: `+filepath.Join(dir, "fail2ban.log")+`
pbx: [{name: hk, kind: asterisk, ask: {listen: "127.0.0.1:0", secret_file: `+secret(t, dir)+`}}]
`), filepath.Join(dir, "b.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	l, err := app.Start(t.Context(), &app.LiveConfig{Config: c, Version: "test", Log: log, Tell: telling.New(log, "test", c).Start})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Stop(); err != nil {
			t.Error(err)
		}
	}()
	of, err := Live(l, "test", log)
	if err != nil {
		t.Fatal(err)
	}
	deeds := &webtest.Deeds{}
	of.Door, of.Deeds = &webtest.Door{V: webtest.Administrator()}, deeds
	page, err := New(*of)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.Post("http://"+status(t, l)+"/ask", "application/x-www-form-urlencoded", strings.NewReader("pbx=stranger&secret=wrong&number=1")) //nolint:noctx // of this test's own server
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	webtest.Pages(t, page, "/silences", "/bans", "/privacy", "/privacy/dpia", "/health")
	if body := webtest.Get(page, "/bans", "en").Body.String(); !strings.Contains(body, "127.0.0.1") {
		t.Error("who asked with a wrong secret is not on the page of bans")
	}
	if body := webtest.Get(page, "/health", "nl").Body.String(); !strings.Contains(body, "1 vraag had een verkeerd geheim") {
		t.Error("the health page does not say it in Dutch")
	}
	for path, want := range map[string]string{"/bans": `"at":"ask"`, "/silences": "belwacht.silences/1"} {
		if w := webtest.Get(page, api.Path+path, "en"); w.Code != 200 || !strings.Contains(w.Body.String(), want) || w.Header().Get("RateLimit") == "" {
			t.Errorf("the API's %s: %d %s", path, w.Code, w.Body)
		}
	}
	of.Door.(*webtest.Door).V = nil // a link asks for no log-in
	if w := webtest.Get(page, "/alert/wrong", "nl"); w.Code != 404 || !strings.Contains(w.Body.String(), "leidt nergens") {
		t.Errorf("a link at the console: %d %.200s", w.Code, w.Body)
	}
	of.Door.(*webtest.Door).V = webtest.Administrator()

	now := belwacht.InstantOf(time.Now())
	a := &belwacht.Alert{ID: "A1", Tenant: "Oak", Account: "212", Cause: "rule.new-country", First: now, Last: now, Word: belwacht.Refuse, Count: 1, Numbers: []string{}, Reason: "x", ReasonNL: "x"}
	if err := l.Store().PutAlert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	l.Teller().Tell(a)
	if w := webtest.Post(page, "/alerts/A1", map[string]string{"do": "take"}); w.Code != 303 {
		t.Fatalf("taking it: %d %s", w.Code, w.Body)
	}
	if err := l.Teller().Desk.Take(t.Context(), "Oak", "A1", "Bert"); err != nil {
		t.Error(err)
	}
	if x, err := l.Store().Alert(t.Context(), "Oak", "A1"); err != nil || x.Who != "Anna" || x.State != belwacht.IncidentTaken {
		t.Errorf("%+v %v", x, err)
	}
	if w := webtest.Post(page, "/silences", map[string]string{"account": "212", "for": "1h", "why": "a test"}); w.Code != 303 {
		t.Fatalf("silencing: %d %s", w.Code, w.Body)
	}
	list, err := l.Teller().Desk.Silences(t.Context())
	if err != nil || len(list) != 1 || list[0].Account != "212" || list[0].Tenant != "Oak" {
		t.Fatalf("%+v %v", list, err)
	}
	if body := webtest.Get(page, "/silences", "en").Body.String(); !strings.Contains(body, "a test") {
		t.Error("the silence is not on its page")
	}
	if w := webtest.Post(page, "/silences/end", map[string]string{"id": list[0].ID}); w.Code != 303 {
		t.Errorf("ending it: %d %s", w.Code, w.Body)
	}
	if list, err = l.Teller().Desk.Silences(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
	if n := len(deeds.Done); n != 3 {
		t.Errorf("%d deeds are in the audit log: %+v", n, deeds.Done)
	}
}

// status is where a Belwacht is asked.
func status(t *testing.T, l *app.Live) string {
	t.Helper()
	s, err := l.Status(t.Context())
	if err != nil || len(s.PBXs) != 1 {
		t.Fatal(s, err)
	}
	return s.PBXs[0].Ask
}

// secret is a file with one.
func secret(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(dir, "ask.secret")
	if err := os.WriteFile(name, []byte(strings.Repeat("s", 40)), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
