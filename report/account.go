package report

import (
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// account is the key of an account: the tenant is part of every key.
type account struct{ tenant, name string }

func cloneAccount(a account) account {
	return account{strings.Clone(a.tenant), strings.Clone(a.name)}
}

// manyWait is how many calls wait until they are counted at their accounts. These lie far apart in memory, and are found quicker when many are asked for
// at once.
const manyWait = 64

// nearby are the accounts of the tenant at hand, found by their name alone, and the calls that they do not count yet.
type nearby struct {
	known    map[string]*count.Names[counted] // of all tenants
	tenant   string
	accounts *count.Names[counted]
	spots    [8192]counted // some of accounts, by spot
	names    []string      // of each call that waits its account
	calls    []amounts
	found    []*tally
	touched  int64 // of no meaning: see settle
}

// counted is an account's name and what is counted of it.
type counted struct {
	name  string
	tally *tally
}

// spot is where an account is looked for first. Names that have the same spot cost time only, so it needs no secret.
func (b *nearby) spot(name string) *counted {
	v := uint32(len(name))
	for i := max(len(name)-4, 0); i < len(name); i++ {
		v = v*31 + uint32(name[i])
	}
	return &b.spots[v%uint32(len(b.spots))]
}

// amounts is what a tally counts of one call.
type amounts struct {
	cost, saved, would belwacht.Money
	word               belwacht.Word
}

// account counts a call at its account, sooner or later.
func (s *Summary) account(c *belwacht.Call, cost, saved, would belwacht.Money, w belwacht.Word) {
	b, tenant := &s.near, cut(c.Tenant)
	if b.accounts == nil || tenant != b.tenant {
		s.settle()
		s.tenant(tenant)
		clear(b.spots[:])
		if b.accounts, b.tenant = b.known[tenant], tenant; b.accounts == nil {
			b.accounts, b.tenant = count.NewNames[counted](), strings.Clone(tenant)
			b.known[b.tenant] = b.accounts
		}
	}
	b.names, b.calls = append(b.names, cut(c.Account)), append(b.calls, amounts{cost, saved, would, w})
	if len(b.names) == manyWait {
		s.settle()
	}
}

// settle counts the calls that wait at their accounts, in their order.
func (s *Summary) settle() {
	b := &s.near
	if len(b.names) == 0 {
		return
	}
	b.found = slices.Grow(b.found[:0], len(b.names))[:len(b.names)]
	for i, name := range b.names {
		b.found[i] = nil
		if c := b.spot(name); c.tally != nil && c.name == name {
			b.found[i] = c.tally
			b.touched += c.tally.calls
		}
	}
	for i, name := range b.names {
		a, t := &b.calls[i], b.found[i]
		if t == nil {
			t = s.tally(name)
		}
		t.add(a.cost, a.saved, a.would, a.word)
	}
	clear(b.names)
	b.names, b.calls = b.names[:0], b.calls[:0]
}

// tally is that of an account of the tenant at hand.
func (s *Summary) tally(name string) *tally {
	b := &s.near
	c := b.accounts.Get(name)
	if c == nil {
		t := s.accounts.row(account{b.tenant, name}, cloneAccount)
		if t == &s.accounts.rest {
			return t
		}
		var own string
		c, own = b.accounts.Put(name)
		*c = counted{own, t}
	}
	*b.spot(name) = *c
	return c.tally
}
