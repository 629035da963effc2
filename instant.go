package belwacht

import "time"

// Instant is a moment in milliseconds since 1970-01-01T00:00:00Z. The zero Instant means "did not happen" (a call that was
// never answered). It is half the size of a time.Time and needs no location, which keeps the call path cheap.
type Instant int64

// Common lengths in milliseconds, for arithmetic on Instants.
const (
	Second Instant = 1000
	Minute         = 60 * Second
	Hour           = 60 * Minute
	Day            = 24 * Hour
	Week           = 7 * Day
)

// InstantOf returns t as an Instant, cut to the millisecond. The zero time gives the zero Instant.
func InstantOf(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixMilli())
}

// Time returns the instant as a UTC time, the zero time for the zero Instant.
func (i Instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(i)).UTC()
}

// IsZero says whether the instant stands for "did not happen".
func (i Instant) IsZero() bool { return i == 0 }

// Seconds returns the whole seconds from earlier to i; negative where i is before it.
func (i Instant) Seconds(earlier Instant) int64 { return int64(i-earlier) / int64(Second) }

// String is RFC 3339 in UTC, with milliseconds only where there are any.
func (i Instant) String() string {
	if i == 0 {
		return ""
	}
	if i%Second == 0 {
		return i.Time().Format(time.RFC3339)
	}
	return i.Time().Format("2006-01-02T15:04:05.000Z07:00")
}

// MarshalText implements encoding.TextMarshaler: RFC 3339, empty for the zero Instant.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler for RFC 3339.
func (i *Instant) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if year := t.UTC().Year(); err != nil || year < 0 || year > 9999 { // another zone's first hours of the year 0 could not be written again
		return Errorf(Invalid, "%q is no time in RFC 3339, such as 2026-04-18T00:15:29+02:00", b)
	}
	*i = InstantOf(t)
	return nil
}
