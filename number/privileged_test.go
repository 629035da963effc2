package number

import (
	"slices"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number/table"
	"github.com/nyaruka/phonenumbers"
)

// TestEmergencyEverywhere takes every emergency number of every country through all dialled forms and through near misses.
func TestEmergencyEverywhere(t *testing.T) {
	world := table.Open()
	countries, numbers := 0, 0
	for region := range phonenumbers.GetSupportedRegions() {
		s := configured(t, Config{Country: region, OutsideLine: []string{"8"}, Extensions: []string{"911", "0112", "XXX"}})
		plan := world.Plan(s.region)
		countries++
		for _, n := range plan.Emergency {
			numbers++
			forms := []string{n, "0" + n, "9" + n, "8" + n, "+" + s.code + n, "tel:" + n, "TEL:" + n, "sip:" + n + "@pbx.example", "sips:" + n + "@192.0.2.1:5061", "SIP:" + n + "@[2001:db8::1]"}
			for _, i := range plan.International {
				forms = append(forms, i+s.code+n)
			}
			for _, f := range forms {
				got := s.Read(f)
				if got.Class != belwacht.ClassEmergency || !got.Privileged() || !got.External() || !got.Dialable || got.E164 != 0 || got.Price != (belwacht.Price{}) {
					t.Errorf("%s %q: %+v", region, f, got)
				}
				if !slices.Contains(plan.Emergency, got.Canonical) {
					t.Errorf("%s %q: sent as %q", region, f, got.Canonical)
				}
			}
			for _, f := range []string{n + "0000", "777" + n, " " + n, n + " ", n + "#", "*" + n, n + ",", n + "&", "tel:" + n + ";phone-context=+31", "sip:" + n, "sip:" + n + "@", "sip:" + n + "@h;transport=tcp",
				"sip:" + n + "@h?X=y", "sip:" + n + "@h>", "tel:" + n + "0000", "sip:" + n + "0000@h", "sip:0" + n + "x@h", n + "\x00", "++" + n, "tel:" + n + "@h", n + "@h", "sip:" + n + "@a@b", "%" + n} {
				if got := s.Read(f); got.Class == belwacht.ClassEmergency {
					t.Errorf("%s %q is taken for emergency %s", region, f, got.Canonical)
				}
			}
		}
	}
	t.Logf("%d numbers of %d countries", numbers, countries)
}

// TestEmergencyNetherlands spells the forms of 112 out, as DESIGN names them, with what is none.
func TestEmergencyNetherlands(t *testing.T) {
	s := site(t, "NL")
	for _, f := range []string{"112", "0112", "9112", "+31112", "0031112", "tel:112", "sip:112@192.0.2.10", "urn:service:sos", "urn:service:sos.police", "URN:service:sos.ambulance", "911", "9911", "0911", "+31911"} {
		if n := s.Read(f); n.Class != belwacht.ClassEmergency || n.Canonical != "112" && n.Canonical != "911" {
			t.Errorf("%q: %+v", f, n)
		}
	}
	for f, class := range map[string]belwacht.Class{"1120": belwacht.ClassInternal, "1120252612345678": belwacht.ClassUnknown, "00112": belwacht.ClassInternal, "999": belwacht.ClassInternal, "110": belwacht.ClassInternal,
		"12": belwacht.ClassInternal, "8112": belwacht.ClassInternal, "112112": belwacht.ClassInternal, "11 2": belwacht.ClassUnknown, "urn:service:sosx": belwacht.ClassUnknown, "urn:service:counseling": belwacht.ClassUnknown,
		"urn:service:sos.": belwacht.ClassUnknown, "urn:service:sos;x": belwacht.ClassUnknown, "0049112": belwacht.ClassInternal} {
		if n := s.Read(f); n.Class == belwacht.ClassEmergency || class == belwacht.ClassInternal && n.Class != class {
			t.Errorf("%q: %s", f, n.Class)
		}
	}
	if n := s.Read("1120252612345678"); n.Target.String() != "+252612345678" {
		t.Errorf("hides behind 112: %+v", n)
	}
}

