package report

import (
	"time"

	"github.com/belwacht/belwacht"
)

// clock turns instants into local days and hours of the week. It remembers the span in which the zone's offset holds, because
// asking the zone for each of ten million calls would cost more than all else that is counted of them.
type clock struct {
	zone       *time.Location
	from, till belwacht.Instant // in which offset holds; till is exclusive
	offset     belwacht.Instant
}

func newClock(zone *time.Location) clock {
	if zone == nil {
		zone = time.UTC
	}
	return clock{zone: zone}
}

// local returns the day since 1 January 1970 and the hour of the week (Monday 00:00 = 0) at which i falls in the zone.
func (c *clock) local(i belwacht.Instant) (day int32, hour int) {
	if i < c.from || i >= c.till {
		c.seek(i)
	}
	l := i + c.offset
	d := l / belwacht.Day
	if l%belwacht.Day < 0 {
		d--
	}
	weekday := (int(d%7) + 7 + 3) % 7 // 1 January 1970 was a Thursday
	return int32(d), weekday*24 + int((l-d*belwacht.Day)/belwacht.Hour)
}

// seek finds the span around i in which the offset does not change.
func (c *clock) seek(i belwacht.Instant) {
	t := time.UnixMilli(int64(i)).In(c.zone)
	_, seconds := t.Zone()
	c.offset = belwacht.Instant(seconds) * belwacht.Second
	start, end := t.ZoneBounds()
	c.from, c.till = -1<<62, 1<<62
	if !start.IsZero() {
		c.from = belwacht.Instant(start.UnixMilli())
	}
	if !end.IsZero() {
		c.till = belwacht.Instant(end.UnixMilli())
	}
}

// date is the day as a time, midnight UTC, for printing its date only.
func date(day int32) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }
