package webhook

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

const secret = "fake-secret-for-tests"

// here is this machine, listed.
func here() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

func message() *notify.Message {
	return &notify.Message{Schema: notify.Schema, Tenant: "Voorbeeld", ID: "A1", Account: "212", Cause: "limit.country", Word: belwacht.Refuse, Count: 2, Numbers: []string{}, Text: "x", Delivery: "d1"}
}

// TestRequest looks at what a receiver gets, over TLS whose certificate is verified.
func TestRequest(t *testing.T) {
	var got *http.Request
	var body []byte
	s := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))
	defer s.Close()
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	w, err := New(Config{URL: s.URL + "/hook", Secret: secret, Client: notify.NewClient(here(), roots), Allow: here()})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	at := got.Header.Get("X-Belwacht-Timestamp")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > time.Minute || got.Method != http.MethodPost || got.URL.Path != "/hook" ||
		got.Header.Get("Content-Type") != "application/json" || got.Header.Get("X-Belwacht-Delivery") != "d1" || got.Header.Get("X-Belwacht-Signature") != Sign([]byte(secret), at, body) {
		t.Errorf("%v %v", got.Header, err)
	}
	var m notify.Message
	if err := json.Unmarshal(body, &m); err != nil || m.ID != "A1" || m.Word != belwacht.Refuse || bytes.Contains(body, []byte(secret)) {
		t.Errorf("%v: %s", err, body)
	}
	unknown, err := New(Config{URL: s.URL + "/hook", Secret: secret, Client: notify.NewClient(here(), nil), Allow: here()})
	if err != nil {
		t.Fatal(err)
	}
	if err := unknown.Send(t.Context(), message()); belwacht.CodeOf(err) != belwacht.Unreachable || !strings.Contains(err.Error(), "certificate that is not good") {
		t.Errorf("a certificate of nobody known: %v", err)
	}
}

// TestSign compares with what openssl makes: printf '%s' '1777000000.{"a":1}' | openssl dgst -sha256 -hmac fake-secret-for-tests
func TestSign(t *testing.T) {
	if got := Sign([]byte(secret), "1777000000", []byte(`{"a":1}`)); got != "v1=59ada6a9eac8c04c5e8053aea590355f8cffab213610569c7269886e2e680e0a" {
		t.Error(got)
	}
}

// TestStatus: what each answer means, and that errors hold neither address nor secret.
func TestStatus(t *testing.T) {
	status, location := 0, ""
	hits := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits++
		if location != "" {
			w.Header().Set("Location", location)
		}
		w.WriteHeader(status)
		_, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20))
	}))
	defer s.Close()
	w, err := New(Config{URL: s.URL + "/services/T0/hidden-path?key=hidden-key", Secret: secret, Client: notify.NewClient(here(), nil), Allow: here()})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status  int
		ok      bool
		refused bool
		code    belwacht.Code
	}{
		{200, true, false, ""}, {202, true, false, ""}, {301, false, false, belwacht.Unreachable}, {307, false, false, belwacht.Unreachable},
		{400, false, true, belwacht.Invalid}, {404, false, true, belwacht.Invalid}, {410, false, true, belwacht.Invalid}, {408, false, false, belwacht.Invalid},
		{429, false, false, belwacht.Unreachable}, {500, false, false, belwacht.Invalid}, {503, false, false, belwacht.Invalid},
	} {
		status, location, hits = c.status, "", 0
		if c.status/100 == 3 {
			location = s.URL + "/elsewhere"
		}
		err := w.Send(t.Context(), message())
		if (err == nil) != c.ok || errors.Is(err, notify.ErrRefused) != c.refused || err != nil && belwacht.CodeOf(err) != c.code || hits != 1 {
			t.Errorf("%d: %v, asked %d times", c.status, err, hits)
		}
		if err != nil && (strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), secret)) {
			t.Errorf("%d: %v", c.status, err)
		}
	}
	s.Close()
	if err := w.Send(t.Context(), message()); belwacht.CodeOf(err) != belwacht.Unreachable || strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), "refused") {
		t.Errorf("nobody there: %v", err)
	}
}

// TestOutage: a receiver that is down for a while, and answers 503 for a while after, gets each alert once, grown ones in their newest form; no secret and no
// address is in the log.
func TestOutage(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	w, err := New(Config{URL: "http://" + addr + "/hidden-path", Secret: secret, Client: notify.NewClient(here(), nil), Allow: here()})
	if err != nil {
		t.Fatal(err)
	}
	said := &logged{}
	n, err := notify.New(notify.Config{Receivers: []notify.Receiver{{Ways: []notify.Way{w}}}, Log: slog.New(slog.NewTextHandler(said, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- n.Run(ctx) }()
	a := belwacht.Alert{ID: "A1", Account: "2\"1\r\n2'$(id)", Cause: "c", First: 1, Word: belwacht.Refuse, Count: 1, Numbers: []string{"+252611234567"}, Reason: "Refused: +252611234567"}
	n.Tell(&a)
	waitFor(t, func() bool { return n.State()[0].LastError != "" })
	a.Count = 9
	n.Tell(&a)
	b := a
	b.ID = "A2"
	n.Tell(&b)
	got := make(chan notify.Message, 10)
	answers := 0
	if listener, err = net.Listen("tcp", addr); err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answers++; answers == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var m notify.Message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		got <- m
	})}}
	s.Start()
	defer s.Close()
	for _, want := range []string{"A1", "A2"} {
		select {
		case m := <-got:
			if m.ID != want || m.Count != 9 || m.Account != "2\"1·2'$(id)" || m.Numbers[0] != "+252 6 •••• 4567" {
				t.Errorf("%+v", m)
			}
		case <-time.After(time.Minute):
			t.Fatal("nothing comes")
		}
	}
	waitFor(t, func() bool { return n.State()[0].Sent == 2 })
	cancel()
	if err := <-done; err != nil || len(got) != 0 || n.State()[0].Waiting != 0 {
		t.Errorf("%v, %d more, %+v", err, len(got), n.State())
	}
	if log := said.String(); strings.Contains(log, secret) || strings.Contains(log, "hidden") || strings.Contains(log, "611234567") || !strings.Contains(log, "event=alert.delayed") ||
		strings.Count(log, "event=alert.told") != 2 {
		t.Error(log)
	}
}

// waitFor waits until something is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come")
		}
	}
}

// logged is a log that two goroutines use.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
