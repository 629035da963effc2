package telling

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/app/people"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store"
)

// logServer takes records by TCP (RFC 6587), a connection each.
type logServer struct {
	mu    sync.Mutex
	lines []string
}

func (s *logServer) listen(t *testing.T, address string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b, err := io.ReadAll(bufio.NewReader(c))
			c.Close()
			if err == nil {
				s.mu.Lock()
				s.lines = append(s.lines, string(b))
				s.mu.Unlock()
			}
		}
	}()
}

// told is how often a record came that holds all of some parts, and with which IDs.
func (s *logServer) told(parts ...string) (n int, ids map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids = map[string]bool{}
	for _, line := range s.lines {
		all := true
		for _, p := range parts {
			all = all && strings.Contains(line, p)
		}
		if all {
			n++
			ids[regexp.MustCompile(`delivery="([0-9a-f]{32})"`).FindString(line)] = true
		}
	}
	return n, ids
}

// TestDoorAgain: what a log server did not take of the door is told by the next run, once and under the same ID, made of the audit log; so is what was written to the
// audit log and told to nobody before the process died. What was told is not told again.
func TestDoorAgain(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	address := free(t)
	c, err := config.Read([]byte("organisation: {name: Oak, country: NL, timezone: Europe/Amsterdam}\ndata: data\ncontrol: {socket: s}\nalerts: {syslog: [{address: \"tcp://"+address+"\"}]}\n"),
		filepath.Join(dir, "b.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	live := func(do func(l *app.Live, p *people.People)) {
		t.Helper()
		tell, folks := New(log, "test", c), (*people.People)(nil)
		l, err := app.Start(t.Context(), &app.LiveConfig{Config: c, Version: "test", Log: log, Tell: tell.Start, People: func(ctx context.Context, folder string, s store.PeopleStore) (_ control.People, err error) {
			folks, err = people.Open(ctx, people.Config{Folder: folder, Store: s, Config: c, Log: log, Teller: tell})
			return folks, err
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { folks.Run(ctx) })
		do(l, folks)
		stop()
		run.Wait()
		if err := l.Stop(); err != nil {
			t.Error(err)
		}
	}
	waiting := func(l *app.Live, n int) func() bool {
		return func() bool {
			ways, _ := l.Status(t.Context())
			for _, w := range ways.Ways {
				if strings.Contains(w.Name, "of the door") {
					return w.Waiting == n
				}
			}
			return n == 0
		}
	}
	live(func(l *app.Live, p *people.People) {
		waitFor(t, "the head of the first run waits", waiting(l, 1))
		if err := p.By(t.Context(), "root", &access.Deed{Act: access.PanicRelease, Tenant: "Oak", Why: "about +31612345678"}, func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the notice waits too", waiting(l, 2))
	})
	kept, err := os.ReadFile(filepath.Join(dir, "data", "tell.ndjson"))
	if err != nil || strings.Count(string(kept), `"parcel"`) != 2 || strings.Contains(string(kept), "612345678") || strings.Contains(string(kept), "root") {
		t.Errorf("%v: what waits is kept with more than it is about, or is not: %s", err, kept)
	}
	var server logServer
	server.listen(t, address)
	live(func(l *app.Live, p *people.People) {
		waitFor(t, "all is told", func() bool {
			n, _ := server.told("audit-head")
			m, _ := server.told(`act="panic.off"`)
			return n >= 2 && m >= 1
		})
		waitFor(t, "nothing waits", waiting(l, 0))
		// As a process does that is killed between the entry and the telling.
		if err := ledger.New(ledger.Config{Store: l.Store()}).Record(t.Context(), &belwacht.Entry{Act: access.ModeLower, Who: "root", Via: "socket", Subject: "mode", Weakens: true}); err != nil {
			t.Fatal(err)
		}
	})
	live(func(l *app.Live, p *people.People) {
		waitFor(t, "what nobody was told of is told", func() bool {
			n, _ := server.told("audit-head")
			m, _ := server.told(`act="mode.lower"`)
			return n >= 3 && m >= 1
		})
		waitFor(t, "nothing waits", waiting(l, 0))
	})
	for part, want := range map[string]int{"audit-head": 3, `act="panic.off"`: 1, `act="mode.lower"`: 1, "612345678": 0} {
		if n, ids := server.told(part); n != want || len(ids) != want || ids[""] {
			t.Errorf("%s: told %d times with %d IDs, want %d", part, n, len(ids), want)
		}
	}
	for id := range func() map[string]bool { _, ids := server.told(`act="panic.off"`); return ids }() {
		if !strings.Contains(string(kept), strings.TrimSuffix(strings.TrimPrefix(id, `delivery="`), `"`)) {
			t.Errorf("%s is not the ID that waited", id)
		}
	}
}
