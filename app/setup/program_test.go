package setup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/yaml/splice"
)

func all(belwacht.Permission) bool { return true }

func path(key string) []string { return strings.Split(key, ".") }

// TestProgram: what a program changes lands in the file as a page's change does, secrets in files of their own; reading gives no secret out.
func TestProgram(t *testing.T) {
	o := Program{owner(t, one)}
	was, err := o.Read(t.Context(), "De Linde", true)
	if err != nil || was.Shared || was.Values["alerts"] == nil {
		t.Fatalf("%+v %v", was, err)
	}
	p, err := o.Plan(t.Context(), "De Linde", was.Version, []api.Setting{
		{Path: path("limits.accounts.212.money_per_day"), Value: "EUR 5"}, {Path: path("limits.accounts.212.calls_at_once"), Value: 1.0},
		{Path: path("limits.organisation.only_countries"), Value: []any{"NL", "BE", "DE"}}, {Path: path("alerts.people.+"), Value: map[string]any{"name": "Bob", "mail": "bob@example.nl", "sms": ""}},
		{Path: path("alerts.slack.url_file"), Secret: "https://hooks.example.com/T0/s3cr3t"}, {Path: path("brake.off"), Value: false},
	}, all)
	if err == nil {
		err = p.Write("anna (k1)")
	}
	if err != nil {
		t.Fatal(err)
	}
	got := o.content(t)
	for _, want := range []string{`money_per_day: EUR 5`, "calls_at_once: 1", "DE", "name: Bob", "url_file: " + filepath.Dir(o.File.Path) + "/slack-"} {
		if !strings.Contains(got, want) {
			t.Errorf("the file lacks %q:\n%s", want, got)
		}
	}
	now, err := o.Read(t.Context(), "De Linde", true)
	if err != nil || now.Version != p.Version || now.Version == was.Version || strings.Contains(got, "s3cr3t") {
		t.Errorf("%v %s %+v\n%s", err, p.Version, now, got)
	}
	var c interface{ Changes() []string }
	if _, err := o.Plan(t.Context(), "De Linde", was.Version, []api.Setting{{Path: path("mode"), Value: "learn"}}, all); !errors.As(err, &c) {
		t.Errorf("a change is written over another: %v", err)
	}
	past, err := o.Past(t.Context(), "De Linde")
	if err != nil || len(past) != 1 || past[0].Who != "anna (k1)" || !past[0].Last {
		t.Fatalf("%+v %v", past, err)
	}
	back, err := o.Undo(t.Context(), "De Linde", past[0].ID)
	if err == nil {
		err = back.Write("anna")
	}
	if err != nil || o.content(t) != one {
		t.Errorf("%v\n%s", err, o.content(t))
	}
}

// TestHouseSheet: what the pages show of extensions, numbers, networks, ways and who is asked; nothing of it that may be a secret.
func TestHouseSheet(t *testing.T) {
	o := owner(t, one+`  webhook: {url: "https://x.example/s3cr3t"}
  sms: {url: "https://g.example/s3cr3t", fields: {to: "{to}", body: "{text}", key: s3cr3t}}
  syslog: [{address: "udp://192.0.2.5:514", format: cef}]
  links: {url: "https://b.example.nl/alert/"}
  escalate: {after: 15m, order: [Anna], then: nothing}
networks: [198.51.100.0/24]
plan: {trunk: "", own: ["+31201234567"], extensions: [200-299]}
accounts: [{name: lift, kind: machine, group: doors, list: ["+31201234567"]}]
groups: {doors: {accounts: ["800"], kind: machine}}
access: {networks: [203.0.113.0/24], hours: mon-fri 07:00-20:00, second_factor: all}
web: {listen: "127.0.0.1:8443"}
`)
	s, err := o.Sheet(t.Context(), "De Linde")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%+v", s); strings.Contains(got, "s3cr3t") {
		t.Error(got)
	}
	for what, ok := range map[string]bool{
		"ways": s.Ways.Webhook && s.Ways.WebhookURL == "https://x.example/…" && s.Ways.SMS && len(s.Ways.SMSFields) == 3 && !s.Ways.Slack && s.Ways.Syslog[0].Format == "cef",
		"who":  s.Escalate.Set && s.Escalate.After == "15m" && s.Escalate.Order[0] == "Anna" && s.Escalate.Then == "nothing" && s.Escalate.Link == "https://b.example.nl/alert/",
		"plan": s.Dial.Trunk == "-" && s.Dial.Own[0] == "+31201234567" && s.Dial.Extensions[0] == "200-299" && s.Networks[0] == "198.51.100.0/24",
		"accounts": len(s.Accounts) == 1 && s.Accounts[0].Kind == "machine" && s.Accounts[0].Group == "doors" && s.Accounts[0].List[0] == "+31201234567" && s.GroupList[0].Name == "doors" &&
			s.GroupList[0].Kind == "machine",
		"access": s.Access.Networks[0] == "203.0.113.0/24" && s.Access.Hours == "mon-fri 07:00-20:00" && s.Access.Second == "all",
	} {
		if !ok {
			t.Errorf("%s: %+v", what, s)
		}
	}
	// Each is taken out and put back by edits as the pages make them.
	was := o.content(t)
	for _, list := range [][]any{{"accounts.0.group", nil}, {"plan.trunk", nil, "plan.own", nil}, {"access.networks", nil, "access.hours", nil}, {"alerts.escalate", nil}, {"alerts.sms.fields.key", nil}, {"groups.doors", nil},
		{"alerts.syslog.0", nil}, {"plan.trunk", ""}, {"accounts.+", splice.Group{{Key: "name", Value: "fax"}, {Key: "kind", Value: "machine"}}}, {"networks", splice.Members{"203.0.113.0/24"}}} {
		p, err := o.Plan(t.Context(), "De Linde", "", edits(list...))
		if err != nil {
			t.Errorf("%v: %v", list, err)
			continue
		}
		if (p.Admits != nil) != strings.HasPrefix(fmt.Sprint(list[0]), "access.") {
			t.Errorf("%v: %+v", list, p)
		}
		if p.Same {
			continue
		}
		if err := p.Write("anna"); err != nil {
			t.Fatalf("%v: %v", list, err)
		}
		past, err := o.History(t.Context(), "De Linde")
		if err == nil {
			p, err = o.Undo(t.Context(), "De Linde", past[0].ID)
		}
		if err == nil {
			err = p.Write("anna")
		}
		if err != nil || o.content(t) != was {
			t.Fatalf("%v is not undone: %v\n%s", list, err, o.content(t))
		}
	}
}

