package simulate

import (
	"math"
	"slices"

	"github.com/belwacht/belwacht"
)

// live plans a person's ordinary day.
func (r *run) live(p *person, d int) {
	if p.role.name == "spare" || d < p.first || d >= p.last {
		return
	}
	rng, t := r.rng, &r.o.calendar[d]
	activity := t.activity * r.o.config.Rate
	shift := 0.0
	r.tag = -1
	if p.odd >= 0 && d >= p.oddFrom && d < p.oddTo {
		r.tag, shift = p.odd, p.shift
	}
	if p.role.always {
		activity = r.o.config.Rate
	}
	visiting := false
	if !p.works(d, t.weekday, t.holiday) {
		if !chance(rng, .025) { // somebody comes in on a day off
			return
		}
		activity, visiting = .25, true
	}
	out, in, inside := poisson(rng, p.out*activity), poisson(rng, p.in*activity), poisson(rng, p.inside*activity)
	n := out + in + inside
	if n == 0 {
		return
	}
	r.hours = r.hours[:0]
	for range n {
		h := p.hour(rng) + shift
		if visiting {
			h = 9 + 9*rng.Float64()
		}
		r.hours = append(r.hours, h)
	}
	slices.Sort(r.hours)
	for _, h := range r.hours {
		at := r.base + belwacht.Instant(h*3600)*belwacht.Second
		switch x := rng.IntN(out + in + inside); {
		case x < out:
			out--
			r.callOut(p, at)
		case x < out+in:
			in--
			r.callIn(p, at)
		default:
			inside--
			r.callInside(p, at)
		}
	}
}

// plain is an intent of ordinary life, or of the oddity that this life belongs to today.
func (r *run) plain(start belwacht.Instant, p *person, dialled string, w Way) intent {
	in := plain(start, p, dialled, w)
	in.oddity = r.tag
	return in
}

// free is when a person can dial: at the moment, or after the call that he is in.
func (r *run) free(p *person, at belwacht.Instant) belwacht.Instant {
	if b := p.busyUntil; b > at {
		return b + belwacht.Instant(4+r.rng.IntN(60))*belwacht.Second
	}
	return at
}

// callOut plans a call to a contact or a new number, with redials.
func (r *run) callOut(p *person, at belwacht.Instant) {
	rng := r.rng
	var c *contact
	var made contact
	switch {
	case p.campaign != "" && chance(rng, p.fresh):
		p.serial += 1 + rng.IntN(3)
		made = contact{e164: p.campaign + pad4(p.serial), answer: .4, talk: float32(p.talk)}
		if p.serial > 9900 {
			p.serial = 0
		}
		made.dialled, made.away = r.o.geo.dial(made.e164, p.plus > .9), !r.o.geo.isHome(made.e164)
		c = &made
	case len(p.contacts) == 0 || p.kind != belwacht.KindMachine && chance(rng, p.fresh):
		made = r.o.geo.newContact(rng, p)
		c = &made
		if len(p.contacts) > 6 && chance(rng, .3) {
			p.contacts[len(p.contacts)/2+rng.IntN(len(p.contacts)/2)] = made
		}
	default:
		c = &p.contacts[zipf(rng, len(p.contacts), 2.2)]
	}
	at = r.free(p, at)
	for try := 0; ; try++ {
		in := r.plain(at, p, c.dialled, WayOut)
		in.tries = 1
		r.outcome(&in, c)
		r.buffer = append(r.buffer, in)
		end := at + belwacht.Instant(int32(in.ring)+in.talk)*belwacht.Second
		p.busyUntil = end
		if in.talk > 0 || try > 3 || !chance(rng, .22) {
			return
		}
		at = end + belwacht.Instant(lognormal(rng, 70, 1))*belwacht.Second
	}
}

// outcome draws what becomes of a call to a contact.
func (r *run) outcome(in *intent, c *contact) {
	rng := r.rng
	switch x := rng.Float32(); {
	case x < .055:
		in.disp, in.ring = belwacht.Busy, int16(rng.IntN(5))
	case x < .07:
		in.disp, in.ring = belwacht.Failed, int16(rng.IntN(2))
	case x < .07+.93*c.answer:
		in.ring = int16(3 + rng.IntN(18))
		in.talk = talkTime(lognormal(rng, float64(c.talk), .85))
	default:
		in.ring = int16(8 + rng.IntN(36))
	}
}

// talkTime is a length of talking within reason.
func talkTime(seconds float64) int32 { return int32(math.Min(math.Max(seconds, 2), 3*3600)) }

// callIn plans a call from outside, forwarded where the person has that, and called back where it was missed.
func (r *run) callIn(p *person, at belwacht.Instant) {
	rng := r.rng
	from := contact{}
	if len(p.contacts) > 0 && chance(rng, .6) {
		from = p.contacts[zipf(rng, len(p.contacts), 2)]
	} else {
		from = r.o.geo.newContact(rng, p)
	}
	in := r.plain(at, p, "", WayIn)
	in.caller = "+" + from.e164
	if p.outside != "" && chance(rng, p.forwards) {
		in.way, in.dialled = WayTransfer, p.outside
		switch {
		case p.kind == belwacht.KindQueue || p.agentOf != "":
			in.way = WayQueue
		case len(p.name)%2 == 0:
			in.way = WayForward
		}
	}
	switch x := rng.Float64(); {
	case in.way == WayIn && at < p.busyUntil && p.kind != belwacht.KindQueue:
		in.disp, in.ring = belwacht.Busy, 0
	case x < .74:
		in.ring = int16(2 + rng.IntN(22))
		in.talk = talkTime(lognormal(rng, float64(from.talk), .85))
		if in.way == WayIn {
			p.busyUntil = at + belwacht.Instant(int32(in.ring)+in.talk)*belwacht.Second
		}
	case x < .78:
		in.disp, in.ring = belwacht.Busy, int16(rng.IntN(3))
	default:
		in.ring = int16(5 + rng.IntN(40))
	}
	r.buffer = append(r.buffer, in)
	if in.talk == 0 && in.way == WayIn && chance(rng, .3) {
		back := r.plain(at+belwacht.Instant(lognormal(rng, 1500, 1))*belwacht.Second, p, from.dialled, WayOut)
		back.tries = 1
		r.outcome(&back, &from)
		r.buffer = append(r.buffer, back)
	}
}

// callInside plans a call to a colleague.
func (r *run) callInside(p *person, at belwacht.Instant) {
	rng := r.rng
	to := pick(rng, p.colleagues)
	if to == p {
		return
	}
	in := r.plain(r.free(p, at), p, to.name, WayInside)
	switch x := rng.Float64(); {
	case x < .66:
		in.ring, in.talk = int16(2+rng.IntN(14)), talkTime(lognormal(rng, 50, .9))
		p.busyUntil = in.start + belwacht.Instant(int32(in.ring)+in.talk)*belwacht.Second
	case x < .78:
		in.disp, in.ring = belwacht.Busy, 1
	default:
		in.ring = int16(6 + rng.IntN(25))
	}
	r.buffer = append(r.buffer, in)
}

// pad4 writes a number in four digits.
func pad4(n int) string {
	return string([]byte{byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
}
