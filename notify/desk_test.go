package notify

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// shelf is a store in memory whose disk a test breaks.
type shelf struct {
	mu       sync.Mutex
	err      error
	list     map[key]belwacht.Telling
	silences map[string]belwacht.Silence
	marks    map[string]belwacht.Instant
}

func newShelf() *shelf {
	return &shelf{list: make(map[key]belwacht.Telling), silences: make(map[string]belwacht.Silence), marks: make(map[string]belwacht.Instant)}
}

func (s *shelf) PutTellings(_ context.Context, list []belwacht.Telling) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range list {
		if s.err == nil {
			s.list[keyOf(&list[i].Alert)] = list[i]
		}
	}
	return s.err
}

func (s *shelf) Tellings(context.Context) (list []belwacht.Telling, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.list {
		t.Waiting, t.Reached = slices.Clone(t.Waiting), slices.Clone(t.Reached)
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b belwacht.Telling) int { return strings.Compare(a.Alert.ID, b.Alert.ID) })
	return list, nil
}

func (s *shelf) LiftSilence(_ context.Context, _, id, _ string, at belwacht.Instant) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.silences[id]
	x.Until = at
	s.silences[id] = x
	return s.err
}

func (s *shelf) PutSilence(_ context.Context, x *belwacht.Silence) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silences[x.ID] = *x
	return s.err
}

func (s *shelf) Silences(_ context.Context, at belwacht.Instant) (list []belwacht.Silence, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.silences {
		if x.Until > at {
			list = append(list, x)
		}
	}
	return list, nil
}

func (s *shelf) PutMark(_ context.Context, name string, at belwacht.Instant) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks[name] = at
	return s.err
}

func (s *shelf) Mark(_ context.Context, name string) (belwacht.Instant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.marks[name], nil
}

// bars notes what a guard was told to bar.
type bars struct {
	mu   sync.Mutex
	err  error
	said []string
}

func (b *bars) Bar(_ context.Context, tenant string, until belwacht.Instant, _ string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said = append(b.said, tenant+" until "+until.String())
	return b.err
}

// run runs a notifier of a configuration until stop.
func run(t *testing.T, c Config) (n *Notifier, stop func()) {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
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

func arrives(*Message) error { return nil }

// TestRestart: what waited at a stop is told after it, what was told is not told again, and what grew is told in its newest form. A disk that is full holds up
// no telling.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var works atomic.Bool
		kept := newShelf()
		r := &receiver{name: "r", answer: func(*Message) error {
			if !works.Load() {
				return down()
			}
			return nil
		}}
		other := &receiver{name: "other", answer: arrives}
		c := Config{Receivers: []Receiver{{Ways: []Way{r, other}}}, Store: kept}
		n, stop := run(t, c)
		n.Known([]belwacht.Alert{*alert("A0", 5)}) // of before the first start
		for _, id := range []string{"A1", "A2"} {
			n.Tell(alert(id, 1))
		}
		n.Tell(alert("A0", 5))
		synctest.Wait()
		stop()
		if got := other.ids(); got != "A1×1 A2×1" {
			t.Errorf("before the stop the other way got %s", got)
		}
		works.Store(true)
		again, stop := run(t, c)
		again.Known([]belwacht.Alert{*alert("A1", 1), *alert("A2", 1), *alert("A3", 1)})
		again.Tell(alert("A1", 1))
		again.Tell(alert("A2", 4))
		new := alert("A3", 1) // of while it was stopped
		new.Last = belwacht.InstantOf(time.Now())
		again.Known([]belwacht.Alert{*new})
		again.Tell(new)
		synctest.Wait()
		if got := r.ids(); got != "A1×1 A2×4" && got != "A1×1 A2×1" {
			t.Errorf("after the restart: %s", got)
		}
		kept.mu.Lock()
		kept.err = errors.New("full")
		kept.mu.Unlock()
		again.Tell(alert("A4", 1))
		synctest.Wait()
		if got := other.ids(); got != "A1×1 A2×1 A4×1" {
			t.Errorf("with a full disk the other way got %s", got)
		}
		stop()
	})
}

