package mattermost

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

// TestRequest: nothing that a stranger wrote is Markdown or calls somebody.
func TestRequest(t *testing.T) {
	address, got := receiver(t, 200)
	s, err := New(address+"/hooks/hidden", notify.NewClient(here(), nil), here())
	if err != nil || s.Name() != "mattermost" {
		t.Fatal(err)
	}
	if err := s.SendAll(t.Context(), []*notify.Message{message("https://b.example.nl/a/1"), message("")}); err != nil {
		t.Fatal(err)
	}
	r := <-got
	var m map[string]string
	if err := json.Unmarshal(r.body, &m); err != nil || r.path != "/hooks/hidden" {
		t.Fatalf("%v %+v", err, r)
	}
	said := m["text"]
	if !strings.Contains(said, "[Ik kijk ernaar](https://b.example.nl/a/1)") || strings.Contains(said, "@") {
		t.Error(said)
	}
	for i, r := range said {
		if strings.ContainsRune("*_[<`|", r) && said[max(0, i-1)] != '\\' && !strings.HasPrefix(said[i:], "[Ik kijk") {
			t.Errorf("%q is not escaped in %q", r, said)
		}
	}
	if _, err := New("http://chat.example.nl/hidden", nil, nil); belwacht.CodeOf(err) != belwacht.Config || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
}
