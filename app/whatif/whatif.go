// Package whatif plays the kept calls of the last 90 days through engines of their own: one with the settings in force, others with one of them changed each. Nothing of it
// is carried out or kept. It works in one goroutine that pauses as long as it works, holds a bounded number of engines, and stops with its context; the guard's engine is
// never touched.
//
// What is older than the 90 days, or the first two weeks where nothing is older, is played too and not counted: an engine without memory finds everything new.
package whatif

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/web/whatif"
)

// Bounds.
const (
	days       = 90
	learnDays  = 14 // at the least
	waitMost   = 200
	foundMost  = 200
	namesMost  = 100
	tenantMost = 100 // whose results are kept
)

// Store is what is played. Package store/sqlite has one.
type Store interface {
	Calls(ctx context.Context, q *belwacht.CallQuery) ([]belwacht.PastCall, belwacht.Cursor, error)
	Logins(ctx context.Context, q *belwacht.LoginQuery) ([]belwacht.PastLogin, belwacht.Cursor, error)
	Events(ctx context.Context, q *belwacht.EventQuery) ([]belwacht.PastEvent, belwacht.Cursor, error)
	Decisions(ctx context.Context, q *belwacht.DecisionQuery) ([]belwacht.Decision, belwacht.Cursor, error)
	InForcePage(ctx context.Context, q *belwacht.InForceQuery) ([]belwacht.InForce, belwacht.Cursor, error)
	Sums(ctx context.Context, q *belwacht.SumQuery) ([]belwacht.Sum, error)
}

// Config is what a Desk needs.
type Config struct {
	Config func() *config.Config // in use; another pointer after a reload
	Store  Store
	Now    func() time.Time
	Log    *slog.Logger
	Eager  bool // without pauses: where no guard stands beside it
}

// Desk takes changes to be played and keeps what came of them until the configuration or the day changes. It implements whatif.Player and whatif.Chooser and is safe for
// concurrent use.
type Desk struct {
	Config
	wake chan struct{}

	mu    sync.Mutex
	of    map[string]*table
	rules map[string][]whatif.Change // by organisation, of the configuration in use
	by    *config.Config             // that of rules
	wrong map[string]wrongs
}

// table is what is known of one organisation.
type table struct {
	by      *config.Config
	day     belwacht.Date
	state   whatif.State
	waiting []whatif.Change // those that are being played first
	playing int             // of waiting
	dropped map[string]bool // of those that are being played, whose results nobody wants any more
	stop    context.CancelFunc
}

// New makes one; Run does its work.
func New(c Config) *Desk {
	return &Desk{Config: c, wake: make(chan struct{}, 1), of: make(map[string]*table), rules: make(map[string][]whatif.Change), wrong: make(map[string]wrongs)}
}

// tenantOf is an organisation's part of a configuration.
func tenantOf(c *config.Config, name string) (*config.Tenant, error) {
	all := c.All()
	for i := range all {
		if all[i].Name == name {
			return &all[i], nil
		}
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "the configuration has no such organisation")
}

func (d *Desk) now() belwacht.Instant { return belwacht.InstantOf(d.Now()) }

// today is the day in UTC: what is played does not depend on it to the hour.
func (d *Desk) today() belwacht.Date { return belwacht.Date(d.now() / belwacht.Day) }

// at is an organisation's table, emptied where the configuration or the day is another. d.mu is held.
func (d *Desk) at(tenant string) *table {
	c, day := d.Config.Config(), d.today()
	t := d.of[tenant]
	if t == nil || t.by != c || t.day != day {
		if len(d.of) >= tenantMost {
			clear(d.of)
		}
		t = &table{by: c, day: day, state: whatif.State{Found: make(map[string]*whatif.Result)}, dropped: make(map[string]bool)}
		d.of[tenant] = t
	}
	return t
}

