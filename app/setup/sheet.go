package setup

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/web/setup"
)

// house fills in extensions, groups, the dial plan and the organisation's networks.
func house(s *setup.Sheet, t *config.Tenant) {
	s.Networks = t.Networks
	p := &t.Plan
	s.Dial = setup.Numbers{AreaCode: p.AreaCode, International: p.International, OutsideLine: p.OutsideLine, Extensions: p.Extensions, ShortCodes: p.ShortCodes, Own: p.Own, Emergency: p.Emergency,
		Social: p.Social}
	if p.Trunk != nil {
		s.Dial.Trunk = cmp.Or(*p.Trunk, "-")
	}
	for i := range t.Accounts {
		a := &t.Accounts[i]
		s.Accounts = append(s.Accounts, setup.Account{Name: a.Name, Kind: a.Kind.String(), Group: a.Group, Numbers: numbers(a.Numbers), List: numbers(a.List)})
	}
	for _, name := range slices.Sorted(maps.Keys(t.Groups)) {
		g := setup.Group{Name: name, Accounts: t.Groups[name].Accounts}
		if k := t.Groups[name].Kind; k != nil {
			g.Kind = k.String()
		}
		s.GroupList = append(s.GroupList, g)
	}
}

func numbers(list []belwacht.E164) (out []string) {
	for _, n := range list {
		out = append(out, n.String())
	}
	return out
}

// entrance fills in from where and when the console is open.
func entrance(s *setup.Sheet, a *config.Access) {
	s.Access = setup.Access{Networks: a.Networks, Hours: a.Hours, Second: cmp.Or(a.SecondFactor, "administrators")}
}

// ways fills in by what people are told besides mail, and who is asked next. Of what may be a secret it says only that it is there.
func ways(s *setup.Sheet, c *config.Config) {
	a, shown := &c.Alerts, &c.Shown().Alerts
	w := &s.Ways
	w.Slack, w.Teams, w.Mattermost = a.Slack != nil, a.Teams != nil, a.Mattermost != nil
	if x := shown.Webhook; x != nil {
		w.Webhook, w.WebhookURL, w.WebhookHidden, w.WebhookSigned = true, x.URL, x.URLFile != "", x.SecretFile != ""
	}
	if x := a.Telegram; x != nil {
		w.Telegram, w.Chat = true, x.Chat
	}
	if x := shown.Ntfy; x != nil {
		w.Ntfy, w.NtfyURL, w.NtfyToken, w.NtfyTopic = true, x.URL, x.TokenFile != "", x.TopicFile != ""
	}
	if x := shown.SMS; x != nil {
		w.SMS, w.SMSURL, w.SMSForm, w.SMSHeader = true, x.URL, x.Form, x.HeaderFile != ""
		for _, name := range slices.Sorted(maps.Keys(x.Fields)) {
			w.Field(name, x.Fields[name])
		}
	}
	for _, x := range a.Syslog {
		w.Syslog = append(w.Syslog, setup.Syslog{Address: x.Address, Format: x.Format})
	}
	if e := a.Escalate; e != nil {
		s.Escalate = setup.Escalate{Set: true, Least: e.Least, Then: e.Then, Until: e.Until, Order: e.Order}
		if b, err := e.After.MarshalText(); err == nil && e.After != 0 {
			s.Escalate.After = string(b)
		}
	}
	switch {
	case a.Links != nil:
		s.Escalate.Link = a.Links.URL
	case c.Access.URL != "":
		s.Escalate.Suggested = strings.TrimRight(c.Access.URL, "/") + config.ConsoleLinks
	}
}
