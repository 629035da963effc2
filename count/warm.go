package count

import "github.com/belwacht/belwacht"

// What follows reads a little of what is about to be looked at, so that it is on its way from memory, and says nothing by it. Lines of memory that are asked
// for one after the other come together, as long as nothing that is decided waits for one of them: so these are loads and hardly any branch.

// Scent is the hash of an account's name.
type Scent uint32

// Scent makes the hash of a name, and touches where the account would be found.
func (s *Shard) Scent(name string) Scent {
	h := s.index.hash(name)
	s.warm += s.index.places[h&uint32(len(s.index.places)-1)].account
	return Scent(h)
}

// Warm touches the account that is most likely meant by a hash and gives its index, All where there is none.
func (s *Shard) Warm(h Scent) uint32 {
	i := s.index.places[uint32(h)&uint32(len(s.index.places)-1)].account - 1
	if i != All {
		a := s.Account(i)
		s.warm += uint32(a.Outside) + uint32(a.Log.n)
	}
	return i
}

// WarmCall touches where the key of a running call is looked for.
func (s *Shard) WarmCall(key uint64) uint32 {
	return s.calls.places[Mix(key^s.calls.seed)&uint64(len(s.calls.places)-1)].slot
}

// WarmAccount touches an account by its index.
func (s *Shard) WarmAccount(i uint32) uint32 {
	return uint32(s.Account(i).Outside) + s.Account(i).Log.turn
}

// WarmRang touches the place of an outside number that called.
func (s *Shard) WarmRang(number belwacht.E164) {
	s.warm += s.rang.places[int(Mix(uint64(number)))&(len(s.rang.places)-1)].used
}
