package guess

import (
	"cmp"
	"strings"

	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// days are the ways to write a day, those that are tried first before; hours those to write the time of day.
var (
	days  = []string{"YYYY-MM-DD", "YYYY/MM/DD", "DD-MM-YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "MM/DD/YYYY", "MM-DD-YYYY", "DD-MM-YY", "DD/MM/YY", "DD.MM.YY", "MM/DD/YY", "YYYYMMDD", "DD MMM YYYY", "DD-MMM-YYYY", "MMM DD YYYY", "MMM DD, YYYY"}
	hours = []string{"HH:mm:ss", "hh:mm:ss AP", "HH:mm", "hh:mm AP", "hh:mm:ssAP", "hh:mmAP", "HHmmss", "HH.mm.ss", "HH.mm"}
	joins = []string{" ", "T", ", ", "  ", " - "}
)

// zoneOf is the zone that a column's name says its times are in, "" where it says none.
func zoneOf(name string) string {
	if name = squeezed(name); strings.Contains(name, "utc") || strings.Contains(name, "gmt") {
		return "utc"
	}
	return ""
}

// american says whether a layout has the month before the day, and figures for it.
func american(layout string) bool {
	return strings.HasPrefix(layout, "MM") && !strings.HasPrefix(layout, "MMM")
}

// times finds when calls began, in one column or two, and how that is written.
func (t *table) times(m *cdr.Mapping) bool {
	if at := t.find(start, func(s string) bool { return zoned(s) || whole(s) }); at >= 0 {
		t.taken = append(t.taken, at)
		m.Columns.Start = []string{t.header[at]}
		if t.fit(at, zoned) {
			return true
		}
		m.Zone = zoneOf(t.header[at])
		m.Dates = t.layout(at, dated)
		return m.Dates != nil
	}
	day, hour := t.find(date, only(days)), t.find(clock, only(hours))
	if day < 0 || hour < 0 {
		return false
	}
	t.taken = append(t.taken, day, hour)
	m.Columns.Date, m.Columns.Time = []string{t.header[day]}, []string{t.header[hour]}
	of := func(list []string) func(func(string) bool) {
		return func(yield func(string) bool) {
			for _, l := range list {
				if !yield(l) {
					return
				}
			}
		}
	}
	m.Zone = cmp.Or(zoneOf(t.header[day]), zoneOf(t.header[hour]))
	d, h := t.layout(day, of(days)), t.layout(hour, of(hours))
	if d == nil || h == nil {
		return false
	}
	m.Dates = []string{d[0] + " " + h[0]}
	return true
}

// dated are all ways to write a day with a time of day.
func dated(yield func(string) bool) {
	for _, d := range days {
		for _, j := range joins {
			for _, h := range hours {
				if !yield(d+j+h) || !yield(d+j+h+"ZZ") || !yield(d+j+h+" ZZ") {
					return
				}
			}
		}
	}
}

// layout is the way in which a column's times are written: of those that fit all of them, that by which the rows are best in order, as records are written
// one after the other. Where day and month could be either, the day comes first, but where there is AM and PM.
func (t *table) layout(column int, all func(func(string) bool)) []string {
	values := t.values(column)
	best, disorder := "", 0
	for text := range all {
		l, err := ingest.ParseLayout(text)
		if err != nil {
			continue
		}
		read, ok := readAll(l, values)
		if !ok {
			continue
		}
		d := inversions(read)
		if best == "" || d < disorder || d == disorder && american(text) && !american(best) && strings.Contains(text, "AP") {
			best, disorder = text, d
		}
	}
	if best == "" {
		return nil
	}
	return []string{best}
}

func readAll(l ingest.Layout, values []string) ([]int64, bool) {
	var all []int64
	for i, v := range values {
		st, ok := l.Read(v)
		if !ok && (i < 10 || 10*(i-len(all)) > i) { // a line of totals may be among them
			return nil, false
		}
		if ok {
			all = append(all, st.Naive)
		}
	}
	return all, len(all) > 0
}

// inversions is how many rows are out of order, whichever way the file runs.
func inversions(at []int64) int {
	up, down := 0, 0
	for i := 1; i < len(at); i++ {
		if at[i] < at[i-1]-86400 {
			down++
		}
		if at[i] > at[i-1]+86400 {
			up++
		}
	}
	return min(up, down)
}

// zoned is a time that carries its zone, or seconds since 1970.
func zoned(s string) bool {
	_, ok := ingest.Stamped(s)
	return ok
}

// whole is a day with a time of day.
func whole(s string) bool {
	digits, colon := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == ':', c == '.' && digits >= 9:
			colon = true
		}
	}
	return colon && digits >= 7 && len(s) < 40 || len(s) == 15 && (s[8] == 'T' || s[8] == ' ') && digits == 14
}

// only says whether a value is written in one of some ways.
func only(list []string) func(string) bool {
	var all []ingest.Layout
	for _, text := range list {
		if l, err := ingest.ParseLayout(text); err == nil {
			all = append(all, l)
		}
	}
	return func(s string) bool {
		for _, l := range all {
			if _, ok := l.Read(s); ok {
				return true
			}
		}
		return false
	}
}

// moments says whether a value is a time as the file writes them.
func (t *table) moments(dates []string) func(string) bool {
	fits := only(dates)
	return func(s string) bool { return fits(s) || zoned(s) }
}
