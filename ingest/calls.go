package ingest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// retry is how soon after a trunk has failed the dial plan tries the same number on the next: one attempt of one caller.
const retry = 5 * belwacht.Second

// maxRetries bounds the trunks that one attempt is tried on, manyLegs the legs of one call whose IDs are compared.
const (
	maxRetries = 16
	manyLegs   = 64
)

// span is a stretch of talking: to by its seconds, which are cut, end by the record's own end, at most a second later.
type span struct{ from, to, end belwacht.Instant }

// outcome gathers what became of a call from its rows.
type outcome struct {
	answer, end, last belwacht.Instant
	disposition       belwacht.Disposition
	span              span   // the first
	spans             []span // the others: hardly any call has one
	id                string // of the first row with talk
	taker             string
}

// add takes in one row.
func (o *outcome) add(q *record) {
	if q.end >= o.last {
		o.last, o.disposition = q.end, q.disposition
	}
	o.end = max(o.end, q.end)
	if !q.answered() {
		return
	}
	if o.answer == 0 || q.answer < o.answer {
		o.answer = q.answer
	}
	if o.taker == "" && q.device() {
		o.taker = q.dch.Endpoint
	}
	if q.talk > 0 {
		if o.id == "" {
			o.id = q.id
		}
		s := span{q.answer, q.answer + belwacht.Instant(q.talk)*belwacht.Second, q.end}
		if o.span == (span{}) {
			o.span = s
		} else {
			o.spans = append(o.spans, s)
		}
	}
}

