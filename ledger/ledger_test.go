package ledger_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/sqlite"
)

// world is a log on a real database.
type world struct {
	folder string
	keys   *ledger.Keys
	store  *sqlite.Store
	log    *ledger.Log
	now    time.Time
}

func begin(t *testing.T) *world {
	t.Helper()
	w := &world{folder: t.TempDir(), now: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	if w.keys, err = ledger.LoadKeys(w.folder, "Bakkerij Jansen"); err != nil {
		t.Fatal(err)
	}
	w.open(t)
	t.Cleanup(func() { w.close(t) })
	return w
}

func (w *world) open(t *testing.T) {
	t.Helper()
	var err error
	if w.store, err = sqlite.Open(context.Background(), sqlite.Config{Folder: w.folder, Within: time.Minute}); err != nil {
		t.Fatal(err)
	}
	w.log = ledger.New(ledger.Config{Store: w.store, Keys: w.keys, Now: func() time.Time { return w.now }})
}

func (w *world) close(t *testing.T) {
	t.Helper()
	if err := w.store.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func (w *world) record(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		w.now = w.now.Add(time.Second)
		if err := w.log.Record(t.Context(), &belwacht.Entry{Act: "limit.raise", Weakens: true, Who: "anna", Subject: fmt.Sprint("limit ", i), Detail: "10 → 20"}); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) head(t *testing.T) string {
	t.Helper()
	h, err := w.log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h.Note
}

// tamper changes the file behind the store's back, as somebody would who has the machine.
func (w *world) tamper(t *testing.T, statements ...string) {
	t.Helper()
	w.close(t)
	db, err := sql.Open("sqlite", filepath.Join(w.folder, sqlite.File))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	w.open(t)
}

func (w *world) verify(t *testing.T, heads ...string) *ledger.Report {
	t.Helper()
	r, err := w.log.Verify(t.Context(), heads)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSound(t *testing.T) {
	w := begin(t)
	if r := w.verify(t); !r.OK() || r.Entries != 0 {
		t.Errorf("an empty log: %+v", r)
	}
	empty := w.head(t)
	w.record(t, 7)
	first := w.head(t)
	w.record(t, 1100) // more than is read at once
	w.tamper(t)       // a restart
	r := w.verify(t, empty, first)
	if !r.OK() || r.Entries != 1107 || r.Heads != 4 || r.Last != belwacht.InstantOf(w.now) || r.Root == "" {
		t.Errorf("%+v", r)
	}
	if n, err := w.store.Prune(t.Context(), belwacht.InstantOf(w.now.Add(-time.Hour))+belwacht.KeptUsual); err != nil || n != 0 {
		t.Errorf("%d pruned, %v", n, err)
	}
	if _, err := w.store.Prune(t.Context(), belwacht.InstantOf(w.now.Add(-500*time.Second))+belwacht.KeptUsual); err != nil {
		t.Fatal(err)
	}
	if r := w.verify(t, first); !r.OK() || r.Forgotten != 606 {
		t.Errorf("after retention: %+v", r)
	}
}

// TestTampering changes, removes, moves, adds and cuts off, and puts other hashes and heads in place, each as thoroughly as somebody without the key can.
func TestTampering(t *testing.T) {
	const columns = "time, act, weakens, sum, forgotten, seal, who, user, via, source, tenant, subject, detail, why, failed"
	for _, c := range []struct {
		name       string
		statements []string
		want       string
	}{
		{"a word changed", []string{"UPDATE entries SET who = 'bert' WHERE position = 5"}, "entry 5 was changed"},
		{"a word moved between fields", []string{"UPDATE entries SET who = 'annal', subject = 'imit 4' WHERE position = 5"}, "entry 5 was changed"},
		{"the time changed", []string{"UPDATE entries SET time = time - 3600000 WHERE position = 5"}, "up to entry 10 the log is not what the head"},
		{"no more weakening", []string{"UPDATE entries SET weakens = FALSE WHERE position = 5"}, "up to entry 10 the log is not"},
		{"declared forgotten", []string{"UPDATE entries SET forgotten = TRUE, who = '', act = 'limit.lower' WHERE position = 5"}, "up to entry 10 the log is not"},
		{"one removed", []string{"DELETE FROM entries WHERE position = 5"}, "entry 6 stands where entry 5 should"},
		{"one removed, others moved up", []string{"DELETE FROM entries WHERE position = 5", "UPDATE entries SET position = position - 1 WHERE position > 5"},
			"up to entry 10 the log is not"},
		{"two exchanged", []string{"UPDATE entries SET position = -5 WHERE position = 5", "UPDATE entries SET position = 5 WHERE position = 6",
			"UPDATE entries SET position = 6 WHERE position = -5"}, "up to entry 10 the log is not"},
		{"one added between", []string{"UPDATE entries SET position = -position WHERE position > 5", "UPDATE entries SET position = 1 - position WHERE position < 0",
			"INSERT INTO entries (position, " + columns + ") SELECT 6, " + columns + " FROM entries WHERE position = 2"}, "up to entry 10 the log is not"},
		{"the end cut off", []string{"DELETE FROM entries WHERE position > 8", "DELETE FROM entry_tree WHERE id >= 15"}, "the end of the log was cut off"},
		{"all gone", []string{"DELETE FROM entries", "DELETE FROM entry_tree"}, "the end of the log was cut off"},
		{"a hash changed", []string{"UPDATE entry_tree SET hash = zeroblob(32) WHERE id = 4"}, "hash 4 of the tree is not"},
		{"a hash gone", []string{"DELETE FROM entry_tree WHERE id = 4"}, "hashes of the tree are missing"},
		{"a head replaced by an older one", []string{"UPDATE entry_heads SET note = (SELECT note FROM entry_heads WHERE id = 1) WHERE id = 2"},
			"is filed under 10 entries and speaks of 4"},
		{"a head's text changed", []string{"UPDATE entry_heads SET note = replace(note, char(10) || '10' || char(10), char(10) || '9' || char(10)), size = 9 WHERE id = 2"},
			"is not signed by this audit log's key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := begin(t)
			w.record(t, 4)
			w.head(t)
			w.record(t, 6)
			w.head(t)
			w.record(t, 2)
			if r := w.verify(t); !r.OK() {
				t.Fatalf("before: %+v", r)
			}
			w.tamper(t, c.statements...)
			if r := w.verify(t); r.OK() || !strings.Contains(strings.Join(r.Faults, "; "), c.want) {
				t.Errorf("want %q among %q", c.want, r.Faults)
			}
		})
	}
}

// TestRewritten: whoever has the machine and the key makes a log that is sound in itself. A head that left the machine shows it.
func TestRewritten(t *testing.T) {
	w := begin(t)
	w.record(t, 5)
	elsewhere := w.head(t)
	w.record(t, 3)
	w.tamper(t, "DELETE FROM entries", "DELETE FROM entry_tree", "DELETE FROM entry_heads")
	w.record(t, 12)
	w.head(t)
	if r := w.verify(t); !r.OK() {
		t.Fatalf("the other log is not sound in itself: %q", r.Faults)
	}
	if r := w.verify(t, elsewhere); r.OK() || !strings.Contains(r.Faults[0], "up to entry 5 the log is not what given head 1") {
		t.Errorf("the head that was kept elsewhere shows nothing: %q", r.Faults)
	}
	w.tamper(t, "DELETE FROM entries WHERE position > 4", "DELETE FROM entry_tree WHERE id >= 7", "DELETE FROM entry_heads")
	if r := w.verify(t, elsewhere); r.OK() || !strings.Contains(r.Faults[0], "there are only 4") {
		t.Errorf("%q", r.Faults)
	}
	other := begin(t) // another installation's
	other.record(t, 5)
	for name, text := range map[string]string{"another log's": other.head(t), "noise": "x", "long": strings.Repeat("x", 10<<10),
		"changed": strings.Replace(elsewhere, "\n5\n", "\n4\n", 1)} {
		if r := w.verify(t, text); r.OK() || !strings.Contains(r.Faults[0], "given head 1 ") {
			t.Errorf("%s: %q", name, r.Faults)
		}
	}
}

// TestNothingBehindAFault: a log that does not fit its tree takes no entry, and what else was to be written is.
func TestNothingBehindAFault(t *testing.T) {
	w := begin(t)
	w.record(t, 4)
	w.tamper(t, "DELETE FROM entries WHERE position = 4")
	err := w.log.Record(t.Context(), &belwacht.Entry{Act: "limit.raise"})
	if belwacht.CodeOf(err) != belwacht.Internal || !strings.Contains(fmt.Sprint(err), "audit-log verify") {
		t.Errorf("%v", err)
	}
	if list, err := w.store.EntriesAfter(t.Context(), 0, 9); err != nil || len(list) != 3 {
		t.Errorf("%d entries, %v", len(list), err)
	}
}

func TestKeys(t *testing.T) {
	dir := t.TempDir()
	one, err := ledger.LoadKeys(dir, "PBX één + 2")
	if err != nil {
		t.Fatal(err)
	}
	if one.Signer.Name() != "belwacht-audit/PBX---n---2" {
		t.Error(one.Signer.Name())
	}
	path := filepath.Join(dir, ledger.KeyFile)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	two, err := ledger.LoadKeys(dir, "another name")
	if err != nil || two.Public != one.Public {
		t.Errorf("after a restart the key is %v, %v", two, err)
	}
	for _, text := range []string{"", "noise", one.Public + "\n" + one.Public} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.LoadKeys(dir, "x"); belwacht.CodeOf(err) != belwacht.Config || err == nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzHead: a head comes from a file that anybody may have written.
func FuzzHead(f *testing.F) {
	dir := f.TempDir()
	keys, err := ledger.LoadKeys(dir, "x")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("belwacht-audit/x\n5\nAAAA\n7\n\n— belwacht-audit/x AAAA\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ledger.Verify(context.Background(), empty{}, keys.Verifier, []string{text})
		if err != nil || r.OK() {
			t.Errorf("%q is a head of an empty log: %v", text, err)
		}
	})
}

// empty is a log without an entry.
type empty struct{ belwacht.EntryStore }

func (empty) Heads(context.Context, int) ([]belwacht.Head, error) { return nil, nil }
func (empty) EntriesAfter(context.Context, uint64, int) ([]belwacht.Entry, error) {
	return nil, nil
}
