package calendar

import (
	"time"
	_ "time/tzdata" // so that a time zone is known on a machine without zone files

	"github.com/belwacht/belwacht"
)

// The liberation days of Config.
const (
	LiberationNever  = "never"
	LiberationLustre = "lustrum" // 2025, 2030, …: what most Dutch collective agreements give
	LiberationEvery  = "every"
)

// Config is what the owner says of his calendar. Only Timezone is required.
type Config struct {
	Timezone    string   // IANA name, such as Europe/Amsterdam
	Country     string   // ISO 3166-1 alpha-2, for public holidays
	OfficeHours string   // see ParseHours; "" or "none" = not known
	Liberation  string   // 5 May in the Netherlands: never, lustrum or every; "" = lustrum
	GoodFriday  *bool    // a day off? nil = as the country has it; in the Netherlands a working day
	Closed      []string // own closing days: "2026-12-24" or "2026-12-24..2027-01-01", both ends included
	Holidays    *bool    // false: public holidays are working days
}

// Moment is an instant on the organisation's clock.
type Moment struct {
	HourOfWeek   uint8 // 0 to 167, Monday 00:00 = 0
	MinuteOfWeek int16 // 0 to 10,079
	Day          int32 // local days since 1970-01-01
	Month        int32 // year × 12 + month − 1: a calendar month, as invoices have it
	HasHours     bool  // office hours are known; without them Open says nothing
	Open         bool  // within office hours, on no holiday
	Holiday      bool  // a public holiday or own closing day
}

// The days that the tables cover: 2000-01-01 to 2100-12-31.
const (
	firstYear = 2000
	lastYear  = 2100
	firstDay  = 10957
	lastDay   = 47846
)

// Calendar answers At. It is immutable after New, so any number of goroutines may use it.
type Calendar struct {
	zone     *time.Location
	offsets  offsets
	hours    *belwacht.TimeWindows
	open     [(10080 + 63) / 64]uint64                  // a bit a minute of the week
	holiday  [(lastDay - firstDay + 1 + 63) / 64]uint64 // a bit a day
	days     []publicDay
	known    bool // the country's holidays are known
	closed   []span
	hasHours bool
}

// New checks a Config and makes its tables. Errors are of code Config and name the key.
func New(c Config) (*Calendar, error) {
	zone, err := loadZone(c.Timezone)
	if err != nil {
		return nil, err
	}
	hours, err := ParseHours(c.OfficeHours)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "office_hours: %w", err)
	}
	cal := &Calendar{zone: zone, offsets: tabulate(zone), hours: hours, hasHours: hours != nil}
	if hours != nil {
		for _, s := range hours.Spans {
			for m := s[0]; m < s[1]; m++ {
				cal.open[m/64] |= 1 << (m % 64)
			}
		}
	}
	if cal.days, cal.known, err = holidaysOf(c); err != nil {
		return nil, err
	}
	if cal.closed, err = parseClosed(c.Closed); err != nil {
		return nil, err
	}
	for year := firstYear; year <= lastYear; year++ {
		for _, d := range cal.days {
			d.in(year, cal.mark)
		}
	}
	for _, s := range cal.closed {
		for d := s.first; d <= s.last; d++ {
			cal.mark(d)
		}
	}
	return cal, nil
}

// mark makes a day a holiday.
func (c *Calendar) mark(day int32) {
	if day >= firstDay && day <= lastDay {
		i := uint32(day - firstDay)
		c.holiday[i/64] |= 1 << (i % 64)
	}
}

// Zone is the organisation's time zone.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Hours is the office hours, or nil where they are not known.
func (c *Calendar) Hours() *belwacht.TimeWindows { return c.hours }

// KnowsHolidays says whether public holidays are known for the organisation's country; where not, only its own closing days count.
func (c *Calendar) KnowsHolidays() bool { return c.known }

// At says what an instant is on the organisation's clock. It allocates nothing and takes no lock.
func (c *Calendar) At(i belwacht.Instant) Moment {
	ms := int64(i)
	local := ms + c.offsetAt(ms)
	day := local / 86_400_000
	rest := local % 86_400_000
	if rest < 0 {
		day, rest = day-1, rest+86_400_000
	}
	weekday := (day + 3) % 7 // 1970-01-01 was a Thursday, the fourth day from Monday
	if weekday < 0 {
		weekday += 7
	}
	minute := weekday*1440 + rest/60_000
	m := Moment{HourOfWeek: uint8(minute / 60), MinuteOfWeek: int16(minute), Day: int32(day), Month: monthOf(day), HasHours: c.hasHours}
	if n := day - firstDay; n >= 0 && n <= lastDay-firstDay {
		m.Holiday = c.holiday[n/64]>>(n%64)&1 != 0
	}
	m.Open = !m.Holiday && c.open[minute/64]>>(minute%64)&1 != 0
	return m
}

// monthOf is year × 12 + month − 1 of a day since 1970-01-01, by counting years from 1 March so that the leap day comes last
// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func monthOf(day int64) int32 {
	z := day + 719_468
	era := z / 146_097
	if z < 0 {
		era = (z - 146_096) / 146_097
	}
	doe := uint32(z - era*146_097)
	yoe := (doe - doe/1460 + doe/36_524 - doe/146_096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := int64(5*doy+2) / 153 // 0 = March
	// March is month index 2; January and February count to the next year, which the sum does by itself.
	return int32((era*400+int64(yoe))*12 + mp + 2)
}

// Midnight is the first instant of a local day, given as days since 1970-01-01. Where the clock jumps over midnight it is the jump.
func (c *Calendar) Midnight(day int32) belwacht.Instant {
	utc := int64(day) * 86_400_000
	before, after := c.offsetAt(utc-86_400_000), c.offsetAt(utc+86_400_000)
	if t := utc - before; c.offsetAt(t) == before {
		return belwacht.Instant(t)
	}
	t := utc - after
	if c.offsetAt(t) == after {
		return belwacht.Instant(t)
	}
	_, end := time.UnixMilli(t).In(c.zone).ZoneBounds()
	return belwacht.InstantOf(end)
}

// HolidayName is the name of a day that is a public holiday, in the country's own language, or "closed" for an own closing day.
func (c *Calendar) HolidayName(day int32) (string, bool) {
	year := time.Unix(int64(day)*86400, 0).UTC().Year()
	for _, d := range c.days {
		found := false
		for y := year - 1; y <= year+1; y++ { // New Year's Day may be observed in December
			d.in(y, func(at int32) { found = found || at == day })
		}
		if found {
			return d.name, true
		}
	}
	for _, s := range c.closed {
		if day >= s.first && day <= s.last {
			return "closed", true
		}
	}
	return "", false
}
