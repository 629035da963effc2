// Package sms tells alerts by text messages, through any gateway that takes an HTTP request: the owner writes down the fields that it wants.
//
//	url: https://api.gateway.example/messages
//	fields: {recipient: "{to}", originator: Belwacht, body: "{text}"}
//	header_file: /etc/belwacht/sms.header      # one line, such as Authorization: Bearer …
//
// {to} is the person's number, {text} the alert, at most 300 characters, {id} names it, so that a gateway that knows it can leave out what it sent. Fields go as a
// form, as JSON, or into the address of a GET; each is encoded as that wants it, so what a stranger wrote cannot add a field.
package sms

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// textMost is how long a message is at most, in bytes: two or three parts of a text message.
const textMost = 300

// fieldsMost bounds the fields of a request.
const fieldsMost = 32

// Config is a gateway, and whom it tells.
type Config struct {
	URL    string
	Form   string            // form, json or query; "" = form
	Fields map[string]string // with {to}, {text} and {id}
	Header string            // one line of the request's head, Name: value, with what the gateway knows its customer by; "" = none
	To     string            // a number with plus
	Client *notify.Client
	Allow  []netip.Prefix
}

// SMS is a notify.Way and a notify.Gatherer.
type SMS struct {
	cfg    Config
	header http.Header
}

// Check says what is wrong with a gateway, whoever it tells, as an error of code Config.
func Check(c *Config) error {
	if err := notify.CheckURL(c.URL, c.Allow); err != nil {
		return belwacht.Errorf(belwacht.Config, "the gateway's address %w", err)
	}
	if c.Form != "" && c.Form != "form" && c.Form != "json" && c.Form != "query" {
		return belwacht.Errorf(belwacht.Config, "%.20q is no form of a gateway's fields; there are form, json and query", c.Form)
	}
	all := ""
	for _, v := range c.Fields {
		all += v
	}
	if len(c.Fields) > fieldsMost || !strings.Contains(all, "{to}") || !strings.Contains(all, "{text}") {
		return belwacht.Errorf(belwacht.Config, "a gateway's fields say where number and text go; write for example fields: {recipient: \"{to}\", body: \"{text}\"}")
	}
	return nil
}

// CheckNumber says what is wrong with a number, as an error of code Config.
func CheckNumber(to string) error {
	if !regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`).MatchString(to) {
		return belwacht.Errorf(belwacht.Config, "is no telephone number; write it with plus and country code, in quotes: \"+31612345678\"")
	}
	return nil
}

// New makes an SMS. An error is of code Config.
func New(c Config) (*SMS, error) {
	if err := Check(&c); err != nil {
		return nil, err
	}
	if err := CheckNumber(c.To); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "what should be a number %w", err)
	}
	s := &SMS{cfg: c, header: http.Header{}}
	if c.Header != "" {
		name, value, ok := strings.Cut(c.Header, ":")
		if name = textproto.TrimString(name); !ok || !regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`).MatchString(name) {
			return nil, belwacht.Errorf(belwacht.Config, "the file with the gateway's header does not hold one line such as Authorization: Bearer …")
		}
		s.header.Set(name, textproto.TrimString(value))
	}
	return s, nil
}

// Name implements notify.Way.
func (s *SMS) Name() string { return "sms " + text.Mask(s.cfg.To) }

// Send implements notify.Way.
func (s *SMS) Send(ctx context.Context, m *notify.Message) error {
	return s.SendAll(ctx, []*notify.Message{m})
}

// SendAll implements notify.Gatherer. Of several alerts it tells the first and how many there are besides.
func (s *SMS) SendAll(ctx context.Context, list []*notify.Message) error {
	says := notify.Short(list[0], textMost)
	if len(list) > 1 {
		l := list[0].In
		says = notify.Short(list[0], textMost-30) + " +" + text.Plural(l, int64(len(list)-1), l.Pick("alert", "melding"), l.Pick("alerts", "meldingen"))
	}
	fill := strings.NewReplacer("{to}", s.cfg.To, "{text}", says, "{id}", list[0].Delivery)
	values := url.Values{}
	for name, v := range s.cfg.Fields {
		values.Set(name, fill.Replace(v))
	}
	const look = "look whether fields and header are what the gateway wants"
	h := s.header.Clone()
	switch s.cfg.Form {
	case "json":
		o := make(map[string]string)
		for name := range values {
			o[name] = values.Get(name)
		}
		body, err := json.Marshal(o)
		if err != nil {
			return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as JSON: %w", notify.ErrRefused)
		}
		h.Set("Content-Type", "application/json")
		return s.cfg.Client.Post(ctx, s.cfg.URL, h, body, look)
	case "query":
		address := s.cfg.URL + "?" + values.Encode()
		if strings.Contains(s.cfg.URL, "?") {
			address = s.cfg.URL + "&" + values.Encode()
		}
		_, err := s.cfg.Client.Do(ctx, http.MethodGet, address, h, nil, look)
		return err
	}
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.cfg.Client.Post(ctx, s.cfg.URL, h, []byte(values.Encode()), look)
}
