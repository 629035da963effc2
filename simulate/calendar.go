package simulate

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// easter is Easter Sunday of a year (the Gregorian computus of Meeus, Jones and Butcher).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month := (h + l - 7*m + 114) / 31
	return time.Date(year, time.Month(month), (h+l-7*m+114)%31+1, 0, 0, 0, 0, time.UTC)
}

// isHoliday says whether a date is a public holiday by a list of "MM-DD" and "E+days from Easter Sunday".
func isHoliday(list string, date time.Time) bool {
	offset := int(math.Round(time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, time.UTC).Sub(easter(date.Year())).Hours() / 24))
	for _, h := range strings.Fields(list) {
		if rest, ok := strings.CutPrefix(h, "E"); ok {
			if n, err := strconv.Atoi(rest); err == nil && n == offset {
				return true
			}
		} else if h == date.Format("01-02") {
			return true
		}
	}
	return false
}

// today is what a day of the history is like.
type today struct {
	date     time.Time // local midnight
	weekday  int       // Monday 0
	holiday  bool
	activity float64 // how much is telephoned, 1 = usual
}

// makeDays lays out the calendar of a history.
func (o *Organisation) makeDays() {
	rng := stream(o.seed, streamDays)
	growth := math.Pow(lognormal(rng, 1.05, .15), 1/float64(o.days))
	year, month, day := o.start.Date()
	week := 1.0
	for d := range o.days + 1 {
		date := time.Date(year, month, day+d, 0, 0, 0, 0, o.geo.loc)
		t := today{date: date, weekday: (int(date.Weekday()) + 6) % 7, holiday: isHoliday(o.geo.nation.holidays, date)}
		if t.weekday == 0 {
			week = lognormal(rng, 1, .08)
		}
		t.activity = week * lognormal(rng, 1, .08) * math.Pow(growth, float64(d)) * []float64{1.08, 1.04, 1, 1, .86, .8, .7}[t.weekday]
		switch yd := date.YearDay(); {
		case yd > 195 && yd < 232:
			t.activity *= .72
		case yd > 356 || yd < 4:
			t.activity *= .5
		}
		if o.config.Kind == "school" && schoolHoliday(date) {
			t.activity *= .04
		}
		o.calendar = append(o.calendar, t)
	}
}

// schoolHoliday says whether schools are closed, roughly as in most of Europe.
func schoolHoliday(date time.Time) bool {
	yd := date.YearDay()
	return yd < 7 || yd > 355 || yd > 45 && yd < 54 || yd > 110 && yd < 124 || yd > 192 && yd < 236 || yd > 290 && yd < 299
}
