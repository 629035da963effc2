package certificate

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// signed makes a certificate that signs itself, for names and a time.
func signed(t *testing.T, from, until time.Time, names ...string) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: names, NotBefore: from, NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := certificateOf([][]byte{der}, key)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// begin is a Keeper whose authority nobody answers for.
func begin(t *testing.T, c Config) *Keeper {
	t.Helper()
	now := time.Now()
	if c.Names == nil {
		c.Names = []string{"bel.example.nl", "pbx.example.nl"}
	}
	if c.Folder == "" {
		c.Folder = t.TempDir()
	}
	if c.Directory == "" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c.Directory = "https://" + l.Addr().String() + "/dir"
		l.Close()
	}
	c.Own, c.Log = signed(t, now.Add(-time.Hour), now.Add(time.Hour), "localhost"), slog.New(slog.NewTextHandler(t.Output(), nil))
	k, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// running runs it until the test ends.
func running(t *testing.T, k *Keeper) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { k.Run(ctx) })
	t.Cleanup(func() { stop(); run.Wait() })
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is not so that " + what)
		}
	}
}

// TestFallback: which certificate is shown, and what is said of it, in both languages.
func TestFallback(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	k := begin(t, Config{Now: func() time.Time { return now }})
	shown := func(name string) *tls.Certificate { return k.of(&tls.ClientHelloInfo{ServerName: name}) }
	said := func(english, dutch string) {
		t.Helper()
		p := k.Problem()
		if nl := text.Note(text.Dutch, p); (p == "") != (english == "") || !strings.Contains(p, english) || !strings.Contains(nl, dutch) {
			t.Errorf("it says %q, %q", p, nl)
		}
	}
	if shown("bel.example.nl") != k.c.Own || k.due() > 0 {
		t.Error("without a certificate another than the own one is shown, or none is asked for")
	}
	said("", "")
	k.problem = "bel.example.nl: Connection refused"
	said("signs itself, since there is none for bel.example.nl yet: bel.example.nl: Connection refused", "want er is er nog geen voor bel.example.nl: bel.example.nl: Connection refused")
	good := signed(t, now.Add(-60*24*time.Hour), now.Add(30*24*time.Hour), "bel.example.nl", "pbx.example.nl")
	k.current.Store(good)
	if shown("bel.example.nl") != good || shown("PBX.example.nl") != good || shown("") != k.c.Own || shown("other.example.nl") != k.c.Own {
		t.Error("the certificate is not shown for its names only")
	}
	if d := k.due(); d > 0 {
		t.Errorf("with a third of its time left it is renewed in %s", d)
	}
	said("certificate for bel.example.nl ends on 2026-07-01 and cannot be renewed: bel", "voor bel.example.nl verloopt op 2026-07-01 en is niet te verlengen: bel")
	now = now.Add(-24 * time.Hour)
	if d := k.due(); d != 24*time.Hour {
		t.Errorf("it is renewed in %s", d)
	}
	now = now.Add(31 * 24 * time.Hour)
	if shown("bel.example.nl") != k.c.Own {
		t.Error("one that is over is shown")
	}
	said("that for bel.example.nl is over and cannot be renewed", "dat voor bel.example.nl is verlopen en niet te verlengen")
	k.shut = "web.acme.http: 0.0.0.0:80 cannot be listened on: permission denied"
	said("0.0.0.0:80 cannot be listened on", "op 0.0.0.0:80 kan niet geluisterd worden: geen toestemming")
	k.current.Store(signed(t, now.Add(-time.Hour), now.Add(24*time.Hour), "bel.example.nl"))
	if k.due() > 0 {
		t.Error("a name was added, and no certificate is asked for")
	}
}

