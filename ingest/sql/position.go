package sql

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"

	"github.com/belwacht/belwacht"
)

// positionSchema names the form of a Position.
const positionSchema = "belwacht.position.sql/1"

// Position is how far a table has been read: a value that can be kept and handed to Run later. The zero Position is the beginning. It is
// written as JSON, some 11 bytes for each row of the last 31 days: write it now and then, not at each batch.
type Position struct {
	history int64 // the start up to which what was recorded before has been read, on the table's clock
	live    bool  // all of it has
	seen    *seen
}

// positionForm is a Position as it is written.
type positionForm struct {
	Schema  string   `json:"schema"`
	History int64    `json:"history"`
	Live    bool     `json:"live"`
	Floor   int64    `json:"floor"`
	Older   int64    `json:"older"`
	Late    [3]int64 `json:"late"`
	Seen    string   `json:"seen"`
}

// MarshalJSON writes a position.
func (p Position) MarshalJSON() ([]byte, error) {
	f := positionForm{Schema: positionSchema, History: p.history, Live: p.live}
	if s := p.seen; s != nil {
		f.Floor, f.Older, f.Late = s.floor, s.older, s.late
		b := make([]byte, 0, 9*s.keys+8*len(s.slots))
		last := int64(0)
		for _, at := range slices.Sorted(maps.Keys(s.slots)) {
			one := s.slots[at]
			b = binary.AppendVarint(b, at-last)
			b = binary.AppendVarint(b, int64(one.rows))
			b = binary.AppendUvarint(b, uint64(len(one.keys)))
			for _, k := range one.keys {
				b = binary.LittleEndian.AppendUint64(b, k)
			}
			last = at
		}
		f.Seen = base64.StdEncoding.EncodeToString(b)
	}
	return json.Marshal(&f)
}

// UnmarshalJSON reads a position. What is none is an error of the code Invalid, and the position is then the beginning.
func (p *Position) UnmarshalJSON(data []byte) error {
	*p = Position{}
	bad := func(what string) error {
		return belwacht.Errorf(belwacht.Invalid, "a kept position in a table is damaged: %s; leave it out and the table is read from its beginning", what)
	}
	var f positionForm
	if err := json.Unmarshal(data, &f); err != nil {
		return bad("it is no JSON of that form")
	}
	if f.Schema != positionSchema {
		return belwacht.Errorf(belwacht.Invalid, "a kept position is of the form %.40q and not %s; use the program that wrote it", f.Schema, positionSchema)
	}
	b, err := base64.StdEncoding.DecodeString(f.Seen)
	if err != nil {
		return bad("what was seen is no base64")
	}
	s := newSeen()
	s.floor, s.older, s.late = f.Floor, f.Older, f.Late
	for last := int64(0); len(b) > 0; {
		at, n1 := binary.Varint(b)
		rows, n2 := binary.Varint(b[max(n1, 0):])
		keys, n3 := binary.Uvarint(b[max(n1, 0)+max(n2, 0):])
		if n1 <= 0 || n2 <= 0 || n3 <= 0 {
			return bad("a slot is cut off")
		}
		b = b[n1+n2+n3:]
		if keys > uint64(len(b)/8) || rows < unsure || rows > 1<<31 || at < 0 || len(s.slots) > 0 && at == 0 {
			return bad("a slot is none")
		}
		last += at
		one := &slot{rows: int(rows), keys: make([]uint64, keys)}
		for i := range one.keys {
			one.keys[i] = binary.LittleEndian.Uint64(b[8*i:])
		}
		if !slices.IsSorted(one.keys) {
			return bad("its keys are in no order")
		}
		b = b[8*keys:]
		s.slots[last] = one
		s.keys += int(keys)
	}
	*p = Position{history: f.History, live: f.Live, seen: s}
	return nil
}

// clone is a copy that shares nothing.
func (s *seen) clone() *seen {
	c := *s
	c.slots = make(map[int64]*slot, len(s.slots))
	for at, one := range s.slots {
		c.slots[at] = &slot{rows: one.rows, keys: slices.Clone(one.keys)}
	}
	return &c
}
