package ingest

import (
	"cmp"
	"slices"

	"github.com/belwacht/belwacht"
)

// Assembler makes calls out of rows. It is for one site and one goroutine; its memory is bounded by Config.MaxHeld rows and the tables of
// endpoints.
type Assembler struct {
	config    Config
	stats     Stats
	shelf     *shelf
	index     *index
	schedule  *schedule
	endpoints *endpoints
	group     []record        // the rows of the call at hand, in order
	single    [1]record       // room for a call of one row
	groups    map[int32]*rows // calls of several rows laid out for the bucket at hand, by their first index
	legs      *rows           // that of group; nil for a call of one row
	same      []belwacht.Call // calls of one instant, still to be put in order
	letters   []byte          // room for the strings of a call
	sorted    []due           // room for the rows of a bucket
	found     []*endpoint     // what is known of the phone of each of them, see phones
}

// NewAssembler makes an Assembler for a site.
func NewAssembler(c Config) *Assembler {
	if c.Horizon <= 0 {
		c.Horizon = DefaultHorizon
	}
	if c.MaxHeld <= 0 {
		c.MaxHeld = DefaultMaxHeld
	}
	return &Assembler{config: c, shelf: newShelf(), index: newIndex(), schedule: newSchedule(), endpoints: newEndpoints(&c), groups: map[int32]*rows{}}
}

// Add takes in a row and yields the calls that no row within the horizon can come before, in the order of (Start, ID). The row is the
// caller's again after the return, and the call the Assembler's after yield returns; the call's strings may be kept. An error of
// yield is returned at once.
func (a *Assembler) Add(row *Row, yield func(*belwacht.Call) error) error {
	a.stats.Rows++
	if row.UniqueID == "" {
		row.UniqueID = row.name()
	}
	channel, dstChannel := kept(row.Channel, textChannel), kept(row.DstChannel, textDstChannel)
	k := a.index.keysOf(kept(row.UniqueID, textID), kept(row.LinkedID, textLink), channel, dstChannel)
	same, again := a.duplicate(row, &k)
	if again {
		a.stats.Duplicates++
		return nil
	}
	i := a.shelf.put(row, &k)
	a.index.join(a.shelf, i, k, same, row.LinkedID == "", row.UniqueID, channel, dstChannel)
	a.schedule.see(row.Start)
	if a.schedule.add(row.Start, i) {
		a.shelf.row(i).flags |= late
	}
	limit := a.schedule.latest[2] - a.config.Horizon
	if a.shelf.count > a.config.MaxHeld {
		return a.force(limit, yield)
	}
	return a.advance(limit, yield)
}

// force lets go of the earliest rows for want of room.
func (a *Assembler) force(limit belwacht.Instant, yield func(*belwacht.Call) error) error {
	if err := a.advance(limit, yield); err != nil || a.shelf.count <= a.config.MaxHeld {
		return err
	}
	a.stats.Forced += int64(a.shelf.count)
	m := a.schedule.minutes[0]
	err := a.advance(belwacht.Instant(m+1)*belwacht.Minute, yield)
	a.stats.Forced -= int64(a.shelf.count)
	return err
}

// Flush yields all calls still held back, in order. The Assembler can be used on; what it learned of the site's endpoints it keeps.
func (a *Assembler) Flush(yield func(*belwacht.Call) error) error {
	return a.advance(belwacht.Instant(1)<<62, yield)
}

// Stats says what has been done so far.
func (a *Assembler) Stats() Stats {
	s := a.stats
	s.Held = a.shelf.count
	return s
}

