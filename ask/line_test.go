package ask

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw is a request as a dial plan's client writes it.
func raw(headers, body string) string {
	return fmt.Sprintf("POST /ask HTTP/1.1\r\nHost: 127.0.0.1:4574\r\n%sContent-Length: %d\r\n\r\n%s", headers, len(body), body)
}

// asking is a question in a form.
func asking(number, id string) string {
	return "pbx=hoofdkantoor&key=" + secret + "&channel=PJSIP%2F201-0000000a&linkedid=" + id + "&uniqueid=" + id + "&number=" + number
}

// dial connects to a server.
func (s *started) dial(t *testing.T) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", s.http)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	return c, bufio.NewReader(c)
}

// hear reads one answer.
func hear(t *testing.T, r *bufio.Reader) (code int, body string) {
	t.Helper()
	a, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

// TestKeptLine: what one connection may bring, one thing after the other, is answered in order, whoever reads it.
func TestKeptLine(t *testing.T) {
	s := start(t, &judge{do: refuses}, nil)
	const no = "refuse,rule.new-country,K7Q2,0"
	c, r := s.dial(t)
	for i, x := range []struct {
		sent []string // in pieces
		code []int
		body string
	}{
		{[]string{raw("", asking("0032470000101", "1.1"))}, []int{200}, no},
		{[]string{raw("Connection: Keep-Alive\r\nAccept: */*\r\n", asking("112", "1.2"))}, []int{200}, "allow,emergency,,0"},
		{[]string{raw("", asking("0032470000101", "1.3")) + raw("", asking("0032470000101", "1.4"))}, []int{200, 200}, no}, // at once
		{[]string{raw("", "pbx=hoofdkantoor&key=wrong&number=112")}, []int{403}, ""},
		{[]string{raw("", "key="+secret)}, []int{400}, ""},
		{[]string{raw("Accept: application/json\r\nAuthorization: Bearer "+secret+"\r\n", "number=112")}, []int{200}, `"decision":"allow"`},
		{[]string{raw("", asking("0032470000101", "1.5"))[:130], raw("", asking("0032470000101", "1.5"))[130:]}, []int{200}, no}, // the body in pieces
		// net/http's from here on
		{[]string{"POST /ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(asking("112", "1.6")), asking("112", "1.6"))}, []int{200}, "allow,emergency,,0"},
		{[]string{"GET /ask HTTP/1.1\r\nHost: x\r\n\r\n"}, []int{405}, ""},
		{[]string{raw("", asking("0032470000101", "1.7"))}, []int{200}, no},
	} {
		for _, piece := range x.sent {
			_, _ = io.WriteString(c, piece)
		}
		for _, code := range x.code {
			if got, body := hear(t, r); got != code || !strings.Contains(body, x.body) {
				t.Errorf("%d: %d %q, want %d %q", i, got, body, code, x.body)
			}
		}
	}
	c, r = s.dial(t)
	_, _ = io.WriteString(c, raw("Connection: close\r\n", asking("112", "1.8")))
	if code, body := hear(t, r); code != 200 || body != "allow,emergency,,0" {
		t.Errorf("%d %q", code, body)
	}
	if _, err := r.ReadByte(); err != io.EOF {
		t.Errorf("the connection goes on: %v", err)
	}
}

// TestStalledLine: a connection on which a question stalls is answered in time, and so is the next question on it.
func TestStalledLine(t *testing.T) {
	stop := make(chan struct{})
	s := start(t, &judge{do: stalls(stop)}, nil)
	c, r := s.dial(t)
	for i := range 3 {
		_, _ = io.WriteString(c, raw("", asking("0032470000101", fmt.Sprint("1.", i))))
		if code, body := hear(t, r); code != 200 || body != "refuse,engine.late,,0" {
			t.Errorf("%d: %d %q", i, code, body)
		}
	}
	if n := s.Counts(); n.Missed != 3 || n.Asked != 3 || n.Refused != 3 {
		t.Errorf("%+v", n)
	}
	close(stop)
	_, _ = io.WriteString(c, raw("", asking("0032470000101", "2.1")))
	if _, body := hear(t, r); body != "refuse,rule.new-country,K7Q2,0" {
		t.Errorf("then %q", body)
	}
}

// TestStopLines: Stop ends connections that are silent, and waits for those who have asked.
func TestStopLines(t *testing.T) {
	stop, begun := make(chan struct{}), make(chan struct{})
	s := start(t, &judge{do: func(ctx context.Context, q *Question) (Answer, error) {
		close(begun)
		<-stop
		return refuses(ctx, q)
	}}, nil)
	_, silent := s.dial(t)
	c, r := s.dial(t)
	_, _ = io.WriteString(c, raw("", asking("0032470000101", "1.1")))
	<-begun
	if err := s.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	close(stop)
	if _, body := hear(t, r); body != "refuse,engine.late,,0" {
		t.Errorf("%q", body)
	}
	for _, r := range []*bufio.Reader{r, silent} {
		if _, err := r.ReadByte(); err != io.EOF {
			t.Errorf("a connection goes on: %v", err)
		}
	}
}

// FuzzHead: where a head is taken for a plain question's, net/http reads the same in it.
func FuzzHead(f *testing.F) {
	for _, headers := range []string{"", "Connection: close\r\nContent-Type: application/json\r\n", "Transfer-Encoding: chunked\r\n", "Authorization: Bearer x\r\nAccept: text/plain\r\n",
		"Content-Length: 1\r\n", "Host: y\r\n", "X: \x00\r\n", " X: y\r\n", "X : y\r\n", "Expect: 100-continue\r\n", "content-length: +1\r\n", "connection: upgrade\r\nupgrade: h2c\r\n"} {
		f.Add([]byte(raw(headers, "number=112")))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		at := bytes.Index(b, []byte("\r\n\r\n")) + 4
		if at < 4 || at > maxBody {
			return
		}
		h, ok := readHead(b[:at])
		if !ok {
			return
		}
		r, err := http.ReadRequest(bufio.NewReader(io.MultiReader(bytes.NewReader(b[:at]), strings.NewReader(strings.Repeat("x", maxBody)))))
		if err != nil {
			t.Fatalf("net/http refuses it: %v", err)
		}
		bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			bearer = ""
		}
		same := r.Method == "POST" && r.URL.Path == "/ask" && r.ContentLength == int64(h.length) && h.length <= maxBody && len(r.TransferEncoding) == 0 && r.Close == h.last && h.bearer == bearer &&
			h.json == strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") && h.accepts == strings.Contains(r.Header.Get("Accept"), "application/json")
		if !same || r.Host == "" || r.Header.Get("Expect")+r.Header.Get("Upgrade") != "" {
			t.Errorf("%+v, net/http reads %+v", h, r)
		}
	})
}
