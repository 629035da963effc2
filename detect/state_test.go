package detect

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
)

// limited has limits of every scope and a group, so that all meters live.
func limited(calls []simulate.Call) func(*Tenant) {
	return func(t *Tenant) {
		t.Limits.Organisation = &belwacht.Limit{MoneyPerDay: 40 * belwacht.Unit, CallsAtOnceAbroad: 6, UsualBill: 100 * belwacht.Unit}
		t.Limits.Groups = map[string]*belwacht.Limit{"desk": {MinutesPerDay: 300}}
		t.Limits.Accounts = map[string]*belwacht.Limit{}
		t.Limits.Trunks = map[string]*belwacht.Limit{calls[0].Trunk: {CallsPerHour: 200}}
		seen := map[string]bool{}
		for i := range calls {
			a := calls[i].Account
			if len(seen) < 6 && !seen[a] && calls[i].Direction == belwacht.Out {
				seen[a] = true
				t.Accounts = append(t.Accounts, belwacht.Account{Name: a, Group: "desk"})
				t.Limits.Accounts[a] = &belwacht.Limit{CallsPerDay: 40, LongestCall: 1800}
			}
		}
	}
}

// TestACutReplayGoesOn stops a replay at many moments, keeps the memory, goes on with a new engine that was filled from it, and finds every
// decision as in the replay that was not stopped.
func TestACutReplayGoesOn(t *testing.T) {
	modes := []belwacht.Mode{belwacht.Enforce, belwacht.Monitor}
	if testing.Short() {
		modes = modes[:1]
	}
	for _, mode := range modes {
		calls := history(t, small(11))
		tenant := dutch(t, mode, limited(calls))
		speak := func(r *Replay, i int) { // a person speaks now and then of what was decided
			if i%500 == 499 {
				if order := r.engine.order[0].says.order; len(order) > 0 {
					says := []string{"fine", "fraud"}[i/500%2]
					_ = r.engine.Feedback(&belwacht.Feedback{ID: order[len(order)-1], Time: calls[i].Start, Says: says, Width: belwacht.WidthNumber})
				}
			}
		}
		whole := lines(t, played(t, engine(t, tenant), calls, speak))
		if bytes.Count(whole, []byte("\n")) < 50 {
			t.Fatalf("only %d decisions: nothing to compare", bytes.Count(whole, []byte("\n")))
		}
		rng, cuts, size := rand.New(rand.NewPCG(1, 2)), 0, 0
		cut := lines(t, played(t, engine(t, tenant), calls, func(r *Replay, i int) {
			speak(r, i)
			if rng.IntN(len(calls)/40) > 0 {
				return
			}
			var b, again bytes.Buffer
			if err := r.engine.Snapshot(&b); err != nil {
				t.Fatal(err)
			}
			data := bytes.Clone(b.Bytes())
			next := engine(t, tenant)
			if err := next.Restore(&b); err != nil {
				t.Fatal(err)
			}
			if err := next.Snapshot(&again); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(again.Bytes(), data) {
				t.Fatal("the restored engine makes another snapshot")
			}
			r.engine = next
			cuts, size = cuts+1, len(data)
		}))
		if !bytes.Equal(whole, cut) {
			t.Errorf("mode %v, %d cuts: %s", mode, cuts, firstDifference(whole, cut))
		}
		if cuts < 20 {
			t.Errorf("only %d cuts", cuts)
		}
		t.Logf("mode %v: %d calls, %d decisions, %d cuts, %d bytes", mode, len(calls), bytes.Count(whole, []byte("\n")), cuts, size)
	}
}

