package setup_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/setup"
	"github.com/belwacht/belwacht/web/webtest"
	"github.com/belwacht/belwacht/yaml/splice"
)

// owner is a file of an owner's whose values are hostile.
type owner struct {
	sheet   setup.Sheet
	edits   []splice.Edit
	sum     string
	act     belwacht.Act
	fail    error // of a plan
	refused error // of writing
	wrote   []string
}

func (o *owner) Sheet(context.Context, string) (*setup.Sheet, error) { s := o.sheet; return &s, nil }

func (o *owner) Plan(_ context.Context, tenant, sum string, edits []splice.Edit) (*setup.Plan, error) {
	o.edits, o.sum = edits, sum
	if o.fail != nil {
		return nil, o.fail
	}
	return &setup.Plan{Deed: &access.Deed{Act: o.act, Tenant: tenant, Subject: "x", Detail: webtest.Hostile}, Diff: []string{"-a: 1", "+a: " + webtest.Hostile}, Same: len(edits) == 0,
		Write: func(who string) error { o.wrote = append(o.wrote, who); return o.refused }}, nil
}

func (o *owner) Undo(_ context.Context, tenant, id string) (*setup.Plan, error) {
	if id != "v1" {
		return nil, belwacht.Errorf(belwacht.NotFound, "there is no such change")
	}
	return o.Plan(context.Background(), tenant, "", []splice.Edit{{Path: []string{"mode"}, Value: "learn"}})
}

func (o *owner) History(context.Context, string) ([]setup.Version, error) {
	return []setup.Version{{ID: "v1", Time: 1_790_000_000_000, Who: webtest.Hostile, Last: true, What: []setup.What{{Key: webtest.Hostile, Before: "", After: webtest.Hostile}}}, {ID: "v0", Undo: true}}, nil
}

func sheet() setup.Sheet {
	return setup.Sheet{Sum: "abc", File: webtest.Hostile, Locked: errors.New(webtest.Hostile), Name: webtest.Hostile, Country: "NL", Timezone: "Europe/Amsterdam", Hours: webtest.Hostile, Mode: "monitor",
		Brake: "EUR 50", Refuse: "EUR 25", Alert: "EUR 12", Scopes: []setup.Scope{{Kind: "groups", Name: webtest.Hostile, Values: []setup.Value{{Key: "money_per_day", Value: webtest.Hostile}}}},
		Groups: []string{webtest.Hostile}, Trunks: []string{webtest.Hostile}, Only: []string{"NL"}, Never: []string{"SO"}, Rules: []setup.Rule{{Name: "pace", English: webtest.Hostile, Dutch: webtest.Hostile, Switch: "enforce"}},
		Keep: []setup.Days{{Key: "calls", Days: 200, Usual: 183}, {Key: "pseudonymise"}}, People: []setup.Person{{Name: "Anna", Mail: webtest.Hostile, SMS: "+31612345678", Hours: webtest.Hostile}},
		Mail: setup.Mail{Server: webtest.Hostile, To: []string{webtest.Hostile}, Password: true}, PBXs: []string{webtest.Hostile}}
}

func site(t *testing.T, c setup.Config) (*web.Site, *webtest.Door, *webtest.Deeds) {
	t.Helper()
	s, d, deeds := webtest.Stand(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	if err := setup.New(s, c); err != nil {
		t.Fatal(err)
	}
	return s, d, deeds
}

func TestCatalogue(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"Mode and hours", "Limits", "Countries", "Rules", "Who is told", "How long it is kept", "Changes", "All that is in force"}
	for _, k := range setup.Keys() {
		known = append(known, k.Says)
	}
	webtest.Catalogue(t, frame, known...)
	webtest.Icons(t, "../ui/icons.txt")
}

func paths() []string {
	return []string{"/settings/mode", "/settings/limits", "/settings/countries", "/settings/rules", "/settings/people", "/settings/keep", "/settings/changes"}
}

