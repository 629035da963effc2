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

	decided func(*belwacht.Decision) // hears of each too
}

// Keep implements Keeper.
func (k *keeping) Keep(d *belwacht.Decision) {
	k.recent.Keep(d)
	k.decided(d)
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

type alertKey struct {
	tenant, id string
	first      belwacht.Instant
}

// alarms hands on each alert that came or grew, and keeps it.
func (l *Live) alarms(ctx context.Context) {
	all, before := l.engine().Alerts(), l.told
	l.told = make(map[alertKey]int, len(all))
	for i := range all {
		l.told[alertKey{all[i].Tenant, all[i].ID, all[i].First}] = all[i].Count
	}
	all = slices.DeleteFunc(all, func(a belwacht.Alert) bool { return before[alertKey{a.Tenant, a.ID, a.First}] == a.Count })
	for i := range all {
		l.tell.Tell(&all[i])
	}
	for i := range all { // after all are told: a disk that stalls holds up no telling
		if l.keeping.store == nil {
			return
		}
		if err := l.keeping.store.PutAlert(ctx, &all[i]); err != nil {
			l.log.Error("an alert is not on disk yet", "event", "store.failed", "error", err)
		}
	}
}

// Store is what lasts, for who tells people; nil where it could not be opened.
func (l *Live) Store() *sqlite.Store { return l.keeping.store }

// Lapsed are the decisions in force that are over and that nobody has lifted yet.
func (l *Live) Lapsed() []belwacht.InForce { return l.journal.Lapsed(belwacht.InstantOf(time.Now())) }

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