// Trunks are the endpoints that were named as trunks or have been seen to be some, sorted.
func (a *Assembler) Trunks() []string {
	var list []string
	for name, p := range a.endpoints.known.All {
		if p.trunk {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// advance lets go of the buckets that end before limit.
func (a *Assembler) advance(limit belwacht.Instant, yield func(*belwacht.Call) error) error {
	for {
		b := a.schedule.take(limit)
		if b == nil {
			return nil
		}
		if err := a.bucket(b, yield); err != nil {
			return err
		}
		a.schedule.recycle(b)
	}
}

// bucket yields the calls that begin in one minute.
func (a *Assembler) bucket(b *bucket, yield func(*belwacht.Call) error) error {
	a.shelf.fetch(b.rows)
	a.sort(b)
	a.phones(b.rows)
	for k, d := range b.rows {
		if len(a.same) > 0 && a.same[0].Start != d.start {
			if err := a.release(yield); err != nil {
				return err
			}
		}
		if a.direct(d.row, a.found[k]) {
			continue
		}
		a.gather(d.row)
		a.turn(a.find(d.row))
		a.shelf.row(d.row).flags |= done
		a.clear()
	}
	clear(a.groups)
	return a.release(yield)
}

// sort puts the rows of a bucket into the order in which they are looked at: a few by inserting one after the other, more by seconds at first.
func (a *Assembler) sort(b *bucket) {
	if len(b.rows) <= 32 {
		for i, d := range b.rows {
			for ; i > 0 && (d.start < b.rows[i-1].start || d.start == b.rows[i-1].start && a.order(d.row, b.rows[i-1].row) < 0); i-- {
				b.rows[i] = b.rows[i-1]
			}
			b.rows[i] = d
		}
		return
	}
	var ends [61]int
	for i := range b.rows {
		ends[b.second(b.rows[i].start)+1]++
	}
	for s := range 60 {
		ends[s+1] += ends[s]
	}
	a.sorted = slices.Grow(a.sorted[:0], len(b.rows))[:len(b.rows)]
	for _, d := range b.rows {
		s := b.second(d.start)
		a.sorted[ends[s]] = d
		ends[s]++
	}
	b.rows, a.sorted = a.sorted, b.rows
	from := 0
	for _, end := range ends[:60] {
		if end-from > 1 {
			slices.SortFunc(b.rows[from:end], func(x, y due) int { return a.order(x.row, y.row) })
		}
		from = end
	}
}

// order is the order in which rows are looked at: by start, uniqueid and sequence.
func (a *Assembler) order(i, j int32) int {
	x, y := a.shelf.row(i), a.shelf.row(j)
	if c := cmp.Compare(x.start, y.start); c != 0 {
		return c
	}
	if c := cmp.Compare(a.shelf.text(x, textID), a.shelf.text(y, textID)); c != 0 {
		return c
	}
	if c := cmp.Compare(x.sequence, y.sequence); c != 0 {
		return c
	}
	return cmp.Compare(i, j)
}

// keep gives a call that is complete strings of its own, all in one: those of rows are parts of a chunk, which nobody shall hold for one call's sake.
func (a *Assembler) keep(c *belwacht.Call) {
	named, linked := c.Name != c.Caller, c.Link != c.ID
	b := append(append(append(a.letters[:0], c.ID...), c.Caller...), c.Dialled...)
	if named {
		b = append(b, c.Name...)
	}
	if linked {
		b = append(b, c.Link...)
	}
	a.letters = b
	all := string(b)
	take := func(n int) string {
		one := all[:n]
		all = all[n:]
		return one
	}
	c.ID, c.Caller, c.Dialled = take(len(c.ID)), take(len(c.Caller)), take(len(c.Dialled))
	if named {
		c.Name = take(len(c.Name))
	} else {
		c.Name = c.Caller
	}
	if linked {
		c.Link = take(len(c.Link))
	} else {
		c.Link = c.ID
	}
}

// release yields the calls of one instant in the order of their IDs.
func (a *Assembler) release(yield func(*belwacht.Call) error) error {
	for i := 1; i < len(a.same); i++ {
		if a.same[i].ID < a.same[i-1].ID { // hardly ever: their rows came in that order
			slices.SortStableFunc(a.same, func(x, y belwacht.Call) int { return cmp.Compare(x.ID, y.ID) })
			break
		}
	}
	for i := range a.same {
		c := &a.same[i]
		a.stats.Calls++
		a.stats.Directions[c.Direction&3]++
		if c.Late {
			a.stats.Late++
		}
		if err := yield(c); err != nil {
			a.same = a.same[:0]
			return err
		}
	}
	a.same = a.same[:0]
	return nil
}

// find is the place of row i in the group at hand.
func (a *Assembler) find(i int32) int {
	for k := range a.group {
		if a.group[k].index == i {
			return k
		}
	}
	return 0
}

// clear forgets the rows of the group at hand once the turn of each has been.
func (a *Assembler) clear() {
	for k := range a.group {
		if a.group[k].flags&done == 0 {
			return
		}
	}
	for k := range a.group {
		r := &a.group[k]
		keys := keys{id: r.key, idAt: r.keyAt}
		if r.flags&single == 0 {
			keys = a.index.keysOf(r.id, r.link, r.channel, r.dstChannel)
		}
		a.index.forget(r.index, keys)
		a.shelf.drop(r.index)
	}
}

// duplicate says whether a row has been taken in before: the key of a record is (uniqueid, sequence), and without sequences all of what
// it says. Files overlap, and accountlogs writes rows twice. It gives a row of the same uniqueid as well.
func (a *Assembler) duplicate(row *Row, k *keys) (same int32, again bool) {
	if k.id == 0 {
		return none, false
	}
	first, found := a.index.ids.Find(k.id, k.idAt)
	if !found {
		return none, false
	}
	for i := first; ; {
		h := a.shelf.row(i)
		if h.sequence == row.Sequence && h.start == row.Start && a.shelf.is(i, textID, row.UniqueID) {
			if row.Sequence >= 0 || h.end == max(row.End, row.Start) && h.answer == row.Answer && h.talk == int32(row.Talk) &&
				a.shelf.is(i, textDst, row.Dst) && a.shelf.is(i, textDstChannel, row.DstChannel) &&
				a.shelf.is(i, textApp, row.App) {
				return first, true
			}
		}
		if i = h.sibling; i == first {
			return first, false
		}
	}
}
