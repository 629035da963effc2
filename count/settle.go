package count

import "github.com/belwacht/belwacht"

// Answer notes that a call was answered.
func (s *Shard) Answer(slot uint32, at belwacht.Instant) {
	c := &s.slots[slot]
	if c.Answered != 0 {
		return
	}
	c.Answered = at
	acc := s.Account(c.Account)
	if c.HomeNew {
		acc.homeShort.Add(uint32(at/belwacht.Second), -0.5, 8*hour)
	}
	if e := acc.Log.At(c.Ticket); e != nil {
		e.State = Talking
	}
}

// End closes a call with its outcome and gives its slot back. talk is seconds.
func (s *Shard) End(slot uint32, at belwacht.Instant, talk int64, d belwacht.Disposition) {
	c := &s.slots[slot]
	acc := s.Account(c.Account)
	if c.HomeNew && talk >= 30 {
		acc.homeShort.Add(uint32(at/belwacht.Second), -0.5, 8*hour)
	}
	state := Unreached
	switch {
	case talk > 0:
		state = Over
	case d == belwacht.Failed || d == belwacht.Congestion || d == belwacht.Declined:
		state = Failing
	}
	e := acc.Log.At(c.Ticket)
	stopped := e != nil && e.Flags&Condemned != 0 // what was ended as fraud was no conversation
	if talk >= 30 && !stopped && c.Number != 0 && c.Notable {
		if r := s.Ranges.Get(rangeKey(c.Number)); r != nil {
			r.long(c, uint32(c.At/belwacht.Second))
		}
	}
	s.close(slot, state, talk)
}

// long notes that a remembered call was a real conversation.
func (r *Range) long(c *Slot, at uint32) {
	calls := r.calls()[:r.n]
	for i := range calls {
		if k := &calls[i]; k.at == at && k.account == c.Account {
			k.short = false
		}
	}
}

// Condemn notes that a call was judged to be refused or ended, whether that is carried out or not.
func (s *Shard) Condemn(slot uint32) {
	c := &s.slots[slot]
	if e := s.Account(c.Account).Log.At(c.Ticket); e != nil {
		e.Flags |= Condemned
	}
}

// Refuse takes an attempt back that was not let through: it stays in the log as refused and nowhere else.
func (s *Shard) Refuse(slot uint32) { s.close(slot, Refused, 0) }

func (s *Shard) close(slot uint32, state State, talk int64) {
	c := &s.slots[slot]
	acc := s.Account(c.Account)
	if acc.Outside > 0 {
		acc.Outside--
	}
	if e := acc.Log.At(c.Ticket); e != nil {
		e.State, e.Talk = state, uint16(min(talk, 1<<16-1))
	}
	if c.Notable { // room for the next such call is made now: nobody waits for the end of a call
		acc.Log.reserve()
		acc.All -= min(acc.All, 1)
		if c.Novel() {
			acc.Running -= min(acc.Running, 1)
			n := &s.nations[c.Country.Index()]
			n.Running -= min(n.Running, 1)
			s.running -= min(s.running, 1)
		}
		if r := s.Ranges.Get(rangeKey(c.Number)); r != nil && c.Number != 0 {
			r.Running -= min(r.Running, 1)
			r.reserve()
		}
	}
	s.release(slot)
}

// Suspect leaves suspicion on the range of a slot: weight 1 is one call that was surely fraud. It fades by half in two days.
func (s *Shard) Suspect(slot uint32, at belwacht.Instant, weight float32) {
	c := &s.slots[slot]
	if c.Number == 0 {
		return
	}
	if r := s.Ranges.Get(rangeKey(c.Number)); r != nil {
		r.Heat.Add(uint32(at/belwacht.Second), weight, rangeHeat)
	}
}
