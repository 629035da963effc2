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

// Alarms keeps each alert that came or grew, and tells it: at once where it is new or grew graver, else a quarter of an hour after it was told. Those
// of before the start are kept only, and so are those that somebody has silenced. It is called from one goroutine.
func (k *Keep) Alarms(ctx context.Context, all []belwacht.Alert, now time.Time) {
	next := make(map[alertKey]told, len(all))
	for i := range all {
		a := &all[i]
		key := alertKey{a.Tenant, a.ID, a.First}
		t, known := k.told[key]
		switch {
		case !known, a.Word > t.word, a.Count != t.said && now.Sub(t.at) >= againAfter:
			t.said, t.word, t.at = a.Count, a.Word, now
			if s := k.silenced(a, belwacht.InstantOf(now)); s != nil {
				k.Log.Info("an alert is not told: it was silenced", "event", "alert.silenced", "alert", a.ID, "cause", a.Cause, "silence", s.ID, "until", s.Until.String())
			} else if k.Tell != nil {
				k.Tell(a)
			}
		}
		next[key] = t
	}
	for i := range all { // after all are told: a disk that stalls holds up no telling
		a := &all[i]
		key := alertKey{a.Tenant, a.ID, a.First}
		t := next[key]
		if t.kept == a.Count || k.Store == nil {
			continue
		}
		if err := k.Store.PutAlert(ctx, a); err != nil {
			k.Log.Error("an alert is not on disk yet", "event", "store.failed", "error", err)
		}
		t.kept = a.Count
		next[key] = t
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
