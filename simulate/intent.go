package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"strconv"

	"github.com/belwacht/belwacht"
)

// Way is how a call goes through the PBX.
type Way uint8

const (
	WayOut      Way = iota // an extension dials a number outside
	WayIn                  // a call from outside reaches an extension
	WayInside              // extension to extension
	WayForward             // a call from outside is sent on by the extension's forward
	WayTransfer            // … by its transfer or follow-me
	WayQueue               // … by a queue to an agent outside
	WayTrunked             // a call over the trunk without any extension: dial-through, stolen trunk credentials
)

// intent is a call that somebody is going to make, with the outcome it will have if nobody refuses it.
type intent struct {
	start   belwacht.Instant
	who     *invent.Person
	dialled string
	caller  string // as presented; "" = the account
	talk    int32  // seconds; 0 = not answered
	ring    int16
	oddity  int16 // index, -1 none
	attack  int16 // index, -1 innocent
	line    int16 // of the attack
	tries   int8  // times it is dialled again when refused
	disp    belwacht.Disposition
	way     Way
	urgent  bool // emergency
}

// plain is an intent of nobody's attack and no oddity.
func plain(start belwacht.Instant, p *invent.Person, dialled string, w Way) intent {
	return intent{start: start - start%belwacht.Second, who: p, dialled: dialled, way: w, oddity: -1, attack: -1, line: -1, disp: belwacht.NoAnswer, ring: 12}
}

// queue holds intents by time; equal times in the order in which they were put in.
type queue struct {
	items []queued
	count uint32
}

type queued struct {
	intent
	order uint32
}

func (q *queue) less(i, j int) bool {
	a, b := &q.items[i], &q.items[j]
	return a.start < b.start || a.start == b.start && a.order < b.order
}

func (q *queue) push(in intent) {
	q.count++
	q.items = append(q.items, queued{in, q.count})
	i := len(q.items) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !q.less(i, parent) {
			return
		}
		q.items[i], q.items[parent] = q.items[parent], q.items[i]
		i = parent
	}
}

func (q *queue) pop() intent {
	top := q.items[0].intent
	q.remove(0)
	return top
}

// remove takes out the i-th item.
func (q *queue) remove(i int) {
	last := len(q.items) - 1
	q.items[i] = q.items[last]
	q.items[last] = queued{}
	q.items = q.items[:last]
	if i == last {
		return
	}
	for i > 0 && q.less(i, (i-1)/2) {
		q.items[i], q.items[(i-1)/2] = q.items[(i-1)/2], q.items[i]
		i = (i - 1) / 2
	}
	for {
		c := 2*i + 1
		if c >= last {
			return
		}
		if c+1 < last && q.less(c+1, c) {
			c++
		}
		if !q.less(c, i) {
			return
		}
		q.items[i], q.items[c] = q.items[c], q.items[i]
		i = c
	}
}

// realise turns an intent into the call that records would show.
func (r *run) realise(in *intent) *Call {
	if len(r.chunk) == 0 {
		r.chunk = make([]Call, 128)
	}
	c := &r.chunk[0]
	r.chunk = r.chunk[1:]
	who := in.who.Name
	c.Attack, c.OddityIndex, c.Emergency, c.Way, c.line = int(in.attack), int(in.oddity), in.urgent, in.way, in.line
	if in.oddity >= 0 {
		c.Oddity = r.oddityKinds[in.oddity]
	}
	c.Account, c.Root, c.Trunk, c.Direction, c.Dialled = who, who, r.o.trunk, belwacht.Out, in.dialled
	c.Caller = in.caller
	if in.caller == "" {
		c.Caller = who
	}
	r.channel += 2
	switch in.way {
	case WayIn:
		c.Direction, c.Root, c.Dialled = belwacht.In, r.o.trunk, who
	case WayInside:
		c.Direction, c.Trunk = belwacht.Internally, ""
	case WayForward, WayQueue, WayTransfer: // a record of a Local channel does not tell a transfer from a forward
		c.Lineage, c.Root = belwacht.Forwarded, r.o.trunk
		r.channel++
	case WayTrunked:
		c.Lineage, c.Account, c.Root = belwacht.Trunked, r.o.trunk, r.o.trunk
	}
	c.Channel = r.channel
	c.Name, c.Rows = c.Caller, 1
	b := strconv.AppendInt(r.scratch[:0], int64(in.start/1000), 10)
	b = strconv.AppendUint(append(b, '.'), uint64(r.channel), 10)
	c.ID = string(b)
	c.Link = c.ID
	c.Start, c.Disposition = in.start, in.disp
	c.End = in.start + belwacht.Instant(in.ring)*belwacht.Second
	if in.talk > 0 {
		c.Answer, c.Talk, c.Disposition = c.End, int64(in.talk), belwacht.Answered
		c.End += belwacht.Instant(in.talk) * belwacht.Second
	}
	return c
}
