package app

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/text"
)

// InForceKeeper keeps decisions in force over a restart: a store, or a file.Journal. PutInForce and UndoInForce return once it is on disk.
type InForceKeeper interface {
	PutInForce(ctx context.Context, f *belwacht.InForce) error
	UndoInForce(ctx context.Context, tenant, id, who string, at belwacht.Instant) error
	InForce(ctx context.Context, at belwacht.Instant) ([]belwacht.InForce, error)
}

// moveMemory gives one engine another's memory.
func moveMemory(from, to *detect.Engine) error {
	var b bytes.Buffer
	if err := from.Snapshot(&b); err != nil {
		return err
	}
	return to.Restore(&b)
}

// remember takes up what was learned and decided before.
func (l *Live) remember(e *detect.Engine, dir string) error {
	m := l.mindOf(func() *detect.Engine { return e })
	at, notes, err := l.memory.Load(m)
	if err != nil {
		return err
	}
	l.again(m)
	now := belwacht.InstantOf(time.Now())
	j, damaged, err := file.OpenJournal(dir, now)
	if err != nil {
		return err
	}
	if l.journal, l.inforce = j, j; l.store != nil {
		if l.inforce, err = l.kept.InForce(context.Background(), j, j.Fresh, now); err != nil {
			return err
		}
	}
	for _, n := range append(notes, damaged...) {
		l.log.Error(n, "event", "memory.damaged")
	}
	list, err := j.InForce(context.Background(), now)
	if err != nil {
		return err
	}
	if len(damaged) > 0 || j.Lost() {
		list = l.adopt(e, list, now) // rather one lock too many than one too few
	}
	l.reinforce(e, list, at)
	if l.learned = at; at == 0 {
		l.log.Info("the memory begins empty", "event", "memory.empty")
	}
	return nil
}

// adopt notes what the memory has in force and the journal has not, so that a person can see and lift it.
func (l *Live) adopt(e *detect.Engine, list []belwacht.InForce, now belwacht.Instant) []belwacht.InForce {
	known := make(map[string]bool)
	for i := range list {
		known[string(list[i].Kind)+"\x00"+list[i].Tenant+"\x00"+list[i].Subject] = true
	}
	keep := func(f belwacht.InForce) {
		if known[string(f.Kind)+"\x00"+f.Tenant+"\x00"+f.Subject] {
			return
		}
		f.ID, f.Who, f.Why, f.Since = forceID(f.Kind, f.Subject), "belwacht", "taken from the memory", now
		if err := l.inforce.PutInForce(context.Background(), &f); err != nil {
			l.log.Error("a decision in force is not kept", "event", "inforce.failed", "error", err)
		}
		list = append(list, f)
	}
	for _, t := range l.config.All() {
		if e.Panics(t.Name) {
			keep(belwacht.InForce{Kind: belwacht.KindPanic, Tenant: t.Name})
		}
		for _, account := range e.Locks(t.Name) {
			keep(belwacht.InForce{Kind: belwacht.KindLock, Tenant: t.Name, Subject: account})
		}
	}
	return list
}

// reinforce puts in force what the journal says and nothing else. Feedback that the memory has heard is not given again.
func (l *Live) reinforce(e *detect.Engine, list []belwacht.InForce, heard belwacht.Instant) {
	said := func(err error) {
		if err != nil {
			l.log.Warn("a decision in force cannot be taken up", "event", "inforce.failed", "error", err)
		}
	}
	for _, t := range l.config.All() {
		said(e.Panic(t.Name, false))
		for _, account := range e.Locks(t.Name) {
			said(e.Lock(t.Name, account, false))
		}
	}
	for i := range list {
		switch f := &list[i]; f.Kind {
		case belwacht.KindPanic:
			said(e.Panic(f.Tenant, true))
		case belwacht.KindLock:
			said(e.Lock(f.Tenant, f.Subject, true))
		case belwacht.KindFeedback:
			if f.Since > heard {
				said(e.Feedback(&belwacht.Feedback{ID: f.Subject, Tenant: f.Tenant, Time: f.Since, Says: f.Says, Width: f.Width, Until: f.Until}))
			}
		}
	}
}

// forceID is the ID of what is in force once for its subject.
func forceID(kind belwacht.InForceKind, subject string) string {
	if subject == "" {
		return string(kind)
	}
	return string(kind) + ":" + subject
}

// the engine in use. l.mu is held by who changes what is in force, so that a reload loses nothing.
func (l *Live) engine() *detect.Engine { return l.guard.wiring.Load().engine }

// tenant is the organisation that a person means: the only one where none is named.
func (l *Live) tenant(name string) (string, error) {
	all := l.config.All()
	if name == "" && len(all) == 1 {
		return all[0].Name, nil
	}
	var names []string
	for i := range all {
		if all[i].Name == name {
			return name, nil
		}
		names = append(names, all[i].Name)
	}
	if name == "" {
		return "", belwacht.Errorf(belwacht.Usage, "whose? There are %q; say --tenant with one of them", names[:min(len(names), 20)])
	}
	return "", belwacht.Errorf(belwacht.NotFound, "there is no organisation %s in the configuration", text.Clean(name, 60))
}

