package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// receiver is a way whose answers a test decides.
type receiver struct {
	name   string
	answer func(m *Message) error

	mu    sync.Mutex
	tries []time.Duration // since the beginning
	got   []*Message
	began time.Time
}

func (r *receiver) Name() string { return r.name }

func (r *receiver) Send(ctx context.Context, m *Message) error {
	r.mu.Lock()
	r.tries = append(r.tries, time.Since(r.began))
	r.mu.Unlock()
	err := r.answer(m)
	if err == nil {
		r.mu.Lock()
		r.got = append(r.got, m)
		r.mu.Unlock()
	}
	return err
}

// ids are what arrived, each with its count.
func (r *receiver) ids() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var s []string
	for _, m := range r.got {
		s = append(s, m.ID+"×"+strconv.Itoa(m.Count))
	}
	return strings.Join(s, " ")
}

// started runs a notifier in a bubble.
func started(t *testing.T, ways ...*receiver) (n *Notifier, stop func()) {
	t.Helper()
	c, house := Config{Log: slog.New(slog.DiscardHandler)}, Receiver{}
	for _, r := range ways {
		r.began = time.Now()
		house.Ways = append(house.Ways, r)
	}
	c.Receivers = []Receiver{house}
	n, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }()
	return n, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func alert(id string, count int) *belwacht.Alert {
	return &belwacht.Alert{ID: id, Tenant: "t", Account: "212", Cause: "c", First: 1, Last: 2, Word: belwacht.Refuse, Count: count, Numbers: []string{}}
}

func down() error { return belwacht.Errorf(belwacht.Unreachable, "nobody answers") }

// TestOutage: a way that does not work is tried after 1, 2, 4 … seconds and then every five minutes; when it works again, all that waited is told in order,
// once, and what grew meanwhile in its newest form. The other way is not held up.
func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var works atomic.Bool
		broken := &receiver{name: "broken", answer: func(*Message) error {
			if !works.Load() {
				return down()
			}
			return nil
		}}
		other := &receiver{name: "other", answer: func(*Message) error { return nil }}
		n, stop := started(t, broken, other)
		defer stop()
		n.Tell(alert("A1", 1))
		n.Tell(alert("A2", 1))
		synctest.Wait()
		n.Tell(alert("A3", 1))
		n.Tell(alert("A2", 7))
		n.Tell(alert("A1", 5))
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		// What only grows is told a quarter of an hour later, as it is then.
		if got := other.ids(); got != "A1×1 A2×1 A3×1 A1×5 A2×7" && got != "A1×1 A2×1 A3×1 A2×7 A1×5" {
			t.Errorf("the other way: %s", got)
		}
		s := n.State()[0]
		if s.Waiting != 3 || s.Sent != 0 || s.LastError != "nobody answers" || s.Since.IsZero() {
			t.Errorf("%+v", s)
		}
		works.Store(true)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if got := broken.ids(); got != "A1×5 A2×7 A3×1" {
			t.Errorf("after the outage: %s", got)
		}
		want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111}
		for i, w := range want {
			if broken.tries[i] != w*time.Second {
				t.Errorf("try %d after %v, want %v s", i, broken.tries[i], int64(w))
			}
		}
		if s := n.State()[0]; s.Waiting != 0 || s.Sent != 3 || s.LastError != "" || !s.Since.IsZero() || s.LastSent.IsZero() {
			t.Errorf("%+v", s)
		}
	})
}

// TestGiveUp: what was tried for a day is given up and counted.
func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{name: "r", answer: func(*Message) error { return down() }}
		n, stop := started(t, r)
		defer stop()
		n.Tell(alert("A1", 1))
		time.Sleep(12 * time.Hour)
		n.Tell(alert("A2", 1))
		time.Sleep(12*time.Hour - time.Minute)
		if s := n.State()[0]; s.Waiting != 2 || s.Failed != 0 {
			t.Errorf("before a day is over: %+v", s)
		}
		time.Sleep(7 * time.Minute)
		if s := n.State()[0]; s.Waiting != 1 || s.Failed != 1 {
			t.Errorf("after a day: %+v", s)
		}
	})
}

