package login

import (
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/snapshot"
)

// When something is usual: seen on so many days, first so many seconds ago.
const (
	usualDays = 2
	usualAge  = 3 * 86400
	wellKnown = 5 // good log-ins from which on an account has habits
)

// suspicious is for how long a suspicious log-in weighs on an account's calls, in seconds, after the last from there.
const suspicious = 3 * 86400

// seen is something that an account logged in from or with.
type seen struct {
	key         uint64 // 0 = free
	first, last uint32
	days        uint16
}

// usual says whether it has been seen for long enough.
func (s *seen) usual(now uint32) bool {
	return s.key != 0 && s.days >= usualDays && now >= s.first+usualAge
}

// meet notes one more sight.
func (s *seen) meet(key uint64, now uint32) {
	if s.key != key {
		*s = seen{key: key, first: now, last: now, days: 1}
		return
	}
	if now/86400 != s.last/86400 && s.days < 1<<15 {
		s.days++
	}
	s.last = max(s.last, now)
}

// find returns the one of a key, else the place for it: a free one, or that which was not seen for longest.
func find(list []seen, key uint64) *seen {
	best := &list[0]
	for i := range list {
		switch s := &list[i]; {
		case s.key == key:
			return s
		case best.key != 0 && (s.key == 0 || s.last < best.last):
			best = s
		}
	}
	return best
}

// novel says whether a key is not usual while another one is: 0 where the key is not known at all (no country, no agent).
func novel(list []seen, key uint64, now uint32) bool {
	if key == 0 {
		return false
	}
	other := false
	for i := range list {
		s := &list[i]
		if s.key == key && s.usual(now) {
			return false
		}
		other = other || s.usual(now)
	}
	return other
}

// mark is the last time that something suspicious was seen, and how much of it.
type mark struct {
	at uint32
	n  float32
}

// value is how much there is while it weighs.
func (m mark) value(now uint32) float32 {
	if m.at == 0 || now >= m.at+suspicious {
		return 0
	}
	return m.n
}

// habit is what an account's good log-ins were like.
type habit struct {
	nets   [6]seen
	lands  [4]seen // by country index
	makers [4]seen
	first  uint32
	last   uint32 // good log-in
	good   uint32
	rhythm float32 // usual seconds between two registrations
	active uint32  // last counted as active
	early  uint32  // last counted as out of its rhythm

	session uint64 // of the last good log-in, and its address: a PBX may tell it twice
	own     tally  // failures from its own networks

	forced, land, net, maker, tool mark
	told                           [3]uint32 // of Forced, Strange, Tool
}

// settled says whether enough is known to call something new.
func (h *habit) settled(now uint32) bool { return h.good >= wellKnown && now >= h.first+usualAge }

// owns says whether the account uses a network.
func (h *habit) owns(p network.Place, now uint32) bool {
	for i := range h.nets {
		if s := &h.nets[i]; s.key == p.Net && p.Net != 0 && (s.usual(now) || !h.settled(now)) {
			return true
		}
	}
	return false
}

// Facts is what an account's log-ins say of a call that it makes. The zero Facts say nothing.
type Facts struct {
	Forced  float32 // failed log-ins from a network new to the account before it let somebody in, within three days
	Abroad  float32 // 1 logged in from a country new to the account, 2 from one where nobody here logs in
	Network float32 // 1 logged in from a network new to the account, in a country that is not
	Agent   float32 // 1 logged in with another maker's phone
	Tool    float32 // 1 logged in with a program that attackers use
}

// Facts says what is known of an account now, in seconds since 1970. It allocates nothing and changes nothing.
func (w *Watch) Facts(account string, now uint32) Facts {
	h := w.habits.Get(hash(account))
	if h == nil {
		return Facts{}
	}
	return Facts{Forced: h.forced.value(now), Abroad: h.land.value(now), Network: h.net.value(now), Agent: h.maker.value(now), Tool: h.tool.value(now)}
}

// Known is how many accounts have habits: where it is 0, Facts has nothing to say.
func (w *Watch) Known() int { return w.habits.Len() }

func (s *seen) state(c *snapshot.Codec) {
	c.Uint64(&s.key)
	if s.key == 0 {
		return
	}
	c.Uint32(&s.first)
	c.Uint32(&s.last)
	c.Uint16(&s.days)
}

func (h *habit) state(c *snapshot.Codec) {
	for _, list := range [][]seen{h.nets[:], h.lands[:], h.makers[:]} {
		for i := range list {
			list[i].state(c)
		}
	}
	for _, v := range []*uint32{&h.first, &h.last, &h.good, &h.active, &h.early, &h.told[0], &h.told[1], &h.told[2]} {
		c.Uint32(v)
	}
	c.Float32(&h.rhythm)
	c.Uint64(&h.session)
	h.own.state(c)
	for _, m := range []*mark{&h.forced, &h.land, &h.net, &h.maker, &h.tool} {
		c.Uint32(&m.at)
		c.Float32(&m.n)
	}
}

// decayed is a sum over about a day of the failures from a network.
type decayed struct{ fails count.Decay }

func (d *decayed) state(c *snapshot.Codec) { d.fails.State(c) }

// halfDay is its half-life in seconds.
const halfDay = 43200
