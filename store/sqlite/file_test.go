package sqlite

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

const start = belwacht.Instant(1_780_300_800_000) // 2026-06-01

func call(i int) *belwacht.PastCall {
	at := start + belwacht.Instant(i)*3*belwacht.Second
	number, _ := belwacht.ParseE164(fmt.Sprintf("4420794%05d", i*7919%100_000))
	return &belwacht.PastCall{Call: belwacht.Call{ID: fmt.Sprintf("%d.%d", at/1000, i), Link: fmt.Sprintf("%d.%d", at/1000, i-1), Tenant: "oak", Site: "main",
		Direction: belwacht.Out, Account: fmt.Sprint(200 + i%150), Root: fmt.Sprint(200 + i%150), Trunk: "trunk-north", Caller: "+31201230000",
		Name: "Jansen, A.", Dialled: "00" + number.Digits(), Start: at, Answer: at + 4000, End: at + 94_000, Talk: 90, Disposition: belwacht.Answered, Rows: 2},
		Number: number, Country: belwacht.Country{'G', 'B'}, Class: belwacht.ClassGeographic, Cost: 45_000, Spent: 45_000}
}

func lock(i int) *belwacht.InForce {
	return &belwacht.InForce{ID: fmt.Sprint("L", i), Kind: belwacht.KindLock, Tenant: "oak", Subject: "212", Who: "belwacht", Why: "rule.burst", Since: start}
}

