package telling

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"net/netip"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/login"
)

// started runs a Belwacht with what stands under alerts, and ends it with the test.
func started(t *testing.T, alerts string) (l *app.Live, read func(alerts string) (*config.Config, error)) {
	t.Helper()
	dir := t.TempDir()
	script := filepath.Join(dir, "alert")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ncat >> \"$1\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, says := range map[string]string{"url": "https://127.0.0.1:1/ping", "topic": "some-topic"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(says), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read = func(alerts string) (*config.Config, error) {
		alerts = strings.ReplaceAll(alerts, "DIR", dir)
		return config.Read([]byte("organisation: {name: Oak, country: NL, timezone: Europe/Amsterdam}\ndata: data\ncontrol: {socket: s}\nhealth: {listen: \""+free(t)+"\"}\nalerts:\n"+alerts), filepath.Join(dir, "b.yaml"), nil)
	}
	c, err := read(alerts)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	l, err = app.Start(t.Context(), &app.LiveConfig{Config: c, Version: "test", Log: log, Tell: New(log, "test", c).Start})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Stop(); err != nil {
			t.Error(err)
		}
	})
	return l, read
}

// free is an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	s, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.Addr().String()
}

func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not come: %s", what)
		}
	}
}

func status(t *testing.T, l *app.Live) (panics bool, ways, problems []string) {
	t.Helper()
	s, err := l.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range s.Ways {
		ways = append(ways, w.To+":"+w.Name)
	}
	return s.Panic, ways, s.Problems
}

// TestReload: people and ways are a reload's to change; a wrong configuration changes nothing; links are answered.
func TestReload(t *testing.T) {
	at := free(t)
	before := "  command: [DIR/alert, DIR/told]\n"
	l, read := started(t, before)
	if _, ways, _ := status(t, l); len(ways) != 1 {
		t.Errorf("%q", ways)
	}
	after := before + "  mail: {server: \"127.0.0.1:1\", security: none, from: b@example.nl}\n  ntfy: {}\n  people:\n    - {name: Anna, mail: a@example.nl, ntfy_file: topic}\n" +
		"  links: {url: \"https://b.example.nl/alert\", listen: \"" + at + "\"}\n  escalate: {order: [Anna]}\n  heartbeat: {url_file: url}\n  allow: [127.0.0.1]\n  summary: {}\n"
	if err := l.Reload(func() (*config.Config, error) { return read(after) }); err != nil {
		t.Fatal(err)
	}
	_, ways, _ := status(t, l)
	if got := strings.Join(ways, " "); !strings.Contains(got, "Anna:mail a@example.nl") || !strings.Contains(got, "Anna:ntfy ntfy.sh some…") || !strings.Contains(got, ":heartbeat") || !strings.Contains(got, ":summary") {
		t.Errorf("%q", ways)
	}
	var page string
	waitFor(t, "links", func() bool {
		r, err := http.Get("http://" + at + "/alert/wrong")
		if err != nil {
			return false
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		page = string(b)
		return err == nil && r.StatusCode == http.StatusNotFound
	})
	if !strings.Contains(page, "leidt nergens") {
		t.Error(page)
	}
	// Another address of the links at the same listener takes effect, without a second one.
	if err := l.Reload(func() (*config.Config, error) {
		return read(strings.Replace(after, "example.nl/alert", "example.nl/elsewhere", 1))
	}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/elsewhere/wrong": "leidt nergens", "/alert/wrong": "404 page not found"} {
		r, err := http.Get("http://" + at + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		if r.Body.Close(); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %s %v", path, b, err)
		}
	}
	w := httptest.NewRecorder() // the console answers at its own path, whatever that of links.url is
	l.Teller().Links.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/alert/wrong", nil))
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "leidt nergens") {
		t.Errorf("at the console: %d %s", w.Code, w.Body)
	}
	waitFor(t, "the heartbeat's failure in the status", func() bool {
		_, _, problems := status(t, l)
		return strings.Contains(strings.Join(problems, "\n"), "alerts do not arrive by heartbeat since ")
	})
	if err := l.Reload(func() (*config.Config, error) { return read(after + "  syslog: [{address: nonsense}]\n") }); belwacht.CodeOf(err) != belwacht.Config {
		t.Error(err)
	}
	if err := l.Reload(func() (*config.Config, error) { return read(before) }); err != nil {
		t.Fatal(err)
	}
	if _, ways, _ := status(t, l); len(ways) != 1 {
		t.Errorf("%q", ways)
	}
	waitFor(t, "links to end", func() bool {
		r, err := http.Get("http://" + at + "/alert/wrong")
		if err == nil {
			r.Body.Close()
		}
		return err != nil
	})
}

