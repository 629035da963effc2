package config

import (
	"crypto/x509"
	"io"
	"net/netip"
	"os"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

// Alerts is how people are told of alerts; without any way they are in the log only. What stands here and not below people is told of every alert.
type Alerts struct {
	Language   text.Language `yaml:"language,omitempty"`   // nl or en
	Numbers    string        `yaml:"numbers,omitempty"`    // masked or full; "" = masked
	Allow      []string      `yaml:"allow,omitempty"`      // addresses and networks inside that may be spoken to by HTTP
	Command    []string      `yaml:"command,omitempty"`    // a program's absolute path and its arguments
	Webhook    *Webhook      `yaml:"webhook,omitempty"`    // where alerts are posted
	Mail       *Mail         `yaml:"mail,omitempty"`       // the server by which mail goes
	SMS        *SMS          `yaml:"sms,omitempty"`        // the gateway of text messages
	Telegram   *Telegram     `yaml:"telegram,omitempty"`   // the bot
	Ntfy       *Ntfy         `yaml:"ntfy,omitempty"`       // the server, and a topic
	Slack      *Chat         `yaml:"slack,omitempty"`      // a channel
	Teams      *Chat         `yaml:"teams,omitempty"`      // a channel
	Mattermost *Chat         `yaml:"mattermost,omitempty"` // a channel
	Syslog     []Syslog      `yaml:"syslog,omitempty"`     // log servers
	People     []Person      `yaml:"people,omitempty"`
	Escalate   *Escalate     `yaml:"escalate,omitempty"`  // what happens where nobody acknowledges; nil = nothing
	Links      *Links        `yaml:"links,omitempty"`     // by which people acknowledge; nil = none
	Heartbeat  *Heartbeat    `yaml:"heartbeat,omitempty"` // a second place, which tells where this one is silent
	Summary    *Summary      `yaml:"summary,omitempty"`   // by mail
	Fail2ban   string        `yaml:"fail2ban,omitempty"`  // a file to which addresses are written that guess passwords; "" = none
}

// Webhook is an address that alerts are posted to.
type Webhook struct {
	URL        string `yaml:"url,omitempty"`
	URLFile    string `yaml:"url_file,omitempty"`    // instead of url, where the address is a secret itself; see Secret
	SecretFile string `yaml:"secret_file,omitempty"` // what requests are signed with; "" = they are not
}

// Mail is a mail server.
type Mail struct {
	Server       string   `yaml:"server,omitempty"`   // host and port
	Security     string   `yaml:"security,omitempty"` // tls, starttls or none; "" = tls on port 465, else starttls
	CAFile       string   `yaml:"ca_file,omitempty"`  // certificates that the server's is verified by; "" = the system's
	User         string   `yaml:"user,omitempty"`     // "" = it wants no log-in
	PasswordFile string   `yaml:"password_file,omitempty"`
	From         string   `yaml:"from,omitempty"`
	To           []string `yaml:"to,omitempty"` // who gets every alert
}

// SMS is a gateway of text messages.
type SMS struct {
	URL        string            `yaml:"url,omitempty"`
	Form       string            `yaml:"form,omitempty"`        // form, json or query; "" = form
	Fields     map[string]string `yaml:"fields,omitempty"`      // with {to}, {text} and {id}
	HeaderFile string            `yaml:"header_file,omitempty"` // one line of the request's head
}

// Telegram is a bot.
type Telegram struct {
	TokenFile string `yaml:"token_file,omitempty"`
	API       string `yaml:"api,omitempty"`  // "" = Telegram's own
	Chat      string `yaml:"chat,omitempty"` // which gets every alert; "" = none
}

// Ntfy is a server of ntfy.
type Ntfy struct {
	URL       string `yaml:"url,omitempty"` // "" = https://ntfy.sh
	TokenFile string `yaml:"token_file,omitempty"`
	TopicFile string `yaml:"topic_file,omitempty"` // which gets every alert; "" = none
}

// Chat is a channel that has an incoming webhook.
type Chat struct {
	URLFile string `yaml:"url_file,omitempty"` // with its address, which is a secret
}

// Syslog is a log server.
type Syslog struct {
	Address string `yaml:"address"`           // udp://, tcp:// or tls:// with host and port
	Format  string `yaml:"format,omitempty"`  // rfc5424 or cef; "" = rfc5424
	CAFile  string `yaml:"ca_file,omitempty"` // of tls; "" = the system's
}

// Person is somebody who is told.
type Person struct {
	Name          string         `yaml:"name"`
	Language      *text.Language `yaml:"language,omitempty"` // nil = as above
	Numbers       string         `yaml:"numbers,omitempty"`  // "" = as above
	Organisations []string       `yaml:"organisations,omitempty"`
	Least         string         `yaml:"least,omitempty"`     // alert, refuse or end; "" = alert
	Gravest       string         `yaml:"gravest,omitempty"`   // what is graver is told to others; "" = end
	Hours         string         `yaml:"hours,omitempty"`     // see calendar.ParseHours; "" = always
	Outside       string         `yaml:"outside,omitempty"`   // of these hours, what is so grave is told at once: alert, refuse, end or never; "" = never
	Mail          string         `yaml:"mail,omitempty"`      // an address
	SMS           string         `yaml:"sms,omitempty"`       // a number with plus
	Telegram      string         `yaml:"telegram,omitempty"`  // a chat
	NtfyFile      string         `yaml:"ntfy_file,omitempty"` // with a topic
}

// Escalate is what happens where nobody acknowledges.
type Escalate struct {
	After yaml.Duration `yaml:"after,omitempty"` // for each step; 0 = 10 min
	Least string        `yaml:"least,omitempty"` // of alerts for which somebody must answer; "" = refuse
	Order []string      `yaml:"order,omitempty"` // people, one after the other; several at once with commas
	Then  string        `yaml:"then,omitempty"`  // bar_abroad or nothing; "" = bar_abroad
	Until string        `yaml:"until,omitempty"` // of the bar, a time of day; "" = 08:00
}

// ConsoleLinks is the path at which the console answers links.
const ConsoleLinks = "/alert/"

// Links are by which people acknowledge.
type Links struct {
	URL      string `yaml:"url,omitempty"`       // that leads there from where people are, such as https://belwacht.example.nl/alert/
	Listen   string `yaml:"listen,omitempty"`    // address and port; "" = the console answers them, at ConsoleLinks
	CertFile string `yaml:"cert_file,omitempty"` // "" = no TLS, on this machine itself only
	KeyFile  string `yaml:"key_file,omitempty"`
}

// Heartbeat is a second place, which is asked again and again and tells where that stops.
type Heartbeat struct {
	URLFile string        `yaml:"url_file,omitempty"`
	Every   yaml.Duration `yaml:"every,omitempty"` // 0 = 1 min
}

// Summary is what people get by mail of a day and a month.
type Summary struct {
	At      string   `yaml:"at,omitempty"`      // a time of day; "" = 07:30
	Daily   *bool    `yaml:"daily,omitempty"`   // nil = yes
	Monthly *bool    `yaml:"monthly,omitempty"` // nil = yes
	To      []string `yaml:"to,omitempty"`      // people; none = all who have mail
}

// Allowed are the addresses inside that the owner lists.
func (a *Alerts) Allowed() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range a.Allow {
		if p, err := (&Ask{}).network(s); err == nil {
			list = append(list, p)
		}
	}
	return list
}

// Steps are the people of each step.
func (e *Escalate) Steps() [][]string {
	var steps [][]string
	for _, s := range e.Order {
		var step []string
		for name := range strings.SplitSeq(s, ",") {
			step = append(step, strings.TrimSpace(name))
		}
		steps = append(steps, step)
	}
	return steps
}

// Roots are the certificates of a file, that a server's is verified by; nil, the system's, where none is named. The error is of code Config.
func (c *Config) Roots(name string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(c.path(name))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the certificates %s cannot be read: %w", shown(c.path(name)), belwacht.Reason(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 1<<20))
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(b) {
		return nil, belwacht.Errorf(belwacht.Config, "%s holds no certificates in PEM", shown(c.path(name)))
	}
	return pool, nil
}
