package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
)

// monday is a working hour.
const monday = belwacht.Instant(1776067200000) // 2026-04-13T08:00:00Z

// guarded is a guard with a clock of its own, and what it decided and ended.
type guarded struct {
	*Guard
	config *config.Config
	mu     sync.Mutex
	at     belwacht.Instant
	kept   []belwacht.Decision
	ended  []string
	log    strings.Builder
}

func (g *guarded) Keep(d *belwacht.Decision) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept = append(g.kept, *d)
}

func (g *guarded) End(_ context.Context, call string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = append(g.ended, call)
	return nil
}

func (g *guarded) pass(d belwacht.Instant) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at += d
}

func (g *guarded) clock() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.at.Time()
}

// endings is what was ended so far, once all that waits has been.
func (g *guarded) endings(t *testing.T) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { g.Act(ctx, func(string) Ender { return g }); close(done) }()
	for deadline := time.Now().Add(5 * time.Second); len(g.ends) > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	cancel()
	<-done
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string(nil), g.ended...)
}

// live is a guard for a PBX that is heard in every way; limits is YAML.
func live(t testing.TB, judge, limits string) *guarded {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("fake-secret-for-tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Read([]byte("organisation: {country: NL, timezone: Europe/Amsterdam, office_hours: \"mon-fri 08:00-18:00\"}\nmode: enforce\nlimits: {organisation: {"+limits+"}}\n"+
		"pbx:\n  - name: hk\n    ami: {address: \"127.0.0.1:5038\", user: b, secret_file: secret}\n    ask: {listen: \"127.0.0.1:0\", secret_file: secret}\n    records: {folder: x}\n"+
		"    trunks: [PJSIP/trunk]\n    judge_by: "+judge+"\n"), filepath.Join(dir, "c.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.LiveEngine(nil)
	if err != nil {
		t.Fatal(err)
	}
	g := &guarded{config: c, at: monday}
	g.Guard, err = NewGuard(&GuardConfig{Config: c, Engine: e, Log: slog.New(slog.NewTextHandler(&g.log, nil)), Keep: g, Now: g.clock})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *guarded) engine() *detect.Engine { return g.wiring.Load().engine }

func question(id, number string) *ask.Question {
	return &ask.Question{PBX: "hk", Number: number, UniqueID: id, LinkedID: "1.1", Channel: "PJSIP/212-0000000a", Trunk: "1"}
}

func event(kind belwacht.EventKind, id string, at belwacht.Instant) *belwacht.Event {
	return &belwacht.Event{Kind: kind, Source: belwacht.SourcePBX, Call: id, Time: at}
}

func dial(id, number string, at belwacht.Instant) *belwacht.Event {
	ev := event(belwacht.EventAttempt, id, at)
	ev.Direction, ev.Account, ev.Root, ev.Trunk, ev.Dialled = belwacht.Out, "212", "212", "trunk", number
	return ev
}

// TestOneCallByAllWays tells of one call by question, feed and record, in every order and some of them twice: it is one call in every counter.
func TestOneCallByAllWays(t *testing.T) {
	const num = "0032470000101"
	at := monday
	end := at + 60*belwacht.Second
	hangup := event(belwacht.EventEnd, "1.2", end)
	hangup.Talk, hangup.Disposition = 58, belwacht.Answered
	record := &belwacht.Call{ID: "1.2", Link: "1.1", Site: "hk", Direction: belwacht.Out, Account: "212", Trunk: "trunk", Dialled: num, Start: at, Answer: at + 2*belwacht.Second, End: end,
		Talk: 58, Disposition: belwacht.Answered}
	hidden := *record // over an optimised Local channel the minutes stand in another row
	hidden.ID = "1.9"
	steps := map[string]func(*guarded){
		"ask":     func(g *guarded) { _, _ = g.Ask(t.Context(), question("1.2", num)) },
		"fastagi": func(g *guarded) { _, _ = g.Ask(t.Context(), question("1.2", "+32470000101")) },
		"dial":    func(g *guarded) { g.Feed("hk").Event(dial("1.2", num, at)) },
		"trunk2":  func(g *guarded) { g.Feed("hk").Event(dial("1.2", num, at+belwacht.Second)) },
		"answer":  func(g *guarded) { g.Feed("hk").Event(event(belwacht.EventAnswer, "1.2", at+2*belwacht.Second)) },
		"end":     func(g *guarded) { g.Feed("hk").Event(hangup) },
		"record":  func(g *guarded) { g.Record(record) },
		"hidden":  func(g *guarded) { g.Record(&hidden) },
	}
	for _, judge := range []string{"ask", "ami", "records"} {
		for _, names := range [][]string{{"ask", "dial", "answer", "end", "record"}, {"fastagi", "trunk2", "record", "record"}, {"ask", "fastagi", "dial", "trunk2"}, {"ask", "hidden"},
			{"dial", "answer", "hidden"}, {"record", "fastagi"}} {
			if len(names) > 3 && (judge != "ask" || testing.Short()) {
				continue
			}
			for _, order := range orders(names) {
				g := live(t, judge, "calls_per_day: 2, calls_at_once: 1")
				g.pass(2 * belwacht.Second)
				for _, name := range order {
					steps[name](g)
				}
				g.pass(5 * belwacht.Minute)
				f := g.Feed("hk")
				f.Running(g.at, nil) // whatever still ran has ended
				g.Tick(g.at)
				n := 0
				g.engine().Running(func(*belwacht.Running) { n++ })
				if c := g.Counts(); n != 0 || c.Attempts != 1 || c.Refused != 0 || c.Bypassed != 0 {
					t.Fatalf("%s %v: %d run, %+v\n%s", judge, order, n, c, g.log.String())
				}
				for i, want := range []belwacht.Word{belwacht.Allow, belwacht.Refuse} { // the second call of the day, and one too many
					a, err := g.Ask(t.Context(), question(fmt.Sprint("2.", i), "0201234567"))
					if err != nil || (a.Word == belwacht.Refuse) != (want == belwacht.Refuse) || want == belwacht.Refuse && a.Cause != "limit.calls.day" {
						t.Fatalf("%s %v: call %d of the day: %+v %v", judge, order, i+2, a, err)
					}
					g.pass(5 * belwacht.Minute)
					g.Tick(g.at)
					f.Running(g.at, nil)
				}
			}
		}
	}
}

// orders are all orders of a list.
func orders(list []string) [][]string {
	if len(list) < 2 {
		return [][]string{list}
	}
	var all [][]string
	for i := range list {
		rest := append(append([]string(nil), list[:i]...), list[i+1:]...)
		for _, o := range orders(rest) {
			all = append(all, append([]string{list[i]}, o...))
		}
	}
	return all
}

// TestRefusedIsEnded: what dials or comes up although it was refused is ended, told once, and teaches and counts nothing.
func TestRefusedIsEnded(t *testing.T) {
	g := live(t, "ask", "no_countries: [SO]")
	const num = "00252611234567"
	a, err := g.Ask(t.Context(), question("1.2", num))
	if err != nil || a.Word != belwacht.Refuse || a.Cause != "limit.country" || a.Reference == "" {
		t.Fatalf("%+v %v", a, err)
	}
	if again, _ := g.Ask(t.Context(), question("1.2", num)); again != a {
		t.Errorf("asked again: %+v", again)
	}
	f := g.Feed("hk")
	f.Event(dial("1.2", num, g.at))
	f.Event(event(belwacht.EventAnswer, "1.2", g.at+belwacht.Second))
	if got := g.endings(t); len(got) != 2 || got[0] != "1.2" {
		t.Errorf("ended: %v", got)
	}
	if c := g.Counts(); c.Refused != 1 || c.Bypassed != 1 || c.Attempts != 1 || strings.Count(g.log.String(), "call.bypassed") != 1 {
		t.Errorf("%+v\n%s", c, g.log.String())
	}
	if strings.Contains(g.log.String(), "611234567") {
		t.Errorf("a number stands in the log:\n%s", g.log.String())
	}
	// Beside a PBX that does not ask, a refusal is an end and no alarm.
	g = live(t, "ami", "no_countries: [SO]")
	g.Feed("hk").Event(dial("1.2", num, g.at))
	if got := g.endings(t); len(got) != 1 || g.Counts().Bypassed != 0 || g.Counts().Refused != 1 {
		t.Errorf("%v %+v", got, g.Counts())
	}
}

// TestRefusedUnasked: what leaves by a way round the question is a hole, and ended, where it is refused too.
func TestRefusedUnasked(t *testing.T) {
	g := live(t, "ask", "no_countries: [SO]")
	g.Feed("hk").Event(dial("1.2", "00252611234567", g.at))
	if got := g.endings(t); len(got) != 1 || g.Counts().Unasked != 1 || g.Counts().Refused != 1 || !strings.Contains(g.log.String(), "feed.unasked") {
		t.Errorf("%v %+v\n%s", got, g.Counts(), g.log.String())
	}
}

// TestAskedLate: where the verdict is so late that the default goes out, and the feed tells of the dialling before the question is judged, the call is ended once,
// and is no hole in the dial plan but one that went by.
func TestAskedLate(t *testing.T) {
	g := live(t, "ask", "no_countries: [SO]")
	g.Feed("hk").Event(dial("1.2", "00252611234567", g.at))
	if a, err := g.Ask(t.Context(), question("1.2", "00252611234567")); err != nil || a.Word != belwacht.Refuse {
		t.Fatalf("%+v %v", a, err)
	}
	if got := g.endings(t); len(got) != 1 || g.Counts().Unasked != 0 || g.Counts().Bypassed != 1 || g.Counts().Attempts != 1 || strings.Count(g.log.String(), "call.bypassed") != 1 {
		t.Errorf("%v %+v\n%s", got, g.Counts(), g.log.String())
	}
}

// TestNoHoles: a record with what was typed, where the question had what the trunk dials; one of a call in the house that rang nowhere; and a call that ran
// before are no holes.
func TestNoHoles(t *testing.T) {
	g := live(t, "ask", "")
	if _, err := g.Ask(t.Context(), question("1.2", "0032470000108")); err != nil {
		t.Fatal(err)
	}
	g.Feed("hk").Event(dial("1.2", "0032470000108", g.at))
	end := g.at + 9*belwacht.Second
	g.Record(&belwacht.Call{ID: "1.2", Link: "1.2", Site: "hk", Direction: belwacht.Out, Account: "212", Trunk: "trunk", Dialled: "60032470000108", Start: g.at, Answer: g.at, End: end})
	g.Record(&belwacht.Call{ID: "1.7/internal", Site: "hk", Direction: belwacht.Internally, Account: "202", Dialled: "205", Start: g.at, End: end})
	g.Feed("hk").Event(dial("1.9", "0032470000109", g.at-belwacht.Minute))
	if c := g.Counts(); c.Unseen != 0 || c.Unasked != 0 || c.Records != 2 || c.Attempts != 3 {
		t.Errorf("%+v\n%s", c, g.log.String())
	}
	// What is another call is one: it began later, or the plan can read it.
	g.Record(&belwacht.Call{ID: "1.2", Link: "1.2", Site: "hk", Direction: belwacht.Out, Account: "212", Trunk: "trunk", Dialled: "0032470000777", Start: g.at, End: end})
	if c := g.Counts(); c.Unseen != 1 {
		t.Errorf("%+v\n%s", c, g.log.String())
	}
}

// TestRefusedNeverLeft: a feed tells of a number that was dialled and reached no trunk, too. Of a call that was asked of that is no news, whatever was dialled
// in front of its number: nothing went round anything.
func TestRefusedNeverLeft(t *testing.T) {
	for _, typed := range []string{"00252611234567", "600252611234567"} {
		g := live(t, "ask", "no_countries: [SO]")
		if a, err := g.Ask(t.Context(), question("1.2", "00252611234567")); err != nil || a.Word != belwacht.Refuse {
			t.Fatalf("%+v %v", a, err)
		}
		ev := dial("1.2", typed, g.at)
		ev.Trunk = ""
		g.Feed("hk").Event(ev)
		g.Feed("hk").Event(event(belwacht.EventEnd, "1.2", g.at))
		if c := g.Counts(); c.Attempts != 1 || c.Refused != 1 || c.Bypassed != 0 || c.Unasked != 0 {
			t.Errorf("%s: %+v\n%s", typed, c, g.log.String())
		}
		if got := g.endings(t); len(got) != 0 {
			t.Errorf("%s: ended: %v", typed, got)
		}
	}
	// Where nobody asked, it is judged, and is no hole: it never left.
	g := live(t, "ask", "no_countries: [SO]")
	ev := dial("1.3", "00252611234567", g.at)
	ev.Trunk = ""
	g.Feed("hk").Event(ev)
	if c := g.Counts(); c.Attempts != 1 || c.Bypassed != 0 || c.Unasked != 0 {
		t.Errorf("%+v", c)
	}
}

// TestRunningIsEnded: a call that has lasted as long as it may is ended by time alone, and again where it comes up again.
func TestRunningIsEnded(t *testing.T) {
	g := live(t, "ask", "longest_call: 90s")
	a, _ := g.Ask(t.Context(), question("1.2", "0201234567"))
	if a.MaxSeconds != 90 {
		t.Errorf("%+v", a)
	}
	f := g.Feed("hk")
	f.Event(dial("1.2", "0201234567", g.at))
	f.Event(event(belwacht.EventAnswer, "1.2", g.at))
	for range 95 {
		g.pass(belwacht.Second)
		g.Tick(g.at)
	}
	if got := g.endings(t); len(got) != 1 || got[0] != "1.2" || g.Counts().Ended != 1 {
		t.Errorf("%v %+v\n%s", got, g.Counts(), g.log.String())
	}
}

// TestUndialled: what was let through and is never dialled does not run for ever, but while the feed is silent nobody knows.
func TestUndialled(t *testing.T) {
	for _, silent := range []bool{false, true} {
		g := live(t, "ask", "calls_at_once: 1")
		g.Feed("hk").Running(g.at, nil)
		if silent {
			g.Feed("hk").Event(event(belwacht.EventFeedGap, "", g.at))
		}
		_, _ = g.Ask(t.Context(), question("1.2", "0201234567"))
		if a, _ := g.Ask(t.Context(), question("1.3", "0201234568")); a.Cause != "limit.at-once" {
			t.Errorf("two at once: %+v", a)
		}
		g.pass(65 * belwacht.Second)
		g.Tick(g.at)
		if a, _ := g.Ask(t.Context(), question("1.4", "0201234569")); (a.Cause == "limit.at-once") != silent {
			t.Errorf("silent %v: %+v", silent, a)
		}
	}
}

// TestHoles: a leg that nobody asked of and a record that nobody told of are judged, and counted as holes.
func TestHoles(t *testing.T) {
	g := live(t, "ask", "calls_per_day: 10")
	g.Feed("hk").Event(dial("1.2", "0201234567", g.at))
	g.Record(&belwacht.Call{ID: "7.1", Site: "hk", Direction: belwacht.Out, Account: "213", Dialled: "00252611234567", Start: g.at - belwacht.Hour, Answer: g.at - belwacht.Hour,
		End: g.at - belwacht.Minute, Talk: 3540, Disposition: belwacht.Answered})
	c := g.Counts()
	if c.Unasked != 1 || c.Unseen != 1 || c.Late != 1 || c.Attempts != 1 {
		t.Errorf("%+v", c)
	}
	g.Feed("hk").Event(dial("1.9", "112", g.at)) // nobody asks of an emergency call
	if c := g.Counts(); c.Unasked != 1 {
		t.Errorf("an emergency call is a hole: %+v", c)
	}
	for _, d := range g.kept {
		if d.Enforced {
			t.Errorf("%+v is over and cannot have been stopped", d)
		}
	}
	// A channel that dials the same number again, and again without saying so, is one call each time.
	f := g.Feed("hk")
	for i := range 3 {
		at := g.at + belwacht.Instant(i)*belwacht.Minute
		f.Event(event(belwacht.EventAnswer, "1.2", at))
		end := event(belwacht.EventEnd, "1.2", at+30*belwacht.Second)
		end.Talk, end.Disposition = 30, belwacht.Answered
		f.Event(end)
	}
	if c := g.Counts(); c.Attempts != 4 { // and the emergency call
		t.Errorf("%+v", c)
	}
	f.Event(dial("9.9", "0201234567", g.at+belwacht.Hour))
	if c := g.Counts(); c.Ahead != 1 {
		t.Errorf("ahead: %+v", c)
	}
}

// TestEmergency: an emergency call passes and is never ended, whoever says so.
func TestEmergency(t *testing.T) {
	g := live(t, "ask", "calls_at_once: 1")
	if err := g.engine().Lock("", "212", true); err != nil {
		t.Fatal(err)
	}
	if a, err := g.Ask(t.Context(), question("1.2", "112")); err != nil || a.Word != belwacht.Allow || a.Cause != "emergency" {
		t.Errorf("%+v %v", a, err)
	}
	g.Feed("hk").Event(dial("1.2", "112", g.at))
	if err := g.Guard.End(t.Context(), "1.2", func(string) Ender { return g }); belwacht.CodeOf(err) != belwacht.Invalid || len(g.ended) > 0 {
		t.Errorf("%v %v", err, g.ended)
	}
}

// TestRoom: more legs than are kept make those go that ended, and then those of which nothing was heard for longest.
func TestRoom(t *testing.T) {
	s := newSite("hk", "")
	for i := range legsMost {
		l := &leg{key: legKey{fmt.Sprint(i), "1"}, seen: monday + belwacht.Instant(i)}
		if i >= legsMost/2 {
			l.ended = l.seen
		}
		s.add(l)
	}
	if l := s.room(); len(l) > 0 || len(s.legs) >= legsMost || s.legs[fmt.Sprint(legsMost/2)] != nil || s.legs[fmt.Sprint(legsMost-1)] == nil || s.legs["0"] == nil {
		t.Errorf("%v went, %d are left", l, len(s.legs))
	}
	for i := 0; len(s.legs) < legsMost; i++ {
		s.add(&leg{key: legKey{fmt.Sprint("n", i), "1"}, seen: monday + belwacht.Day})
	}
	for _, l := range s.legs {
		l.ended = 0
	}
	if l := s.room(); len(l) != legsMost/8 || l[0].key.id != "0" || s.legs["n0"] == nil || s.legs[fmt.Sprint(legsMost/8)] == nil || s.legs[fmt.Sprint(legsMost/8-1)] != nil {
		t.Errorf("%d went", len(l))
	}
}

// TestUsual: a country in the account's own profile is usual, and asking takes no lock that judging holds.
func TestUsual(t *testing.T) {
	g := live(t, "ask", "calls_per_day: 10")
	_, _ = g.Ask(t.Context(), question("1.2", "003225550101"))
	f := g.Feed("hk")
	f.Event(dial("1.2", "003225550101", g.at))
	f.Event(event(belwacht.EventAnswer, "1.2", g.at))
	end := event(belwacht.EventEnd, "1.2", g.at+belwacht.Minute)
	end.Talk, end.Disposition = 60, belwacht.Answered
	f.Event(end)
	g.Learn()
	s := g.wiring.Load().sites["hk"]
	s.mu.Lock()
	defer s.mu.Unlock()
	if !g.Usual("hk", "212", belwacht.Country{'B', 'E'}) || g.Usual("hk", "212", belwacht.Country{'S', 'O'}) || g.Usual("hk", "213", belwacht.Country{'B', 'E'}) ||
		g.Usual("nobody", "212", belwacht.Country{'B', 'E'}) {
		t.Error("what is usual is not what was learned")
	}
}

// TestGuardIsSafe gives a guard all it can get from many sides.
func TestGuardIsSafe(t *testing.T) {
	g := live(t, "ask", "calls_per_day: 100000")
	ctx, cancel := context.WithCancel(t.Context())
	var act, wait sync.WaitGroup
	act.Go(func() { g.Act(ctx, func(string) Ender { return g }) })
	for worker := range 4 {
		wait.Go(func() {
			f := g.Feed("hk")
			for i := range 200 {
				id, num := fmt.Sprint(worker%2, ".", i), fmt.Sprintf("0025261555%04d", i)
				switch worker {
				case 0, 1:
					_, _ = g.Ask(ctx, question(id, num))
				case 2:
					f.Event(dial(id, num, g.at))
					f.Event(event(belwacht.EventAnswer, id, g.at+belwacht.Second))
				default:
					g.Record(&belwacht.Call{ID: id, Site: "hk", Direction: belwacht.Out, Account: "212", Dialled: num, Start: monday, End: monday + belwacht.Minute})
					g.Tick(monday + belwacht.Instant(i)*belwacht.Second)
				}
				switch i % 50 {
				case 0:
					g.Learn()
				case 1:
					f.Running(monday, []string{id})
				case 2:
					_ = g.engine().Lock("", "212", i%100 == 2)
				case 3:
					_ = g.Counts()
				case 4:
					_ = g.Guard.End(ctx, id, func(string) Ender { return g })
				}
			}
		})
	}
	wait.Wait()
	cancel()
	act.Wait()
}

// TestForeseen tells a guard beforehand of what its feed will say, ends under the feed's own names among it: it decides what one does that was told nothing.
func TestForeseen(t *testing.T) {
	var told [2][]belwacht.Decision
	for k := range told {
		g := live(t, "ask", "calls_per_day: 60")
		f := g.Feed("hk")
		var events []*belwacht.Event
		for i := range 80 {
			id, at := fmt.Sprint("1.", i), monday+belwacht.Instant(i)*belwacht.Second
			hangup := event(belwacht.EventEnd, id, at+belwacht.Second)
			hangup.Talk, hangup.Disposition = 1, belwacht.Answered
			events = append(events, dial(id, fmt.Sprintf("0025261555%04d", i), at), event(belwacht.EventAnswer, id, at), hangup)
		}
		for i, ev := range events {
			if k == 1 && i%40 == 0 {
				f.Ahead(events[i : i+40])
			}
			f.Event(ev)
		}
		(&Feed{g.Guard, "no such PBX"}).Ahead(events)
		told[k] = g.kept
	}
	if len(told[0]) < 20 || len(told[0]) != len(told[1]) {
		t.Fatalf("%d decisions, and foreseen %d", len(told[0]), len(told[1]))
	}
	for i := range told[0] {
		if a, b := told[0][i], told[1][i]; a.ID != b.ID || a.Word != b.Word || a.Cause != b.Cause || a.Number != b.Number || a.Probability != b.Probability {
			t.Errorf("%+v, and foreseen %+v", a, b)
		}
	}
}

// nowhere is a PBX that knows of no call.
type nowhere struct{ then func() }

func (n nowhere) End(context.Context, string) error {
	n.then()
	return belwacht.Errorf(belwacht.NotFound, "no such call")
}

// TestEndedByItself: a call that ended in the moment in which it was to be ended is none that could not be; one that the PBX merely does not know is.
func TestEndedByItself(t *testing.T) {
	for _, ends := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			g := live(t, "ami", "longest_call: 90s")
			f := g.Feed("hk")
			f.Event(dial("1.2", "0201234567", g.at))
			err := g.Guard.End(t.Context(), "1.2", func(string) Ender {
				return nowhere{func() {
					if ends {
						go f.Event(event(belwacht.EventEnd, "1.2", g.at+belwacht.Second))
					}
				}}
			})
			if (err == nil) != ends || (g.Counts().Unended == 0) != ends {
				t.Errorf("it ended %v: %v, %+v", ends, err, g.Counts())
			}
		})
	}
}