// TestConsoleLinks: where the console is open links need no address of their own, and are answered there as long as they are configured.
func TestConsoleLinks(t *testing.T) {
	l, read := started(t, "  command: [DIR/alert, DIR/told]\n")
	links := "  command: [DIR/alert, DIR/told]\n  links: {url: \"https://b.example.nl:8443/alert/\"}\n"
	if _, err := read(links); belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(err.Error(), "alerts.links.listen") {
		t.Errorf("links that nobody answers: %v", err)
	}
	for bad, want := range map[string]string{strings.Replace(links, "/alert/", "/elsewhere/", 1): "must end in /alert/", strings.Replace(links, "}", ", cert_file: x, key_file: y}", 1): "its own"} {
		if _, err := read(bad + "web: {listen: \"127.0.0.1:0\"}\n"); belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if err := l.Reload(func() (*config.Config, error) { return read(links + "web: {listen: \"127.0.0.1:0\"}\n") }); err != nil {
		t.Fatal(err)
	}
	ask := func() int {
		w := httptest.NewRecorder()
		l.Teller().Links.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/alert/wrong", nil))
		if !strings.Contains(w.Body.String(), "leidt nergens") {
			return 0
		}
		return w.Code
	}
	if got := ask(); got != http.StatusNotFound {
		t.Errorf("a wrong link: %d", got)
	}
	if err := l.Reload(func() (*config.Config, error) { return read("  command: [DIR/alert, DIR/told]\n") }); err != nil {
		t.Fatal(err)
	}
	if got := ask(); got != 0 {
		t.Errorf("links that are configured no more are answered: %d", got)
	}
}

// TestBar: a bar holds at once and is over by itself; a person's panic stays.
func TestBar(t *testing.T) {
	l, _ := started(t, "  command: [DIR/alert, DIR/told]\n")
	tell := &Telling{live: l, log: slog.New(slog.DiscardHandler)}
	if err := tell.Bar(t.Context(), "Oak", belwacht.InstantOf(time.Now().Add(1500*time.Millisecond)), "test"); err != nil {
		t.Fatal(err)
	}
	if on, _, _ := status(t, l); !on {
		t.Error("nothing is barred")
	}
	waitFor(t, "the end of the bar", func() bool { on, _, _ := status(t, l); return !on })
	if _, _, err := l.Panic(context.Background(), &belwacht.InForce{Kind: belwacht.KindPanic, Tenant: "Oak", Who: "Anna", Why: "test"}, false); err != nil {
		t.Fatal(err)
	}
	if err := tell.Bar(t.Context(), "Oak", belwacht.InstantOf(time.Now().Add(time.Millisecond)), "test"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Millisecond)
	if len(l.Lapsed()) != 0 {
		t.Error("a person's panic got an end")
	}
}

// TestNext: the bar ends when the clock shows eight, also where that day has an hour more or fewer.
func TestNext(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{"2026-11-28T23:30:00+01:00": "2026-11-29T08:00:00+01:00", "2026-11-29T07:59:59+01:00": "2026-11-29T08:00:00+01:00",
		"2026-11-29T08:00:00+01:00": "2026-11-30T08:00:00+01:00", "2026-10-24T22:00:00+02:00": "2026-10-25T08:00:00+01:00", "2027-03-27T22:00:00+01:00": "2027-03-28T08:00:00+02:00"} {
		var now belwacht.Instant
		if err := now.UnmarshalText([]byte(at)); err != nil {
			t.Fatal(err)
		}
		if got := next(now, "08:00", zone).Time().In(zone).Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", at, got, want)
		}
	}
}

