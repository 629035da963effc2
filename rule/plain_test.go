package rule

import "testing"

func TestPlain(t *testing.T) {
	r := &Rule{English: "{account} called {country} ({value} times)", Dutch: "{price} per minuut"}
	if english, dutch := r.Plain(); english != "… called … (… times)" || dutch != "… per minuut" {
		t.Errorf("%q %q", english, dutch)
	}
	if got := plain("none, and { open"); got != "none, and " {
		t.Errorf("%q", got)
	}
}