func snapshotOf(t testing.TB, e *Engine) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := e.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestMemoryThatCannotBeRead leaves the engine empty and says what is wrong.
func TestMemoryThatCannotBeRead(t *testing.T) {
	calls := history(t, small(3))[:2000]
	e := engine(t, dutch(t, belwacht.Enforce, nil))
	played(t, e, calls, nil)
	good, empty := snapshotOf(t, e), snapshotOf(t, engine(t, dutch(t, belwacht.Enforce, nil)))
	damaged := bytes.Clone(good)
	damaged[len(damaged)/2] ^= 4
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"another version": {bytes.Replace(good, []byte("memory/3"), []byte("memory/4"), 1), `version "4"`},
		"a longer one":    {bytes.Replace(good, []byte("memory/3"), []byte("memory/10"), 1), `version "10"`},
		"damaged":         {damaged, ""},
		"cut":             {good[:len(good)-100], "cut off"},
		"nothing":         {nil, "cut off"},
		"something else":  {[]byte(strings.Repeat("PK\x03\x04", 1000)), "no such file"},
		"a wrong sum":     {append(bytes.Clone(good[:len(good)-1]), good[len(good)-1]^1), "damaged"},
	} {
		err := e.Restore(bytes.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "the memory cannot be read") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if !bytes.Equal(snapshotOf(t, e), empty) {
			t.Errorf("%s: the engine is not empty", name)
		}
		if err := e.Restore(bytes.NewReader(good)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMemoryFollowsTheConfiguration: organisations, groups and limits that went away or came are no obstacle.
func TestMemoryFollowsTheConfiguration(t *testing.T) {
	calls := history(t, small(3))[:3000]
	old := dutch(t, belwacht.Enforce, limited(calls))
	old.Name = "old"
	other := dutch(t, belwacht.Enforce, nil)
	other.Name = "gone"
	e := engine(t, old, other)
	for i := range calls {
		calls[i].Tenant = "old"
	}
	played(t, e, calls, nil)
	data := snapshotOf(t, e)
	now := dutch(t, belwacht.Enforce, func(t *Tenant) { t.Limits.Organisation = &belwacht.Limit{CallsPerDay: 1 << 20} })
	now.Name = "old"
	come := dutch(t, belwacht.Enforce, nil)
	come.Name = "new"
	next := engine(t, come, now)
	if err := next.Restore(bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if n := next.shards["old"].count.Len(); n != e.shards["old"].count.Len() || n == 0 {
		t.Errorf("%d accounts are known", n)
	}
	for i := range calls {
		calls[i].ID = fmt.Sprint("later-", i)
	}
	played(t, next, calls[:100], nil)
}

// FuzzRestore reads memories of any content whose sum is right: it never panics, and what it takes can be judged with and kept again.
func FuzzRestore(f *testing.F) {
	calls := history(f, simulate.Config{Seed: 5, Extensions: 3, Weeks: 1, LearnWeeks: 1})[:12]
	tenant := dutch(f, belwacht.Enforce, limited(calls))
	e := silent(f, tenant)
	played(f, e, calls[:6], nil)
	handle(f, e, try("runs", "212", "0025261555123", calls[11].Start))
	seed := snapshotOf(f, e)
	f.Add(seed[len(Schema)+1 : len(seed)-sha256.Size])
	f.Add([]byte{1, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		data := append([]byte(Schema+"\n"), body...)
		sum := sha256.Sum256(data)
		e := silent(t, tenant)
		if e.Restore(bytes.NewReader(append(data, sum[:]...))) == nil {
			played(t, e, calls, nil)
			snapshotOf(t, e)
		}
	})
}

// TestSnapshotIsStill: what happens while the copy is written is not in it, wherever it leads.
func TestSnapshotIsStill(t *testing.T) {
	calls := history(t, simulate.Config{Seed: 11, Extensions: 20, Weeks: 2, LearnWeeks: 1, AttackCount: 2, EarlyAttacks: -1})
	e := engine(t, dutch(t, belwacht.Enforce, func(o *Tenant) {
		o.Limits.Organisation = &belwacht.Limit{CallsPerHour: 1000, MoneyPerDay: 100 * belwacht.Unit}
	}))
	play := func(part []simulate.Call) {
		t.Helper()
		var out Out
		var events [3]belwacht.Event
		for i := range part {
			part[i].Tenant = ""
			for j := range part[i].Events(&events) {
				out.Reset()
				if err := e.Handle(&events[j], &out); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	half := len(calls) / 2
	play(calls[:half])
	var before, while bytes.Buffer
	if err := e.Snapshot(&before); err != nil {
		t.Fatal(err)
	}
	write := e.Still()
	play(calls[half:])
	if err := write(&while); err != nil || !bytes.Equal(before.Bytes(), while.Bytes()) {
		t.Errorf("%d and %d bytes differ: %v", before.Len(), while.Len(), err)
	}
	before.Reset()
	if err := e.Snapshot(&before); err != nil || bytes.Equal(before.Bytes(), while.Bytes()) {
		t.Errorf("nothing has happened meanwhile: %v", err)
	}
}

// TestRestoredOrganisationsStayApart: after a restore each call is judged by its own organisation, whichever of several that is.
func TestRestoredOrganisationsStayApart(t *testing.T) {
	calls := history(t, small(12))
	for i := range calls {
		calls[i].Tenant = "second"
	}
	named := func(name string) Tenant {
		return dutch(t, belwacht.Enforce, func(t *Tenant) { t.Name = name })
	}
	whole := lines(t, played(t, engine(t, named("second")), calls, nil))
	e := engine(t, named("first"), named("second"))
	var b bytes.Buffer
	if err := e.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	if err := e.Restore(&b); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, played(t, e, calls, nil)); !bytes.Equal(got, whole) {
		t.Fatalf("%d bytes of decisions beside another organisation and a restore, %d alone", len(got), len(whole))
	}
	if len(whole) == 0 || e.order[0].count.Len() != 0 {
		t.Fatalf("%d bytes of decisions; the first organisation has %d accounts of the second", len(whole), e.order[0].count.Len())
	}
}
