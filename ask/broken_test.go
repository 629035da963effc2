package ask

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// breaks is a judge, and a profile, with a fault that one number brings out.
type breaks struct{}

func (breaks) Ask(_ context.Context, q *Question) (Answer, error) {
	if strings.Contains(q.Number, "666") {
		var none *Question
		return Answer{Reference: none.Number}, nil
	}
	return refuses(context.Background(), q)
}

func (breaks) Usual(string, string, belwacht.Country) bool { panic("a fault of the profile") }

// TestFault: a question that brings out a fault of ours has the answer of one that is late, by every way, and all that come after it are answered as before.
func TestFault(t *testing.T) {
	s := start(t, breaks{}, breaks{})
	for i, c := range []struct{ number, want string }{
		{"0032470000666", "refuse,engine.late,,0"}, // abroad, and what is usual breaks too
		{"0201234666", "allow,,,0"},
		{"0032470000101", "refuse,rule.new-country,K7Q2,0"},
	} {
		link := string(rune('a' + i))
		if code, body := s.post(t, secret, form(c.number, link)); code != http.StatusOK || body != c.want {
			t.Errorf("%s by HTTP: %d %q", c.number, code, body)
		}
		if got := s.session(t, secret, form(c.number, link+"2")); got != c.want {
			t.Errorf("%s by FastAGI: %q", c.number, got)
		}
		a := s.answer(&s.pbxs[0], &Question{Number: c.number, LinkedID: link + "3", Endpoint: "201"}, netip.Addr{}) // as net/http's server does
		if got := string(a.appendPlain(nil)); got != c.want {
			t.Errorf("%s by net/http: %q", c.number, got)
		}
	}
	told := 0
	for len(s.notices) > 0 {
		if n := <-s.notices; n.Kind == Broken {
			told++
			if n.Fault == "" || strings.Contains(n.Fault, secret) {
				t.Errorf("told of it as %q", n.Fault)
			}
		}
	}
	if told == 0 || s.Counts().Broken != uint64(told) {
		t.Errorf("told %d times, counted %d", told, s.Counts().Broken)
	}
}

// TestFaultOfReading: a fault in reading a question ends its connection and nothing else.
func TestFaultOfReading(t *testing.T) {
	site, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	tell := func(n Notice) {
		if n.Kind == WrongSecret {
			panic("a fault where a question is read")
		}
	}
	server, err := New(Config{Judge: &judge{do: refuses}, Tell: tell, PBXs: []PBX{{Name: "hoofdkantoor", Secret: secret, Numbers: site}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	s := &started{Server: server}
	s.http, s.agi = s.listen(t, s.Serve), s.listen(t, s.ServeFastAGI)
	for range 3 {
		if r, err := http.Post("http://"+s.http+"/ask", "application/x-www-form-urlencoded", strings.NewReader("number=112&key=wrong")); err == nil {
			t.Errorf("answered %s", r.Status)
			_ = r.Body.Close()
		}
		if got := s.session(t, "wrong", form("112", "1")); got != "" {
			t.Errorf("FastAGI: %q", got)
		}
	}
	if code, body := s.post(t, secret, form("0032470000101", "9")); code != http.StatusOK || !strings.HasPrefix(body, "refuse,") {
		t.Errorf("afterwards: %d %q", code, body)
	}
	if n := s.Counts().Broken; n < 6 {
		t.Errorf("%d counted", n)
	}
}
