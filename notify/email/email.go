// Package email tells alerts by mail: SMTP with TLS from the first byte, or STARTTLS, which is never left out where it is asked for, with log-in where the server
// wants one.
//
// A mail has a plain part and an HTML part, both in the person's language, with a button that says "I look after it" where there are links. Its Message-ID is made
// of the message's Delivery, so that one that comes twice has one ID, and mails of one alert are one thread. What a stranger wrote is one line without control
// characters before it comes here; headers are encoded (RFC 2047), HTML is escaped by html/template.
package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

const timeout = 30 * time.Second

// Security is how a connection is protected.
type Security string

// The ways to protect a connection.
const (
	TLS      Security = "tls"      // from the first byte, usually port 465
	StartTLS Security = "starttls" // usually port 587
	None     Security = "none"     // to this machine itself only
)

// Server is a mail server, and who sends by it.
type Server struct {
	Address  string   // host and port
	Security Security // "" = tls on port 465, else starttls
	User     string   // "" = it wants no log-in
	Password string
	From     string         // an address, with a name before it or not
	Roots    *x509.CertPool // nil = the system's
}

// Check says what is wrong with a server, as an error of code Config; which says in which of its settings.
func (s *Server) Check() (which string, err error) {
	host, port, err := net.SplitHostPort(s.Address)
	if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 1 || n > 65535 {
		return "server", belwacht.Errorf(belwacht.Config, "%.60q is no mail server; write its name and port, such as smtp.example.nl:587", s.Address)
	}
	switch s.Security {
	case "", TLS, StartTLS:
	case None:
		if !net.ParseIP(host).IsLoopback() && host != "localhost" {
			return "security", belwacht.Errorf(belwacht.Config, "would send alerts unencrypted; none is for a mail server on this machine itself")
		}
		if s.User != "" {
			return "user", belwacht.Errorf(belwacht.Config, "would send the password unencrypted; write security: starttls or tls")
		}
	default:
		return "security", belwacht.Errorf(belwacht.Config, "%.20q is no way to protect mail; there are tls, starttls and none", string(s.Security))
	}
	if CheckAddress(s.From) != nil {
		return "from", belwacht.Errorf(belwacht.Config, "is no mail address; write whose name mails bear, such as belwacht@example.nl")
	}
	return "", nil
}

// CheckAddress says what is wrong with a mail address, as an error of code Config.
func CheckAddress(address string) error {
	a, err := mail.ParseAddress(address)
	if err != nil || len(address) > 320 || !strings.Contains(a.Address, "@") || strings.ContainsAny(address, "\r\n") {
		return belwacht.Errorf(belwacht.Config, "is no mail address, such as anna@example.nl")
	}
	return nil
}

// Email is a notify.Way and a notify.Gatherer.
type Email struct {
	server Server
	to     []string
	from   *mail.Address
	host   string // of the sender, in Message-IDs
}

// New makes an Email to some people. An error is of code Config.
func New(s Server, to []string) (*Email, error) {
	if which, err := s.Check(); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "mail: %s: %w", which, err)
	}
	for _, a := range to {
		if err := CheckAddress(a); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "%.100q %w", a, err)
		}
	}
	if len(to) == 0 {
		return nil, belwacht.Errorf(belwacht.Config, "a mail has nobody to go to")
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%.100q is no mail address", s.From)
	}
	if from.Name == "" {
		from.Name = "Belwacht"
	}
	_, host, _ := strings.Cut(from.Address, "@")
	return &Email{server: s, to: to, from: from, host: host}, nil
}

// Name implements notify.Way.
func (e *Email) Name() string { return "mail " + text.Clean(strings.Join(e.to, " "), 200) }

// Send implements notify.Way. It takes at most half a minute.
func (e *Email) Send(ctx context.Context, m *notify.Message) error {
	return e.SendAll(ctx, []*notify.Message{m})
}

// SendAll implements notify.Gatherer.
func (e *Email) SendAll(ctx context.Context, list []*notify.Message) error {
	html, err := page(list)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the alert cannot be written as a mail: %w", notify.ErrRefused)
	}
	letter := Letter{ID: list[0].Delivery, Subject: notify.Title(list), Plain: plain(list), HTML: html}
	if len(list) == 1 {
		letter.Thread = thread(list[0])
	}
	return e.Deliver(ctx, &letter)
}