func TestPages(t *testing.T) {
	o := &owner{sheet: sheet()}
	s, d, _ := site(t, setup.Config{Owner: o, Past: o, WhatIf: func(kind, name string) string { return "/rules/" + kind + "?name=" + name },
		Try: func(context.Context, string) ([]setup.Tried, error) {
			return []setup.Tried{{Who: webtest.Hostile, Way: "mail", Err: errors.New(webtest.Hostile)}}, nil
		}})
	webtest.Pages(t, s, paths()...)
	o.sheet.Unset, o.sheet.Locked = true, nil
	webtest.Pages(t, s, paths()...)
	if w := webtest.Post(s, "/settings/try", map[string]string{"person": "Anna"}); w.Code != 200 {
		t.Errorf("%d", w.Code)
	} else {
		webtest.Clean(t, "try", w.Body.String())
	}
	d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeSettings}}
	webtest.Pages(t, s, paths()...)
	for _, path := range append(paths()[:6], "/settings/undo", "/settings/try") {
		if w := webtest.Post(s, path, nil); w.Code != 403 {
			t.Errorf("%s without the right: %d", path, w.Code)
		}
	}
	d.V.Rights = nil
	for _, path := range paths() {
		if w := webtest.Get(s, path, "en"); w.Code != 403 {
			t.Errorf("%s without the right: %d", path, w.Code)
		}
	}
}

// TestEdits: what a form says becomes edits of just what changed.
func TestEdits(t *testing.T) {
	for name, c := range map[string]struct {
		path string
		form map[string]string
		want string // of the edits
	}{
		"nothing":          {"mode", map[string]string{"mode": "monitor", "hours": "mon-fri 08:00-18:00", "brake": "on", "money": "EUR 50", "refuse": "EUR 25", "alert": "EUR 12"}, ""},
		"mode and money":   {"mode", map[string]string{"mode": "enforce", "hours": "mon-fri 08:00-18:00", "brake": "on", "money": "75", "refuse": "EUR 25", "alert": "EUR 12"}, "mode: enforce, brake.money: EUR 75"},
		"brake off":        {"mode", map[string]string{"mode": "monitor", "hours": "", "brake": "off", "money": "EUR 50", "refuse": "EUR 25", "alert": "EUR 12"}, "organisation.office_hours: <nil>, brake.off: true"},
		"limit":            {"limits", map[string]string{"for": "organisation:", "key": "money_per_day", "value": "50,50"}, "limits.organisation.money_per_day: EUR 50,50"},
		"limit of a group": {"limits", map[string]string{"for": "groups:sales", "key": "calls_per_day", "value": "50"}, "limits.groups.sales.calls_per_day: 50"},
		"of an extension":  {"limits", map[string]string{"for": "accounts:", "account": "212", "key": "longest_call", "value": "90"}, "limits.accounts[212].longest_call: 90m"},
		"limit gone":       {"limits", map[string]string{"for": "organisation:", "key": "money_per_day", "value": "x", "remove": "yes"}, "limits.organisation.money_per_day: <nil>"},
		"limit countries":  {"limits", map[string]string{"for": "groups:a", "key": "only_countries", "value": "nl be"}, "limits.groups.a.only_countries: [NL BE]"},
		"countries":        {"countries", map[string]string{"which": "some", "only": "nl, de;BE", "never": "SO"}, "limits.organisation.only_countries: [NL DE BE]"},
		"countries open":   {"countries", map[string]string{"which": "all", "only": "NL", "never": ""}, "limits.organisation.only_countries: <nil>, limits.organisation.no_countries: <nil>"},
		"what if":          {"countries", map[string]string{"which": "some", "only": "NL DE"}, "limits.organisation.only_countries: [NL DE]"},
		"rules":            {"rules", map[string]string{"rule-pace": "off"}, "rules.pace: off"},
		"keep":             {"keep", map[string]string{"keep-calls": "300", "reason": "x"}, "keep.calls: 300, keep.shorter_because: x"},
		"keep as usual":    {"keep", map[string]string{"keep-calls": ""}, "keep.calls: <nil>"},
		"person":           {"people", map[string]string{"at": "0", "name": "Anna", "mail": "a@example.nl", "sms": "+31612345678", "hours": ""}, "alerts.people[0].mail: a@example.nl, alerts.people[0].hours: <nil>"},
		"person gone":      {"people", map[string]string{"at": "0", "remove": "yes"}, "alerts.people[0]: <nil>"},
		"person new":       {"people", map[string]string{"at": "+", "name": "Bob", "mail": "b@example.nl"}, "alerts.people[+]: [{name Bob} {mail b@example.nl}]"},
		"mail":             {"people", map[string]string{"server": "mail.example.nl", "from": "a@example.nl", "to": "x@example.nl"}, "alerts.mail.server: mail.example.nl:587, alerts.mail.from: a@example.nl, alerts.mail.to: [x@example.nl]"},
		"mail gone":        {"people", map[string]string{"server": ""}, "alerts.mail: <nil>"},
	} {
		o := &owner{sheet: sheet(), act: access.SettingChange}
		o.sheet.Hours, o.sheet.Locked, o.sheet.Mail = "mon-fri 08:00-18:00", nil, setup.Mail{}
		o.sheet.People[0].Mail, o.sheet.People[0].Hours = "old@example.nl", "mon 08:00-09:00"
		s, _, deeds := site(t, setup.Config{Owner: o, Past: o})
		c.form["sum"] = "abc"
		w := webtest.Post(s, "/settings/"+c.path, c.form)
		var got []string
		for _, e := range o.edits {
			got = append(got, e.String())
		}
		if w.Code != 303 || strings.Join(got, ", ") != c.want || o.sum != "abc" {
			t.Errorf("%s: %d, %s, want %s\n%.600s", name, w.Code, strings.Join(got, ", "), c.want, w.Body)
		}
		if (len(deeds.Done) == 1) != (c.want != "") || (len(o.wrote) == 1) != (c.want != "") {
			t.Errorf("%s: deeds %v, written by %v", name, deeds.Done, o.wrote)
		}
	}
}