// TestOneThatIsNotTaken: an alert that a receiver refuses, or chokes on, holds up no other for long; one that is refused is not tried again.
func TestOneThatIsNotTaken(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		tries int
		state State
	}{
		{"refused", fmt.Errorf("404: %w", ErrRefused), 1, State{Failed: 1, Sent: 2}},
		{"choked on", errors.New("500"), 5, State{Waiting: 1, Sent: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bad := 0
				r := &receiver{name: "r", answer: func(m *Message) error {
					if m.ID == "bad" {
						bad++
						return c.err
					}
					return nil
				}}
				n, stop := started(t, r)
				defer stop()
				for _, id := range []string{"bad", "A1", "A2"} {
					n.Tell(alert(id, 1))
				}
				time.Sleep(16 * time.Second)
				synctest.Wait()
				s := n.State()[0]
				if r.ids() != "A1×1 A2×1" || bad != c.tries || s.Waiting != c.state.Waiting || s.Failed != c.state.Failed || s.Sent != c.state.Sent {
					t.Errorf("%s; %d tries; %+v", r.ids(), bad, s)
				}
				n.Tell(alert("A3", 1)) // not behind what waits for its next try
				synctest.Wait()
				if r.ids() != "A1×1 A2×1 A3×1" {
					t.Error(r.ids())
				}
			})
		})
	}
}

// TestGrowsWhileSent: what comes while an alert is being sent is sent a quarter of an hour after it, or instead of it where that failed; a graver form at once.
func TestGrowsWhileSent(t *testing.T) {
	for _, c := range []struct {
		name  string
		first error
		soon  string
		want  string
	}{{"arrived", nil, "A1×1", "A1×1 A1×3"}, {"failed", down(), "A1×3", "A1×3"}, {"not taken", errors.New("500"), "A1×3", "A1×3"}, {"refused", ErrRefused, "", "A1×3"}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sends := 0
				r := &receiver{name: "r", answer: func(*Message) error {
					if sends++; sends == 1 {
						time.Sleep(5 * time.Second)
						return c.first
					}
					return nil
				}}
				n, stop := started(t, r)
				defer stop()
				n.Tell(alert("A1", 1))
				time.Sleep(time.Second)
				n.Tell(alert("A1", 2))
				n.Tell(alert("A1", 3))
				time.Sleep(time.Minute)
				if got := r.ids(); got != c.soon {
					t.Errorf("%s, want %s", got, c.soon)
				}
				time.Sleep(15 * time.Minute)
				if got := r.ids(); got != c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
				worse := alert("A1", 4)
				worse.Word = belwacht.EndNow
				n.Tell(worse)
				synctest.Wait()
				if got := r.ids(); got != c.want+" A1×4" {
					t.Errorf("%s once it is graver", got)
				}
			})
		})
	}
}

