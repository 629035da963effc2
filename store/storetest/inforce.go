package storetest

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
)

func lock(i int) *belwacht.InForce {
	return &belwacht.InForce{ID: fmt.Sprint("L", i), Kind: belwacht.KindLock, Tenant: "oak", Subject: fmt.Sprint(200 + i%3), Who: "belwacht",
		Why: "rule.burst", Since: start + belwacht.Instant(i)*belwacht.Minute}
}

func inForce(t *testing.T, s *suite) {
	panics := &belwacht.InForce{ID: "P1", Kind: belwacht.KindPanic, Tenant: "oak", Who: "Anna", Why: "what is this", Since: start}
	brief := lock(1)
	brief.Until = brief.Since + belwacht.Hour
	said := &belwacht.InForce{ID: "F1", Kind: belwacht.KindFeedback, Tenant: "elm", Subject: "call-9", Who: "Anna", Why: "my sister",
		Since: start + 2*belwacht.Minute, Until: start + belwacht.Day, Says: "fine", Width: belwacht.WidthCountry}
	for _, f := range []*belwacht.InForce{panics, brief, said, lock(3)} {
		ok(t, s.PutInForce(t.Context(), f))
	}
	holds := func(at belwacht.Instant, want ...*belwacht.InForce) {
		t.Helper()
		got, err := s.InForce(t.Context(), at)
		ok(t, err)
		found := map[string]belwacht.InForce{}
		for _, f := range got {
			found[f.ID] = f
		}
		if len(got) != len(want) {
			t.Errorf("at %s %d hold, want %d: %+v", at, len(got), len(want), got)
		}
		for _, w := range want {
			same(t, "in force", found[w.ID], *w)
			if !w.Holds(at) {
				t.Errorf("%s does not hold at %s by its own word", w.ID, at)
			}
		}
	}
	holds(start - 1)
	holds(start, panics)
	holds(start+10*belwacht.Minute, panics, brief, said, lock(3))
	holds(brief.Until, panics, said, lock(3))
	holds(start+belwacht.Day, panics, lock(3))
	at := start + 20*belwacht.Minute
	ok(t, s.UndoInForce(t.Context(), "oak", "P1", "Bert", at))
	code(t, s.UndoInForce(t.Context(), "oak", "P1", "Bert", at), belwacht.NotFound)
	code(t, s.UndoInForce(t.Context(), "elm", "L3", "Bert", at), belwacht.NotFound)
	code(t, s.UndoInForce(t.Context(), "oak", "L3", "", at), belwacht.Invalid)
	code(t, s.PutInForce(t.Context(), &belwacht.InForce{ID: "x", Kind: "curse", Who: "Anna", Since: start}), belwacht.Invalid)
	undone := *panics
	undone.Undone, undone.Undoer = at, "Bert"
	s.reopen(t)
	holds(at-1, &undone, brief, said, lock(3))
	holds(at, brief, said, lock(3))
	longer := *brief
	longer.Until += belwacht.Hour
	ok(t, s.PutInForce(t.Context(), &longer))
	holds(brief.Until, &longer, said, lock(3))
	for name, c := range map[string]struct {
		query belwacht.InForceQuery
		want  []belwacht.InForce
	}{
		"all":         {belwacht.InForceQuery{Tenant: "oak"}, []belwacht.InForce{*lock(3), longer, undone}},
		"kind":        {belwacht.InForceQuery{Tenant: "oak", Kind: belwacht.KindLock}, []belwacht.InForce{*lock(3), longer}},
		"subject":     {belwacht.InForceQuery{Tenant: "oak", Subject: "201"}, []belwacht.InForce{longer}},
		"both":        {belwacht.InForceQuery{Tenant: "elm", Subject: "call-9", Kind: belwacht.KindFeedback}, []belwacht.InForce{*said}},
		"both, other": {belwacht.InForceQuery{Tenant: "elm", Subject: "call-9", Kind: belwacht.KindLock}, nil},
	} {
		same(t, name, walk(t, 1, func(p belwacht.Page) ([]belwacht.InForce, belwacht.Cursor, error) {
			c.query.Page = p
			return s.InForcePage(t.Context(), &c.query)
		}), c.want)
	}
}

