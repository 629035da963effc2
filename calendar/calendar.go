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

// Night is the day whose evening a night belongs to: what happens before noon belongs to the evening before.
func (m *Moment) Night() int32 {
	if m.HourOfWeek%24 < 12 {
		return m.Day - 1
	}
	return m.Day
}

// Daytime says whether it is an hour of the week at which people commonly work, where the owner has not said when they do.
func (m *Moment) Daytime() bool {
	h := m.HourOfWeek % 24
	return m.HourOfWeek < 120 && !m.Holiday && h >= 7 && h < 20
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

// sinceMarch0 is the number of days from 0000-03-01 to 1970-01-01: counted from there, days are never negative and each leap day ends its
// year, which keeps the arithmetic unsigned and short.
const sinceMarch0 = 719_468

// At says what an instant is on the organisation's clock. It allocates nothing and takes no lock. Instants before the year 1 are taken
// as its beginning.
func (c *Calendar) At(i belwacht.Instant) Moment {
	ms := max(int64(i), -(sinceMarch0-366)*86_400_000)
	local := uint64(ms + c.offsetAt(ms) + sinceMarch0*86_400_000)
	day := uint32(local / 86_400_000)
	minute := uint32(local%86_400_000)/60_000 + (day+2)%7*1440 // 0000-03-01 was a Wednesday
	m := Moment{HourOfWeek: uint8(minute / 60), MinuteOfWeek: int16(minute), Day: int32(day) - sinceMarch0, Month: monthOf(day), HasHours: c.hasHours}
	if n := day - (sinceMarch0 + firstDay); n <= lastDay-firstDay {
		m.Holiday = c.holiday[n/64]>>(n%64)&1 != 0
	}
	m.Open = !m.Holiday && c.open[minute/64]>>(minute%64)&1 != 0
	return m
}

// monthOf is year × 12 + month − 1 of a day since 0000-03-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func monthOf(day uint32) int32 {
	era, of := day/146_097, day%146_097
	year := (of - of/1460 + of/36_524 - of/146_096) / 365
	of -= 365*year + year/4 - year/100
	// Months are counted from March, the third of its year; January and February count to the next year, which the sum does by itself.
	return int32((era*400+year)*12 + (5*of+2)/153 + 2)
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
