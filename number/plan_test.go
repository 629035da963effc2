package number

import (
	"testing"

	"github.com/belwacht/belwacht"
)

// TestPlans reads what people dial in each country: national numbers of all classes, numbers abroad, short ones.
func TestPlans(t *testing.T) {
	type row struct{ dialled, e164, class string }
	for country, rows := range map[string][]row{
		"NL": {{"0201234567", "+31201234567", "geographic"}, {"0612345678", "+31612345678", "mobile"}, {"0882345678", "+31882345678", "geographic"},
			{"0851234567", "+31851234567", "geographic"}, {"0841234567", "+31841234567", "personal"}, {"0871234567", "+31871234567", "personal"},
			{"09001234", "+319001234", "premium"}, {"09061234567", "+319061234567", "premium"}, {"0909123456", "+31909123456", "premium"}, {"08001234", "+318001234", "freephone"},
			{"097012345678", "+3197012345678", "mobile"}, {"0661234567", "+31661234567", "mobile"}, {"+31612345678", "+31612345678", "mobile"},
			{"0031612345678", "+31612345678", "mobile"}, {"0990123456", "+31990123456", "unknown"}, {"0049301234567", "+49301234567", "geographic"},
			{"+12125550123", "+12125550123", "geographic"}, {"0080012345678", "+80012345678", "freephone"}, {"tel:+31-20-123.4567", "+31201234567", "geographic"},
			{"#31#0612345678", "+31612345678", "mobile"}, {"*670612345678", "+31612345678", "mobile"},
			{"212", "", "internal"}, {"1888", "", "internal"}, {"*97", "", "internal"}, {"*72", "", "internal"}, {"#8", "", "internal"}, {"s", "", "internal"},
			{"vmu212", "", "internal"}, {"", "", "internal"}, {"0", "", "internal"}, {"14020", "", "social"}, {"9990031101524693", "", "unknown"},
			{"31612345678", "", "unknown"}, {"+", "", "unknown"}, {"+0031201234567", "", "unknown"}, {"'; DROP TABLE", "", "unknown"}},
		"DE": {{"030123456", "+4930123456", "geographic"}, {"0301234567890", "+49301234567890", "geographic"}, {"015112345678", "+4915112345678", "mobile"}, {"01371234567", "+491371234567", "premium"},
			{"09001234567", "+499001234567", "premium"}, {"01805123456", "+491805123456", "shared_cost"}, {"032221234567", "+4932221234567", "geographic"},
			{"08001234567", "+498001234567", "freephone"}, {"070012345678", "+4970012345678", "personal"}, {"0031201234567", "+31201234567", "geographic"}, {"110", "", "emergency"}, {"42", "", "internal"}},
		"ES": {{"912345678", "+34912345678", "geographic"}, {"612345678", "+34612345678", "mobile"}, {"900123456", "+34900123456", "freephone"},
			{"902123456", "+34902123456", "shared_cost"}, {"803123456", "+34803123456", "premium"}, {"907123456", "+34907123456", "premium"}, {"0031612345678", "+31612345678", "mobile"},
			{"0034912345678", "+34912345678", "geographic"}, {"062", "", "emergency"}, {"016", "", "social"}, {"1234", "", "internal"}, {"12345678", "", "unknown"}},
		"IT": {{"0612345678", "+390612345678", "geographic"}, {"3331234567", "+393331234567", "mobile"}, {"892123", "+39892123", "premium"}, {"899123456", "+39899123456", "premium"},
			{"199123456", "+39199123456", "shared_cost"}, {"800123456", "+39800123456", "freephone"}, {"00390612345678", "+390612345678", "geographic"}, {"118", "", "emergency"}},
		"US": {{"2125550123", "+12125550123", "geographic"}, {"12125550123", "+12125550123", "geographic"}, {"18005551212", "+18005551212", "freephone"},
			{"19005551234", "+19005551234", "premium"}, {"011442079460000", "+442079460000", "geographic"}, {"01131612345678", "+31612345678", "mobile"},
			{"+442079460000", "+442079460000", "geographic"}, {"5550123", "", "internal"}, {"8095551234", "+18095551234", "geographic"}, {"12425551234", "+12425551234", "mobile"}, {"2021234567", "+12021234567", "geographic"},
			{"911", "", "emergency"}, {"988", "", "social"}, {"4021", "", "internal"}},
		"GB": {{"02079460000", "+442079460000", "geographic"}, {"07912345678", "+447912345678", "mobile"}, {"07012345678", "+447012345678", "personal"}, {"08451234567", "+448451234567", "shared_cost"},
			{"08712345678", "+448712345678", "shared_cost"}, {"09012345678", "+449012345678", "premium"}, {"03001234567", "+443001234567", "geographic"}, {"999", "", "emergency"}, {"101", "", "social"},
			{"111", "", "social"}, {"118118", "", "short_code"}},
		"FR": {{"0123456789", "+33123456789", "geographic"}, {"0612345678", "+33612345678", "mobile"}, {"0800123456", "+33800123456", "freephone"}, {"0899123456", "+33899123456", "premium"},
			{"0820123456", "+33820123456", "shared_cost"}, {"15", "", "emergency"}, {"115", "", "emergency"}, {"3114", "", "social"}},
		"BE": {{"022345678", "+3222345678", "geographic"}, {"0478123456", "+32478123456", "mobile"}, {"090912345", "+3290912345", "premium"}, {"070123456", "+3270123456", "shared_cost"},
			{"078123456", "+3278123456", "shared_cost"}, {"080012345", "+3280012345", "freephone"}, {"101", "", "emergency"}, {"107", "", "social"}},
		"PL": {{"221234567", "+48221234567", "geographic"}, {"601234567", "+48601234567", "mobile"}, {"701234567", "+48701234567", "premium"}, {"800123456", "+48800123456", "freephone"},
			{"0031201234567", "+31201234567", "geographic"}, {"997", "", "emergency"}, {"1234567", "", "internal"}},
		"PT": {{"211234567", "+351211234567", "geographic"}, {"911234567", "+351911234567", "mobile"}, {"760123456", "+351760123456", "premium"}, {"800123456", "+351800123456", "freephone"},
			{"112", "", "emergency"}},
		"AT": {{"01234567", "+431234567", "geographic"}, {"06641234567", "+436641234567", "mobile"}, {"0900123456", "+43900123456", "premium"}, {"144", "", "emergency"}},
		"CH": {{"0441234567", "+41441234567", "geographic"}, {"0900123456", "+41900123456", "premium"}, {"0906123456", "+41906123456", "premium"}, {"143", "", "social"}},
		"DK": {{"32123456", "+4532123456", "geographic"}, {"0031201234567", "+31201234567", "geographic"}},
		"HU": {{"0612345678", "+3612345678", "geographic"}, {"06301234567", "+36301234567", "mobile"}},
		"RU": {{"84951234567", "+74951234567", "geographic"}, {"81031201234567", "+31201234567", "geographic"}, {"89161234567", "+79161234567", "mobile"}, {"87012345678", "+77012345678", "mobile"}},
		"LT": {{"860123456", "+37060123456", "mobile"}, {"060123456", "+37060123456", "mobile"}},
		"LU": {{"26123456", "+35226123456", "geographic"}, {"2612", "", "internal"}},
		"BR": {{"01121234567", "+551121234567", "geographic"}, {"0151121234567", "+551121234567", "geographic"}, {"001431201234567", "+31201234567", "geographic"}},
		"AR": {{"0111523456789", "+5491123456789", "mobile"}},
		"AU": {{"0412345678", "+61412345678", "mobile"}, {"001131201234567", "+31201234567", "geographic"}},
		"JP": {{"0312345678", "+81312345678", "geographic"}, {"01031201234567", "+31201234567", "geographic"}},
	} {
		s := site(t, country)
		for _, r := range rows {
			n := s.Read(r.dialled)
			if n.E164.String() != r.e164 || n.Class.String() != r.class {
				t.Errorf("%s %q: %q %s, want %q %s", country, r.dialled, n.E164, n.Class, r.e164, r.class)
			}
			if dialable := r.e164 != "" || n.Privileged() || r.class == "short_code"; n.Dialable != dialable {
				t.Errorf("%s %q: dialable %v", country, r.dialled, n.Dialable)
			}
			if n.E164 != 0 && (n.Target != 0 || n.Abroad != (n.Country.String() != country)) {
				t.Errorf("%s %q: country %s, abroad %v, target %s", country, r.dialled, n.Country, n.Abroad, n.Target)
			}
		}
	}
}

