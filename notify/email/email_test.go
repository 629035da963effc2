package email

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

const hostile = `<script>alert(1)</script> "><img src=x onerror=alert(1)> {{.}} =?utf-8?q?x?=`

func message(link string) *notify.Message {
	return &notify.Message{Title: "Belwacht: " + hostile, Text: "Belwacht · " + hostile, Host: hostile, Tenant: "Voorbeeld\r\nBcc: evil@example.com", Account: hostile, ID: "A1", First: 1_777_000_000_000,
		Word: belwacht.Refuse, Count: 3, Numbers: []string{"+252 6 •••• 4567"}, ReasonNL: "Geweigerd: " + hostile, Remark: hostile, Link: link, Delivery: "d1", In: text.Dutch}
}

// read takes a mail apart: its head, and its parts by type.
func read(t *testing.T, e *Email, l *Letter) (mail.Header, map[string]string) {
	t.Helper()
	msg, err := e.write(l)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(&b)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	var walk func(kind string, encoding string, r io.Reader)
	walk = func(kind, encoding string, r io.Reader) {
		media, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(media, "multipart/") {
			b, err := io.ReadAll(r) // multipart.Reader has undone quoted-printable
			if err != nil {
				t.Fatal(err)
			}
			parts[media] = string(b)
			return
		}
		for p := multipart.NewReader(r, params["boundary"]); ; {
			part, err := p.NextPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			walk(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
		}
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return m.Header, parts
}

func anna(t *testing.T) *Email {
	t.Helper()
	e, err := New(Server{Address: "127.0.0.1:25", Security: None, From: "belwacht@example.nl"}, []string{"Anna <anna@example.nl>"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestMail: strangers' words add no header and no HTML; the mail can be read without HTML; one ID for one form of an alert, one thread for one alert.
func TestMail(t *testing.T) {
	e := anna(t)
	list := []*notify.Message{message("https://b.example.nl/a/1")}
	html, err := page(list)
	if err != nil {
		t.Fatal(err)
	}
	head, parts := read(t, e, &Letter{ID: "d1", Thread: thread(list[0]), Subject: notify.Title(list) + "\r\nBcc: evil@example.com", Plain: plain(list), HTML: html, Picture: []byte("PNG")})
	subject, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject"))
	if err != nil || !strings.Contains(subject, "<script>") || len(head["Bcc"])+len(head["Cc"]) > 0 || len(head["Subject"]) != 1 {
		t.Errorf("%q %v %v", subject, err, head)
	}
	for name, want := range map[string]string{"Message-Id": "<d1@example.nl>", "References": "<Voorbeeld.Bcc.evil.example.com.A1.1777000000000@example.nl>", "Auto-Submitted": "auto-generated",
		"From": `"Belwacht" <belwacht@example.nl>`, "To": `"Anna" <anna@example.nl>`} {
		if head.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, head.Get(name), want)
		}
	}
	if p := parts["text/plain"]; !strings.Contains(p, "Ik kijk ernaar: https://b.example.nl/a/1") {
		t.Error(p)
	}
	if h := parts["text/html"]; strings.Contains(h, "<script") || strings.Contains(h, "<img") || !strings.Contains(h, "Geweigerd: &lt;script&gt;") || !strings.Contains(h, `href="https://b.example.nl/a/1"`) ||
		!strings.Contains(h, "Toestel") {
		t.Error(h)
	}
	if parts["image/png"] == "" {
		t.Errorf("no picture in %v", parts)
	}
	bad := message("javascript:alert(1)")
	if h, err := page([]*notify.Message{bad}); err != nil || strings.Contains(h, `href="javascript`) {
		t.Errorf("%v\n%s", err, h)
	}
}

// TestUnreachable: a server that is not there, hangs up, or has no TLS where that is asked for is the way's fault, and no password is told.
func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("220 here ESMTP\r\n"))
			buf := make([]byte, 256)
			if _, err := c.Read(buf); err == nil {
				_, _ = c.Write([]byte("250-here\r\n250 SIZE 1000000\r\n"))
				_, _ = c.Read(buf)
			}
			c.Close()
		}
	}()
	for _, s := range []Security{TLS, StartTLS} {
		e, err := New(Server{Address: l.Addr().String(), Security: s, User: "u", Password: "fake-secret-for-tests", From: "b@example.nl"}, []string{"a@example.nl"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		err = e.Send(ctx, message(""))
		cancel()
		if belwacht.CodeOf(err) != belwacht.Unreachable || strings.Contains(err.Error(), "fake-secret") {
			t.Errorf("%s: %v", s, err)
		}
	}
	l.Close()
	if err := anna(t).Send(t.Context(), message("")); belwacht.CodeOf(err) != belwacht.Unreachable {
		t.Error(err)
	}
}

// TestWrong: what is wrong with a server or an address is said at once.
func TestWrong(t *testing.T) {
	for _, c := range []struct {
		server Server
		to     string
		which  string
	}{
		{Server{Address: "smtp.example.nl", From: "b@example.nl"}, "a@example.nl", "server"}, {Server{Address: "smtp.example.nl:587", From: "nobody"}, "a@example.nl", "from"},
		{Server{Address: "smtp.example.nl:587", Security: None, From: "b@example.nl"}, "a@example.nl", "security"},
		{Server{Address: "127.0.0.1:25", Security: None, User: "u", From: "b@example.nl"}, "a@example.nl", "user"},
		{Server{Address: "smtp.example.nl:587", Security: "ssl", From: "b@example.nl"}, "a@example.nl", "security"},
		{Server{Address: "smtp.example.nl:587", From: "b@example.nl"}, "a@example.nl\r\nRCPT TO:<x@y>", ""},
	} {
		which, err := c.server.Check()
		if which != c.which || (err == nil) != (c.which == "") {
			t.Errorf("%+v: %s %v", c.server, which, err)
		}
		if _, err := New(c.server, []string{c.to}); belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%+v: %v", c.server, err)
		}
	}
}
