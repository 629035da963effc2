package profile

import (
	"math"
	"slices"

	"github.com/belwacht/belwacht/snapshot"
)

// set is a bounded set of keys, each with the day on which it was seen last and how often. All keys stand before all marks, so that a search reads keys
// only; it grows by eight keys, since most accounts know few numbers.
type set []uint32

// setStep is by how many keys a set grows.
const setStep = 8

// mark is a day and a number of calls in one: the mark of what was seen longest ago, and of these the rarest, is the least.
func mark(last date, n uint16) uint32 { return uint32(last)<<16 | uint32(n) }

// find returns where the mark of a key stands, -1 where the key is not in the set.
func (s set) find(key uint32) int {
	half := len(s) / 2
	if i := index(s[:half], key); i >= 0 {
		return half + i
	}
	return -1
}

// index is where x stands first in a list of whole steps, -1 where it does not. It looks at a step at a time: every call looks through all keys of its account,
// most of them in vain.
func index(list []uint32, x uint32) int {
	for i := 0; i < len(list)-(setStep-1); i += setStep {
		k := list[i : i+setStep]
		if k[0] != x && k[1] != x && k[2] != x && k[3] != x && k[4] != x && k[5] != x && k[6] != x && k[7] != x {
			continue
		}
		return i + slices.Index(k, x)
	}
	return -1
}

// least is the least of a list of whole steps.
func least(list []uint32) uint32 {
	m := uint32(math.MaxUint32)
	for i := 0; i < len(list)-(setStep-1); i += setStep {
		k := list[i : i+setStep]
		m = min(m, k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7])
	}
	return m
}

// times is how often a key was seen.
func (s set) times(key uint32) uint16 {
	if i := s.find(key); i >= 0 {
		return uint16(s[i])
	}
	return 0
}

// grown is the set with room for at least n keys.
func (s set) grown(n int) set {
	room := (n + setStep - 1) / setStep * setStep
	g, half := make(set, 2*room), len(s)/2
	copy(g, s[:half])
	copy(g[room:], s[half:])
	return g
}

// touch marks key as seen; where there are most keys the one seen longest ago, and of these the rarest, makes room.
func (s *set) touch(most int, key uint32, d date) {
	if i := s.find(key); i >= 0 {
		last, n := date((*s)[i]>>16), uint16((*s)[i])
		(*s)[i] = mark(max(last, d), satAdd(n))
		return
	}
	half := len(*s) / 2
	oldest := index((*s)[half:], least((*s)[half:]))
	if half < most && (half == 0 || (*s)[half+oldest] != 0) {
		*s = s.grown(half + 1)
		oldest, half = half, len(*s)/2
	}
	(*s)[oldest], (*s)[half+oldest] = key, mark(d, 1)
}

func (s set) drop(key uint32) {
	if i := s.find(key); i >= 0 {
		s[i-len(s)/2], s[i] = 0, 0
	}
}

// state takes a set place by place: who makes room first depends on the places.
func (s *set) state(c *snapshot.Codec, most int) {
	for i := range most {
		half := len(*s) / 2
		var key, m uint32
		if i < half {
			key, m = (*s)[i], (*s)[half+i]
		}
		last, n := date(m>>16), uint16(m)
		if c.Uint16(&n); n == 0 {
			continue
		}
		c.Uint32(&key)
		c.Uint16(&last)
		if c.Saving() {
			continue
		}
		if i >= half {
			*s = s.grown(i + 1)
			half = len(*s) / 2
		}
		(*s)[i], (*s)[half+i] = key, mark(last, n)
	}
}

func satAdd(n uint16) uint16 {
	if n < math.MaxUint16 {
		n++
	}
	return n
}