// TestNobodyAnswers: an authority that is not there, and a port that is taken, take nothing down, are told, and are tried again.
func TestNobodyAnswers(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := begin(t, Config{HTTP: taken.Addr().String(), Again: 20 * time.Millisecond})
	running(t, k)
	until(t, "that the port is taken is told", func() bool {
		return strings.Contains(k.Problem(), "web.acme.http: "+k.c.HTTP+" cannot be listened on: ")
	})
	taken.Close()
	until(t, "that nobody answers is told", func() bool { return strings.Contains(k.Problem(), "the authority cannot be reached: ") })
	r, err := http.Get("http://" + k.c.HTTP + challenges + "x")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown challenge: %d", r.StatusCode)
	}
	if info, err := os.Stat(filepath.Join(k.folder, accountFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if info, err := os.Stat(filepath.Dir(k.folder)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info, err)
	}
}

// TestHandler: challenges that wait are answered at our names, all else is sent to the console at a name of ours, and nothing is shown.
func TestHandler(t *testing.T) {
	k := begin(t, Config{Port: "8443"})
	k.tokens[challenges+"abc"] = "abc.proof"
	for _, c := range []struct {
		method, host, path string
		status             int
		says               string
	}{
		{"GET", "bel.example.nl", challenges + "abc", 200, "abc.proof"},
		{"GET", "PBX.example.nl:80", challenges + "abc", 200, "abc.proof"},
		{"GET", "evil.example.com", challenges + "abc", 404, ""},
		{"GET", "bel.example.nl", challenges + "abd", 404, ""},
		{"GET", "bel.example.nl", challenges, 404, ""},
		{"POST", "bel.example.nl", challenges + "abc", 405, ""},
		{"POST", "bel.example.nl", "/sign-in", 405, ""},
		{"GET", "bel.example.nl", "/alerts?x=1", 302, "https://bel.example.nl:8443/alerts?x=1"},
		{"GET", "pbx.example.nl:8080", "/", 302, "https://pbx.example.nl:8443/"},
		{"GET", "evil.example.com", "//evil.example.com/x", 302, "https://bel.example.nl:8443/evil.example.com/x"},
		{"GET", "192.0.2.7", "/\r\nX: y", 302, "https://bel.example.nl:8443/%0D%0AX:%20y"},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		r.Host, r.URL = c.host, &url.URL{Path: strings.Split(c.path, "?")[0]}
		if _, q, ok := strings.Cut(c.path, "?"); ok {
			r.URL.RawQuery = q
		}
		w := httptest.NewRecorder()
		k.Handler().ServeHTTP(w, r)
		got := w.Body.String()
		if w.Code == 302 {
			got = w.Header().Get("Location")
		}
		if w.Code != c.status || c.says != "" && got != c.says || strings.Contains(w.Body.String(), "abc.proof") != (c.status == 200) {
			t.Errorf("%s %s%q: %d %q", c.method, c.host, c.path, w.Code, got)
		}
	}
}

// TestProofIsNoPage: whoever asks for the proof of TLS-ALPN-01 gets a handshake where one waits, none where none does, and never a page.
func TestProofIsNoPage(t *testing.T) {
	k := begin(t, Config{})
	now := time.Now()
	k.proving["bel.example.nl"] = signed(t, now.Add(-time.Hour), now.Add(time.Hour), "bel.example.nl")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; _, _ = io.WriteString(w, "a page") }),
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	served := make(chan struct{})
	go func() { defer close(served); _ = s.Serve(tls.NewListener(l, k.TLS())) }()
	dial := func(name string, protocols ...string) (*tls.Conn, error) {
		return tls.Dial("tcp", l.Addr().String(), &tls.Config{ServerName: name, InsecureSkipVerify: true, NextProtos: protocols})
	}
	c, err := dial("BEL.example.nl", acme.ALPNProto)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if state := c.ConnectionState(); state.NegotiatedProtocol != acme.ALPNProto || !state.PeerCertificates[0].Equal(k.proving["bel.example.nl"].Leaf) {
		t.Errorf("%q", state.NegotiatedProtocol)
	}
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: bel.example.nl\r\n\r\n") // it may be closed already
	if b, _ := io.ReadAll(c); len(b) > 0 {
		t.Errorf("a connection for a proof is answered: %s", b)
	}
	if c, err := dial("other.example.nl", acme.ALPNProto); err == nil {
		c.Close()
		t.Error("there is a proof for a name that is not being proved")
	}
	if c, err = dial("bel.example.nl", acme.ALPNProto, "http/1.1"); err != nil || c.ConnectionState().NegotiatedProtocol != "http/1.1" || !c.ConnectionState().PeerCertificates[0].Equal(k.c.Own.Leaf) {
		t.Errorf("a browser that knows both: %v", err)
	}
	c.Close()
	web := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	if r, err := web.Get("https://" + l.Addr().String()); err != nil || r.StatusCode != 200 {
		t.Errorf("a browser: %v", err)
	}
	s.Close()
	<-served
	if asked != 1 {
		t.Errorf("%d pages were asked for", asked)
	}
}

