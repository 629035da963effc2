package number

import (
	"testing"

	"github.com/belwacht/belwacht"
)

func TestDefaultPrices(t *testing.T) {
	s := site(t, "NL")
	for _, c := range []struct {
		dialled   string
		low, high belwacht.Money // cents a minute
		risk      belwacht.Risk
	}{
		{"0201234567", 2, 2, belwacht.RiskUsual}, {"0612345678", 4, 4, belwacht.RiskUsual}, {"08001234", 0, 0, belwacht.RiskUsual}, {"09001234", 100, 100, belwacht.RiskHigh},
		{"0841234567", 20, 60, belwacht.RiskRaised}, {"0049301234567", 3, 3, belwacht.RiskUsual}, {"004915112345678", 8, 8, belwacht.RiskUsual}, {"0012125550123", 2, 3, belwacht.RiskUsual},
		{"00447012345678", 100, 200, belwacht.RiskHigh}, {"00252612345678", 60, 150, belwacht.RiskHigh}, {"005355512345", 60, 150, belwacht.RiskHigh},
		{"00881612345678", 500, 1000, belwacht.RiskHigh}, {"008821612345678", 500, 1000, belwacht.RiskHigh}, {"00882991234567", 500, 1000, belwacht.RiskHigh}, {"00979123456789", 200, 500, belwacht.RiskHigh},
		{"0080012345678", 0, 0, belwacht.RiskUsual}, {"0037121234567", 20, 50, belwacht.RiskHigh}, {"0048601234567", 8, 8, belwacht.RiskRaised}, {"0018095551234", 20, 50, belwacht.RiskRaised},
		{"003290912345", 200, 400, belwacht.RiskHigh}, {"00685123456", 60, 200, belwacht.RiskHigh}, {"00247612345", 100, 500, belwacht.RiskHigh}, {"00990123456789", 200, 200, belwacht.RiskUsual},
	} {
		n := s.Read(c.dialled)
		if n.Price.PerMinute < c.low*cent || n.Price.PerMinute > c.high*cent || n.Risk != c.risk || !n.Price.Estimate {
			t.Errorf("%s: %s (%s) estimate %v, risk %s", c.dialled, n.Price.PerMinute, n.Class, n.Price.Estimate, n.Risk)
		}
	}
	for _, d := range []string{"09001234", "0841234567", "00881612345678", "003290912345", "00990123456789"} {
		if n := s.Read(d); n.Price.Setup == 0 {
			t.Errorf("%s has no set-up fee: %+v", d, n.Price)
		}
	}
	if p := s.Read("212").Price; p != (belwacht.Price{}) {
		t.Errorf("an extension costs %+v", p)
	}
}

// TestEveryNumberHasAPrice calls every country from every other: never for nothing.
func TestEveryNumberHasAPrice(t *testing.T) {
	examples := exampleNumbers(t)
	for _, from := range []string{"NL", "US", "SO"} {
		s := site(t, from)
		for to, e := range examples {
			if n := s.Read(e.String()); n.Price.PerMinute <= 0 || !n.Price.Estimate || n.Country.Index() == 0 {
				t.Errorf("%s to %s: %+v", from, to, n)
			}
		}
	}
}

func TestRatesAndRisk(t *testing.T) {
	plain := configured(t, Config{Country: "NL", Listed: []belwacht.E164{packed(t, "4912345"), packed(t, "3185")}})
	rates, _ := prices(t, "prefix,rate,setup,next\n31,0.01,0,1\n48,0.50,0.1,60\n47,1.20,0,1\n46,0.40,0,1\n45,0.39,0,1\n", RateOptions{})
	s := plain.WithRates(rates)
	for _, c := range []struct {
		dialled  string
		rate     belwacht.Money
		estimate bool
		risk     belwacht.Risk
	}{
		{"0201234567", cent, false, belwacht.RiskUsual}, {"0048601234567", 50 * cent, false, belwacht.RiskRaised}, {"0046701234567", 40 * cent, false, belwacht.RiskRaised}, {"004532123456", 39 * cent, false, belwacht.RiskUsual},
		{"004722123456", 120 * cent, false, belwacht.RiskHigh},
		{"0049301234567", 3 * cent, true, belwacht.RiskUsual}, {"0049123456789", 8 * cent, true, belwacht.RiskListed}, {"0851234567", cent, false, belwacht.RiskListed},
		{"0031201234567", cent, false, belwacht.RiskUsual},
	} {
		n := s.Read(c.dialled)
		if n.Price.PerMinute != c.rate || n.Price.Estimate != c.estimate || n.Risk != c.risk {
			t.Errorf("%s: %+v risk %s", c.dialled, n.Price, n.Risk)
		}
		if country, class, risk := s.CountryOf(n.E164); country != n.Country || class != n.Class || risk != n.Risk {
			t.Errorf("%s: CountryOf says %s %s %s", c.dialled, country, class, risk)
		}
	}
	if p := plain.Read("0201234567").Price; !p.Estimate {
		t.Error("WithRates changed the site it copied")
	}
	if c, class, risk := s.CountryOf(0); c.Index() != 0 || class != belwacht.ClassUnknown || risk != belwacht.RiskUsual {
		t.Error("CountryOf of no number")
	}
	if n := s.WithRates(nil).Read("0201234567"); !n.Price.Estimate {
		t.Error("the deck stays")
	}
}

func TestAmounts(t *testing.T) {
	for cell, want := range map[string]struct {
		m        belwacht.Money
		currency string
		ok       bool
	}{
		"0.02": {20000, "", true}, "0,02": {20000, "", true}, "1.234,56": {1234560000, "", true}, "1,234.56": {1234560000, "", true}, "€0.5": {500000, "EUR", true}, "0.5 EUR": {500000, "EUR", true},
		"USD 1": {1000000, "USD", true}, "1E-3": {1000, "", true}, "2.5e1": {25000000, "", true}, "0.0000001": {1, "", true}, "-1": {-1000000, "", true}, ".5": {500000, "", true}, "5.": {5000000, "", true},
		"": {}, "x": {}, "1.2.3,4,5": {}, "1e99": {}, "1e": {}, "--1": {}, "99999999999999999999": {}, "NaN": {}, "0x10": {}, "1 000,5": {1000500000, "", true},
	} {
		m, currency, ok := readAmount(cell)
		if ok != want.ok || ok && (m != want.m || currency != want.currency) {
			t.Errorf("%q: %d %q %v, want %+v", cell, m, currency, ok, want)
		}
	}
}
