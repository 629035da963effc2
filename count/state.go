package count

import (
	"io"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// Schema names the form of a shard's snapshot; another major version is not read.
const Schema = "belwacht.count/1"

// nameMost bounds an account's name in a snapshot, in bytes: what a record can hold.
const nameMost = 64 << 10

// Snapshot writes everything the shard holds. Nobody may write to the shard meanwhile.
func (s *Shard) Snapshot(w io.Writer) error {
	if err := snapshot.Save(w, Schema, s.State); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the counters cannot be written: %w", err)
	}
	return nil
}

// Restore fills the shard with what Snapshot wrote. Where an error (code Invalid) comes back the shard is empty.
func (s *Shard) Restore(r io.Reader) error {
	fresh := NewShard(s.config)
	if err := snapshot.Load(r, Schema, fresh.State); err != nil {
		*s = *NewShard(s.config)
		return belwacht.Errorf(belwacht.Invalid, "the counters cannot be read: %w", err)
	}
	*s = *fresh
	return nil
}

// State hands everything the shard holds to a codec: for snapshots that hold the shard beside other things. A shard that loads must be new;
// after a load that failed it must not be used.
func (s *Shard) State(c *snapshot.Codec) {
	s.accountStates(c)
	snapshot.List(c, &s.free, s.config.Accounts, func(c *snapshot.Codec, v *uint32) { c.Uint32(v) })
	c.Uint32(&s.hand)
	s.Ranges.State(c, func(c *snapshot.Codec, r *Range) { r.state(c) })
	s.tails.State(c, func(c *snapshot.Codec, t *Tail) { t.state(c) })
	s.rang.State(c, func(c *snapshot.Codec, r *Rang) { c.Uint32(&r.At); c.Uint16(&r.Calls); c.Bool(&r.Missed) })
	for i := range s.nations {
		n := &s.nations[i]
		c.Uint16(&n.Running)
		n.hour.State(c)
		n.day.State(c)
		for k := range n.crowd {
			c.Uint32(&n.crowd[k])
			c.Uint32(&n.seen[k])
		}
	}
	s.novel.State(c)
	c.Uint32(&s.running)
	snapshot.List(c, &s.slots, s.config.Running, func(c *snapshot.Codec, slot *Slot) { slot.state(c) })
	snapshot.List(c, &s.vacant, s.config.Running, func(c *snapshot.Codec, v *uint32) { c.Uint32(v) })
	c.Uint64(&s.Evicted)
	c.Uint64(&s.Dropped)
	if !c.Saving() && !c.Failed() {
		s.reopen(c)
	}
}

// Slots is how many slots there are, free ones as well.
func (s *Shard) Slots() int { return len(s.slots) }

// Live says whether a call has the slot of an index below Slots.
func (s *Shard) Live(i uint32) bool { return s.slots[i].live }

// accountStates takes names and accounts.
func (s *Shard) accountStates(c *snapshot.Codec) {
	snapshot.List(c, &s.names, s.config.Accounts, func(c *snapshot.Codec, name *string) { c.Text(name, nameMost) })
	for i := range s.names {
		if c.Failed() {
			return
		}
		if i/chunk >= len(s.account) {
			s.account = append(s.account, new([chunk]Account))
		}
		s.Account(uint32(i)).state(c)
	}
}

// reopen makes the indexes that are not written, and refuses what points nowhere.
func (s *Shard) reopen(c *snapshot.Codec) {
	for i, name := range s.names {
		f := s.Seek(name)
		if f.Known {
			c.Fail("two accounts in it have one name")
			return
		}
		s.Account(uint32(i)).label = labelOf(name)
		s.index.add(f.hash, uint32(i))
	}
	vacant := make(map[uint32]bool, len(s.vacant))
	for _, i := range s.vacant {
		if int(i) >= len(s.slots) || s.slots[i].live || vacant[i] {
			c.Fail("a free slot in it is none")
			return
		}
		vacant[i] = true
	}
	for i := range s.slots {
		slot := &s.slots[i]
		if !slot.live {
			continue
		}
		if _, twice := s.calls.find(slot.Key); twice || slot.Key == 0 || int(slot.Account) >= len(s.names) {
			c.Fail("a running call in it is nobody's, or there twice")
			return
		}
		s.calls.add(slot.Key, uint32(i))
		s.enlist(uint32(i))
	}
	if len(s.vacant)+s.calls.n != len(s.slots) {
		c.Fail("slots in it are neither free nor taken")
	}
}

// State hands the sum to a codec.
func (d *Decay) State(c *snapshot.Codec) {
	c.Float32(&d.value)
	c.Uint32(&d.at)
}

func (a *Account) state(c *snapshot.Codec) {
	a.Log.state(c)
	c.Uint16(&a.Running)
	c.Uint16(&a.All)
	c.Uint16(&a.Outside)
	var unused Decay // the suspicion on an account, which memories of before hold
	unused.State(c)
	a.homeNew.State(c)
	a.homeDay.State(c)
	a.homeShort.State(c)
	c.Uint32(&a.used)
}

