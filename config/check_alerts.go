package config

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/notify/email"
	"github.com/belwacht/belwacht/notify/sms"
	"github.com/belwacht/belwacht/notify/syslog"
	"github.com/belwacht/belwacht/notify/telegram"
)

// argumentsMost bounds the words of a command.
const argumentsMost = 64

// peopleMost bounds the people, and the steps of the escalation.
const peopleMost = 100

// alerts checks how alerts are told.
func (k *checker) alerts() {
	a := &k.c.Alerts
	if a.Numbers != "" {
		k.known("alerts.numbers", "way to show numbers", a.Numbers, []string{"masked", "full"})
	}
	for i, s := range a.Allow {
		if _, err := (&Ask{}).network(s); err != nil {
			k.fail(fmt.Sprintf("alerts.allow[%d]", i), "%.60q is no address or network, such as 10.1.2.3 or 10.1.0.0/16", s)
		}
	}
	if k.c.lines["alerts.command"] > 0 || len(a.Command) > 0 {
		k.command("alerts.command", a.Command)
	}
	if w := a.Webhook; w != nil {
		switch {
		case (w.URL == "") == (w.URLFile == ""):
			k.fail("alerts.webhook", "must name one of url and url_file, a file that holds the address")
		case w.URLFile != "":
			k.secret("alerts.webhook.url_file", w.URLFile)
		default:
			k.url("alerts.webhook.url", w.URL)
		}
		k.maybeSecret("alerts.webhook.secret_file", w.SecretFile)
	}
	for name, c := range map[string]*Chat{"slack": a.Slack, "teams": a.Teams, "mattermost": a.Mattermost} {
		if c != nil {
			k.secret("alerts."+name+".url_file", c.URLFile)
		}
	}
	for i := range a.Syslog {
		k.logServer(fmt.Sprintf("alerts.syslog[%d].", i), &a.Syslog[i])
	}
	k.servers(a)
	k.people(a)
	k.escalation(a)
	k.links(a)
	if h := a.Heartbeat; h != nil {
		k.secret("alerts.heartbeat.url_file", h.URLFile)
		if h.Every != 0 && (time.Duration(h.Every) < 10*time.Second || time.Duration(h.Every) > 24*time.Hour) {
			k.fail("alerts.heartbeat.every", "must be from 10s to 1d")
		}
	}
	k.summary(a)
	if a.Fail2ban != "" && !filepath.IsAbs(a.Fail2ban) {
		k.fail("alerts.fail2ban", "must be the absolute path of a file, such as /var/lib/belwacht/fail2ban.log")
	}
}

// url checks an address without repeating it.
func (k *checker) url(path, address string) {
	if err := notify.CheckURL(address, k.c.Alerts.Allowed()); err != nil {
		k.fail(path, "%v", err)
	}
}

// maybeSecret is secret of what may be missing.
func (k *checker) maybeSecret(path, name string) {
	if name != "" {
		k.secret(path, name)
	}
}

func (k *checker) logServer(path string, s *Syslog) {
	if err := syslog.Check(s.Address); err != nil {
		k.fail(path+"address", "%.100q %v", s.Address, err)
	}
	if s.Format != "" {
		k.known(path+"format", "format of a log server", s.Format, []string{"rfc5424", "cef"})
	}
	k.certificates(path+"ca_file", s.CAFile)
}

func (k *checker) certificates(path, name string) {
	if _, err := k.c.Roots(name); err != nil {
		k.fail(path, "%v", err)
	}
}

