package setup_test

import (
	"bytes"
	"context"
	"errors"
	"github.com/belwacht/belwacht/text"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/netip"
	"strconv"
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
	admits  func(netip.Addr, time.Time) error
}

func (o *owner) Sheet(context.Context, string) (*setup.Sheet, error) { s := o.sheet; return &s, nil }

func (o *owner) Plan(_ context.Context, tenant, sum string, edits []splice.Edit) (*setup.Plan, error) {
	o.edits, o.sum = edits, sum
	if o.fail != nil {
		return nil, o.fail
	}
	return &setup.Plan{Admits: o.admits, Deed: &access.Deed{Act: o.act, Tenant: tenant, Subject: "x", Detail: webtest.Hostile}, Diff: []string{"-a: 1", "+a: " + webtest.Hostile}, Same: len(edits) == 0,
		Write: func(who string) error { o.wrote = append(o.wrote, who); return o.refused }}, nil
}

func (o *owner) Undo(_ context.Context, tenant, id string) (*setup.Plan, error) {
	if id != "v1" {
		return nil, belwacht.Errorf(belwacht.NotFound, "there is no such change")
	}
	return o.Plan(context.Background(), tenant, "", []splice.Edit{{Path: []string{"mode"}, Value: "learn"}})
}

func (o *owner) History(context.Context, string) ([]setup.Version, error) {
	return []setup.Version{{ID: "v2", What: []setup.What{{Key: "alerts.people[Anna].mail", After: "…"}}}, {ID: "v1", Time: 1_790_000_000_000, Who: webtest.Hostile, Last: true, What: []setup.What{{Key: webtest.Hostile, Before: "", After: webtest.Hostile}}}, {ID: "v0", Undo: true, What: []setup.What{{Key: "mode"}}}}, nil
}

// many are fifteen hundred extensions.
func many(between string) string {
	var list []string
	for i := range 1500 {
		list = append(list, strconv.Itoa(1000+i))
	}
	return strings.Join(list, between)
}

func sheet() setup.Sheet {
	return setup.Sheet{Sum: "abc", File: webtest.Hostile, Locked: errors.New(webtest.Hostile), Name: webtest.Hostile, Country: "NL", Timezone: "Europe/Amsterdam", Hours: webtest.Hostile, Mode: "monitor",
		Brake: "EUR 50", Refuse: "EUR 25", Alert: "EUR 12", Scopes: []setup.Scope{{Kind: "groups", Name: webtest.Hostile, Values: []setup.Value{{Key: "money_per_day", Value: webtest.Hostile}}}},
		Groups: []string{webtest.Hostile}, Trunks: []string{webtest.Hostile}, Only: []string{"NL"}, Never: []string{"SO"}, Rules: []setup.Rule{{Name: "pace", English: webtest.Hostile, Dutch: webtest.Hostile, Switch: "enforce"}},
		Keep: []setup.Days{{Key: "calls", Days: 200, Usual: 183}, {Key: "pseudonymise"}}, People: []setup.Person{{Name: "Anna", Mail: webtest.Hostile, SMS: "+31612345678", Hours: webtest.Hostile}},
		Mail: setup.Mail{Server: webtest.Hostile, To: []string{webtest.Hostile}, Password: true}, PBXs: []string{webtest.Hostile},
		Access: setup.Access{Networks: []string{webtest.Hostile}, Hours: webtest.Hostile}, Networks: []string{webtest.Hostile}, Dial: setup.Numbers{AreaCode: webtest.Hostile, Own: []string{webtest.Hostile, "+31201234567"}},
		Accounts:  []setup.Account{{Name: webtest.Hostile, Kind: "machine", Group: webtest.Hostile, Numbers: []string{"+31201234567"}, List: []string{webtest.Hostile}}, {Name: "212", Kind: "person"}},
		GroupList: []setup.Group{{Name: webtest.Hostile, Kind: "agent", Accounts: []string{webtest.Hostile}}, {Name: "sales", Accounts: []string{"200-249"}}},
		Ways:      setup.Ways{Webhook: true, WebhookURL: webtest.Hostile, Telegram: true, Chat: webtest.Hostile, Ntfy: true, NtfyURL: webtest.Hostile, SMS: true, SMSURL: webtest.Hostile, Syslog: []setup.Syslog{{Address: webtest.Hostile, Format: "cef"}}},
		Escalate:  setup.Escalate{Set: true, After: webtest.Hostile, Then: "nothing", Until: webtest.Hostile, Order: []string{webtest.Hostile, "Anna"}, Link: webtest.Hostile}}
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
	known := []string{"Stopping", "Telling", "Telephone system", "Access and keeping", "All settings", "Wizard", "Mode and hours", "Limits", "Countries", "Rules", "Who is told", "How long it is kept", "Changes", "All that is in force", "Ways of telling", "Who is asked next", "Extensions and groups",
		"Numbers and networks", "Who may come in", "Password", "Address", "Token", "Topic", "Secret by which messages are signed", "Line by which the gateway knows you"}
	for _, k := range setup.Keys() {
		known = append(known, k.Says)
	}
	webtest.Catalogue(t, frame, known...)
	webtest.Icons(t, "../ui/icons.txt")
}