// TestOnlyItself: an authority that names other addresses, plain ones, or answers without end gets nowhere.
func TestOnlyItself(t *testing.T) {
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("an address inside was asked") }))
	defer inside.Close()
	var authority *httptest.Server
	authority = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, inside.URL, http.StatusFound)
		case "/endless":
			_, _ = w.Write(make([]byte, 4*answerMost))
		default:
			_, _ = io.WriteString(w, `{"newNonce":"`+inside.URL+`/","newAccount":"`+inside.URL+`/","newOrder":"`+authority.URL+`/"}`)
		}
	}))
	defer authority.Close()
	roots := x509.NewCertPool()
	roots.AddCert(authority.Certificate())
	k := begin(t, Config{Directory: authority.URL + "/dir", Roots: roots})
	if _, err := k.obtain(t.Context()); err == nil || !strings.Contains(reason(err), "which is not its own") {
		t.Errorf("%v", err)
	}
	u, err := url.Parse(authority.URL)
	if err != nil {
		t.Fatal(err)
	}
	web := http.Client{Transport: &only{u.Host, authority.Client().Transport}}
	for _, address := range []string{"http://" + u.Host, inside.URL, authority.URL + "/away"} {
		if r, err := web.Get(address); err == nil || belwacht.CodeOf(errors.Unwrap(err)) != belwacht.Forbidden {
			t.Errorf("%s: %v %v", address, r, err)
		}
	}
	r, err := web.Get(authority.URL + "/endless")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if b, err := io.ReadAll(r.Body); err != nil || len(b) != answerMost {
		t.Errorf("%d bytes of an answer without end, %v", len(b), err)
	}
}

// TestFiles: what is kept is taken by the next start, and what is damaged is told and does not stop it.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	k := begin(t, Config{Folder: dir, Directory: "https://ca.example.org:14000/dir"})
	made := signed(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour), "bel.example.nl", "pbx.example.nl")
	if err := k.keep(made); err != nil {
		t.Fatal(err)
	}
	key, err := k.accountKey()
	if err != nil {
		t.Fatal(err)
	}
	again := begin(t, Config{Folder: dir, Directory: "https://ca.example.org:14000/dir"})
	if c := again.current.Load(); c == nil || !c.Leaf.Equal(made.Leaf) || again.due() <= 0 {
		t.Errorf("%+v", c)
	}
	if same, err := again.accountKey(); err != nil || !same.(*ecdsa.PrivateKey).Equal(key) {
		t.Errorf("another account: %v", err)
	}
	if other := begin(t, Config{Folder: dir, Directory: "https://other.example.org/dir"}); other.current.Load() != nil {
		t.Error("the certificate of another authority is taken")
	}
	name := filepath.Join(k.folder, certificateFile)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	stranger := signed(t, time.Now(), time.Now().Add(time.Hour), "x.example.nl")
	if err := k.keep(&tls.Certificate{Certificate: made.Certificate, PrivateKey: stranger.PrivateKey}); err != nil {
		t.Fatal(err)
	}
	mixed, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, b[:100], b[:len(b)/2], mixed, []byte("nonsense")} {
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if k := begin(t, Config{Folder: dir, Directory: "https://ca.example.org:14000/dir"}); k.current.Load() != nil || k.due() > 0 {
			t.Errorf("%.40q is taken for a certificate", bad)
		}
	}
	if err := os.WriteFile(filepath.Join(k.folder, accountFile), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.accountKey(); err == nil || !strings.Contains(err.Error(), accountFile) {
		t.Error(err)
	}
}
