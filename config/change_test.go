package config

import (
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestChanged changes one setting at a time: the organisation that was asked stays as it was, and what the file's check refuses is refused here.
func TestChanged(t *testing.T) {
	c, err := Read([]byte("version: 1\norganisation: {country: NL, timezone: Europe/Amsterdam}\nrules: {new-country: monitor}\nlimits: {organisation: {money_per_day: EUR 50, calls_per_day: 9}, accounts: {\"212\": {calls_at_once: 2}}}\n"), "f", nil)
	if err != nil {
		t.Fatal(err)
	}
	all := c.All()
	was := &all[0]
	if n := was.WithRule("new-country", "enforce"); n.Rules["new-country"] != "enforce" || was.Rules["new-country"] != "monitor" {
		t.Errorf("%v, was %v", n.Rules, was.Rules)
	}
	n, err := was.WithLimit("organisation", "money_per_day", "EUR 20")
	if err != nil || n.Limits.Organisation.MoneyPerDay.Amount != 20*belwacht.Unit || n.Limits.Organisation.CallsPerDay != 9 || was.Limits.Organisation.MoneyPerDay.Amount != 50*belwacht.Unit {
		t.Errorf("%+v %v", n.Limits.Organisation, err)
	}
	if n, err = was.WithLimit("organisation", "calls_per_day", ""); err != nil || n.Limits.Organisation.CallsPerDay != 0 || was.Limits.Organisation.CallsPerDay != 9 {
		t.Errorf("%+v %v", n.Limits.Organisation, err)
	}
	if n, err = was.WithLimit("212", "calls_at_once", " "); err != nil || n.Limits.Accounts["212"].CallsAtOnce != 0 || was.Limits.Accounts["212"].CallsAtOnce != 2 {
		t.Errorf("%+v %v", n.Limits.Accounts, err)
	}
	if n, err = was.WithLimit("group sales", "only_countries", "[BE, DE]"); err != nil || len(n.Limits.Groups["sales"].OnlyCountries) != 2 || len(was.Limits.Groups) != 0 {
		t.Errorf("%+v %v", n.Limits.Groups, err)
	}
	for _, bad := range [][3]string{{"money_per_day", "50", "no currency"}, {"money_per_day", "USD 50", "currency is EUR"}, {"calls_per_day", "-1", "more than 0"}, {"calls_per_day", "x", "x"},
		{"nonsense", "1", "is no limit"}, {"no_classes", "[emergency]", "never refused"}, {"only_countries", "[QQ]", "QQ"}, {"hours", "always", "hours"}, {"longest_call", "5", "5"}} {
		if _, err := was.WithLimit("organisation", bad[0], bad[1]); belwacht.CodeOf(err) != belwacht.Invalid || !strings.Contains(err.Error(), bad[2]) {
			t.Errorf("%s %q: %v", bad[0], bad[1], err)
		}
	}
	for _, key := range LimitKeys() {
		if _, err := was.WithLimit("x", key, ""); err != nil {
			t.Errorf("%s cannot be taken away: %v", key, err)
		}
	}
}
