package ingest

import (
	"hash/maphash"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/count"
)

// maxSiblings bounds the rows of one call: a queue that rings for an hour has some hundreds. What comes beyond stands alone.
const maxSiblings = 512

// touching is how far apart two rows may lie that are one call because a channel's name stands in both: Asterisk begins its
// serials anew when it starts, so a name alone says little.
const touching = 2 * belwacht.Second

// index finds the rows that belong to one call. Keys are hashes with a random seed, so nobody can make them collide.
type index struct {
	seed   maphash.Seed
	ids    count.Near      // uniqueids and linkedids
	locals count.Near      // Local channels, which join rows without linkedid as well
	called [8192]calledLeg // by the place of the channel that was called, of rows without linkedid, only the latest
}

// calledLeg is a channel that was called. What a transfer joins is written at once, so a table that forgets the older ones will do.
type calledLeg struct {
	row int32
	tag uint32 // see tagOf; 0: none
}

func newIndex() *index {
	return &index{seed: maphash.MakeSeed(), ids: count.NewNear(), locals: count.NewNear()}
}

// keys are those of one row.
type keys struct {
	id, link     uint64 // 0: none
	from, to     uint64 // Local channels
	idAt, linkAt uint32 // the homes of id and link
}

// keysOf computes the keys of a row.
func (x *index) keysOf(id, link, channel, dstChannel string) keys {
	var k keys
	if id != "" {
		k.id = maphash.String(x.seed, id)
		k.idAt = home(id, k.id)
	}
	if link != "" && link != id {
		k.link = maphash.String(x.seed, link)
		k.linkAt = home(link, k.link)
	}
	if strings.HasPrefix(channel, "Local/") {
		k.from = x.local(channel)
	}
	if strings.HasPrefix(dstChannel, "Local/") {
		k.to = x.local(dstChannel)
	}
	return k
}

// home is the home of a uniqueid's key: the counter at its end, which rows of one time have near each other.
func home(id string, key uint64) uint32 {
	if counter, ok := asterisk.Counter(id); ok {
		return counter
	}
	return uint32(key)
}

// place is where a channel that was called is noted: by the serial number behind its last dash, so that the latest ones are kept and lie beside each
// other. Channels are named by the PBX, not by callers.
func place(channel string) uint32 { return asterisk.Serial(channel) % uint32(len(index{}.called)) }

// local is the key of a Local channel, the same for both its halves.
func (x *index) local(name string) uint64 {
	c := asterisk.ParseChannel(name)
	return maphash.String(x.seed, c.Base)
}

// join puts row i into the ring of the rows that it belongs to, and notes its keys. same is a row of the same uniqueid, none where there is
// none; unlinked that no linkedid joins the row to others.
func (x *index) join(s *shelf, i int32, k keys, same int32, unlinked bool, id, channel, dstChannel string) {
	if same != none {
		link(s, i, same)
	} else if k.id != 0 {
		x.ids.Put(k.id, k.idAt, i)
	}
	if k.link != 0 {
		if j, found := x.ids.Find(k.link, k.linkAt); found {
			link(s, i, j)
		} else {
			x.ids.Put(k.link, k.linkAt, i)
		}
	}
	if k.from != 0 {
		x.leg(s, i, k.from)
	}
	if k.to != 0 {
		x.leg(s, i, k.to)
	}
	if unlinked && dstChannel != "" && k.to == 0 {
		x.unlinked(s, i, id, channel, dstChannel)
	}
}

// unlinked joins rows that no linkedid joins by the name of a channel. Names alone say little, so it asks for a row that begins later than its
// own channel was made, which is what a transfer leaves: the channel that was called before dials now, or what was called before is
// called by another.
func (x *index) unlinked(s *shelf, i int32, id, channel, dstChannel string) {
	at, tag := place(dstChannel), tagOf(dstChannel)
	x.takeUp(s, i, x.called[at], tag, id, dstChannel)
	x.takeUp(s, i, x.called[place(channel)], tagOf(channel), id, channel)
	x.called[at] = calledLeg{row: i, tag: tag}
}

// takeUp joins row i to the row in which its channel was called, where row i takes it up.
func (x *index) takeUp(s *shelf, i int32, l calledLeg, tag uint32, id, channel string) {
	if l.tag == tag && channel != "" && s.live(l.row) && s.is(l.row, textDstChannel, channel) && made(id, s.row(i).start) &&
		apart(s.row(l.row).end-s.row(i).start) <= touching && s.row(l.row).answer != 0 {
		link(s, i, l.row)
	}
}

// tagOf is the part of a channel's serial that does not say its place, and the name's length: where they differ, the names do.
func tagOf(channel string) uint32 {
	n := len(channel)
	if n < 8 {
		return uint32(n)
	}
	return (uint32(channel[n-7]) | uint32(channel[n-6])<<8 | uint32(channel[n-5])<<16 | uint32(channel[n-4])<<24) + uint32(n)
}

// made says whether a channel was made before a row of it begins.
func made(id string, start belwacht.Instant) bool {
	epoch, ok := asterisk.Epoch(id)
	return ok && start > (belwacht.Instant(epoch)+1)*belwacht.Second
}

// apart is the length of a span, whichever way it goes.
func apart(i belwacht.Instant) belwacht.Instant { return max(i, -i) }

// leg joins rows by a channel's name, where they lie close in time.
func (x *index) leg(s *shelf, i int32, key uint64) {
	j, found := x.locals.Find(key, uint32(key))
	if found && touch(s, i, j) {
		link(s, i, j)
		return
	}
	x.locals.Put(key, uint32(key), i)
}

// touch says whether two rows overlap or follow each other closely.
func touch(s *shelf, i, j int32) bool {
	a, b := s.row(i), s.row(j)
	return a.start <= b.end+touching && b.start <= a.end+touching
}

// link makes one ring of two.
func link(s *shelf, i, j int32) {
	if i == j {
		return
	}
	n := 1
	for k := s.row(i).sibling; k != i; k = s.row(k).sibling {
		if k == j {
			return
		}
		n++
	}
	for k := s.row(j).sibling; k != j; k = s.row(k).sibling {
		if n++; n >= maxSiblings {
			return
		}
	}
	s.row(i).sibling, s.row(j).sibling = s.row(j).sibling, s.row(i).sibling
}

// single says whether a row has no key but its uniqueid's.
func (k *keys) single() bool { return k.link|k.from|k.to == 0 }

// forget removes the keys of row i, those that lead to it.
func (x *index) forget(i int32, k keys) {
	if k.id != 0 {
		x.ids.Remove(k.id, k.idAt, i)
	}
	if k.link != 0 {
		x.ids.Remove(k.link, k.linkAt, i)
	}
	if k.from != 0 {
		x.locals.Remove(k.from, uint32(k.from), i)
	}
	if k.to != 0 {
		x.locals.Remove(k.to, uint32(k.to), i)
	}
}
