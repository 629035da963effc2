package link

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// desk has one alert, behind the link "right".
type desk struct {
	taker string
	err   error
	takes int
}

func (d *desk) Open(secret string) (*notify.Opened, error) {
	if secret != "right" {
		return nil, belwacht.Errorf(belwacht.NotFound, "nowhere")
	}
	o := &notify.Opened{To: "Anna", Taker: d.taker, Message: &notify.Message{Title: `<script>alert(1)</script>`, Text: `"><img src=x onerror=alert(1)>`, In: text.Dutch}}
	if d.taker != "" {
		o.Taken = 1_777_000_000_000
	}
	return o, nil
}

func (d *desk) Take(_ context.Context, secret string) (*notify.Opened, error) {
	o, err := d.Open(secret)
	if err != nil {
		return nil, err
	}
	d.takes++
	if d.err == nil {
		d.taker = "Anna <b>"
		o, err = d.Open(secret)
	}
	return o, errors.Join(err, d.err)
}

func ask(t *testing.T, h http.Handler, method, path string) (int, http.Header, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader("")))
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Header(), string(b)
}

// TestPage: looking takes nothing, only the button does; strangers' words are escaped; no cache, no other site and no frame gets the address.
func TestPage(t *testing.T) {
	d := &desk{}
	h, err := New(d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		code, head, page := ask(t, h, method, "/right")
		if code != 200 || d.takes != 0 || !strings.Contains(page, "Ik kijk ernaar") || !strings.Contains(page, `<form method="post">`) || strings.Contains(page, "<script") || strings.Contains(page, "<img") {
			t.Errorf("%s: %d, %d taken\n%s", method, code, d.takes, page)
		}
		for name, want := range map[string]string{"Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
			if head.Get(name) != want {
				t.Errorf("%s: %q", name, head.Get(name))
			}
		}
		if csp := head.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Error(csp)
		}
	}
	d.err = errors.New("full")
	if code, _, page := ask(t, h, http.MethodPost, "/right"); code != http.StatusServiceUnavailable || !strings.Contains(page, "niet gelukt") {
		t.Errorf("%d %s", code, page)
	}
	d.err = nil
	if code, _, page := ask(t, h, http.MethodPost, "/right"); code != 200 || d.taker == "" || !strings.Contains(page, "Opgepakt door Anna &lt;b&gt;, 2026-04-24 03:06 UTC.") || strings.Contains(page, "<form") {
		t.Errorf("%d %s", code, page)
	}
	for _, c := range []struct {
		method, path string
		code         int
	}{{http.MethodPost, "/wrong", 404}, {http.MethodGet, "/", 404}, {http.MethodGet, "/right/x", 404}, {http.MethodGet, "/" + strings.Repeat("x", 100), 404}, {http.MethodDelete, "/right", 405}} {
		if code, _, page := ask(t, h, c.method, c.path); code != c.code || strings.Contains(page, "Ik kijk") {
			t.Errorf("%s %s: %d %s", c.method, c.path, code, page)
		}
	}
	if d.takes != 2 {
		t.Errorf("%d times taken", d.takes)
	}
}

// TestGuessing: many wrong links are turned away; the right one is still good.
func TestGuessing(t *testing.T) {
	h, err := New(&desk{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for range wrongMost + 5 {
		last, _, _ = ask(t, h, http.MethodGet, "/wrong")
	}
	if code, _, _ := ask(t, h, http.MethodGet, "/right"); last != http.StatusTooManyRequests || code != 200 {
		t.Errorf("a wrong one %d, the right one %d", last, code)
	}
}
