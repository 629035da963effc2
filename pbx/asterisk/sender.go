package asterisk

import (
	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// sent is who sends a call out, and how.
type sent struct {
	account string
	lineage belwacht.Lineage
}

// sender finds whose call it is that d dials over the leg l (DESIGN §2): its own endpoint, or the extension whose forward or transfer sent it on. The
// order is that of ingest's sender.
func (b *board) sender(d, l *channel, number string) sent {
	return b.senderOf(d, l, number, 0)
}

func (b *board) senderOf(c, l *channel, number string, depth int) sent {
	switch {
	case c.transferer != "":
		return sent{c.transferer, belwacht.Transferred}
	case depth > maxChain:
		return sent{c.is.Endpoint, belwacht.Dialled}
	case c.local():
		return b.senderByLocal(c, l, number, depth)
	case c.by != nil:
		return b.senderCalled(c, l, number, depth)
	case c.phone != "" && c.phoneUp:
		return sent{c.phone, belwacht.Transferred}
	case c.phone != "":
		return sent{b.onBehalf(c.stands, c.phone), belwacht.Forwarded}
	}
	if s, ok := b.hardForward(c, number); ok && depth == 0 {
		return s
	}
	if !b.endpoints.trunk(c.is.Endpoint) {
		return sent{c.is.Endpoint, belwacht.Dialled}
	}
	if n, ok := b.endpoints.reached[c.exten]; ok {
		return sent{n, belwacht.Forwarded}
	}
	return sent{c.is.Endpoint, belwacht.Trunked}
}

// hardForward is the case of an extension or group whose own place in the dial plan dials a number outside.
func (b *board) hardForward(c *channel, number string) (sent, bool) {
	at := c.stands
	if wire.Special(at) || at == number || b.endpoints.external(at) || !b.endpoints.phone(at) && !b.inbound(c) {
		return sent{}, false // a speed dial looks the same
	}
	return sent{b.endpoints.behind(at), belwacht.Forwarded}, true
}

// senderCalled is the sender where a channel that was called dials: it was transferred by the party that had called it.
func (b *board) senderCalled(c, l *channel, number string, depth int) sent {
	own := sent{c.is.Endpoint, belwacht.Transferred}
	if c.by.local() || b.endpoints.trunk(c.is.Endpoint) {
		s := b.senderOf(c.by, l, number, depth+1)
		s.lineage = belwacht.Transferred
		return s
	}
	if b.inbound(c.by) { // an outsider cannot send the phone that he called anywhere
		return own
	}
	return sent{c.by.is.Endpoint, belwacht.Transferred}
}

// senderByLocal is the sender of what a Local channel dials.
func (b *board) senderByLocal(c, l *channel, number string, depth int) sent {
	who, target := c.is.Sender()
	if !wire.Special(who) && who != number && (target != "" || !b.endpoints.external(who)) {
		return sent{b.endpoints.behind(who), belwacht.Forwarded} // it runs the dial plan of an extension, which forwards
	}
	p, keys := b.channels.caller(c)
	first := b.channels.other(c)
	if p == nil { // nothing shows yet who dialled the Local channel
		if first != nil && first.caller != "" && first.caller != number && !b.endpoints.external(first.caller) {
			return sent{b.endpoints.behind(first.caller), belwacht.Forwarded}
		}
		if c.rang != "" {
			return sent{c.rang, belwacht.Forwarded}
		}
		if c.caller != "" && c.caller != number && !b.endpoints.external(c.caller) {
			return sent{b.endpoints.behind(c.caller), belwacht.Forwarded}
		}
		return sent{l.is.Endpoint, belwacht.Trunked}
	}
	if keys {
		return sent{p.is.Endpoint, belwacht.Transferred}
	}
	if first != nil && first.byForward != "" {
		return sent{first.byForward, belwacht.Forwarded} // its phone answered 302
	}
	if first != nil && !wire.Special(first.byExten) && first.byExten != number && !b.endpoints.external(first.byExten) {
		return sent{b.endpoints.behind(first.byExten), belwacht.Forwarded}
	}
	if c.rang != "" {
		return sent{c.rang, belwacht.Forwarded}
	}
	if b.inbound(p) {
		if n, ok := b.endpoints.reached[p.exten]; ok {
			return sent{n, belwacht.Forwarded}
		}
		if p.phone != "" {
			return sent{p.phone, belwacht.Forwarded}
		}
		if !wire.Special(p.exten) && p.exten != number {
			return sent{p.exten, belwacht.Forwarded} // the DID
		}
	}
	return b.senderOf(p, l, number, depth+1)
}

// onBehalf is the extension or group on whose behalf a dial plan went on: where it stands, else the phone that rang.
func (b *board) onBehalf(at, phone string) string {
	if !wire.Special(at) && !b.endpoints.external(at) {
		return b.endpoints.behind(at)
	}
	return phone
}
