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

func (p part) of(s string) string { return p.behind(s, 0) }

// behind is the part of a string that begins within another.
func (p part) behind(s string, at uint16) string {
	s = s[int(at)+int(p.at):]
	return s[:p.length]
}

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

// phones looks up the phones of the plain rows of a bucket, nil where none is known yet. What is known of them is touched, so that it comes for all of
// them at once.
func (a *Assembler) phones(rows []due) {
	a.found = slices.Grow(a.found[:0], len(rows))[:len(rows)]
	for k, d := range rows {
		h := a.shelf.row(d.row)
		var p *endpoint
		switch h.how {
		case byNumber:
			p = a.endpoints.known.Get(h.from.of(a.shelf.text(h, textChannel)))
		case byName:
			p = a.endpoints.known.Get(h.to.of(a.shelf.text(h, textDstChannel)))
		}
		if a.found[k] = p; p != nil && p.trunk {
			a.shelf.touched++
		}
	}
}

// direct makes the call of row i, whose turn has come, where it is plain; false where it is not. phone is what phones found for it.
func (a *Assembler) direct(i int32, phone *endpoint) bool {
	h := a.shelf.row(i)
	if h.how == unnamed || h.sibling != i {
		return false
	}
	all, ends := a.shelf.chunkOf(h)[h.offset:], &h.ends
	from, to := h.from.behind(all, ends[textContext]), h.to.behind(all, ends[textChannel])
	e := a.endpoints
	var c *belwacht.Call
	switch {
	case h.how == byNumber && ends[textDst]-ends[textSrc] >= longNumber && e.trunk(to):
		trunk := e.last.name
		if phone == nil {
			phone = e.seen(from)
		}
		if phone == nil || !phone.phone || phone.trunk || e.trunkContext(all[ends[textName]:ends[textContext]]) {
			return false
		}
		c = a.begin(h, "", belwacht.Out)
		c.Account, c.Trunk, c.Root = phone.name, trunk, phone.name
	case h.how == byName && e.trunk(from):
		trunk, account := e.last.name, ""
		if phone == nil {
			phone = e.get(to)
		}
		if phone == nil {
			account = e.intern(to)
		} else if phone.trunk {
			return false
		} else {
			phone.phone = true
			account = phone.name
		}
		e.rang(all[ends[textSrc]:ends[textDst]], to)
		c = a.begin(h, "", belwacht.In)
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
	id, src, dst, name := ends[textID], ends[textSrc], ends[textDst], ends[textName]
	named := all[dst:name] != all[id:src]
	if !named {
		name = dst
	}
	all = strings.Clone(all[:name]) // they lie behind one another; see keep
	c.ID, c.Caller, c.Dialled = all[:id], all[id:src], all[src:dst]
	c.Link, c.Name = c.ID, c.Caller
	if named {
		c.Name = all[dst:]
	}
	a.index.ids.Remove(h.key, h.keyAt, i)
	a.shelf.drop(i)
	return true
}
