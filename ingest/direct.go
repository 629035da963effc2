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

// phones takes the plain rows of a bucket apart and looks up their phones, nil where none is known yet. They lie far apart in memory: asked for
// all at once they come at once.
func (a *Assembler) phones(rows []due) {
	a.briefs = slices.Grow(a.briefs[:0], len(rows))[:len(rows)]
	for k, d := range rows {
		h, r := a.shelf.row(d.row), &a.briefs[k]
		if h.how == unnamed {
			continue
		}
		a.shelf.brief(h, r)
		if h.how == byNumber {
			r.phone = a.endpoints.near(r.from)
		} else {
			r.phone = a.endpoints.near(r.to)
		}
	}
}

// direct makes the call of row i, whose turn has come, where it is plain; false where it is not. r is what phones found in it.
func (a *Assembler) direct(i int32, r *brief) bool {
	h := a.shelf.row(i)
	if h.how == unnamed || h.sibling != i {
		return false
	}
	e, phone := a.endpoints, r.phone
	var c *belwacht.Call
	switch {
	case h.how == byNumber && len(r.dst) >= longNumber && e.trunk(r.to):
		trunk := e.last.name
		if phone == nil {
			phone = e.seen(r.from)
		}
		if phone == nil || !phone.phone || phone.trunk || e.trunkContext(r.context) {
			return false
		}
		c = a.begin(h, r.id, belwacht.Out)
		c.Account, c.Trunk, c.Root = phone.name, trunk, phone.name
	case h.how == byName && e.trunk(r.from):
		trunk, account := e.last.name, ""
		if phone == nil {
			phone = e.get(r.to)
		}
		if phone == nil {
			account = e.intern(r.to)
		} else if phone.trunk {
			return false
		} else {
			phone.phone = true
			account = phone.name
		}
		e.rang(r.dst, r.to)
		c = a.begin(h, r.id, belwacht.In)
		c.Account, c.Trunk, c.Root = account, trunk, trunk
		if h.answered() {
			c.Taker = account
		}
	default:
		return false
	}
	c.End, c.Disposition = h.end, h.disposition
	if h.answered() {
		c.Answer, c.Talk, c.Disposition = h.answer, int64(h.talk), belwacht.Answered
	}
	// Its strings, which lie behind one another, are copied as one, see keep.
	own, caller, dialled, named := a.shelf.chunkOf(h)[h.offset:], len(r.id), len(r.id)+len(r.src), len(r.id)+len(r.src)+len(r.dst)
	if r.name == r.src {
		own = strings.Clone(own[:named])
		c.Name = own[caller:dialled]
	} else {
		own = strings.Clone(own[:named+len(r.name)])
		c.Name = own[named:]
	}
	c.ID, c.Link, c.Caller, c.Dialled = own[:caller], own[:caller], own[caller:dialled], own[dialled:named]
	a.index.ids.Remove(h.key, h.keyAt, i)
	a.shelf.drop(i)
	return true
}
