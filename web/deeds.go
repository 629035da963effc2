package web

import (
	"context"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// Deeds is the one way in which pages and the API change something: refused without the right, written to the audit log before, told to the other administrators
// where it lessens protection, and proposed first where it takes two people. Its method may be called from many goroutines.
type Deeds interface {
	// Do does it, or returns the proposal that waits for a second administrator: then nothing was done. An error of do is returned.
	Do(ctx context.Context, v *Visitor, deed *access.Deed, do func() error) (*belwacht.Proposal, error)
}

// Deed is one of the organisation that is looked at. Tenant is set to "" for what concerns the whole machine; who may see one organisation only is refused that.
func (a *Ask) Deed(act belwacht.Act, subject, detail string) *access.Deed {
	return &access.Deed{Act: act, Tenant: a.Tenant.Name, Subject: subject, Detail: detail}
}

// Do does what a person asked for, by way of the site's Deeds: everything that a page changes goes through here. Where it waits for a second administrator
// the end of the change is returned, which says so; the page returns it at once.
//
//	if waits, err := a.Do(a.Deed(access.AccountLock, account, ""), func() error { return p.Locker.Lock(...) }); err != nil || waits != nil {
//		return waits, err
//	}
//	return &web.Done{Said: ...}, nil
func (a *Ask) Do(deed *access.Deed, do func() error) (waits *Done, err error) {
	w, err := a.site.cfg.Deeds.Do(a.Context(), a.Visitor, deed, do)
	if err != nil || w == nil {
		return nil, err
	}
	return &Done{To: "/proposals", Said: a.T("This takes a second administrator. It is proposed, and the others are told.")}, nil
}

// Closed are the Deeds of who has none: nothing can be changed.
type Closed struct{}

// Do implements Deeds.
func (Closed) Do(context.Context, *Visitor, *access.Deed, func() error) (*belwacht.Proposal, error) {
	return nil, belwacht.Errorf(belwacht.Internal, "nothing can be changed here: there is no audit log")
}
