package app

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask/desk"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/detect/again"
	"github.com/belwacht/belwacht/store/keep"
	"github.com/belwacht/belwacht/store/recent"
	"github.com/belwacht/belwacht/store/sqlite"
)

// openStore opens what must last. Where that fails calls are guarded all the same, and it is told.
func (l *Live) openStore(dir string, c *config.Config) {
	l.zoned(c)
	k := keep.Config{Recent: recent.New(), Log: l.log}
	s, err := sqlite.Open(context.Background(), sqlite.Config{Folder: dir, Keep: c.Keep.For(), Log: l.log, Zone: func(tenant string) *time.Location { return (*l.zones.Load())[tenant] }})
	if err != nil {
		k.Failed = "calls, decisions and alerts are not kept on disk: " + err.Error()
		l.log.Error("the store cannot be opened", "event", "store.failed", "error", err)
	} else {
		l.store, k.Store = s, s
	}
	if why := c.Keep.ShorterBecause; why != "" {
		l.log.Warn("some data are kept for less than 92 days, as the owner wants it", "event", "store.shorter", "why", why)
	}
	l.kept = keep.New(k)
}

// zoned notes where the days of each organisation begin. The store asks from a goroutine of its own, which must wait for no lock of ours.
func (l *Live) zoned(c *config.Config) {
	zones := make(map[string]*time.Location)
	for _, t := range c.All() {
		if z, err := time.LoadLocation(t.Timezone); err == nil { // config has read it
			zones[t.Name] = z
		}
	}
	l.zones.Store(&zones)
}

// configured notes what a configuration changed and what it declares; fresh says that the audit log does not have it yet.
func (l *Live) configured(c *config.Config, who string, fresh bool) {
	l.zoned(c)
	if l.store != nil {
		if err := l.store.Retain(c.Keep.For()); err != nil {
			l.log.Error("what is kept is kept as long as before", "event", "store.failed", "error", err)
		}
	}
	flat, err := c.Flat()
	if err != nil {
		l.log.Error("what the configuration changed cannot be told", "event", "store.failed", "error", err)
		return
	}
	declared := make(map[string][]belwacht.Account)
	for _, t := range c.All() {
		declared[t.Name] = t.Declared()
	}
	list := l.kept.Configured(context.Background(), flat, declared, who, belwacht.InstantOf(time.Now()))
	if fresh && len(list) > 0 && l.cfg.Changed != nil {
		l.cfg.Changed(context.Background(), who, list)
	}
}

// storeState is how what must last is kept.
func (l *Live) storeState() (s control.Store) {
	if l.store == nil {
		return s
	}
	st, pruned, gone := l.kept.State()
	s = control.Store{Bytes: st.Bytes, Waiting: st.Pending, Written: st.Written, Dropped: st.Dropped, Days: make(map[string]int64), Pruned: pruned, Gone: gone}
	keep := l.store.KeptFor()
	s.Shorter = keep.Shorter
	keep.Each(func(name string, keep belwacht.Instant) { s.Days[name] = int64(keep / belwacht.Day) })
	return s
}

// Lapsed are the decisions in force that are over and that nobody has lifted yet.
func (l *Live) Lapsed() []belwacht.InForce { return l.journal.Lapsed(belwacht.InstantOf(time.Now())) }

// tenants are the names of the organisations.
func (l *Live) tenants() []string { return l.guard.wiring.Load().tenants }

// mindOf is an engine's memory as it is kept: with the position in the events that it holds.
func (l *Live) mindOf(engine func() *detect.Engine) *again.Mind {
	m := &again.Mind{Engine: engine}
	if l.store != nil {
		m.Store = l.store
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

// InUse is the configuration in use. It is not changed any more.
func (l *Live) InUse() *config.Config {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.config
}

// Store is what lasts; nil where it could not be opened.
func (l *Live) Store() *sqlite.Store { return l.store }

// Teller is what tells people of alerts.
func (l *Live) Teller() *Teller { return l.tell }

// Strangers are the addresses that asked for verdicts with a wrong secret.
func (l *Live) Strangers() []desk.Stranger { return l.asking.Strangers() }

// Tried takes a log-in at Belwacht's own console or API: guessing there is told as at the PBX. Without an organisation it is the first one's.
func (l *Live) Tried(x *belwacht.Login, tenant string) {
	if l == nil || !l.started.Load() {
		return
	}
	ev := &belwacht.Event{Kind: belwacht.EventAuthFailure, Time: belwacht.InstantOf(l.guard.now()), Tenant: cmp.Or(tenant, l.tenants()[0]), Account: x.User, Login: x}
	if x.Result == belwacht.LoginGood {
		ev.Kind = belwacht.EventRegistration
	}
	var out detect.Out
	if err := l.guard.history.Judge(l.guard.wiring.Load().engine, ev, &out); err != nil {
		l.log.Error("a log-in at the console is not watched", "event", "access.unwatched", "error", err)
	}
	l.guard.carry(out.Decisions)
}

// Adopt takes what was learned from past calls elsewhere, as by a replay, in place of a memory in which nothing is yet; what is in force stays so.
func (l *Live) Adopt(memory io.Reader) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, err := l.config.LiveEngine(func(string) {})
	if err != nil || l.guard.counts.attempts.Load() > 0 {
		return errors.Join(err, belwacht.Errorf(belwacht.Invalid, "calls were judged already, and what was learned from them would be lost"))
	}
	list, err := l.inforce.InForce(context.Background(), belwacht.InstantOf(time.Now()))
	return errors.Join(err, l.guard.replace(l.config, e, func(_, to *detect.Engine) error {
		err := to.Restore(memory)
		l.reinforce(to, list, 0)
		return err
	}))
}