// TestInsists: what was refused and runs on because its PBX was not there, or did not do it, is ended again, ever less often, until the feed tells its end.
func TestInsists(t *testing.T) {
	g := live(t, "ami", "no_countries: [SO]")
	f := g.Feed("hk")
	f.Event(dial("1.2", "00252611234567", g.at))
	f.Event(dial("1.3", "0201234567", g.at)) // an innocent one is left alone
	tries := func(seconds int) (n int) {
		for range seconds {
			g.pass(belwacht.Second)
			g.Tick(g.at)
		}
		for len(g.ends) > 0 {
			if e := <-g.ends; e.call != "1.2" || e.feed != "1.2" {
				t.Errorf("ended %+v", e)
			}
			n++
		}
		return n
	}
	if first, minute, hour := tries(1), tries(60), tries(3600); first != 1 || minute < 2 || minute > 4 || hour < 8 || hour > 16 {
		t.Errorf("tried %d times at once, %d in a minute, %d in an hour", first, minute, hour)
	}
	f.Running(g.at, []string{"1.2", "1.3"})
	if n := tries(0); n != 1 {
		t.Errorf("tried %d times once the feed was back", n)
	}
	f.Event(event(belwacht.EventEnd, "1.2", g.at))
	if n := tries(900); n != 0 {
		t.Errorf("tried %d times after its end", n)
	}
}

