package count

import "github.com/belwacht/belwacht"

// Attempt is what the counters need to know of somebody wanting a call to a number outside the house.
type Attempt struct {
	Key     uint64 // of the call within the tenant; not zero
	At      belwacht.Instant
	Account uint32
	Number  belwacht.E164 // what is judged
	Country belwacht.Country
	Price   belwacht.Price
	Form    uint16 // hash of the dialled string before its tail; 0 = no enumeration is looked for
	Tail    uint64 // last eight digits dialled
	Flags   uint8  // Novel …
	Notable bool   // deserves a look: abroad, dear, unknown
	HomeNew bool   // an ordinary number at home that nobody here knows
}

// Slot is a call to a number outside the house that runs or rings.
type Slot struct {
	Attempt
	Ticket   uint32           // in the account's log; 0 = not logged
	Answered belwacht.Instant // zero: rings
	live     bool
	// The other running calls to notable numbers of its range, plus one; 0 = none.
	before, after uint32
}

// Novel says whether the call counts as novel.
func (s *Slot) Novel() bool { return s.Flags&Novel != 0 }

// Cost is what the call has cost at a moment.
func (s *Slot) Cost(at belwacht.Instant) belwacht.Money {
	if s.Answered == 0 || at < s.Answered {
		return 0
	}
	return s.Price.Cost(max(at.Seconds(s.Answered), 1))
}

// Slot returns a slot by its index, which Find or Begin gave.
func (s *Shard) Slot(i uint32) *Slot { return &s.slots[i] }

// Find returns the slot of a call.
func (s *Shard) Find(key uint64) (uint32, bool) {
	return s.calls.find(key)
}

// Each calls f for every running or ringing call of an account to a notable number; all accounts where account is All.
func (s *Shard) Each(account uint32, f func(i uint32, slot *Slot)) {
	for i := range s.slots {
		if slot := &s.slots[i]; slot.live && (account == All || slot.Account == account) {
			f(uint32(i), slot)
		}
	}
}

// All stands for every account in Each.
const All = ^uint32(0)

// take finds a slot for an attempt, whose key belongs at a place among the calls.
func (s *Shard) take(a *Attempt, place uint64) (uint32, bool) {
	var i uint32
	switch {
	case len(s.vacant) > 0:
		i = s.vacant[len(s.vacant)-1]
		s.vacant = s.vacant[:len(s.vacant)-1]
	case len(s.slots) < s.config.Running:
		i = uint32(len(s.slots))
		s.slots = append(s.slots, Slot{})
	default:
		s.Dropped++
		return 0, false
	}
	s.slots[i] = Slot{Attempt: *a, live: true}
	s.calls.addAt(place, a.Key, i)
	s.enlist(i)
	return i, true
}

// enlist puts a slot in front of those of its range, so that they are found without looking at all.
func (s *Shard) enlist(i uint32) {
	c := &s.slots[i]
	if !c.Notable || c.Number == 0 {
		return
	}
	k := rangeKey(c.Number)
	c.before, c.after = 0, s.first[k]
	if c.after != 0 {
		s.slots[c.after-1].before = i + 1
	}
	s.first[k] = i + 1
}

// delist takes a slot out again.
func (s *Shard) delist(i uint32) {
	c := &s.slots[i]
	if !c.Notable || c.Number == 0 {
		return
	}
	if c.after != 0 {
		s.slots[c.after-1].before = c.before
	}
	switch {
	case c.before != 0:
		s.slots[c.before-1].after = c.after
	case c.after != 0:
		s.first[rangeKey(c.Number)] = c.after
	default:
		delete(s.first, rangeKey(c.Number))
	}
}

func (s *Shard) release(i uint32) {
	s.delist(i)
	s.calls.drop(s.slots[i].Key)
	s.slots[i] = Slot{}
	s.vacant = append(s.vacant, i)
}

// KeyOf is the key of a call within its tenant: FNV-1a, the same in every run, never zero.
func KeyOf(site, call string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(site); i++ {
		h = (h ^ uint64(site[i])) * 1099511628211
	}
	h = (h ^ 0xff) * 1099511628211
	for ; len(call) >= 4; call = call[4:] { // an ID is long, and the loop as dear as the sum
		h = (h ^ uint64(call[0])) * 1099511628211
		h = (h ^ uint64(call[1])) * 1099511628211
		h = (h ^ uint64(call[2])) * 1099511628211
		h = (h ^ uint64(call[3])) * 1099511628211
	}
	for i := 0; i < len(call); i++ {
		h = (h ^ uint64(call[i])) * 1099511628211
	}
	return max(h, 1)
}
