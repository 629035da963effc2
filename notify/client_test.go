package notify

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestCheckURL: addresses that are none, or lead inside, are refused without being repeated.
func TestCheckURL(t *testing.T) {
	allow := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.1.0.0/16")}
	for _, c := range []struct{ url, want string }{
		{"https://alerts.example.nl/x", ""}, {"https://alerts.example.nl:8443/x?y=z", ""}, {"http://127.0.0.1:8080/", ""}, {"http://localhost/", ""},
		{"https://10.1.2.3/", ""}, {"http://10.1.2.3/", ""}, {"https://10.2.2.3/", "leads to 10.2.2.3, which is inside"}, {"http://[::1]:1/", "leads to ::1"},
		{"http://alerts.example.nl/", "unencrypted"}, {"http://127.0.0.1.example.nl/", "unencrypted"}, {"https://hidden:hidden@alerts.example.nl/", "password"},
		{"http://203.0.113.7/", "unencrypted"}, {"https://169.254.169.254/", "inside"}, {"https://[::ffff:169.254.169.254]/", "inside"}, {"https://[::ffff:a02:1]/", "inside"},
		{"ftp://alerts.example.nl/", "is no address"}, {"hidden", "is no address"}, {"https:///hidden", "is no address"}, {"https:hidden", "is no address"},
		{"", "is no address"}, {"https://alerts.example.nl/\nhidden", "is no address"}, {"https://%zz/hidden", "is no address"},
	} {
		err := CheckURL(c.url, allow)
		if c.want == "" && err != nil || c.want != "" && (belwacht.CodeOf(err) != belwacht.Config || !strings.Contains(err.Error(), c.want) ||
			strings.Contains(err.Error(), "hidden")) {
			t.Errorf("%q: %v", c.url, err)
		}
	}
}

// TestOutside: what may be spoken to, and that a wide list does not open a cloud's secrets.
func TestOutside(t *testing.T) {
	wide := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	for _, c := range []struct {
		address    string
		want, wide bool
	}{
		{"203.0.113.9", true, true}, {"2a01:7c8::1", true, true}, {"127.0.0.1", false, true}, {"127.9.9.9", false, true}, {"::1", false, true}, {"10.0.0.1", false, true},
		{"172.31.255.1", false, true}, {"192.168.1.1", false, true}, {"100.64.0.1", false, true}, {"fd12::1", false, true}, {"fe80::1%eth0", false, false},
		{"169.254.169.254", false, false}, {"::ffff:169.254.169.254", false, false}, {"fd00:ec2::254", false, false}, {"100.100.100.200", false, false},
		{"0.0.0.0", false, true}, {"::", false, true}, {"224.0.0.1", false, true}, {"255.255.255.255", false, true}, {"64:ff9b::7f00:1", false, true}, {"2002:7f00:1::", false, true},
		{"::ffff:127.0.0.1", false, true}, {"198.18.0.1", false, true},
	} {
		a := netip.MustParseAddr(c.address)
		if got := Outside(a, nil); got != c.want {
			t.Errorf("%s: %v", a, got)
		}
		if got := Outside(a, wide); got != c.wide {
			t.Errorf("%s with all listed: %v", a, got)
		}
	}
	if !Outside(netip.MustParseAddr("169.254.169.254"), []netip.Prefix{netip.MustParsePrefix("169.254.169.254/32")}) {
		t.Error("listed by itself it may be spoken to")
	}
}

// TestGuard: a name that leads inside, at once or only as it is dialled, is not spoken to, nor is where a redirect leads.
func TestGuard(t *testing.T) {
	hits := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits++
		if r.URL.Path == "/away" {
			w.Header().Set("Location", "/inside")
			w.WriteHeader(http.StatusFound)
		}
	}))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	strict := NewClient(nil, nil)
	for _, address := range []string{s.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://0.0.0.0:" + port, "http://2130706433:" + port, "http://0x7f000001:" + port} {
		if err := strict.Post(t.Context(), address+"/hidden", nil, nil, ""); err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := strict.Post(t.Context(), "http://localhost:"+port, nil, nil, ""); err == nil || belwacht.CodeOf(err) != belwacht.Unreachable || !strings.Contains(err.Error(), "alerts.allow") {
		t.Errorf("a name that leads inside: %v", err)
	}
	if hits != 0 {
		t.Errorf("%d requests came in", hits)
	}
	listed := NewClient([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, nil)
	if err := listed.Post(t.Context(), s.URL, nil, nil, ""); err != nil || hits != 1 {
		t.Errorf("%v, %d requests", err, hits)
	}
	if err := listed.Post(t.Context(), s.URL+"/away", nil, nil, ""); err == nil || !strings.Contains(err.Error(), "redirects are not followed") || hits != 2 {
		t.Errorf("%v, %d requests", err, hits)
	}
	if _, err := listed.http.Transport.(*http.Transport).DialContext(context.Background(), "tcp", "127.0.0.2:"+port); err == nil {
		t.Error("the guard looks at names, not at what is dialled")
	}
}
