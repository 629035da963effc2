package keep

import (
	"context"

	"github.com/belwacht/belwacht"
)

type alertKey struct {
	tenant, id string
	first      belwacht.Instant
}

// Alarms tells of each alert that came or grew, and keeps it. Who is to hear of it, and when, is for who is told. It is called from one goroutine.
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
	for _, a := range grown {
		if k.Tell != nil {
			k.Tell(a)
		}
	}
	for _, a := range grown { // after all are told: a disk that stalls holds up no telling
		if k.Store == nil {
			return
		}
		if err := k.Store.PutAlert(ctx, a); err != nil {
			k.Log.Error("an alert is not on disk yet", "event", "store.failed", "error", err)
		}
	}
}
