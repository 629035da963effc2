package console

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/api"
)

// byAPI is what people do by the API. It implements control.Deeds.
type byAPI struct{ web.Deeds }

// By implements control.Deeds: who does it is who asks.
func (d byAPI) By(ctx context.Context, _ string, deed *access.Deed, do func() error) error {
	return api.Do(ctx, d.Deeds, deed, do)
}

// deeds are what people do, by the door and the audit log of a running Belwacht. It implements web.Deeds.
type deeds struct{ door *door.Door }

// Do implements web.Deeds.
func (d deeds) Do(ctx context.Context, v *web.Visitor, deed *access.Deed, do func() error) (*belwacht.Proposal, error) {
	if v == nil || v.Person == nil {
		return nil, access.Errorf(belwacht.Forbidden, "nobody is signed in", "niemand is aangemeld")
	}
	return d.door.Do(ctx, v.Person, deed, do)
}
