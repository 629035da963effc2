package belwacht

import "testing"

// TestInstantText: what is read is written so that it can be read again, and what cannot be written is not read.
func TestInstantText(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		"2026-04-18T00:15:29+02:00":     "2026-04-17T22:15:29Z",
		"2026-04-18T00:15:29.5+02:00":   "2026-04-17T22:15:29.500Z",
		"0000-01-01T00:00:00Z":          "0000-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z":          "9999-12-31T23:59:59Z",
		"0000-01-01T00:00:00+01:00":     "no time", // the year before, in UTC
		"9999-12-31T23:59:59-01:00":     "no time",
		"2026-04-18 00:15:29":           "no time",
		"2026-04-18T00:15:29+02:00\x1b": "no time",
	} {
		var i Instant
		if err := i.UnmarshalText([]byte(text)); err != nil {
			if CodeOf(err) != Invalid || want != "no time" {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		if got := i.String(); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		var again Instant
		if err := again.UnmarshalText([]byte(i.String())); err != nil || again != i {
			t.Errorf("%q is read again as %s: %v", text, again, err)
		}
	}
}
