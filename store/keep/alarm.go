package keep

import (
	"context"
	"time"

	"github.com/belwacht/belwacht"
)

type alertKey struct {
	tenant, id string
	first      belwacht.Instant
}

// keepWithin is how long the disk is waited for before alerts are told.
const keepWithin = time.Second

// Alarms keeps each alert that came or grew, and then tells of it; who is to hear of it, and when, is for who is told. What somebody was told of is on disk by
// then, so that no crash loses it; only a disk that stalls is waited for no longer than a second. It is called from one goroutine.
func (k *Keep) Alarms(ctx context.Context, all []belwacht.Alert) {
	before := k.told
	k.told = make(map[alertKey]int, len(all))
	var grown []*belwacht.Alert
	for i := range all {
		a := &all[i]
		key := alertKey{a.Tenant, a.ID, a.First}
		if k.told[key] = a.Count; before[key] != a.Count {
			grown = append(grown, a)
		}
	}
	within, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	for _, a := range grown {
		if k.Store == nil {
			break
		}
		if err := k.Store.PutAlert(within, a); err != nil && ctx.Err() == nil {
			k.Log.Warn("an alert is not on disk yet", "event", "store.slow", "error", err)
		}
	}
	for _, a := range grown {
		if k.Tell != nil {
			k.Tell(a)
		}
	}
}
