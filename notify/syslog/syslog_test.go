package syslog

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

const hostile = `a"b\c]d=e|f` + "\n<13>1 - - - - - - forged"

func message() *notify.Message {
	return &notify.Message{Title: "Belwacht: x", Text: "Belwacht · " + strings.ReplaceAll(hostile, "\n", "·"), Host: "pbx 1", Tenant: hostile, ID: "A1", Account: hostile, Cause: "limit.country", Word: belwacht.Refuse, First: 1_777_000_000_000,
		Last: 1_777_000_001_000, Count: 2, Numbers: []string{"+252 6 •••• 4567"}, Delivery: "d1"}
}

// TestFormat: the header is RFC 5424's, and hostile values come back as they were, but for their line breaks.
func TestFormat(t *testing.T) {
	s, err := New(Config{Address: "udp://127.0.0.1:514", Facility: -1})
	if err != nil {
		t.Fatal(err)
	}
	line := s.line(message(), time.UnixMilli(1_777_000_002_003), 42)
	want := `<83>1 2026-04-24T03:06:42.003Z pbx_1 belwacht 42 alert [alert@32473 id="A1" delivery="d1" tenant="a\"b\\c\]d=e|f <13>1 - - - - - - forged" account="a\"b\\c\]d=e|f <13>1 - - - - - - forged" ` +
		`cause="limit.country" word="refuse" first="2026-04-24T03:06:40Z" last="2026-04-24T03:06:41Z" count="2" numbers="+252 6 •••• 4567"] ` + "\ufeffBelwacht · " +
		`a"b\c]d=e|f·<13>1 - - - - - - forged`
	if line != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
	s.cfg.CEF, s.cfg.Version = true, "1.2|3"
	line = s.line(message(), time.UnixMilli(1_777_000_002_003), 42)
	if !strings.HasPrefix(line, `<83>1 2026-04-24T03:06:42.003Z pbx_1 belwacht 42 alert - CEF:0|Belwacht|Belwacht|1.2\|3|limit.country|Belwacht: x|8|rt=1777000001000 start=1777000000000 externalId=A1 `) ||
		!strings.Contains(line, `suser=a"b\\c]d\=e|f <13>1 - - - - - - forged act=refuse`) || strings.ContainsAny(line, "\r\n") {
		t.Error(line)
	}
}

// FuzzFormat: whatever is in an alert, the structured data is one element with the names that we wrote, and there is no line break.
func FuzzFormat(f *testing.F) {
	f.Add(hostile, "x", "pbx1")
	f.Add("\\\"", "]", "\x00é")
	// RFC 5424 §6.3: a value ends at the first quote without a backslash.
	element := regexp.MustCompile(`^<83>1 \S+ [!-~]{1,255} belwacht \d+ alert \[alert@32473( [a-z]+="([^"\\\]]|\\.)*")+\] `)
	cef := regexp.MustCompile(`CEF:0\|Belwacht\|Belwacht\|0\|([^|\\]|\\.)*\|([^|\\]|\\.)*\|5\|rt=`)
	f.Fuzz(func(t *testing.T, a, b, host string) {
		s, err := New(Config{Address: "udp://127.0.0.1:514", Facility: -1})
		if err != nil {
			t.Fatal(err)
		}
		m := &notify.Message{Host: host, Tenant: a, Account: b, Cause: b, Title: a, Text: "x", Word: belwacht.Refuse, ID: a}
		if line := s.line(m, time.Now(), 1); !element.MatchString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
		s.cfg.CEF, m.Word = true, belwacht.Warn
		line := s.line(m, time.Now(), 1)
		if !cef.MatchString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
	})
}

// read reads one message counted in octets, and what comes after it.
func read(t *testing.T, c net.Conn) (string, string) {
	r := bufio.NewReader(c)
	n, err := r.ReadString(' ')
	if err != nil {
		t.Error(err)
		return "", ""
	}
	most, err := strconv.Atoi(strings.TrimSpace(n))
	if err != nil {
		t.Error(err)
		return "", ""
	}
	b := make([]byte, most)
	if _, err := io.ReadFull(r, b); err != nil {
		t.Error(err)
	}
	rest, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return string(b), string(rest)
}

// TestStreams: octet counting over TCP and TLS, whose certificate is verified; a server that dies without reading has not got it.
func TestStreams(t *testing.T) {
	web := httptest.NewTLSServer(nil) // for its certificate
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	for _, scheme := range []string{"tcp", "tls"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if scheme == "tls" {
			l = tls.NewListener(l, &tls.Config{Certificates: web.TLS.Certificates})
		}
		got := make(chan string, 1)
		go func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			line, rest := read(t, c)
			got <- line + rest
			c.Close()
			if c, err = l.Accept(); err == nil { // reads nothing and resets
				if tcp, ok := c.(*net.TCPConn); ok {
					_ = tcp.SetLinger(0)
				}
				c.Close()
			}
		}()
		s, err := New(Config{Address: scheme + "://" + l.Addr().String(), Facility: -1, Roots: roots})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(t.Context(), message()); err != nil {
			t.Fatalf("%s: %v", scheme, err)
		}
		if line := <-got; !strings.HasPrefix(line, "<83>1 ") || !strings.HasSuffix(line, "forged") {
			t.Errorf("%s: %s", scheme, line)
		}
		if err := s.Send(t.Context(), message()); belwacht.CodeOf(err) != belwacht.Unreachable {
			t.Errorf("%s, a server that dies: %v", scheme, err)
		}
		l.Close()
		if err := s.Send(t.Context(), message()); belwacht.CodeOf(err) != belwacht.Unreachable {
			t.Errorf("%s, nobody there: %v", scheme, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		if c, err := tls.NewListener(l, &tls.Config{Certificates: web.TLS.Certificates}).Accept(); err == nil {
			_, _ = io.Copy(io.Discard, c)
			c.Close()
		}
	}()
	s, err := New(Config{Address: "tls://" + l.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message()); belwacht.CodeOf(err) != belwacht.Unreachable || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate of nobody known: %v", err)
	}
}

// TestDatagram: one message a datagram; a port where nobody listens is noticed.
func TestDatagram(t *testing.T) {
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Address: "udp://" + l.LocalAddr().String(), Facility: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, _, err := l.ReadFrom(b)
	if err != nil || !strings.HasPrefix(string(b[:n]), "<83>1 ") {
		t.Errorf("%s %v", b[:n], err)
	}
	l.Close()
	if err := s.Send(t.Context(), message()); belwacht.CodeOf(err) != belwacht.Unreachable {
		t.Errorf("nobody there: %v", err)
	}
	for _, bad := range []string{"", "127.0.0.1:514", "udp://127.0.0.1", "http://127.0.0.1:514", "tcp://a:b@h:1", "tcp://h:1/x"} {
		if Check(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
