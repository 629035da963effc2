package sqlite

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// TestRestore puts a copy back: the former store is kept, positions go on, and a copy that is no good changes nothing.
func TestRestore(t *testing.T) {
	t.Parallel()
	folder, place := t.TempDir(), t.TempDir()
	s := opened(t, Config{Folder: folder})
	s.PutCall(call(1))
	s.AppendEvent(&belwacht.Event{Kind: belwacht.EventAttempt, Time: start, Tenant: "oak"})
	settled(t, s)
	good := filepath.Join(place, "good.db")
	if err := BackupBeside(t.Context(), folder, good); err != nil { // while it is open
		t.Fatal(err)
	}
	if files, err := os.ReadDir(place); err != nil || len(files) != 1 {
		t.Errorf("left beside the copy: %v, %v", files, err)
	}
	for i := range 5 {
		s.PutCall(call(2 + i))
		s.AppendEvent(&belwacht.Event{Kind: belwacht.EventAttempt, Time: start, Tenant: "oak"})
	}
	settled(t, s)
	closed(t, s)

	damaged := filepath.Join(place, "damaged.db")
	b, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+8192; i++ {
		b[i] = 0xaa
	}
	if err := os.WriteFile(damaged, b, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	n := opened(t, Config{Folder: newer})
	if _, err := n.db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	closed(t, n)
	foreign := filepath.Join(place, "foreign.db")
	if db, err := open(foreign, 1); err != nil {
		t.Fatal(err)
	} else if _, err := db.ExecContext(t.Context(), "CREATE TABLE x (y)"); err != nil {
		t.Fatal(err)
	} else {
		db.Close()
	}
	for name, c := range map[string]struct {
		from, want string
		code       belwacht.Code
	}{
		"damaged": {damaged, "is not put back", belwacht.Invalid}, "newer": {filepath.Join(newer, File), "newer Belwacht", belwacht.Config},
		"foreign": {foreign, "is no store of Belwacht", belwacht.Invalid}, "missing": {filepath.Join(place, "none"), "cannot be read", belwacht.NotFound},
		"folder": {place, "", belwacht.Invalid},
	} {
		_, err := Restore(t.Context(), folder, c.from, time.Now())
		if err == nil || belwacht.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s = opened(t, Config{Folder: folder})
	if k := kept(t, s); k != 6 {
		t.Errorf("after copies that were refused there are %d calls, want 6", k)
	}
	closed(t, s)

	r, err := Restore(t.Context(), folder, good, time.Now())
	if err != nil || r.Older || r.Aside == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	s = opened(t, Config{Folder: folder})
	defer closed(t, s)
	if k := kept(t, s); k != 1 {
		t.Errorf("%d calls were put back, want 1", k)
	}
	if p := s.AppendEvent(&belwacht.Event{Kind: belwacht.EventAttempt, Time: start}); p != 7 {
		t.Errorf("the next event's position is %d, want 7", p)
	}
	settled(t, s)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(filepath.Join(folder, File)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v, %v", info.Mode(), err)
	}
	old := t.TempDir()
	if err := os.Rename(r.Aside, filepath.Join(old, File)); err != nil {
		t.Fatal(err)
	}
	o := opened(t, Config{Folder: old})
	defer closed(t, o)
	if k := kept(t, o); k != 6 {
		t.Errorf("the former store has %d calls, want 6", k)
	}
}

// TestBeside wants a store that is there and whose tables are ours.
func TestBeside(t *testing.T) {
	t.Parallel()
	if _, err := OpenBeside(t.Context(), Config{Folder: t.TempDir()}); belwacht.CodeOf(err) != belwacht.NotFound || err == nil {
		t.Errorf("no store: %v", err)
	}
	folder := t.TempDir()
	s := opened(t, Config{Folder: folder})
	s.PutCall(call(1))
	settled(t, s)
	b, err := OpenBeside(t.Context(), Config{Folder: folder, Within: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Forget(t.Context(), &belwacht.Person{Tenant: "oak", Accounts: []string{call(1).Account}}, start)
	if err != nil || f.Deleted["call"] != 1 {
		t.Errorf("%+v, %v", f, err)
	}
	closed(t, b)
	if k := kept(t, s); k != 0 {
		t.Errorf("%d calls are left in the store that runs", k)
	}
	s.PutCall(call(2)) // it goes on
	settled(t, s)
	if _, err := s.db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if _, err := OpenBeside(t.Context(), Config{Folder: folder}); belwacht.CodeOf(err) != belwacht.Config || err == nil {
		t.Errorf("other tables: %v", err)
	}
}
