package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ledger"
)

// victim names, in the environment of a child of this test, the folder that it writes to until it is killed.
const victim = "BELWACHT_TEST_VICTIM"

func TestMain(m *testing.M) {
	if folder := os.Getenv(victim); folder != "" {
		fmt.Println(write(folder, os.Args[len(os.Args)-1]))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// write writes all that it can, and says on its standard output what was acknowledged:
//
//	lock ID, alert ID, taken ID, entry ID    is on disk
//	event N                        all up to this position are on disk
//	given N                        was handed over, nothing more
func write(folder, round string) error {
	ctx := context.Background()
	s, err := Open(ctx, Config{Folder: folder})
	if err != nil {
		return err
	}
	failed := make(chan error)
	loop := func(step func(i int) (string, error)) {
		for i := 0; ; i++ {
			line, err := step(i)
			if belwacht.CodeOf(err) == belwacht.Unreachable && err != nil {
				continue // the disk is slow: not acknowledged
			}
			if err != nil {
				failed <- err
				return
			}
			fmt.Println(line) // one write: lines of several loops do not mix
		}
	}
	go loop(func(i int) (string, error) {
		f := lock(i)
		f.ID = fmt.Sprint("L", round, "-", i)
		return "lock " + f.ID, s.PutInForce(ctx, f)
	})
	go loop(func(i int) (string, error) {
		a := &belwacht.Alert{ID: fmt.Sprint("A", round, "-", i), Tenant: "oak", Account: "212", First: start, Word: belwacht.Refuse}
		if err := s.PutAlert(ctx, a); err != nil || i%2 == 0 {
			return "alert " + a.ID, err
		}
		return "taken " + a.ID, s.ChangeAlert(ctx, &belwacht.IncidentChange{Tenant: "oak", ID: a.ID, State: belwacht.IncidentTaken, Who: "Anna", Time: start})
	})
	go loop(func(i int) (string, error) {
		e := &belwacht.Entry{Time: start, Act: "limit.raise", Who: "Anna", Subject: fmt.Sprint("E", round, "-", i)}
		ledger.Seal(e)
		return "entry " + e.Subject, s.AddEntry(ctx, e)
	})
	go loop(func(i int) (string, error) {
		for j := range 200 { // a busy PBX
			s.AppendEvent(&belwacht.Event{Kind: belwacht.EventAttempt, Time: start, Call: fmt.Sprint(j)})
			s.PutCall(call(i*200 + j))
		}
		time.Sleep(20 * time.Millisecond)
		return fmt.Sprint("given ", s.LastEvent()), nil
	})
	go loop(func(int) (string, error) {
		time.Sleep(70 * time.Millisecond)
		last := s.LastEvent()
		return fmt.Sprint("event ", last), s.Sync(ctx)
	})
	return <-failed
}

// acknowledged is what a child said before it was killed.
type acknowledged struct {
	lines map[string]string // lock, alert, taken or silence, by ID
	event uint64            // the last position known to be on disk
	given []given
	heard time.Time // when the disk answered last
	stall time.Time // when it last did after more than half a second
}

// answered notes an answer of the disk.
func (a *acknowledged) answered(at time.Time) {
	if !a.heard.IsZero() && at.Sub(a.heard) > 500*time.Millisecond {
		a.stall = at
	}
	a.heard = at
}

type given struct {
	position uint64
	at       time.Time
}

// murder starts a child, kills it at a random moment after its first word, and returns what it had said.
func murder(t *testing.T, folder string, round int) (a acknowledged, killed time.Time) {
	t.Helper()
	child := exec.Command(os.Args[0], strconv.Itoa(round))
	child.Env = append(os.Environ(), victim+"="+folder)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	a.lines = map[string]string{}
	died := make(chan time.Time, 1)
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		if first {
			time.AfterFunc(time.Duration(rand.IntN(1300))*time.Millisecond, func() {
				died <- time.Now()
				_ = child.Process.Kill() // SIGKILL
			})
		}
		what, id, _ := strings.Cut(lines.Text(), " ")
		n, _ := strconv.ParseUint(id, 10, 64)
		if what != "given" {
			a.answered(time.Now())
		}
		switch what {
		case "event":
			a.event = max(a.event, n)
		case "given":
			a.given = append(a.given, given{n, time.Now()})
		case "lock", "alert", "taken", "entry":
			a.lines[id] = what
		default:
			t.Fatalf("round %d: the child said %q", round, lines.Text())
		}
	}
	_ = child.Wait() // it was killed
	select {
	case killed = <-died:
	default:
		t.Fatalf("round %d: the child said nothing", round)
	}
	return a, killed
}

// lost compares what was said with what is there, and returns for how long before its end the child's events are missing.
func lost(t *testing.T, s *Store, a *acknowledged, killed time.Time) time.Duration {
	t.Helper()
	there := map[string]string{}
	for p := (belwacht.Page{Most: belwacht.PageMost}); ; {
		all, next, err := s.InForcePage(t.Context(), &belwacht.InForceQuery{Tenant: "oak", Page: p})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			there[f.ID] = "lock"
		}
		if p.After = next; next.IsZero() {
			break
		}
	}
	for p := (belwacht.Page{Most: belwacht.PageMost}); ; {
		all, next, err := s.Alerts(t.Context(), &belwacht.AlertQuery{Tenant: "oak", Page: p})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			there[x.ID] = map[belwacht.IncidentState]string{belwacht.IncidentOpen: "alert", belwacht.IncidentTaken: "taken"}[x.State]
		}
		if p.After = next; next.IsZero() {
			break
		}
	}
	for position := uint64(0); ; {
		all, err := s.EntriesAfter(t.Context(), position, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			break
		}
		for _, e := range all {
			there[e.Subject] = "entry"
		}
		position = all[len(all)-1].Position
	}
	for id, what := range a.lines {
		if there[id] != what {
			t.Errorf("%s %s was acknowledged and is there as %q", what, id, there[id])
		}
	}
	if s.LastEvent() < a.event {
		t.Errorf("events to %d were acknowledged, and those to %d are there", a.event, s.LastEvent())
	}
	for _, g := range a.given {
		if g.position > s.LastEvent() {
			return killed.Sub(g.at)
		}
	}
	return 0
}

