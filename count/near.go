package count

// Near finds rows by keys, which are random hashes already. It is open addressing with linear probing whose deletions leave no marks behind
// (Knuth, The Art of Computer Programming, vol. 3, 6.4, algorithm R): rows come and go for as long as a file lasts.
//
// A key is looked for from its home on, which is the same for the same key. Homes that lie beside each other for rows that come and go together
// keep what is in use in the processor's cache, where random ones would miss it three times a row. Whoever makes up homes that crowd together
// gets random ones.
type Near struct {
	entries []nearEntry // a power of two of them, at most half of them taken
	count   int
	random  bool // homes are not used
}

// nearEntry is one key; 0 is none.
type nearEntry struct {
	key  uint64
	row  int32
	home uint32
}

// smallNear is how many entries a table begins with, crowdedNear how many places from its home a key may lie.
const (
	smallNear   = 1 << 10
	crowdedNear = 64
)

// NewNear makes an empty one.
func NewNear() Near { return Near{entries: make([]nearEntry, smallNear)} }

// from is where a key is looked for first.
func (t *Near) from(key uint64, home uint32) uint64 {
	if t.random {
		return key
	}
	return uint64(home)
}

// at is the place of a key, or the free one where it would be put.
func (t *Near) at(key uint64, home uint32) *nearEntry {
	mask, i := uint64(len(t.entries)-1), t.from(key, home)
	for n := 0; n < crowdedNear || t.random; n++ {
		if e := &t.entries[i&mask]; e.key == key || e.key == 0 {
			return e
		}
		i++
	}
	t.random = true
	t.rebuild(len(t.entries))
	return t.at(key, home)
}

// Find is the row of a key.
func (t *Near) Find(key uint64, home uint32) (row int32, found bool) {
	e := t.at(key, home)
	return e.row, e.key != 0
}

// Put notes the row of a key, instead of the one that it had.
func (t *Near) Put(key uint64, home uint32, row int32) {
	e := t.at(key, home)
	if e.key == 0 {
		if t.count++; t.count > len(t.entries)/2 {
			t.rebuild(2 * len(t.entries))
			e = t.at(key, home)
		}
		e.key, e.home = key, home
	}
	e.row = row
}

// rebuild puts all keys into a table of a size.
func (t *Near) rebuild(size int) {
	old := t.entries
	t.entries = make([]nearEntry, size)
	for _, e := range old {
		if e.key != 0 {
			*t.at(e.key, e.home) = e
		}
	}
}

// Remove forgets a key where it leads to row, and moves those that stand behind it to where they are found without it.
func (t *Near) Remove(key uint64, home uint32, row int32) {
	mask := uint64(len(t.entries) - 1)
	free := t.from(key, home) & mask
	for t.entries[free].key != key {
		if t.entries[free].key == 0 {
			return
		}
		free = (free + 1) & mask
	}
	if t.entries[free].row != row {
		return
	}
	t.count--
	for i := free; ; {
		i = (i + 1) & mask
		e := t.entries[i]
		if e.key == 0 {
			break
		}
		if (i-t.from(e.key, e.home))&mask >= (i-free)&mask { // its home is not between the free place and where it stands
			t.entries[free] = e
			free = i
		}
	}
	t.entries[free] = nearEntry{}
}
