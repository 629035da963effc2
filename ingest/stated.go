package ingest

import (
	"cmp"

	"github.com/belwacht/belwacht"
)

// stated makes the call of a row that says itself who called whom, as hosted platforms' exports do. Rows of one link with the same two
// parties are segments of one call.
func (a *Assembler) stated(k int) {
	r := &a.group[k]
	direction := a.directionOf(r)
	c := a.call(k, direction)
	from, to := cmp.Or(r.from, r.src), cmp.Or(r.to, r.dst)
	c.Root, c.Account, c.Dialled = a.endpoints.intern(from), a.endpoints.intern(from), cmp.Or(r.dst, r.to)
	switch direction {
	case belwacht.In:
		c.Trunk = a.endpoints.intern(r.in)
		c.Root = cmp.Or(c.Trunk, "trunk")
		c.Account = a.endpoints.behind(to)
	case belwacht.Out:
		c.Trunk = a.endpoints.intern(r.out)
		if r.in != "" && r.from == "" {
			c.Root, c.Lineage = a.endpoints.intern(r.in), belwacht.Trunked
			c.Account = cmp.Or(a.endpoints.intern(r.to), c.Root)
			if r.to != "" {
				c.Lineage = belwacht.Forwarded
			}
		}
	}
	o := outcome{}
	for i := range a.group {
		q := &a.group[i]
		if q.flags&absorbed == 0 && q.channel == "" && q.src == r.src && q.dst == r.dst && q.from == r.from && q.to == r.to && q.direction == r.direction {
			o.add(q)
			q.flags |= absorbed
		}
	}
	o.settle(c)
	if c.Answer != 0 && direction != belwacht.Out {
		c.Taker = a.endpoints.intern(r.to)
	}
	if o.id != "" {
		c.ID = o.id
	}
	a.keep(c)
}

// directionOf is the direction that a row states, or what its numbers show.
func (a *Assembler) directionOf(r *record) belwacht.Direction {
	if r.direction != belwacht.DirectionUnknown {
		return r.direction
	}
	away := a.endpoints.external(r.dst)
	switch {
	case r.out != "":
		return belwacht.Out
	case r.in != "":
		return belwacht.In
	case r.from != "" && away:
		return belwacht.Out
	case r.from != "":
		return belwacht.Internally
	case a.endpoints.trunkContext(r.context) || r.context == "public", r.to != "" && !a.endpoints.external(r.to):
		return belwacht.In
	case away:
		return belwacht.Out
	case a.endpoints.outside(r.src) != 0:
		return belwacht.In
	}
	return belwacht.Internally
}
