package count

import "hash/maphash"

// index finds accounts by their names: open addressing over their numbers, where the name itself is compared in the account, which is needed
// next anyway. Its seed is another in each process, so that nobody can choose names that fall together; nothing else depends on it.
type index struct {
	seed   maphash.Seed
	places []seat
	n      int
}

// seat is an account's number plus one, zero where it is free, and its name's hash.
type seat struct{ hash, account uint32 }

func newIndex() index { return index{seed: maphash.MakeSeed(), places: make([]seat, 16)} }

func (x *index) hash(name string) uint32 { return uint32(maphash.String(x.seed, name)) }

// add puts an account in that is not there.
func (x *index) add(hash, account uint32) {
	if 2*x.n >= len(x.places) {
		old := x.places
		x.places = make([]seat, 2*len(old))
		for _, p := range old {
			if p.account != 0 {
				x.put(p)
			}
		}
	}
	x.put(seat{hash, account + 1})
	x.n++
}

func (x *index) put(s seat) {
	mask := uint32(len(x.places) - 1)
	i := s.hash & mask
	for x.places[i].account != 0 {
		i = (i + 1) & mask
	}
	x.places[i] = s
}

// drop takes an account out; those behind it that stood further on because of it move up.
func (x *index) drop(hash, account uint32) {
	mask := uint32(len(x.places) - 1)
	i := hash & mask
	for x.places[i].account != account+1 {
		i = (i + 1) & mask
	}
	x.n--
	for j := i; ; {
		j = (j + 1) & mask
		p := x.places[j]
		if p.account == 0 {
			break
		}
		if (j-p.hash)&mask >= (j-i)&mask { // its own place is not behind the hole
			x.places[i] = p
			i = j
		}
	}
	x.places[i] = seat{}
}

// label is a short name, or the beginning of a long one: it stands in the account, where a string would stand elsewhere in memory.
type label [16]byte

// long marks the label of a name that does not fit into one.
const long = 255

func labelOf(name string) (l label) {
	n := copy(l[:15], name)
	if l[15] = byte(n); len(name) > n {
		l[15] = long
	}
	return l
}

// Sought is an account that Seek looked for.
type Sought struct {
	Account uint32
	Known   bool
	hash    uint32 // of its name
}

// Recall is Seek where an account, All for none, is likely to be that of the name.
func (s *Shard) Recall(name string, likely uint32) Sought {
	if likely < uint32(len(s.names)) {
		if l := labelOf(name); l[15] != long && s.Account(likely).label == l {
			return Sought{Account: likely, Known: true}
		}
	}
	return s.Seek(name)
}

// Seek looks for the account of a name, and changes nothing.
func (s *Shard) Seek(name string) Sought {
	l := labelOf(name)
	x := &s.index
	hash := x.hash(name)
	mask := uint32(len(x.places) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		p := x.places[i]
		if p.account == 0 {
			return Sought{hash: hash}
		}
		if p.hash == hash && s.Account(p.account-1).label == l && (l[15] != long || s.names[p.account-1] == name) {
			return Sought{Account: p.account - 1, Known: true, hash: hash}
		}
	}
}