// TestWrong: what cannot be saved is on the page again, with what was typed and why.
func TestWrong(t *testing.T) {
	for name, c := range map[string]struct {
		path, field, value, says string
		form                     map[string]string
		fail                     error
	}{
		"no number":      {"limits", "value", "many", "no whole number", map[string]string{"for": "organisation:", "key": "calls_per_day"}, nil},
		"nobody":         {"limits", "value", "3", "which extension", map[string]string{"for": "accounts:", "key": "calls_per_day"}, nil},
		"no country":     {"countries", "only", "NL, XQ", "XQ is no country", map[string]string{"which": "some"}, nil},
		"the check says": {"mode", "hours", "never", "belwacht.yaml:7: that is wrong", map[string]string{"mode": "monitor", "brake": "on"}, belwacht.Errorf(belwacht.Config, "belwacht.yaml:7: that is wrong")},
		"changed":        {"mode", "hours", "mon 08:00-09:00", "changed meanwhile", map[string]string{"mode": "monitor", "brake": "on"}, belwacht.Errorf(belwacht.Invalid, "it was changed meanwhile")},
	} {
		o := &owner{sheet: sheet(), act: access.SettingChange, fail: c.fail}
		s, _, deeds := site(t, setup.Config{Owner: o, Past: o})
		c.form[c.field] = c.value
		w := webtest.Post(s, "/settings/"+c.path, c.form)
		page := w.Body.String()
		if w.Code != 422 || !strings.Contains(page, c.says) || !strings.Contains(page, `value="`+c.value+`"`) || len(deeds.Done)+len(o.wrote) > 0 {
			t.Errorf("%s: %d %v\n%.3000s", name, w.Code, deeds.Done, page)
		}
		webtest.Clean(t, name, page)
	}
}

