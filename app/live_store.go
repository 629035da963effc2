package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/detect/again"
	"github.com/belwacht/belwacht/store/recent"
	"github.com/belwacht/belwacht/store/sqlite"
)

// keeping is where decisions go: into memory, and to disk behind it. The store may be missing.
type keeping struct {
	recent *recent.Decisions
	store  *sqlite.Store // nil: it could not be opened
	failed string        // why
}

// Keep implements Keeper.
func (k *keeping) Keep(d *belwacht.Decision) {
	k.recent.Keep(d)
	if k.store != nil {
		k.store.AddDecision(d)
	}
}

// openStore opens what must last. Where that fails calls are guarded all the same, and it is told.
func (l *Live) openStore(dir string) {
	s, err := sqlite.Open(context.Background(), sqlite.Config{Folder: dir, Log: l.log})
	if err != nil {
		l.keeping.failed = "decisions and alerts are not kept on disk: " + err.Error()
		l.log.Error("the store cannot be opened", "event", "store.failed", "error", err)
		return
	}
	l.keeping.store = s
}

// find is what is known of a call, by its ID or by a decision's reference: all decisions on the call, told, oldest first.
func (k *keeping) find(ctx context.Context, id string, tenants []string) ([]belwacht.Decision, error) {
	if list := k.recent.Find(id); len(list) > 0 || k.store == nil {
		return list, nil
	}
	for _, tenant := range tenants {
		for _, q := range []belwacht.DecisionQuery{{Tenant: tenant, Call: id}, {Tenant: tenant, Reference: strings.ToUpper(strings.TrimSpace(id))}} {
			list, _, err := k.store.Decisions(ctx, &q)
			if err != nil {
				return nil, err
			}
			if len(list) > 0 && q.Call == "" { // a code: all of its newest call
				if list, _, err = k.store.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Call: list[0].ID}); err != nil {
					return nil, err
				}
			}
			if len(list) > 0 {
				slices.Reverse(list) // newest first
				return list, nil
			}
		}
	}
	return nil, nil
}

// againAfter is how long an alert that grows is not told again, unless it grows graver.
const againAfter = 15 * time.Minute

// told is what was kept and told of an alert.
type told struct {
	kept int // Count
	said int // Count
	word belwacht.Word
	at   time.Time
}

type alertKey struct {
	tenant, id string
	first      belwacht.Instant
}

// before takes the alerts of an earlier run as told. It comes before the first call of this one.
func (l *Live) before(now time.Time) {
	l.told = make(map[alertKey]told)
	all := l.engine().Alerts()
	for i := range all {
		a := &all[i]
		l.told[alertKey{a.Tenant, a.ID, a.First}] = told{said: a.Count, word: a.Word, at: now}
	}
}

// keepWithin is how long the disk is waited for before alerts are told.
const keepWithin = time.Second

// alarms keeps each alert that came or grew, and then tells it: at once where it is new or grew graver, else a quarter of an hour after it was told. What
// somebody was told of is on disk by then, so that no crash loses it; only a disk that stalls is waited for no longer than a second. Alerts of before the start
// are kept only.
func (l *Live) alarms(ctx context.Context, now time.Time) {
	all := l.engine().Alerts()
	next := make(map[alertKey]told, len(all))
	within, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	for i := range all {
		a := &all[i]
		k := alertKey{a.Tenant, a.ID, a.First}
		t := l.told[k]
		if t.kept != a.Count && l.keeping.store != nil {
			if err := l.keeping.store.PutAlert(within, a); err != nil && ctx.Err() == nil {
				l.log.Warn("an alert is not on disk yet", "event", "store.slow", "error", err)
			}
		}
		t.kept = a.Count
		next[k] = t
	}
	for i := range all {
		a := &all[i]
		k := alertKey{a.Tenant, a.ID, a.First}
		t := next[k]
		if t.said == 0 || a.Word > t.word || a.Count != t.said && now.Sub(t.at) >= againAfter {
			t.said, t.word, t.at = a.Count, a.Word, now
			next[k] = t
			if l.cfg.Tell != nil {
				l.cfg.Tell(a)
			}
		}
	}
	l.told = next
}

// mindOf is an engine's memory as it is kept: with the position in the events that it holds.
func (l *Live) mindOf(engine func() *detect.Engine) *again.Mind {
	m := &again.Mind{Engine: engine}
	if l.keeping.store != nil {
		m.Store = l.keeping.store
	}
	if l.guard != nil {
		m.History = l.guard.history
	}
	return m
}

// mind is the memory of the engine in use.
func (l *Live) mind() *again.Mind { return l.mindOf(l.engine) }

// again judges again what came after the memory was kept.
func (l *Live) again(m *again.Mind) {
	begin := time.Now()
	p, err := m.Again(context.Background())
	if err != nil {
		l.log.Error("not all that came after the memory was kept could be judged again", "event", "memory.again-failed", "events", p.Events, "error", err)
	} else if p.Events+p.Others > 0 {
		l.log.Info("what came after the memory was kept was judged again", "event", "memory.again", "events", p.Events, "of_others", p.Others, "milliseconds", time.Since(begin).Milliseconds())
	}
	l.past = p.Calls()
}

// prune lets go of what is old enough, once a day.
func (l *Live) prune(ctx context.Context) {
	if l.keeping.store == nil {
		return
	}
	if _, err := l.keeping.store.Prune(ctx, belwacht.InstantOf(time.Now())); err != nil && ctx.Err() == nil {
		l.log.Error("old data cannot be let go", "event", "store.failed", "error", err)
	}
}

// storeProblem says what is wrong with the store; "" = nothing.
func (l *Live) storeProblem() string {
	k := &l.keeping
	if k.store == nil {
		return k.failed
	}
	s := k.store.State()
	switch {
	case !s.Healthy:
		return "decisions and alerts are not getting to disk: " + s.LastError
	case s.Dropped > 0:
		return "rows of the store were dropped since the start: " + itoa(s.Dropped)
	}
	return ""
}

// tenants are the names of the organisations.
func (l *Live) tenants() []string { return l.guard.wiring.Load().tenants }
