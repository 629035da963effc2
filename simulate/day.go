package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"math"
	"slices"

	"github.com/belwacht/belwacht"
)

// live plans a person's ordinary day.
func (r *run) live(p *invent.Person, d int) {
	if p.Role.Name == "spare" || d < p.First || d >= p.Last {
		return
	}
	rng, t := r.rng, &r.o.calendar[d]
	activity := t.activity * r.o.config.Rate
	shift := 0.0
	r.tag = -1
	if p.Odd >= 0 && d >= p.OddFrom && d < p.OddTo {
		r.tag, shift = p.Odd, p.Shift
	}
	if p.Role.Always {
		activity = r.o.config.Rate
	}
	visiting := false
	if !p.Works(d, t.weekday, t.holiday) {
		if !invent.Chance(rng, p.Weekend) { // somebody comes in on a day off
			return
		}
		activity, visiting = .25, true
	}
	out, in, inside := invent.Poisson(rng, p.Out*activity), invent.Poisson(rng, p.In*activity), invent.Poisson(rng, p.Inside*activity)
	n := out + in + inside
	if n == 0 {
		return
	}
	r.hours = r.hours[:0]
	for range n {
		h := p.Hour(rng) + shift
		if visiting {
			h = 8 + 15*math.Pow(rng.Float64(), 1.4)
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
func (r *run) plain(start belwacht.Instant, p *invent.Person, dialled string, w Way) intent {
	in := plain(start, p, dialled, w)
	in.oddity = r.tag
	return in
}

// free is when a person can dial: at the moment, or after the call that he is in.
func (r *run) free(p *invent.Person, at belwacht.Instant) belwacht.Instant {
	if b := p.BusyUntil; b > at && !invent.Chance(r.rng, p.Juggle) {
		return b + belwacht.Instant(4+r.rng.IntN(60))*belwacht.Second
	}
	return at
}

// callOut plans a call to a contact or a new number, with redials.
func (r *run) callOut(p *invent.Person, at belwacht.Instant) {
	rng := r.rng
	var c *invent.Contact
	var made invent.Contact
	switch {
	case p.Campaign != "" && invent.Chance(rng, p.Fresh):
		p.Serial += 1 + rng.IntN(3)
		made = invent.Contact{E164: p.Campaign + invent.Four(p.Serial), Answer: .4, Talk: float32(p.Talk)}
		if p.Serial > 9900 {
			p.Serial = 0
		}
		if !r.o.geo.IsHome(made.E164) { // lists of customers abroad are spread over the country; only at home agents dial through ranges
			made.E164 = p.Campaign[:len(p.Campaign)-2] + invent.Digits(rng, 6)
		}
		made.Dialled, made.Away = r.o.geo.Dial(made.E164, p.Plus > .9), !r.o.geo.IsHome(made.E164)
		c = &made
	case len(p.Contacts) == 0 || p.Kind != belwacht.KindMachine && invent.Chance(rng, p.Fresh):
		made = r.o.geo.NewContact(rng, p)
		if p.Kind != belwacht.KindAgent && invent.Chance(rng, .015) { // a customer service that costs something
			made.E164, made.Away = r.o.geo.NationalPremium(rng), false
			made.Dialled = r.o.geo.Dial(made.E164, false)
		}
		c = &made
		if len(p.Contacts) > 6 && invent.Chance(rng, .3) {
			p.Contacts[len(p.Contacts)/2+rng.IntN(len(p.Contacts)/2)] = made
		}
	default:
		c = &p.Contacts[invent.Zipf(rng, len(p.Contacts), 2.2)]
	}
	at = r.free(p, at)
	if c.Away && invent.Chance(rng, r.o.geo.Slips) {
		wrong := r.plain(at, p, invent.Pick(rng, []string{"", "0", "000", "9"})+c.E164, WayOut)
		wrong.disp, wrong.ring = belwacht.Failed, int16(rng.IntN(2))
		r.buffer = append(r.buffer, wrong)
		at += belwacht.Instant(8+rng.IntN(40)) * belwacht.Second
	}
	for try := 0; ; try++ {
		in := r.plain(at, p, c.Dialled, WayOut)
		in.tries = 1
		r.outcome(&in, c)
		r.buffer = append(r.buffer, in)
		end := at + belwacht.Instant(int32(in.ring)+in.talk)*belwacht.Second
		p.BusyUntil = end
		if in.talk > 0 || try > 3 || !invent.Chance(rng, .22) {
			return
		}
		at = end + belwacht.Instant(invent.Lognormal(rng, 70, 1))*belwacht.Second
	}
}

// outcome draws what becomes of a call to a contact.
func (r *run) outcome(in *intent, c *invent.Contact) {
	rng := r.rng
	switch x := rng.Float32(); {
	case x < .055:
		in.disp, in.ring = belwacht.Busy, int16(rng.IntN(5))
	case x < .07:
		in.disp, in.ring = belwacht.Failed, int16(rng.IntN(2))
	case x < .07+.93*c.Answer:
		in.ring = int16(3 + rng.IntN(18))
		in.talk = talkTime(invent.Lognormal(rng, float64(c.Talk), .85))
	default:
		in.ring = int16(8 + rng.IntN(36))
	}
}

// talkTime is a length of talking within reason.
func talkTime(seconds float64) int32 { return int32(math.Min(math.Max(seconds, 2), 3*3600)) }

// callIn plans a call from outside, forwarded where the person has that, and called back where it was missed.
func (r *run) callIn(p *invent.Person, at belwacht.Instant) {
	rng := r.rng
	from := invent.Contact{}
	if len(p.Contacts) > 0 && invent.Chance(rng, .6) {
		from = p.Contacts[invent.Zipf(rng, len(p.Contacts), 2)]
	} else {
		from = r.o.geo.NewContact(rng, p)
	}
	in := r.plain(at, p, "", WayIn)
	in.caller = "+" + from.E164
	if p.Outside != "" && invent.Chance(rng, p.Forwards) {
		in.way, in.dialled = WayTransfer, p.Outside
		switch {
		case p.Kind == belwacht.KindQueue || p.AgentOf != "":
			in.way = WayQueue
		case len(p.Name)%2 == 0:
			in.way = WayForward
		}
	}
	switch x := rng.Float64(); {
	case in.way == WayIn && at < p.BusyUntil && p.Kind != belwacht.KindQueue:
		in.disp, in.ring = belwacht.Busy, 0
	case x < .74:
		in.ring = int16(2 + rng.IntN(22))
		in.talk = talkTime(invent.Lognormal(rng, float64(from.Talk), .85))
		if in.way == WayIn {
			p.BusyUntil = at + belwacht.Instant(int32(in.ring)+in.talk)*belwacht.Second
		}
	case x < .78:
		in.disp, in.ring = belwacht.Busy, int16(rng.IntN(3))
	default:
		in.ring = int16(5 + rng.IntN(40))
	}
	r.buffer = append(r.buffer, in)
	if in.talk == 0 && in.way == WayIn && invent.Chance(rng, .3) {
		back := r.plain(at+belwacht.Instant(invent.Lognormal(rng, 1500, 1))*belwacht.Second, p, from.Dialled, WayOut)
		back.tries = 1
		r.outcome(&back, &from)
		r.buffer = append(r.buffer, back)
	}
}

// callInside plans a call to a colleague.
func (r *run) callInside(p *invent.Person, at belwacht.Instant) {
	rng := r.rng
	to := invent.Pick(rng, p.Colleagues)
	if to == p {
		return
	}
	in := r.plain(r.free(p, at), p, to.Name, WayInside)
	switch x := rng.Float64(); {
	case x < .66:
		in.ring, in.talk = int16(2+rng.IntN(14)), talkTime(invent.Lognormal(rng, 50, .9))
		p.BusyUntil = in.start + belwacht.Instant(int32(in.ring)+in.talk)*belwacht.Second
	case x < .78:
		in.disp, in.ring = belwacht.Busy, 1
	default:
		in.ring = int16(6 + rng.IntN(25))
	}
	r.buffer = append(r.buffer, in)
}
