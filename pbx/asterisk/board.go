package asterisk

import (
	"strings"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// board knows what runs at the PBX and makes events of what it is told. It is guarded by the Feed's mutex.
type board struct {
	tenant, site string
	out          *queue
	endpoints    *endpoints
	channels     *channels
	logins       *logins
	calls        map[string]*call // that run
	failing      []*call          // whose last trunk failed
	sequence     uint64
	seen         uint64           // how many channels, ever
	now          belwacht.Instant // not before latest
	latest       belwacht.Instant // of what has been told
	until        belwacht.Instant // the last sign of life of what is being ended; zero = now
	past         belwacht.Instant // when what is being taken up began; zero = now
	skew         belwacht.Instant // by how much the PBX's clock is before ours, where it gives its own time
}

func newBoard(c *Config) *board {
	return &board{tenant: c.Tenant, site: c.Site, out: newQueue(), endpoints: newEndpoints(c), channels: newChannels(), logins: newLogins(),
		calls: map[string]*call{}}
}

// wanted says which events are read at all.
func wanted(event []byte) bool {
	switch string(event) {
	case "Newchannel", "Newstate", "NewCallerid", "Rename", "DialBegin", "DialEnd", "Hangup", "BridgeEnter", "BridgeLeave", "BlindTransfer",
		"FullyBooted", "Shutdown", "Reload", "Registry", "PeerStatus", "ContactStatus", "CoreShowChannel", "CoreShowChannelsComplete",
		"ChallengeSent", "ChallengeResponseFailed", "InvalidAccountID", "InvalidPassword", "SuccessfulAuth", "FailedACL", "UnexpectedAddress",
		"RequestNotAllowed", "AuthMethodNotAllowed":
		return true
	}
	return false
}

// maxAhead is how far a timestamp may be ahead of our clock; what is further is taken as now.
const maxAhead = 5 * belwacht.Minute

// clock sets the time of what comes next: the message's own where it has one, else its arrival on the PBX's clock as far as that is known.
func (b *board) clock(arrival belwacht.Instant, stamp []byte) {
	at := arrival + b.skew
	if t, ok := parseStamp(stamp); ok && t <= arrival+maxAhead {
		at, b.skew = t, t-arrival
	}
	b.now = max(b.latest, at)
}

// parseStamp reads SECONDS.MICROSECONDS.
func parseStamp(s []byte) (belwacht.Instant, bool) {
	if len(s) < 11 || len(s) > 20 || s[10] != '.' {
		return 0, false
	}
	var v belwacht.Instant
	for i := range 14 {
		switch {
		case i == 10:
		case i >= len(s):
			v *= 10
		case s[i] < '0' || s[i] > '9':
			return 0, false
		default:
			v = v*10 + belwacht.Instant(s[i]-'0')
		}
	}
	return v, true
}

// event takes one event about channels.
func (b *board) event(kind []byte, m *wire.Message) {
	switch string(kind) {
	case "Newchannel":
		b.newChannel(m)
	case "Newstate":
		if c := b.see(m, ""); c != nil && m.Is("ChannelState", "6") {
			b.rose(c)
		}
	case "NewCallerid": // the first half of a Local channel shows who sends the call on, before the dial plan is seen to dial it
		if c := b.see(m, ""); c != nil && c.is.Half == wire.One {
			c.caller = clip(m.Get("CallerIDNum"))
		}
	case "Rename":
		if c := b.channels.byID[string(m.Get("Uniqueid"))]; c != nil {
			b.channels.rename(c, clip(m.Get("Newname")))
		}
	case "DialBegin":
		b.dialBegin(m)
	case "DialEnd":
		b.dialEnd(m)
	case "Hangup":
		if c := b.channels.byID[string(m.Get("Uniqueid"))]; c != nil {
			b.hangup(c, outcome(m, c))
		} else if id := clip(m.Get("Uniqueid")); id != "" {
			b.channels.bury(id)
		}
	case "BridgeEnter":
		if c := b.see(m, ""); c != nil {
			b.channels.enter(c, clip(m.Get("BridgeUniqueid")))
		}
	case "BridgeLeave":
		if c := b.channels.byID[string(m.Get("Uniqueid"))]; c != nil && c.bridge == string(m.Get("BridgeUniqueid")) {
			b.channels.leave(c)
		}
	case "BlindTransfer":
		if c := b.channels.byID[string(m.Get("TransfereeUniqueid"))]; c != nil && m.Is("Result", "Success") {
			c.transferer = wire.ParseChannel(clip(m.Get("TransfererChannel"))).Endpoint
		}
	}
}

// clip is a string of the PBX's, kept: <unknown> is how it writes what it does not have.
func clip(v []byte) string {
	if string(v) == "<unknown>" {
		return ""
	}
	return string(v[:min(len(v), maxText)])
}

// see is the channel that a message speaks of in the headers of a prefix, taken in where it is not known. It is nil where the message names none, or one
// that has ended.
func (b *board) see(m *wire.Message, prefix string) *channel {
	var idName, nameName, linkName = "Uniqueid", "Channel", "Linkedid"
	if prefix == "Dest" {
		idName, nameName, linkName = "DestUniqueid", "DestChannel", "DestLinkedid"
	}
	id, link := m.Get(idName), m.Get(linkName)
	c := b.channels.byID[string(id)]
	if c != nil {
		if c.link != string(link) && len(link) > 0 { // an attended transfer joins two calls
			c.link = clip(link)
		}
		return c
	}
	name := m.Get(nameName)
	if len(id) == 0 || len(id) > maxText || len(name) == 0 || len(name) > maxText {
		return nil
	}
	if _, ended := b.channels.gone[string(id)]; ended {
		return nil
	}
	c = &channel{id: string(id), name: string(name), link: clip(link), began: b.now}
	c.is = wire.ParseChannel(c.name)
	if prefix == "" {
		c.exten, c.context, c.caller = clip(m.Get("Exten")), clip(m.Get("Context")), clip(m.Get("CallerIDNum"))
		c.up = m.Is("ChannelState", "6")
	}
	b.take(c)
	return c
}

// take keeps a channel, and lets the oldest go where there are too many.
func (b *board) take(c *channel) {
	b.seen++
	c.seen = b.seen
	if oldest := b.channels.add(c); oldest != nil {
		b.hangup(oldest, belwacht.DispositionUnknown)
	}
}

// newChannel takes in a channel as it begins.
func (b *board) newChannel(m *wire.Message) {
	if b.channels.byID[string(m.Get("Uniqueid"))] != nil {
		return
	}
	if c := b.see(m, ""); c != nil {
		c.born = true
		c.placed = !c.local() && !m.Is("ChannelState", "0") // those that the PBX makes begin Down
	}
}

// rose takes the answer of a channel's own end.
func (b *board) rose(c *channel) {
	c.up = true
	if k := c.leg; k != nil {
		b.answered(k, c)
		return
	}
	if k := b.open(c, false); k != nil {
		b.answer(k, b.now)
	}
}

// answered takes the answer of a call over a trunk by one of its legs.
func (b *board) answered(k *call, leg *channel) {
	if k.leg == nil {
		k.leg = leg
	}
	b.answer(k, b.now)
}

// dialBegin takes the beginning of a dial: one channel is called by another.
func (b *board) dialBegin(m *wire.Message) {
	l := b.see(m, "Dest")
	if l == nil {
		return
	}
	l.placed = false
	d := b.see(m, "")
	if d == nil || d == l {
		return // Originate, or somebody dials by keys
	}
	if !d.born && d.by == nil { // its beginning was not told: who dials has placed a call
		d.placed = !d.local()
	}
	if d.caller == "" {
		d.caller = clip(m.Get("CallerIDNum"))
	}
	if v := m.Variable("ChanVariable", "EXTTOCALL"); len(v) > 0 {
		d.rang = clip(v)
	}
	b.dials(d, l, clip(m.Get("Exten")), clip(m.Get("DialString")), clip(m.Variable("ChanVariable", "OUTNUM")), b.now)
}

// dials takes what dialBegin reads out of a message, or what is known of it later: d, whose dial plan stands at exten, calls l by a dial string.
func (b *board) dials(d, l *channel, exten, dialString, outnum string, at belwacht.Instant) {
	if l.by == nil {
		l.by, l.byExten, l.byForward = d, exten, d.forwarder
	}
	d.dialled, d.stands, l.called = true, exten, true
	if l.local() {
		d.forwarder = ""
		if b.inbound(d) {
			b.open(d, false)
		}
		return
	}
	if number, out := b.leaves(d, l, exten, dialString, outnum); out {
		b.outbound(d, l, b.urgent(d, number, exten, outnum), at)
		return
	}
	d.phone, d.phoneUp = l.is.Endpoint, false
	d.phones++
	b.open(b.channels.opener(d), true)
}

// dialEnd takes the outcome of a dial.
func (b *board) dialEnd(m *wire.Message) {
	l := b.channels.byID[string(m.Get("DestUniqueid"))]
	if l == nil {
		return
	}
	d := b.channels.byID[string(m.Get("Uniqueid"))]
	status := string(m.Get("DialStatus"))
	if d != nil && l.by == nil {
		l.by, l.byExten = d, clip(m.Get("Exten"))
	}
	if d != nil && len(m.Get("Forward")) > 0 && l.leg == nil {
		d.forwarder = l.is.Endpoint
	}
	if status != "ANSWER" {
		if outcome := statusDisposition(status); l.leg != nil && l.leg.leg != l {
			b.lost(l, outcome)
		}
		return
	}
	if l.leg != nil {
		b.answered(l.leg, l)
		return
	}
	if d == nil || l.local() || !l.called { // what was dialled before we came, a list says
		return
	}
	d.phone, d.phoneUp = l.is.Endpoint, true
	if d.phones == 1 {
		b.endpoints.rang(d.stands, d.phone)
	}
	if o := b.channels.opener(d); o.call != nil && o.call.taker == "" {
		o.call.taker = l.is.Endpoint
	}
}

// hangup takes the end of a channel.
func (b *board) hangup(c *channel, outcome belwacht.Disposition) {
	if c.born && !c.up && (c.placed || c.is.Half == wire.Two) && !c.dialled && c.call == nil && !c.away {
		b.neverDialled(c, outcome)
	}
	b.channels.remove(c)
	b.lost(c, outcome)
	if outcome == belwacht.Declined {
		for _, k := range b.failing { // the dial's own end said less
			if k.last == c {
				k.disposition = outcome
			}
		}
	}
	if c.call != nil {
		if c.call.disposition == belwacht.DispositionUnknown {
			c.call.disposition = outcome
		}
		b.end(c.call)
	}
	for i := len(c.outs) - 1; i >= 0; i-- {
		if k := c.outs[i]; len(k.legs) == 0 && k.answer == 0 {
			b.end(k)
		}
	}
}

// neverDialled tells of a call whose channel has ended without having dialled anything: a number outside that the dial plan refused or had no trunk for,
// or a call that nobody took.
func (b *board) neverDialled(c *channel, outcome belwacht.Disposition) {
	if k := b.open(c, false); k != nil {
		return
	}
	if !b.endpoints.external(c.exten) {
		return
	}
	k := &call{channel: c, disposition: outcome}
	if k.attempt = b.outward(c, c, c.exten); k.attempt.Account == "" {
		return // nobody's, and it never left
	}
	b.begin(k, b.now)
	b.end(k)
}

// inbound says whether a channel came in from outside.
func (b *board) inbound(c *channel) bool {
	name := c.is.Endpoint
	if c.local() || name == "" || c.by != nil || !c.placed {
		return false
	}
	if b.endpoints.trunk(name) {
		return true
	}
	if b.endpoints.phone(name) || wire.InternalContext(c.context) {
		return false
	}
	outside := b.endpoints.outside(c.caller)
	if b.endpoints.trunkContext(c.context) {
		if outside {
			b.endpoints.isTrunk(name)
		}
		return true
	}
	return outside && !b.endpoints.external(c.exten)
}

// leaves says whether a leg goes over a trunk, and gives the number that is dialled there.
func (b *board) leaves(d, l *channel, exten, dialString, outnum string) (number string, out bool) {
	name := l.is.Endpoint
	var target wire.Target
	wire.Targets(l.is.Tech+"/"+strings.ReplaceAll(dialString, "&", ""), func(t wire.Target) bool { // a dial string is one target here
		target = t
		return false
	})
	if target.Number == target.Endpoint {
		target.Number = ""
	}
	named := target.Number == "" || target.Endpoint == ""
	trunk := b.endpoints.trunk(name)
	for _, n := range [...]string{target.Number, outnum, exten, l.exten} {
		if n != "" && !wire.Special(n) && (b.endpoints.external(n) || trunk && n == target.Number) {
			number = n
			break
		}
	}
	switch {
	case trunk:
	case named:
		if target.Endpoint == name {
			b.endpoints.isPhone(name)
		}
		return "", false
	case number == "" || b.endpoints.phone(name):
		return "", false
	case target.URI:
		if b.inbound(d) || !b.endpoints.isTrunk(name) {
			return "", false
		}
	default:
		if !b.endpoints.isTrunk(name) {
			return "", false
		}
	}
	return number, number != ""
}

// urgent is the emergency number that was dialled, where the route or the trunk made another of it (a control room's own, or a country code in front); else
// number. What d's dial plan was told counts, and of a channel whose first call this is what it was opened with, and the trunk before on which it was tried.
func (b *board) urgent(d *channel, number, exten, outnum string) string {
	said := []string{number, exten, outnum}
	if root := b.root(d); d.count == 0 && !root.away {
		said = append(said, d.exten, root.exten)
	}
	for _, c := range d.outs {
		if c.answer == 0 {
			said = append(said, c.attempt.Dialled)
		}
	}
	if d.help && d.count == 0 {
		said = append(said, b.endpoints.help)
	}
	for _, n := range said {
		if b.endpoints.urgent(n) {
			return n
		}
	}
	return number
}

// statusDisposition reads DialStatus.
func statusDisposition(status string) belwacht.Disposition {
	if d, ok := wire.DispositionOf(status); ok {
		return d
	}
	if status == "CHANUNAVAIL" {
		return belwacht.Failed
	}
	return belwacht.DispositionUnknown
}

// outcome reads how a channel ended; TechCause is the SIP response, where there is one.
func outcome(m *wire.Message, c *channel) belwacht.Disposition {
	if c.called {
		switch string(m.Get("TechCause")) {
		case "603", "607", "608":
			return belwacht.Declined
		case "":
			if m.Is("Cause", "21") {
				return belwacht.Declined
			}
		}
	}
	return causeDisposition(string(m.Get("Cause")))
}

// causeDisposition reads the cause of a channel's end (Q.850) where nothing better is known.
func causeDisposition(cause string) belwacht.Disposition {
	switch cause {
	case "17":
		return belwacht.Busy
	case "18", "19":
		return belwacht.NoAnswer
	case "34", "38", "42", "44":
		return belwacht.Congestion
	case "1", "3", "20", "21", "27", "28":
		return belwacht.Failed
	case "26":
		return belwacht.Cancelled
	}
	return belwacht.DispositionUnknown
}
