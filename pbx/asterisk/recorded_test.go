package asterisk

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
)

// truth is what really happened in a case.
type truth struct {
	Calls []struct {
		Account, Root, Direction, Number string
		Start                            belwacht.Instant
		Talk                             float64 `json:"talk_seconds"`
	}
	Logins []struct {
		Account, From, Result string
		Times                 int
	}
}

// cases are the folders of the recordings and what a person found to be true of them.
func cases(t testing.TB) map[string]*truth {
	t.Helper()
	files, err := filepath.Glob("testdata/asterisk22/*/truth.json")
	if err != nil || len(files) != 38 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	all := map[string]*truth{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		w := &truth{}
		if err := json.Unmarshal(data, w); err != nil {
			t.Fatal(err)
		}
		all[filepath.Dir(f)] = w
	}
	return all
}

// connections are the recordings of a case: one, or two where the connection was lost.
func connections(t testing.TB, folder string) []*recorded {
	t.Helper()
	list := []*recorded{readRecorded(t, folder, "ami")}
	if _, err := os.Stat(filepath.Join(folder, "ami2.txt.gz")); err == nil {
		list = append(list, readRecorded(t, folder, "ami2"))
	}
	return list
}

// sentinel comes after everything else: when it is heard, all before it was.
const sentinel = "Event: Reload\r\nPrivilege: system,all\r\nModule: end\r\n\r\n"

func ended(events []belwacht.Event) bool {
	return slices.ContainsFunc(events, func(e belwacht.Event) bool { return e.Call == "reloaded end" })
}

// TestRecorded plays each recording over a socket of this machine, as fast as it goes: with the header that timestampevents adds.
func TestRecorded(t *testing.T) {
	for folder, want := range cases(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			h := newHear()
			f := newFeed(t, l.Addr().String(), h)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error)
			go func() { done <- f.Run(ctx) }()
			parts := connections(t, folder)
			for i, r := range parts {
				conn, err := l.Accept()
				if err != nil {
					t.Fatal(err)
				}
				s := &server{t: t, conn: conn, answers: r.answers, list: r.channels, asked: make(chan string, 64)}
				if !s.greet() {
					t.Fatal("the log-in was wrong")
				}
				gone := make(chan struct{})
				go func() {
					s.serve()
					close(gone)
				}()
				for _, m := range r.messages[:2] { // FullyBooted, and that we have logged in
					s.write(stamped(m))
				}
				for asked := ""; i > 0 && !strings.HasPrefix(asked, "Getvar PJSIP/trunk-00000074"); asked = <-s.asked { // what runs is asked for at once
				}
				for _, m := range r.messages[2:] {
					s.write(stamped(m))
				}
				if i == len(parts)-1 {
					s.write(sentinel)
					h.until(t, "the end", ended)
				}
				if i == 0 && len(r.answers) > 0 { // asked by then, and answered
					h.until(t, "the user agent", func(events []belwacht.Event) bool { return agents(events) != "" })
				}
				if i < len(parts)-1 { // all of it arrives: closed with something unread, a socket is reset and what is under way is lost
					_ = conn.(*net.TCPConn).CloseWrite()
					<-gone
				}
				_ = conn.Close()
			}
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
			compare(t, filepath.Base(folder), h, want)
		})
	}
}

// TestRecordedInTime plays each recording as it was recorded, byte for byte and at its pace, on a clock that waits for nobody.
func TestRecordedInTime(t *testing.T) {
	for folder, want := range cases(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			parts := connections(t, folder)
			synctest.Test(t, func(t *testing.T) {
				h := newHear()
				f := newFeed(t, "127.0.0.1:5038", h)
				dialled := make(chan net.Conn)
				f.dial = func(ctx context.Context) (net.Conn, error) {
					ours, theirs := net.Pipe()
					select {
					case dialled <- theirs:
						return ours, nil
					case <-ctx.Done():
						return nil, ctx.Err()
					}
				}
				time.Sleep(time.Until(parts[0].messages[0].at))
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error)
				go func() { done <- f.Run(ctx) }()
				for i, r := range parts {
					time.Sleep(time.Until(r.messages[0].at) - 5*time.Millisecond)
					s := &server{t: t, conn: <-dialled, answers: r.answers, list: r.channels}
					if !s.greet() {
						t.Fatal("the log-in was wrong")
					}
					go s.serve()
					for _, m := range r.messages {
						time.Sleep(time.Until(m.at))
						s.write(m.text)
					}
					if i == len(parts)-1 {
						s.write(sentinel)
					}
					time.Sleep(time.Until(r.ends))
					_ = s.conn.Close()
				}
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
				compare(t, filepath.Base(folder), h, want)
			})
		})
	}
}

// toldCall is a call as it was told.
type toldCall struct {
	belwacht.Event
	answer, end *belwacht.Event
}

