package ingest

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// turn looks at the k-th row of the group at hand, whose moment has come, and makes the calls that begin with it.
func (a *Assembler) turn(k int) {
	r := &a.group[k]
	if r.flags&absorbed != 0 {
		return
	}
	if r.channel == "" && r.dstChannel == "" || r.direction != belwacht.DirectionUnknown {
		a.stated(k)
		return
	}
	a.learnCaller(k)
	number, out := a.leaves(k)
	if out {
		a.outbound(k, number)
	} else if a.begins(k) {
		a.opened(k)
	}
}

// learnCaller notes what a row shows of the endpoint that placed the call.
func (a *Assembler) learnCaller(k int) {
	r := &a.group[k]
	name := r.ch.Endpoint
	if r.ch.Local() || name == "" || a.called(k) {
		return
	}
	if p := a.endpoints.seen(name); p != nil && (p.trunk || p.phone && !a.endpoints.trunkContext(r.context)) {
		return
	}
	caller := a.endpoints.outside(r.src)
	switch {
	case a.endpoints.trunkContext(r.context):
		if caller != 0 {
			a.endpoints.isTrunk(name)
		}
	case caller == 0 && r.src != "" && len(r.src) < 7:
		a.endpoints.isPhone(name)
	case asterisk.InternalContext(r.context):
		a.endpoints.isPhone(name)
	case caller != 0 && !a.endpoints.external(r.dst):
		a.endpoints.outsider(name, caller)
	}
}

// leaves says whether row k dials a trunk and gives the number that it dials there.
func (a *Assembler) leaves(k int) (number string, out bool) {
	r := &a.group[k]
	if !r.device() || r.ch.Half == asterisk.One && r.app == "AppDial" {
		return "", false
	}
	if a.began(k) {
		return "", false // somebody takes up a call that came in: parked, picked up
	}
	number, named := a.dialled(k)
	if !a.endpoints.trunk(r.dch.Endpoint) {
		if !a.becomesTrunk(k, number, named) {
			return "", false
		}
	}
	if number == "" {
		number = a.numberElsewhere(k)
	}
	return number, number != ""
}

// named says how the dial string of a row speaks of what it reached.
type named uint8

const (
	unnamed  named = iota // not at all
	byName                // as TECH/ENDPOINT: a phone
	byNumber              // as TECH/NUMBER@ENDPOINT: a trunk
	byURI                 // as TECH/ENDPOINT/sip:NUMBER@HOST: a trunk, or a phone's contact
)

// dialled finds the number from outside that row k dials over what it reached, and how the dial string names that.
func (a *Assembler) dialled(k int) (string, named) {
	r := &a.group[k]
	if !r.asked {
		r.number, r.how = a.dialledBy(k)
		r.asked = true
	}
	return r.number, r.how
}

// dialledBy works out what dialled says.
func (a *Assembler) dialledBy(k int) (string, named) {
	r := &a.group[k]
	switch how := plainly(r.data, r.dst, r.dch.Tech, r.dch.Endpoint); {
	case how == byName:
		return "", byName
	case how == byNumber && (len(r.dst) >= longNumber && a.endpoints.trunk(r.dch.Endpoint) || a.endpoints.external(r.dst)):
		return r.dst, byNumber // over a trunk even what is no number to the plan leaves the house
	}
	how, count, at, inString := unnamed, 0, a.parallel(k), ""
	asterisk.Targets(r.data, func(t asterisk.Target) bool {
		if t.Endpoint == "" || t.Endpoint != r.dch.Endpoint && !sameSpan(t, r.dch) {
			return true
		}
		switch {
		case t.Number == "" || t.Number == t.Endpoint:
			how = max(how, byName)
		case t.URI:
			how = byURI
		default:
			how = byNumber
		}
		if how > byName && (count == 0 || count == at) && a.endpoints.external(t.Number) {
			inString = t.Number
		}
		count++
		return true
	})
	if count > 1 && inString != "" && !a.endpoints.external(r.dst) {
		return inString, how
	}
	if a.endpoints.external(r.dst) {
		return r.dst, how
	}
	return inString, how
}

// longNumber is how long a dialled string is that is no extension of another site.
const longNumber = 7

