package number

import (
	"slices"
	"testing"
)

func TestAbroad(t *testing.T) {
	for _, c := range []struct {
		country             string
		international, home []string
	}{
		{"NL", []string{"00"}, []string{"+31", "0031"}},
		{"US", []string{"011"}, nil},
	} {
		s, err := New(Config{Country: c.country})
		if err != nil {
			t.Fatal(err)
		}
		international, home := s.Abroad()
		if !slices.Equal(international, c.international) || !slices.Equal(home, c.home) {
			t.Errorf("%s: %v and %v", c.country, international, home)
		}
	}
}