// talk is the time covered by the spans, in seconds: rows that follow each other add up, rows that overlap count once.
func (o *outcome) talk() int64 {
	if len(o.spans) == 0 {
		return int64((o.span.to - o.span.from) / belwacht.Second)
	}
	spans := append(o.spans, o.span)
	slices.SortFunc(spans, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	var sum, until belwacht.Instant
	for _, s := range spans {
		to := max(s.to, min(s.end, s.to+belwacht.Second))
		if from := max(s.from, until); to > from {
			sum += to - from
			until = to
		}
	}
	return int64(sum / belwacht.Second)
}

// settle writes the outcome into a call.
func (o *outcome) settle(c *belwacht.Call) {
	c.Answer, c.End, c.Disposition = o.answer, o.end, o.disposition
	if o.answer != 0 {
		c.Disposition = belwacht.Answered
	}
	c.Talk = o.talk()
}

// begin begins a call with what a row says of it, where the calls of its instant lie; see keep.
func (a *Assembler) begin(h *held, id string, direction belwacht.Direction) *belwacht.Call {
	n := len(a.same)
	a.same = slices.Grow(a.same, 1)[:n+1]
	c := &a.same[n]
	*c = belwacht.Call{}
	c.ID, c.Link, c.Tenant, c.Site, c.Direction, c.Start, c.Rows, c.Late = id, id, a.config.Tenant, a.config.Site, direction, h.start, 1, h.flags&late != 0
	return c
}

// call begins a call with what row k says of it.
func (a *Assembler) call(k int, direction belwacht.Direction) *belwacht.Call {
	r := &a.group[k]
	c := a.begin(r.held, r.id, direction)
	c.Link, c.Caller, c.Name, c.Rows = r.link, r.src, r.name, len(a.group)
	return c
}

// outbound makes the call whose leg over a trunk row k is the first of.
func (a *Assembler) outbound(k int, number string) {
	r := &a.group[k]
	c := a.call(k, belwacht.Out)
	s := a.sender(k, number)
	c.Account, c.Lineage, c.Root = s.account, s.lineage, a.root(k)
	c.Trunk, c.Dialled = a.endpoints.intern(r.dch.Endpoint), number
	if len(a.group) == 1 {
		o := outcome{}
		o.add(r)
		o.settle(c)
		a.keep(c)
		return
	}
	o := a.leg(k, number, true)
	o.settle(c)
	if n := a.namesakes(k, c.ID, c.Talk > 0); n > 0 {
		c.ID += "/" + strconv.Itoa(n+1)
	}
	a.keep(c)
}

// leg gathers the outcome of the trunk channel that row k dialled, and of those that the same number was tried on when that failed. With
// mark, its rows are marked as belonging to a call.
func (a *Assembler) leg(k int, number string, mark bool) outcome {
	o := outcome{}
	channel := a.group[k].leg
	for range maxRetries {
		for i := range a.group {
			q := &a.group[i]
			if q.leg == channel || q.place == channel {
				o.add(q)
				if mark && q.leg == channel {
					q.flags |= absorbed
				}
			}
		}
		next := a.retried(k, channel, number, &o)
		if next < 0 {
			break
		}
		channel = a.group[next].leg
	}
	return o
}

// retried is the row in which the channel of row k tried the number again on another trunk channel, -1 where it did not.
func (a *Assembler) retried(k, channel int, number string, o *outcome) int {
	if o.answer != 0 {
		return -1
	}
	for i := range a.group {
		q := &a.group[i]
		if i == k || q.place != a.group[k].place || !q.device() || q.leg == channel || q.flags&absorbed != 0 ||
			q.start+belwacht.Second < o.end || q.start > o.end+retry || q.start < a.group[k].start || strings.Contains(q.data, "&") {
			continue
		}
		if n, how := a.dialled(i); n == number && (how == byNumber || a.endpoints.trunk(q.dch.Endpoint)) && i > k {
			return i
		}
	}
	return -1
}

// namesakes is how many other legs of the group would bear the same ID and have the better right to it: those with talk, then the earlier.
func (a *Assembler) namesakes(k int, id string, talked bool) int {
	if a.legs.out > manyLegs {
		return k // hostile: any number that is another's in no other leg will do
	}
	n := 0
	for i := range a.group {
		q := &a.group[i]
		if !q.device() || q.leg == a.group[k].leg || a.legs.legs[q.leg].first != i || !a.dialsOut(i) {
			continue
		}
		number, _ := a.dialled(i)
		o := a.leg(i, number, false)
		talks := o.id != ""
		if q.id == id && (talks && !talked || talks == talked && i < k) {
			n++
		}
	}
	return n
}

// opened makes the call that row k opens without dialling a trunk: one that came in, an internal one, or an attempt that never got to a trunk.
func (a *Assembler) opened(k int) {
	r := &a.group[k]
	in := a.inbound(k)
	if !in && r.dstChannel == "" && a.endpoints.external(r.dst) {
		if !a.goesOn(k) {
			a.attempt(k)
		}
		return
	}
	if r.ch.Local() || !in && a.onlyForwarded(k) {
		return
	}
	direction := belwacht.Internally
	if in {
		direction = belwacht.In
	}
	c := a.call(k, direction)
	c.Root = a.endpoints.intern(r.ch.Endpoint)
	c.Account, c.Dialled = c.Root, a.wanted(k)
	if in {
		c.Trunk = c.Root
		c.Account = a.took(k, c.Dialled)
	}
	o := outcome{}
	clash := false
	for i := range a.group {
		q := &a.group[i]
		if q.place == r.place {
			o.add(q)
			if q.id == r.id && a.dialsOut(i) {
				clash = true
			}
		}
	}
	o.settle(c)
	if clash {
		c.ID += "/" + direction.String()
	}
	if o.taker != "" {
		c.Taker = a.endpoints.intern(o.taker)
	}
	a.keep(c)
}

// attempt makes the call of a number outside that never got to a trunk: refused by the dial plan, or no trunk free.
func (a *Assembler) attempt(k int) {
	r := &a.group[k]
	c := a.call(k, belwacht.Out)
	s := a.sender(k, r.dst)
	if s.lineage == belwacht.Trunked && r.ch.Local() {
		s.account = a.endpoints.intern(r.src)
	}
	c.Account, c.Lineage, c.Root, c.Dialled = s.account, s.lineage, a.root(k), r.dst
	if c.Root == "" {
		c.Root = c.Account
	}
	c.End, c.Disposition = r.end, r.disposition
	if c.Disposition == belwacht.Answered { // by an announcement of our own
		c.Disposition = belwacht.Failed
	}
	a.keep(c)
}

// goesOn says whether the channel of row k dials a trunk in another row that begins at the same time.
func (a *Assembler) goesOn(k int) bool {
	for i := range a.group {
		if q := &a.group[i]; i != k && q.place == a.group[k].place && q.start <= a.group[k].start && a.dialsOut(i) {
			return true
		}
	}
	return false
}

// onlyForwarded says whether the call that row k opens was at once and only sent on to a number outside: then there is the outbound call and
// no other.
func (a *Assembler) onlyForwarded(k int) bool {
	r := &a.group[k]
	for i := range a.group {
		q := &a.group[i]
		if q.place == r.place && q.start == r.start && q.dch.Half != asterisk.One && (q.dstChannel == "" || !a.dialsOut(i)) {
			return false
		}
	}
	for i := range a.group {
		if q := &a.group[i]; q.ch.Half == asterisk.Two && q.ch.Base == r.dch.Base && a.dialsOut(i) {
			return true
		}
	}
	return false
}

// wanted is what the caller of row k dialled. A later transfer overwrites it with a number outside; the phone that rang is what is left.
func (a *Assembler) wanted(k int) string {
	r := &a.group[k]
	if !a.endpoints.external(r.dst) || !r.device() || a.endpoints.trunk(r.dch.Endpoint) {
		return r.dst
	}
	if !a.inbound(k) {
		if _, how := a.dialled(k); how == byName {
			return a.endpoints.intern(r.dch.Endpoint)
		}
		return r.dst
	}
	for i := range a.group {
		if q := &a.group[i]; i != k && q.place == r.place && q.dst == r.dst && a.dialsOut(i) {
			return a.endpoints.intern(r.dch.Endpoint)
		}
	}
	return r.dst
}

// took is the account of an inbound call: the phone that it was sent to, where it was one; else the extension, group or DID that was called.
func (a *Assembler) took(k int, wanted string) string {
	r := &a.group[k]
	if r.device() && !a.endpoints.trunk(r.dch.Endpoint) && r.app != "Queue" && !strings.Contains(r.data, "&") && a.alone(k) {
		if r.dst == wanted {
			a.endpoints.rang(wanted, r.dch.Endpoint)
		}
		return a.endpoints.intern(r.dch.Endpoint)
	}
	if asterisk.Special(wanted) {
		return a.endpoints.intern(r.ch.Endpoint)
	}
	return a.endpoints.behind(wanted)
}

// alone says whether row k is the only one of its channel that began when it did.
func (a *Assembler) alone(k int) bool {
	for i := range a.group {
		if q := &a.group[i]; i != k && q.place == a.group[k].place && q.start == a.group[k].start && q.dstChannel != "" {
			return false
		}
	}
	return true
}
