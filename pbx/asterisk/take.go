package asterisk

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// listing is what the PBX says that runs.
type listing struct {
	id       string
	first    bool   // after a connection was made
	asked    uint64 // the last channel that was seen before it was asked for
	channels []listed
}

// listed is one channel of it.
type listed struct {
	id, name, link, context, exten, caller, app, data, bridge string
	up, help                                                  bool // help: the dial plan has let it out as a call for help
	began                                                     belwacht.Instant
}

// list asks what runs.
func (s *session) list(first bool) {
	if s.listing != nil && !first {
		return
	}
	l := &listing{first: first, asked: s.feed.board.seen}
	sent := s.send(func(m *wire.Message) {
		if !m.Is("Response", "Success") && s.listing == l { // without the right to ask nothing is known of what ran before
			s.listing = nil
			s.feed.board.running()
		}
	}, "CoreShowChannels")
	if sent {
		l.id = strconv.FormatInt(s.next, 10)
		s.listing = l
	}
}

// listed takes one channel of the list, or its end.
func (s *session) listed(kind string, m *wire.Message) {
	l, b := s.listing, s.feed.board
	if l == nil || !m.Is("ActionID", l.id) {
		return
	}
	if kind == "CoreShowChannelsComplete" {
		s.listing = nil
		s.askHelp(l)
		return
	}
	if len(l.channels) >= maxChannels {
		return
	}
	c := listed{id: clip(m.Get("Uniqueid")), name: clip(m.Get("Channel")), link: clip(m.Get("Linkedid")), context: clip(m.Get("Context")),
		exten:  clip(m.Get("Exten")),
		caller: clip(m.Get("CallerIDNum")), app: clip(m.Get("Application")), data: clip(m.Get("ApplicationData")), bridge: clip(m.Get("BridgeId")),
		up: m.Is("ChannelState", "6")}
	c.began = b.now - clockTime(string(m.Get("Duration")))*belwacht.Second
	if epoch, ok := wire.Epoch(c.id); ok {
		if at := belwacht.Instant(epoch) * belwacht.Second; at <= c.began+belwacht.Second && at >= c.began-3*belwacht.Second {
			c.began = at // the second it says is cut off, this one is not
		}
	}
	if c.id != "" && c.name != "" {
		l.channels = append(l.channels, c)
	}
}

// askHelp asks which of the channels that are new to us call for help, whose number the trunk may have been told in another form, and then takes the list.
func (s *session) askHelp(l *listing) {
	waits := 1
	done := func() {
		if waits--; waits == 0 {
			s.taken(l)
		}
	}
	for i := range l.channels {
		one := &l.channels[i]
		if c := s.feed.board.channels.byID[one.id]; one.app != "Dial" || c != nil && !c.foreign() {
			continue
		}
		sent := s.send(func(m *wire.Message) {
			one.help = m.Is("Value", "YES")
			done()
		}, "Getvar", "Channel", one.name, "Variable", "BW_HELP")
		if sent {
			waits++
		}
	}
	done()
}

// clockTime reads hh:mm:ss as seconds.
func clockTime(s string) belwacht.Instant {
	var v belwacht.Instant
	for part := range strings.SplitSeq(s, ":") {
		n, err := strconv.ParseUint(part, 10, 24)
		if err != nil {
			return 0
		}
		v = v*60 + belwacht.Instant(n)
	}
	return v
}

// taken brings the books into line with a list: what is not in it has ended, what is new has begun before we came.
func (s *session) taken(l *listing) {
	f, b := s.feed, s.feed.board
	slices.SortFunc(l.channels, func(x, y listed) int { return cmp.Or(cmp.Compare(x.began, y.began), strings.Compare(x.id, y.id)) })
	last := b.now
	if l.first && f.last != 0 {
		last = f.last
	}
	b.dropAbsent(l, last)
	fresh := b.takeUp(l)
	b.past = 0
	for _, k := range fresh {
		s.askAnswer(k)
	}
	if l.first {
		f.last = 0
		b.running()
	}
}

// dropAbsent ends what a list does not have, at its last sign of life.
func (b *board) dropAbsent(l *listing, last belwacht.Instant) {
	there := map[string]bool{}
	for i := range l.channels {
		there[l.channels[i].id] = true
	}
	for _, c := range slices.Clone(b.channels.order) {
		if b.channels.byID[c.id] == c && !there[c.id] && c.seen <= l.asked {
			c.dialled = true // what it did is not known
			b.until = last
			b.hangup(c, belwacht.DispositionUnknown)
		}
	}
	b.until = 0
}