// TestPeople: language, least word, organisations and hours are each person's; what waits for hours comes as they begin, unless somebody has taken it by then.
func TestPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		day := func(at belwacht.Instant) bool { return at.Time().Sub(start) >= 8*time.Hour }
		ways := map[string]*receiver{}
		way := func(name string) []Way { ways[name] = &receiver{name: name, answer: arrives}; return []Way{ways[name]} }
		n, stop := run(t, Config{Receivers: []Receiver{
			{Name: "all", Ways: way("all"), Language: text.Dutch},
			{Name: "grave", Ways: way("grave"), Least: belwacht.EndNow},
			{Name: "light", Ways: way("light"), Most: belwacht.Warn},
			{Name: "elsewhere", Ways: way("elsewhere"), Tenants: []string{"other"}},
			{Name: "by day", Ways: way("by day"), Hours: day, Outside: belwacht.EndNow},
			{Name: "never at night", Ways: way("never at night"), Hours: day, Outside: Never},
		}})
		defer stop()
		warn, refuse, end := alert("warn", 1), alert("refuse", 1), alert("end", 1)
		warn.Word, end.Word = belwacht.Warn, belwacht.EndNow
		for _, a := range []*belwacht.Alert{warn, refuse, end} {
			n.Tell(a)
			synctest.Wait()
		}
		if err := n.TakeAlert(t.Context(), "t", "refuse", "Anna"); err != nil {
			t.Error(err)
		}
		synctest.Wait() // who heard of it hears that Anna looks after it
		want := map[string]string{"all": "warn×1 refuse×1 end×1 refuse×1", "grave": "end×1", "light": "warn×1", "elsewhere": "", "by day": "end×1", "never at night": ""}
		for name, got := range want {
			if ways[name].ids() != got {
				t.Errorf("%s by night: %s, want %s", name, ways[name].ids(), got)
			}
		}
		if m := ways["all"].got[0]; !strings.Contains(m.Text, "toestel 212") {
			t.Errorf("not in Dutch: %s", m.Text)
		}
		time.Sleep(8*time.Hour + time.Second)
		synctest.Wait()
		want["by day"], want["never at night"] = "end×1 warn×1", "warn×1 end×1"
		for name, got := range want {
			if sorted(ways[name].ids()) != sorted(got) {
				t.Errorf("%s by day: %s, want %s", name, ways[name].ids(), got)
			}
		}
	})
}

func sorted(s string) string { f := strings.Fields(s); slices.Sort(f); return strings.Join(f, " ") }

