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
	known    map[string]*count.Names[*tally] // of all tenants
	tenant   string
	accounts *count.Names[*tally]
	names    []string // of each call that waits its account
	calls    []amounts
	found    []**tally
	touched  int64 // of no meaning: see settle
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
		if b.accounts, b.tenant = b.known[tenant], tenant; b.accounts == nil {
			b.accounts, b.tenant = count.NewNames[*tally](), strings.Clone(tenant)
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
		b.found[i] = b.accounts.Get(name)
	}
	for _, p := range b.found {
		if p != nil {
			b.touched += (*p).calls // it comes from memory while the others are looked for
		}
	}
	for i, name := range b.names {
		a := &b.calls[i]
		s.tally(name, b.found[i]).add(a.cost, a.saved, a.would, a.word)
	}
	clear(b.names)
	b.names, b.calls = b.names[:0], b.calls[:0]
}

// tally is that of an account of the tenant at hand; found is what was known of it a moment ago.
func (s *Summary) tally(name string, found **tally) *tally {
	b := &s.near
	if found == nil {
		found = b.accounts.Get(name)
	}
	if found != nil {
		return *found
	}
	t := s.accounts.row(account{b.tenant, name}, cloneAccount)
	if t != &s.accounts.rest {
		p, _ := b.accounts.Put(name)
		*p = t
	}
	return t
}
