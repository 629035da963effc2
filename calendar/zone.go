package calendar

import (
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// offsets are a zone's distances from UTC in milliseconds: from starts[i] on, value[i] holds.
type offsets struct {
	starts []int64
	value  []int64
	// bucket[k] is the index of the entry in force at the start of the k-th span of 2^32 ms (50 days) since 2000: zones change twice a
	// year, so from there it is at most a step or two.
	bucket []uint16
	origin int64
}

// loadZone finds a zone by its IANA name. "Local" is refused: it is the machine's zone and not the organisation's.
func loadZone(name string) (*time.Location, error) {
	if name == "" || strings.EqualFold(name, "local") || len(name) > 64 {
		return nil, belwacht.Errorf(belwacht.Config, "timezone: is missing; write the organisation's, such as Europe/Amsterdam")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "timezone: %q is no time zone; write AREA/CITY, such as Europe/Amsterdam or America/New_York", name)
	}
	return zone, nil
}

// tabulate lists the changes of a zone from 2000 to 2100.
func tabulate(zone *time.Location) offsets {
	t := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	o := offsets{origin: t.UnixMilli()}
	for t.Before(end) {
		_, seconds := t.In(zone).Zone()
		if n := len(o.value); n == 0 || o.value[n-1] != int64(seconds)*1000 {
			o.starts = append(o.starts, t.UnixMilli())
			o.value = append(o.value, int64(seconds)*1000)
		}
		_, next := t.In(zone).ZoneBounds()
		if next.IsZero() {
			break
		}
		if !next.After(t) {
			// On 31 December of a leap year Go 1.26 gives the instant itself as the end (its year is 365 days long): a day on, it goes right again.
			next = t.Add(24 * time.Hour)
		}
		t = next
	}
	o.starts = append(o.starts, end.UnixMilli())
	i := 0
	for at := o.origin; at+1<<32 <= end.UnixMilli(); at += 1 << 32 {
		for i+2 < len(o.starts) && o.starts[i+1] <= at {
			i++
		}
		o.bucket = append(o.bucket, uint16(i))
	}
	return o
}

// offsetAt is the distance from UTC at an instant, in milliseconds.
func (c *Calendar) offsetAt(ms int64) int64 {
	o := &c.offsets
	k := uint64(ms-o.origin) >> 32
	if k >= uint64(len(o.bucket)) {
		_, seconds := time.UnixMilli(ms).In(c.zone).Zone()
		return int64(seconds) * 1000
	}
	i := int(o.bucket[k])
	for o.starts[i+1] <= ms { // starts has one entry more than value, the end of the last
		i++
	}
	return o.value[i]
}
