package number

import (
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// TestDeckTerms: a price that is not in force does not go before one of a shorter prefix that is.
func TestDeckTerms(t *testing.T) {
	const deck = "prefix,rate,effective date,end date\n32,0.10,2026-01-01,\n3247,5.00,2020-01-01,2025-01-01\n3248,7.00,2030-01-01,\n327,9.00,2020-01-01,2025-01-01\n3270,0.20,2026-01-01,\n49,0.30,2020-01-01,2025-01-01\n4915,0.40,2030-01-01,\n"
	r, bad, err := ReadRates(strings.NewReader(deck), RateOptions{At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err, bad)
	}
	for to, want := range map[string]float64{"3221234567": 0.10, "32470123456": 0.10, "32480123456": 0.10, "32712345678": 0.10, "32701234567": 0.20, "4930123456": 0.30, "4915112345": 0.30} {
		e, ok := belwacht.ParseE164(to)
		if !ok {
			t.Fatal(to)
		}
		if p, _ := r.Price(e); p.PerMinute.Float() != want {
			t.Errorf("%s costs %v, want %v", to, p.PerMinute.Float(), want)
		}
	}
}
