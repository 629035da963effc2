package house

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
)

// Do implements web.Deeds. The audit log is a real one, in the demonstration's own folder and gone with it; there is one guest and no second administrator, so
// that nobody is told and nothing waits.
func (h *House) Do(ctx context.Context, v *web.Visitor, deed *access.Deed, do func() error) (*belwacht.Proposal, error) {
	info, known := access.InfoOf(deed.Act)
	if !known || info.Needs == "" || !v.May(web.Right(info.Needs)) || !v.Sees(deed.Tenant) {
		return nil, access.Errorf(belwacht.Forbidden, "the guest of the demonstration may not do this", "de gast van de demonstratie mag dit niet")
	}
	e := &belwacht.Entry{Act: deed.Act, Who: v.Name, Via: "demonstration", Tenant: deed.Tenant, Subject: deed.Subject, Detail: deed.Detail, Why: deed.Why, Weakens: info.Weakens}
	if err := h.audit.Record(ctx, e); err != nil && !info.Anyhow {
		return nil, err
	}
	return nil, do()
}