// begins makes a channel as if its beginning had been told.
func (one *listed) begins(c *channel) {
	c.listed, c.began, c.exten, c.context, c.caller = true, one.began, one.exten, one.context, cmp.Or(one.caller, c.caller)
	c.up, c.help = c.up || one.up, one.help
	c.placed = !c.local() && one.app != "AppDial" && one.app != "AppQueue"
}

// takeUp takes in the channels of a list that are not known, and the calls that they make. It gives the calls whose answer is still to be told.
func (b *board) takeUp(l *listing) []*call {
	var fresh []*channel
	var answered []*call
	for i := range l.channels {
		one := &l.channels[i]
		c := b.channels.byID[one.id]
		if _, ended := b.channels.gone[one.id]; ended {
			continue
		}
		switch {
		case c == nil:
			c = &channel{id: one.id, name: one.name, link: one.link, is: wire.ParseChannel(one.name)}
			b.take(c)
			one.begins(c)
			fresh = append(fresh, c)
		case c.foreign(): // an event came between the log-in and the list, and said nothing of how it began
			one.begins(c)
			fresh = append(fresh, c)
		case one.up: // answered unseen, or nobody has said when
			c.up = true
			switch {
			case c.leg != nil && c.leg.answer == 0:
				c.leg.leg = c
				answered = append(answered, c.leg)
			case c.call != nil && c.call.answer == 0:
				answered = append(answered, c.call)
			}
		}
		b.channels.enter(c, one.bridge)
	}
	for _, c := range fresh {
		if c.placed || c.is.Half == wire.Two {
			continue
		}
		b.past = c.began
		d, dialString := b.diallerOf(c, l)
		if d == nil {
			continue
		}
		b.dials(d, c, d.exten, dialString, "", c.began)
		if k := c.leg; k != nil && c.up {
			k.leg = c
			answered = append(answered, k)
		}
	}
	for _, c := range fresh {
		b.past = c.began
		if k := b.open(c, false); k != nil && c.up && k.answer == 0 {
			answered = append(answered, k)
		}
	}
	return answered
}

// diallerOf finds, in what a list says of them, the channel that has dialled c, and the dial string.
func (b *board) diallerOf(c *channel, l *listing) (d *channel, dialString string) {
	for i := range l.channels {
		one := &l.channels[i]
		o := b.channels.byID[one.id]
		if o == nil || o == c || o.link != c.link {
			continue
		}
		switch one.app {
		case "Queue":
			d, dialString = o, c.is.Endpoint
		case "Dial":
			wire.Targets(one.data, func(t wire.Target) bool {
				switch {
				case c.local() && t.Tech == "Local" && t.Number == c.is.Number:
					d = o
				case !c.local() && t.Endpoint == c.is.Endpoint && t.Number != "":
					d, dialString = o, t.Number+"@"+t.Endpoint
				case !c.local() && t.Endpoint == c.is.Endpoint:
					d, dialString = o, t.Endpoint
				}
				return d != o
			})
		}
		if d == o {
			return d, dialString
		}
	}
	if c.caller == "" || !b.endpoints.trunk(c.is.Endpoint) && !(b.endpoints.trunkContext(c.context) && b.endpoints.external(c.caller)) {
		return nil, ""
	}
	b.channels.mates(c, func(o *channel) bool { // whoever dialled it has gone: a transfer, or a Local channel optimised away
		d = o
		return false
	})
	return d, c.caller + "@" + c.is.Endpoint
}

// askAnswer asks when a call was answered that was found answered. Where the PBX does not say, it is taken as answered as it began.
func (s *session) askAnswer(k *call) {
	b, name := s.feed.board, k.channel.name
	if k.leg != nil { // after a transfer the other has an answer of its own
		name = k.leg.name
	}
	k.pending = true
	sent := s.send(func(m *wire.Message) {
		at := k.attempt.Time
		if t, ok := parseStamp(m.Get("Value")); ok && t <= b.now {
			at = max(at, t)
		}
		b.answer(k, at)
	}, "Getvar", "Channel", name, "Variable", "CDR(answer,u)")
	if !sent {
		b.answer(k, k.attempt.Time)
	}
}

// running tells which calls run.
func (b *board) running() {
	keys := slices.Sorted(maps.Keys(b.calls))
	b.out.put(item{event: belwacht.Event{Time: b.now}, running: keys})
}

// again tells anew what a sink that had fallen behind was not told of calls that still run.
func (b *board) again() {
	calls := slices.SortedFunc(maps.Values(b.calls), func(x, y *call) int { return cmp.Compare(x.attempt.Sequence, y.attempt.Sequence) })
	for _, c := range calls {
		if !c.told {
			c.told = b.tell(&c.attempt)
		}
		if c.answer != 0 && !c.toldAnswer {
			b.tellAnswer(c)
		}
	}
}