// Play implements whatif.Player.
func (d *Desk) Play(tenant string, changes []whatif.Change) error {
	c := d.Config.Config()
	t, err := tenantOf(c, tenant)
	if err != nil {
		return err
	}
	rules, err := d.Rules(tenant)
	if err != nil {
		return err
	}
	for _, ch := range changes {
		if _, err := changed(t, rules, ch); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	of := d.at(tenant)
	known := make(map[string]bool)
	for _, ch := range of.waiting {
		known[ch.ID()] = true
	}
	for _, ch := range changes {
		id := ch.ID()
		delete(of.dropped, id) // it was cancelled and is wanted again
		if !known[id] && of.state.Found[id] == nil {
			if len(of.waiting) >= waitMost {
				return belwacht.Errorf(belwacht.Invalid, "%d changes wait to be played; wait until they are", waitMost)
			}
			known[id] = true
			of.state.Broken = slices.DeleteFunc(slices.Clone(of.state.Broken), func(b whatif.Broken) bool { return b.Change.ID() == id })
			of.waiting = append(of.waiting, ch)
		}
	}
	select {
	case d.wake <- struct{}{}:
	default:
	}
	return nil
}

// State implements whatif.Player.
func (d *Desk) State(tenant string) *whatif.State {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.at(tenant)
	s := t.state
	s.Waiting, s.Found, s.Order = len(t.waiting), make(map[string]*whatif.Result, len(t.state.Found)), append([]string(nil), t.state.Order...)
	maps.Copy(s.Found, t.state.Found)
	s.Broken, s.AtOnce = slices.Clone(t.state.Broken), t.playing
	for i, ch := range t.waiting {
		if i < t.playing && t.dropped[ch.ID()] {
			s.Waiting, s.AtOnce = s.Waiting-1, s.AtOnce-1
			continue
		}
		s.Queue = append(s.Queue, ch)
	}
	s.Playing = s.AtOnce > 0
	return &s
}

// Cancel implements whatif.Player. What is played together with others goes on for them; its result is not kept.
func (d *Desk) Cancel(tenant, id string) error {
	if _, err := tenantOf(d.Config.Config(), tenant); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.at(tenant)
	there := false
	for i, ch := range t.waiting {
		if id == "" || ch.ID() == id {
			there = there || i >= t.playing || !t.dropped[ch.ID()]
			t.dropped[ch.ID()] = true
		}
	}
	t.waiting = append(t.waiting[:t.playing:t.playing], slices.DeleteFunc(slices.Clone(t.waiting[t.playing:]), func(ch whatif.Change) bool { return t.dropped[ch.ID()] })...)
	left := slices.ContainsFunc(t.waiting[:t.playing], func(ch whatif.Change) bool { return !t.dropped[ch.ID()] })
	if t.playing > 0 && !left && t.stop != nil {
		t.stop()
	}
	if !there && id != "" {
		return belwacht.Errorf(belwacht.NotFound, "this does not wait to be played")
	}
	return nil
}

// Run plays what is asked for until ctx ends.
func (d *Desk) Run(ctx context.Context) {
	for ctx.Err() == nil {
		tenant, t, group := d.next(ctx)
		if t == nil {
			select {
			case <-ctx.Done():
			case <-d.wake:
			}
			continue
		}
		if len(group) > 0 { // else all were cancelled
			d.carry(ctx, tenant, t, group)
		}
	}
}

// carry plays a group and keeps what came of it.
func (d *Desk) carry(ctx context.Context, tenant string, t *table, group []whatif.Change) {
	own, stop := context.WithCancel(ctx)
	defer stop()
	d.mu.Lock()
	t.stop = stop
	if !slices.ContainsFunc(group, func(ch whatif.Change) bool { return !t.dropped[ch.ID()] }) {
		stop() // cancelled since it was chosen
	}
	d.mu.Unlock()
	found, err := d.play(own, t, tenant, group, func(done float64) {
		d.mu.Lock()
		t.state.Done = done
		d.mu.Unlock()
	})
	cancelled := own.Err() != nil
	d.mu.Lock()
	defer d.mu.Unlock()
	t.state.Playing, t.state.Done, t.state.Failed = false, 0, ""
	rest := t.waiting[min(len(group), len(t.waiting)):]
	if cancelled { // what was asked for again meanwhile
		again := slices.DeleteFunc(slices.Clone(group), func(ch whatif.Change) bool { return t.dropped[ch.ID()] })
		rest = append(again, rest...)
	}
	t.waiting, t.playing, t.stop = rest, 0, nil
	if err != nil && !cancelled {
		t.state.Failed = err.Error()
		for _, ch := range group {
			if len(t.state.Broken) < foundMost {
				t.state.Broken = append(t.state.Broken, whatif.Broken{Change: ch, Why: t.state.Failed})
			}
		}
		d.Log.Error("what other settings would have done cannot be played", "event", "whatif.failed", "tenant", tenant, "error", err)
	}
	for _, r := range found {
		if !t.dropped[r.Change.ID()] {
			t.keep(r)
		}
	}
	clear(t.dropped)
}

// keep keeps a result, in place of the oldest where there are many.
func (t *table) keep(r *whatif.Result) {
	s := &t.state
	if len(s.Order) >= foundMost {
		delete(s.Found, s.Order[0])
		s.Order = s.Order[1:]
	}
	s.Found[r.Change.ID()] = r
	s.Order = append(s.Order, r.Change.ID())
}

// next takes what is played next: as many changes of one organisation as may be played at once.
func (d *Desk) next(ctx context.Context) (tenant string, t *table, group []whatif.Change) {
	d.mu.Lock()
	for name := range d.of {
		if of := d.at(name); len(of.waiting) > 0 {
			tenant, t = name, of
			break
		}
	}
	d.mu.Unlock()
	if t == nil {
		return "", nil, nil
	}
	n := d.atOnce(ctx, tenant)
	d.mu.Lock()
	defer d.mu.Unlock()
	group = slices.Clone(t.waiting[:min(n, len(t.waiting))])
	t.playing, t.state.Playing = len(group), len(group) > 0
	return tenant, t, group
}

// The memory that engines may take together, what one takes for an account (docs/judging.md), and what it took for all else with some thousand numbers in 90 days.
const (
	memoryMost    = 192 << 20
	accountMemory = 4 << 10
	engineMemory  = 12 << 20
	groupMost     = 8
)

// atOnce is how many changes are played together, besides the settings in force: so many that the engines stay within their memory, at least one.
func (d *Desk) atOnce(ctx context.Context, tenant string) int {
	today := d.today()
	sums, err := d.Store.Sums(ctx, &belwacht.SumQuery{Tenant: tenant, By: belwacht.SumByAccount, From: today - 30, Until: today, Most: 1000})
	if err != nil || len(sums) >= 1000 {
		return 1
	}
	return min(max(memoryMost/(engineMemory+accountMemory*len(sums))-1, 1), groupMost)
}