func paths() []string {
	return []string{"/settings/mode", "/settings/limits", "/settings/countries", "/settings/rules", "/settings/people", "/settings/keep", "/settings/ways", "/settings/escalate", "/settings/accounts", "/settings/plan", "/settings/access", "/settings/changes"}
}

func TestPages(t *testing.T) {
	o, tried := &owner{sheet: sheet()}, ""
	s, d, _ := site(t, setup.Config{Owner: o, Past: o, WhatIf: func(kind string) string { return "/what-if#" + kind },
		Try: func(_ context.Context, person, way string) ([]setup.Tried, error) {
			tried = person + "," + way
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
	if w := webtest.Post(s, "/settings/try", map[string]string{"of": "ways", "way": "telegram"}); w.Code != 200 || tried != ",telegram" || !strings.Contains(w.Body.String(), `name="way" value="syslog"`) {
		t.Errorf("%d, %q", w.Code, tried)
	} else {
		webtest.Clean(t, "try", w.Body.String())
	}
	d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeSettings}}
	webtest.Pages(t, s, paths()...)
	for _, path := range append(paths()[:11], "/settings/undo", "/settings/try") {
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
		"access":           {"access", map[string]string{"networks": "203.0.113.0/24\r\n198.51.100.7", "hours": "mon-fri 07:00-20:00", "second": "all"}, "access.networks: [203.0.113.0/24 198.51.100.7], access.hours: mon-fri 07:00-20:00, access.second_factor: all"},
		"access open":      {"access", map[string]string{"networks": "", "hours": "x", "second": "administrators"}, "access.hours: x"},
		"plan":             {"plan", map[string]string{"area": "20", "trunk": "-", "own": "+31201234567, +31201234568", "networks": "198.51.100.0/24"}, "plan.area_code: 20, plan.trunk: , plan.own: [+31201234567 +31201234568], networks: [198.51.100.0/24]"},
		"extension":        {"accounts", map[string]string{"at": "1", "name": "212", "kind": "machine", "group": "lifts", "list": "+31201234567"}, "accounts[1].kind: machine, accounts[1].group: lifts, accounts[1].list: [+31201234567]"},
		"extension new":    {"accounts", map[string]string{"at": "+", "name": "299", "kind": "canary"}, "accounts[+]: [{name 299} {kind canary}]"},
		"extension gone":   {"accounts", map[string]string{"at": "0", "name": "x", "remove": "yes"}, "accounts[0]: <nil>"},
		"a group":          {"accounts", map[string]string{"group-name": "sales", "accounts": "200-249\n301", "kind": "agent"}, "groups.sales.accounts: [200-249 301], groups.sales.kind: agent"},
		"a large group":    {"accounts", map[string]string{"group-name": "sales", "accounts": many("\n")}, "groups.sales.accounts: [" + many(" ") + "]"},
		"a group new":      {"accounts", map[string]string{"group-name": "lifts", "accounts": "800"}, "groups.lifts.accounts: [800]"},
		"a group gone":     {"accounts", map[string]string{"group-name": "sales", "remove": "yes"}, "groups.sales: <nil>"},
		"escalate":         {"escalate", map[string]string{"order": "Anna\r\nBob, Carla", "after": "15", "then": "nothing", "link": "https://b.example.nl/alert/"}, "alerts.links.url: https://b.example.nl/alert/, alerts.escalate.order: [Anna Bob, Carla], alerts.escalate.after: 15m, alerts.escalate.then: nothing"},
		"escalate gone":    {"escalate", map[string]string{"remove": "yes"}, "alerts.escalate: <nil>"},
		"slack":            {"ways", map[string]string{"way": "slack", "secret-address": "https://hooks.example.com/1"}, "alerts.slack.url_file: ••••"},
		"slack gone":       {"ways", map[string]string{"way": "slack", "remove": "yes"}, "alerts.slack: <nil>"},
		"telegram":         {"ways", map[string]string{"way": "telegram", "secret-token": "1:x", "chat": "-100"}, "alerts.telegram.token_file: ••••, alerts.telegram.chat: -100"},
		"ntfy":             {"ways", map[string]string{"way": "ntfy", "secret-topic": "t", "url": "https://ntfy.example.nl"}, "alerts.ntfy.topic_file: ••••, alerts.ntfy.url: https://ntfy.example.nl"},
		"webhook":          {"ways", map[string]string{"way": "webhook", "secret-address": "https://x.example/1", "secret-key": "k"}, "alerts.webhook.url_file: ••••, alerts.webhook.secret_file: ••••"},
		"sms":              {"ways", map[string]string{"way": "sms", "url": "https://g.example/1", "form": "json", "fields": "to: {to}\nkey: …\nbody: {text}", "secret-header": "Authorization: x"}, "alerts.sms.header_file: ••••, alerts.sms.url: https://g.example/1, alerts.sms.form: json, alerts.sms.fields.body: {text}, alerts.sms.fields.old: <nil>"},
		"log server":       {"ways", map[string]string{"way": "syslog", "at": "+", "address": "udp://192.0.2.5:514", "format": "cef"}, "alerts.syslog[+]: [{address udp://192.0.2.5:514} {format cef}]"},
		"log server gone":  {"ways", map[string]string{"way": "syslog", "at": "0", "remove": "yes"}, "alerts.syslog[0]: <nil>"},
		"mail gone":        {"people", map[string]string{"server": ""}, "alerts.mail: <nil>"},
	} {
		o := &owner{sheet: sheet(), act: access.SettingChange}
		o.sheet.Hours, o.sheet.Locked, o.sheet.Mail = "mon-fri 08:00-18:00", nil, setup.Mail{}
		o.sheet.People[0].Mail, o.sheet.People[0].Hours = "old@example.nl", "mon 08:00-09:00"
		o.sheet.Access, o.sheet.Networks, o.sheet.Dial, o.sheet.Escalate, o.sheet.Ways = setup.Access{}, nil, setup.Numbers{}, setup.Escalate{}, setup.Ways{Syslog: []setup.Syslog{{Address: "udp://192.0.2.1:514"}}}
		o.sheet.Ways.Field("to", "{to}")
		o.sheet.Ways.Field("key", "…")
		o.sheet.Ways.Field("old", "x")
		s, _, deeds := site(t, setup.Config{Owner: o, Past: o, Secrets: true})
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

// TestAtTheField: what is wrong with a field stands beside it, whether the page found it or the check of the file did.
func TestAtTheField(t *testing.T) {
	for name, c := range map[string]struct {
		path, says string
		form       map[string]string
		fail       error
	}{
		"nobody is asked":  {"escalate", "Say who is asked", map[string]string{"link": "https://b.example.nl/alert/"}, nil},
		"no address":       {"ways", "Type the address of the channel.", map[string]string{"way": "slack"}, nil},
		"no extension":     {"accounts", "Say which extension.", map[string]string{"at": "+"}, nil},
		"known already":    {"accounts", "212 is in the list already.", map[string]string{"at": "+", "name": "212"}, nil},
		"an empty group":   {"accounts", "Say which extensions", map[string]string{"group-name": "new"}, nil},
		"a wrong network":  {"access", "is no network", map[string]string{"second": "all", "networks": "x/99"}, belwacht.Errorf(belwacht.Config, "belwacht.yaml:7: access.networks[0]: x is no network")},
		"a wrong field":    {"ways", "on a line of its own", map[string]string{"way": "sms", "url": "https://g.example/1", "fields": "nothing"}, nil},
		"an unknown field": {"ways", "typed anew", map[string]string{"way": "sms", "url": "https://g.example/1", "fields": "key: …"}, nil},
	} {
		o := &owner{sheet: sheet(), act: access.SettingChange, fail: c.fail}
		s, _, deeds := site(t, setup.Config{Owner: o, Past: o, Secrets: true})
		w := webtest.Post(s, "/settings/"+c.path, c.form)
		page := w.Body.String()
		i := strings.Index(page, `class="text-red d-block" role="alert"`)
		if w.Code != 422 || i < 0 || !strings.Contains(page[i:min(i+300, len(page))], c.says) || len(deeds.Done)+len(o.wrote) > 0 {
			t.Errorf("%s: %d %v\n%.3000s", name, w.Code, deeds.Done, page)
		}
		webtest.Clean(t, name, page)
	}
}

// TestShut: what would shut out who saves it is asked about once, with the way in from the machine itself.
func TestShut(t *testing.T) {
	o := &owner{sheet: sheet(), act: access.AccessTighten}
	o.sheet.Locked = nil
	o.admits = (&access.Policy{Networks: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}}).Admits
	s, d, deeds := site(t, setup.Config{Owner: o, Past: o})
	d.V.Person = &access.Visitor{From: netip.MustParseAddr("192.0.2.7")}
	form := map[string]string{"second": "all", "networks": "203.0.113.0/24"}
	w := webtest.Post(s, "/settings/access", form)
	if page := w.Body.String(); w.Code != 200 || len(deeds.Done)+len(o.wrote) > 0 || !strings.Contains(page, "This shuts you out") || !strings.Contains(page, "belwacht access link") || strings.Contains(page, "This lessens") {
		t.Errorf("%d %v\n%.3000s", w.Code, deeds.Done, page)
	}
	form["sure"] = "yes"
	if w := webtest.Post(s, "/settings/access", form); w.Code != 303 || len(o.wrote) != 1 {
		t.Errorf("%d", w.Code)
	}
	delete(form, "sure")
	d.V.Person.From = netip.MustParseAddr("203.0.113.7")
	if w := webtest.Post(s, "/settings/access", form); w.Code != 303 || len(o.wrote) != 2 {
		t.Errorf("who is not shut out is asked: %d", w.Code)
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

// TestSecret: a password is an edit of its own, and stands on no page, neither in the question before it is saved.
func TestSecret(t *testing.T) {
	o := &owner{sheet: sheet(), act: access.TellingLess}
	o.sheet.Locked = nil
	s, _, _ := site(t, setup.Config{Owner: o, Past: o, Secrets: true})
	form := map[string]string{"server": "mail.example.nl:587", "password": "hunter-22-secret"}
	w := webtest.Post(s, "/settings/people", form)
	if w.Code != 200 || strings.Contains(w.Body.String(), "hunter") || len(o.wrote) != 0 || !strings.Contains(w.Body.String(), `type="password"`) {
		t.Errorf("%d %q\n%.3000s", w.Code, o.wrote, w.Body)
	}
	form["sure"] = "yes"
	if w := webtest.Post(s, "/settings/people", form); w.Code != 303 || len(o.wrote) != 1 {
		t.Errorf("%d %q", w.Code, o.wrote)
	}
	last := o.edits[len(o.edits)-1]
	if x, ok := last.Value.(setup.Secret); !ok || x.Value != "hunter-22-secret" || x.Name != "mail" || strings.Contains(last.String(), "hunter") {
		t.Errorf("%v", last)
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
	for _, path := range paths() {
		page := webtest.Get(s, path, "en").Body.String()
		if strings.Contains(page, `class="tabs"`) && strings.Contains(page, `href="/settings/ways"`) && path != "/settings/people" {
			t.Errorf("%s leads to what holds for all", path)
		}
		if strings.Contains(page, "Anna</h2>") || strings.Contains(page, "alerts.people") {
			t.Errorf("%s shows what holds for all", path)
		}
	}
	if w := webtest.Post(s, "/settings/keep", map[string]string{"keep-calls": "400"}); w.Code != 403 || len(deeds.Done)+len(o.wrote) > 0 {
		t.Errorf("%d %v", w.Code, deeds.Done)
	}
}

// adviser stands for all that the wizard asks; its strings are hostile.
type adviser struct {
	state     setup.State
	connected []string
	sent      string
}

func (x *adviser) State(context.Context, string) (*setup.State, error) {
	s := x.state
	return &s, nil
}

func (x *adviser) Keep(_ context.Context, _ string, s *setup.State) error { x.state = *s; return nil }

func (x *adviser) Find(context.Context, string) ([]setup.Found, error) {
	says := text.Sentence{English: webtest.Hostile, Dutch: webtest.Hostile}
	return []setup.Found{{Kind: "asterisk", Folder: webtest.Hostile, May: true, Steps: []text.Sentence{says}, Later: []text.Sentence{says}, Diff: []string{webtest.Hostile}}, {Kind: "freepbx", Command: webtest.Hostile, Diff: []string{"+x"}},
		{Kind: "freeswitch", Wrong: webtest.Hostile}, {Kind: "asterisk", Here: true}}, nil
}

func (x *adviser) Connect(_ context.Context, _, kind, who string) error {
	x.connected = append(x.connected, kind+" by "+who)
	return nil
}

func (x *adviser) Import(_ context.Context, _, name string, r io.Reader) error {
	x.sent = name
	if r != nil {
		b, err := io.ReadAll(r)
		x.sent += ": " + string(b)
		return err
	}
	return nil
}

func (*adviser) Most() int64 { return 100 }

func (*adviser) Offers(context.Context, string) ([]setup.Offer, error) {
	nl, _ := belwacht.ParseCountry("NL")
	so, _ := belwacht.ParseCountry("SO")
	return []setup.Offer{{Country: nl, Calls: 9, Home: true}, {Country: so, Calls: 90, Risk: true}}, nil
}

func (*adviser) Test(_ context.Context, _, dialled string) (*setup.Tested, error) {
	return &setup.Tested{Dialled: dialled, Always: dialled == "112", Refused: dialled != "112", Says: text.Sentence{English: webtest.Hostile, Dutch: webtest.Hostile}}, nil
}

func (*adviser) Guarded(context.Context, text.Language) (string, error) { return webtest.Hostile, nil }

func steps() []string {
	return []string{"/wizard", "/wizard/organisation", "/wizard/pbx", "/wizard/hours", "/wizard/people", "/wizard/records", "/wizard/countries", "/wizard/mode", "/wizard/numbers?night=%3Cb%3E", "/wizard/end"}
}

// TestWizard: each step in both languages, whatever its strings are; it is passed over, done and taken up again.
func TestWizard(t *testing.T) {
	o, x := &owner{sheet: sheet(), act: access.SettingChange}, &adviser{}
	o.sheet.Locked = nil
	s, d, deeds := site(t, setup.Config{Owner: o, Past: o, Wizard: &setup.Wizard{Progress: x, PBXs: x, Records: x, Advice: x}, Stand: func(string) (bool, string) { return false, "" }})
	webtest.Pages(t, s, steps()...)
	o.sheet.Unset, o.sheet.Only, o.sheet.Locked = true, nil, errors.New(webtest.Hostile)
	x.state.Import = &setup.Import{Name: webtest.Hostile, Share: .5, Notes: []string{webtest.Hostile}}
	webtest.Pages(t, s, steps()...)
	x.state.Import = &setup.Import{Name: "a", Ended: 1, Calls: 3, Refused: 1, Rejected: 2, Alerts: []setup.Alert{{Reason: webtest.Hostile, ReasonNL: webtest.Hostile}}, More: 2, Learned: true}
	webtest.Pages(t, s, steps()...)
	x.state.Import.Failed = webtest.Hostile
	webtest.Pages(t, s, steps()...)
	o.sheet = sheet()
	o.sheet.Locked, o.sheet.Hours = nil, ""

	if w := webtest.Post(s, "/wizard/hours", map[string]string{"hours": "mon 08:00-09:00"}); w.Code != 303 || w.Header().Get("Location") != "/wizard/people" || x.state.Done["hours"] == 0 || len(deeds.Done) != 1 {
		t.Errorf("%d %s %+v", w.Code, w.Header(), x.state)
	}
	if w := webtest.Post(s, "/wizard/people", map[string]string{"skip": "yes", "name": "x"}); w.Code != 303 || !x.state.Passed["people"] || len(deeds.Done) != 1 {
		t.Errorf("%d %+v", w.Code, x.state)
	}
	if w := webtest.Post(s, "/wizard/pbx", map[string]string{"kind": "asterisk"}); w.Code != 303 || len(x.connected) != 1 || x.connected[0] != "asterisk by Anna" || len(deeds.Done) != 2 {
		t.Errorf("%d %v", w.Code, x.connected)
	}
	if w := webtest.Post(s, "/wizard/mode", map[string]string{"mode": "monitor", "money": "EUR 50", "enforce": "soon"}); w.Code != 422 {
		t.Errorf("%d", w.Code)
	}
	if w := webtest.Post(s, "/wizard/mode", map[string]string{"mode": "monitor", "money": "EUR 50", "enforce": "2026-12-24"}); w.Code != 303 || x.state.Enforce != "2026-12-24" {
		t.Errorf("%d %+v", w.Code, x.state)
	}
	if w := webtest.Post(s, "/wizard/records", map[string]string{"path": "/var/log/x.csv"}); w.Code != 303 || x.sent != "/var/log/x.csv" {
		t.Errorf("%d %q", w.Code, x.sent)
	}
	o.edits = nil
	if w := webtest.Post(s, "/wizard/organisation", map[string]string{"name": "X", "country": "be", "timezone": "Europe/Brussels"}); w.Code != 303 || len(o.edits) != 3 {
		t.Errorf("%d %v", w.Code, o.edits)
	}
	if w := webtest.Post(s, "/wizard/end", nil); w.Code != 303 || x.state.Finished == 0 {
		t.Errorf("%d", w.Code)
	}
	d.V.Tenants = []string{""}
	for _, path := range steps() {
		if w := webtest.Get(s, path, "en"); w.Code != 403 {
			t.Errorf("%s for who sees one organisation: %d", path, w.Code)
		}
	}
	d.V = &web.Visitor{Name: "x", Role: "operator", Rights: []web.Right{web.SeeSettings}}
	for _, path := range steps() {
		if w := webtest.Get(s, path, "en"); w.Code != 403 {
			t.Errorf("%s without the right: %d", path, w.Code)
		}
	}
}

// TestUpload: records that are sent reach the importer while they come; what is too long, or comes from who may not, does not.
func TestUpload(t *testing.T) {
	o, x := &owner{sheet: sheet()}, &adviser{}
	s, d, _ := site(t, setup.Config{Owner: o, Past: o, Wizard: &setup.Wizard{Progress: x, PBXs: x, Records: x, Advice: x}})
	send := func(file string, fields int) int {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for range fields {
			_ = m.WriteField("path", strings.Repeat("x", 1000))
		}
		if file != "" {
			f, _ := m.CreateFormFile("file", "Master.csv")
			_, _ = f.Write([]byte(file))
		}
		_ = m.Close()
		r := httptest.NewRequestWithContext(context.Background(), "POST", "/wizard/records", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	if code := send("a,b\n1,2\n", 0); code != 303 || x.sent != "Master.csv: a,b\n1,2\n" {
		t.Errorf("%d %q", code, x.sent)
	}
	x.sent = ""
	if code := send("", 0); code != 422 || x.sent != "" {
		t.Errorf("nothing was sent: %d %q", code, x.sent)
	}
	if code := send("a", 80); code != 422 || x.sent != "" {
		t.Errorf("fields without end: %d %q", code, x.sent)
	}
	if code := send(strings.Repeat("x", 200_000), 0); code == 303 {
		t.Errorf("a file that is too long: %d", code)
	}
	d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeSettings}}
	x.sent = ""
	if code := send("a", 0); code != 403 || x.sent != "" {
		t.Errorf("%d %q", code, x.sent)
	}
}

// TestNotices: that it is not set up, and the day on which it was meant to enforce, stand above the pages of who may do something about it.
func TestNotices(t *testing.T) {
	x := &adviser{}
	set, mode := false, "monitor"
	c := setup.Config{Owner: &owner{sheet: sheet()}, Wizard: &setup.Wizard{Progress: x}, Stand: func(string) (bool, string) { return set, mode }}
	a := &web.Ask{Visitor: webtest.Administrator(), Now: belwacht.InstantOf(time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC)), Tenant: web.Tenant{Zone: time.UTC}}
	says := func() string {
		n := c.Notices(t.Context(), a)
		if len(n) == 0 {
			return ""
		}
		return n[0].Link
	}
	if says() != "/wizard" {
		t.Error("that it is not set up is not said")
	}
	x.state.Finished = 1
	if says() != "" {
		t.Error("who has finished is sent back")
	}
	set, x.state.Enforce, x.state.Done = true, "2026-04-19", map[string]belwacht.Instant{"mode": 1}
	if says() != "" {
		t.Error("it is said a day too soon")
	}
	x.state.Enforce = "2026-04-18"
	if says() != "/settings/mode" {
		t.Error("the day is not told")
	}
	mode = "enforce"
	if says() != "" {
		t.Error("it enforces already")
	}
	mode, a.Visitor = "monitor", &web.Visitor{}
	if says() != "" {
		t.Error("who may not is told")
	}
}
