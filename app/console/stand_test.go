package console_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/console"
	"github.com/belwacht/belwacht/app/demo"
	"github.com/belwacht/belwacht/app/demo/house"
	"github.com/belwacht/belwacht/app/replay"
	appsetup "github.com/belwacht/belwacht/app/setup"
	"github.com/belwacht/belwacht/app/whatif"
	"github.com/belwacht/belwacht/config/edit"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/pbx/connect"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/guard"
	"github.com/belwacht/belwacht/web/habits"
	"github.com/belwacht/belwacht/web/holds"
	"github.com/belwacht/belwacht/web/setup"
	"github.com/belwacht/belwacht/web/ui"
	"github.com/belwacht/belwacht/web/webtest"
)

// stand is the demo organisation with the console before it.
type stand struct {
	house *house.House
	base  string // http://127.0.0.1:PORT
	enter string // the link that lets in once
	found [][2]string
	file  string // the owner's configuration
}

// find looks for pages of one thing: a call that was refused, an alert, an account.
func (s *stand) find(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	list, _, err := s.house.Store.Decisions(ctx, &belwacht.DecisionQuery{Word: belwacht.Refuse})
	if err != nil || len(list) == 0 {
		t.Fatalf("no call was refused: %v", err)
	}
	alerts, _, err := s.house.Store.Alerts(ctx, &belwacht.AlertQuery{State: belwacht.IncidentOpen})
	if err != nil || len(alerts) == 0 {
		t.Fatalf("no alert is open: %v", err)
	}
	d := list[0]
	s.found = append(s.found, [2]string{"call", "/call?id=" + d.ID}, [2]string{"alert", "/alerts/" + alerts[0].ID}, [2]string{"helped", "/helpdesk?find=" + d.Reference}, [2]string{"account", "/accounts/one?name=" + d.Account})
}

var errEnough = errors.New("enough seen")

// open starts the stand. The story is played at once up to the moment for which until says true, and stands still from there; with a nil until it goes on at
// its usual speed.
func open(t *testing.T, until func(*demo.Moment) bool) *stand {
	t.Helper()
	return openTo(t, until, web.Visitor{Name: "Anna", Role: "administrator", Rights: web.Everything()})
}

// openTo opens it to another guest.
func openTo(t *testing.T, until func(*demo.Moment) bool, who web.Visitor) *stand {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	speed := 1.0
	if until != nil {
		speed = 0
	}
	h, err := house.Open(ctx, t.TempDir(), speed, log)
	if err != nil {
		t.Fatal(err)
	}
	guest := console.NewGuest(who)
	file := filepath.Join(t.TempDir(), "belwacht.yaml")
	c, err := console.New(console.Config{Setup: settable(t, h, log, file), Door: guest, Log: log, Now: h.Now, Version: "1.2.3", Notices: h.Notices, Deeds: h, WhatIf: whatif.New(whatif.Config{Config: h.Config, Store: h.Store, Now: h.Now, Log: log, Eager: true}),
		Tenants: func() []web.Tenant { return []web.Tenant{{Title: "De Linde (demo)", Zone: h.Zone(), Currency: "EUR"}} },
		Guard:   guard.Config{Viewer: h, Actor: h, Locker: h, Switch: h, Alerts: h.Store, Calls: h.Store, Decisions: h.Store, InForce: h.Store, Sums: h.Store}, Config: h.Config,
		Habits: habits.Config{Accounts: h.Store, Registrations: h.Store, Devices: h.Store}, Holds: holds.Config{Silencer: h, Silences: h.Store, Barrer: barred{}},
		Control: &control.Config{Version: "1.2.3", Log: log, Viewer: h, Actor: h, Locker: h, Switch: h}})
	if err != nil {
		t.Fatal(err)
	}
	c.Mount("GET /enter", guest)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &demo.Demo{Seed: demo.Seed, Moment: func(m *demo.Moment) error {
		if until != nil && until(m) {
			return errEnough
		}
		return nil
	}}
	h.Live(ctx, d)
	var all sync.WaitGroup
	all.Go(func() { _ = c.Serve(l) })
	played := make(chan error, 1)
	all.Go(func() { _, err := d.Run(ctx); played <- err })
	t.Cleanup(func() {
		stop()
		if err := errors.Join(c.Stop(context.Background()), h.Close(context.Background())); err != nil {
			t.Error(err)
		}
		all.Wait()
	})
	if until != nil {
		if err := <-played; !errors.Is(err, errEnough) {
			t.Fatalf("the story came to its end: %v", err)
		}
		h.Catch(ctx)
	}
	base := "http://" + l.Addr().String()
	return &stand{house: h, base: base, enter: base + guest.Path(), file: file}
}