// verified holds the audit log against all heads of the rounds before, and adds this round's.
func verified(t *testing.T, s *Store, keys *ledger.Keys, heads []string) []string {
	t.Helper()
	log := ledger.New(ledger.Config{Store: s, Keys: keys})
	r, err := log.Verify(t.Context(), heads)
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("the audit log does not verify: %q", r.Faults)
	}
	h, err := log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return append(heads, h.Note)
}

// TestKilled kills a child that writes all it can, at random moments: all that was acknowledged is there, the file is sound, and of what was not
// acknowledged at most the last second is missing.
func TestKilled(t *testing.T) {
	rounds := 20
	switch {
	case strings.Contains(os.Getenv("BELWACHT_ACCEPT"), "live"):
		rounds = 100
	case testing.Short():
		rounds = 3
	}
	folder := t.TempDir()
	keys, err := ledger.LoadKeys(t.TempDir(), "test")
	if err != nil {
		t.Fatal(err)
	}
	var elsewhere []string
	said, worst, stalled := map[string]string{}, time.Duration(0), 0
	for round := 0; round < rounds+stalled && round < 3*rounds; round++ { // one in which the disk stalled says less, and is made up for
		a, killed := murder(t, folder, round)
		s := opened(t, Config{Folder: folder})
		for id, what := range said { // of the rounds before
			a.lines[id] = what
		}
		missing := lost(t, s, &a, killed)
		if killed.Sub(a.heard) > 500*time.Millisecond || killed.Sub(a.stall) < 2*time.Second {
			stalled++ // the disk itself did not answer: what it held up is no fault of ours
		} else if worst = max(worst, missing); missing > time.Second {
			t.Errorf("round %d: events that were handed over %s before the end are missing", round, missing)
		}
		said = a.lines
		elsewhere = verified(t, s, keys, elsewhere)
		position := uint64(0)
		if err := s.EventsAfter(t.Context(), 0, func(p uint64, _ *belwacht.Event) error {
			if p != position+1 {
				t.Errorf("round %d: event %d follows %d", round, p, position)
			}
			position = p
			return nil
		}); err != nil {
			t.Error(err)
		}
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		closed(t, s)
		if t.Failed() {
			return
		}
	}
	if len(said) < rounds || stalled > rounds/2 {
		t.Errorf("in %d rounds %d things were acknowledged, and in %d the disk stalled", rounds, len(said), stalled)
	}
	t.Logf("accept: killed %d times; %d locks, alerts, changes and entries of the audit log were acknowledged and all are there; of events at most the last %d ms are missing "+
		"(%d rounds with a stalled disk aside)",
		rounds, len(said), worst.Milliseconds(), stalled)
}
