package simulate

import (
	"github.com/belwacht/belwacht/number/invent"
	"math"
	"time"
)

// today is what a day of the history is like.
type today struct {
	date     time.Time // local midnight
	weekday  int       // Monday 0
	holiday  bool
	activity float64 // how much is telephoned, 1 = usual
}

// makeDays lays out the calendar of a history.
func (o *Organisation) makeDays() {
	rng := invent.Stream(o.seed, invent.StreamDays)
	growth := math.Pow(invent.Lognormal(rng, 1.05, .15), 1/float64(o.days))
	year, month, day := o.start.Date()
	week := 1.0
	for d := range o.days + 1 {
		date := time.Date(year, month, day+d, 0, 0, 0, 0, o.geo.Loc)
		t := today{date: date, weekday: (int(date.Weekday()) + 6) % 7, holiday: invent.IsHoliday(o.geo.Nation.Holidays, date)}
		if t.weekday == 0 {
			week = invent.Lognormal(rng, 1, .08)
		}
		t.activity = week * invent.Lognormal(rng, 1, .08) * math.Pow(growth, float64(d)) * []float64{1.08, 1.04, 1, 1, .86, .8, .7}[t.weekday]
		switch yd := date.YearDay(); {
		case yd > 195 && yd < 232:
			t.activity *= .72
		case yd > 356 || yd < 4:
			t.activity *= .5
		}
		if o.config.Kind == "school" && invent.SchoolHoliday(date) {
			t.activity *= .04
		}
		o.calendar = append(o.calendar, t)
	}
}
