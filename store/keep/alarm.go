package keep

import (
	"context"
	"time"

	"github.com/belwacht/belwacht"
)

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

// Before takes the alerts of an earlier run as told. It comes before the first Alarms.
func (k *Keep) Before(all []belwacht.Alert, now time.Time) {
	k.told = make(map[alertKey]told)
	for i := range all {
		a := &all[i]
		k.told[alertKey{a.Tenant, a.ID, a.First}] = told{said: a.Count, word: a.Word, at: now}
	}
}

// keepWithin is how long the disk is waited for before alerts are told.
const keepWithin = time.Second

// Alarms keeps each alert that came or grew, and then tells it: at once where it is new or grew graver, else a quarter of an hour after it was told. What
// somebody was told of is on disk by then, so that no crash loses it; only a disk that stalls is waited for no longer than a second. Those of before the start
// are kept only, and so are those that somebody has silenced. It is called from one goroutine.
func (k *Keep) Alarms(ctx context.Context, all []belwacht.Alert, now time.Time) {
	next := make(map[alertKey]told, len(all))
	within, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	for i := range all {
		a := &all[i]
		key := alertKey{a.Tenant, a.ID, a.First}
		t := k.told[key]
		if t.kept != a.Count && k.Store != nil {
			if err := k.Store.PutAlert(within, a); err != nil && ctx.Err() == nil {
				k.Log.Warn("an alert is not on disk yet", "event", "store.slow", "error", err)
			}
		}
		t.kept = a.Count
		next[key] = t
	}
	for i := range all {
		a := &all[i]
		key := alertKey{a.Tenant, a.ID, a.First}
		t := next[key]
		if t.said != 0 && a.Word <= t.word && (a.Count == t.said || now.Sub(t.at) < againAfter) {
			continue
		}
		t.said, t.word, t.at = a.Count, a.Word, now
		next[key] = t
		if s := k.silenced(a, belwacht.InstantOf(now)); s != nil {
			k.Log.Info("an alert is not told: it was silenced", "event", "alert.silenced", "alert", a.ID, "cause", a.Cause, "silence", s.ID, "until", s.Until.String())
		} else if k.Tell != nil {
			k.Tell(a)
		}
	}
	k.told = next
}

// silenced is the silence that covers an alert, nil where none does.
func (k *Keep) silenced(a *belwacht.Alert, at belwacht.Instant) *belwacht.Silence {
	list := k.silent.Load()
	if list == nil {
		return nil
	}
	for i := range *list {
		if s := &(*list)[i]; s.Covers(a, at) {
			return s
		}
	}
	return nil
}

// Silences reads which silences hold, every few seconds. Where the store cannot be read those that were known hold until they end.
func (k *Keep) Silences(ctx context.Context, now time.Time) {
	if k.Store == nil {
		return
	}
	if list, err := k.Store.Silences(ctx, belwacht.InstantOf(now)); err == nil {
		k.silent.Store(&list)
	}
}