// TestEscalation: who comes next is told where nobody acknowledges, whoever does not hear at that hour is passed over, and after the last calls abroad are barred.
func TestEscalation(t *testing.T) {
	for _, c := range []struct {
		name                string
		take                time.Duration // 0 = nobody does
		anna, bert, carla   string
		barred, annaAtLast  string
		word                belwacht.Word
		barFails, elsewhere bool
	}{
		{name: "nobody", anna: "A1×1 A1×1", carla: "A1×1 A1×1", barred: "t until ", word: belwacht.Refuse},
		{name: "first", take: 5 * time.Minute, anna: "A1×1", word: belwacht.Refuse},
		{name: "second", take: 15 * time.Minute, anna: "A1×1", carla: "A1×1 A1×1", word: belwacht.Refuse},
		{name: "in the console", take: 5 * time.Minute, anna: "A1×1 A1×1", word: belwacht.Refuse, elsewhere: true},
		{name: "not grave enough", anna: "A1×1", word: belwacht.Warn},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ways := map[string]*receiver{}
				way := func(name string) []Way { ways[name] = &receiver{name: name, answer: arrives}; return []Way{ways[name]} }
				guard, seen := &bars{}, &incidents{}
				eight := func(_ string, now belwacht.Instant) belwacht.Instant { return now + 8*belwacht.Hour }
				n, stop := run(t, Config{Guard: guard, Incidents: seen,
					Receivers: []Receiver{{Name: "Anna", Ways: way("Anna")}, {Name: "Bert", Ways: way("Bert"), Hours: func(belwacht.Instant) bool { return false }, Outside: Never},
						{Name: "Carla", Ways: way("Carla")}},
					Escalation: &Escalation{After: 10 * time.Minute, Least: belwacht.Refuse, Steps: [][]string{{"Anna"}, {"Bert"}, {"Carla"}}, Bar: eight}})
				defer stop()
				a := alert("A1", 1)
				a.Word = c.word
				n.Tell(a)
				if c.take > 0 {
					time.Sleep(c.take)
					if c.elsewhere {
						seen.take("console")
					} else if err := n.TakeAlert(t.Context(), "t", "A1", "Anna"); err != nil {
						t.Error(err)
					}
				}
				time.Sleep(2 * time.Hour)
				synctest.Wait()
				if ways["Anna"].ids() != c.anna || ways["Bert"].ids() != c.bert || ways["Carla"].ids() != c.carla {
					t.Errorf("Anna %s, Bert %s, Carla %s", ways["Anna"].ids(), ways["Bert"].ids(), ways["Carla"].ids())
				}
				if got := strings.Join(guard.said, ","); !strings.HasPrefix(got, c.barred) || (c.barred == "") != (got == "") || strings.Contains(got, ",") {
					t.Errorf("barred: %s", got)
				}
				if c.barred != "" {
					if m := ways["Anna"].got[1]; m.Note != NoteBarred || !strings.Contains(m.Text, "barred") || m.Delivery == ways["Anna"].got[0].Delivery {
						t.Errorf("%+v", m)
					}
					if m := ways["Carla"].got[0]; m.Note != NoteEscalated {
						t.Errorf("%+v", m)
					}
				}
				other := map[string]string{"second": "Carla", "in the console": "Anna"}[c.name] // who was told before, and did not take it
				if other != "" {
					if m := ways[other].got[1]; m.Note != NoteTaken || m.TakenBy == "" || !strings.Contains(m.Text, m.TakenBy+" looks after this alert.") || m.Delivery == ways[other].got[0].Delivery {
						t.Errorf("%+v", m)
					}
				}
				if c.take > 0 && !c.elsewhere && seen.changed.Who != "Anna" {
					t.Errorf("the store heard of %+v", seen.changed)
				}
			})
		})
	}
}

// incidents is a store of one alert.
type incidents struct {
	mu      sync.Mutex
	changed belwacht.IncidentChange
	who     string
}

func (i *incidents) take(who string) { i.mu.Lock(); i.who = who; i.mu.Unlock() }

func (i *incidents) Alert(context.Context, string, string) (*belwacht.Incident, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := &belwacht.Incident{Alert: *alert("A1", 1), State: belwacht.IncidentOpen}
	if i.who != "" {
		in.State, in.Who = belwacht.IncidentTaken, i.who
	}
	return in, nil
}

func (i *incidents) ChangeAlert(_ context.Context, c *belwacht.IncidentChange) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.changed = *c
	return c.Check()
}

// TestBarAgain: where barring fails it is tried again.
func TestBarAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guard := &bars{err: errors.New("full")}
		r := &receiver{name: "r", answer: arrives}
		n, stop := run(t, Config{Guard: guard, Receivers: []Receiver{{Name: "Anna", Ways: []Way{r}}},
			Escalation: &Escalation{After: time.Minute, Steps: [][]string{{"Anna"}}, Bar: func(_ string, now belwacht.Instant) belwacht.Instant { return now + 1 }}})
		defer stop()
		n.Tell(alert("A1", 1))
		time.Sleep(150 * time.Second)
		guard.mu.Lock()
		guard.err = nil
		guard.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(guard.said) != 3 || r.ids() != "A1×1 A1×1" {
			t.Errorf("%v %s", guard.said, r.ids())
		}
	})
}

