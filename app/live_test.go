package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask/desk"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
)

// pbx is a PBX whose feed says what a test says, and which ends what it is told to.
type pbx struct {
	sink  *Feed
	runs  atomic.Int32
	ended chan string
}

func (p *pbx) Run(ctx context.Context) error {
	p.runs.Add(1)
	<-ctx.Done()
	return nil
}
func (p *pbx) Health() (string, bool) { return "connected", true }
func (p *pbx) End(_ context.Context, call string) error {
	p.ended <- call
	return nil
}

// log is a buffer for many writers.
type log struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// house is a Belwacht that runs, with its folder.
type house struct {
	*Live
	dir string
	log *log
	pbx *pbx
}

// settings are a configuration with a mode and more.
func settings(t *testing.T, dir, mode, more string) *config.Config {
	t.Helper()
	c, err := config.Read([]byte("organisation: {country: NL, timezone: Europe/Amsterdam}\nmode: "+mode+"\ndata: data\ncontrol: {socket: s}\nhealth: {listen: \"127.0.0.1:0\"}\n"+more),
		filepath.Join(dir, "b.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const onePBX = "pbx:\n  - name: hk\n    ami: {address: \"127.0.0.1:1\", user: b, secret_file: secret}\n    ask: {listen: \"127.0.0.1:0\", secret_file: secret}\n    trunks: [PJSIP/trunk]\n"

// begin starts one in a folder.
func begin(t *testing.T, dir string, c *config.Config) *house {
	t.Helper()
	h := &house{dir: dir, log: &log{}, pbx: &pbx{ended: make(chan string, 10)}}
	var err error
	h.Live, err = Start(context.Background(), &LiveConfig{Config: c, Version: "1", Log: slog.New(slog.NewTextHandler(h.log, nil)), Feeds: func(_ *config.Config, _ *config.PBX, sink *Feed) (PBXFeed, error) {
		h.pbx.sink = sink
		return h.pbx, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// folder is one with a secret, short enough for a socket.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("fake-secret-for-tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// ask asks as a dial plan does.
func (h *house) ask(id, number string) (string, error) {
	addr := h.asking.Address(desk.Socket{Address: "127.0.0.1:0"})
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.PostForm("http://"+addr+"/ask", url.Values{"key": {"fake-secret-for-tests"}, "number": {number}, "uniqueid": {id}, "channel": {"PJSIP/212-0000000a"}})
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return string(b), err
}

func (h *house) status(t *testing.T) *control.Status {
	t.Helper()
	s, err := h.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPanicEnds: panic with end has the PBX end what runs abroad, within a second, and nothing else; it outlives the process.
func TestPanicEnds(t *testing.T) {
	dir := folder(t)
	c := settings(t, dir, "monitor", onePBX)
	h := begin(t, dir, c)
	now := belwacht.InstantOf(time.Now())
	for id, number := range map[string]string{"1.1": "0032470000101", "1.2": "0201234567"} {
		h.pbx.sink.Event(dial(id, number, now))
		h.pbx.sink.Event(event(belwacht.EventAnswer, id, now))
	}
	ended, left, err := h.Panic(t.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Who: "a"}, true)
	if err != nil || ended != 1 || left != 0 {
		t.Fatal(ended, left, err)
	}
	select {
	case call := <-h.pbx.ended:
		if call != "1.1" {
			t.Errorf("%s is ended", call)
		}
	case <-time.After(time.Second):
		t.Error("nothing is ended within a second")
	}
	if a, err := h.ask("2.1", "0032470000101"); err != nil || !strings.HasPrefix(a, "refuse,panic,") {
		t.Errorf("%q %v", a, err)
	}
	if err := h.End(t.Context(), "1.2", "a"); err != nil || <-h.pbx.ended != "1.2" {
		t.Error(err)
	}
	if err := h.Lock(t.Context(), &belwacht.InForce{Kind: belwacht.KindLock, Subject: "299", Who: "a"}); err != nil {
		t.Error(err)
	}
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	// What is in force is listed even where the journal is lost: the store has it, and where that is lost too the memory.
	for _, lost := range []struct {
		files []string
		who   string
	}{{[]string{"inforce.ndjson"}, "a"}, {[]string{"inforce.ndjson", "belwacht.db*"}, "belwacht"}} {
		var names []string
		for _, pattern := range lost.files {
			more, err := filepath.Glob(filepath.Join(dir, "data", pattern))
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, more...)
		}
		if len(names) < len(lost.files) {
			t.Fatal(names)
		}
		for _, name := range names {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		h = begin(t, dir, c)
		if s := h.status(t); !s.Panic || s.Calls != 1 || s.Tenants[0].Locks != 1 {
			t.Errorf("%+v", s)
		}
		if l, err := h.Locks(t.Context()); err != nil || len(l) != 1 || l[0].Subject != "299" || l[0].Who != lost.who {
			t.Errorf("%+v %v", l, err)
		}
		if lost.who == "a" {
			if err := h.Stop(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := h.Calm(t.Context(), "", "b"); err != nil || h.status(t).Panic {
		t.Error(err)
	}
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	h = begin(t, dir, c)
	if s := h.status(t); s.Panic || s.Tenants[0].Locks != 1 {
		t.Errorf("%+v", s)
	}
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
}

// TestReloadDropsNothing: while configurations are replaced every question has its answer, and what runs and is in force goes over.
func TestReloadDropsNothing(t *testing.T) {
	dir := folder(t)
	h := begin(t, dir, settings(t, dir, "enforce", onePBX))
	if _, _, err := h.Panic(t.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Who: "a"}, false); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	stop := make(chan struct{})
	asked := atomic.Int32{}
	for w := range 3 {
		wait.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				// Calls come again, so that the disk need not keep up with the questions. A machine that is short of time may miss the deadline; whoever asks is answered all the same.
				if a, err := h.ask(fmt.Sprint(w, ".", i%50), "0032470000101"); err != nil || !strings.HasPrefix(a, "refuse,panic,") && !strings.HasPrefix(a, "refuse,engine.late,") {
					t.Errorf("%q %v", a, err)
					return
				}
				asked.Add(1)
			}
		})
	}
	for i := range 6 {
		more := onePBX
		if i%2 == 0 {
			more += "    judge_by: ami\n"
		}
		if i%3 == 0 { // another dial plan makes another server
			more += "plan: {short_codes: [1233]}\n"
		}
		if err := h.Reload(func() (*config.Config, error) {
			return settings(t, dir, []string{"enforce", "monitor"}[i%2], more), nil
		}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wait.Wait()
	wrong := func() (*config.Config, error) { return nil, belwacht.Errorf(belwacht.Config, "b.yaml:1: is wrong") }
	if err := h.Reload(wrong); err == nil || !strings.Contains(strings.Join(h.status(t).Problems, " "), "b.yaml:1: is wrong") {
		t.Errorf("%v %+v", err, h.status(t))
	}
	if s := h.status(t); !s.Panic || s.Counts["ask_asked"] != uint64(asked.Load()) || s.Tenants[0].Mode != belwacht.Monitor {
		t.Errorf("%d asked; %+v", asked.Load(), s)
	}
	if h.pbx.runs.Load() == 0 {
		t.Error("no feed runs")
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
	if s := h.log.String(); strings.Contains(s, "level=ERROR") {
		t.Error(s)
	}
}

// TestReloadWhole: where a PBX could not ask any more, since another program has the port, the whole configuration is refused and the old one goes on.
func TestReloadWhole(t *testing.T) {
	dir := folder(t)
	h := begin(t, dir, settings(t, dir, "enforce", "limits: {organisation: {no_countries: [SO]}}\n"+onePBX))
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	other := strings.Replace(onePBX, "127.0.0.1:0", taken.Addr().String(), 1)
	if other == onePBX {
		t.Fatal("the PBX asks nowhere")
	}
	if err := h.Reload(func() (*config.Config, error) { return settings(t, dir, "monitor", other), nil }); err == nil {
		t.Fatal("a port that is taken is taken over")
	}
	if s := h.status(t); s.Tenants[0].Mode != belwacht.Enforce || h.InUse().Mode != belwacht.Enforce || h.InUse().Limits.Organisation == nil {
		t.Errorf("half of it is in use: %+v", s)
	}
	if a, err := h.ask("1.1", "00252611234567"); err != nil || !strings.HasPrefix(a, "refuse,limit.country,") {
		t.Errorf("%q %v", a, err)
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
}

// TestDiskGone: where nothing can be written refusals go on, and it is told.
func TestDiskGone(t *testing.T) {
	dir := folder(t)
	h := begin(t, dir, settings(t, dir, "enforce", "limits: {organisation: {no_countries: [SO]}}\n"+onePBX))
	for os.RemoveAll(filepath.Join(dir, "data")) != nil { // the store may be about to make a file there
		time.Sleep(time.Millisecond)
	}
	if err := h.journal.Close(); err != nil {
		t.Fatal(err)
	}
	h.save()
	if a, err := h.ask("1.1", "00252611234567"); err != nil || !strings.HasPrefix(a, "refuse,limit.country,") {
		t.Errorf("%q %v", a, err)
	}
	if _, _, err := h.Panic(t.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Who: "a"}, false); belwacht.CodeOf(err) != belwacht.Unreachable || err == nil ||
		!strings.HasPrefix(err.Error(), "it holds now, and would not after a restart") {
		t.Error(err)
	}
	if a, err := h.ask("1.2", "0032470000101"); err != nil || !strings.HasPrefix(a, "refuse,panic,") {
		t.Errorf("%q %v", a, err)
	}
	if s := h.status(t); s.Memory.Error == "" || len(s.Problems) == 0 {
		t.Errorf("%+v", s)
	}
	if h.ready()["memory"] {
		t.Error("it says that it is ready")
	}
	if err := h.Stop(); err == nil {
		t.Error("that the memory was not kept is not told")
	}
}

// TestHealth: what monitoring reads holds no numbers, and says so where the engine is stalled.
func TestHealth(t *testing.T) {
	dir := folder(t)
	h := begin(t, dir, settings(t, dir, "enforce", onePBX))
	if _, err := h.ask("1.1", "0201234567"); err != nil {
		t.Fatal(err)
	}
	get := func(path string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		w := &recorder{header: http.Header{}}
		h.health.Handler.ServeHTTP(w, r)
		return w.status, w.b.String()
	}
	for path, want := range map[string]string{"/healthz": `"alive":true`, "/readyz": `"feeds":true`, "/metrics": "belwacht_ask_asked_total 1"} {
		if status, body := get(path); status != http.StatusOK || !strings.Contains(body, want) || strings.Contains(body, "201234567") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, _ := get("/other"); status != http.StatusNotFound {
		t.Error(status)
	}
	h.ticked.Store(time.Now().Add(-2 * aliveFor).UnixMilli())
	if status, body := get("/healthz"); status != http.StatusServiceUnavailable {
		t.Errorf("stalled: %d %s", status, body)
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
}

// recorder takes an answer.
type recorder struct {
	header http.Header
	status int
	b      strings.Builder
}

func (r *recorder) Header() http.Header { return r.header }
func (r *recorder) WriteHeader(s int)   { r.status = s }
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.b.Write(b)
}

// TestFeedbackLasts: what a person said of a call, and what the call was, are on disk when it is acknowledged.
func TestFeedbackLasts(t *testing.T) {
	dir := folder(t)
	c := settings(t, dir, "enforce", onePBX)
	h := begin(t, dir, c)
	if _, _, err := h.Panic(t.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Who: "a"}, false); err != nil {
		t.Fatal(err)
	}
	a, err := h.ask("1.1", "0032470000101")
	if err != nil || !strings.HasPrefix(a, "refuse,panic,") {
		t.Fatal(a, err)
	}
	reference := strings.Split(a, ",")[2]
	if list, _ := h.Decisions(t.Context(), strings.ToLower(reference)); len(list) != 1 || list[0].ID != "1.1" || list[0].Reason == "" {
		t.Errorf("%+v", list)
	}
	if err := h.Feedback(t.Context(), &belwacht.Feedback{ID: reference, Says: "fraud"}, "a"); err != nil {
		t.Fatal(err)
	}
	if err := h.Calm(t.Context(), "", "a"); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(folder(t), "data") // as a power cut would leave it
	if err := os.CopyFS(kept, os.DirFS(filepath.Join(dir, "data"))); err != nil {
		t.Fatal(err)
	}
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	c.Data = kept
	h = begin(t, dir, c)
	if a, err := h.ask("2.1", "0032470000102"); err != nil || !strings.HasPrefix(a, "refuse,feedback.fraud,") {
		t.Errorf("%q %v", a, err)
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
}
