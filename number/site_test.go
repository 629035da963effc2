package number

import (
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/nyaruka/phonenumbers"
)

// site is the plan of a country with nothing declared.
func site(t testing.TB, country string) *Site {
	t.Helper()
	return configured(t, Config{Country: country})
}

func configured(t testing.TB, c Config) *Site {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// exampleNumbers are libphonenumber's examples of fixed and mobile numbers by country.
func exampleNumbers(t testing.TB) map[string]belwacht.E164 {
	t.Helper()
	out := map[string]belwacht.E164{}
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE} {
			if p := phonenumbers.GetExampleNumberForType(region, kind); p != nil {
				e, ok := belwacht.ParseE164(phonenumbers.Format(p, phonenumbers.E164))
				if !ok {
					t.Fatal(region)
				}
				out[region] = e
			}
		}
	}
	return out
}