// thread names all mails about one alert.
func thread(m *notify.Message) string {
	return regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(m.Tenant+"."+m.ID+"."+strconv.FormatInt(int64(m.First), 10), ".")
}

// Letter is a mail.
type Letter struct {
	ID      string // the same for the same mail, letters and digits
	Thread  string // the same for mails that belong together; "" = alone
	Subject string // one line
	Plain   string
	HTML    string
	Picture []byte // a PNG that the HTML shows as cid:picture; nil = none
}

// write writes a letter as a mail.
func (e *Email) write(l *Letter) (*smtp.Msg, error) {
	msg := smtp.NewMsg()
	msg.FromMailAddress(e.from)
	var to []*mail.Address
	for _, a := range e.to {
		if parsed, err := mail.ParseAddress(a); err == nil {
			to = append(to, parsed)
		}
	}
	msg.ToMailAddress(to...)
	msg.Subject(text.Clean(l.Subject, 200))
	msg.SetDate()
	msg.SetMessageIDWithValue(l.ID + "@" + e.host)
	if l.Thread != "" {
		msg.SetGenHeaderPreformatted("References", "<"+l.Thread+"@"+e.host+">")
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: no out-of-office answers
	msg.SetGenHeader("X-Belwacht-Delivery", l.ID)
	msg.SetBodyString(smtp.TypeTextPlain, l.Plain)
	msg.AddAlternativeString(smtp.TypeTextHTML, l.HTML)
	if l.Picture != nil {
		if err := msg.EmbedReader("picture.png", bytes.NewReader(l.Picture), smtp.WithFileContentID("picture"), smtp.WithFileContentType("image/png")); err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "the picture cannot be put into a mail: %w", notify.ErrRefused)
		}
	}
	return msg, nil
}

// Deliver sends a mail. Its error is one for notify.Way.Send.
func (e *Email) Deliver(ctx context.Context, l *Letter) error {
	msg, err := e.write(l)
	if err != nil {
		return err
	}
	client, err := e.client()
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the mail server's settings are wrong (%s): %w", text.Clean(err.Error(), 100), notify.ErrRefused)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return e.judge(client.DialAndSendWithContext(ctx, msg))
}

// client is made for each mail: connections are not kept.
func (e *Email) client() (*smtp.Client, error) {
	host, port, err := net.SplitHostPort(e.server.Address)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	security := e.server.Security
	if security == "" {
		security = StartTLS
		if n == 465 {
			security = TLS
		}
	}
	o := []smtp.Option{smtp.WithPort(n), smtp.WithTimeout(timeout), smtp.WithTLSConfig(&tls.Config{MinVersion: tls.VersionTLS12, ServerName: host, RootCAs: e.server.Roots})}
	switch security {
	case TLS:
		o = append(o, smtp.WithSSL())
	case StartTLS:
		o = append(o, smtp.WithTLSPolicy(smtp.TLSMandatory))
	default:
		o = append(o, smtp.WithTLSPolicy(smtp.NoTLS))
	}
	if e.server.User != "" {
		o = append(o, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(e.server.User), smtp.WithPassword(e.server.Password))
	}
	return smtp.NewClient(host, o...)
}

// judge says what an error means. What a server answers may be a passing mood even where it says that it is not (a full box, a wrong idea of spam), so nothing is
// given up before a day is over.
func (e *Email) judge(err error) error {
	if err == nil {
		return nil
	}
	says := text.Clean(err.Error(), 300)
	if e.server.Password != "" {
		says = strings.ReplaceAll(says, e.server.Password, "•••")
	}
	var sent *smtp.SendError
	if errors.As(err, &sent) && (sent.Reason == smtp.ErrSMTPData || sent.Reason == smtp.ErrSMTPDataClose || sent.Reason == smtp.ErrWriteContent) {
		return belwacht.Errorf(belwacht.Invalid, "%s does not take this mail (%s)", e.server.Address, says)
	}
	return belwacht.Errorf(belwacht.Unreachable, "%s takes no mail (%s); are server, user and addresses right, and does the firewall let this machine out?", e.server.Address, says)
}
