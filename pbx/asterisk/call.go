package asterisk

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// retry is how soon after a trunk has failed the dial plan tries the same number on the next: one attempt of one caller.
const retry = 5 * belwacht.Second

// maxLegs bounds the trunks that one call is tried on at once, maxOuts the calls that one channel has at once.
const (
	maxLegs = 32
	maxOuts = 64
)

// call is one that runs, or that is dialled.
type call struct {
	attempt     belwacht.Event // as it was told, to be told again to a sink that had fallen behind
	told        bool           // the attempt is in the queue
	toldAnswer  bool
	pending     bool       // it is answered, and the PBX is being asked since when
	channel     *channel   // that runs Dial; of a call that came in or stays in the house the one that opened it
	legs        []*channel // over a trunk, that have not ended
	leg         *channel   // the one that was answered
	last        *channel   // the one that was lost last
	taker       string     // who took a call that came in, or one in the house
	answer      belwacht.Instant
	failed      belwacht.Instant // no leg is left: it ends unless the next trunk is tried
	disposition belwacht.Disposition
	ended       bool
	help        bool          // the dial plan has let it out as a call for help: it is not ended
	done        chan struct{} // closed as it ends, where somebody waits for that
}

// key is the call's: what ask, records and this feed call it.
func (c *call) key() string { return c.attempt.Call }

// Key is what a Feed calls the call that a record speaks of: its ID, and for a call that comes in or stays in the house, whose channel may dial out as
// well, the direction behind it.
func Key(c *belwacht.Call) string {
	if c.Direction == belwacht.Out || strings.IndexByte(c.ID, '/') >= 0 {
		return c.ID
	}
	return c.ID + "/" + c.Direction.String()
}

// tell queues an event.
func (b *board) tell(ev *belwacht.Event) bool {
	b.sequence++
	b.latest = max(b.latest, ev.Time)
	ev.Source, ev.Sequence, ev.Tenant, ev.Site = belwacht.SourcePBX, b.sequence, b.tenant, b.site
	return b.out.put(item{event: *ev})
}

// begin tells of a call that begins at an instant.
func (b *board) begin(c *call, at belwacht.Instant) {
	if old := b.calls[c.key()]; old != nil { // a uniqueid that comes twice: the PBX was started anew
		b.end(old)
	}
	b.calls[c.key()] = c
	c.attempt.Kind, c.attempt.Time = belwacht.EventAttempt, at
	c.told = b.tell(&c.attempt)
}

// answer tells that a call was answered.
func (b *board) answer(c *call, at belwacht.Instant) {
	if c.answer != 0 || c.ended {
		return
	}
	c.answer, c.failed, c.pending = max(at, c.attempt.Time), 0, false
	b.tellAnswer(c)
}

func (b *board) tellAnswer(c *call) {
	ev := belwacht.Event{Kind: belwacht.EventAnswer, Time: c.answer, Call: c.key(), Direction: c.attempt.Direction, Account: c.taker}
	c.toldAnswer = b.tell(&ev)
}

// end tells that a call has ended.
func (b *board) end(c *call) { b.endAt(c, cmp.Or(b.until, b.now)) }

// endAt is end for a call whose last sign of life was earlier.
func (b *board) endAt(c *call, last belwacht.Instant) {
	if c.ended {
		return
	}
	if c.pending {
		b.answer(c, c.attempt.Time)
	}
	c.ended = true
	ev := belwacht.Event{Kind: belwacht.EventEnd, Time: b.now, Call: c.key(), Direction: c.attempt.Direction, Disposition: c.disposition}
	if ev.Direction == belwacht.In {
		ev.Account = c.attempt.Account
	}
	if c.answer != 0 {
		ev.Disposition = belwacht.Answered
		ev.Talk = max(last.Seconds(c.answer), 0)
	} else if ev.Disposition == belwacht.DispositionUnknown || ev.Disposition == belwacht.Answered {
		ev.Disposition = belwacht.NoAnswer
	}
	b.tell(&ev)
	if b.calls[c.key()] == c {
		delete(b.calls, c.key())
	}
	if c.channel != nil {
		if i := slices.Index(c.channel.outs, c); i >= 0 {
			c.channel.outs = slices.Delete(c.channel.outs, i, i+1)
		}
		if c.channel.call == c {
			c.channel.call = nil
		}
	}
	for _, l := range c.legs {
		l.leg = nil
	}
	c.legs = nil
	if c.leg != nil {
		c.leg.leg = nil
	}
	if c.done != nil {
		close(c.done)
	}
}

