package detect

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
)

// TestSentences: a clause may begin with any character, numbers have the language's comma, and money the organisation's currency.
func TestSentences(t *testing.T) {
	tenant := dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) { t.Currency = "GBP" }))
	set, err := rule.Compile([]rule.Rule{{Name: "dear", Family: belwacht.FamilyDestination, Kind: "threshold", Of: "price", Steps: []rule.Step{{At: 0.1, Bits: 8}}, Origin: "fitted",
		English: "{price} a minute, {value} each", Dutch: "{price} per minuut, {value} elk"},
		{Name: "elan", Family: belwacht.FamilyAmount, Kind: "threshold", Of: "calls-7d", Steps: []rule.Step{{At: 1, Bits: 7}}, English: "élan", Dutch: "élan"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tenant.Policy.PriorAbroad = 0.2
	e, err := New(Config{Rules: set, Tenants: []Tenant{tenant}})
	if err != nil {
		t.Fatal(err)
	}
	ds := handle(t, e, try("c", "212", somalia, monday))
	if len(ds) != 1 || ds[0].Word != belwacht.Refuse {
		t.Fatalf("%+v", ds)
	}
	for got, want := range map[string][]string{
		ds[0].Reason:   {"Refused: +25261555123 (Somalia, £ 1.20/min).", "£ 1.20 a minute, 1.2 each", "£ 12.00 at risk", "known for 0 days, 0 calls"},
		ds[0].ReasonNL: {"Geweigerd: +25261555123 (Somali", "£ 1,20 per minuut, 1,2 elk", "£ 12,00 op het spel"},
	} {
		if !utf8.ValidString(got) {
			t.Errorf("broken: %q", got)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%q does not say %q", got, w)
			}
		}
	}
}