// plainly recognises the usual dial strings with one target, without taking them apart: TECH/DST@ENDPOINT and TECH/ENDPOINT.
func plainly(data, dst, tech, endpoint string) named {
	rest, ok := strings.CutPrefix(data, tech)
	if !ok || len(rest) < 2 || rest[0] != '/' || endpoint == "" || strings.IndexByte(endpoint, '/') >= 0 {
		return unnamed
	}
	how := byName
	rest = rest[1:]
	if after, ok := strings.CutPrefix(rest, dst); ok && len(after) > 0 && after[0] == '@' && dst != "" && dst != endpoint {
		rest, how = after[1:], byNumber
	}
	if rest, ok = strings.CutPrefix(rest, endpoint); ok && (rest == "" || rest[0] == ',') {
		return how
	}
	return unnamed
}

// spanned says whether a channel's endpoint is a port or span and holds its technology.
func spanned(c *asterisk.Channel) bool { return strings.IndexByte(c.Endpoint, '/') >= 0 }

// sameSpan says whether a target over a span or group (DAHDI/g0) can be the channel that was reached (DAHDI/i1).
func sameSpan(t asterisk.Target, c asterisk.Channel) bool {
	return t.Number != "" && t.Tech == c.Tech && spanned(&c)
}

// parallel is how many rows before row k dialled the same thing over the same endpoint at once: the n-th target of such a dial string is
// the n-th channel.
func (a *Assembler) parallel(k int) int {
	r, n := &a.group[k], 0
	if !strings.Contains(r.data, "&") {
		return 0
	}
	for i := range a.group {
		q := &a.group[i]
		if i != k && q.place == r.place && q.data == r.data && q.dch.Endpoint == r.dch.Endpoint && q.dstChannel < r.dstChannel && q.start <= r.start {
			n++
		}
	}
	return n
}

// becomesTrunk decides whether what row k reached, not known as a trunk so far, is one: an outside number is dialled over it.
func (a *Assembler) becomesTrunk(k int, number string, how named) bool {
	r := &a.group[k]
	name := r.dch.Endpoint
	switch {
	case how == byName:
		a.endpoints.isPhone(name)
		return false
	case number == "":
		return false
	case how == byNumber:
		return a.endpoints.isTrunk(name)
	case how == byURI:
		return !a.endpoints.phone(name) && !a.inbound(k) && a.endpoints.isTrunk(name)
	case r.app != "" && r.data != "": // another application, or what a phone sent the call on to: the name stands elsewhere
		return false
	}
	return !a.endpoints.phone(name) && !a.inbound(k) && a.endpoints.isTrunk(name)
}

// numberElsewhere finds the number of a trunk channel in the other rows that have it: after a Local channel has been optimised away, or a
// transfer, the row with the seconds shows an extension.
func (a *Assembler) numberElsewhere(k int) string {
	r := &a.group[k]
	for i := range a.group {
		if q := &a.group[i]; i != k && q.leg == r.leg {
			if number, _ := a.dialled(i); number != "" {
				return number
			}
		}
	}
	return ""
}

// called says whether the channel of row k was called by another, no later than row k begins.
func (a *Assembler) called(k int) bool { return a.calledBy(k, k) >= 0 }

// began says whether the channel that row k reached had placed a call of its own accord before anybody called it.
func (a *Assembler) began(k int) bool {
	if len(a.group) == 1 {
		return false
	}
	r := &a.group[k]
	placed, called := belwacht.Instant(1)<<62, r.start
	for i := range a.group {
		q := &a.group[i]
		if q.place == r.leg {
			placed = min(placed, q.start)
		}
		if q.leg == r.leg {
			called = min(called, q.start)
		}
	}
	return placed < called
}

// first says whether row k is the first of its channel.
func (a *Assembler) first(k int) bool {
	for i := range k {
		if a.group[i].place == a.group[k].place {
			return false
		}
	}
	return true
}

// begins says whether row k opens a call: the first row of a channel that nobody called.
func (a *Assembler) begins(k int) bool {
	r := &a.group[k]
	return r.channel != "" && a.first(k) && !a.called(k) && r.ch.Half != asterisk.One
}

// inbound says whether the channel of row k came in from outside.
func (a *Assembler) inbound(k int) bool {
	r := &a.group[k]
	name := r.ch.Endpoint
	if r.ch.Local() || name == "" || a.called(k) {
		return false
	}
	if a.endpoints.trunk(name) {
		return true
	}
	if a.endpoints.phone(name) || asterisk.InternalContext(r.context) {
		return false
	}
	if a.endpoints.trunkContext(r.context) {
		return true
	}
	if a.endpoints.outside(r.src) == 0 {
		return false
	}
	_, how := a.dialled(k) // a transfer may have put a number from outside where the extension stood
	return how == byName || !a.endpoints.external(r.dst)
}
