package simulate

import (
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// TestNumbersAreRead: what people dial must be what the dial plan of their country understands.
func TestNumbersAreRead(t *testing.T) {
	for _, n := range nations() {
		plan, err := number.New(number.Config{Country: n.iso})
		if err != nil {
			t.Fatal(err)
		}
		o, err := New(Config{Seed: 2, Country: n.iso, Extensions: 12, Weeks: 2})
		if err != nil {
			t.Fatal(err)
		}
		r, g := o.newRun(), o.geo
		for range 300 {
			d := emergencyForm(r, pick(r.rng, n.emergency))
			if got := plan.Read(d); got.Class != belwacht.ClassEmergency {
				t.Errorf("%s: emergency call dialled as %s is read as %v", n.iso, d, got.Class)
			}
		}
		for range 200 {
			e164 := g.domestic(r.rng)
			for _, plus := range []bool{false, true} {
				d := g.dial(e164, plus)
				want, _ := belwacht.ParseE164(e164)
				if got := plan.Read(d); got.E164 != want || got.Country.String() != n.iso && n.iso != "US" && n.iso != "CA" && n.iso != "GB" {
					t.Errorf("%s: %s, dialled as %s, is read as %v in %v", n.iso, e164, d, got.E164, got.Country)
				}
			}
		}
		wrong := 0
		for range 400 {
			l := g.anywhere(r.rng)
			e164 := l.number(r.rng, chance(r.rng, .5))
			if got := plan.Read(g.dial(e164, false)); got.Country.String() != l.iso {
				wrong++
			}
		}
		if wrong > 12 {
			t.Errorf("%s: %d of 400 numbers abroad are read as another country's", n.iso, wrong)
		}
		for range 50 {
			if got := plan.Read(g.dial(g.nationalPremium(r.rng), false)); got.Class != belwacht.ClassPremium {
				t.Errorf("%s: premium number %s is read as %v", n.iso, got.Dialled, got.Class)
			}
			if got := plan.Read(g.dial(g.satellite(r.rng), false)); !got.Class.Costly() {
				t.Errorf("%s: satellite number %s is read as %v", n.iso, got.Dialled, got.Class)
			}
		}
	}
}