// servers checks by what people are told.
func (k *checker) servers(a *Alerts) {
	if m := a.Mail; m != nil {
		s := email.Server{Address: m.Server, Security: email.Security(m.Security), User: m.User, From: m.From}
		if which, err := s.Check(); err != nil {
			k.fail("alerts.mail."+which, "%v", err)
		}
		if (m.User == "") != (m.PasswordFile == "") {
			k.fail("alerts.mail", "must name both of user and password_file, or neither")
		}
		k.maybeSecret("alerts.mail.password_file", m.PasswordFile)
		k.certificates("alerts.mail.ca_file", m.CAFile)
		for i, to := range m.To {
			if err := email.CheckAddress(to); err != nil {
				k.fail(fmt.Sprintf("alerts.mail.to[%d]", i), "%.100q %v", to, err)
			}
		}
	}
	if s := a.SMS; s != nil {
		if err := sms.Check(&sms.Config{URL: s.URL, Form: s.Form, Fields: s.Fields, Allow: a.Allowed()}); err != nil {
			k.fail("alerts.sms", "%v", err)
		}
		k.maybeSecret("alerts.sms.header_file", s.HeaderFile)
	}
	if t := a.Telegram; t != nil {
		k.secret("alerts.telegram.token_file", t.TokenFile)
		if t.API != "" {
			k.url("alerts.telegram.api", t.API)
		}
		if t.Chat != "" {
			k.chat("alerts.telegram.chat", t.Chat)
		}
	}
	if n := a.Ntfy; n != nil {
		if n.URL != "" {
			k.url("alerts.ntfy.url", n.URL)
		}
		k.maybeSecret("alerts.ntfy.token_file", n.TokenFile)
		k.maybeSecret("alerts.ntfy.topic_file", n.TopicFile)
	}
}

func (k *checker) chat(path, chat string) {
	if err := telegram.Check(chat); err != nil {
		k.fail(path, "%v", err)
	}
}

// people checks who is told.
func (k *checker) people(a *Alerts) {
	if len(a.People) > peopleMost {
		k.fail("alerts.people", "names more than %d people; send mail to a list", peopleMost)
	}
	var tenants []string
	for _, t := range k.c.All() {
		tenants = append(tenants, t.Name)
	}
	words := []string{"alert", "refuse", "end"}
	names := map[string]bool{}
	for i := range a.People {
		p := &a.People[i]
		path := fmt.Sprintf("alerts.people[%d].", i)
		if p.Name == "" || len(p.Name) > 60 || strings.ContainsAny(p.Name, ",\r\n") || names[p.Name] {
			k.fail(path+"name", "must be there and differ from the others', at most 60 characters and no comma")
		}
		names[p.Name] = true
		for _, o := range p.Organisations {
			k.known(path+"organisations", "organisation", o, tenants)
		}
		for _, w := range []struct {
			key, word string
			words     []string
		}{{"numbers", p.Numbers, []string{"masked", "full"}}, {"least", p.Least, words}, {"gravest", p.Gravest, words}, {"outside", p.Outside, append(slices.Clone(words), "never")}} {
			if w.word != "" {
				k.known(path+w.key, "word", w.word, w.words)
			}
		}
		if _, err := calendar.ParseHours(p.Hours); err != nil {
			k.fail(path+"hours", "%v", err)
		}
		if p.Outside != "" && p.Hours == "" {
			k.fail(path+"outside", "stands without hours")
		}
		k.personWays(path, p, a)
	}
}

// personWays checks by which ways somebody is told.
func (k *checker) personWays(path string, p *Person, a *Alerts) {
	if p.Mail == "" && p.SMS == "" && p.Telegram == "" && p.NtfyFile == "" {
		k.fail(strings.TrimSuffix(path, "."), "is told in no way; write mail, sms, telegram or ntfy_file")
	}
	for _, w := range []struct {
		key, value string
		there      bool
		wrong      func() error
	}{
		{"mail", p.Mail, a.Mail != nil, func() error { return email.CheckAddress(p.Mail) }},
		{"sms", p.SMS, a.SMS != nil, func() error { return sms.CheckNumber(p.SMS) }},
		{"telegram", p.Telegram, a.Telegram != nil, func() error { return telegram.Check(p.Telegram) }},
	} {
		switch {
		case w.value == "":
		case !w.there:
			k.fail(path+w.key, "is told by what is not there; write alerts.%s", w.key)
		default:
			if err := w.wrong(); err != nil {
				k.fail(path+w.key, "%.60q %v", w.value, err)
			}
		}
	}
	k.maybeSecret(path+"ntfy_file", p.NtfyFile)
}

