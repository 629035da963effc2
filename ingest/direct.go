package ingest

import (
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// Most calls are one row that says plainly what it is: a phone's call over a trunk, or a trunk's to a phone. This file makes the same call of such
// a row as turn does, without laying the row out. What is not so plain, or not known yet, it leaves to turn.

// direct is what the strings of a row show of that.
type direct struct {
	from, to part  // the endpoints, in channel and dstChannel
	how      named // unnamed where the row is not plain
}

// part is part of a string.
type part struct{ at, length uint8 }

func (p part) of(s string) string { return s[p.at : int(p.at)+int(p.length)] }

// directOf looks at the strings of a row that is held by its uniqueid only.
func directOf(r *Row) direct {
	if r.Direction != belwacht.DirectionUnknown || r.Start <= 0 || len(r.Channel) > longest[textChannel] || len(r.DstChannel) > longest[textDstChannel] ||
		len(r.Dst) > longest[textDst] || len(r.App) > longest[textApp] || len(r.Data) > longest[textData] {
		return direct{}
	}
	from, ok1 := endpointOf(r.Channel)
	to, ok2 := endpointOf(r.DstChannel)
	if !ok1 || !ok2 {
		return direct{}
	}
	how := plainly(r.Data, r.Dst, r.DstChannel[:to.at-1], to.of(r.DstChannel))
	if how == unnamed || how == byName && (r.App == "Queue" || strings.IndexByte(r.Data, '&') >= 0) {
		return direct{}
	}
	return direct{from, to, how}
}

// endpointOf is where in a plain channel's name its endpoint is.
func endpointOf(channel string) (part, bool) {
	tech, endpoint, plain := asterisk.Endpoint(channel)
	if !plain || tech == "" || endpoint == "" {
		return part{}, false
	}
	return part{uint8(len(tech) + 1), uint8(len(endpoint))}, true
}

// phones looks up the phones of the plain rows of a bucket, all at once; nil where none is known yet.
func (a *Assembler) phones(rows []due) {
	a.names = a.names[:0]
	for _, d := range rows {
		name, h := "", a.shelf.row(d.row)
		switch h.how {
		case byNumber:
			name = h.from.of(a.shelf.text(h, textChannel))
		case byName:
			name = h.to.of(a.shelf.text(h, textDstChannel))
		}
		a.names = append(a.names, name)
	}
	a.found = slices.Grow(a.found[:0], len(rows))[:len(rows)]
	a.endpoints.known.GetAll(a.names, a.found)
}

// direct makes the call of row i, whose turn has come, where it is plain; false where it is not. phone is what phones found for it.
func (a *Assembler) direct(i int32, phone *endpoint) bool {
	h := a.shelf.row(i)
	if h.how == unnamed || h.sibling != i {
		return false
	}
	r := a.shelf.brief(h)
	from, to := h.from.of(r.channel), h.to.of(r.dstChannel)
	if phone != nil {
		a.endpoints.recent = phone
	}
	var c *belwacht.Call
	switch {
	case h.how == byNumber && len(r.dst) >= longNumber && a.endpoints.trunk(to) && a.endpoints.plainPhone(from, r.context):
		c = a.begin(h, r.id, belwacht.Out)
		c.Account, c.Trunk = a.endpoints.intern(from), a.endpoints.intern(to)
		c.Root = c.Account
	case h.how == byName && a.endpoints.trunk(from) && !a.endpoints.trunk(to):
		a.endpoints.isPhone(to)
		a.endpoints.rang(r.dst, to)
		c = a.begin(h, r.id, belwacht.In)
		c.Account, c.Trunk = a.endpoints.intern(to), a.endpoints.intern(from)
		c.Root = c.Trunk
		if h.answered() {
			c.Taker = c.Account
		}
	default:
		return false
	}
	c.Caller, c.Name, c.Dialled = r.src, r.name, r.dst
	c.End, c.Disposition = h.end, h.disposition
	if h.answered() {
		c.Answer, c.Talk, c.Disposition = h.answer, int64(h.talk), belwacht.Answered
	}
	a.keep(c)
	a.index.ids.Remove(h.key, h.keyAt, i)
	a.shelf.drop(i)
	return true
}
