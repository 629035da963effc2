package count

import (
	"github.com/belwacht/belwacht"
)

const (
	hour = float32(3600)
	day  = float32(86400)

	// rangeHeat is the half-life of suspicion: after a week a range has one part in eleven left.
	rangeHeat = 2 * day
)

// Begin reads the values of an attempt, records it and gives it a slot. An attempt seen twice (the same Key) is one attempt: its slot is
// returned and nothing is counted again. ok is false where all slots are taken; the values hold all the same.
func (s *Shard) Begin(a *Attempt, v *Values) (slot uint32, again, ok bool) {
	now := uint32(a.At / belwacht.Second)
	place := s.calls.place(a.Key)
	if p := &s.calls.places[place]; p.key != 0 {
		s.read(&s.slots[p.slot], now, v)
		return p.slot, true, true
	}
	i, ok := s.take(a, place)
	acc := s.Account(a.Account)
	acc.used = max(acc.used, now)
	acc.Outside++
	if a.HomeNew {
		acc.homeNew.Add(now, 1, hour)
		acc.homeDay.Add(now, 1, 8*hour)
		acc.homeShort.Add(now, 1, 8*hour)
	}
	if !a.Notable {
		s.home(v, acc, now)
		return i, false, ok
	}
	ticket := acc.Log.Add(Entry{Number: a.Number, At: now, Price: uint32(min(a.Price.PerMinute, 1<<32-1)), Flags: a.Flags, Form: uint8(a.Form)})
	acc.All++
	country := &s.nations[a.Country.Index()]
	if a.Flags&Novel != 0 {
		acc.Running++
		country.Running++
		country.hour.Add(now, 1, hour)
		country.day.Add(now, 1, 8*hour)
		country.join(now, a.Account)
		s.novel.Add(now, 1, hour)
		s.running++
	}
	if a.Number != 0 {
		r, _ := s.Ranges.Touch(rangeKey(a.Number), now)
		if a.Flags&Novel != 0 {
			r.add(now, a.Account, uint16(a.Number.Tail(4)))
		}
		r.Running++
	}
	if a.Form != 0 {
		t, _ := s.tails.Touch(a.Tail+1, now)
		own, all := t.add(now, a.Account, a.Form)
		v.OwnForms, v.AllForms = float32(own), float32(all)
	} else {
		v.OwnForms, v.AllForms = 0, 0
	}
	if ok {
		s.slots[i].Ticket = ticket
		s.read(&s.slots[i], now, v)
		return i, false, true
	}
	s.read(&Slot{Attempt: *a, Ticket: ticket}, now, v)
	return i, false, false
}

// Read brings the values of a slot up to a moment: for a running call that is judged again.
func (s *Shard) Read(slot uint32, at belwacht.Instant, v *Values) {
	s.read(&s.slots[slot], uint32(at/belwacht.Second), v)
}

func (s *Shard) home(v *Values, acc *Account, now uint32) {
	v.HomeNew1h = acc.homeNew.Value(now, hour)
	if !s.config.NoHomeDay {
		v.HomeNew24h = acc.homeDay.Value(now, 8*hour)
	}
	v.HomeShort24h = max(acc.homeShort.Value(now, 8*hour), 0)
	v.RunningAll = float32(acc.Outside)
}

// read fills v but the forms, which only Begin knows. It allocates nothing.
func (s *Shard) read(slot *Slot, now uint32, v *Values) {
	acc := s.Account(slot.Account)
	own, all := v.OwnForms, v.AllForms
	*v = Values{}
	v.OwnForms, v.AllForms, v.SinceLast, v.NumberRang, v.NumberMissed = own, all, Never, Never, Never
	if !s.config.NoHome {
		s.home(v, acc, now)
	}
	acc.Log.read(slot, now, v)
	v.Running, v.RunningAll = float32(acc.Running), float32(acc.All)
	n := &s.nations[slot.Country.Index()]
	v.CountryRunning, v.CountryNovel1h, v.CountryNovel24h = float32(n.Running), n.hour.Value(now, hour), n.day.Value(now, 8*hour)
	v.CountryAccounts24h = n.accounts(now)
	v.TenantNovel1h, v.TenantRunning = s.novel.Value(now, hour), float32(s.running)
	if slot.Number != 0 {
		if r := s.Ranges.Get(rangeKey(slot.Number)); r != nil {
			r.spread(now, slot.Account, uint16(slot.Number.Tail(4)), v)
			v.RangeRunning, v.RangeHeat, v.RangeMisses = s.together(slot, r), r.Heat.Value(now, rangeHeat), float32(r.Misses)
		}
		if c := s.rang.Get(uint64(slot.Number)); c != nil {
			v.NumberRang = age(now, c.At)
			if c.Missed {
				v.NumberMissed = v.NumberRang
			}
		}
	}
	if slot.Answered != 0 {
		v.Elapsed = float32(int64(now) - int64(slot.Answered/belwacht.Second)) // whole numbers first: a float32 of today's seconds steps by 128
		v.Cost = float32(slot.Cost(belwacht.Instant(now) * belwacht.Second).Float())
	}
}

// together is how many different numbers of the slot's range are talked with or rung at once: a bridge is one number, however many dial in.
func (s *Shard) together(slot *Slot, r *Range) float32 {
	if r.Running < 2 {
		return 1
	}
	var numbers [rangeCalls]belwacht.E164
	numbers[0] = slot.Number
	n, rng := 1, slot.Number.Range()
	for i := s.first[uint64(rng)]; i != 0 && n < len(numbers); i = s.slots[i-1].after {
		if c := &s.slots[i-1]; !contains(numbers[:n], c.Number) {
			numbers[n] = c.Number
			n++
		}
	}
	return float32(n)
}

func age(now, then uint32) float32 {
	if then == 0 {
		return Never
	}
	return float32(now - min(then, now))
}