// TestSilence: what is silenced is told nobody and escalated to nobody, ends by itself, and says nothing afterwards but what comes then.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := newShelf()
		r := &receiver{name: "r", answer: arrives}
		c := Config{Store: kept, Silencer: kept, Receivers: []Receiver{{Name: "Anna", Ways: []Way{r}}}, Escalation: &Escalation{After: time.Minute, Steps: [][]string{{"Anna"}},
			Bar: func(_ string, now belwacht.Instant) belwacht.Instant { return now + 1 }}, Guard: &bars{}}
		n, stop := run(t, c)
		until := belwacht.InstantOf(time.Now().Add(time.Hour))
		if err := n.Silence(t.Context(), &belwacht.Silence{Tenant: "t", Account: "212", Until: until, Who: "Anna", Why: "test"}); err != nil {
			t.Fatal(err)
		}
		if err := n.Silence(t.Context(), &belwacht.Silence{Tenant: "t", Account: "212", Until: until + 100*belwacht.Day, Who: "Anna", Why: "test"}); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("a silence of a hundred days: %v", err)
		}
		n.Tell(alert("A1", 1))
		elsewhere := alert("A2", 1)
		elsewhere.Account = "213"
		n.Tell(elsewhere)
		synctest.Wait()
		stop()
		n, stop = run(t, c) // it holds over a restart
		defer stop()
		n.Tell(alert("A3", 1))
		if err := n.TakeAlert(t.Context(), "t", "A2", "Anna"); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * time.Hour)
		if got := r.ids(); got != "A2×1" || len(n.Silences()) != 0 || len(c.Guard.(*bars).said) != 0 {
			t.Errorf("%s, %v, %v", got, n.Silences(), c.Guard)
		}
		n.Tell(alert("A1", 9))
		synctest.Wait()
		if got := r.ids(); got != "A2×1 A1×9" {
			t.Error(got)
		}
		if err := n.TakeAlert(t.Context(), "t", "A1", "Anna"); err != nil {
			t.Error(err)
		}
		if err := n.EndSilence(t.Context(), "S", "Anna"); belwacht.CodeOf(err) != belwacht.NotFound {
			t.Error(err)
		}
	})
}

// TestReload: what waits for a way that stays waits on, people who come hear of what is new only, and a wrong configuration changes nothing.
func TestReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var works atomic.Bool
		first, second := &receiver{name: "r", answer: func(*Message) error { return down() }}, &receiver{name: "r", answer: func(*Message) error {
			if !works.Load() {
				return down()
			}
			return nil
		}}
		gone, came := &receiver{name: "gone", answer: func(*Message) error { return down() }}, &receiver{name: "came", answer: arrives}
		log := slog.New(slog.DiscardHandler)
		kept := newShelf()
		n, stop := run(t, Config{Log: log, Store: kept, Receivers: []Receiver{{Ways: []Way{first, gone}}}})
		defer stop()
		n.Tell(alert("A1", 1))
		time.Sleep(time.Minute)
		if err := n.Use(Config{Log: log}); belwacht.CodeOf(err) != belwacht.Config || len(n.State()) != 2 {
			t.Errorf("%v %+v", err, n.State())
		}
		if err := n.Use(Config{Log: log, Receivers: []Receiver{{Ways: []Way{second}}, {Name: "Bert", Ways: []Way{came}}}}); err != nil {
			t.Fatal(err)
		}
		works.Store(true)
		n.Tell(alert("A2", 1))
		time.Sleep(10 * time.Minute)
		if second.ids() != "A1×1 A2×1" || came.ids() != "A2×1" || len(gone.got) != 0 {
			t.Errorf("%s; %s; %s", second.ids(), came.ids(), gone.ids())
		}
		synctest.Wait()
		list, err := kept.Tellings(t.Context())
		if err != nil || len(list) != 2 {
			t.Error(list, err)
		}
		for _, x := range list {
			if len(x.Waiting) != 0 {
				t.Errorf("still waits: %+v", x.Waiting)
			}
		}
	})
}