// TestProgramRefused: what reaches into the machine, what is no setting, what takes another right, and another's file.
func TestProgramRefused(t *testing.T) {
	o := Program{owner(t, one)}
	limits := func(p belwacht.Permission) bool { return p == access.LimitsChange }
	for name, c := range map[string]struct {
		x    api.Setting
		may  func(belwacht.Permission) bool
		says string
		code belwacht.Code
	}{
		"a program":             {api.Setting{Path: path("alerts.command"), Value: []any{"/bin/sh"}}, all, "no setting", belwacht.Invalid},
		"addresses inside":      {api.Setting{Path: path("alerts.allow"), Value: []any{"127.0.0.1"}}, all, "no setting", belwacht.Invalid},
		"the data":              {api.Setting{Path: path("data"), Value: "/"}, all, "no setting", belwacht.Invalid},
		"a PBX":                 {api.Setting{Path: path("pbx.0.ami.address"), Value: "192.0.2.1:5038"}, all, "no setting", belwacht.Invalid},
		"a whole section":       {api.Setting{Path: path("alerts")}, all, "no setting", belwacht.Invalid},
		"another's":             {api.Setting{Path: path("tenants.0.mode"), Value: "learn"}, all, "no setting", belwacht.Invalid},
		"a path of a secret":    {api.Setting{Path: path("alerts.mail.password_file"), Value: "/etc/passwd"}, all, "given as secret", belwacht.Invalid},
		"such a path within":    {api.Setting{Path: path("alerts.webhook"), Value: map[string]any{"url_file": "/etc/passwd"}}, all, "by itself", belwacht.Invalid},
		"one of a person":       {api.Setting{Path: path("alerts.people.+"), Value: map[string]any{"name": "x", "ntfy_file": "/etc/passwd"}}, all, "by itself", belwacht.Invalid},
		"certificates":          {api.Setting{Path: path("alerts.syslog.+"), Value: map[string]any{"address": "udp://192.0.2.1:514", "ca_file": "/etc/passwd"}}, all, "by itself", belwacht.Invalid},
		"a secret that is none": {api.Setting{Path: path("mode"), Secret: "x"}, all, "nothing else", belwacht.Invalid},
		"too deep":              {api.Setting{Path: path("plan.own"), Value: []any{[]any{[]any{[]any{[]any{"x"}}}}}}, all, "too deep", belwacht.Invalid},
		"another right":         {api.Setting{Path: path("mode"), Value: "learn"}, limits, "settings.write", belwacht.Forbidden},
		"rules":                 {api.Setting{Path: path("rules.pace"), Value: "off"}, limits, "rules.write", belwacht.Forbidden},
		"a wrong value":         {api.Setting{Path: path("limits.organisation.money_per_day"), Value: "50"}, all, "belwacht.yaml:", belwacht.Config},
		"inside by an address":  {api.Setting{Path: path("alerts.webhook.url_file"), Secret: "https://169.254.169.254/latest"}, all, "is inside", belwacht.Invalid},
	} {
		if p, err := o.Plan(t.Context(), "De Linde", "", []api.Setting{c.x}, c.may); err == nil || !strings.Contains(err.Error(), c.says) || belwacht.CodeOf(err) != c.code {
			t.Errorf("%s: %v %+v", name, err, p)
		}
	}
	if _, err := o.Plan(t.Context(), "De Linde", "", []api.Setting{{Path: path("limits.organisation.money_per_day"), Value: "EUR 5"}}, limits); err != nil {
		t.Errorf("a limit with the right to limits: %v", err)
	}
	if _, err := o.Plan(t.Context(), "De Linde", unversioned, []api.Setting{{Path: path("mode"), Value: "learn"}}, all); err == nil {
		t.Error("a file that came meanwhile is changed by who saw none")
	}
	if err := os.Remove(o.File.Path); err != nil {
		t.Fatal(err)
	}
	if x, err := o.Read(t.Context(), "", true); err != nil || x.Version != unversioned {
		t.Errorf("%+v %v", x, err)
	}
	if p, err := o.Plan(t.Context(), "", unversioned, []api.Setting{{Path: path("organisation.country"), Value: "NL"}, {Path: path("organisation.timezone"), Value: "Europe/Amsterdam"}}, all); err != nil || p.Version == unversioned {
		t.Errorf("%+v %v", p, err)
	}
}
