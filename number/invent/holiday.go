package invent

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

// IsHoliday says whether a date is a public holiday by a list of "MM-DD" and "E+days from Easter Sunday".
func IsHoliday(list string, date time.Time) bool {
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

// SchoolHoliday says whether schools are closed, roughly as in most of Europe.
func SchoolHoliday(date time.Time) bool {
	yd := date.YearDay()
	return yd < 7 || yd > 355 || yd > 45 && yd < 54 || yd > 110 && yd < 124 || yd > 192 && yd < 236 || yd > 290 && yd < 299
}
