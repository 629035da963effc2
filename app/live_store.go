package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
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

// alarms keeps each alert that came or grew, and tells it: at once where it is new or grew graver, else a quarter of an hour after it was told. Those
// of before the start are kept only.
func (l *Live) alarms(ctx context.Context, now time.Time) {
	all := l.engine().Alerts()
	next := make(map[alertKey]told, len(all))
	for i := range all {
		a := &all[i]
		k := alertKey{a.Tenant, a.ID, a.First}
		t, known := l.told[k]
		switch {
		case !known, a.Word > t.word, a.Count != t.said && now.Sub(t.at) >= againAfter:
			t.said, t.word, t.at = a.Count, a.Word, now
			if l.cfg.Tell != nil {
				l.cfg.Tell(a)
			}
		}
		next[k] = t
	}
	for i := range all { // after all are told: a disk that stalls holds up no telling
		a := &all[i]
		k := alertKey{a.Tenant, a.ID, a.First}
		t := next[k]
		if t.kept == a.Count || l.keeping.store == nil {
			continue
		}
		if err := l.keeping.store.PutAlert(ctx, a); err != nil {
			l.log.Error("an alert is not on disk yet", "event", "store.failed", "error", err)
		}
		t.kept = a.Count
		next[k] = t
	}
	l.told = next
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
