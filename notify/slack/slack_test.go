package slack

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

// TestRequest: strangers' words stand in plain text only, several alerts are one request, and a person's has a button.
func TestRequest(t *testing.T) {
	address, got := receiver(t, 200)
	s, err := New(address+"/services/hidden", notify.NewClient(here(), nil), here())
	if err != nil || s.Name() != "slack" {
		t.Fatal(err)
	}
	if err := s.SendAll(t.Context(), []*notify.Message{message("https://b.example.nl/a/1"), message("")}); err != nil {
		t.Fatal(err)
	}
	r := <-got
	var m struct {
		Text   string
		Blocks []struct {
			Type     string
			Text     struct{ Type, Text string }
			Elements []struct{ URL string }
		}
	}
	if err := json.Unmarshal(r.body, &m); err != nil || r.path != "/services/hidden" || r.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%v %+v", err, r)
	}
	if strings.ContainsAny(m.Text, "<>") || len(m.Blocks) != 3 || m.Blocks[0].Text.Type != "plain_text" || m.Blocks[0].Text.Text != "Belwacht · "+hostile ||
		m.Blocks[1].Elements[0].URL != "https://b.example.nl/a/1" || m.Blocks[2].Text.Type != "plain_text" {
		t.Errorf("%+v", m)
	}
	if got := escape("<!channel> & <@U1>"); got != "&lt;!channel&gt; &amp; &lt;@U1&gt;" {
		t.Error(got)
	}
}

func TestErrors(t *testing.T) {
	address, _ := receiver(t, 404)
	s, err := New(address+"/services/hidden", notify.NewClient(here(), nil), here())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message("")); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
	if _, err := New("http://hooks.slack.com/hidden", nil, nil); belwacht.CodeOf(err) != belwacht.Config || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
}
