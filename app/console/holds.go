package console

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/holds"
)

// bars are who is turned away by a running Belwacht: at the console's door, where PBXs ask, and by fail2ban. It implements holds.Barrer and api.Barrer.
type bars struct {
	door *door.Door // nil: nobody can come in at all
	live *app.Live
}

// Bars implements holds.Barrer.
func (b *bars) Bars() (list []holds.Bar) {
	if b.door != nil {
		for _, x := range b.door.Barred() {
			list = append(list, holds.Bar{Kind: "console", Key: x.Key, Of: x.Kind, Subject: x.Subject, Count: int64(x.Failures), Last: x.Last, Until: x.Until})
		}
	}
	for _, x := range b.live.Strangers() {
		list = append(list, holds.Bar{Kind: "ask", Subject: x.From.String(), Why: x.PBX, Count: x.Count, Last: x.Last})
	}
	for _, x := range b.live.Teller().Named() {
		list = append(list, holds.Bar{Kind: "fail2ban", Subject: x.From.String(), Why: x.Cause, Count: x.Count, Last: x.Last})
	}
	return list
}

// Banned implements api.Barrer.
func (b *bars) Banned() (list []api.Ban) {
	for _, x := range b.Bars() {
		list = append(list, api.Ban{At: x.Kind, Key: x.Key, Subject: x.Subject, Why: x.Why, Count: x.Count, Last: x.Last, Until: x.Until})
	}
	return list
}

// Free implements holds.Barrer.
func (b *bars) Free(key string) error {
	if b.door == nil {
		return belwacht.Errorf(belwacht.NotFound, "nobody is barred")
	}
	return b.door.Free(key)
}

// taking is a store of alerts that tells those who were told of an alert that somebody looks after it now.
type taking struct {
	belwacht.AlertStore
	desk control.Desk // nil: nobody is told of alerts
}

// ChangeAlert implements belwacht.AlertStore.
func (t *taking) ChangeAlert(ctx context.Context, c *belwacht.IncidentChange) error {
	if err := t.AlertStore.ChangeAlert(ctx, c); err != nil {
		return err
	}
	if t.desk != nil && c.State != belwacht.IncidentOpen {
		_ = t.desk.Take(ctx, c.Tenant, c.ID, c.Who) // one that nobody was told of is none to it
	}
	return nil
}
