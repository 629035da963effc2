package invent

import (
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// TestNumbersAreRead: what people dial must be what the dial plan of their country understands.
func TestNumbersAreRead(t *testing.T) {
	for _, n := range Nations() {
		plan, err := number.New(number.Config{Country: n.ISO})
		if err != nil {
			t.Fatal(err)
		}
		g, err := NewGeography(n.ISO, 2)
		if err != nil {
			t.Fatal(err)
		}
		rng := Stream(2, StreamPeople)
		for range 300 {
			d := g.EmergencyForm(rng, Pick(rng, n.Emergency))
			if got := plan.Read(d); got.Class != belwacht.ClassEmergency {
				t.Errorf("%s: emergency call dialled as %s is read as %v", n.ISO, d, got.Class)
			}
		}
		for range 200 {
			e164 := g.Domestic(rng)
			for _, plus := range []bool{false, true} {
				d := g.Dial(e164, plus)
				want, _ := belwacht.ParseE164(e164)
				if got := plan.Read(d); got.E164 != want || got.Country.String() != n.ISO && n.ISO != "US" && n.ISO != "CA" && n.ISO != "GB" {
					t.Errorf("%s: %s, dialled as %s, is read as %v in %v", n.ISO, e164, d, got.E164, got.Country)
				}
			}
		}
		wrong := 0
		for range 400 {
			l := g.Anywhere(rng)
			e164 := l.Number(rng, Chance(rng, .5))
			if got := plan.Read(g.Dial(e164, false)); got.Country.String() != l.ISO {
				wrong++
			}
		}
		if wrong > 12 {
			t.Errorf("%s: %d of 400 numbers abroad are read as another country's", n.ISO, wrong)
		}
		for range 50 {
			if got := plan.Read(g.Dial(g.NationalPremium(rng), false)); got.Class != belwacht.ClassPremium {
				t.Errorf("%s: premium number %s is read as %v", n.ISO, got.Dialled, got.Class)
			}
			if got := plan.Read(g.Dial(g.Satellite(rng), false)); !got.Class.Costly() {
				t.Errorf("%s: satellite number %s is read as %v", n.ISO, got.Dialled, got.Class)
			}
		}
	}
}
