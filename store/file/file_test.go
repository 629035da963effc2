package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// mind remembers a word.
type mind struct{ word string }

func (m *mind) Snapshot(w io.Writer) error {
	_, err := io.WriteString(w, "mind "+m.word+"!")
	return err
}

func (m *mind) Restore(r io.Reader) error {
	b, err := io.ReadAll(r)
	word, ok := strings.CutPrefix(string(b), "mind ")
	if m.word = ""; err != nil || !ok || !strings.HasSuffix(word, "!") {
		return errors.New("it is damaged")
	}
	m.word = word[:len(word)-1]
	return nil
}

func TestMemory(t *testing.T) {
	dir := t.TempDir()
	m := NewMemory(dir)
	got := &mind{word: "x"}
	if at, notes, err := m.Load(got); at != 0 || len(notes) > 0 || err != nil || got.word != "x" {
		t.Errorf("nothing there: %v %v %v", at, notes, err)
	}
	now := time.UnixMilli(1776067200000)
	for i, word := range []string{"one", "two", "three"} {
		if err := m.Save(&mind{word}, now.Add(-time.Duration(i)*time.Hour)); err != nil { // a clock that goes back
			t.Fatal(err)
		}
	}
	names, err := m.files()
	if err != nil || len(names) != memoriesKept {
		t.Fatalf("%v %v", names, err)
	}
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	at, notes, err := NewMemory(dir).Load(got)
	if at != belwacht.InstantOf(now)+2 || len(notes) > 0 || err != nil || got.word != "three" {
		t.Errorf("%v %v %v %q", at, notes, err, got.word)
	}
	for i, damage := range []string{"mind thr", "", "belwacht.memory/9\n"} { // cut, empty, newer
		if err := os.WriteFile(filepath.Join(dir, names[0]), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, notes, err := NewMemory(dir).Load(got); len(notes) != 1 || err != nil || got.word != "two" || !strings.Contains(notes[0], names[0]) {
			t.Errorf("damage %d: %v %v %q", i, notes, err, got.word)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "memory-x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := m.Save(&mind{"four"}, now); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Error(err)
	}
	if _, _, _, err := m.State(); err == nil {
		t.Error("that it failed is not told")
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	unlock, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Folder(dir); err == nil || !strings.Contains(err.Error(), "another Belwacht runs with the data folder") {
		t.Errorf("a second one: %v", err)
	}
	unlock()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	unlock, err = Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if _, err := Folder(filepath.Join(dir, "lock")); belwacht.CodeOf(err) != belwacht.Config {
		t.Errorf("a file: %v", err)
	}
}

func lock(account string, at belwacht.Instant) *belwacht.InForce {
	return &belwacht.InForce{ID: "lock:" + account, Kind: belwacht.KindLock, Subject: account, Who: "somebody", Since: at}
}

func TestJournal(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	j, notes, err := OpenJournal(dir, 1)
	if err != nil || len(notes) > 0 {
		t.Fatal(notes, err)
	}
	until := lock("3", 30)
	until.Until = 100
	for _, f := range []*belwacht.InForce{lock("2", 20), lock("1", 10), until, lock("4", 40)} {
		if err := j.PutInForce(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.UndoInForce(ctx, "", "lock:4", "another", 50); err != nil {
		t.Fatal(err)
	}
	if err := j.UndoInForce(ctx, "", "lock:4", "another", 50); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Errorf("undone twice: %v", err)
	}
	if err := j.PutInForce(ctx, &belwacht.InForce{ID: "x"}); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("no decision: %v", err)
	}
	if err := j.PutInForce(ctx, &belwacht.InForce{ID: "x", Kind: belwacht.KindPanic, Who: "a", Since: 1, Why: strings.Repeat("x", maxJournalLine)}); err == nil {
		t.Error("an endless reason is kept")
	}
	holds := func(j *Journal, at belwacht.Instant, want string) {
		t.Helper()
		list, err := j.InForce(ctx, at)
		got := ""
		for _, f := range list {
			got += f.Subject
		}
		if got != want || err != nil {
			t.Errorf("at %d %s holds, want %s; %v", at, got, want, err)
		}
	}
	holds(j, 60, "123")
	holds(j, 100, "12")
	holds(j, 5, "123") // the clock was set back
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j, notes, err = OpenJournal(dir, 100)
	if err != nil || len(notes) > 0 {
		t.Fatal(notes, err)
	}
	holds(j, 100, "12")
	if b, _ := os.ReadFile(j.name); bytes.Count(b, []byte("\n")) != 2 {
		t.Errorf("what is over is kept: %s", b)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := j.PutInForce(ctx, lock("9", 9)); belwacht.CodeOf(err) != belwacht.Unreachable {
		t.Errorf("a disk that fails: %v", err)
	}
}

// TestTornJournal: what was whole is taken, what was not is told, put aside, and spoils nothing.
func TestTornJournal(t *testing.T) {
	good := `{"schema":"belwacht.inforce/1","id":"lock:%s","kind":"lock","subject":"%s","who":"a","why":"","since":"2026-04-13T08:00:00Z"}` + "\n"
	line := func(s string) string { return fmt.Sprintf(good, s, s) }
	for name, text := range map[string]string{"cut": line("1") + line("2") + line("3")[:40], "middle": line("1") + "nonsense\n" + line("2"),
		"long": line("1") + strings.Repeat("x", 3*maxJournalLine) + "\n" + line("2"), "newer": line("1") + line("2") + strings.Replace(line("3"), "inforce/1", "inforce/2", 1),
		"none": line("1") + line("2") + strings.Replace(line("3"), `"kind":"lock"`, `"kind":"x"`, 1)} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "inforce.ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		j, notes, err := OpenJournal(dir, 1)
		if err != nil || len(notes) != 1 {
			t.Fatalf("%s: %v %v", name, notes, err)
		}
		if list, _ := j.InForce(t.Context(), 1); len(list) != 2 {
			t.Errorf("%s: %+v", name, list)
		}
		if kept, err := os.ReadFile(j.name + ".damaged"); err != nil || string(kept) != text {
			t.Errorf("%s: it is not kept: %v", name, err)
		}
		if err := j.PutInForce(t.Context(), lock("9", 9)); err != nil {
			t.Error(err)
		}
		_ = j.Close()
		if j, notes, err = OpenJournal(dir, 1); err != nil || len(notes) > 0 {
			t.Errorf("%s, again: %v %v", name, notes, err)
		}
		_ = j.Close()
	}
}

// FuzzJournal: whatever a file holds is read without harm, and what is taken can be written and read again.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"schema":"belwacht.inforce/1","id":"panic","kind":"panic","who":"a","since":"2026-04-13T08:00:00Z"}` + "\nx"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "inforce.ndjson"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		j, _, err := OpenJournal(dir, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		list, _ := j.InForce(t.Context(), 1)
		k, notes, err := OpenJournal(dir, 1)
		if err != nil || len(notes) > 0 {
			t.Fatal(notes, err)
		}
		defer k.Close()
		if again, _ := k.InForce(t.Context(), 1); len(again) != len(list) {
			t.Errorf("%d, then %d", len(list), len(again))
		}
	})
}