func (l *Log) state(c *snapshot.Codec) {
	n := c.Len(int(l.n), LogSize)
	c.Uint16(&l.next)
	c.Uint32(&l.turn)
	l.n = uint16(n)
	if l.next >= LogSize {
		c.Fail("a log in it goes on beyond its end")
		return
	}
	if !c.Saving() {
		l.grow(int(l.next))
		if l.n > l.next {
			l.grow(LogSize)
		}
	}
	for i := range n {
		e := l.Back(i)
		c.Uint64((*uint64)(&e.Number))
		c.Uint32(&e.At)
		c.Uint32(&e.Price)
		c.Uint16(&e.Talk)
		c.Uint8((*uint8)(&e.State))
		c.Uint8(&e.Flags)
		var unused uint8 // the score, which memories of before could hold
		c.Uint8(&unused)
		c.Uint8(&e.Form)
	}
	if !c.Saving() && !c.Failed() {
		l.reopen()
	}
}

// reopen finds the places of the numbers in a log anew: they are not written.
func (l *Log) reopen() {
	n := l.n
	for l.n = 0; l.n < n; l.n++ {
		e := l.Back(int(l.n))
		e.kin = l.join(e.Number)
	}
}

func (s *Slot) state(c *snapshot.Codec) {
	c.Bool(&s.live)
	c.Fields(&s.Attempt, 0)
	c.Uint32(&s.Ticket)
	c.Int64((*int64)(&s.Answered))
	if s.Country.Index() >= nationsMost {
		c.Fail("a running call in it leads to no country")
	}
}

// nationsMost is how many places there are for countries and networks.
const nationsMost = len(Shard{}.nations)

func (r *Range) state(c *snapshot.Codec) {
	var calls [rangeCalls]rangeCall
	copy(calls[:], r.calls())
	for i := range calls {
		k := &calls[i]
		c.Uint32(&k.at)
		c.Uint32(&k.account)
		c.Uint16(&k.tail)
		c.Bool(&k.short)
	}
	c.Uint8(&r.n)
	c.Uint8(&r.next)
	c.Uint16(&r.Running)
	c.Uint32(&r.rung)
	c.Uint32(&r.Missed)
	c.Uint8(&r.Misses)
	r.Heat.State(c)
	if r.n > rangeCalls || r.next >= rangeCalls {
		c.Fail("a range in it remembers more than it can")
		return
	}
	if !c.Saving() {
		if r.n != r.next || r.n > rangeFew {
			r.widen()
		}
		copy(r.calls(), calls[:])
	}
}

func (t *Tail) state(c *snapshot.Codec) {
	t.n = uint8(c.Len(int(t.n), tailForms))
	if !c.Saving() && t.n > tailFew {
		t.widen()
	}
	for i := range t.forms() {
		f := &t.forms()[i]
		c.Uint16(&f.form)
		c.Uint32(&f.at)
		c.Uint32(&f.account)
	}
}

// State hands the table to a codec, cell by cell. A table that is smaller than the one that was written keeps what it has room for.
func (t *Table[V]) State(c *snapshot.Codec, cell func(*snapshot.Codec, *V)) {
	size, n := c.Len(len(t.places), 1<<31), c.Len(t.n, 1<<31)
	c.Uint64(&t.Evicted)
	if c.Saving() {
		for i := range t.places {
			if p := &t.places[i]; p.key != 0 {
				at := uint32(i)
				c.Uint32(&at)
				c.Uint64(&p.key)
				c.Uint32(&p.used)
				cell(c, t.cell(p))
			}
		}
		return
	}
	if size < 64 || size&(size-1) != 0 || n > size {
		c.Fail("a table in it has the size %d", size)
		return
	}
	same := size <= 2*t.most // else it was made for more: what fits is put in anew
	if same {
		t.places = make([]place, size)
	}
	for range n {
		var at uint32
		var p place
		var v V
		c.Uint32(&at)
		c.Uint64(&p.key)
		c.Uint32(&p.used)
		cell(c, &v)
		if c.Failed() || p.key == 0 || int(at) >= size {
			c.Fail("a table in it holds a cell that cannot be")
			return
		}
		t.put(c, int(at), p, v, same)
	}
}

// put places a cell where it was, or, in a table of another size, where there is room.
func (t *Table[V]) put(c *snapshot.Codec, at int, p place, v V, same bool) {
	if !same {
		cell, _ := t.Touch(p.key, p.used)
		*cell = v
		return
	}
	if t.places[at].key != 0 {
		c.Fail("a table in it holds two cells at one place")
		return
	}
	p.cell = t.take()
	t.places[at] = p
	*t.cell(&p) = v
	t.n++
}

// State hands the window to a codec.
func (w *Window) State(c *snapshot.Codec) {
	c.Int64((*int64)(&w.width))
	c.Int64(&w.head)
	c.Int64(&w.sum)
	for i := range w.cell {
		c.Int64(&w.cell[i])
	}
	if w.width < 1 {
		c.Fail("a window in it has no width")
		w.width = 1
	}
}
