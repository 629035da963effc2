package app

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// crashed is what is left of one that runs when it is killed: its folder, with all that it has written so far.
func crashed(t *testing.T, h *house) string {
	t.Helper()
	if err := h.store.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(folder(t), "data")
	if err := os.CopyFS(kept, os.DirFS(filepath.Join(h.dir, "data"))); err != nil {
		t.Fatal(err)
	}
	return kept
}

// told is a call as a feed that has just come tells of it.
func (h *house) told(id, number string, at belwacht.Instant) {
	h.pbx.sink.Event(dial(id, number, at))
	h.pbx.sink.Event(event(belwacht.EventAnswer, id, at))
}

// runs are the IDs of the calls that run.
func (h *house) runs(t *testing.T) string {
	t.Helper()
	list, err := h.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// TestCrash kills one between two snapshots: what was judged then is judged again by what held then, once; and who tells of it anew tells of nothing new.
func TestCrash(t *testing.T) {
	const abroad, home, helpline = "0032470000101", "0201234567", "09008844"
	dir := folder(t)
	c := settings(t, dir, "enforce", "limits: {accounts: {\"212\": {calls_per_day: 5}}}\n"+onePBX)
	h := begin(t, dir, c)
	now := belwacht.InstantOf(time.Now())
	h.pbx.sink.Running(now, nil)
	h.told("1.4", helpline, now)
	if _, _, err := h.Panic(t.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Who: "a"}, false); err != nil {
		t.Fatal(err)
	}
	h.save() // with panic on
	refused, err := h.ask("1.1", abroad)
	if err != nil || !strings.HasPrefix(refused, "refuse,panic,") {
		t.Fatal(refused, err)
	}
	if err := h.Calm(t.Context(), "", "a"); err != nil {
		t.Fatal(err)
	}
	h.told("1.2", abroad, now)
	h.told("1.3", home, now)
	over := event(belwacht.EventEnd, "1.3", now+belwacht.Second)
	over.Talk, over.Disposition = 1, belwacht.Answered
	h.pbx.sink.Event(over)
	if a, err := h.ask("1.5", home); err != nil || !strings.HasPrefix(a, "allow,") {
		t.Fatal(a, err)
	}
	if got := h.runs(t); got != "1.2 1.4 1.5" {
		t.Fatalf("%s run", got)
	}
	c.Data = crashed(t, h)
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	h = begin(t, dir, c)
	if got := h.runs(t); got != "1.2 1.4 1.5" || h.status(t).Panic {
		t.Errorf("after the crash %s run: %+v", got, h.status(t))
	}
	if again, err := h.ask("1.1", abroad); err != nil || again != refused {
		t.Errorf("asked again: %q %v, not %q", again, err, refused)
	}
	later := (now/(5*belwacht.Second) + 3) * 5 * belwacht.Second
	h.told("1.2", abroad, now)
	h.guard.Tick(later) // in the middle of what the feed tells: nothing has ended by that
	h.told("1.4", helpline, now)
	h.told("1.5", home, now)
	h.pbx.sink.Running(later, []string{"1.2", "1.4", "1.5"})
	h.guard.Tick(later)
	h.guard.Record(&belwacht.Call{ID: "1.3", Link: "1.3", Site: "hk", Direction: belwacht.Out, Account: "212", Trunk: "trunk", Dialled: home, Start: now, Answer: now, End: now + belwacht.Second, Talk: 1,
		Disposition: belwacht.Answered})
	if got, n := h.runs(t), h.guard.Counts(); got != "1.2 1.4 1.5" || n.Attempts != 0 || n.Unseen != 0 || n.Unended != 0 || len(h.pbx.ended) != 0 {
		t.Errorf("told anew %s run: %+v", got, n)
	}
	for id, want := range []string{"allow,", "refuse,limit.calls.day,"} { // the fifth of the day, and one more
		if a, err := h.ask("2."+string(rune('1'+id)), home); err != nil || !strings.HasPrefix(a, want) {
			t.Errorf("%q %v, not %s", a, err, want)
		}
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
}

// TestCrashOfTheEnding kills one that has decided to end a call and has not yet: the next ends it.
func TestCrashOfTheEnding(t *testing.T) {
	dir := folder(t)
	c := settings(t, dir, "enforce", "limits: {organisation: {no_countries: [SO]}}\n"+onePBX)
	h := begin(t, dir, c)
	now := belwacht.InstantOf(time.Now())
	h.pbx.sink.Running(now, nil)
	h.told("1.1", "0032470000101", now)
	h.told("1.2", "00252611234567", now) // refused
	if ended, left, err := h.Panic(t.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Who: "a"}, true); err != nil || ended != 1 || left != 0 {
		t.Fatal(ended, left, err)
	}
	if err := h.Calm(t.Context(), "", "a"); err != nil {
		t.Fatal(err)
	}
	c.Data = crashed(t, h)
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	h = begin(t, dir, c)
	h.told("1.1", "0032470000101", now)
	h.told("1.2", "00252611234567", now)
	h.pbx.sink.Running(now+belwacht.Second, []string{"1.1", "1.2"})
	for ended := map[string]bool{}; len(ended) < 2; {
		select {
		case call := <-h.pbx.ended:
			ended[call] = true
		case <-time.After(20 * time.Second):
			t.Fatalf("only %v was ended: %+v", ended, h.guard.Counts())
		}
	}
	if n := h.guard.Counts(); n.Attempts != 0 {
		t.Errorf("%+v", n)
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
}

// TestCalmLasts: that panic was lifted lasts, though the memory that was kept before has it, and what came after that is not on disk.
func TestCalmLasts(t *testing.T) {
	dir := folder(t)
	c := settings(t, dir, "enforce", onePBX)
	h := begin(t, dir, c)
	if _, _, err := h.Panic(t.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Who: "a"}, false); err != nil {
		t.Fatal(err)
	}
	h.save()
	if err := h.Calm(t.Context(), "", "a"); err != nil {
		t.Fatal(err)
	}
	c.Data = crashed(t, h)
	for _, name := range []string{"belwacht.db", "belwacht.db-wal", "belwacht.db-shm"} {
		if err := os.RemoveAll(filepath.Join(c.Data, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Stop(); err != nil {
		t.Fatal(err)
	}
	h = begin(t, dir, c)
	if s := h.status(t); s.Panic {
		t.Errorf("%+v", s)
	}
	if err := h.Stop(); err != nil {
		t.Error(err)
	}
}
