package keep

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/store/recent"
	"github.com/belwacht/belwacht/store/sqlite"
)

const start = belwacht.Instant(1_780_300_800_000) // 2026-06-01

// place is a folder with a store, and what keeps there.
type place struct {
	*Keep
	dir   string
	store *sqlite.Store
	said  []string // alerts that were told
}

func open(t *testing.T, dir string) *place {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Folder: dir, Within: 30 * time.Second, Most: 1000})
	if err != nil {
		t.Fatal(err)
	}
	p := &place{dir: dir, store: s}
	p.Keep = New(Config{Store: s, Recent: recent.New(), Log: slog.New(slog.DiscardHandler), Tell: func(a *belwacht.Alert) { p.said = append(p.said, a.ID) }})
	return p
}

func (p *place) close(t *testing.T) {
	t.Helper()
	if err := p.store.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func (p *place) sync(t *testing.T) {
	t.Helper()
	if err := p.store.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func alert(id string, count int, word belwacht.Word) belwacht.Alert {
	return belwacht.Alert{ID: id, Tenant: "oak", Account: "212", Cause: "rule.burst", First: start, Last: start + belwacht.Instant(count), Word: word, Count: count}
}

// TestSilence keeps alerts from being told and from nothing else, and only as long as it lasts.
func TestSilence(t *testing.T) {
	p := open(t, t.TempDir())
	defer p.close(t)
	now := start.Time()
	list := []belwacht.Alert{alert("A1", 1, belwacht.Warn)}
	p.Before(nil, now)
	p.Alarms(t.Context(), list, now)
	silence := belwacht.Silence{ID: "S1", Tenant: "oak", Account: "212", Since: start, Until: start + belwacht.Hour, Who: "Anna", Why: "test"}
	if err := p.store.PutSilence(t.Context(), &silence); err != nil {
		t.Fatal(err)
	}
	p.Silences(t.Context(), now)
	list = append(list, alert("A2", 1, belwacht.Refuse))
	list[0] = alert("A1", 5, belwacht.Refuse) // graver
	p.Alarms(t.Context(), list, now.Add(time.Minute))
	if len(p.said) != 1 || p.said[0] != "A1" {
		t.Errorf("told: %q", p.said)
	}
	for id, count := range map[string]int{"A1": 5, "A2": 1} {
		if a, err := p.store.Alert(t.Context(), "oak", id); err != nil || a.Count != count {
			t.Errorf("%s is kept as %+v, %v", id, a, err)
		}
	}
	list[1] = alert("A2", 9, belwacht.Refuse)
	p.Alarms(t.Context(), list, now.Add(61*time.Minute)) // it is over, though nobody has read that
	if len(p.said) != 2 || p.said[1] != "A2" {
		t.Errorf("told after its end: %q", p.said)
	}
}

// TestInForce copies the journal to the store, mends the copy at a start, and takes what holds from the store where there is no journal.
func TestInForce(t *testing.T) {
	dir := t.TempDir()
	p := open(t, dir)
	begin := func(now belwacht.Instant) (*InForce, *file.Journal) {
		t.Helper()
		j, _, err := file.OpenJournal(dir, now)
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.InForce(t.Context(), j, j.Fresh, now)
		if err != nil {
			t.Fatal(err)
		}
		p.sync(t)
		return f, j
	}
	held := func(at belwacht.Instant, want ...string) {
		t.Helper()
		p.sync(t)
		list, err := p.store.InForce(t.Context(), at)
		if err != nil || len(list) != len(want) {
			t.Fatalf("the store has %+v in force, %v; want %q", list, err, want)
		}
		for i := range want {
			if list[i].ID != want[i] {
				t.Errorf("the store has %+v in force, want %q", list, want)
			}
		}
	}
	lock := func(id string) *belwacht.InForce {
		return &belwacht.InForce{ID: id, Kind: belwacht.KindLock, Tenant: "oak", Subject: id, Who: "Anna", Why: "x", Since: start}
	}
	f, j := begin(start)
	for _, id := range []string{"201", "202"} {
		if err := f.PutInForce(t.Context(), lock(id)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.UndoInForce(t.Context(), "oak", "201", "Bram", start+1); err != nil {
		t.Fatal(err)
	}
	held(start+2, "202")
	// What the journal alone heard.
	if err := j.PutInForce(t.Context(), lock("203")); err != nil {
		t.Fatal(err)
	}
	if err := j.UndoInForce(t.Context(), "oak", "202", "Bram", start+2); err != nil {
		t.Fatal(err)
	}
	j.Close()
	_, j = begin(start + 3)
	held(start+4, "203")
	j.Close()
	// An empty folder with a backup of the store in it.
	if err := os.Remove(filepath.Join(dir, "inforce.ndjson")); err != nil {
		t.Fatal(err)
	}
	_, j = begin(start + 5)
	if list, err := j.InForce(t.Context(), start+5); err != nil || len(list) != 1 || list[0].ID != "203" || list[0].Who != "Anna" {
		t.Errorf("taken from the store: %+v, %v", list, err)
	}
	j.Close()
	p.close(t)
}

// TestConfigured notes what differs from the configuration of before, over a restart too.
func TestConfigured(t *testing.T) {
	dir := t.TempDir()
	p := open(t, dir)
	declared := map[string][]belwacht.Account{"oak": {{Name: "212", Group: "sales"}}}
	p.Configured(t.Context(), map[string]string{"mode": "monitor", "brake.off": "true"}, declared, "a start", start)
	p.close(t)
	p = open(t, dir)
	defer p.close(t)
	p.Configured(t.Context(), map[string]string{"mode": "enforce", "keep.calls": "200"}, nil, "a reload", start+1)
	p.Configured(t.Context(), map[string]string{"mode": "enforce", "keep.calls": "200"}, nil, "a reload", start+2)
	list, _, err := p.store.Changes(t.Context(), &belwacht.ChangeQuery{})
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	got := map[string][2]string{}
	for _, c := range list {
		got[c.What] = [2]string{c.Before, c.After}
		if c.Time != start+1 || c.Who != "a reload" {
			t.Errorf("%+v", c)
		}
	}
	for what, want := range map[string][2]string{"mode": {"monitor", "enforce"}, "brake.off": {"true", ""}, "keep.calls": {"", "200"}} {
		if got[what] != want {
			t.Errorf("%s: %q, want %q", what, got[what], want)
		}
	}
	if a, err := p.store.Account(t.Context(), "oak", "212"); err != nil || a.Group != "sales" {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestPast takes more calls of before than the queue holds, and drops none.
func TestPast(t *testing.T) {
	p := open(t, t.TempDir())
	defer p.close(t)
	const n = 5000
	p.most = 500
	c := belwacht.Call{Tenant: "oak", Site: "main", Direction: belwacht.Out, Account: "212", Start: start, End: start, Dialled: "0201230000"}
	refused := &belwacht.Decision{Word: belwacht.Refuse, Cause: "limit.countries", Enforced: true}
	for i := range n {
		c.ID = start.String() + string(rune('a'+i%26)) + time.Duration(i).String()
		o := belwacht.Outcome{Call: &c}
		if i == 7 {
			o.Start = refused
		}
		p.Past(t.Context(), &o)
	}
	p.sync(t)
	if s := p.store.State(); s.Dropped != 0 || s.Written != n {
		t.Errorf("%+v", s)
	}
	list, _, err := p.store.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak", Word: belwacht.Refuse})
	if err != nil || len(list) != 1 || list[0].Cause != "limit.countries" || !list[0].Enforced {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestWithoutStore tells alerts, and does nothing else.
func TestWithoutStore(t *testing.T) {
	said := 0
	k := New(Config{Failed: "no disk", Recent: recent.New(), Log: slog.New(slog.DiscardHandler), Tell: func(*belwacht.Alert) { said++ }})
	k.Before(nil, time.Now())
	k.Alarms(t.Context(), []belwacht.Alert{alert("A1", 1, belwacht.Warn)}, time.Now())
	k.PutCall(&belwacht.PastCall{})
	k.Past(t.Context(), &belwacht.Outcome{})
	k.Prune(t.Context())
	k.Silences(t.Context(), time.Now())
	k.Configured(t.Context(), nil, nil, "", start)
	k.Keep(&belwacht.Decision{ID: "1.1"})
	if list, err := k.Find(t.Context(), "1.1", nil); said != 1 || err != nil || len(list) != 1 || k.Problem() != "no disk" {
		t.Errorf("%d told, %+v, %v, %q", said, list, err, k.Problem())
	}
}
