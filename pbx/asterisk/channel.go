package asterisk

import (
	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// Bounds of what is remembered.
const (
	maxChannels = 20_000
	maxGone     = 4096 // channels that have ended, so that an event out of order does not raise them
	maxText     = 256  // bytes of a string of the PBX's that is kept
	maxChain    = 16   // how far a chain of forwards is followed
)

// channel is one that runs at the PBX, with what it has done so far.
type channel struct {
	id, name, link string
	is             wire.Channel
	began          belwacht.Instant
	seen           uint64 // the how manieth it is
	// As it began: what was dialled, in which context, and the number that the caller shows.
	exten, context, caller string
	born                   bool // it was told as it began
	listed                 bool // it began before we came, and a list has said how
	help                   bool // and the dial plan had let it out as a call for help
	called                 bool // a dial of it was told
	placed                 bool // its call was begun by its own end, not by the PBX
	up                     bool
	bridge                 string

	// Who called it, when that is known, where the caller's dial plan stood then, and whose phone had sent the caller on with a 302.
	by                 *channel
	byExten, byForward string
	rang               string // EXTTOCALL: the extension last rung, where channelvars has it

	// What it has done.
	transferer string  // the endpoint that sent it on by a blind transfer
	forwarder  string  // the endpoint whose phone answered 302
	stands     string  // where its dial plan stood as it last dialled
	phone      string  // the phone that it reached last
	phones     int     // how many it has reached
	phoneUp    bool    // that phone answered
	dialled    bool    // it has dialled something
	away       bool    // a call over a trunk has come of it
	call       *call   // that it opened: one that came in, or in the house
	outs       []*call // over a trunk, that it dialled and that have not ended
	count      int     // of those, ended ones too
	leg        *call   // the call over a trunk whose leg it is
}

// foreign says whether a channel is known by what it did later only: neither its beginning nor a dial was told.
func (c *channel) foreign() bool {
	return !c.born && !c.listed && !c.dialled && !c.called && c.leg == nil && c.call == nil
}

// local says whether a channel is one half of a Local channel.
func (c *channel) local() bool { return c.is.Local() }

// channels are those that run, in the order in which they were seen first.
type channels struct {
	byID      map[string]*channel
	byName    map[string]*channel
	bridges   map[string][]*channel
	order     []*channel // oldest first; those that are gone are in it until it is swept
	gone      map[string]struct{}
	goneRing  [maxGone]string
	goneNext  int
	forgotten int64
}

func newChannels() *channels {
	return &channels{byID: map[string]*channel{}, byName: map[string]*channel{}, bridges: map[string][]*channel{}, gone: map[string]struct{}{}}
}

// add takes in a channel. Where there are too many it gives the oldest, which must be let go.
func (s *channels) add(c *channel) (oldest *channel) {
	s.byID[c.id], s.byName[c.name] = c, c
	s.order = append(s.order, c)
	if len(s.order) > 2*maxChannels {
		kept := s.order[:0]
		for _, o := range s.order {
			if s.byID[o.id] == o {
				kept = append(kept, o)
			}
		}
		clear(s.order[len(kept):])
		s.order = kept
	}
	if len(s.byID) <= maxChannels {
		return nil
	}
	s.forgotten++
	for len(s.order) > 0 {
		oldest = s.order[0]
		s.order = s.order[1:]
		if s.byID[oldest.id] == oldest {
			return oldest
		}
	}
	return nil
}

// rename gives a channel another name.
func (s *channels) rename(c *channel, name string) {
	if s.byName[c.name] == c {
		delete(s.byName, c.name)
	}
	c.name, c.is = name, wire.ParseChannel(name)
	s.byName[name] = c
}

// remove takes out a channel that has ended.
func (s *channels) remove(c *channel) {
	s.leave(c)
	delete(s.byID, c.id)
	if s.byName[c.name] == c {
		delete(s.byName, c.name)
	}
	s.bury(c.id)
}

// bury notes that the channel of an id has ended.
func (s *channels) bury(id string) {
	if _, known := s.gone[id]; known {
		return
	}
	delete(s.gone, s.goneRing[s.goneNext])
	s.goneRing[s.goneNext] = id
	s.goneNext = (s.goneNext + 1) % maxGone
	s.gone[id] = struct{}{}
}

// enter notes that a channel is in a bridge.
func (s *channels) enter(c *channel, bridge string) {
	s.leave(c)
	if bridge != "" {
		c.bridge = bridge
		s.bridges[bridge] = append(s.bridges[bridge], c)
	}
}

// leave notes that a channel is in no bridge.
func (s *channels) leave(c *channel) {
	if c.bridge == "" {
		return
	}
	in := s.bridges[c.bridge]
	for i, o := range in {
		if o == c {
			in[i] = in[len(in)-1]
			in[len(in)-1] = nil
			in = in[:len(in)-1]
			break
		}
	}
	if len(in) == 0 {
		delete(s.bridges, c.bridge)
	} else {
		s.bridges[c.bridge] = in
	}
	c.bridge = ""
}

// mates calls yield for each channel that is in a bridge with c, until it returns false.
func (s *channels) mates(c *channel, yield func(*channel) bool) {
	if c.bridge == "" {
		return
	}
	for _, o := range s.bridges[c.bridge] {
		if o != c && !yield(o) {
			return
		}
	}
}

// other is the other half of a Local channel, nil where it is not there.
func (s *channels) other(c *channel) *channel {
	switch c.is.Half {
	case wire.One:
		return s.byName[c.is.Base+";2"]
	case wire.Two:
		return s.byName[c.is.Base+";1"]
	}
	return nil
}

// caller is the channel before c on the way to who began the call: who dialled it, or of a Local channel who dialled its first half, or by keys is in a
// bridge with that to transfer somebody. keys says the latter.
func (s *channels) caller(c *channel) (before *channel, keys bool) {
	if c.is.Half != wire.Two {
		return c.by, false
	}
	first := s.other(c)
	if first == nil {
		return nil, false
	}
	if first.by != nil {
		return first.by, false
	}
	s.mates(first, func(o *channel) bool {
		before = o
		return o.local()
	})
	if before == nil { // it has not entered the bridge yet: who shows this number and is up in the same call
		for _, o := range s.byID {
			if o.up && o.link == c.link && !o.local() && o.is.Endpoint == c.caller && c.caller != "" {
				return o, true
			}
		}
	}
	return before, before != nil
}

// opener is the channel that began the call of c, c itself where nothing is before it.
func (s *channels) opener(c *channel) *channel {
	for range maxChain {
		before, _ := s.caller(c)
		if before == nil {
			break
		}
		c = before
	}
	return c
}