// TestTakenUp: what an earlier run let through and nobody dials any more is closed seconds after a start; what was let through since has its minute.
func TestTakenUp(t *testing.T) {
	g := live(t, "ask", "calls_at_once: 2")
	_, _ = g.Ask(t.Context(), question("1.2", "0201234567"))
	next, err := NewGuard(&GuardConfig{Config: g.config, Engine: g.engine(), Log: slog.New(slog.DiscardHandler), Now: g.clock})
	if err != nil {
		t.Fatal(err)
	}
	g.pass(4 * belwacht.Second)
	_, _ = next.Ask(t.Context(), question("1.3", "0201234568"))
	next.Feed("hk").Running(g.at, nil)
	var runs []string
	g.engine().Running(func(r *belwacht.Running) { runs = append(runs, r.ID) })
	if len(runs) != 1 || runs[0] != "1.3" {
		t.Errorf("%q run", runs)
	}
	next.Feed("hk").Event(dial("1.2", "0201234567", g.at)) // after all
	n := 0
	g.engine().Running(func(*belwacht.Running) { n++ })
	if n != 2 {
		t.Errorf("%d run", n)
	}
}

// TestHelpIsNotHungUp: a call for help is judged by what the trunk was told, also without a plus, from a locked account; and a name that the PBX has given
// to it is not ended for the call that had that name before.
func TestHelpIsNotHungUp(t *testing.T) {
	g := live(t, "ask", "no_countries: [SO]")
	if err := g.engine().Lock("", "212", true); err != nil {
		t.Fatal(err)
	}
	f := g.Feed("hk")
	for i, number := range []string{"31112", "+31112", "0031112", "112"} {
		id := fmt.Sprint("1.", i)
		f.Event(dial(id, number, g.at))
		f.Event(event(belwacht.EventAnswer, id, g.at))
		if err := g.Guard.End(t.Context(), id, func(string) Ender { return g }); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: a person ended it: %v", number, err)
		}
	}
	if a, err := g.Ask(t.Context(), question("2.1", "31112")); err != nil || a.Word != belwacht.Allow || a.Cause != "emergency" {
		t.Errorf("asked: %+v %v", a, err)
	}
	if got := g.endings(t); len(got) != 0 || g.Counts().Refused != 0 {
		t.Errorf("ended %v; %+v", got, g.Counts())
	}
	// A refused call of which no end was seen, and then a call for help that the PBX calls by the same name.
	f.Event(dial("3.1", "00252611234567", g.at))
	if got := g.endings(t); len(got) != 1 {
		t.Fatalf("the refused call was ended as %v", got)
	}
	g.pass(belwacht.Minute)
	f.Event(dial("3.1", "112", g.at))
	f.Running(g.at, []string{"3.1"})
	for range 900 {
		g.pass(belwacht.Second)
		g.Tick(g.at)
	}
	if got := g.endings(t); len(got) != 1 {
		t.Errorf("the call for help was hung up: %v", got)
	}
}

// TestNamesAreForgotten: what the feed called legs is forgotten with them.
func TestNamesAreForgotten(t *testing.T) {
	g := live(t, "ask", "no_countries: [SO]")
	f := g.Feed("hk")
	for i := range 100 {
		id := fmt.Sprint("1.", i)
		if a, err := g.Ask(t.Context(), question(id, "00252611234567")); err != nil || a.Word != belwacht.Refuse {
			t.Fatalf("%+v %v", a, err)
		}
		never := dial(id, "00252611234567", g.at)
		never.Trunk = ""
		f.Event(never)
		f.Event(event(belwacht.EventEnd, id, g.at))
	}
	for range 3700 {
		g.pass(belwacht.Second)
		g.Tick(g.at)
	}
	s := g.wiring.Load().sites["hk"]
	if len(s.legs) != 0 || len(s.byFeed) != 0 {
		t.Errorf("%d legs and %d names are left", len(s.legs), len(s.byFeed))
	}
}
