package sqlite

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// fill hands calls over until the store says that it is in trouble, and returns how many.
func fill(t *testing.T, s *Store) int {
	t.Helper()
	for n := 0; n < 60_000; {
		for range 500 {
			s.PutCall(call(n))
			n++
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		err := s.Sync(ctx)
		cancel()
		if err != nil {
			return n
		}
	}
	t.Fatal("the disk did not fill up")
	return 0
}

// full tries what must hold on a full disk, then makes room and tries what must hold afterwards.
func full(t *testing.T, s *Store, room func()) {
	_ = s.PutInForce(t.Context(), lock(1)) // later than a second where the disk is busy
	settled(t, s)
	n := fill(t, s)
	st := s.State()
	if st.Healthy || !strings.Contains(st.LastError, "is full; make room") || st.Pending == 0 {
		t.Errorf("a full disk shows as %+v", st)
	}
	begin := time.Now()
	err := s.PutInForce(t.Context(), lock(2))
	if took := time.Since(begin); belwacht.CodeOf(err) != belwacht.Unreachable || took > 3*time.Second {
		t.Errorf("a lock on a full disk: %v after %s", err, took)
	}
	begin = time.Now()
	for range 1000 { // as calls go on
		s.PutCall(call(n))
		n++
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("a thousand calls were held up for %s", took)
	}
	if held, err := s.InForce(t.Context(), start+belwacht.Hour); err != nil || len(held) != 1 {
		t.Errorf("reading on a full disk: %d in force, %v", len(held), err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("on the full disk: %v", err)
	}
	room()
	settled(t, s)
	if st := s.State(); !st.Healthy || st.Dropped != 0 || st.Pending != 0 {
		t.Errorf("with room again it shows as %+v", st)
	}
	held, err := s.InForce(t.Context(), start+belwacht.Hour)
	if err != nil || len(held) != 2 || kept(t, s) != n {
		t.Errorf("with room again %d in force, %d of %d calls, %v", len(held), kept(t, s), n, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestDiskFull bounds the file's pages, which is what SQLite meets on a full disk.
func TestDiskFull(t *testing.T) {
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	bound := func(pages string) {
		if _, err := s.db.ExecContext(t.Context(), "PRAGMA max_page_count="+pages); err != nil {
			t.Fatal(err)
		}
	}
	bound("500")
	full(t, s, func() { bound("1000000") })
}

// TestHeld has another program hold the file: what is durable says so within a second, reading goes on, and so does writing once it lets go.
func TestHeld(t *testing.T) {
	t.Parallel()
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	other, err := open(s.path, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	err = s.PutInForce(t.Context(), lock(1))
	if took := time.Since(begin); belwacht.CodeOf(err) != belwacht.Unreachable || took > 3*time.Second {
		t.Errorf("a lock while the file is held: %v after %s", err, took)
	}
	if held, err := s.InForce(t.Context(), start); err != nil || len(held) != 0 {
		t.Errorf("reading while the file is held: %d, %v", len(held), err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	settled(t, s)
	if held, err := s.InForce(t.Context(), start); err != nil || len(held) != 1 {
		t.Errorf("once it was let go: %d in force, %v", len(held), err)
	}
}

// TestFault keeps a row that can never be written from holding up the others.
func TestFault(t *testing.T) {
	t.Parallel()
	s := opened(t, Config{Folder: t.TempDir()})
	defer closed(t, s)
	s.PutCall(call(1))
	s.AddDecision(&belwacht.Decision{Schema: belwacht.DecisionSchema, ID: "1.1", Reason: strings.Repeat("x", longestBody)})
	zero := 0.0
	s.AddDecision(&belwacht.Decision{Schema: belwacht.DecisionSchema, ID: "1.2", ScoreBits: zero / zero})
	s.PutCall(call(2))
	settled(t, s)
	if st := s.State(); !st.Healthy || st.Dropped != 2 || st.Written != 2 || !strings.Contains(st.LastError, `"1.2" cannot be kept`) {
		t.Errorf("state %+v", st)
	}
	if n := kept(t, s); n != 2 {
		t.Errorf("%d calls", n)
	}
}