// escalation checks what happens where nobody acknowledges.
func (k *checker) escalation(a *Alerts) {
	e := a.Escalate
	if e == nil {
		return
	}
	var names []string
	for i := range a.People {
		names = append(names, a.People[i].Name)
	}
	if len(e.Order) == 0 || len(e.Order) > peopleMost {
		k.fail("alerts.escalate.order", "must name people, in the order in which they are told")
	}
	for i, step := range e.Steps() {
		for _, name := range step {
			k.known(fmt.Sprintf("alerts.escalate.order[%d]", i), "person", name, names)
		}
	}
	if e.After != 0 && (time.Duration(e.After) < time.Minute || time.Duration(e.After) > 12*time.Hour) {
		k.fail("alerts.escalate.after", "must be from 1m to 12h")
	}
	if e.Least != "" {
		k.known("alerts.escalate.least", "word", e.Least, []string{"alert", "refuse", "end"})
	}
	if e.Then != "" {
		k.known("alerts.escalate.then", "step", e.Then, []string{"bar_abroad", "nothing"})
	}
	k.clock("alerts.escalate.until", e.Until)
	if a.Links == nil {
		k.fail("alerts.escalate", "stands without alerts.links, so nobody could acknowledge from a message")
	}
}

// clock checks a time of day.
func (k *checker) clock(path, s string) {
	if _, err := time.Parse("15:04", s); s != "" && err != nil {
		k.fail(path, "%.20q is no time of day; write it in quotes, such as \"08:00\"", s)
	}
}

// links checks where people acknowledge.
func (k *checker) links(a *Alerts) {
	l := a.Links
	if l == nil {
		return
	}
	// Where a link leads is opened by people, not by us, so it may be inside.
	if err := notify.CheckURL(l.URL, nil); l.URL == "" || err != nil && !strings.Contains(err.Error(), "inside") && !strings.HasPrefix(l.URL, "http://127.0.0.1") {
		k.fail("alerts.links.url", "must be the address that leads to alerts.links.listen from where people are, such as https://belwacht.example.nl/alert/")
	}
	if l.Listen == "" && k.c.Web.Listen != "" {
		if u, err := url.Parse(l.URL); err == nil && strings.TrimSuffix(u.Path, "/")+"/" != ConsoleLinks {
			k.fail("alerts.links.url", "must end in %s, where the console answers links; or name alerts.links.listen for an address of their own", ConsoleLinks)
		}
		if l.CertFile != "" || l.KeyFile != "" {
			k.fail("alerts.links", "names a certificate, and no listen: the console answers links with its own")
		}
		return
	}
	k.address("alerts.links.listen", l.Listen)
	if (l.CertFile == "") != (l.KeyFile == "") {
		k.fail("alerts.links", "must name both of cert_file and key_file, or neither")
	}
	host, _, err := net.SplitHostPort(l.Listen)
	if err == nil && l.CertFile == "" && !net.ParseIP(host).IsLoopback() {
		k.fail("alerts.links.listen", "is open to others and would send links unencrypted; name cert_file and key_file, or listen on 127.0.0.1 behind a proxy with TLS")
	}
	k.maybeSecret("alerts.links.key_file", l.KeyFile)
	k.certificates("alerts.links.cert_file", l.CertFile)
}

// summary checks the mails of a day and a month.
func (k *checker) summary(a *Alerts) {
	s := a.Summary
	if s == nil {
		return
	}
	k.clock("alerts.summary.at", s.At)
	var names []string
	for i := range a.People {
		if a.People[i].Mail != "" {
			names = append(names, a.People[i].Name)
		}
	}
	for i, name := range s.To {
		k.known(fmt.Sprintf("alerts.summary.to[%d]", i), "person with mail", name, names)
	}
	if a.Mail == nil || len(names) == 0 && len(a.Mail.To) == 0 {
		k.fail("alerts.summary", "goes by mail; write alerts.mail, and people with mail")
	}
}

// command checks a program as far as can be without running it.
func (k *checker) command(path string, words []string) {
	if len(words) == 0 || !filepath.IsAbs(words[0]) {
		k.fail(path, "must begin with the absolute path of a program, for example [/usr/local/bin/alert]")
		return
	}
	if len(words) > argumentsMost || strings.ContainsRune(strings.Join(words, ""), 0) {
		k.fail(path, "has more than %d words or a character that no argument may have; put them into a script", argumentsMost)
	}
	info, err := os.Stat(words[0])
	switch {
	case err != nil || !info.Mode().IsRegular():
		k.fail(path, "%.200q is no program; is the path right?", words[0])
	case info.Mode().Perm()&0o111 == 0:
		k.fail(path, "%.200q cannot be executed; run: %s", words[0], fmt.Sprintf("chmod a+x %.200s", words[0]))
	case info.Mode().Perm()&0o002 != 0:
		k.fail(path, "%.200q can be changed by anybody; run: %s", words[0], fmt.Sprintf("chmod o-w %.200s", words[0]))
	}
}
