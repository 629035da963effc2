package profile

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// numbersMost bounds the numbers that a tenant remembers; rangesMost its ranges.
const (
	numbersMost = 1 << 18
	rangesMost  = 1 << 15
)

// Tenant is what anybody in an organisation called: which countries, ranges and numbers, and by how many accounts.
type Tenant struct {
	First   uint32 // seconds: first call of anybody
	Calls   uint64
	Notable uint64
	hours   [168]uint32
	country [677]nation
	rng     known
	number  known
}

type nation struct {
	calls    uint32
	first    date
	last     date
	accounts [4]uint32 // hashes of the first accounts that called it
	n        uint8
}

// NewTenant returns an empty profile.
func NewTenant() *Tenant {
	return &Tenant{rng: newKnown(rangesMost), number: newKnown(numbersMost)}
}

// Learn takes a call of an account (by its index) into the tenant's profile.
func (t *Tenant) Learn(l *Lesson, account uint32) {
	now, d := uint32(l.At/belwacht.Second), date(l.Date)
	if t.First == 0 || now < t.First {
		t.First = now
	}
	t.Calls++
	t.hours[l.Hour]++
	if !l.acquaints() {
		return
	}
	t.number.add(key32(l.Number), d, uint16(account))
	if !l.Notable {
		return
	}
	t.Notable++
	t.rng.add(key32(l.Number.Range()), d, uint16(account))
	n := &t.country[l.Country.Index()]
	if n.calls == 0 {
		n.first = d
	}
	n.calls++
	n.last = max(n.last, d)
	for i := range n.accounts[:n.n] {
		if n.accounts[i] == account {
			return
		}
	}
	if int(n.n) < len(n.accounts) {
		n.accounts[n.n] = account
		n.n++
	}
}

// House is what a tenant's profile says of one attempt.
type House struct {
	Days            float32 // since the first call of anybody
	Calls           float32
	Notable         float32
	CountryN        float32 // calls to this country
	CountryAccounts float32 // accounts that called it, at most 4
	RangeKnown      float32 // 0 nobody, 1 one account, 2 more
	NumberKnown     float32 // 0 nobody, 1 one account, 2 more
	HourShare       float32 // calls in this hour of the week against an even spread: 1 = even
}

// Brief fills all of h but whether number and range are known and what the hour is like.
func (t *Tenant) Brief(at belwacht.Instant, c belwacht.Country, h *House) {
	now := uint32(at / belwacht.Second)
	*h = House{Calls: float32(t.Calls), Notable: float32(t.Notable)}
	if t.First != 0 && now > t.First {
		h.Days = float32(now-t.First) / 86400
	}
	n := &t.country[c.Index()]
	h.CountryN, h.CountryAccounts = float32(n.calls), float32(n.n)
}

// Read fills h for an attempt.
func (t *Tenant) Read(at belwacht.Instant, hour uint8, e belwacht.E164, c belwacht.Country, h *House) {
	t.Brief(at, c, h)
	if t.Calls > 0 {
		h.HourShare = float32(t.hours[hour]) * 168 / float32(t.Calls)
	}
	if e != 0 {
		h.RangeKnown, h.NumberKnown = t.rng.level(key32(e.Range())), t.number.level(key32(e))
	}
}

// Warm reads where a number would stand.
func (t *Tenant) Warm(e belwacht.E164) uint32 {
	k := &t.number
	return k.places[int(count.Mix(uint64(key32(e))))&(len(k.places)-1)].key
}

// KnowsNumber says whether anybody called a number.
func (t *Tenant) KnowsNumber(e belwacht.E164) bool { return e != 0 && t.number.level(key32(e)) > 0 }

// KnowsCountry says how many calls went to a country.
func (t *Tenant) KnowsCountry(c belwacht.Country) int { return int(t.country[c.Index()].calls) }

// KnowsRange says whether anybody called a range.
func (t *Tenant) KnowsRange(e belwacht.E164) bool { return t.rng.level(key32(e.Range())) > 0 }

// Forget takes a number and its range out of what the house knows, and the country where only this account called it.
func (t *Tenant) Forget(e belwacht.E164, c belwacht.Country, account uint32) {
	t.number.drop(key32(e))
	t.rng.drop(key32(e.Range()))
	if n := &t.country[c.Index()]; n.n == 1 && n.accounts[0] == account {
		*n = nation{}
	}
}
