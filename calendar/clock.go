package calendar

import "github.com/belwacht/belwacht"

// Clock answers as a Calendar does, and remembers the minute that it was asked for last: events come close together in time. The zero Clock is ready. It is
// for one Calendar and one goroutine at a time.
type Clock struct {
	from   belwacht.Instant // of the minute, 0 = none
	moment Moment
}

// minutesFrom is 1 January 2000: no zone's offset has had seconds since, so that a minute on the clock is one of UTC.
const minutesFrom belwacht.Instant = 946_684_800_000

// At is what c.At says.
func (k *Clock) At(c *Calendar, i belwacht.Instant) Moment {
	if k.from != 0 && i-k.from < belwacht.Minute && i >= k.from {
		return k.moment
	}
	m := c.At(i)
	if i >= minutesFrom {
		k.from, k.moment = i-i%belwacht.Minute, m
	}
	return m
}