// TestBanned: only addresses from outside that guess passwords are written, in lines that fail2ban's own program finds and nothing else matches.
func TestBanned(t *testing.T) {
	const at = belwacht.Instant(1_777_000_000_000)
	var lines []string
	for _, c := range []struct{ from, cause, want string }{
		{"203.0.113.9", login.Scan, "203.0.113.9"}, {"2001:db8::9", login.Guessing, "2001:db8::9"}, {"::ffff:203.0.113.7", login.Manager, "203.0.113.7"}, {"203.0.113.9", login.Strange, ""},
		{"127.0.0.1", login.Scan, ""}, {"fe80::1%eth0", login.Scan, ""}, {"203.0.113.9", "rule.new-country", ""},
	} {
		got := line(at, netip.MustParseAddr(c.from), c.cause)
		want := ""
		if c.want != "" {
			want = "2026-04-24T03:06:40Z belwacht banned-candidate " + c.want + " reason=" + c.cause + "\n"
			lines = append(lines, got)
		}
		if got != want {
			t.Errorf("%s %s: %q, want %q", c.from, c.cause, got, want)
		}
	}
	d := (&login.Sign{Cause: login.Scan, From: netip.MustParseAddr("203.0.113.9")}).Decision()
	b := newBanned(slog.New(slog.DiscardHandler))
	name := filepath.Join(t.TempDir(), "fail2ban.log")
	b.use(name)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() { b.run(ctx); close(done) }()
	d.Time = at
	b.decided(&d)
	b.decided(&belwacht.Decision{Cause: login.Scan}) // from inside, so without an address
	var written []byte
	waitFor(t, "a line", func() bool { written, _ = os.ReadFile(name); return len(written) > 0 })
	stop()
	<-done
	if named := b.list(); len(named) != 1 || named[0].From.String() != "203.0.113.9" || named[0].Cause != login.Scan || named[0].Count != 1 || named[0].Last != at {
		t.Errorf("named: %+v", named)
	}
	for i := range 2 * namedMost {
		d.Time, d.From = at+belwacht.Instant(i), netip.AddrFrom4([4]byte{203, 0, byte(i / 250), byte(1 + i%250)})
		b.note(&d)
	}
	if named := b.list(); len(named) != namedMost || named[0].Last != at+2*namedMost-1 {
		t.Errorf("%d are known", len(named))
	}
	if b.use(""); len(b.list()) != 0 {
		t.Error("they are listed though fail2ban is told of none")
	}
	if string(written) != lines[0] {
		t.Errorf("%q", written)
	}
	tool, err := exec.LookPath("fail2ban-regex")
	if err != nil {
		skip(t, "fail2ban-regex is not installed; as root: apt-get install fail2ban")
	}
	forged := []string{"2026-04-24T03:06:40Z belwacht banned-candidate 203.0.113.9 reason=login.scan and more\n", "2026-04-24T03:06:40Z x belwacht banned-candidate 203.0.113.8 reason=login.scan\n"}
	if err := os.WriteFile(name, []byte(strings.Join(append(lines, forged...), "")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, "-v", "--print-all-matched", name, "../../packaging/fail2ban/filter.conf").CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("%d lines, 0 ignored, %d matched, %d missed", len(lines)+len(forged), len(lines), len(forged))) {
		t.Errorf("%v\n%s", err, out)
	}
	for _, address := range []string{"203.0.113.9", "2001:db8::9", "203.0.113.7"} {
		if !strings.Contains(string(out), address) {
			t.Errorf("fail2ban does not see %s\n%s", address, out)
		}
	}
}

// TestMonitoring: the rules for Prometheus load, and they and Grafana's dashboard ask for nothing but what /metrics gives.
func TestMonitoring(t *testing.T) {
	address := ""
	l, read := started(t, "  command: [DIR/alert, DIR/told]\n")
	_ = l
	c, err := read("  command: [DIR/alert, DIR/told]\n")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	other, err := app.Start(t.Context(), &app.LiveConfig{Config: c, Data: t.TempDir(), Socket: filepath.Join(t.TempDir(), "s"), Version: "test", Log: log, Tell: New(log, "test", c).Start})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := other.Stop(); err != nil {
			t.Error(err)
		}
	}()
	address = c.Health.Listen
	r, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(belwacht_[a-z0-9_]+)`).FindAllStringSubmatch(string(body), -1) {
		given[m[1]] = true
	}
	rules, err := os.ReadFile("../../packaging/monitoring/prometheus.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	board, err := os.ReadFile("../../packaging/monitoring/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"the rules": rules, "the dashboard": board} {
		asked := regexp.MustCompile(`\bbelwacht_[a-z0-9_]+`).FindAllString(string(b), -1)
		if len(asked) < 10 {
			t.Errorf("%s ask for %d figures", name, len(asked))
		}
		for _, m := range asked {
			if !given[m] {
				t.Errorf("%s ask for %s, which /metrics does not give", name, m)
			}
		}
	}
	var d struct {
		Title  string
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(board, &d); err != nil || d.Title != "Belwacht" || len(d.Panels) < 10 {
		t.Errorf("%v %+v", err, d)
	}
	tool, err := exec.LookPath("promtool")
	if err != nil {
		skip(t, "promtool is not installed; as root: apt-get install prometheus")
	}
	if out, err := exec.CommandContext(t.Context(), tool, "check", "rules", "../../packaging/monitoring/prometheus.rules.yml").CombinedOutput(); err != nil || !strings.Contains(string(out), "SUCCESS: 11 rules found") {
		t.Errorf("%v\n%s", err, out)
	}
	metrics := exec.CommandContext(t.Context(), tool, "check", "metrics")
	metrics.Stdin = strings.NewReader(string(body))
	if out, err := metrics.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// Each expression of the dashboard is one that Prometheus reads: as a rule of its own.
	var b strings.Builder
	b.WriteString("groups:\n- name: dashboard\n  rules:\n")
	n := 0
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			n++
			fmt.Fprintf(&b, "  - {record: \"dashboard:%d\", expr: %q}\n", n, strings.ReplaceAll(target.Expr, "$instance", ".*"))
		}
	}
	file := filepath.Join(t.TempDir(), "dashboard.yml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), tool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// skip leaves out what a tool is missing for; in the acceptance that fails the test.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("BELWACHT_ACCEPT") == "notify" {
		t.Fatal(why)
	}
	t.Skip(why)
}
