package control

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
)

// world is a running Belwacht of which only the way in is real.
type world struct {
	mu    sync.Mutex
	locks map[string]belwacht.InForce
	said  []string
}

func (w *world) Status(context.Context) (*Status, error) {
	return &Status{Schema: StatusSchema, Panic: true}, nil
}
func (w *world) Calls(context.Context) ([]belwacht.Running, error) {
	return []belwacht.Running{{ID: "1.2", Account: "212"}}, nil
}

func (w *world) Decisions(_ context.Context, id string) ([]belwacht.Decision, error) {
	if id != "1.2" && id != "K7Q2M9" {
		return nil, nil
	}
	return []belwacht.Decision{{ID: "1.2", Reason: "Refused: so.", ReasonNL: "Geweigerd: zo."}}, nil
}

func (w *world) say(s ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, strings.Join(s, " "))
}

func (w *world) End(_ context.Context, id, who string) error {
	w.say("end", id, who)
	if id == "9.9" {
		return belwacht.Errorf(belwacht.NotFound, "no call 9.9 runs")
	}
	return nil
}

func (w *world) Feedback(_ context.Context, f *belwacht.Feedback, who string) error {
	w.say("feedback", f.ID, f.Says, string(f.Width), who)
	return nil
}

func (w *world) Locks(context.Context) ([]belwacht.InForce, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []belwacht.InForce
	for _, l := range w.locks {
		list = append(list, l)
	}
	return list, nil
}

func (w *world) Lock(_ context.Context, f *belwacht.InForce) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.locks[f.Subject] = *f
	return nil
}

func (w *world) Unlock(_ context.Context, _, account, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.locks[account]; !ok {
		return belwacht.Errorf(belwacht.NotFound, "account %s is not locked", account)
	}
	delete(w.locks, account)
	return nil
}

func (w *world) Panic(_ context.Context, f *belwacht.InForce, end bool) (int, int, error) {
	w.say("panic", f.Who, f.Why)
	if f.Tenant == "full" {
		return 0, 0, belwacht.Errorf(belwacht.Unreachable, "the disk is full")
	}
	return map[bool]int{true: 2}[end], 1, nil
}

func (w *world) Calm(_ context.Context, _, who string) error {
	w.say("calm", who)
	return nil
}

// open is a server on a socket, and a client of it.
func open(t *testing.T) (*world, *Client, string, *strings.Builder) {
	t.Helper()
	dir, err := os.MkdirTemp("", "bw") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "s")
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	w, log := &world{locks: map[string]belwacht.InForce{}}, &strings.Builder{}
	s := New(Config{Version: "1", Log: slog.New(slog.NewTextHandler(log, nil)), Viewer: w, Actor: w, Locker: w, Switch: w})
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = s.Stop(context.Background())
		if err := <-done; err != nil {
			t.Error(err)
		}
		os.RemoveAll(dir)
	})
	return w, NewClient(path), path, log
}

