package ingest

// table finds rows by keys, which are random hashes already. It is open addressing with linear probing whose deletions leave no marks behind
// (Knuth, The Art of Computer Programming, vol. 3, 6.4, algorithm R): rows come and go for as long as a file lasts, and each is looked up
// several times, mostly out of the processor's cache.
type table struct {
	entries []entry // a power of two of them, at most three quarters taken
	count   int
}

// entry is one key; 0 is none.
type entry struct {
	key uint64
	row int32
}

// smallTable is how many entries a table begins with.
const smallTable = 1 << 10

func newTable() table { return table{entries: make([]entry, smallTable)} }

// at is the place of a key, or the free one where it would be put.
func (t *table) at(key uint64) *entry {
	mask := uint64(len(t.entries) - 1)
	for i := key & mask; ; i = (i + 1) & mask {
		if e := &t.entries[i]; e.key == key || e.key == 0 {
			return e
		}
	}
}

// find is the row of a key.
func (t *table) find(key uint64) (row int32, found bool) {
	e := t.at(key)
	return e.row, e.key != 0
}

// put notes the row of a key, instead of the one that it had.
func (t *table) put(key uint64, row int32) {
	e := t.at(key)
	if e.key == 0 {
		if t.count++; t.count > len(t.entries)/4*3 {
			t.grow()
			e = t.at(key)
		}
		e.key = key
	}
	e.row = row
}

// grow makes room.
func (t *table) grow() {
	old := t.entries
	t.entries = make([]entry, 2*len(old))
	for i := range old {
		if old[i].key != 0 {
			*t.at(old[i].key) = old[i]
		}
	}
}

// remove forgets a key where it leads to row, and moves those that stand behind it to where they are found without it.
func (t *table) remove(key uint64, row int32) {
	mask := uint64(len(t.entries) - 1)
	free := key & mask
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
		if (i-e.key)&mask >= (i-free)&mask { // its own place is not between the free one and where it stands
			t.entries[free] = e
			free = i
		}
	}
	t.entries[free] = entry{}
}
