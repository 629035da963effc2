package telling

import (
	"log/slog"
	"os"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/notify/command"
	"github.com/belwacht/belwacht/notify/email"
	"github.com/belwacht/belwacht/notify/mattermost"
	"github.com/belwacht/belwacht/notify/ntfy"
	"github.com/belwacht/belwacht/notify/slack"
	"github.com/belwacht/belwacht/notify/sms"
	"github.com/belwacht/belwacht/notify/syslog"
	"github.com/belwacht/belwacht/notify/teams"
	"github.com/belwacht/belwacht/notify/telegram"
	"github.com/belwacht/belwacht/notify/webhook"
	"github.com/belwacht/belwacht/number"
)

// maker makes ways of a configuration.
type maker struct {
	c       *config.Config
	version string
	client  *notify.Client
	server  *email.Server // nil where there is none
}

// Ways makes what a notifier is made of: people and ways, without what only a running Belwacht has. Secrets are read now. ok is false where no way is named. The
// error is of code Config.
func Ways(log *slog.Logger, c *config.Config, version string) (n notify.Config, ok bool, err error) {
	m, err := newMaker(c, version)
	if err != nil {
		return n, false, err
	}
	n.Log = log
	if n.Helpline, err = helplines(c); err != nil {
		return n, false, err
	}
	if n.Host, err = os.Hostname(); err != nil {
		n.Host = "" // a message says which machine it is from where that is known
	}
	house, err := m.house()
	if err != nil {
		return n, false, err
	}
	n.Receivers = append(n.Receivers, house)
	for i := range c.Alerts.People {
		r, err := m.person(&c.Alerts.People[i])
		if err != nil {
			return n, false, err
		}
		n.Receivers = append(n.Receivers, r)
	}
	if n.Escalation, err = m.escalation(); err != nil {
		return n, false, err
	}
	return n, len(house.Ways)+len(c.Alerts.People) > 0, nil
}

func newMaker(c *config.Config, version string) (*maker, error) {
	m := &maker{c: c, version: version, client: notify.NewClient(c.Alerts.Allowed(), nil)}
	mail := c.Alerts.Mail
	if mail == nil {
		return m, nil
	}
	m.server = &email.Server{Address: mail.Server, Security: email.Security(mail.Security), User: mail.User, From: mail.From}
	var err error
	if m.server.Roots, err = c.Roots(mail.CAFile); err != nil {
		return nil, err
	}
	m.server.Password, err = m.secret(mail.PasswordFile)
	return m, err
}

// secret is what stands in a file; "" where none is named.
func (m *maker) secret(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	return m.c.Secret(file)
}

// house is what is told of all alerts and belongs to nobody.
func (m *maker) house() (notify.Receiver, error) {
	a := &m.c.Alerts
	r := notify.Receiver{Language: a.Language, Full: a.Numbers == "full"}
	add := func(w notify.Way, err error) error {
		if err == nil {
			r.Ways = append(r.Ways, w)
		}
		return err
	}
	var err error
	if len(a.Command) > 0 {
		err = add(command.New(command.Config{Run: a.Command, Environ: os.Environ()}))
	}
	if err == nil && a.Webhook != nil {
		err = add(m.webhook(a.Webhook))
	}
	for i := range a.Syslog {
		if err == nil {
			err = add(m.syslog(&a.Syslog[i]))
		}
	}
	if err == nil && a.Mail != nil && len(a.Mail.To) > 0 {
		err = add(email.New(*m.server, a.Mail.To))
	}
	if err == nil && a.Slack != nil {
		err = add(m.chat(a.Slack, func(u string) (notify.Way, error) { return slack.New(u, m.client, a.Allowed()) }))
	}
	if err == nil && a.Teams != nil {
		err = add(m.chat(a.Teams, func(u string) (notify.Way, error) { return teams.New(u, m.client, a.Allowed()) }))
	}
	if err == nil && a.Mattermost != nil {
		err = add(m.chat(a.Mattermost, func(u string) (notify.Way, error) { return mattermost.New(u, m.client, a.Allowed()) }))
	}
	if err == nil && a.Telegram != nil && a.Telegram.Chat != "" {
		err = add(m.telegram(a.Telegram.Chat))
	}
	if err == nil && a.Ntfy != nil && a.Ntfy.TopicFile != "" {
		err = add(m.ntfy(a.Ntfy.TopicFile))
	}
	return r, err
}

// person is somebody who is told.
func (m *maker) person(p *config.Person) (notify.Receiver, error) {
	a := &m.c.Alerts
	r := notify.Receiver{Name: p.Name, Language: a.Language, Full: a.Numbers == "full", Tenants: p.Organisations, Least: word(p.Least, belwacht.Warn), Most: word(p.Gravest, 0),
		Outside: word(p.Outside, notify.Never)}
	if p.Language != nil {
		r.Language = *p.Language
	}
	if p.Numbers != "" {
		r.Full = p.Numbers == "full"
	}
	add := func(w notify.Way, err error) error {
		if err == nil {
			r.Ways = append(r.Ways, w)
		}
		return err
	}
	var err error
	if p.Mail != "" {
		err = add(email.New(*m.server, []string{p.Mail}))
	}
	if err == nil && p.SMS != "" {
		err = add(m.sms(p.SMS))
	}
	if err == nil && p.Telegram != "" {
		err = add(m.telegram(p.Telegram))
	}
	if err == nil && p.NtfyFile != "" {
		err = add(m.ntfy(p.NtfyFile))
	}
	if err != nil || p.Hours == "" {
		return r, err
	}
	o := m.c.All()[0].Organisation
	o.OfficeHours = p.Hours
	hours, err := o.Calendar()
	if err != nil {
		return r, err
	}
	r.Hours = func(at belwacht.Instant) bool { return hours.At(at).Open }
	return r, nil
}

