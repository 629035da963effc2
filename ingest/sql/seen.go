package sql

import (
	"maps"
	"slices"
)

// slotSeconds is how many seconds of starts are counted and read as one.
const slotSeconds = 300

// slotsADay is how many slots a day has.
const slotsADay = 86400 / slotSeconds

// What is remembered.
const (
	keptSlots = 31 * slotsADay
	maxKeys   = 1_000_000
)

// unsure is the number of rows of a slot that has to be read again whatever is counted there.
const unsure = -1

// slotOf is the slot of a second, the one before for those before 1970.
func slotOf(naive int64) int64 {
	if naive < 0 {
		return (naive+1)/slotSeconds - 1
	}
	return naive / slotSeconds
}

// seen is what is remembered of the rows of a table: how many begin in each slot, and their keys.
type seen struct {
	slots map[int64]*slot
	keys  int
	floor int64    // slots before this one are forgotten
	older int64    // rows in them, as far as is known; unsure: they have to be counted
	late  [3]int64 // the latest slots: the third says how far the records have got, see ingest's schedule
}

// slot is what is remembered of one slot.
type slot struct {
	rows int      // as counted when it was read last
	keys []uint64 // sorted
}

func newSeen() *seen { return &seen{slots: map[int64]*slot{}, older: unsure} }

// begin says that a slot is being read: should that fail half-way, it is read again.
func (s *seen) begin(at int64) *slot {
	one := s.slots[at]
	if one == nil {
		one = &slot{}
		s.slots[at] = one
	}
	one.rows = unsure
	return one
}

// known says whether a key is one of a slot's.
func (o *slot) known(key uint64) bool {
	_, known := slices.BinarySearch(o.keys, key)
	return known
}

// end says how many rows a slot has, of which these are new, and that it lies this far.
func (s *seen) end(at int64, rows int, fresh []uint64) {
	one := s.slots[at]
	one.rows, one.keys = rows, append(one.keys, fresh...)
	slices.Sort(one.keys)
	s.keys += len(fresh)
	switch l := &s.late; {
	case at <= l[2]:
	case at > l[0]:
		l[0], l[1], l[2] = at, l[0], l[1]
	case at > l[1]:
		l[1], l[2] = at, l[1]
	default:
		l[2] = at
	}
}

// changed says whether a slot in which so many rows are counted has to be read again.
func (s *seen) changed(at int64, rows int) bool {
	one := s.slots[at]
	if one == nil {
		return rows > 0
	}
	return one.rows != rows
}

// trim forgets what lies too far back, or is too much. latest is the last slot that can be: a clock that runs ahead must not make the rest be forgotten.
func (s *seen) trim(latest int64) {
	floor := max(s.floor, min(s.late[2], latest)-keptSlots)
	if floor == s.floor && s.keys <= maxKeys {
		return
	}
	all := slices.Sorted(maps.Keys(s.slots))
	for _, at := range all {
		if at >= floor && s.keys <= maxKeys {
			break
		}
		one := s.slots[at]
		if s.older != unsure {
			s.older += int64(max(one.rows, 0))
		}
		s.keys -= len(one.keys)
		delete(s.slots, at)
		floor = max(floor, at+1)
	}
	s.floor = floor
}