// TestDeclared reads with a configured plan: outside line, extensions, short codes, area code, other prefixes.
func TestDeclared(t *testing.T) {
	none := ""
	office := configured(t, Config{Country: "NL", OutsideLine: []string{"0"}, Extensions: []string{"200-399", "5XX", "8001", "912345678"}, ShortCodes: []string{"1234"}})
	us := configured(t, Config{Country: "US", OutsideLine: []string{"9"}, AreaCode: "212", Extensions: []string{"1XX"}})
	stripped := configured(t, Config{Country: "NL", Trunk: &none, International: []string{"000"}})
	for _, r := range []struct {
		site                 *Site
		dialled, e164, class string
	}{
		{office, "00201234567", "+31201234567", "geographic"}, {office, "0201234567", "+31201234567", "geographic"}, {office, "00612345678", "+31612345678", "mobile"},
		{office, "000442079460000", "+442079460000", "geographic"}, {office, "00442079460000", "+442079460000", "geographic"}, {office, "0112", "", "emergency"},
		{office, "212", "", "internal"}, {office, "512", "", "internal"}, {office, "8001", "", "internal"}, {office, "412", "", "unknown"}, {office, "1234", "", "short_code"},
		{office, "01888", "", "short_code"}, {office, "912345678", "", "internal"}, {office, "+31201234567", "+31201234567", "geographic"},
		{us, "92125550123", "+12125550123", "geographic"}, {us, "5550123", "+12125550123", "geographic"}, {us, "95550123", "+12125550123", "geographic"},
		{us, "901131201234567", "+31201234567", "geographic"}, {us, "9411", "", "short_code"}, {us, "411", "", "short_code"}, {us, "150", "", "internal"}, {us, "9911", "", "emergency"},
		{us, "4567", "", "unknown"},
		{stripped, "201234567", "+31201234567", "geographic"}, {stripped, "000442079460000", "+442079460000", "geographic"},
	} {
		if n := r.site.Read(r.dialled); n.E164.String() != r.e164 || n.Class.String() != r.class {
			t.Errorf("%s %q: %q %s, want %q %s", r.site.Country(), r.dialled, n.E164, n.Class, r.e164, r.class)
		}
	}
}

