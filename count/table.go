package count

// Table maps keys to cells of a bounded number: open addressing, and where it is full the least recently used of a few neighbours
// makes room (counted in Evicted). The zero key is not allowed. Not safe for concurrent use.
type Table[V any] struct {
	keys    []uint64
	used    []uint32 // last use, in seconds
	cells   []V
	n, most int
	Evicted uint64
}

const probe = 8 // neighbours looked at

// NewTable makes a table for at most most cells; it begins small and grows.
func NewTable[V any](most int) *Table[V] {
	t := &Table[V]{most: max(most, 64)}
	t.resize(64)
	return t
}

// Mix spreads the bits of a key (the finaliser of SplitMix64).
func Mix(k uint64) uint64 {
	k ^= k >> 30
	k *= 0xbf58476d1ce4e5b9
	k ^= k >> 27
	k *= 0x94d049bb133111eb
	return k ^ k>>31
}

func (t *Table[V]) resize(size int) {
	keys, used, cells := t.keys, t.used, t.cells
	t.keys, t.used, t.cells, t.n = make([]uint64, size), make([]uint32, size), make([]V, size), 0
	for i, k := range keys {
		if k != 0 {
			j, _ := t.slot(k)
			if t.keys[j] == 0 {
				t.n++
			}
			t.keys[j], t.used[j], t.cells[j] = k, used[i], cells[i]
		}
	}
}

// slot finds the place of k, or where it would go: a free neighbour, else the one least recently used.
func (t *Table[V]) slot(k uint64) (int, bool) {
	mask := len(t.keys) - 1
	h := int(Mix(k)) & mask
	free, oldest := -1, h
	for i := range probe {
		j := (h + i) & mask
		if t.keys[j] == k {
			return j, true
		}
		if t.keys[j] == 0 {
			if free < 0 {
				free = j
			}
		} else if t.used[j] < t.used[oldest] {
			oldest = j
		}
	}
	if free >= 0 {
		return free, false
	}
	return oldest, false
}

// Get returns the cell of k without touching it, nil where there is none. The pointer holds until the next Touch.
func (t *Table[V]) Get(k uint64) *V {
	mask := len(t.keys) - 1
	h := int(Mix(k)) & mask
	for i := range probe {
		if j := (h + i) & mask; t.keys[j] == k {
			return &t.cells[j]
		}
	}
	return nil
}

// Touch returns the cell of k, made empty where there was none, and marks it used at now (seconds). The pointer holds until the next
// Touch.
func (t *Table[V]) Touch(k uint64, now uint32) (cell *V, fresh bool) {
	j, ok := t.slot(k)
	if !ok {
		full := t.keys[j] != 0
		if (full || 2*t.n >= len(t.keys)) && 2*len(t.keys) <= 2*t.most {
			t.resize(2 * len(t.keys))
			j, _ = t.slot(k)
			full = t.keys[j] != 0
		}
		if full {
			t.Evicted++
		} else {
			t.n++
		}
		var empty V
		t.keys[j], t.cells[j] = k, empty
	}
	t.used[j] = max(t.used[j], now)
	return &t.cells[j], !ok
}

// Drop forgets k.
func (t *Table[V]) Drop(k uint64) {
	if j, ok := t.slot(k); ok {
		var empty V
		t.keys[j], t.cells[j], t.used[j] = 0, empty, 0
		t.n--
	}
}

// Len is the number of cells.
func (t *Table[V]) Len() int { return t.n }

// Bytes is the memory that the table holds, for a cell of size bytes.
func (t *Table[V]) Bytes(size int) int { return len(t.keys) * (12 + size) }

// Each calls f for every cell, in the table's own order.
func (t *Table[V]) Each(f func(key uint64, used uint32, v *V)) {
	for i, k := range t.keys {
		if k != 0 {
			f(k, t.used[i], &t.cells[i])
		}
	}
}
