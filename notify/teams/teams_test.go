package teams

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

// TestRequest: a card of version 1.4 in which strangers' words are text runs only.
func TestRequest(t *testing.T) {
	address, got := receiver(t, 202)
	s, err := New(address+"/workflows/hidden?sig=hidden", notify.NewClient(here(), nil), here())
	if err != nil || s.Name() != "teams" {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message("https://b.example.nl/a/1")); err != nil {
		t.Fatal(err)
	}
	r := <-got
	var m struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type, Version string
				Body          []struct {
					Type    string
					Inlines []struct{ Type, Text string }
					Actions []struct{ Type, URL string }
				}
			}
		}
	}
	if err := json.Unmarshal(r.body, &m); err != nil || r.path != "/workflows/hidden" || r.query != "sig=hidden" || m.Type != "message" {
		t.Fatalf("%v %+v", err, r)
	}
	c := m.Attachments[0].Content
	if c.Version != "1.4" || c.Type != "AdaptiveCard" || len(c.Body) != 3 || c.Body[1].Type != "RichTextBlock" || c.Body[1].Inlines[0].Type != "TextRun" ||
		c.Body[1].Inlines[0].Text != "Belwacht · "+hostile || c.Body[2].Actions[0].URL != "https://b.example.nl/a/1" {
		t.Errorf("%+v", c)
	}
	if strings.Contains(string(r.body), `"TextBlock"`) {
		t.Error("a TextBlock reads Markdown")
	}
	if _, err := New("http://x.example.nl/hidden", nil, nil); belwacht.CodeOf(err) != belwacht.Config || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
}
