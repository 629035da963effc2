package access

import (
	"context"
	"net/netip"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Visitor is who is at the other end of a request. It is a copy and changes no more.
type Visitor struct {
	User    belwacht.User
	Session belwacht.Session // of the console; zero with a key
	Key     string           // ID of the key of the API; "" in the console
	Via     string           // console, api or socket
	From    netip.Addr

	Scopes []belwacht.Permission // of a key: the bound of what it may
}

// May says whether the visitor may do something now: by role, within the scopes of a key, and only once signed in fully.
func (v *Visitor) May(p belwacht.Permission) bool {
	if v == nil || v.User.Disabled || v.Key == "" && v.Session.Stage != belwacht.StageFull {
		return false
	}
	if v.Key != "" && !slices.Contains(v.Scopes, p) {
		return false
	}
	return May(v.User.Role, p)
}

// Entry is the entry of a deed of the visitor's.
func (v *Visitor) Entry(deed *Deed) *belwacht.Entry {
	e := &belwacht.Entry{Act: deed.Act, Who: v.User.Login, User: v.User.ID, Via: v.Via, Tenant: deed.Tenant, Subject: deed.Subject, Detail: deed.Detail, Why: deed.Why}
	if v.From.IsValid() {
		e.From = v.From.Unmap().String()
	}
	if v.Key != "" {
		e.Via = "api key " + v.Key
	}
	return e
}

// Deed is what a visitor wants to do.
type Deed struct {
	Act     belwacht.Act
	Tenant  string
	Subject string // whom or what it is about; a telephone number masked
	Detail  string // from what to what
	Why     string // in their own words
	Exact   string // sum of all that changes, where Detail may leave something out; "" = it leaves out nothing
}

// Sees says whether the visitor may see what belongs to an organisation.
func (v *Visitor) Sees(tenant string) bool {
	return v != nil && (v.User.Tenant == "" || v.User.Tenant == tenant)
}

// Language is what the visitor reads; Dutch where it was not said.
func (v *Visitor) Language() text.Language {
	if v != nil && v.User.Language == "en" {
		return text.English
	}
	return text.Dutch
}

// visitorKey is the context's key of the visitor.
type visitorKey struct{}

// With is a context that carries the visitor.
func With(ctx context.Context, v *Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

// Of is the visitor that a context carries; nil where nobody is signed in. A nil visitor may nothing.
func Of(ctx context.Context) *Visitor {
	v, _ := ctx.Value(visitorKey{}).(*Visitor)
	return v
}
