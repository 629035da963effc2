package telling

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web/people"
)

// Deeds is the audit log, for what people do by the links of messages; a door is one.
type Deeds interface {
	// Linked does something in the name of whose link it is, and records it.
	Linked(ctx context.Context, who string, from netip.Addr, deed *access.Deed, do func() error) error
}

// Record has what people do by links in the audit log from now on.
func (t *Telling) Record(d Deeds) { t.deeds.Store(&d) }

// fromKey is the context's key of the address that a request came from.
type fromKey struct{}

// from notes where a request came from: as the console knows it, where some proxies are believed.
func from(proxies []netip.Prefix, h http.Handler) http.Handler {
	door := people.NewDoor(nil, proxies)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), fromKey{}, door.From(r))))
	})
}

// linkDesk is where links lead: what is done there is in the audit log, as what is done on a page is. It implements link.Desk.
type linkDesk struct {
	*notify.Notifier
	t *Telling
}

// Take implements link.Desk.
func (d *linkDesk) Take(ctx context.Context, secret string) (o *notify.Opened, err error) {
	o, err = d.Open(secret)
	deeds := d.t.deeds.Load()
	if err != nil || o.Taken != 0 {
		return o, err
	}
	if deeds == nil {
		return d.Notifier.Take(ctx, secret)
	}
	at, _ := ctx.Value(fromKey{}).(netip.Addr)
	deed := &access.Deed{Act: access.AlertWork, Tenant: o.Tenant, Subject: "alert " + text.Clean(o.ID, 60), Detail: "take"}
	err = (*deeds).Linked(ctx, o.To, at, deed, func() (err error) { o, err = d.Notifier.Take(ctx, secret); return err })
	return o, err
}
