package count

import (
	"math/bits"
	"strings"
	"unsafe"
)

// Names is a map from names to values that is made for many lookups of names spread over memory: a short name stands beside its value, so that it is found
// in two lines of the processor's cache, one that was asked for of late in one near at hand, and values never move. Make it with NewNames. Not safe for concurrent use.
type Names[V any] struct {
	hasher
	seats []seat
	cells []*[page]named[V]
	n     int
	spots []spot[V] // some short names, see spotOf; as many as there are seats, but at most spotsMost
	shift uint8     // by which a key becomes the place of a spot
}

// spot is a short name, whole, and where its value is, which is not looked at: whoever asks for many in turn can touch what they point at, so that it comes
// from memory for all of them at once.
type spot[V any] struct {
	key   uint64
	value *V
}

// spotsMost is how many spots there are at most: 128 KB, which stay near the processor.
const spotsMost = 8192

// named is a value with its name.
type named[V any] struct {
	label label
	value V
	name  string
}

// NewNames makes an empty map.
func NewNames[V any]() *Names[V] {
	m := &Names[V]{hasher: newHasher(), seats: make([]seat, 16)}
	m.spread()
	return m
}

// spread makes room for as many spots as there are seats.
func (m *Names[V]) spread() {
	if n := len(m.seats); n <= spotsMost {
		m.spots, m.shift = make([]spot[V], n), uint8(64-bits.TrailingZeros(uint(n)))
	}
}

// spotOf is the key of a short name and the two spots that it may be at; nil where it is long or empty. Names that want the same ones cost time only, so they
// need no secret.
func (m *Names[V]) spotOf(name string) (key uint64, first, second *spot[V]) {
	if len(name) > 7 || name == "" {
		return 0, nil, nil
	}
	key = uint64(len(name))
	for i := range len(name) {
		key = key<<8 | uint64(name[i])
	}
	i := key * 0x9e3779b97f4a7c15 >> m.shift // Knuth, The Art of Computer Programming, vol. 3, 6.4: multiplicative hashing
	return key, &m.spots[i], &m.spots[i^1]
}

// Len is the number of names.
func (m *Names[V]) Len() int { return m.n }

func (m *Names[V]) cell(i uint32) *named[V] { return &m.cells[i/page][i%page] }

// find is the place of a name, or the free one where it would be put.
func (m *Names[V]) find(hash uint32, name string) *seat {
	l := labelOf(name)
	mask := uint32(len(m.seats) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		p := &m.seats[i]
		if p.account == 0 {
			return p
		}
		if p.hash == hash {
			if c := m.cell(p.account - 1); c.label == l && (l[15] != long || c.name == name) {
				return p
			}
		}
	}
}

// Get is the value of a name, nil where it has none.
func (m *Names[V]) Get(name string) *V {
	key, first, second := m.spotOf(name)
	if first != nil {
		if first.key == key {
			return first.value
		}
		if second.key == key {
			return second.value
		}
	}
	p := m.find(m.hash(name), name)
	if p.account == 0 {
		return nil
	}
	v := &m.cell(p.account - 1).value
	if first != nil {
		*first, *second = spot[V]{key, v}, *first
	}
	return v
}

// Put gives a name that has no value one, empty, and a copy of the name that is the map's own. That of a short name stands beside its value.
func (m *Names[V]) Put(name string) (value *V, own string) {
	if 2*m.n >= len(m.seats) {
		old := m.seats
		m.seats = make([]seat, 2*len(old))
		mask := uint32(len(m.seats) - 1)
		for _, p := range old {
			i := p.hash & mask
			for p.account != 0 && m.seats[i].account != 0 {
				i = (i + 1) & mask
			}
			if p.account != 0 {
				m.seats[i] = p
			}
		}
		m.spread()
	}
	if m.n%page == 0 {
		m.cells = append(m.cells, new([page]named[V]))
	}
	hash := m.hash(name)
	*m.find(hash, name) = seat{hash, uint32(m.n + 1)}
	c := m.cell(uint32(m.n))
	m.n++
	if c.label = labelOf(name); c.label[15] == long {
		c.name = strings.Clone(name)
	} else {
		c.name = unsafe.String(&c.label[0], len(name)) // neither moves nor changes
	}
	return &c.value, c.name
}

// All hands out each name with its value, in the order in which they were put.
func (m *Names[V]) All(yield func(string, *V) bool) {
	for i := range m.n {
		if c := m.cell(uint32(i)); !yield(c.name, &c.value) {
			return
		}
	}
}
