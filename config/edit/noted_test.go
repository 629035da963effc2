package edit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestNoted: what a reload found changed is one deed for each organisation and kind of act, the fitting one.
func TestNoted(t *testing.T) {
	var got []string
	for _, d := range Noted([]belwacht.Change{
		{What: "brake.off", After: "true"},
		{What: "keep.calls", Before: "200", After: "100"},
		{What: "organisation.office_hours", Before: "a", After: "b"},
		{What: "tenants[elm].limits.organisation.only_countries", Before: "NL, BE", After: "NL, BE, SO"},
		{What: "tenants[elm].limits.organisation.money_per_day", Before: "EUR 50", After: "EUR 500"},
		{What: "tenants[elm].limits.accounts[212].money_per_day", Before: "EUR 5", After: "EUR 50"},
		{What: "tenants[oak].mode", Before: "enforce", After: "monitor"},
		{What: "tenants[oak].rules.new-country", After: "off"},
	}) {
		got = append(got, fmt.Sprintf("%s %s %s %d", d.Act, d.Tenant, d.Subject, strings.Count(d.Detail, "→")))
	}
	want := "brake.off  brake.off 1; retention.shorten  keep.calls 1; setting.change  organisation.office_hours 1; " +
		"country.open elm tenants[elm].limits.organisation.only_countries 1; limit.raise elm tenants[elm].limits.organisation.money_per_day 2; " +
		"mode.lower oak tenants[oak].mode 1; rule.off oak tenants[oak].rules.new-country 1"
	if strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
}