func TestConfigErrors(t *testing.T) {
	bad := "x"
	for name, c := range map[string]Config{
		"no country": {}, "country": {Country: "XX"}, "lower case": {Country: "n1"}, "international": {Country: "NL", International: []string{"+"}}, "trunk": {Country: "NL", Trunk: &bad},
		"outside": {Country: "NL", OutsideLine: []string{""}}, "extension": {Country: "NL", Extensions: []string{"2A"}}, "range": {Country: "NL", Extensions: []string{"300-200"}},
		"lengths": {Country: "NL", Extensions: []string{"99-100"}}, "short code": {Country: "NL", ShortCodes: []string{""}}, "own": {Country: "NL", Own: []string{"020x"}},
		"emergency": {Country: "NL", Emergency: []string{"1 1 2"}}, "empty emergency": {Country: "NL", Emergency: []string{""}}, "area": {Country: "US", AreaCode: "21-2"},
	} {
		if _, err := New(c); belwacht.CodeOf(err) != belwacht.Config || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := New(Config{Country: "nl"}); err != nil || s.Country().String() != "NL" {
		t.Errorf("small letters: %v", err)
	}
}

func TestCaller(t *testing.T) {
	s := configured(t, Config{Country: "NL", Own: []string{"+3120123"}})
	for presented, want := range map[string]string{"+31201234567": "+31201234567", "0201234567": "+31201234567", "0031201234567": "+31201234567",
		"31201234567": "+31201234567", "201234567": "+31201234567", "442079460000": "+442079460000", "anonymous": "", "212": "", "": "", "+": "", "99999999": "",
		"0201234567;x": "", "12125550123": "+12125550123"} {
		if got := s.Caller(presented); got.String() != want {
			t.Errorf("%q: %s, want %s", presented, got, want)
		}
	}
	if !s.IsOwn(s.Caller("0201234567")) || s.IsOwn(s.Caller("0301234567")) || s.IsOwn(0) {
		t.Error("own range")
	}
}

// TestEveryPlanReadsItsOwn takes each country's example numbers through its own plan, behind the trunk prefix where it has one.
func TestEveryPlanReadsItsOwn(t *testing.T) {
	for country, e := range exampleNumbers(t) {
		s := site(t, country)
		national := e.Digits()[len(s.code):]
		for _, d := range []string{s.trunk + national, e.String(), s.international[len(s.international)-1] + e.Digits()} {
			if len(d) < shortestNumber {
				continue
			}
			if n := s.Read(d); n.E164 != e || !n.Dialable || n.Abroad || n.Target != 0 {
				t.Errorf("%s %s: %+v, want %s", country, d, n, e)
			}
		}
	}
}

func TestAllocations(t *testing.T) {
	s := configured(t, Config{Country: "NL", OutsideLine: []string{"9"}, Extensions: []string{"2XX", "300-399", "4001"}, Listed: []belwacht.E164{packed(t, "252")}})
	for _, d := range []string{"0201234567", "0031612345678", "+252612345678", "212", "112", "9112", "sip:112@pbx.example", "urn:service:sos.police", "tel:+31-20-1234567",
		"900972597155468", "00-972592277524", "*21*00252612345678#", "%2300972592277524", "s", "14020", "09008844", "901888"} {
		if n := testing.AllocsPerRun(100, func() { s.Read(d) }); n != 0 {
			t.Errorf("Read(%q) allocates %v times", d, n)
		}
	}
	if n := testing.AllocsPerRun(100, func() { s.Caller("0201234567"); s.CountryOf(packed(t, "31201234567")) }); n != 0 {
		t.Errorf("Caller and CountryOf allocate %v times", n)
	}
}

// packed packs digits.
func packed(t testing.TB, digits string) belwacht.E164 {
	t.Helper()
	e, ok := belwacht.ParseE164(digits)
	if !ok {
		t.Fatal(digits)
	}
	return e
}
