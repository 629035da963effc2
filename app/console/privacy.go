package console

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/web/privacy"
)

// private is what the settings in force say that matters for people's privacy.
type private struct{ config func() *config.Config }

// facts are those of an organisation.
func (p *private) facts(_ context.Context, tenant string) (*privacy.Facts, error) {
	c := p.config()
	of, err := (&settings{p.config}).tenant(tenant)
	if err != nil {
		return nil, err
	}
	keep, err := c.Keep.For().Filled()
	if err != nil {
		return nil, err
	}
	f := &privacy.Facts{Organisation: of.Name, Mode: of.Mode, Pseudonyms: int64(keep.Names / belwacht.Day), Shorter: keep.Shorter, SecondAll: c.Access.SecondFactor == "all", Networks: len(c.Access.Networks),
		Hours: c.Access.Hours}
	keep.Each(func(kind string, keep belwacht.Instant) {
		if kind != "names" {
			f.Kept = append(f.Kept, privacy.Kept{Kind: kind, Days: int64(keep / belwacht.Day)})
		}
	})
	for i := range c.PBX {
		x := &c.PBX[i]
		if c.TenantOf(x) == of.Name {
			f.Sources = append(f.Sources, privacy.Source{PBX: x.Name, Asked: x.Ask != nil, Events: x.AMI != nil, Records: x.Records != nil})
			f.Networked = f.Networked || x.AMI != nil
		}
	}
	f.Ways = waysOf(&c.Alerts)
	f.FullNumbers = c.Alerts.Numbers == "full"
	for i := range c.Alerts.People {
		x := &c.Alerts.People[i]
		if len(x.Organisations) == 0 || slices.Contains(x.Organisations, of.Name) {
			f.People++
			f.FullNumbers = f.FullNumbers || x.Numbers == "full"
		}
	}
	return f, nil
}

// waysOf are the ways by which alerts leave. What a company runs for all comers is outside; a server of one's own is where it lies.
func waysOf(a *config.Alerts) (list []privacy.Way) {
	add := func(has bool, kind string, outside bool) {
		if has {
			list = append(list, privacy.Way{Kind: kind, Outside: outside})
		}
	}
	add(len(a.Command) > 0, "command", false)
	add(a.Webhook != nil, "webhook", a.Webhook != nil && (a.Webhook.URL == "" || away(a.Webhook.URL)))
	add(a.Mail != nil, "mail", a.Mail != nil && away("smtp://"+a.Mail.Server))
	add(a.SMS != nil, "sms", a.SMS != nil && away(a.SMS.URL))
	add(a.Telegram != nil, "telegram", true)
	add(a.Ntfy != nil, "ntfy", a.Ntfy != nil && (a.Ntfy.URL == "" || away(a.Ntfy.URL)))
	add(a.Slack != nil, "slack", true)
	add(a.Teams != nil, "teams", true)
	add(a.Mattermost != nil, "mattermost", false)
	for _, s := range a.Syslog {
		add(true, "syslog", away(s.Address))
	}
	add(a.Fail2ban != "", "fail2ban", false)
	return list
}

// away says whether an address may lie outside: it is no address of private use and has a name with a dot, or cannot be read.
func away(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast()
	}
	for _, end := range []string{"localhost", ".local", ".lan", ".internal", ".home.arpa"} {
		if host == strings.TrimPrefix(end, ".") || strings.HasSuffix(host, end) {
			return false
		}
	}
	return strings.Contains(host, ".")
}
