package invent

import (
	"testing"
	"time"
)

func TestPeopleFollowFromTheSource(t *testing.T) {
	g, err := NewGeography("NL", 4)
	if err != nil {
		t.Fatal(err)
	}
	for name, ro := range Roles() {
		a := g.NewPerson(Stream(1, StreamPeople), "200", ro, 84)
		b := g.NewPerson(Stream(1, StreamPeople), "200", ro, 84)
		if len(a.Contacts) != len(b.Contacts) || a.Out != b.Out || len(a.Contacts) > 0 && a.Contacts[0] != b.Contacts[0] {
			t.Errorf("%s: one source made two different people", name)
		}
		rng := Stream(2, StreamPeople)
		for range 200 {
			if h := a.Hour(rng); h < 0 || h > 40 {
				t.Errorf("%s: a call at hour %g of the day", name, h)
			}
		}
	}
}

func TestHolidays(t *testing.T) {
	holidays := map[string]string{}
	for _, n := range Nations() {
		holidays[n.ISO] = n.Holidays
	}
	for _, c := range []struct {
		country, date string
		want          bool
	}{
		{"NL", "2026-04-06", true},  // Easter Monday
		{"NL", "2026-04-27", true},  // King's Day
		{"NL", "2026-05-14", true},  // Ascension
		{"NL", "2026-05-25", true},  // Whit Monday
		{"DE", "2026-04-03", true},  // Good Friday
		{"NL", "2026-04-03", false}, // a working day for most
		{"PL", "2026-06-04", true},  // Corpus Christi
		{"NL", "2027-03-29", true},
		{"NL", "2026-03-29", false},
	} {
		d, err := time.Parse("2006-01-02", c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := IsHoliday(holidays[c.country], d); got != c.want {
			t.Errorf("%s %s: holiday %v", c.country, c.date, got)
		}
	}
}

func TestDecksHaveFixedAndMobileApart(t *testing.T) {
	for _, n := range Nations() {
		g, err := NewGeography(n.ISO, 9)
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Deck.Rows) < 280 {
			t.Errorf("%s: a deck of %d rows", n.ISO, len(g.Deck.Rows))
		}
		if fixed, mobile := g.Deck.Rate("38511234567"), g.Deck.Rate("38591234567"); fixed >= mobile {
			t.Errorf("%s: Croatia fixed %g, mobile %g", n.ISO, fixed, mobile)
		}
		if sat := g.Deck.Rate("881612345678"); sat < 2 {
			t.Errorf("%s: Iridium at %g a minute", n.ISO, sat)
		}
	}
}
