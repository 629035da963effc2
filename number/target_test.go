package number

import (
	"testing"
)

// TestHiddenTarget dials one target under many prefixes, as attackers do (the forms are those of a honeypot's records, the numbers our own choice).
func TestHiddenTarget(t *testing.T) {
	prefixes := []string{"", "9", "8", "00", "000", "0000", "9011", "011", "900", "9000", "800", "8001", "901", "777011", "7770011", "555011", "666901", "1001", "0001", "99900", "1234500", "+00", "+011", "++", "++011", ".", "-", "!", "/", "$", "&", "%",
		"*", "#", "%23", "%2B", "00-", "00+", ".+", ".+011", "-9011", "900+", "+9011", "%2300", "000000000000000011", "4011", "430301", "5279011", "a", "00%20", "sip:", "1011", "11101", "88801"}
	targets := []string{"972592277524", "48122518061", "46812111443", "252612345678", "442079460000", "5355512345", "23276123456", "8821612345678"}
	missed, all := 0, 0
	for _, country := range []string{"NL", "US", "ES", "GB", "FR", "PL"} {
		s := site(t, country)
		for _, target := range targets {
			for _, p := range prefixes {
				n := s.Read(p + target)
				all++
				if got := n.Target; got.Digits() != target && n.E164.Digits() != target {
					missed++
					t.Logf("%s %s: target %s, E.164 %s", country, p+target, got, n.E164)
				}
				if n.Target != 0 && n.Target == n.E164 {
					t.Errorf("%s: target repeats the number", p+target)
				}
			}
		}
	}
	t.Logf("%d of %d strings name another target or none", missed, all)
	if missed*100 > all*4 {
		t.Errorf("%d of %d hidden targets are missed", missed, all)
	}
}

func TestHiddenTargetOne(t *testing.T) {
	s := site(t, "NL")
	for dialled, want := range map[string]string{
		"800316153070996": "+16153070996", "9011972592277524": "+972592277524", ".972592277524": "+972592277524", "00-972592277524": "+972592277524",
		"777011972592277524": "+972592277524", "%2300972592277524": "+972592277524", "+00972592277524": "+972592277524", "0000972592277524": "+972592277524",
		"900972592277524": "+972592277524", "011972592277524": "+972592277524", "9990031101524693": "+31101524693", "31612345678": "+31612345678", "612345678": "+31612345678",
		"90612345678": "+31612345678", "+310201234567": "+31201234567", "0031(0)201234567": "+31201234567", "*21*00252612345678#": "+252612345678",
		"972592277524@203.0.113.7": "+972592277524", "972592277524;phone-context=1": "+972592277524", "212&00252612345678": "+252612345678", "SIP/trunk/00252612345678": "+252612345678",
		"020-1234567": "+31201234567",
	} {
		n := s.Read(dialled)
		if n.Target.String() != want {
			t.Errorf("%q: target %s, want %s", dialled, n.Target, want)
		}
		if n.Target != 0 && (n.TargetCountry.Index() == 0 || n.TargetPrice.PerMinute == 0) {
			t.Errorf("%q: target without country or price: %+v", dialled, n)
		}
	}
	for _, dialled := range []string{"0201234567", "0612345678", "0031201234567", "+442079460000", "00442079460000", "212", "2001", "1234567", "s", "*97", "vmu212", "112", "09008844", "09001234",
		"*21*0612345678#", "0990123456", "12345678", "99999999"} {
		if n := s.Read(dialled); n.Target != 0 {
			t.Errorf("%q: an ordinary string has target %s", dialled, n.Target)
		}
	}
}

// TestOrdinaryHasNoTarget dials the example numbers of all countries in plain ways from several: none may look like a disguise.
func TestOrdinaryHasNoTarget(t *testing.T) {
	examples := exampleNumbers(t)
	for _, country := range []string{"NL", "DE", "ES", "US", "GB", "RU"} {
		s := site(t, country)
		for region, e := range examples {
			for _, d := range []string{e.String(), s.international[0] + e.Digits()} {
				if n := s.Read(d); n.Target != 0 || n.E164 != e {
					t.Errorf("%s to %s, %s: %s with target %s", country, region, d, n.E164, n.Target)
				}
			}
		}
	}
}

func TestJunk(t *testing.T) {
	s := site(t, "NL")
	for dialled, want := range map[string]bool{"0201234567": false, "+31201234567": false, "*97": false, "#21#": false, "s": false, "vmu212": false, "00-972592277524": true, "212&213": true, "0@x": true, "%2300972592277524": true,
		"0031 20 1234567": true, "++972592277524": true, "tel:+31201234567": false, "0201234567a": true, "sip:112@pbx": false, "\x1b[31m": true, "=cmd|' /C calc'!A0": true} {
		if n := s.Read(dialled); n.Junk != want {
			t.Errorf("%q: junk %v", dialled, n.Junk)
		}
	}
}

// TestUnknownRanges dials numbers that are in no table but look like their country's: they are what they seem, with country and no target. Digits too
// many at the end are a slip, a country code before a whole number is a trick.
func TestUnknownRanges(t *testing.T) {
	s := site(t, "NL")
	for dialled, want := range map[string]string{"+442092365211": "GB", "0023412585112": "NG", "+33702239361": "FR", "0022822873663": "TG", "00442063263304": "GB", "00448795431614": "GB",
		"+441219291202": "GB", "00316171540262": "NL", "00315052689989": "NL", "003512110714": "PT", "+870724723192": ""} {
		n := s.Read(dialled)
		if n.E164 == 0 || !n.Dialable || n.Target != 0 || n.Country.String() != want || n.Price.PerMinute == 0 {
			t.Errorf("%s: %+v", dialled, n)
		}
		if _, valid := s.world.Walk(n.E164); valid {
			t.Errorf("%s: libphonenumber knows it by now; choose another", dialled)
		}
	}
	for dialled, want := range map[string]string{"00148614236058": "+48614236058", "0015972594579544": "+972594579544", "001131652811466": "+31652811466", "+900972594579544": "+972594579544",
		"+8248757329002": "+48757329002", "+8148757329002": "+48757329002", "933702239361": "+33702239361"} {
		n := s.Read(dialled)
		if n.Target.String() != want {
			t.Errorf("%s: target %s, want %s", dialled, n.Target, want)
		}
		if dialled[0] != '+' && (n.E164 != 0 || n.Dialable) {
			t.Errorf("%s: taken for %s", dialled, n.E164)
		}
	}
	if n := s.Read("00990123456"); n.E164 != 0 {
		t.Errorf("a national number beginning with the trunk prefix: %s", n.E164)
	}
}

// TestOverlong: a number with digits too many behind it, dialled as numbers abroad are, is that number, and not one hidden further in.
func TestOverlong(t *testing.T) {
	s := site(t, "NL")
	for dialled, want := range map[string]string{
		"00402128877216": "+40212887721", "+402128877216": "+40212887721", "00337682738092": "+33768273809", "005255392722582": "+525539272258",
		"0011972592277524": "+972592277524", "000040212887721": "+40212887721", "0040212887721": "",
	} {
		n := s.Read(dialled)
		if n.Target.String() != want {
			t.Errorf("%s: target %q, want %q", dialled, n.Target, want)
		}
		if want != "" && (n.Dialable || n.TargetCountry.Index() == 0 || n.TargetPrice.PerMinute == 0) {
			t.Errorf("%s: %+v", dialled, n)
		}
	}
}
