package owner_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/owner"
	"github.com/belwacht/belwacht/web/webtest"
)

// will is what an owner set and what came of it.
type will struct{ belwacht.SumStore }

func (will) Rules(context.Context, string) ([]owner.Rule, error) {
	return []owner.Rule{{Name: "new-country", English: webtest.Hostile, Dutch: webtest.Hostile, Switch: "enforce"}, {Name: "x", Switch: "off"}, {Name: "y", Switch: "monitor"}}, nil
}

func (will) Limits(context.Context, string) ([]owner.Limit, error) {
	return []owner.Limit{{Scope: "organisation", Key: "money_per_day", Value: webtest.Hostile}, {Scope: webtest.Hostile, Key: "calls_per_day", Value: "3"}}, nil
}

func (will) Settings(_ context.Context, of string, all bool) (string, error) {
	if !all {
		return "name: " + of + "\n", nil
	}
	return "mode: enforce # <b>\nevery: setting\n", nil
}

func (will) RuleSums(_ context.Context, _ string, from, _ belwacht.Date) ([]belwacht.RuleSum, error) {
	return []belwacht.RuleSum{{Month: from, Cause: "rule.new-country", Decisions: 5, Enforced: 3, Stopped: 12.5, Wrong: 1, Alerts: 2, Fraud: 1, Open: 1, Seconds: 90}, {Month: from.NextMonth(), Cause: "limit.money.day", Decisions: 1}}, nil
}

func TestCatalogue(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Catalogue(t, frame)
	webtest.Icons(t, "../ui/icons.txt")
}

func TestPages(t *testing.T) {
	s, d := webtest.Site(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	if err := owner.New(s, owner.Config{Viewer: will{}, Sums: will{}, Otherwise: played}); err != nil {
		t.Fatal(err)
	}
	webtest.Pages(t, s, "/quality", "/rules", "/limits", "/settings")
	page := webtest.Get(s, "/rules", "en").Body.String()
	for _, want := range []string{"2 calls stopped more", "1 call stopped fewer", "no call went another way", "not played yet"} {
		if !strings.Contains(page, want) {
			t.Errorf("the rules do not say %q", want)
		}
	}
	d.V = &web.Visitor{Name: "x", Role: "helpdesk", Rights: []web.Right{web.Help}}
	for _, path := range []string{"/quality", "/rules", "/limits", "/settings"} {
		if w := webtest.Get(s, path, "en"); w.Code != 403 {
			t.Errorf("%s without the right: %d", path, w.Code)
		}
	}
}

// TestOneOrganisation: who may see one organisation is shown its part of the settings only.
func TestOneOrganisation(t *testing.T) {
	s, d := webtest.Site(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	if err := owner.New(s, owner.Config{Viewer: will{}}); err != nil {
		t.Fatal(err)
	}
	if page := webtest.Get(s, "/settings", "en").Body.String(); !strings.Contains(page, "every: setting") {
		t.Error("who may see all is not shown all")
	}
	d.V = webtest.Administrator()
	d.V.Tenants = []string{""}
	if page := webtest.Get(s, "/settings", "en").Body.String(); strings.Contains(page, "every: setting") || !strings.Contains(page, "name: ") {
		t.Error("who may see one organisation is shown the settings of all")
	}
}

// played is what is known of rules set otherwise.
func played(_, rule string) *owner.Otherwise {
	switch rule {
	case "new-country":
		return &owner.Otherwise{ID: webtest.Hostile, To: "off", More: 2, Saved: belwacht.Unit, Fewer: 1, Risk: belwacht.Unit}
	case "x":
		return &owner.Otherwise{ID: "rule:x:enforce", To: "enforce"}
	}
	return nil
}