func settled(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func size(t testing.TB, s *Store) int64 {
	t.Helper()
	info, err := os.Stat(s.path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// kept counts the calls of the tenant that the tests use.
func kept(t testing.TB, s *Store) (n int) {
	t.Helper()
	if err := s.pool.QueryRowContext(context.Background(), "SELECT count(*) FROM calls").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestModes(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "deep", "data")
	s := opened(t, Config{Folder: folder})
	defer closed(t, s)
	s.PutCall(call(1))
	settled(t, s)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v", info.Mode(), err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 3 {
		t.Fatalf("the database, its log and index: %v, %v", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

// TestPragmas holds what a power cut and deletion rest on.
func TestPragmas(t *testing.T) {
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "auto_vacuum": "2", "busy_timeout": "5000", "secure_delete": "2"} {
		var got string
		if err := s.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, want %s (%v)", pragma, got, want, err)
		}
	}
	if _, err := s.pool.ExecContext(t.Context(), "DELETE FROM calls"); err == nil {
		t.Error("a reader can write")
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	writable := t.TempDir()
	if err := os.Chmod(writable, 0o777); err != nil {
		t.Fatal(err)
	}
	noise := t.TempDir()
	if err := os.WriteFile(filepath.Join(noise, File), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	s := opened(t, Config{Folder: newer})
	if _, err := s.db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	for _, c := range []struct {
		name   string
		config Config
		want   string
	}{
		{"no folder", Config{}, "no data folder is given"},
		{"writable by others", Config{Folder: writable}, "others may write"},
		{"no database", Config{Folder: noise}, "put a backup in its place"},
		{"newer", Config{Folder: newer}, "newer Belwacht"},
		{"kept too short", Config{Folder: t.TempDir(), Keep: belwacht.KeptFor{Calls: 30 * belwacht.Day}}, "calls are kept for 30 days; keep them for at least 92"},
	} {
		s, err := Open(t.Context(), c.config)
		if err == nil {
			closed(t, s)
		}
		if belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestMigrate takes an old file through a new step: a copy of the old one stands beside it, and a step that fails changes nothing.
func TestMigrate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := opened(t, Config{Folder: folder})
	s.PutCall(call(1))
	settled(t, s)
	steps := func(next string) fs.FS {
		all := fstest.MapFS{"migrations/99999_more.sql": {Data: []byte("-- +goose Up\n" + next)}}
		names, err := fs.Glob(query.Migrations, "migrations/*.sql")
		if err != nil || len(names) < 2 {
			t.Fatalf("%q, %v", names, err)
		}
		for _, name := range names {
			b, err := query.Migrations.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = &fstest.MapFile{Data: b}
		}
		return all
	}
	err := s.migrate(t.Context(), steps("CREATE TABLE more (id INTEGER); INSERT INTO nowhere VALUES (1);"))
	if belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(err.Error(), "are as before") {
		t.Errorf("a step that fails: %v", err)
	}
	if err := s.migrate(t.Context(), steps("CREATE TABLE more (id INTEGER);")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.ExecContext(t.Context(), "INSERT INTO more VALUES (1)"); err != nil {
		t.Errorf("the step was not taken: %v", err)
	}
	if n := kept(t, s); n != 1 {
		t.Errorf("%d calls after the step", n)
	}
	closed(t, s)
	if _, err := Open(t.Context(), Config{Folder: folder}); belwacht.CodeOf(err) != belwacht.Config {
		t.Errorf("the former program opened the newer file: %v", err)
	}
	copied := filepath.Join(folder, File+".before-99999")
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy: %v", err)
	}
	if err := os.Rename(copied, filepath.Join(folder, File)); err != nil {
		t.Fatal(err)
	}
	old := opened(t, Config{Folder: folder})
	defer closed(t, old)
	if n := kept(t, old); n != 1 {
		t.Errorf("%d calls in the copy", n)
	}
}

// TestBackup copies while rows are written, and opens the copy.
func TestBackup(t *testing.T) {
	t.Parallel()
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	for i := range 2000 {
		s.PutCall(call(i))
	}
	settled(t, s)
	for i := range 2000 {
		s.PutCall(call(2000 + i))
	}
	place := t.TempDir()
	path := filepath.Join(place, File)
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), path); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("a backup over a file: %v", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(place, "missing", File)); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("a backup into no folder: %v", err)
	}
	files, err := os.ReadDir(place)
	if err != nil || len(files) != 1 {
		t.Errorf("left over: %v, %v", files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the copy: %v, %v", info.Mode(), err)
	}
	settled(t, s)
	c := opened(t, Config{Folder: place})
	defer closed(t, c)
	if n := kept(t, c); n < 2000 || n > 4000 {
		t.Errorf("%d calls in the copy", n)
	}
	if err := c.Check(t.Context()); err != nil {
		t.Error(err)
	}
	var vacuum int
	if err := c.db.QueryRowContext(t.Context(), "PRAGMA auto_vacuum").Scan(&vacuum); err != nil || vacuum != 2 {
		t.Errorf("a restored file would not shrink: auto_vacuum %d, %v", vacuum, err)
	}
}

// TestCheck finds a page that was overwritten.
func TestCheck(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := opened(t, Config{Folder: folder})
	for i := range 3000 {
		s.PutCall(call(i))
	}
	settled(t, s)
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("a sound file: %v", err)
	}
	closed(t, s)
	info, err := os.Stat(filepath.Join(folder, File))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(folder, File), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(make([]byte, 64<<10), info.Size()/2&^4095); err != nil {
		t.Fatal(err)
	}
	s = opened(t, Config{Folder: folder})
	defer closed(t, s)
	if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "put a backup in its place") {
		t.Errorf("a damaged file: %v", err)
	}
}

// TestShrink wants the disk to get back what was deleted.
func TestShrink(t *testing.T) {
	t.Parallel()
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	if err := s.drain(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	empty := size(t, s)
	for i := range 10_000 {
		s.PutCall(call(i))
	}
	settled(t, s)
	if _, err := s.Prune(t.Context(), start); err != nil { // too early for any
		t.Fatal(err)
	}
	if err := s.drain(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	full := size(t, s)
	n, err := s.Prune(t.Context(), call(9_900).Start+belwacht.KeptUsual)
	if err != nil || n != 9_900+50 { // fifty accounts were used no more since
		t.Fatalf("%d rows deleted, %v", n, err)
	}
	if left := size(t, s); left-empty > (full-empty)/10 {
		t.Errorf("%d bytes of %d are left with a hundredth of the rows", left, full)
	}
	if n := kept(t, s); n != 100 {
		t.Errorf("%d calls are left", n)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRetain: how long what is kept changes while it runs: what was to stay goes, and names that were to stay become pseudonyms.
func TestRetain(t *testing.T) {
	t.Parallel()
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	for i := range 100 {
		s.PutCall(call(i))
	}
	settled(t, s)
	now := call(99).Start + 120*belwacht.Day
	if _, err := s.Prune(t.Context(), now); err != nil || kept(t, s) != 100 {
		t.Fatalf("%d calls are left, %v", kept(t, s), err)
	}
	if err := s.Retain(belwacht.KeptFor{Calls: 30 * belwacht.Day}); belwacht.CodeOf(err) != belwacht.Config || s.KeptFor().Calls != belwacht.KeptUsual {
		t.Errorf("shorter than may be: %v", err)
	}
	if err := s.Retain(belwacht.KeptFor{Names: 100 * belwacht.Day}); err != nil {
		t.Fatal(err)
	}
	before, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak", Page: belwacht.Page{Most: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prune(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	after, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak", Page: belwacht.Page{Most: 1}})
	if err != nil || len(before) == 0 || len(after) == 0 || before[0].Name == after[0].Name {
		t.Errorf("no pseudonyms: %+v %+v %v", before, after, err)
	}
	if err := s.Retain(belwacht.KeptFor{Calls: 92 * belwacht.Day}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prune(t.Context(), now); err != nil || kept(t, s) != 0 {
		t.Errorf("%d calls are left, %v", kept(t, s), err)
	}
}