// settable is a configuration in a file, which the house does not follow, with an Asterisk beside it that can be connected.
func settable(t *testing.T, h *house.House, log *slog.Logger, file string) *setup.Config {
	t.Helper()
	etc := t.TempDir()
	for name, contents := range map[string]string{"extensions.conf": "[outgoing]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@provider)\n", "manager.conf": "[general]\nenabled = yes\n"} {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(contents), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte("# of De Linde\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	owner := &appsetup.Owner{File: &edit.File{Path: file, Folder: t.TempDir(), Now: h.Now}}
	w := appsetup.NewWizard(appsetup.WizardConfig{Owner: owner, Folder: t.TempDir(), Log: log, Now: h.Now, Sums: h.Store, Status: h.Status, Places: []appsetup.Place{{Kind: connect.Asterisk, Etc: etc}},
		Judge: func(ctx context.Context, j *appsetup.Job) (*appsetup.Judged, error) {
			read, err := (&replay.Replay{Config: j.Config, Tenant: j.Tenant, Files: []string{j.File}, State: j.State, Outcome: j.Outcome, Note: j.Note, Progress: j.Progress}).Run(ctx)
			if err != nil {
				return nil, err
			}
			return &appsetup.Judged{Rows: read.Rows, Rejected: read.Rejected, Alerts: read.Alerts}, nil
		}})
	t.Cleanup(w.Close)
	return &setup.Config{Owner: owner, Past: owner, Wizard: w.Pages(), Secrets: true, Try: func(context.Context, string, string) ([]setup.Tried, error) {
		return []setup.Tried{{Who: "Anna", Way: "mail to a server that is not there", Err: errors.New("connection refused")}}, nil
	}}
}

// tab is a page of a real browser, and what it complained of.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu         sync.Mutex
	complaints []string
}

// browse opens a browser and enters. Where there is no Chromium or nothing is built, the test is skipped and says so; in make accept it fails.
func browse(t *testing.T, s *stand) *tab {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && program == "" {
			program = p
		}
	}
	if program == "" || !ui.Built() {
		lacks := "there is no Chromium; bash test/need.sh chromium"
		if program != "" {
			lacks = "the console's assets are not built; make ui"
		}
		if os.Getenv("BELWACHT_ACCEPT") != "" {
			t.Fatal(lacks)
		}
		t.Skip(lacks)
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.Flag("disable-dev-shm-usage", true))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 50*time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, base: s.base}
	b.do(chromedp.Navigate("about:blank"))
	err := chromedp.Listen(ctx, func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := ev.(type) {
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError && !strings.Contains(e.Entry.URL, "/healthz") {
				b.complaints = append(b.complaints, e.Entry.Text+" "+e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.complaints = append(b.complaints, described(e.ExceptionDetails))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(s.enter))
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// is evaluates an expression that gives true or false.
func (b *tab) is(expression string) bool {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
	return err == nil && v
}

// patience is how long something may take on a loaded machine.
const patience = 2 * time.Minute

// until waits for an expression to become true.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	end := time.Now().Add(patience)
	for !b.is(expression) {
		if time.Now().After(end) {
			body, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("[document.readyState, document.fonts.status, document.querySelectorAll(\"bw-chart table\").length, document.querySelectorAll(\".uplot\").length, document.body.innerText].join(\"\\n\")"))
			b.content(what)
			b.t.Fatalf("%s: not so within two minutes; the page says:\n%.1500s", what, body)
		}
		select {
		case <-b.ctx.Done():
			b.t.Fatal(b.ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// visit goes to a page and waits until it is drawn.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base+path), chromedp.WaitReady("#main"))
	b.until(path, `document.readyState === 'complete' && document.fonts.status === 'loaded' && document.querySelectorAll('bw-chart').length === document.querySelectorAll('.uplot').length`)
}

// press clicks the first element that a selector finds and whose text begins so, and waits for the next page.
func (b *tab) press(selector, text string) {
	b.t.Helper()
	find := `[...document.querySelectorAll(` + quote(selector) + `)].find(e => e.innerText.trim().startsWith(` + quote(text) + `))`
	b.until("a "+selector+" "+text, find)
	if !b.is(`(window.before = true, ` + find + `.click(), true)`) {
		b.t.Fatalf("%s %q cannot be pressed", selector, text)
	}
	b.until("the page after "+text, `!window.before && document.readyState === 'complete'`)
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// prefer sets language and theme.
func (b *tab) prefer(language, theme string) {
	b.t.Helper()
	for name, v := range map[string]string{"belwacht_language": language, "belwacht_theme": theme} {
		b.is(`document.cookie = ` + quote(name+"="+base64.RawURLEncoding.EncodeToString([]byte(v))+"; path=/"))
	}
}

// content fails where the browser complained of something, a violation of the policy above all.
func (b *tab) content(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		b.t.Errorf("%s: the browser says: %s", where, c)
	}
	b.complaints = nil
}

// whole skips a long walk in a browser where only a short run is wanted, as with the race detector; the same handlers run under it in the tests of their packages
// and in TestBrowser.
func whole(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a long walk in a browser; it is played without -short")
	}
}

// accepted skips what makes make test too long; the same steps without a browser are in web/setup, app/setup and cmd/belwacht.
func accepted(t *testing.T) {
	t.Helper()
	if os.Getenv("BELWACHT_ACCEPT") != "console" {
		t.Skip("a walk of a minute in a browser: make accept-console plays it")
	}
}

// usable has axe-core look at the page: nothing serious may keep people from using it.
func (b *tab) usable(where string) {
	b.t.Helper()
	axe := webtest.Axe(b.t, filepath.Join("..", ".."))
	if axe == "" {
		b.t.Logf("%s: axe-core is not here, so it has not looked; make ui", where)
		return
	}
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[*runtime.RemoteObject](axe)); err != nil {
		b.t.Fatal(err)
	}
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](webtest.AxeFinds, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range found {
		b.t.Errorf("%s: axe-core: %s", where, f)
	}
}

// described says what a script complained of.
func described(d *runtime.ExceptionDetails) string {
	if d.Exception != nil {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text + " " + d.URL
}

// barred are some that are turned away, so that their page has something to show; the demo has no doors of its own.
type barred struct{}

func (barred) Bars() []holds.Bar {
	now := belwacht.InstantOf(time.Now())
	return []holds.Bar{
		{Kind: "console", Key: "a", Of: "address", Subject: "203.0.113.9", Count: 31, Last: now, Until: now + 15*60*belwacht.Second},
		{Kind: "console", Key: "n", Of: "name", Subject: "admin", Count: 12, Last: now, Until: now + 60*belwacht.Second},
		{Kind: "ask", Subject: "198.51.100.23", Why: "head-office", Count: 870, Last: now},
		{Kind: "fail2ban", Subject: "2001:db8:bad::17", Why: "sip.guessing", Count: 214, Last: now},
	}
}

func (barred) Free(string) error { return nil }
