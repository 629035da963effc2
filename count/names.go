package count

import (
	"strings"
	"unsafe"
)

// Names is a map from names to values that is made for many lookups of names spread over memory: a short name stands beside its value, so that it is found
// in two lines of the processor's cache, and values never move. Make it with NewNames. Not safe for concurrent use.
type Names[V any] struct {
	hasher
	seats []seat
	cells []*[page]named[V]
	n     int

	hashes  []uint32 // room for GetAll
	touched uint32   // of no meaning: see GetAll
}

// named is a value with its name.
type named[V any] struct {
	label label
	value V
	name  string
}

// NewNames makes an empty map.
func NewNames[V any]() *Names[V] {
	return &Names[V]{hasher: newHasher(), seats: make([]seat, 16)}
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
	if p := m.find(m.hash(name), name); p.account != 0 {
		return &m.cell(p.account - 1).value
	}
	return nil
}

// GetAll is Get for many names at once: values gets as many. It is quicker than one after the other, since it asks for what is far off in memory before it
// looks at it, for all of them.
func (m *Names[V]) GetAll(names []string, values []*V) {
	m.hashes = m.hashes[:0]
	mask := uint32(len(m.seats) - 1)
	for _, name := range names {
		h := m.hash(name)
		m.hashes = append(m.hashes, h)
		m.touched += m.seats[h&mask].hash
	}
	for _, h := range m.hashes {
		if p := m.seats[h&mask]; p.account != 0 {
			m.touched += uint32(m.cell(p.account - 1).label[0])
		}
	}
	for i, name := range names {
		values[i] = nil
		if p := m.find(m.hashes[i], name); p.account != 0 {
			values[i] = &m.cell(p.account - 1).value
		}
	}
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