// gathering is a receiver that takes several in one message, and chokes on one called bad.
type gathering struct {
	receiver
	together []string
}

func (g *gathering) SendAll(_ context.Context, list []*Message) error {
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	g.mu.Lock()
	g.together = append(g.together, strings.Join(ids, "+"))
	g.mu.Unlock()
	if slices.Contains(ids, "bad") {
		return errors.New("500")
	}
	return nil
}

// TestTogether: what waits is told a person in one message; where that is not taken, each is tried alone, and one holds up no other.
func TestTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var works atomic.Bool
		g := &gathering{receiver: receiver{name: "g", answer: func(m *Message) error {
			switch {
			case !works.Load():
				return down()
			case m.ID == "bad":
				return errors.New("500")
			case m.ID == "slow":
				time.Sleep(time.Second)
			}
			return nil
		}}}
		n, stop := run(t, Config{Receivers: []Receiver{{Name: "Anna", Ways: []Way{g}}}})
		defer stop()
		n.Tell(alert("A1", 1))
		synctest.Wait()
		works.Store(true)
		n.Tell(alert("A2", 1))
		n.Tell(alert("A3", 1))
		time.Sleep(time.Minute)
		n.Tell(alert("slow", 1))
		synctest.Wait()
		n.Tell(alert("bad", 1))
		n.Tell(alert("A4", 1))
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if got := strings.Join(g.together, " "); got != "A1+A2+A3 bad+A4" {
			t.Error(got)
		}
		if got := g.ids(); got != "slow×1 A4×1" {
			t.Errorf("alone: %s", got)
		}
		if s := n.State()[0]; s.Sent != 5 || s.Waiting != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// TestLinks: a link is its person's and its alert's alone, is good after a restart, shows no number, is used up by taking, and without one nobody guesses another.
func TestLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := newShelf()
		anna, bert, hook := &receiver{name: "a", answer: arrives}, &receiver{name: "b", answer: arrives}, &receiver{name: "h", answer: arrives}
		c := Config{Store: kept, Links: "https://b.example.nl/a/", LinkKey: []byte("key"), Receivers: []Receiver{{Name: "Anna", Ways: []Way{anna}, Full: true}, {Name: "Bert", Ways: []Way{bert}}, {Ways: []Way{hook}}}}
		n, stop := run(t, c)
		a := alert("A1", 1)
		a.Numbers, a.Reason = []string{"+252611234567"}, "Refused: +252611234567."
		n.Tell(a)
		n.Tell(alert("A2", 1))
		synctest.Wait()
		stop()
		n, stop = run(t, c)
		defer stop()
		links := map[string]bool{}
		for _, m := range append(slices.Clone(anna.got), bert.got...) {
			links[m.Link] = true
		}
		if len(links) != 4 || hook.got[0].Link != "" {
			t.Errorf("links %v and %q", links, hook.got[0].Link)
		}
		word := strings.TrimPrefix(anna.got[0].Link, c.Links)
		o, err := n.Open(word)
		if err != nil || o.To != "Anna" || o.Taker != "" || strings.Contains(o.Message.Text, "61123") {
			t.Fatalf("%+v %v", o, err)
		}
		for range 2 {
			if o, err = n.Take(t.Context(), word); err != nil || o.Taker != "Anna" {
				t.Errorf("%+v %v", o, err)
			}
		}
		if o, err := n.Take(t.Context(), strings.TrimPrefix(bert.got[0].Link, c.Links)); err != nil || o.Taker != "Anna" {
			t.Errorf("what was taken by another: %+v %v", o, err)
		}
		for _, wrong := range []string{"", "x", word[:len(word)-1], word + "A"} {
			if _, err := n.Take(t.Context(), wrong); belwacht.CodeOf(err) != belwacht.NotFound {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if o, err := n.Open(strings.TrimPrefix(anna.got[1].Link, c.Links)); err != nil || o.Taker != "" {
			t.Errorf("another alert: %+v %v", o, err)
		}
	})
}