func TestOperations(t *testing.T) {
	w, c, path, log := open(t)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	do := func(method, path string, in, out any) {
		t.Helper()
		if err := c.Do(t.Context(), method, path, in, out); err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
	}
	var st Status
	var calls Calls
	var locks Locks
	var p Panicked
	var why Why
	var list []belwacht.Decision
	do("GET", "/v1/status", nil, &st)
	do("GET", "/v1/calls", nil, &calls)
	do("POST", "/v1/locks", &LockRequest{Account: "212", Why: "so"}, &locks)
	if !st.Panic || len(calls.Calls) != 1 || calls.Schema != CallsSchema || len(locks.Locks) != 1 || locks.Locks[0].Who != me.Username || locks.Locks[0].Why != "so" {
		t.Errorf("%+v %+v %+v", st, calls, locks)
	}
	do("DELETE", "/v1/locks?account=212", nil, &locks)
	if len(locks.Locks) != 0 {
		t.Errorf("%+v", locks)
	}
	do("POST", "/v1/panic", &PanicRequest{On: true, End: true, Why: "so"}, &p)
	if !p.Panic || p.Ended != 2 || p.Left != 1 {
		t.Errorf("%+v", p)
	}
	do("POST", "/v1/panic", &PanicRequest{}, &p)
	do("POST", "/v1/calls/end", &EndRequest{ID: "1.2/2"}, &Ended{})
	do("POST", "/v1/feedback", &FeedbackRequest{ID: "1.2", Says: "fine", Width: belwacht.WidthNumber}, &Heard{})
	do("GET", "/v1/why?code=PANIC", nil, &why)
	if why.Code != "panic" || !strings.HasPrefix(why.ReasonNL, "De noodknop") || len(why.Decisions) != 0 {
		t.Errorf("%+v", why)
	}
	do("GET", "/v1/why?code=K7Q2M9", nil, &why)
	do("GET", "/v1/decisions?id=1.2", nil, &list)
	if why.Reason != "Refused: so." || len(why.Decisions) != 1 || len(list) != 1 {
		t.Errorf("%+v %+v", why, list)
	}
	if got := strings.Join(w.said, "; "); got != "panic "+me.Username+" so; calm "+me.Username+"; end 1.2/2 "+me.Username+"; feedback 1.2 fine number "+me.Username {
		t.Error(got)
	}
	for _, what := range []string{"control.lock", "control.unlock", "control.panic", "control.end", "control.feedback"} {
		if !strings.Contains(log.String(), "event="+what) {
			t.Errorf("%s is not logged", what)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	var api struct {
		OpenAPI string         `json:"openapi"`
		Paths   map[string]any `json:"paths"`
	}
	do("GET", "/openapi.json", nil, &api)
	if !strings.HasPrefix(api.OpenAPI, "3.1") || len(api.Paths) != 12 {
		t.Errorf("%+v", api)
	}
}

func TestErrors(t *testing.T) {
	_, c, path, _ := open(t)
	for _, x := range []struct {
		method, path string
		in           any
		code         belwacht.Code
		says         string
	}{
		{"POST", "/v1/calls/end", &EndRequest{ID: "9.9"}, belwacht.NotFound, "no call 9.9 runs"},
		{"POST", "/v1/panic", &PanicRequest{On: true, Tenant: "full"}, belwacht.Unreachable, "the disk is full"},
		{"DELETE", "/v1/locks?account=9", nil, belwacht.NotFound, "account 9 is not locked"},
		{"GET", "/v1/why?code=%00%1b[2J", nil, belwacht.NotFound, "is no cause"},
		{"GET", "/v1/why", nil, belwacht.Invalid, "code"},
		{"GET", "/v1/decisions?id=9", nil, belwacht.NotFound, "no decision on call 9"},
		{"POST", "/v1/feedback", &FeedbackRequest{ID: "1", Says: "perhaps"}, belwacht.Invalid, "says"},
		{"POST", "/v1/locks", &LockRequest{Account: strings.Repeat("x", 300)}, belwacht.Invalid, "account"},
		{"POST", "/v1/locks", map[string]string{"account": "1", "other": "2"}, belwacht.Invalid, "other"},
		{"POST", "/v1/locks", map[string]string{"account": strings.Repeat("x", 80<<10)}, belwacht.Invalid, "80 KiB, of 64 at most"},
		{"GET", "/v1/nothing", nil, belwacht.Unreachable, "404"},
	} {
		err := c.Do(t.Context(), x.method, x.path, x.in, &struct{}{})
		if err == nil || belwacht.CodeOf(err) != x.code || !strings.Contains(err.Error(), x.says) || strings.ContainsAny(err.Error(), "\x00\x1b") {
			t.Errorf("%s %s: %v (%s)", x.method, x.path, err, belwacht.CodeOf(err))
		}
	}
	// Whoever asks for more all the same is answered, or finds the line closed while he still writes.
	if long, err := c.web.Post("http://belwacht/v1/locks", "application/json", strings.NewReader(`{"account": "`+strings.Repeat(" ", 1<<20)+`1"}`)); err == nil {
		if long.Body.Close(); long.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("a megabyte: %s", long.Status)
		}
	}
	r, err := c.web.Get("http://belwacht/v1/why?code=zzz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var problem map[string]any
	b, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(b, &problem); err != nil || r.StatusCode != http.StatusNotFound || r.Header.Get("Content-Type") != "application/problem+json" ||
		problem["type"] != "urn:belwacht:error:not_found" {
		t.Errorf("%v %s", r, b)
	}
	if _, err := Listen(path); belwacht.CodeOf(err) != belwacht.Config || err == nil || !strings.Contains(err.Error(), "another Belwacht listens") {
		t.Errorf("a second one: %v", err)
	}
	if err := NewClient(path+"-gone").Do(t.Context(), "GET", "/v1/status", nil, &Status{}); belwacht.CodeOf(err) != belwacht.Unreachable || err == nil ||
		!strings.Contains(err.Error(), "no Belwacht listens at") {
		t.Errorf("nobody there: %v", err)
	}
}

// TestStaleSocket: what a killed process left behind is no obstacle, and is no Belwacht.
func TestStaleSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	if err := NewClient(path).Do(t.Context(), "GET", "/v1/status", nil, &Status{}); belwacht.CodeOf(err) != belwacht.Unreachable {
		t.Error(err)
	}
	next, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	next.Close()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(path); belwacht.CodeOf(err) != belwacht.Config {
		t.Errorf("a file in its place: %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error("another's file is removed")
	}
}