// TestLessens: what lessens protection is asked about once, told with its reason, and waits for another where it takes two.
func TestLessens(t *testing.T) {
	o := &owner{sheet: sheet(), act: access.LimitRaise}
	o.sheet.Locked = nil
	s, _, deeds := site(t, setup.Config{Owner: o, Past: o})
	form := map[string]string{"for": "organisation:", "key": "money_per_day", "value": "500", "sum": "abc"}
	w := webtest.Post(s, "/settings/limits", form)
	if page := w.Body.String(); w.Code != 200 || len(deeds.Done)+len(o.wrote) > 0 || !strings.Contains(page, `name="value" value="500"`) || !strings.Contains(page, "raised a limit") {
		t.Fatalf("%d %v\n%.4000s", w.Code, deeds.Done, page)
	}
	webtest.Clean(t, "sure", w.Body.String())
	form["sure"], form["why"] = "yes", "a big order"
	if w := webtest.Post(s, "/settings/limits", form); w.Code != 303 || len(deeds.Done) != 1 || deeds.Done[0].Why != "a big order" || len(o.wrote) != 1 || o.wrote[0] != "Anna" {
		t.Errorf("%d %+v %v", w.Code, deeds.Done, o.wrote)
	}
	o.act, deeds.Wait, o.wrote = access.ModeLower, &belwacht.Proposal{ID: "p"}, nil
	if w := webtest.Post(s, "/settings/mode", map[string]string{"mode": "learn", "brake": "on", "sure": "yes"}); w.Code != 303 || w.Header().Get("Location") != "/proposals" || len(o.wrote) > 0 {
		t.Errorf("%d %v", w.Code, o.wrote)
	}
}

// TestUnwritable: where the file may not be written the lines are there.
func TestUnwritable(t *testing.T) {
	o := &owner{sheet: sheet(), act: access.SettingChange, refused: belwacht.Errorf(belwacht.Config, "read-only file system")}
	s, _, _ := site(t, setup.Config{Owner: o, Past: o})
	w := webtest.Post(s, "/settings/mode", map[string]string{"mode": "enforce", "brake": "on"})
	if page := w.Body.String(); w.Code != 409 || !strings.Contains(page, "read-only file system") || !strings.Contains(page, "&#43;a: ") {
		t.Errorf("%d\n%.3000s", w.Code, page)
	}
	webtest.Clean(t, "failed", w.Body.String())
}

// TestSecret: a password is written where it belongs, and stands on no page.
func TestSecret(t *testing.T) {
	o := &owner{sheet: sheet(), act: access.TellingLess}
	o.sheet.Locked = nil
	var kept string
	s, _, _ := site(t, setup.Config{Owner: o, Past: o, Secret: func(name string) (string, bool, func(string) error) {
		return "/etc/belwacht/" + name, true, func(v string) error { kept = v; return nil }
	}})
	form := map[string]string{"server": "mail.example.nl:587", "password": "hunter-22-secret"}
	w := webtest.Post(s, "/settings/people", form)
	if w.Code != 200 || strings.Contains(w.Body.String(), "hunter") || kept != "" || !strings.Contains(w.Body.String(), `type="password"`) {
		t.Errorf("%d %q\n%.3000s", w.Code, kept, w.Body)
	}
	form["sure"] = "yes"
	if w := webtest.Post(s, "/settings/people", form); w.Code != 303 || kept != "hunter-22-secret" {
		t.Errorf("%d %q", w.Code, kept)
	}
}

// TestUndo: the last change is undone by a deed of its own.
func TestUndo(t *testing.T) {
	o := &owner{sheet: sheet(), act: access.LimitLower}
	s, _, deeds := site(t, setup.Config{Owner: o, Past: o})
	if w := webtest.Post(s, "/settings/undo", map[string]string{"id": "v1"}); w.Code != 303 || len(deeds.Done) != 1 || len(o.wrote) != 1 {
		t.Errorf("%d %v", w.Code, deeds.Done)
	}
	if w := webtest.Post(s, "/settings/undo", map[string]string{"id": "v7"}); w.Code != 409 || len(o.wrote) != 1 {
		t.Errorf("%d", w.Code)
	}
}

// TestBound: who sees one organisation only changes nothing that holds for all.
func TestBound(t *testing.T) {
	o := &owner{sheet: sheet(), act: access.SettingChange}
	o.sheet.Shared = true
	s, d, deeds := site(t, setup.Config{Owner: o, Past: o})
	d.V.Tenants = []string{""}
	if w := webtest.Post(s, "/settings/keep", map[string]string{"keep-calls": "400"}); w.Code != 403 || len(deeds.Done)+len(o.wrote) > 0 {
		t.Errorf("%d %v", w.Code, deeds.Done)
	}
}
