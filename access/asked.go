package access

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
)

// sentMost bounds a form that is kept with a proposal, in bytes.
const sentMost = 16 << 10

// Asked is the form that a request brought: kept with what waits for a second administrator, so that it can be sent once more.
type Asked struct {
	Sent     *belwacht.Sent // nil: it is too long to be kept
	Proposal string         // ID of the proposal that it carries out; "" = none
}

// fieldProposal is the field that says which proposal a form carries out.
const fieldProposal = "proposal"

// FieldTenant is the field that says which organisation is looked at where a form carries out a proposal.
const FieldTenant = "proposal-tenant"

// AskedBy is what a form asks. Secrets (fields called password or secret…) are not in it, nor what belongs to the moment: the version of what was looked at (sum), and that
// one is sure.
func AskedBy(path, tenant string, form url.Values) *Asked {
	a := &Asked{Sent: &belwacht.Sent{Path: path, Tenant: tenant, Form: map[string][]string{}}, Proposal: form.Get(fieldProposal)}
	size := len(path)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		switch {
		case name == "sum" || name == "sure" || name == fieldProposal || name == FieldTenant:
			continue
		case name == "password" || strings.HasPrefix(name, "secret"):
			if form.Get(name) != "" {
				a.Sent.Secrets = append(a.Sent.Secrets, name)
			}
			continue
		}
		a.Sent.Form[name] = slices.Clone(form[name])
		for _, v := range form[name] {
			size += len(name) + len(v)
		}
	}
	if size > sentMost {
		a.Sent = nil
	}
	return a
}

// Same says whether two forms ask the same. Where one of them is not known they may.
func Same(a, b *belwacht.Sent) bool {
	if a == nil || b == nil {
		return true
	}
	without := func(s *belwacht.Sent) map[string][]string {
		f := maps.Clone(s.Form)
		delete(f, "why") // says nothing of what is done
		return f
	}
	return a.Path == b.Path && a.Tenant == b.Tenant && maps.EqualFunc(without(a), without(b), slices.Equal) && slices.Equal(a.Secrets, b.Secrets)
}

// askedKey is the context's key of an Asked.
type askedKey struct{}

// WithAsked is a context that carries what a request asked.
func WithAsked(ctx context.Context, a *Asked) context.Context {
	return context.WithValue(ctx, askedKey{}, a)
}

// AskedOf is what the request of a context asked; an empty one where that is not known.
func AskedOf(ctx context.Context) *Asked {
	if a, ok := ctx.Value(askedKey{}).(*Asked); ok {
		return a
	}
	return &Asked{}
}
