package count

import "math/rand/v2"

// calls finds the slots of running calls by their keys: open addressing, a quarter to a half full. As in index its seed is another in each process,
// and nothing else depends on it.
type calls struct {
	seed   uint64
	places []callAt
	n      int
}

// callAt is a call's key, zero where the place is free, and its slot.
type callAt struct {
	key  uint64
	slot uint32
}

func newCalls() calls { return calls{seed: rand.Uint64(), places: make([]callAt, 64)} }

// place is where a key stands, or where it would go.
func (c *calls) place(key uint64) uint64 {
	mask := uint64(len(c.places) - 1)
	i := Mix(key^c.seed) & mask
	for c.places[i].key != 0 && c.places[i].key != key {
		i = (i + 1) & mask
	}
	return i
}

func (c *calls) find(key uint64) (slot uint32, ok bool) {
	p := &c.places[c.place(key)]
	return p.slot, p.key != 0
}

// add puts a call in that is not there.
func (c *calls) add(key uint64, slot uint32) { c.addAt(c.place(key), key, slot) }

// addAt is add for a key whose place has just been found.
func (c *calls) addAt(place, key uint64, slot uint32) {
	if 2*c.n >= len(c.places) {
		old := c.places
		c.places = make([]callAt, 2*len(old))
		for _, p := range old {
			if p.key != 0 {
				c.places[c.place(p.key)] = p
			}
		}
		place = c.place(key)
	}
	c.places[place] = callAt{key, slot}
	c.n++
}

// drop takes a call out that is there; those behind it that stood further on because of it move up.
func (c *calls) drop(key uint64) {
	mask := uint64(len(c.places) - 1)
	i := c.place(key)
	c.n--
	for j := i; ; {
		j = (j + 1) & mask
		p := c.places[j]
		if p.key == 0 {
			break
		}
		if own := Mix(p.key^c.seed) & mask; (j-own)&mask >= (j-i)&mask {
			c.places[i] = p
			i = j
		}
	}
	c.places[i] = callAt{}
}
