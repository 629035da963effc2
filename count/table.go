package count

// Table maps keys to cells of a bounded number: open addressing, and where it is full the least recently used of a few neighbours
// makes room (counted in Evicted). Places are many and small, cells lie close together and are only as many as there are keys. The zero key is not
// allowed. Not safe for concurrent use.
type Table[V any] struct {
	places  []place
	cells   [][]V    // in pages, so that they need not be copied as the table grows
	free    []uint32 // cells without a key
	n, most int
	Evicted uint64
}

// place is where a key stands, and which cell is its own.
type place struct {
	key  uint64
	used uint32 // last use, in seconds
	cell uint32
}

const (
	probe = 8  // neighbours looked at
	page  = 64 // cells allocated together
)

// NewTable makes a table for at most most cells; it begins small and grows.
func NewTable[V any](most int) *Table[V] {
	return &Table[V]{most: max(most, 64), places: make([]place, 64)}
}

// Mix spreads the bits of a key (the finaliser of SplitMix64).
func Mix(k uint64) uint64 {
	k ^= k >> 30
	k *= 0xbf58476d1ce4e5b9
	k ^= k >> 27
	k *= 0x94d049bb133111eb
	return k ^ k>>31
}

// resize makes another number of places; where two keys fall on one place the later stays.
func (t *Table[V]) resize(size int) {
	old := t.places
	t.places, t.n = make([]place, size), 0
	for i := range old {
		if old[i].key == 0 {
			continue
		}
		j, _ := t.slot(old[i].key)
		if p := &t.places[j]; p.key == 0 {
			t.n++
		} else {
			t.drop(p)
		}
		t.places[j] = old[i]
	}
}

// slot finds the place of k, or where it would go: a free neighbour, else the one least recently used.
func (t *Table[V]) slot(k uint64) (int, bool) {
	mask := len(t.places) - 1
	h := int(Mix(k)) & mask
	free, oldest := -1, h
	for i := range probe {
		j := (h + i) & mask
		p := &t.places[j]
		switch {
		case p.key == k:
			return j, true
		case p.key == 0:
			if free < 0 {
				free = j
			}
		case p.used < t.places[oldest].used:
			oldest = j
		}
	}
	if free >= 0 {
		return free, false
	}
	return oldest, false
}

// cell is the cell of a place.
func (t *Table[V]) cell(p *place) *V { return &t.cells[p.cell/page][p.cell%page] }

// Get returns the cell of k without touching it, nil where there is none, as of the zero key. The pointer holds until the next Touch.
func (t *Table[V]) Get(k uint64) *V {
	mask := len(t.places) - 1
	h := int(Mix(k)) & mask
	for i := range probe {
		if p := &t.places[(h+i)&mask]; p.key == k && k != 0 {
			return t.cell(p)
		}
	}
	return nil
}

// Touch returns the cell of k, made empty where there was none, and marks it used at now (seconds). The pointer holds until the next
// Touch.
func (t *Table[V]) Touch(k uint64, now uint32) (cell *V, fresh bool) {
	j, ok := t.slot(k)
	if !ok {
		full := t.places[j].key != 0
		if (full || 2*t.n >= len(t.places)) && len(t.places) <= t.most {
			t.resize(2 * len(t.places))
			j, _ = t.slot(k)
			full = t.places[j].key != 0
		}
		p := &t.places[j]
		if full {
			t.Evicted++
		} else {
			t.n++
			p.cell = t.take()
		}
		p.key = k
		var empty V
		*t.cell(p) = empty
	}
	p := &t.places[j]
	p.used = max(p.used, now)
	return t.cell(p), !ok
}

// take finds a cell for a key.
func (t *Table[V]) take() uint32 {
	if len(t.free) == 0 {
		first := uint32(len(t.cells) * page)
		t.cells = append(t.cells, make([]V, page))
		for i := range uint32(page) {
			t.free = append(t.free, first+page-1-i)
		}
	}
	i := t.free[len(t.free)-1]
	t.free = t.free[:len(t.free)-1]
	return i
}

// drop empties a place.
func (t *Table[V]) drop(p *place) {
	t.free = append(t.free, p.cell)
	*p = place{}
}

// Drop forgets k.
func (t *Table[V]) Drop(k uint64) {
	if j, ok := t.slot(k); ok {
		t.drop(&t.places[j])
		t.n--
	}
}

// Len is the number of cells.
func (t *Table[V]) Len() int { return t.n }
