package login

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/snapshot"
)

// surge counts what happens within an hour and knows how much is usual: the peak of hours that are over, which grows by half and a little in an
// hour at most, so that a flood does not make itself usual, and fades by three hundredths a day.
type surge struct {
	sum         count.Window
	usual, peak float32
	hour, faded belwacht.Instant
}

func newSurge() surge { return surge{sum: count.NewWindow(belwacht.Hour)} }

// add counts one and returns how many there are within the hour.
func (s *surge) add(at belwacht.Instant) int {
	if s.faded == 0 {
		s.hour, s.faded = at, at
	}
	if at >= s.hour+belwacht.Hour {
		s.usual = max(s.usual, min(s.peak, s.usual*1.5+4))
		s.peak, s.hour = 0, at
	}
	for days := 0; s.faded+belwacht.Day < at; days++ {
		if days == 400 { // a year and more of silence: nothing is usual any more
			s.usual, s.faded = 0, at
			break
		}
		s.faded += belwacht.Day
		s.usual *= 0.97
	}
	s.sum.Add(at, 1)
	n := float32(s.sum.Sum(at))
	s.peak = max(s.peak, n)
	return int(n)
}

// unusual says whether n is at least least and three times what is usual.
func (s *surge) unusual(n, least int) bool { return n >= least && float32(n) >= 3*s.usual }

func (s *surge) state(c *snapshot.Codec) {
	s.sum.State(c)
	c.Float32(&s.usual)
	c.Float32(&s.peak)
	c.Int64((*int64)(&s.hour))
	c.Int64((*int64)(&s.faded))
}

// tally counts within an hour from its first on, and remembers a few of the different things that were counted.
type tally struct {
	since uint32 // seconds
	n     uint32
	told  uint32            // when a sign was given, in seconds
	kinds [manyKinds]uint32 // hashes of different things
	known uint8             // how many of them
}

// manyKinds is from how many different things on they are many.
const manyKinds = 10

// add counts one of a kind. It returns whether the kind is new within this hour.
func (t *tally) add(now uint32, kind uint64) bool {
	if now >= t.since+3600 {
		*t = tally{since: now, told: t.told}
	}
	t.n++
	short := uint32(kind>>32) | 1
	for _, k := range t.kinds[:t.known] {
		if k == short {
			return false
		}
	}
	if t.known < manyKinds {
		t.kinds[t.known] = short
		t.known++
	}
	return true
}

// tell says whether a sign may be given, and notes that it was.
func (t *tally) tell(now uint32) bool {
	if t.told != 0 && now < t.told+3600 {
		return false
	}
	t.told = now
	return true
}

func (t *tally) state(c *snapshot.Codec) {
	c.Uint32(&t.since)
	c.Uint32(&t.n)
	c.Uint32(&t.told)
	t.known = uint8(c.Len(int(t.known), manyKinds))
	for i := range t.kinds[:t.known] {
		c.Uint32(&t.kinds[i])
	}
}