// outbound takes a leg over a trunk that d dials at an instant: one more of a call, or a call.
func (b *board) outbound(d, l *channel, number string, at belwacht.Instant) {
	if l.leg != nil {
		return // told twice
	}
	for _, c := range d.outs {
		if c.attempt.Dialled == number && c.answer == 0 {
			if len(c.legs) < maxLegs {
				c.legs, c.failed, l.leg = append(c.legs, l), 0, c
			}
			return
		}
	}
	for _, c := range slices.Clone(d.outs) {
		if c.failed != 0 { // the dial plan has gone on to something else
			b.end(c)
		}
	}
	if len(d.outs) >= maxOuts {
		b.end(d.outs[0])
	}
	c := &call{channel: d, legs: []*channel{l}, attempt: b.outward(d, l, number)}
	c.attempt.Trunk = l.is.Endpoint
	if d.count++; d.count > 1 {
		c.attempt.Call += "/" + strconv.Itoa(d.count)
	}
	l.leg, d.outs = c, append(d.outs, c)
	d.away, b.root(d).away = true, true
	b.begin(c, at)
}

// outward is the attempt to send a call out that d makes over l.
func (b *board) outward(d, l *channel, number string) belwacht.Event {
	s, root := b.sender(d, l, number), b.root(d).is.Endpoint
	account := cmp.Or(s.account, root, d.caller, l.is.Endpoint)
	return belwacht.Event{Call: d.id, Direction: belwacht.Out, Lineage: s.lineage, Account: account, Root: cmp.Or(root, account), Caller: d.caller,
		Dialled: number}
}

// root is the channel that began the call of c.
func (b *board) root(c *channel) *channel {
	o := b.channels.opener(c)
	if first := b.channels.byID[c.link]; o.local() && first != nil {
		return first
	}
	return o
}

// lost takes a leg that has ended from its call, whose outcome is d where it was never answered.
func (b *board) lost(l *channel, d belwacht.Disposition) {
	c := l.leg
	if c == nil {
		return
	}
	l.leg, c.last = nil, l
	if i := slices.Index(c.legs, l); i >= 0 {
		c.legs = slices.Delete(c.legs, i, i+1)
	}
	if c.leg == l {
		b.end(c)
		return
	}
	if d != belwacht.DispositionUnknown {
		c.disposition = d
	}
	if len(c.legs) > 0 || c.answer != 0 {
		return
	}
	if b.channels.byID[c.channel.id] != c.channel { // nobody is left who could try the next trunk
		b.end(c)
		return
	}
	if c.failed == 0 {
		c.failed = b.now
		b.failing = append(b.failing, c)
	}
}

// open makes the call that channel c opened, where it is none over a trunk. force says that it got to something in the house.
func (b *board) open(c *channel, force bool) *call {
	if c.call != nil || !c.placed || c.local() || b.channels.byID[c.id] != c {
		return c.call
	}
	in := b.inbound(c)
	if !in && !force && (c.away || b.endpoints.external(c.exten)) {
		return nil
	}
	k := &call{channel: c}
	k.attempt = belwacht.Event{Direction: belwacht.Internally, Account: c.is.Endpoint, Root: c.is.Endpoint, Caller: c.caller,
		Dialled: cmp.Or(c.exten, c.stands, "s")}
	k.attempt.Call = c.id + "/internal"
	if in {
		k.attempt.Direction, k.attempt.Trunk, k.attempt.Call = belwacht.In, c.is.Endpoint, c.id+"/in"
		k.attempt.Account = b.wanted(c)
	}
	c.call = k
	b.begin(k, cmp.Or(b.past, b.now))
	return k
}

// wanted is the account of a call that comes in: the phone that it was sent to, else the extension, group or DID that was called.
func (b *board) wanted(c *channel) string {
	if c.phone != "" && (wire.Special(c.stands) || c.stands == c.exten) {
		return c.phone
	}
	for _, number := range [...]string{c.stands, c.exten} {
		if !wire.Special(number) {
			return b.endpoints.behind(number)
		}
	}
	return c.is.Endpoint
}

// tick ends the calls whose last trunk failed and that nobody tried again.
func (b *board) tick() {
	kept := b.failing[:0]
	for _, c := range b.failing {
		switch {
		case c.ended || c.failed == 0:
		case b.now >= c.failed+retry:
			b.end(c)
		default:
			kept = append(kept, c)
		}
	}
	clear(b.failing[len(kept):])
	b.failing = kept
}
