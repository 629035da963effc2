package text

import (
	"fmt"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// Seconds is a length of time in the one or two units that say it best: "42 seconds", "3 min 20 s", "2 h 5 min", "3 days".
func Seconds(l Language, s int64) string {
	if s < 0 {
		return "-" + Seconds(l, -s)
	}
	switch {
	case s < 60:
		return Plural(l, s, l.Pick("second", "seconde"), l.Pick("seconds", "seconden"))
	case s < 3600:
		return two(l, s/60, "min", s%60, "s")
	case s < 48*3600:
		return two(l, s/3600, l.Pick("h", "u"), s%3600/60, "min")
	default:
		return Days(l, s/86400)
	}
}

// two is a count of a unit and, where it is not zero, of the next smaller one.
func two(l Language, a int64, ua string, b int64, ub string) string {
	if b == 0 {
		return Count(l, a) + " " + ua
	}
	return Count(l, a) + " " + ua + " " + Count(l, b) + " " + ub
}

// Days is a number of days, in weeks from two weeks on: "10 days", "8 weeks".
func Days(l Language, days int64) string {
	if days >= 14 {
		return Plural(l, days/7, "week", l.Pick("weeks", "weken"))
	}
	return Plural(l, days, l.Pick("day", "dag"), l.Pick("days", "dagen"))
}

// Weekday is the day's name; sentences in Dutch do not capitalise it.
func Weekday(l Language, d time.Weekday) string {
	names := [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	return l.Pick(d.String(), names[d%7])
}

// MonthName is the month's name.
func MonthName(l Language, m time.Month) string {
	names := [13]string{"", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}
	return l.Pick(m.String(), names[max(0, min(int(m), 12))])
}

// Date is "18 April 2026" or "18 april 2026", as the clock of zone had it.
func Date(l Language, i belwacht.Instant, zone *time.Location) string {
	t := i.Time().In(zone)
	return fmt.Sprintf("%d %s %d", t.Day(), MonthName(l, t.Month()), t.Year())
}

// Clock is "Sunday 03:12" or "zondag 03:12": when in the week it was.
func Clock(l Language, i belwacht.Instant, zone *time.Location) string {
	t := i.Time().In(zone)
	return Weekday(l, t.Weekday()) + t.Format(" 15:04")
}

// Moment is "Sunday 18 April 2026 03:12" in full, to the minute.
func Moment(l Language, i belwacht.Instant, zone *time.Location) string {
	t := i.Time().In(zone)
	return Weekday(l, t.Weekday()) + " " + Date(l, i, zone) + t.Format(" 15:04")
}

// List joins words as a sentence does: "a, b and c".
func List(l Language, words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + l.Pick(" and ", " en ") + words[len(words)-1]
}
