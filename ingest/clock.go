package ingest

import (
	"time"

	"github.com/belwacht/belwacht"
)

// Clock turns what a file writes on its clock into instants. What it writes is "naive": no zone stands beside it. Naive times are held as
// seconds since 1970 as if they were UTC. It is for one goroutine.
type Clock struct {
	zone  *time.Location
	slots [256]slot // offsets by quarter of an hour, direct mapped

	date [10]byte // the last date seen, and its day number: rows of one day follow each other
	days int64

	hours [2]hour // the last ones read, even and odd
}

// hour is an hour whose times are one instant each.
type hour struct {
	known      bool
	head, tail uint64 // the first and the last eight bytes of what is written up to its minutes, as in "2026-03-02 09:"
	start      belwacht.Instant
}

// slot is the offset from UTC of one quarter of an hour of naive time. In the doubled hour of autumn there are two.
type slot struct {
	quarter       int64
	first, second int32 // seconds; first is the larger, which is the earlier instant
}

// NewClock makes a clock that shows a zone's time.
func NewClock(zone *time.Location) *Clock {
	c := &Clock{zone: zone}
	for i := range c.slots {
		c.slots[i].quarter = -1
	}
	return c
}

// Offsets finds the offsets of a naive time. The two differ only where the clock shows that time twice. In the hour that spring skips
// they are what held before it.
func (c *Clock) Offsets(naive int64) (int64, int64) {
	q := naive / 900
	s := &c.slots[uint64(q)&255]
	if s.quarter != q {
		before, after := c.offsetAt(naive-86400), c.offsetAt(naive+86400)
		first, second := max(before, after), min(before, after)
		fits1, fits2 := c.offsetAt(naive-first) == first, c.offsetAt(naive-second) == second
		switch {
		case fits1 && !fits2:
			second = first
		case fits2 && !fits1:
			first = second
		case !fits1:
			first, second = before, before
		}
		*s = slot{quarter: q, first: int32(first), second: int32(second)}
	}
	return int64(s.first), int64(s.second)
}

// offsetAt is the zone's offset at a second of UTC.
func (c *Clock) offsetAt(second int64) int64 {
	_, o := time.Unix(second, 0).In(c.zone).Zone()
	return int64(o)
}

// Plain reads what Naive reads and gives its instant, where the zone's clock shows that time once. It is the fast way: most times lie in the hour
// of the time before.
func (c *Clock) Plain(s string) (belwacht.Instant, bool) {
	if len(s) < 19 {
		return 0, false
	}
	h := &c.hours[s[12]&1]
	if !(h.known && word(s[:8]) == h.head && word(s[6:14]) == h.tail) && !c.enter(h, s) {
		return 0, false
	}
	rest := word(s[11:19])>>24 ^ 0x30_30_3a_30_30 // of "30:59" the digits' values, the first lowest, and 0 between
	m, x := rest&15*10+rest>>8&15, rest>>24&15*10+rest>>32&15
	if (rest|(rest+0x06_06_00_06_06))&0xf0_f0_ff_f0_f0 != 0 || m > 59 || x > 59 || len(s) > 19 && s[19] != '.' {
		return 0, false
	}
	return h.start + belwacht.Instant(m*60+x)*belwacht.Second, true
}

// word is the first eight bytes of s, the first the lowest.
func word(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// enter makes h the hour of a time, false where that is none or the clock is put forward or back in it.
func (c *Clock) enter(h *hour, s string) bool {
	naive, ok := c.Naive(s)
	if !ok {
		return false
	}
	naive -= naive % 3600
	offset, _ := c.Offsets(naive)
	for quarter := range int64(4) {
		if first, second := c.Offsets(naive + quarter*900); first != offset || second != offset {
			return false
		}
	}
	h.known, h.head, h.tail = true, word(s[:8]), word(s[6:14])
	h.start = belwacht.Instant(naive-offset) * belwacht.Second
	return true
}

// Near is the instant of a naive time; of two, the one nearer to want (seconds UTC), the first where want is 0.
func (c *Clock) Near(naive, want int64) belwacht.Instant {
	first, second := c.Offsets(naive)
	t := naive - first
	if first != second && want != 0 {
		if u := naive - second; abs(u-want) < abs(t-want) {
			t = u
		}
	}
	return belwacht.Instant(t) * belwacht.Second
}

// NotBefore is the instant of a naive time; of two, the earliest that is not before the second of UTC given, the later one where both are.
func (c *Clock) NotBefore(naive, earliest int64) belwacht.Instant {
	first, second := c.Offsets(naive)
	t := naive - first
	if first != second && t < earliest {
		t = naive - second
	}
	return belwacht.Instant(t) * belwacht.Second
}

func abs(v int64) int64 { return max(v, -v) }

// Naive reads YYYY-MM-DD HH:MM:SS, with a T between and parts of a second after it as well. It does not allocate.
func (c *Clock) Naive(s string) (int64, bool) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	if len(s) > 19 && s[19] != '.' {
		return 0, false
	}
	if s[:10] != string(c.date[:]) {
		d, ok := dayOf(s[:10])
		if !ok {
			return 0, false
		}
		c.days = d
		copy(c.date[:], s)
	}
	h, ok1 := two(s[11], s[12])
	m, ok2 := two(s[14], s[15])
	x, ok3 := two(s[17], s[18])
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || x > 60 {
		return 0, false
	}
	return c.days*86400 + h*3600 + m*60 + x, true
}

// two reads two digits.
func two(a, b byte) (int64, bool) {
	a, b = a-'0', b-'0'
	return int64(a)*10 + int64(b), a <= 9 && b <= 9
}

// dayOf is the number of days from 1970-01-01 to the date YYYY-MM-DD, 1970 to 2199.
func dayOf(s string) (int64, bool) {
	c1, ok1 := two(s[0], s[1])
	c2, ok2 := two(s[2], s[3])
	m, ok3 := two(s[5], s[6])
	d, ok4 := two(s[8], s[9])
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return 0, false
	}
	return civil(c1*100+c2, m, d)
}

// civil is the day number of a date of the Gregorian calendar, false where there is no such date.
func civil(y, m, d int64) (int64, bool) {
	if y < 1970 || y > 2199 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	t := time.Date(int(y), time.Month(m), int(d), 0, 0, 0, 0, time.UTC)
	return t.Unix() / 86400, t.Day() == int(d)
}
