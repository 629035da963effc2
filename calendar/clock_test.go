package calendar

import (
	"math/rand/v2"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestClock asks a Clock for moments near each other, far apart and before 2000, across changes of the clock: it says what its calendar says.
func TestClock(t *testing.T) {
	for _, zone := range []string{"Europe/Amsterdam", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Monrovia"} {
		cal := mustNew(t, Config{Timezone: zone, Country: "NL", OfficeHours: "mon-fri 08:00-18:00"})
		var k Clock
		rng := rand.New(rand.NewPCG(1, 1))
		for _, from := range []string{"1937-06-30T22:00:00Z", "1972-01-07T00:00:00Z", "1999-12-31T23:00:00Z", "2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"} {
			at := instant(t, from)
			for range 20_000 {
				if at += belwacht.Instant(rng.IntN(2000)) - 500; rng.IntN(100) == 0 {
					at += belwacht.Instant(rng.IntN(7_200_000)) - 3_600_000
				}
				if got, want := k.At(cal, at), cal.At(at); got != want {
					t.Fatalf("%s %s: %+v, and the calendar %+v", zone, at, got, want)
				}
			}
		}
	}
}
