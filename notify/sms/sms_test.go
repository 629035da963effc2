package sms

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
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

// TestRequest: each form encodes what strangers wrote, so that it adds no field; {to} in an alert is not the number.
func TestRequest(t *testing.T) {
	for _, form := range []string{"", "form", "json", "query"} {
		address, got := receiver(t, 200)
		s, err := New(Config{URL: address + "/send?a=b", Form: form, Fields: map[string]string{"recipient": "{to}", "body": "{text}", "originator": "Belwacht", "ref": "{id}"},
			Header: "Authorization: Bearer hidden", To: "+31612345678", Client: notify.NewClient(here(), nil), Allow: here()})
		if err != nil || s.Name() != "sms +31 6 •••• 5678" {
			t.Fatal(err)
		}
		m := message("https://b.example.nl/a/1")
		m.Text = "a&recipient=+1900 {to} \r\nX: y" + strings.Repeat("é", 500)
		if err := s.SendAll(t.Context(), []*notify.Message{m, m}); err != nil {
			t.Fatal(err)
		}
		r := <-got
		fields := map[string]string{}
		switch form {
		case "json":
			if err := json.Unmarshal(r.body, &fields); err != nil {
				t.Error(err)
			}
		default:
			raw := string(r.body)
			if form == "query" {
				raw = strings.TrimPrefix(r.query, "a=b&")
			}
			values, err := url.ParseQuery(raw)
			if err != nil {
				t.Error(err)
			}
			for name, v := range values {
				if len(v) != 1 {
					t.Errorf("%s: %s twice", form, name)
				}
				fields[name] = v[0]
			}
		}
		if fields["recipient"] != "+31612345678" || fields["originator"] != "Belwacht" || fields["ref"] != "d1" || len(fields) != 4 || len(fields["body"]) > textMost+30 ||
			!strings.HasPrefix(fields["body"], "a&recipient=+1900 {to} ") || !strings.Contains(fields["body"], "https://b.example.nl/a/1") || !strings.HasSuffix(fields["body"], " +1 melding") ||
			r.header.Get("Authorization") != "Bearer hidden" {
			t.Errorf("%s: %q %v", form, fields, r.header)
		}
	}
}

func TestWrong(t *testing.T) {
	right := map[string]string{"to": "{to}", "text": "{text}"}
	for _, bad := range []Config{
		{URL: "https://x.example.nl", Fields: right, To: "0612345678"}, {URL: "https://x.example.nl", Fields: map[string]string{"to": "{to}"}, To: "+31612345678"},
		{URL: "http://x.example.nl", Fields: right, To: "+31612345678"}, {URL: "https://x.example.nl", Form: "xml", Fields: right, To: "+31612345678"},
		{URL: "https://x.example.nl", Fields: right, To: "+31612345678", Header: "hidden"}, {URL: "https://x.example.nl", Fields: right, To: "+31612345678", Header: "a b: hidden"},
	} {
		if _, err := New(bad); belwacht.CodeOf(err) != belwacht.Config || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	address, _ := receiver(t, 400)
	s, err := New(Config{URL: address, Form: "query", Fields: right, To: "+31612345678", Client: notify.NewClient(here(), nil), Allow: here()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), message("")); err == nil || strings.Contains(err.Error(), "31612345678") || strings.Contains(err.Error(), "evil") {
		t.Error(err)
	}
}