// durable says that what was acknowledged, and what was closed properly, is there afterwards.
func durable(t *testing.T, s *suite) {
	for i := range 5 {
		ok(t, s.PutInForce(t.Context(), lock(i)))
		s.PutCall(call(i)) // unacknowledged, but Close writes it
	}
	s.reopen(t)
	held, err := s.InForce(t.Context(), start+belwacht.Day)
	ok(t, err)
	kept, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak"})
	ok(t, err)
	if len(held) != 5 || len(kept) != 5 {
		t.Errorf("%d in force and %d calls after a restart", len(held), len(kept))
	}
}

// prune deletes what has been kept long enough, of every kind and tenant, and nothing else.
func prune(t *testing.T, s *suite) {
	now := start + 400*belwacht.Day
	edge := now - belwacht.KeptUsual
	over, lasting := lock(1), lock(2)
	over.Until = edge - 1
	ok(t, s.PutInForce(t.Context(), over))
	ok(t, s.PutInForce(t.Context(), lasting)) // old, and holds
	for i, at := range []belwacht.Instant{start, edge - 1, edge, now} {
		for j, tenant := range []string{"", "elm", "oak"} {
			c, d, e, a := call(10*i+j), decision(10*i+j), event(2), alert(10*i+j)
			c.Tenant, c.Start, d.Tenant, d.Time, e.Tenant, e.Time, a.Tenant, a.First = tenant, at, tenant, at, tenant, at, tenant, at
			s.PutCall(c)
			s.AddDecision(d)
			s.AppendEvent(e)
			ok(t, s.PutAlert(t.Context(), a))
		}
	}
	s.sync(t)
	n, err := s.Prune(t.Context(), now)
	ok(t, err)
	if want := int64(2*3*5 + 1 + 3); n != want { // call, decision, event, its log-in, alert; sums of accounts of the first day
		t.Errorf("%d rows deleted, want %d", n, want)
	}
	for _, tenant := range []string{"", "elm", "oak"} {
		c, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: tenant})
		ok(t, err)
		d, _, err := s.Decisions(t.Context(), &belwacht.DecisionQuery{Tenant: tenant})
		ok(t, err)
		l, _, err := s.Logins(t.Context(), &belwacht.LoginQuery{Tenant: tenant})
		ok(t, err)
		a, _, err := s.Alerts(t.Context(), &belwacht.AlertQuery{Tenant: tenant})
		ok(t, err)
		if len(c) != 2 || len(d) != 2 || len(l) != 2 || len(a) != 2 || c[1].Start != edge || d[1].Time != edge || l[1].Time != edge || a[1].First != edge {
			t.Errorf("tenant %q: %d calls, %d decisions, %d log-ins, %d alerts are left, want those from %s on", tenant, len(c), len(d), len(l), len(a), edge)
		}
	}
	all, _, err := s.InForcePage(t.Context(), &belwacht.InForceQuery{Tenant: "oak"})
	ok(t, err)
	same(t, "in force", all, []belwacht.InForce{*lasting})
	if e, _ := s.after(t, 0); len(e) != 6 {
		t.Errorf("%d events are left", len(e))
	}
	if n, err = s.Prune(t.Context(), now); n != 0 || err != nil {
		t.Errorf("a second time %d rows were deleted, %v", n, err)
	}
}

// positions are never given twice, even when all events are gone: a snapshot names one of them.
func positions(t *testing.T, s *suite) {
	for i := range 50 {
		s.AppendEvent(event(i))
	}
	s.sync(t)
	_, err := s.Prune(t.Context(), start+400*belwacht.Day)
	ok(t, err)
	if e, _ := s.after(t, 0); len(e) != 0 {
		t.Fatalf("%d events are left", len(e))
	}
	s.reopen(t)
	if p := s.AppendEvent(event(0)); p != 51 || s.LastEvent() != 51 {
		t.Errorf("the next position is %d, want 51", p)
	}
}
