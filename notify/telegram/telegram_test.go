package telegram

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

// TestRequest: text without a parse mode, and no token in an error.
func TestRequest(t *testing.T) {
	address, got := receiver(t, 200)
	c := Config{API: address, Token: "1234567:hidden-hidden", Chat: "-1001234567890", Client: notify.NewClient(here(), nil), Allow: here()}
	s, err := New(c)
	if err != nil || s.Name() != "telegram -1001234567890" {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message("https://b.example.nl/a/1")); err != nil {
		t.Fatal(err)
	}
	r := <-got
	var m map[string]any
	if err := json.Unmarshal(r.body, &m); err != nil || r.path != "/bot1234567:hidden-hidden/sendMessage" || m["chat_id"] != "-1001234567890" || m["parse_mode"] != nil ||
		m["text"] != "Belwacht · "+hostile+"\nIk kijk ernaar: https://b.example.nl/a/1" {
		t.Fatalf("%v %s", err, r.body)
	}
	c.API, _ = receiver(t, 401)
	if s, err = New(c); err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message("")); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
	for _, bad := range []Config{{Token: "hidden", Chat: "1"}, {Token: c.Token, Chat: "a b"}, {Token: c.Token + "/../x", Chat: "1"}, {API: "http://x.example.nl", Token: c.Token, Chat: "1"}} {
		if _, err := New(bad); belwacht.CodeOf(err) != belwacht.Config || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%v", err)
		}
	}
	many := make([]*notify.Message, 20)
	for i := range many {
		many[i] = message("https://b.example.nl/a/1")
		many[i].Text = strings.Repeat("é", 1000)
	}
	if err := c.Client.Post(t.Context(), c.API, nil, nil, ""); err == nil {
		t.Error("the receiver should refuse")
	}
	if said := notify.Plain(many, textMost); len(said) > 4096 || !strings.Contains(said, "en meer: ") {
		t.Errorf("%d bytes: %s", len(said), said)
	}
}