// TestBounded: Tell never waits; what does not fit is dropped and counted.
func TestBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{name: "r", answer: func(*Message) error { return down() }}
		n, stop := started(t, r)
		defer stop()
		began := time.Now()
		for i := range 1500 {
			n.Tell(alert(strconv.Itoa(i), 1))
		}
		n.Tell(alert("999", 2)) // has its place
		if s := n.State()[0]; s.Waiting != 1000 || s.Dropped != 500 || time.Since(began) != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestStop: what is due is told before the end, and an end is not held up by a receiver that hangs.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{name: "r", answer: func(*Message) error { time.Sleep(time.Second); return nil }}
		n, stop := started(t, r)
		for i := range 3 {
			n.Tell(alert(strconv.Itoa(i), 1))
		}
		stop()
		if got := r.ids(); got != "0×1 1×1 2×1" {
			t.Error(got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := &hanging{}
		n, err := New(Config{Receivers: []Receiver{{Ways: []Way{r}}}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		n.Tell(alert("A1", 1))
		n.Tell(alert("A2", 1))
		done := make(chan error)
		go func() { done <- n.Run(ctx) }()
		synctest.Wait()
		began := time.Now()
		cancel()
		if err := <-done; err != nil || time.Since(began) != 5*time.Second || n.State()[0].Waiting != 2 {
			t.Errorf("%v after %v, %+v", err, time.Since(began), n.State())
		}
	})
}

// hanging answers when it is told to stop.
type hanging struct{}

func (hanging) Name() string { return "hanging" }
func (hanging) Send(ctx context.Context, _ *Message) error {
	<-ctx.Done()
	return down()
}

// TestNobody: without a way there is no notifier, and a nil one tells nobody.
func TestNobody(t *testing.T) {
	var n *Notifier
	n.Tell(alert("A1", 1))
	if n.Run(t.Context()) != nil || n.State() != nil || n.Try(t.Context(), alert("A1", 1)) != nil {
		t.Error("a nil notifier does something")
	}
	same := &receiver{name: "r"}
	for _, c := range []Config{{Log: slog.Default()}, {Log: slog.Default(), Receivers: []Receiver{{Ways: []Way{same, same}}}},
		{Log: slog.Default(), Receivers: []Receiver{{Name: "A", Ways: []Way{same}}, {Name: "A"}}},
		{Log: slog.Default(), Receivers: []Receiver{{Name: "A", Ways: []Way{same}}}, Escalation: &Escalation{Steps: [][]string{{"B"}}}}} {
		if _, err := New(c); belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestMessage: numbers are masked, in sentences too, unless the owner wants them in full; a helpline is never named.
func TestMessage(t *testing.T) {
	a := &belwacht.Alert{ID: "A1", Tenant: "Voorbeeld", Account: "+31201234567", Cause: "limit.country", Word: belwacht.Refuse, Count: 37,
		Numbers: []string{"+252611234567", "+31113", "*31*0201234567#"}, Reason: "Refused: +252611234567; before it +31113.", ReasonNL: "Geweigerd: +252611234567; daarvoor +31113."}
	help := func(_, n string) bool { return n == "+31113" }
	for _, c := range []struct {
		config          Config
		receiver        Receiver
		text, numbers   string
		account, secret string
	}{
		{Config{Host: "pbx1", Helpline: help}, Receiver{Language: text.Dutch}, "Belwacht · pbx1 · Voorbeeld · toestel +31 2 •••• 4567 · Geweigerd: +252 6 •••• 4567; daarvoor een hulplijn. (37×)",
			"+252 6 •••• 4567|een hulplijn|*31*02 •••• 4567#", "+31 2 •••• 4567", "61123"},
		{Config{Helpline: help}, Receiver{Full: true}, "Belwacht · Voorbeeld · account +31201234567 · Refused: +252611234567; before it a helpline. (37×)",
			"+252611234567|a helpline|*31*0201234567#", "+31201234567", "31113"},
	} {
		m := newWriter(&c.config, &c.receiver).message(a, "")
		b, err := json.Marshal(m)
		if m.Text != c.text || strings.Join(m.Numbers, "|") != c.numbers || m.Account != c.account || err != nil || strings.Contains(string(b), c.secret) || m.Schema != Schema {
			t.Errorf("%+v\n%s", m, b)
		}
	}
}

// FuzzMessage: whatever strangers write into an alert, its JSON is sound and each string is one line without control characters.
func FuzzMessage(f *testing.F) {
	f.Add("2\x00\"1\r\n2", "+31\n20\x1b[31m1234567", "{{.}} $(id) `id` ' \" \\ \u202e\n", true)
	f.Add("", "0031201234567", strings.Repeat("é", 5000), false)
	f.Fuzz(func(t *testing.T, account, number, reason string, full bool) {
		a := &belwacht.Alert{ID: account, Tenant: account, Account: account, Cause: reason, Numbers: []string{number, number, account}, Reason: reason, ReasonNL: number}
		m := newWriter(&Config{Host: account}, &Receiver{Full: full}).message(a, NoteEscalated)
		b, err := json.Marshal(m)
		if err != nil || len(b) > 64<<10 {
			t.Fatalf("%v, %d bytes", err, len(b))
		}
		var back Message
		if err := json.Unmarshal(b, &back); err != nil || back.Text != m.Text || back.Account != m.Account || !slices.Equal(back.Numbers, m.Numbers) {
			t.Fatalf("%v: %s", err, b)
		}
		for _, s := range append([]string{m.Tenant, m.ID, m.Account, m.Cause, m.Host, m.ReasonEN, m.ReasonNL, m.Text, m.Title}, m.Numbers...) {
			if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) {
				t.Errorf("%q", s)
			}
		}
	})
}
