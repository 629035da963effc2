// Package syslog tells alerts to a log server: as RFC 5424 with structured data, or as CEF, which ArcSight, QRadar, Sentinel and others read.
//
//	udp://192.0.2.5:514    one datagram a message (RFC 5426); what is lost is lost
//	tcp://192.0.2.5:601    octet counting (RFC 6587 §3.4.1)
//	tls://logs.example.nl:6514    the same over TLS (RFC 5425), certificates verified
//
// A connection carries one alert: it is closed for writing, and the alert has arrived once the server has closed its side too, or has not complained for a while;
// without that, what was written before a server died would be lost unnoticed, since neither RFC has an answer. What a stranger wrote is escaped: in structured
// data as §6.3.3 says, in CEF as its implementation standard says, and no line break is ever sent.
package syslog

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

const (
	timeout  = 10 * time.Second
	closing  = 2 * time.Second        // how long the server's close is waited for
	refusals = 100 * time.Millisecond // and that nobody listens for a datagram
	most     = 8000                   // bytes of a message; RFC 5426 wants at least 2048 taken
	mostUDP  = 1800
)

// Config is where alerts go.
type Config struct {
	Address  string         // udp://, tcp:// or tls:// with host and port
	CEF      bool           // else structured data
	Facility int            // 0 to 23; -1 = 10, security/authorization
	Version  string         // of Belwacht, in CEF
	Roots    *x509.CertPool // nil = the system's
}

// Syslog is a notify.Way.
type Syslog struct {
	cfg          Config
	scheme, host string
}

// Check says what is wrong with an address, as an error of code Config.
func Check(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Port() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Scheme != "udp" && u.Scheme != "tcp" && u.Scheme != "tls" {
		return belwacht.Errorf(belwacht.Config, "is no address of a log server; write for example udp://192.0.2.5:514, tcp://192.0.2.5:601 or tls://logs.example.nl:6514")
	}
	return nil
}

// New makes a Syslog. An error is of code Config.
func New(c Config) (*Syslog, error) {
	if err := Check(c.Address); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "what should be a log server %w", err)
	}
	if c.Facility < 0 || c.Facility > 23 {
		c.Facility = 10
	}
	scheme, host, _ := strings.Cut(c.Address, "://")
	return &Syslog{cfg: c, scheme: scheme, host: host}, nil
}

// Name implements notify.Way.
func (s *Syslog) Name() string {
	if s.cfg.CEF {
		return "syslog " + text.Clean(s.cfg.Address, 100) + " cef"
	}
	return "syslog " + text.Clean(s.cfg.Address, 100)
}

// Send implements notify.Way.
func (s *Syslog) Send(ctx context.Context, m *notify.Message) error {
	return s.deliver(ctx, s.line(m, time.Now(), os.Getpid()))
}

// Record tells what is no alert.
func (s *Syslog) Record(ctx context.Context, r *Record) error {
	return s.deliver(ctx, s.recordLine(r, time.Now(), os.Getpid()))
}

// deliver sends a line.
func (s *Syslog) deliver(ctx context.Context, line string) error {
	d := net.Dialer{Timeout: timeout}
	if s.scheme == "udp" {
		c, err := d.DialContext(ctx, "udp", s.host)
		if err != nil {
			return s.unreachable(err)
		}
		defer c.Close()
		return s.datagram(c, notify.Cut(line, mostUDP))
	}
	c, err := d.DialContext(ctx, "tcp", s.host)
	if err != nil {
		return s.unreachable(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(timeout)); err != nil {
		return s.unreachable(err)
	}
	if s.scheme == "tls" {
		name, _, err := net.SplitHostPort(s.host)
		if err != nil {
			return s.unreachable(err)
		}
		secure := tls.Client(c, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.cfg.Roots, ServerName: name})
		if err := secure.HandshakeContext(ctx); err != nil {
			return s.unreachable(err)
		}
		c = secure
	}
	return s.stream(c, notify.Cut(line, most))
}

// datagram sends one, and looks whether the machine says that nobody takes it.
func (s *Syslog) datagram(c net.Conn, line string) error {
	if _, err := c.Write([]byte(line)); err != nil {
		return s.unreachable(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(refusals)); err != nil {
		return s.unreachable(err)
	}
	var wait net.Error
	if _, err := c.Read(make([]byte, 1)); err != nil && (!errors.As(err, &wait) || !wait.Timeout()) {
		return s.unreachable(err)
	}
	return nil
}

// stream sends one, counted in octets, and waits for the server to have read all of it.
func (s *Syslog) stream(c net.Conn, line string) error {
	if _, err := c.Write([]byte(strconv.Itoa(len(line)) + " " + line)); err != nil {
		return s.unreachable(err)
	}
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		if err := half.CloseWrite(); err != nil {
			return s.unreachable(err)
		}
	}
	if err := c.SetReadDeadline(time.Now().Add(closing)); err != nil {
		return s.unreachable(err)
	}
	var wait net.Error
	if _, err := io.Copy(io.Discard, io.LimitReader(c, 4<<10)); err != nil && (!errors.As(err, &wait) || !wait.Timeout()) {
		return s.unreachable(err)
	}
	return nil
}

func (s *Syslog) unreachable(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return belwacht.Errorf(belwacht.Unreachable, "%s does not take it (%s); is the log server running, and does the firewall let this machine out?", s.Name(), text.Clean(err.Error(), 200))
}
