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
	spots    [8192]spot // some of accounts
	names    []string   // of each call that waits its account
	calls    []amounts
	found    []*tally
	touched  int64 // of no meaning: see settle
}

// spot is the tally of an account with a short name.
type spot struct {
	key   uint64
	tally *tally
}

// at gives the key of a short name and the two spots that it may be at, none where it is long. Names that want the same ones cost time only, so they
// need no secret.
func (b *nearby) at(name string) (key uint64, first, second *spot) {
	if len(name) > 7 {
		return 0, nil, nil
	}
	key = uint64(len(name) + 1) // never 0
	for i := range len(name) {
		key = key<<8 | uint64(name[i])
	}
	i := key * 0x9e3779b97f4a7c15 >> 51 // Knuth, The Art of Computer Programming, vol. 3, 6.4: multiplicative hashing
	return key, &b.spots[i], &b.spots[i^1]
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
		b.found[i] = nil
		key, p, second := b.at(name)
		if p != nil && p.key != key {
			p = second
		}
		if p != nil && p.key == key {
			b.found[i] = p.tally
			b.touched += p.tally.calls // it comes from memory while the others are looked for
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
	p := b.accounts.Get(name)
	if p == nil {
		t := s.accounts.row(account{b.tenant, name}, cloneAccount)
		if t == &s.accounts.rest {
			return t
		}
		p, _ = b.accounts.Put(name)
		*p = t
	}
	if key, first, second := b.at(name); first != nil {
		*first, *second = spot{key, *p}, *first
	}
	return *p
}
