package text

import (
	"strings"
	"testing"
)

// TestNear: every limit that can be near has a sentence of its own in both languages.
func TestNear(t *testing.T) {
	seen := map[string]string{}
	for _, of := range []string{"limit.at-once", "limit.at-once-abroad", "limit.calls.hour", "limit.calls.day", "limit.calls.month", "limit.minutes.hour", "limit.minutes.day",
		"limit.minutes.month", "limit.money.hour", "limit.money.day", "limit.money.month", "bill"} {
		for _, l := range []Language{English, Dutch} {
			for _, percent := range []int{50, 80, 100} {
				s := Near(l, of, percent)
				if other, twice := seen[s]; s == "" || twice {
					t.Errorf("%s at %d %%: %q, as %s", of, percent, s, other)
				}
				seen[s] = of
			}
		}
	}
	for got, want := range map[string]string{
		Near(English, "limit.money.day", 80): "80 % of the owner's limit of money a day is used",
		Near(Dutch, "limit.money.day", 80):   "80 % van de grens van de eigenaar voor geld per dag is gebruikt",
		Near(English, "limit.country", 100):  "The owner does not allow calls to this country",
		Near(Dutch, "bill", 134):             "In dit tempo kost de maand 134 % van de gewone rekening",
		Scope(Dutch, "organisation"):         "organisatie",
		Scope(Dutch, "group sales"):          "groep sales",
		Scope(Dutch, "trunk a"):              "lijn a",
		Scope(Dutch, "212"):                  "212",
		Scope(English, "group sales"):        "group sales",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if s := Odds(Dutch, 0.5, 1_500_000, "GBP", 1, 1412); !strings.Contains(s, "£ 1,50") || !strings.Contains(s, "1 dag bekend, 1.412 gesprekken") {
		t.Errorf("%q", s)
	}
}
