package ingest

import (
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// sent is who sends a call out, and how.
type sent struct {
	account string
	lineage belwacht.Lineage
}

// maxChain bounds how far a chain of forwards is followed.
const maxChain = 16

// sender finds whose call it is that the channel of row k dials out: its own endpoint, or the extension whose forward or transfer sent
// it on (DESIGN §2). Only rows that had begun by then are looked at, and of those only what had happened by then.
func (a *Assembler) sender(k int, number string) sent {
	return a.senderOf(k, k, number, 0)
}

// senderOf is sender for the channel of row i of the group, at the moment at which row k begins.
func (a *Assembler) senderOf(i, k int, number string, depth int) sent {
	r := &a.group[i]
	if depth > maxChain {
		return sent{a.endpoints.intern(r.ch.Endpoint), belwacht.Dialled}
	}
	if r.ch.Local() {
		return a.senderByLocal(i, k, number, depth)
	}
	if q := a.calledBy(i, k); q >= 0 {
		return a.senderCalled(i, q, k, number, depth)
	}
	now := a.group[k].start
	for j := len(a.group) - 1; j >= 0; j-- { // what the channel had reached before, last first
		q := &a.group[j]
		if j == k || j == i || q.place != r.place || !q.device() || q.start > now || q.end > now+belwacht.Second {
			continue
		}
		if a.endpoints.trunk(q.dch.Endpoint) {
			continue
		}
		if q.answered() {
			return sent{a.endpoints.intern(q.dch.Endpoint), belwacht.Transferred}
		}
		if q.start < now || q.index < r.index {
			return sent{a.onBehalf(q), belwacht.Forwarded}
		}
	}
	if r.ch.Endpoint == "" {
		return sent{a.endpoints.intern(r.src), belwacht.Dialled}
	}
	if s, ok := a.hardForward(k, number); ok && i == k {
		return s
	}
	if a.endpoints.trunk(r.ch.Endpoint) {
		return a.trunked(i, k)
	}
	return sent{a.endpoints.intern(r.ch.Endpoint), belwacht.Dialled}
}

// hardForward is the case of an extension or group whose own place in the dial plan dials a number outside, alone or beside phones: the
// record shows the extension as dialled and the number in the dial string only.
func (a *Assembler) hardForward(k int, number string) (sent, bool) {
	r := &a.group[k]
	if asterisk.Special(r.dst) || r.dst == number || a.endpoints.external(r.dst) || a.endpoints.external(number) && !strings.Contains(r.data, number) {
		return sent{}, false
	}
	phones := false
	asterisk.Targets(r.data, func(t asterisk.Target) bool {
		phones = phones || t.Number == "" && !a.endpoints.trunk(t.Endpoint)
		return true
	})
	if !phones && !a.endpoints.phone(r.dst) && !a.inbound(k) {
		return sent{}, false // a speed dial looks the same
	}
	return sent{a.endpoints.behind(r.dst), belwacht.Forwarded}, true
}

// trunked is the sender of a call that goes from trunk to trunk with no extension between that the records know: the endpoint behind the
// number that was called, where it is known, else the trunk itself.
func (a *Assembler) trunked(i, k int) sent {
	r := &a.group[i]
	if n, ok := a.endpoints.reached[r.dst]; ok && i != k {
		return sent{n, belwacht.Forwarded}
	}
	return sent{a.endpoints.intern(r.ch.Endpoint), belwacht.Trunked}
}

// calledBy is the row in which the channel of row i was called, -1 where it placed its call itself.
func (a *Assembler) calledBy(i, k int) int {
	r := &a.group[i]
	for j := range a.group {
		if q := &a.group[j]; j != i && j != k && q.leg == r.place && r.place != 0 && q.start <= a.group[k].start {
			return j
		}
	}
	return -1
}

// senderCalled is the sender where a channel that was called (in row q) dials: it was transferred by the party that had called it.
func (a *Assembler) senderCalled(i, q, k int, number string, depth int) sent {
	r, p := &a.group[i], &a.group[q]
	own := sent{a.endpoints.intern(r.ch.Endpoint), belwacht.Transferred}
	trunk := a.endpoints.trunk(r.ch.Endpoint)
	if r.app == "AppDial" && !trunk { // it dials by keys, to transfer
		return own
	}
	if p.ch.Local() || trunk {
		s := a.senderOf(q, k, number, depth+1)
		s.lineage = belwacht.Transferred
		return s
	}
	if a.endpoints.trunk(p.ch.Endpoint) || a.inbound(q) { // an outsider cannot send the phone that he called anywhere
		return own
	}
	return sent{a.endpoints.intern(p.ch.Endpoint), belwacht.Transferred}
}

// senderByLocal is the sender of what a Local channel dials.
func (a *Assembler) senderByLocal(i, k int, number string, depth int) sent {
	r := &a.group[i]
	who, target := r.ch.Sender()
	if !asterisk.Special(who) && who != number && (target != "" || !a.endpoints.external(who)) {
		return sent{a.endpoints.behind(who), belwacht.Forwarded} // it runs the dial plan of an extension, which forwards
	}
	p, keys := a.parent(i, k)
	if p < 0 { // nothing shows who dialled the Local channel
		if r.src != "" && r.src != number && a.endpoints.outside(r.src) == 0 && !a.endpoints.external(r.src) {
			return sent{a.endpoints.behind(r.src), belwacht.Forwarded}
		}
		return sent{a.endpoints.intern(a.group[k].dch.Endpoint), belwacht.Trunked}
	}
	q := &a.group[p]
	if keys {
		return sent{a.endpoints.intern(q.ch.Endpoint), belwacht.Transferred}
	}
	if q.app != "Queue" && !dials(q.data, &r.ch) { // the dial plan did not dial it: a phone sent the call on, or a party transferred it
		if s, ok := a.redirected(p, k); ok {
			return s
		}
	}
	if who := a.onBehalf(q); who != "" && !asterisk.Special(q.dst) && q.dst != number && !a.endpoints.external(q.dst) {
		return sent{who, belwacht.Forwarded}
	}
	if !q.ch.Local() && a.inbound(p) {
		if n, ok := a.endpoints.reached[q.dst]; ok {
			return sent{n, belwacht.Forwarded}
		}
		for j := range a.group { // a phone that rang before
			if f := &a.group[j]; f.place == q.place && f.device() && f.start <= a.group[k].start && !a.endpoints.trunk(f.dch.Endpoint) {
				return sent{a.endpoints.intern(f.dch.Endpoint), belwacht.Forwarded}
			}
		}
		if !asterisk.Special(q.dst) && q.dst != number {
			return sent{a.endpoints.intern(q.dst), belwacht.Forwarded} // the DID
		}
	}
	return a.senderOf(p, k, number, depth+1)
}

// parent is the row that reached the first half of the Local channel of row i, no later than row k; -1 where there is none. keys says that
// a phone dialled it by keys, to transfer.
func (a *Assembler) parent(i, k int) (int, bool) {
	base, found := a.group[i].ch.Base, -1
	for j := range a.group {
		q := &a.group[j]
		if q.dch.Half != asterisk.One || q.dch.Base != base || q.start > a.group[k].start {
			continue
		}
		if q.app == "AppDial" && !q.ch.Local() {
			return j, true
		}
		if found < 0 {
			found = j
		}
	}
	return found, false
}

// dials says whether a dial string names a Local channel's number.
func dials(data string, c *asterisk.Channel) bool {
	yes := false
	asterisk.Targets(data, func(t asterisk.Target) bool {
		yes = t.Tech == "Local" && t.Number == c.Number
		return !yes
	})
	return yes
}

// redirected finds who sent the call of row p on to a Local channel that the dial plan did not dial: the one phone that stopped ringing
// by then (it answered 302), or the caller where he had been talking (he transferred by keys).
func (a *Assembler) redirected(p, k int) (sent, bool) {
	now, q := a.group[k].start, &a.group[p]
	var phone *record
	several := false
	for j := range a.group {
		f := &a.group[j]
		if j == p || f.place != q.place || !f.device() || f.start > now || f.end > now+belwacht.Second || a.endpoints.trunk(f.dch.Endpoint) {
			continue
		}
		if f.answered() {
			if a.inbound(p) {
				return sent{a.endpoints.intern(f.dch.Endpoint), belwacht.Transferred}, true
			}
			return sent{a.endpoints.intern(q.ch.Endpoint), belwacht.Transferred}, true
		}
		several = several || phone != nil
		phone = f
	}
	if phone == nil || several {
		return sent{}, false
	}
	return sent{a.endpoints.intern(phone.dch.Endpoint), belwacht.Forwarded}, true
}

// onBehalf is the extension or group on whose behalf a row's dial plan went on: what was dialled, or the phone that rang where a later
// transfer has overwritten it.
func (a *Assembler) onBehalf(q *record) string {
	if !asterisk.Special(q.dst) && !a.endpoints.external(q.dst) {
		return a.endpoints.behind(q.dst)
	}
	return a.endpoints.intern(q.dch.Endpoint)
}

// root is who began the call of row k: the endpoint of the channel at the beginning of the chain, inside or outside.
func (a *Assembler) root(k int) string {
	i := k
	for range maxChain {
		r := &a.group[i]
		if r.ch.Local() {
			p, _ := a.parent(i, k)
			if p < 0 {
				if r.src != "" && a.endpoints.outside(r.src) == 0 && !a.endpoints.external(r.src) {
					return a.endpoints.behind(r.src)
				}
				return a.endpoints.intern(a.group[k].dch.Endpoint)
			}
			i = p
			continue
		}
		q := a.calledBy(i, k)
		if q < 0 {
			break
		}
		i = q
	}
	if name := a.group[i].ch.Endpoint; name != "" {
		return a.endpoints.intern(name)
	}
	return a.endpoints.intern(a.group[k].src)
}