// calls puts the events of calls together, and looks whether they make sense.
func calls(t *testing.T, events []belwacht.Event) []*toldCall {
	t.Helper()
	var list []*toldCall
	byKey := map[string]*toldCall{}
	for i := range events {
		e := &events[i]
		if i > 0 && e.Sequence <= events[i-1].Sequence {
			t.Errorf("the sequence goes from %d to %d", events[i-1].Sequence, e.Sequence)
		}
		if e.Source != belwacht.SourcePBX || e.Tenant != "t" || e.Site != "s" {
			t.Errorf("of whom is %+v", e)
		}
		c := byKey[e.Call]
		switch e.Kind {
		case belwacht.EventAttempt:
			if c != nil {
				t.Errorf("%s is attempted twice", e.Call)
			}
			c = &toldCall{Event: *e}
			byKey[e.Call] = c
			list = append(list, c)
		case belwacht.EventAnswer:
			if c == nil || c.answer != nil || c.end != nil || e.Time < c.Time {
				t.Errorf("%s is answered, out of order", e.Call)
				continue
			}
			c.answer = e
		case belwacht.EventEnd:
			if c == nil || c.end != nil || e.Time < c.Time {
				t.Errorf("%s ends, out of order", e.Call)
				continue
			}
			c.end = e
		}
	}
	return list
}

// more are internal calls that really were, and that the truth leaves out because it tells what left the house.
var more = map[string]int{"12-phone-302-abroad": 1, "14-blind-transfer-internal": 1, "16-blind-transfer-by-caller": 1}

// compare compares what was told with the truth.
func compare(t *testing.T, name string, h *hear, want *truth) {
	t.Helper()
	events := h.all()
	got := calls(t, events)
	used := map[*toldCall]bool{}
	for _, w := range want.Calls {
		var found *toldCall
		for _, c := range got {
			if !used[c] && c.Direction.String() == w.Direction && c.Dialled == w.Number {
				found = c
				break
			}
		}
		if found == nil || found.end == nil {
			t.Errorf("not told: %+v", w)
			continue
		}
		used[found] = true
		account := found.Account
		if w.Direction == "in" && found.answer != nil && found.answer.Account != "" {
			account = found.answer.Account
		}
		unseen := name == "26-ami-reconnects" && w.Account == "202" // its end was seen by nobody: closed at the last sign of life
		talk := float64(found.end.Talk)
		if account != w.Account || found.Root != w.Root || math.Abs(talk-w.Talk) > 1 && !unseen || talk > w.Talk+1 {
			t.Errorf("%+v is told as %s of %s, talking %v s", w, found.Root, account, talk)
		}
		if d := w.Start - found.Time; (d > belwacht.Second || d < -belwacht.Second) && (w.Direction == "out" || d > belwacht.Second) {
			t.Errorf("%s starts at %s, not %s", w.Number, found.Time, w.Start)
		}
		if (w.Talk > 0) != (found.answer != nil) {
			t.Errorf("%s: answered is %v", w.Number, found.answer != nil)
		}
	}
	extra := 0
	for _, c := range got {
		switch {
		case used[c]:
		case c.Direction == belwacht.Internally:
			extra++
		default:
			t.Errorf("too many: %s %s %s", c.Call, c.Account, c.Dialled)
		}
	}
	if extra != more[name] {
		t.Errorf("%d internal calls more than the truth has, not %d", extra, more[name])
	}
	compareLogins(t, name, events, want)
	if t.Failed() {
		t.Log(show(events))
	}
}

// compareLogins compares attempts to register. Phones that call log in too; where the truth has no good one they are not looked at.
func compareLogins(t *testing.T, name string, events []belwacht.Event, want *truth) {
	t.Helper()
	failed, good := map[string]int{}, map[string]map[string]bool{}
	for _, e := range events {
		switch {
		case e.Kind == belwacht.EventAuthFailure && e.Login.Result != belwacht.LoginGood && e.Login.Service == "sip":
			failed[e.Login.User+" "+e.Login.From.String()]++
		case e.Kind == belwacht.EventRegistration && e.Login.Result == belwacht.LoginGood && e.Login.Service == "sip":
			k := e.Login.User + " " + e.Login.From.String()
			if good[k] == nil {
				good[k] = map[string]bool{}
			}
			good[k][e.Login.Session] = true
		case e.Kind == belwacht.EventAuthFailure:
			t.Errorf("a failure: %+v", e.Login)
		}
	}
	all := 0
	for _, w := range want.Logins {
		user := w.Account
		if name == "33-register-unknown-auth-username" { // what was tried stands nowhere
			user, w.Times = "", 2
		} else if w.Result == "failed" {
			all += w.Times
		}
		n := failed[user+" "+w.From]
		if w.Result == "good" {
			n = len(good[user+" "+w.From])
		}
		if n != w.Times {
			t.Errorf("%d log-ins of %q from %s are %s, not %d", n, user, w.From, w.Result, w.Times)
		}
	}
	for k, n := range failed {
		if !strings.HasPrefix(k, " ") {
			all -= n
		}
	}
	if all != 0 {
		t.Errorf("failures too many: %v", failed)
	}
	if name == "22-register-good" && agents(events) != "Grandstream GXP2170 1.0.11.64" {
		t.Errorf("the user agent is %q", agents(events))
	}
}

// agents are the user agents that were told.
func agents(events []belwacht.Event) string {
	var list []string
	for _, e := range events {
		if e.Login != nil && e.Login.Agent != "" {
			list = append(list, fmt.Sprint(e.Login.Agent))
		}
	}
	return strings.Join(list, "|")
}
