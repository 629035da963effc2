package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/belwacht/belwacht"
)

// somebody has a browser before a running console.
type somebody struct {
	t    *testing.T
	web  *http.Client
	base string
}

// asks sends a form, or gets a page where there is none, and returns where that leads and the page.
func (b *somebody) asks(path string, form url.Values) (to, page string) {
	b.t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	w, err := b.web.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return w.Header.Get("Location"), string(body)
}

// leads sends a form that must lead to a path.
func (b *somebody) leads(to, path string, pairs ...string) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	if got, page := b.asks(path, form); got != to {
		b.t.Fatalf("%s leads to %q, want %q\n%.4000s", path, got, to, page)
	}
}

// shows wants a page with words on it.
func (b *somebody) shows(path, words string) string {
	b.t.Helper()
	_, page := b.asks(path, nil)
	if !strings.Contains(page, words) {
		b.t.Fatalf("%s does not show %q\n%.6000s", path, words, page)
	}
	return page
}

// TestFirstMinutes is what somebody does with a Belwacht that is not set up: start, one-time link, password and second factor, the wizard's first step, a setting changed
// and changed back. It holds in the file and in what runs, and over a restart.
func TestFirstMinutes(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file, socket := filepath.Join(dir, "b.yaml"), filepath.Join(dir, "s")
	const mine = "# mine\ndata: data # here\ncontrol: {socket: s}\nweb: {listen: \"127.0.0.1:0\"}\n"
	if err := os.WriteFile(file, []byte(mine), 0o600); err != nil {
		t.Fatal(err)
	}
	running := guarding(t, dir)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &somebody{t: t, base: address(t, dir), web: &http.Client{Jar: jar, Timeout: busy, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}} // its certificate is its own, of a moment ago
	said, err := exec.Command("belwacht", "access", "link", "--socket", socket).Output()
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`/enter/[A-Za-z0-9_-]+`).FindString(string(said))
	b.leads("/first", link)
	b.leads("/enrol", "/first", "login", "anna", "name", "Anna", "mail", "anna@example.org", "password", "Kers-lamp7-rivier")
	secret := regexp.MustCompile(`<code class="secret">([A-Z2-7]{32})</code>`).FindStringSubmatch(b.shows("/enrol", "secret"))
	code, err := totp.GenerateCode(secret[1], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.leads("", "/enrol/codes", "code", code)

	b.shows("/", "Belwacht is not set up yet")
	b.shows("/wizard", "Go on with: The organisation")
	b.leads("/wizard/pbx", "/wizard/organisation", "name", "De Linde", "country", "be", "timezone", "Europe/Brussels", "language", "nl")
	holds := func(what string, mode belwacht.Mode, has ...string) {
		t.Helper()
		v, err := status(socket)
		got, readErr := os.ReadFile(file)
		if err != nil || readErr != nil || v.Tenants[0].Mode != mode || v.Tenants[0].Name != "De Linde" || !strings.HasPrefix(string(got), mine) {
			t.Fatalf("%s: %+v %v %v\n%s", what, v.Tenants, err, readErr, got)
		}
		for _, x := range has {
			if !strings.Contains(string(got), x) {
				t.Errorf("%s: the file lacks %q\n%s", what, x, got)
			}
		}
	}
	holds("set up", belwacht.Monitor, "name: De Linde\n", "country: BE\n", "mode: monitor\n")
	b.shows("/wizard", "Go on with: The telephone system") // under its new name it goes on where it was
	b.leads("/settings/mode", "/settings/mode", "mode", "enforce", "brake", "on", "money", "EUR 50", "refuse", "EUR 25", "alert", "EUR 25")
	holds("changed", belwacht.Enforce, "mode: enforce\n")
	last := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(b.shows("/settings/changes", "mode"))
	b.leads("/settings/changes", "/settings/undo", "id", last[1], "sure", "yes") // alone, it takes no second administrator
	holds("undone", belwacht.Monitor, "mode: monitor\n")
	b.shows("/audit", "lowered the mode")

	if err := running.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = running.Wait()
	if err := os.Remove(filepath.Join(dir, "log")); err != nil {
		t.Fatal(err)
	}
	guarding(t, dir)
	b.base = address(t, dir)
	holds("after a restart", belwacht.Monitor)
	b.shows("/wizard", "Go on with: The telephone system")
	b.shows("/settings/changes", "undone")
}

// address is where the console of a running Belwacht is, as its log says it.
func address(t *testing.T, dir string) string {
	t.Helper()
	for end := time.Now().Add(busy); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		b, _ := os.ReadFile(filepath.Join(dir, "log"))
		if m := regexp.MustCompile(`"url":"(https://127\.0\.0\.1:\d+)"`).FindStringSubmatch(string(b)); m != nil {
			return m[1]
		}
	}
	t.Fatal("the console does not open")
	return ""
}