func TestEmergencyNamed(t *testing.T) {
	for country, numbers := range map[string][]string{
		"ES": {"061", "062", "080", "085", "088", "091", "092"}, "IT": {"112", "113", "114", "115", "117", "118", "1530"},
		"FR": {"15", "17", "18", "114", "115", "119", "191", "196"}, "DE": {"110", "112"}, "GB": {"999", "112"}, "IE": {"999", "112"}, "BE": {"100", "101", "110"}, "AT": {"122", "133", "140", "141", "144"},
		"CH": {"117", "118", "144", "1414", "145"}, "PL": {"997", "998", "999"}, "AU": {"000", "106"}, "NZ": {"111"}, "JP": {"110", "119"}, "CN": {"110", "119", "120"}, "BR": {"190", "192", "193"},
		"SR": {"115"}, "AW": {"911"}, "US": {"911"}, "ZA": {"10111", "10177"}, "SE": {"112"}, "RU": {"101", "102", "103"}} {
		s := site(t, country)
		for _, n := range append(numbers, "112", "911") {
			if got := s.Read(n); got.Class != belwacht.ClassEmergency || got.Canonical != n {
				t.Errorf("%s %s: %+v", country, n, got)
			}
		}
	}
}

func TestOwnersNumbers(t *testing.T) {
	s := configured(t, Config{Country: "NL", Emergency: []string{"1200", "+31881234567"}, Social: []string{"0302345678", "700"}, Extensions: []string{"700", "9113", "1200", "2XX", "140020"}})
	for d, want := range map[string]struct {
		class     belwacht.Class
		canonical string
	}{"1200": {belwacht.ClassEmergency, "1200"}, "+31881234567": {belwacht.ClassEmergency, "+31881234567"}, "0881234567": {belwacht.ClassEmergency, "+31881234567"},
		"0031881234567": {belwacht.ClassEmergency, "+31881234567"}, "0302345678": {belwacht.ClassSocial, "0302345678"}, "+31302345678": {belwacht.ClassSocial, "0302345678"},
		"700": {belwacht.ClassInternal, ""}, "9113": {belwacht.ClassInternal, ""}, "113": {belwacht.ClassSocial, "113"}, "+31113": {belwacht.ClassSocial, "113"}, "09008844": {belwacht.ClassSocial, "09008844"},
		"+319008844": {belwacht.ClassSocial, "09008844"}, "00319008844": {belwacht.ClassSocial, "09008844"}, "14020": {belwacht.ClassSocial, "14020"}, "140228": {belwacht.ClassSocial, "140228"},
		"116111": {belwacht.ClassSocial, "116111"}, "+31116123": {belwacht.ClassSocial, "116123"}, "09008845": {belwacht.ClassPremium, ""}} {
		if n := s.Read(d); n.Class != want.class || n.Canonical != want.canonical {
			t.Errorf("%q: %s sent as %q, want %s %q", d, n.Class, n.Canonical, want.class, want.canonical)
		}
	}
}

func TestEmergencyElsewhere(t *testing.T) {
	s := site(t, "NL")
	gb, _ := belwacht.ParseCountry("GB")
	n := s.Read("999")
	if in := s.EmergencyElsewhere("999"); !slices.Contains(in, gb) || n.Privileged() {
		t.Errorf("999 is one in %v", in)
	}
	for _, d := range []string{"112", "0112", "212345678", "", "8888"} {
		if in := s.EmergencyElsewhere(d); len(in) != 0 {
			t.Errorf("%q is one in %v", d, in)
		}
	}
}

// TestEmergencyForms: what a dial plan lets out unasked is what the site reads as an emergency call, and nothing else.
func TestEmergencyForms(t *testing.T) {
	s, err := New(Config{Country: "NL", Emergency: []string{"144"}})
	if err != nil {
		t.Fatal(err)
	}
	forms := s.EmergencyForms()
	for _, want := range []string{"112", "0112", "9112", "+31112", "0031112", "144", "911"} {
		if !slices.Contains(forms, want) {
			t.Errorf("%s is missing in %v", want, forms)
		}
	}
	for _, f := range forms {
		if n := s.Read(f); n.Class != belwacht.ClassEmergency {
			t.Errorf("%s is %s", f, n.Class)
		}
	}
}

// TestSent: an emergency number as a provider wants it, the country code without a plus, is one where a trunk was told it; nothing else changes, and as it
// is dialled that form stays what it was.
func TestSent(t *testing.T) {
	s, err := New(Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	for sent, want := range map[string]string{"31112": "+31112", "+31112": "+31112", "112": "112", "0112": "0112", "311120": "311120", "32112": "32112", "31201234567": "31201234567",
		"": "", "31112#": "31112#", "031112": "031112", "3111200000000000000000000": "3111200000000000000000000"} {
		if got := s.Sent(sent); got != want {
			t.Errorf("%q became %q; it must be %q", sent, got, want)
		}
	}
	if got := s.Read("31112").Class; got == belwacht.ClassEmergency {
		t.Error("31112 as it is dialled is no emergency number")
	}
}
