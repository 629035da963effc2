package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"strconv"

	"github.com/belwacht/belwacht"
)

// probe is the state of an attacker who looks for the way out: he dials a target under prefixes until it connects, and then uses
// what worked.
type probe struct {
	prefixes []string
	at       int
	works    string // a prefix that connected, "-" none yet
	found    bool
	calls    int
	tail     bool   // the last digits go up by one with each attempt
	repeat   int    // times that each prefix is tried
	head     string // counting: what stands before and behind a number that goes up; "" = goes through the prefixes
	count    int
	foot     string
}

// next is the attempt of a prober at a target.
func (p *probe) next(a *attacker, g *invent.Geography, in *intent, e164 string) {
	prefix := p.works
	switch {
	case p.found && (p.calls < 8 && invent.Chance(a.rng, .7) || invent.Chance(a.rng, .2)):
	default:
		step := p.at / max(p.repeat, 1)
		prefix = p.prefixes[step%len(p.prefixes)]
		if p.head != "" && step%8 != 7 {
			prefix = p.head + strconv.Itoa(p.count+step) + p.foot
		}
		p.at++
		p.found = p.found && p.calls < 30
	}
	if p.tail {
		last := e164[len(e164)-1]
		e164 = e164[:len(e164)-1] + string('0'+(last-'0'+byte(p.at%10))%10)
	}
	in.dialled, in.talk, in.disp, in.ring = prefix+e164, 0, belwacht.Failed, 0
	if !g.Connects(in.dialled, e164) {
		return
	}
	p.works, p.found = prefix, true
	p.calls++
	if invent.Chance(a.rng, .85) {
		in.ring, in.talk = int16(1+a.rng.IntN(6)), talkTime(invent.Lognormal(a.rng, a.talk, .8))
	}
}