// What becomes of a decision in force, as an EventInForce says it.
const (
	lifted int64 = iota
	holds
	stops // and what runs against it is ended
)

// decree changes what is in force. It is one of the events: what is judged again after a crash is judged by what held then.
func (g *Guard) decree(kind belwacht.InForceKind, tenant, subject string, how int64, out *detect.Out) error {
	return g.history.Decree(g.wiring.Load().engine, &belwacht.Event{Kind: belwacht.EventInForce, Time: belwacht.InstantOf(g.now()), Tenant: tenant, Account: subject, Call: string(kind), Talk: how}, out)
}

// Locks implements control.Locker.
func (l *Live) Locks(ctx context.Context) ([]belwacht.InForce, error) {
	all, err := l.inforce.InForce(ctx, belwacht.InstantOf(time.Now()))
	var locks []belwacht.InForce
	for i := range all {
		if all[i].Kind == belwacht.KindLock {
			locks = append(locks, all[i])
		}
	}
	return locks, err
}

// Lock implements control.Locker. It holds at once, and is on disk when it returns.
func (l *Live) Lock(ctx context.Context, f *belwacht.InForce) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.Tenant, err = l.tenant(f.Tenant); err != nil {
		return err
	}
	f.ID, f.Since = forceID(f.Kind, f.Subject), belwacht.InstantOf(time.Now())
	if err := l.guard.decree(f.Kind, f.Tenant, f.Subject, holds, nil); err != nil {
		return err
	}
	return l.inforce.PutInForce(ctx, f)
}

// Unlock implements control.Locker.
func (l *Live) Unlock(ctx context.Context, tenant, account, who string) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if tenant, err = l.tenant(tenant); err != nil {
		return err
	}
	if err := l.inforce.UndoInForce(ctx, tenant, forceID(belwacht.KindLock, account), who, belwacht.InstantOf(time.Now())); belwacht.CodeOf(err) == belwacht.NotFound && err != nil {
		return belwacht.Errorf(belwacht.NotFound, "account %s is not locked", text.Clean(account, 60))
	} else if err != nil {
		return err // a lock is lifted only where a restart would not bring it back
	}
	return l.guard.decree(belwacht.KindLock, tenant, account, lifted, nil)
}

// Panic implements control.Switch.
func (l *Live) Panic(ctx context.Context, f *belwacht.InForce, end bool) (ended, left int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.Tenant, err = l.tenant(f.Tenant); err != nil {
		return 0, 0, err
	}
	f.ID, f.Since = forceID(f.Kind, ""), belwacht.InstantOf(time.Now())
	how := holds
	if end {
		how = stops
	}
	var out detect.Out
	if err := l.guard.decree(f.Kind, f.Tenant, "", how, &out); err != nil {
		return 0, 0, err
	}
	for i := range out.Decisions {
		d := &out.Decisions[i]
		if e := (ending{tenant: f.Tenant, pbx: d.Site, call: d.ID, why: d.Brief()}); l.guard.resolve(&e) && l.feeds[e.pbx] != nil && e.feed != "" {
			ended++
		}
	}
	left = len(out.Decisions) - ended
	l.guard.carry(out.Decisions)
	return ended, left, l.inforce.PutInForce(ctx, f)
}

// Calm implements control.Switch. Where panic is off already it does nothing.
func (l *Live) Calm(ctx context.Context, tenant, who string) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if tenant, err = l.tenant(tenant); err != nil {
		return err
	}
	err = l.inforce.UndoInForce(ctx, tenant, forceID(belwacht.KindPanic, ""), who, belwacht.InstantOf(time.Now()))
	if err != nil && belwacht.CodeOf(err) != belwacht.NotFound {
		return err
	}
	return l.guard.decree(belwacht.KindPanic, tenant, "", lifted, nil)
}

// Feedback implements control.Actor. What the engine made of it is on disk when it returns.
func (l *Live) Feedback(ctx context.Context, f *belwacht.Feedback, who string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.Time = belwacht.InstantOf(time.Now())
	if list, _ := l.kept.Find(ctx, f.ID, l.tenants()); len(list) > 0 && !slices.ContainsFunc(list, func(d belwacht.Decision) bool { return d.Tenant != list[0].Tenant }) {
		f.ID, f.Tenant = list[0].ID, list[0].Tenant // it may have been a reference
	}
	if err := l.engine().Feedback(f); err != nil {
		return err
	}
	kept := &belwacht.InForce{ID: forceID(belwacht.KindFeedback, f.ID), Kind: belwacht.KindFeedback, Tenant: f.Tenant, Subject: f.ID, Who: who, Why: "said by a person", Since: f.Time,
		Says: f.Says, Width: f.Width, Until: f.Ends()}
	if err := l.inforce.PutInForce(ctx, kept); err != nil {
		return err
	}
	return l.memory.Save(l.mind(), time.Now()) // the journal alone would not know what the call was
}
