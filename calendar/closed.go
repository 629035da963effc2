package calendar

import (
	"strings"
	"time"

	"github.com/belwacht/belwacht"
)

// span is a row of days, both included.
type span struct{ first, last int32 }

// maxClosed bounds an owner's list: 30 years of weekly entries.
const maxClosed = 1500

// parseClosed reads own closing days.
func parseClosed(list []string) ([]span, error) {
	if len(list) > maxClosed {
		return nil, belwacht.Errorf(belwacht.Config, "closed: has %d entries, over the %d that it may have", len(list), maxClosed)
	}
	out := make([]span, 0, len(list))
	for _, s := range list {
		a, b, isRange := strings.Cut(s, "..")
		if !isRange {
			b = a
		}
		first, ok1 := parseDay(a)
		last, ok2 := parseDay(b)
		if !ok1 || !ok2 {
			return nil, belwacht.Errorf(belwacht.Config, "closed: %q is no day between 2000 and 2100; write 2026-12-24 or 2026-12-24..2027-01-01", clip(s))
		}
		if last < first || last-first > 366 {
			return nil, belwacht.Errorf(belwacht.Config, "closed: %q ends before it begins or lasts over a year", clip(s))
		}
		out = append(out, span{first, last})
	}
	return out, nil
}

// parseDay reads an ISO 8601 date.
func parseDay(s string) (int32, bool) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, false
	}
	return int32(t.Unix() / 86400), true
}
