package count

import (
	"encoding/binary"
	"hash/maphash"
	"math/rand/v2"
)

// hasher hashes names. It is another in each process, so that nobody can choose names that fall together. A short name, as nearly all are, is two words, of
// which a hash is made sooner than maphash is called.
type hasher struct {
	seed maphash.Seed
	salt uint64
}

func newHasher() hasher { return hasher{maphash.MakeSeed(), rand.Uint64()} }

func (h *hasher) hash(name string) uint32 {
	if len(name) >= len(label{}) {
		return uint32(maphash.String(h.seed, name))
	}
	low, high := words(name)
	return uint32(Mix(Mix(low^h.salt) ^ high))
}

// index finds accounts by their names: open addressing over their numbers, where the name itself is compared in the account, which is needed
// next anyway. Nothing else depends on its hasher.
type index struct {
	hasher
	places []seat
	n      int
}

// seat is an account's number plus one, zero where it is free, and its name's hash.
type seat struct{ hash, account uint32 }

func newIndex() index { return index{hasher: newHasher(), places: make([]seat, 16)} }

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
	low, high := words(name)
	binary.LittleEndian.PutUint64(l[:8], low)
	binary.LittleEndian.PutUint64(l[8:], high)
	return l
}

// words are a name's label in two numbers: its first eight bytes, and the rest with its length, or the mark of a long name, on top.
func words(name string) (low, high uint64) {
	n := len(name)
	switch {
	case n >= len(label{}):
		return word(name), word(name[7:])>>8 | long<<56
	case n > 8:
		return word(name), word(name[n-8:])>>(8*(16-n)) | uint64(n)<<56
	case n == 8:
		return word(name), 8 << 56
	case n >= 4: // two halves, which may lie over each other
		return half(name) | half(name[n-4:])<<(8*(n-4)), uint64(n) << 56
	}
	for i := n - 1; i >= 0; i-- {
		low = low<<8 | uint64(name[i])
	}
	return low, uint64(n) << 56
}

// half is the first four bytes of s.
func half(s string) uint64 {
	_ = s[3]
	return uint64(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
}

// word is the first eight bytes of s.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
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
