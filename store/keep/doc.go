// Package keep is what a running Belwacht hands to its store and asks of it: decisions and calls as they come, alerts as they grow and who is told of them,
// what is in force, what a configuration changed, and the daily upkeep.
//
// Nothing here makes a call wait: what comes on a call's way goes into the store's queue. Where there is no store, because it could not be opened, all
// of it does nothing but telling; what is in force is kept by the journal in any case.
package keep

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store"
)

// Recent remembers decisions of late in memory.
type Recent interface {
	Keep(d *belwacht.Decision)
	Find(id string) []belwacht.Decision // by call or reference, told, oldest first
}

// Config is what a Keep needs. Only Store and Tell may be missing.
type Config struct {
	Store  store.Store // nil: there is none
	Failed string      // why there is none
	Recent Recent
	Log    *slog.Logger
	Tell   func(*belwacht.Alert) // is told of an alert that is new, graver, or grew since a quarter of an hour, and not silent; returns at once
}

// Keep keeps. Its methods may be called from many goroutines.
type Keep struct {
	Config
	told    map[alertKey]told // one goroutine's
	most    int               // rows that may wait when a call of the past comes
	silent  atomic.Pointer[[]belwacht.Silence]
	swamped atomic.Bool // the past comes faster than the disk takes it, or it does not answer

	configuring sync.Mutex // one configuration at a time

	mu     sync.Mutex
	pruned time.Time // when old data were let go last
	gone   int64     // rows, then
	wrong  string    // what went wrong, then
}

// New makes a Keep.
func New(c Config) *Keep { return &Keep{Config: c, most: pastMost} }

// Keep takes a decision on a call's way.
func (k *Keep) Keep(d *belwacht.Decision) {
	k.Recent.Keep(d)
	if k.Store != nil {
		k.Store.AddDecision(d)
	}
}

// PutCall takes a call that is over, on its way.
func (k *Keep) PutCall(p *belwacht.PastCall) {
	if k.Store != nil {
		k.Store.PutCall(p)
	}
}

// Bounds of taking up the past: it must not fill the queue that calls of now use.
const (
	pastMost   = 1 << 14
	pastWithin = 10 * time.Second
)

// Past takes a call of before Belwacht came. It waits while many wait for the disk already, but not for a disk that does not answer: then what the queue has no
// place for is dropped and counted.
func (k *Keep) Past(ctx context.Context, o *belwacht.Outcome) {
	if k.Store == nil {
		return
	}
	p := belwacht.PastCall{Call: *o.Call, Number: o.Number.E164, Country: o.Number.Country, Class: o.Number.Class, Cost: o.Cost, Spent: o.Spent}
	for _, d := range []*belwacht.Decision{o.Start, o.Ended} {
		if d != nil && d.Word > p.Word {
			p.Word, p.Cause, p.Enforced = d.Word, d.Cause, d.Enforced
		}
	}
	confidential(&p)
	if k.Store.State().Pending >= k.most && !k.swamped.Load() {
		ctx, cancel := context.WithTimeout(ctx, pastWithin)
		defer cancel()
		if err := k.Store.Sync(ctx); err != nil {
			k.swamped.Store(true)
			k.Log.Error("the disk takes past calls too slowly; not all of them are kept", "event", "store.slow", "error", err)
		}
	}
	k.Store.PutCall(&p)
}

// Find is what is known of a call, by its ID or by a decision's reference: all decisions on the call, told, oldest first.
func (k *Keep) Find(ctx context.Context, id string, tenants []string) ([]belwacht.Decision, error) {
	if list := k.Recent.Find(id); len(list) > 0 || k.Store == nil {
		return list, nil
	}
	for _, tenant := range tenants {
		for _, q := range []belwacht.DecisionQuery{{Tenant: tenant, Call: id}, {Tenant: tenant, Reference: strings.ToUpper(strings.TrimSpace(id))}} {
			list, _, err := k.Store.Decisions(ctx, &q)
			if err != nil {
				return nil, err
			}
			if len(list) > 0 && q.Call == "" { // a code: all of its newest call
				if list, _, err = k.Store.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, Call: list[0].ID}); err != nil {
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

// Problem says what is wrong with the store; "" = nothing.
func (k *Keep) Problem() string {
	if k.Store == nil {
		return k.Failed
	}
	s := k.Store.State()
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case !s.Healthy:
		return "calls, decisions and alerts are not getting to disk: " + s.LastError
	case s.Dropped > 0:
		return "rows of the store were dropped since the start: " + strconv.FormatUint(s.Dropped, 10)
	}
	return k.wrong
}

// State is how the store is, and when old data were let go last; the zero State where there is none.
func (k *Keep) State() (s belwacht.StoreState, pruned belwacht.Instant, rows int64) {
	if k.Store == nil {
		return s, 0, 0
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.Store.State(), belwacht.InstantOf(k.pruned), k.gone
}

// Prune lets go of what is old enough, in small pieces, and makes pseudonyms where that is due.
func (k *Keep) Prune(ctx context.Context) {
	if k.Store == nil {
		return
	}
	begin := time.Now()
	n, err := k.Store.Prune(ctx, belwacht.InstantOf(begin))
	if ctx.Err() != nil {
		return
	}
	k.mu.Lock()
	k.pruned, k.gone, k.wrong = begin, n, ""
	if err != nil {
		k.wrong = "old data cannot be let go: " + err.Error()
	}
	k.mu.Unlock()
	if err != nil {
		k.Log.Error("old data cannot be let go", "event", "store.failed", "error", err)
	} else if n > 0 {
		k.Log.Info("old data were let go", "event", "store.pruned", "rows", n, "seconds", int(time.Since(begin).Seconds()))
	}
}
