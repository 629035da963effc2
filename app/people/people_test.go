package people_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/app/people"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store"
)

// ear hears what people are told.
type ear struct {
	mu    sync.Mutex
	acts  []string
	heads int
}

func (e *ear) Notice(n *belwacht.Notice) {
	e.mu.Lock()
	defer e.mu.Unlock()
	to := ""
	for _, u := range n.To {
		to += " " + u.Login
	}
	e.acts = append(e.acts, string(n.Entry.Act)+to)
}

func (e *ear) Head(*belwacht.Head, []belwacht.User) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heads++
}

// heard takes what was heard.
func (e *ear) heard() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := strings.Join(e.acts, "; ")
	e.acts = nil
	return s
}

const owners = `organisation: {name: Oak, country: NL, timezone: Europe/Amsterdam}
mode: MODE
keep: {calls: DAYS}
limits: {organisation: {money_per_day: EUR 50}}
`

// TestRunning: what the control socket and a changed file do to a running Belwacht is in its audit log and told; how long what is kept changes with a reload.
func TestRunning(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file := filepath.Join(dir, "b.yaml")
	read := func(mode, days string) (*config.Config, error) {
		if err := os.WriteFile(file, []byte(strings.NewReplacer("MODE", mode, "DAYS", days).Replace(owners)), 0o600); err != nil {
			return nil, err
		}
		return config.Load(file, nil)
	}
	c, err := read("enforce", "200")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	heard, folks := &ear{}, (*people.People)(nil)
	var running atomic.Pointer[app.Live]
	var later atomic.Int64 // how far the door's clock runs ahead
	live, err := app.Start(t.Context(), &app.LiveConfig{Config: c, Data: filepath.Join(dir, "data"), Socket: filepath.Join(dir, "s"), Version: "1", Log: log,
		People: func(ctx context.Context, folder string, s store.PeopleStore) (_ control.People, err error) {
			folks, err = people.Open(ctx, people.Config{Folder: folder, Store: s, Config: c, Log: log, Teller: heard, Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }, Tried: func(x *belwacht.Login, of string) { running.Load().Tried(x, of) }})
			return folks, err
		}, Changed: func(ctx context.Context, who string, list []belwacht.Change) { folks.Changed(ctx, who, list) }})
	if err != nil {
		t.Fatal(err)
	}
	running.Store(live)
	defer func() {
		if err := live.Stop(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := folks.Local(t.Context(), "root", belwacht.User{Login: "anna", Name: "Anna", Role: belwacht.RoleAdministrator}, "Groene-fiets7-lamp"); err != nil {
		t.Fatal(err)
	}
	if _, err := folks.Local(t.Context(), "root", belwacht.User{Login: "olga", Name: "Olga", Role: belwacht.RoleAdministrator, Tenant: "Elm"}, "Groene-fiets7-lamp"); err != nil {
		t.Fatal(err)
	}
	heard.heard()
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("it is not so that " + what)
			}
		}
	}
	entries := func(act belwacht.Act) []belwacht.Entry {
		t.Helper()
		list, _, err := folks.Entries(t.Context(), &belwacht.EntryQuery{Act: act})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	// Guessing at the console is told as at the PBX.
	stranger := netip.MustParseAddr("203.0.113.9")
	for range 6 {
		later.Add(int64(30 * time.Minute)) // whoever is too quick is not even listened to
		if _, err := folks.SignIn(t.Context(), &door.Attempt{Login: "anna", Password: "guess", From: stranger, Agent: "x"}); err == nil {
			t.Fatal("a guess opens")
		}
	}
	if _, err := folks.VisitKey("bwk_guess_guess", stranger); err == nil {
		t.Fatal("a guessed key opens")
	}
	until("guessing at the console is an alert", func() bool {
		list, _, err := live.Store().Alerts(t.Context(), &belwacht.AlertQuery{Tenant: "Oak"})
		return err == nil && len(list) == 1 && list[0].Cause == "login.manager" && strings.Contains(list[0].ReasonNL, "Belwacht zelf")
	})
	logins, _, err := live.Store().Logins(t.Context(), &belwacht.LoginQuery{Tenant: "Oak"})
	if err != nil || len(logins) < 5 || logins[0].From != stranger || logins[len(logins)-1].Service != "console" || logins[len(logins)-1].Result != belwacht.LoginWrongSecret {
		t.Errorf("%+v %v", logins, err)
	}
	socket := control.NewClient(filepath.Join(dir, "s"))
	do := func(method, path string, in any) {
		t.Helper()
		if err := socket.Do(t.Context(), method, path, in, &struct{}{}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	do(http.MethodPost, "/v1/locks", &control.LockRequest{Account: "212", Why: "stolen"})
	do(http.MethodDelete, "/v1/locks?account=212", nil)
	do(http.MethodPost, "/v1/panic", &control.PanicRequest{On: true})
	do(http.MethodPost, "/v1/panic", &control.PanicRequest{})
	for _, act := range []belwacht.Act{access.AccountLock, access.AccountUnlock, access.PanicPress, access.PanicRelease} {
		if list := entries(act); len(list) != 1 || list[0].Via != "socket" || list[0].Who == "" || act == access.AccountLock && (list[0].Subject != "212" || list[0].Why != "stolen") {
			t.Errorf("%s: %+v", act, list)
		}
	}
	if got := heard.heard(); got != "panic.off anna" {
		t.Errorf("told: %s", got)
	}
	until("the first configuration is noted", func() bool { b, err := live.Store().Noted(t.Context(), "configuration"); return err == nil && b != nil })
	// What a command beside it did is told at the next look, once; what it did itself is not told again.
	beside := &belwacht.Entry{Act: access.PersonGone, Who: "root", Via: ledger.ByCommand, Subject: "212", Weakens: true}
	if err := ledger.New(ledger.Config{Store: live.Store()}).Record(t.Context(), beside); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		folks.Look(t.Context())
	}
	if got := heard.heard(); got != "person.forget anna" {
		t.Errorf("told of a command: %s", got)
	}
	// A lower mode and shorter times by hand: told, and in force.
	if err := live.Reload(func() (*config.Config, error) { return read("monitor", "100") }); err != nil {
		t.Fatal(err)
	}
	until("the reload is in the audit log", func() bool { return len(entries(access.ModeLower)) > 0 && len(entries(access.KeepShorten)) > 0 })
	if e := entries(access.ModeLower)[0]; e.Via != "configuration" || !strings.Contains(e.Detail, "enforce → monitor") || !e.Weakens {
		t.Errorf("%+v", e)
	}
	var told []string
	until("the administrator is told twice", func() bool {
		if s := heard.heard(); s != "" {
			told = append(told, s)
		}
		return strings.Count(strings.Join(told, "; "), " anna") >= 2
	})
	if got := strings.Join(told, "; "); got != "retention.shorten anna; mode.lower anna" && got != "mode.lower anna; retention.shorten anna" {
		t.Errorf("told: %s", got)
	}
	if kept := live.Store().KeptFor().Calls; kept != 100*belwacht.Day {
		t.Errorf("calls are kept for %d days", kept/belwacht.Day)
	}
	// Who changed it by a page has an entry already.
	if err := live.ReloadBy("anna", func() (*config.Config, error) { return read("learn", "100") }); err != nil {
		t.Fatal(err)
	}
	if err := live.Reload(func() (*config.Config, error) { return read("enforce", "100") }); err != nil {
		t.Fatal(err)
	}
	until("the second reload is in the audit log", func() bool { return len(entries(access.ModeRaise)) > 0 })
	if len(entries(access.ModeLower)) != 1 {
		t.Errorf("a change has two entries: %+v", entries(access.ModeLower))
	}
	if r, err := folks.Verify(t.Context(), nil); err != nil || !r.OK() {
		t.Errorf("%+v %v", r, err)
	}
}
