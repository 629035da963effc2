package number

import "testing"

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
