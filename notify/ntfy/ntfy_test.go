package ntfy

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

const hostile = `<b>x</b> *a* _b_ [c](https://evil.example) @channel <!here> "d" \\ ] = | & {to} ;
`

func here() []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// asked is what a receiver was asked.
type asked struct {
	path   string
	query  string
	header http.Header
	body   []byte
}

// receiver answers each request with a status, and hands it out.
func receiver(t *testing.T, status int) (address string, got chan asked) {
	t.Helper()
	got = make(chan asked, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- asked{r.URL.Path, r.URL.RawQuery, r.Header, body}
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

func message(link string) *notify.Message {
	return &notify.Message{Title: "Belwacht: x " + hostile, Text: "Belwacht · " + hostile, Tenant: "t", ID: "A1", Word: belwacht.Refuse, Link: link, Delivery: "d1", In: text.Dutch}
}

// TestRequest: JSON with the token in its header; neither token nor topic in an error or name.
func TestRequest(t *testing.T) {
	address, got := receiver(t, 200)
	c := Config{URL: address, Topic: "hidden-topic", Token: "tk_secret", Client: notify.NewClient(here(), nil), Allow: here()}
	s, err := New(c)
	if err != nil || strings.Contains(s.Name(), "topic") {
		t.Fatal(err, s.Name())
	}
	if err := s.Send(t.Context(), message("https://b.example.nl/a/1")); err != nil {
		t.Fatal(err)
	}
	r := <-got
	var m struct {
		Topic, Title, Message string
		Priority              int
		Actions               []map[string]string
	}
	if err := json.Unmarshal(r.body, &m); err != nil || r.path != "/" || r.header.Get("Authorization") != "Bearer tk_secret" || m.Topic != "hidden-topic" || m.Priority != 5 ||
		!strings.Contains(m.Message, hostile) || m.Actions[0]["url"] != "https://b.example.nl/a/1" {
		t.Fatalf("%v %s", err, r.body)
	}
	for name := range r.header {
		if strings.Contains(strings.Join(r.header[name], ""), "evil") {
			t.Errorf("in header %s", name)
		}
	}
	c.URL, _ = receiver(t, 403)
	if s, err = New(c); err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message("")); err == nil || strings.Contains(err.Error(), "topic-") || strings.Contains(err.Error(), "tk_") {
		t.Error(err)
	}
	for _, bad := range []Config{{Topic: "a/b"}, {Topic: ""}, {Topic: "a", URL: "http://x.example.nl"}} {
		if _, err := New(bad); belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%v", err)
		}
	}
}
