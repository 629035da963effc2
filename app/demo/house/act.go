package house

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/text"
)

func (h *House) instant() belwacht.Instant { return belwacht.Instant(h.now.Load()) }

// running is the engine; an error where there is nothing to do anything with yet.
func (h *House) running() (*detect.Engine, error) {
	if e := h.engine.Load(); e != nil && h.Began() {
		return e, nil
	}
	return nil, belwacht.Errorf(belwacht.Unreachable, "the made-up organisation still learns what is usual; wait a moment")
}

// End implements guard.Actor: the call is ended before the next thing happens.
func (h *House) End(_ context.Context, id, _ string) error {
	if _, err := h.running(); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.end = append(h.end, id)
	return nil
}

// Feedback implements guard.Actor.
func (h *House) Feedback(ctx context.Context, f *belwacht.Feedback, who string) error {
	e, err := h.running()
	if err != nil {
		return err
	}
	if list := h.recent.Find(f.ID); len(list) > 0 {
		f.ID = list[0].ID
	}
	f.Time = h.instant()
	if err := e.Feedback(f); err != nil {
		return err
	}
	kept := &belwacht.InForce{ID: "feedback:" + f.ID, Kind: belwacht.KindFeedback, Subject: f.ID, Who: who, Why: "said by a person", Since: f.Time, Says: f.Says, Width: f.Width}
	switch {
	case f.Says == "fraud":
		kept.Until = f.Time + 30*belwacht.Day
	case f.Width == belwacht.WidthOnce:
		kept.Until = f.Time + 15*belwacht.Minute
	case f.Width == belwacht.WidthCountry:
		kept.Until = f.Time + 90*belwacht.Day
	}
	return h.Store.PutInForce(ctx, kept)
}

// Locks implements guard.Locker.
func (h *House) Locks(ctx context.Context) ([]belwacht.InForce, error) {
	all, err := h.Store.InForce(ctx, h.instant())
	var locks []belwacht.InForce
	for i := range all {
		if all[i].Kind == belwacht.KindLock {
			locks = append(locks, all[i])
		}
	}
	return locks, err
}

// Lock implements guard.Locker.
func (h *House) Lock(ctx context.Context, f *belwacht.InForce) error {
	e, err := h.running()
	if err != nil {
		return err
	}
	if err := e.Lock("", f.Subject, true); err != nil {
		return err
	}
	f.ID, f.Since = "lock:"+f.Subject, h.instant()
	return h.Store.PutInForce(ctx, f)
}

// Unlock implements guard.Locker.
func (h *House) Unlock(ctx context.Context, _, account, who string) error {
	e, err := h.running()
	if err != nil {
		return err
	}
	if err := h.Store.UndoInForce(ctx, "", "lock:"+account, who, h.instant()); err != nil {
		return belwacht.Errorf(belwacht.CodeOf(err), "account %s is not locked", text.Clean(account, 60))
	}
	return e.Lock("", account, false)
}

// How a decision in force is told to the engine (belwacht.EventInForce, in Talk).
const (
	panicOn   = 1
	panicEnds = 2 // and what runs against it is ended
)

// Panic implements guard.Switch.
func (h *House) Panic(ctx context.Context, f *belwacht.InForce, end bool) (ended, left int, err error) {
	e, err := h.running()
	if err != nil {
		return 0, 0, err
	}
	how := int64(panicOn)
	if end {
		how = panicEnds
	}
	var out detect.Out
	if err := e.Handle(&belwacht.Event{Kind: belwacht.EventInForce, Time: h.instant(), Call: string(belwacht.KindPanic), Talk: how}, &out); err != nil {
		return 0, 0, err
	}
	h.mu.Lock()
	for i := range out.Decisions {
		h.end = append(h.end, out.Decisions[i].ID)
		h.recent.Keep(&out.Decisions[i])
		h.Store.AddDecision(&out.Decisions[i])
	}
	h.mu.Unlock()
	ended = len(out.Decisions)
	f.ID, f.Since = "panic", h.instant()
	return ended, 0, h.Store.PutInForce(ctx, f)
}

// Calm implements guard.Switch.
func (h *House) Calm(ctx context.Context, _, who string) error {
	e, err := h.running()
	if err != nil {
		return err
	}
	if err := h.Store.UndoInForce(ctx, "", "panic", who, h.instant()); err != nil && belwacht.CodeOf(err) != belwacht.NotFound {
		return err
	}
	return e.Panic("", false)
}
