package profile

import (
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/snapshot"
)

// known is a bounded set of numbers with the date each was last called and whether more than one account did. It is a count.Table whose cell is
// its place: eight bytes a number, so that all places where one may stand are in one or two lines of the processor's cache.
type known struct {
	places  []place
	n, most int
	evicted uint64
}

type place struct {
	key     uint32 // see key32; 0 = free
	last    date
	account uint16 // hash of the only account that called it, or many
}

// many stands for more than one account.
const many = 1<<16 - 1

// neighbours is how many places are looked at for a number.
const neighbours = 8

func newKnown(most int) known { return known{places: make([]place, 64), most: most} }

// slot finds the place of a key, or where it would go: a free neighbour, else the one called longest ago.
func (k *known) slot(key uint32) (*place, bool) {
	mask := len(k.places) - 1
	h := int(count.Mix(uint64(key))) & mask
	var free *place
	oldest := &k.places[h]
	for i := range neighbours {
		p := &k.places[(h+i)&mask]
		switch {
		case p.key == key:
			return p, true
		case p.key == 0:
			if free == nil {
				free = p
			}
		case p.last < oldest.last:
			oldest = p
		}
	}
	if free != nil {
		return free, false
	}
	return oldest, false
}

func (k *known) resize(size int) {
	old := k.places
	k.places, k.n = make([]place, size), 0
	for i := range old {
		if old[i].key == 0 {
			continue
		}
		p, _ := k.slot(old[i].key)
		if p.key == 0 {
			k.n++
		}
		*p = old[i]
	}
}

// add notes a number; where the set is full one called long ago makes room.
func (k *known) add(key uint32, d date, account uint16) {
	account = min(account, many-1)
	p, ok := k.slot(key)
	if ok {
		if p.account != account {
			p.account = many
		}
		p.last = max(p.last, d)
		return
	}
	if (p.key != 0 || 2*k.n >= len(k.places)) && len(k.places) <= k.most {
		k.resize(2 * len(k.places))
		p, _ = k.slot(key)
	}
	if p.key != 0 {
		k.evicted++
	} else {
		k.n++
	}
	*p = place{key: key, last: max(p.last, d), account: account}
}

// level is how many know a number: 0 nobody, 1 one account, 2 more.
func (k *known) level(key uint32) float32 {
	mask := len(k.places) - 1
	h := int(count.Mix(uint64(key))) & mask
	for i := range neighbours {
		if p := &k.places[(h+i)&mask]; p.key == key {
			if p.account == many {
				return 2
			}
			return 1
		}
	}
	return 0
}

func (k *known) drop(key uint32) {
	if p, ok := k.slot(key); ok {
		*p = place{}
		k.n--
	}
}

// state hands the set to a codec, place by place. A set that is smaller than the one that was written keeps what it has room for.
func (k *known) state(c *snapshot.Codec) {
	size, n := c.Len(len(k.places), 1<<31), c.Len(k.n, 1<<31)
	c.Uint64(&k.evicted)
	if c.Saving() {
		for i := range k.places {
			if p := &k.places[i]; p.key != 0 {
				at := uint32(i)
				c.Uint32(&at)
				p.state(c)
			}
		}
		return
	}
	if size < 64 || size&(size-1) != 0 || n > size {
		c.Fail("a table in it has the size %d", size)
		return
	}
	same := size <= 2*k.most // else it was made for more: what fits is put in anew
	if same {
		k.places = make([]place, size)
	}
	for range n {
		var at uint32
		var p place
		c.Uint32(&at)
		p.state(c)
		switch {
		case c.Failed():
			return
		case p.key == 0 || int(at) >= size || same && k.places[at].key != 0:
			c.Fail("a table in it holds a cell that cannot be")
			return
		case same:
			k.places[at] = p
			k.n++
		default:
			k.add(p.key, p.last, p.account)
			if s, _ := k.slot(p.key); p.account == many {
				s.account = many
			}
		}
	}
}

func (p *place) state(c *snapshot.Codec) {
	key, used, several := uint64(p.key), uint32(p.last), p.account == many
	c.Uint64(&key)
	c.Uint32(&used)
	c.Uint16(&p.last)
	c.Uint16(&p.account)
	c.Bool(&several)
	if c.Saving() {
		return
	}
	if p.key, p.account = uint32(key), min(p.account, many-1); several {
		p.account = many
	}
	if p.last = uint16(min(used, 1<<16-1)); key != uint64(p.key) {
		c.Fail("a table in it holds a cell that cannot be")
	}
}