// word is a decision by its name, which was checked; "" = what else holds.
func word(name string, none belwacht.Word) belwacht.Word {
	var w belwacht.Word
	switch {
	case name == "":
		return none
	case name == "never" || w.UnmarshalText([]byte(name)) != nil:
		return notify.Never
	}
	return w
}

func (m *maker) webhook(w *config.Webhook) (notify.Way, error) {
	o := webhook.Config{URL: w.URL, Client: m.client, Allow: m.c.Alerts.Allowed()}
	var err error
	if w.URLFile != "" {
		if o.URL, err = m.c.Secret(w.URLFile); err != nil {
			return nil, err
		}
	}
	if o.Secret, err = m.secret(w.SecretFile); err != nil {
		return nil, err
	}
	return webhook.New(o)
}

func (m *maker) syslog(s *config.Syslog) (notify.Way, error) {
	roots, err := m.c.Roots(s.CAFile)
	if err != nil {
		return nil, err
	}
	return syslog.New(syslog.Config{Address: s.Address, CEF: s.Format == "cef", Facility: -1, Version: m.version, Roots: roots})
}

func (m *maker) chat(c *config.Chat, do func(address string) (notify.Way, error)) (notify.Way, error) {
	address, err := m.c.Secret(c.URLFile)
	if err != nil {
		return nil, err
	}
	return do(address)
}

func (m *maker) telegram(chat string) (notify.Way, error) {
	token, err := m.c.Secret(m.c.Alerts.Telegram.TokenFile)
	if err != nil {
		return nil, err
	}
	return telegram.New(telegram.Config{API: m.c.Alerts.Telegram.API, Token: token, Chat: chat, Client: m.client, Allow: m.c.Alerts.Allowed()})
}

func (m *maker) ntfy(topicFile string) (notify.Way, error) {
	o := ntfy.Config{Client: m.client, Allow: m.c.Alerts.Allowed()}
	var err error
	if n := m.c.Alerts.Ntfy; n != nil {
		o.URL = n.URL
		if o.Token, err = m.secret(n.TokenFile); err != nil {
			return nil, err
		}
	}
	if o.Topic, err = m.c.Secret(topicFile); err != nil {
		return nil, err
	}
	return ntfy.New(o)
}

func (m *maker) sms(to string) (notify.Way, error) {
	s := m.c.Alerts.SMS
	header, err := m.secret(s.HeaderFile)
	if err != nil {
		return nil, err
	}
	return sms.New(sms.Config{URL: s.URL, Form: s.Form, Fields: s.Fields, Header: header, To: to, Client: m.client, Allow: m.c.Alerts.Allowed()})
}

// What holds of the escalation where nothing is said.
const (
	stepAfter = 10 * time.Minute
	barUntil  = "08:00"
)

func (m *maker) escalation() (*notify.Escalation, error) {
	e := m.c.Alerts.Escalate
	if e == nil {
		return nil, nil
	}
	out := &notify.Escalation{After: time.Duration(e.After), Least: word(e.Least, belwacht.Refuse), Steps: e.Steps()}
	if out.After == 0 {
		out.After = stepAfter
	}
	if e.Then == "nothing" {
		return out, nil
	}
	zones := make(map[string]*calendar.Calendar)
	for _, t := range m.c.All() {
		c, err := t.Calendar()
		if err != nil {
			return nil, err
		}
		zones[t.Name] = c
	}
	at := e.Until
	if at == "" {
		at = barUntil
	}
	out.Bar = func(tenant string, now belwacht.Instant) belwacht.Instant {
		zone := time.UTC
		if c := zones[tenant]; c != nil {
			zone = c.Zone()
		}
		return next(now, at, zone)
	}
	return out, nil
}

// next is when the clock shows a time of day next.
func next(now belwacht.Instant, at string, zone *time.Location) belwacht.Instant {
	clock, err := time.Parse("15:04", at)
	if err != nil {
		clock = time.Date(0, 1, 1, 8, 0, 0, 0, time.UTC)
	}
	t := now.Time().In(zone)
	for day := 0; ; day++ {
		if n := time.Date(t.Year(), t.Month(), t.Day()+day, clock.Hour(), clock.Minute(), 0, 0, zone); n.After(t) {
			return belwacht.InstantOf(n)
		}
	}
}

// helplines says of a number whether its callers are nobody's business, by the dial plan of the organisation.
func helplines(c *config.Config) (func(tenant, number string) bool, error) {
	sites := make(map[string]*number.Site)
	for _, t := range c.All() {
		site, err := t.Site()
		if err != nil {
			return nil, err
		}
		sites[t.Name] = site
	}
	return func(tenant, number string) bool {
		site := sites[tenant]
		return site != nil && site.Read(number).Class == belwacht.ClassSocial
	}, nil
}
