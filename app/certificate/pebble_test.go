package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht/text"
)

// authority is Pebble, the small ACME server of Let's Encrypt's makers, and a DNS that has every name lead to this machine.
type authority struct {
	directory string
	roots     *x509.CertPool // of its own certificate
	signers   *x509.CertPool // of what it signs
	http, tls string         // where it looks for proofs
}

// free is an address of loopback that nobody uses now.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func port(address string) string { return address[strings.LastIndex(address, ":")+1:] }

// pebble starts one for the test.
func pebble(t *testing.T) *authority {
	t.Helper()
	if os.Getenv("BELWACHT_ACCEPT") != "notify" {
		t.Skip("make accept-notify has Pebble sign; it takes half a minute")
	}
	for _, tool := range []string{"pebble", "pebble-challtestsrv"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatal("not installed; as root: apt-get install pebble")
		}
	}
	a := &authority{roots: x509.NewCertPool(), signers: x509.NewCertPool(), http: free(t), tls: free(t)}
	acme, management, dns := free(t), free(t), free(t)
	own := signed(t, time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour), "localhost")
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	a.roots.AddCert(own.Leaf)
	dir := t.TempDir()
	for name, says := range map[string]string{
		"cert.pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]})),
		"key.pem":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
		"pebble.json": fmt.Sprintf(`{"pebble": {"listenAddress": %q, "managementListenAddress": %q, "certificate": %q, "privateKey": %q, "httpPort": %s, "tlsPort": %s, "ocspResponderURL": "", "externalAccountBindingRequired": false}}`,
			acme, management, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), port(a.http), port(a.tls)),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(says), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if b, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("%s", b[max(0, len(b)-4000):])
		}
		log.Close()
	})
	for _, args := range [][]string{
		{"pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", dns, "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-management", free(t)},
		{"pebble", "-config", filepath.Join(dir, "pebble.json"), "-dnsserver", dns, "-strict"},
	} {
		if args[0] == "pebble-challtestsrv" { // that of Debian 12 knows no DNS over HTTPS
			if help, _ := exec.Command(args[0], "-help").CombinedOutput(); !strings.Contains(string(help), "-doh") {
				args = append(args[:len(args)-4:len(args)-4], args[len(args)-2:]...)
			}
		}
		c := exec.Command(args[0], args[1:]...)
		c.Stdout, c.Stderr = log, log
		c.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_AUTHZREUSE=0")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	}
	web := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.roots}}}
	until(t, "Pebble answers", func() bool {
		r, err := web.Get("https://" + management + "/roots/0")
		if err != nil {
			return false
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		return err == nil && a.signers.AppendCertsFromPEM(b)
	})
	a.directory = "https://" + acme + "/dir"
	return a
}

// opened serves a Keeper's certificate where the authority looks, and is what a browser that trusts the authority says of it: "" where all is well.
func opened(t *testing.T, a *authority, k *Keeper) (browse func(name string) string) {
	t.Helper()
	l, err := net.Listen("tcp", a.tls)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the console") }),
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	served := make(chan struct{})
	go func() { defer close(served); _ = s.Serve(tls.NewListener(l, k.TLS())) }()
	t.Cleanup(func() { s.Close(); <-served })
	return func(name string) string {
		c, err := tls.Dial("tcp", a.tls, &tls.Config{ServerName: name, RootCAs: a.signers})
		if err != nil {
			return err.Error()
		}
		defer c.Close()
		return ""
	}
}

// TestACME has a real authority sign, by both ways; what cannot be proved is told with the authority's reason and tried again; a restart asks for nothing, and what is
// soon over is renewed.
func TestACME(t *testing.T) {
	a := pebble(t)
	for _, way := range []string{"", a.http} {
		t.Run(map[string]string{"": "tls-alpn-01", a.http: "http-01"}[way], func(t *testing.T) {
			c := Config{Directory: a.directory, Roots: a.roots, HTTP: way, Mail: "beheer@example.nl", Folder: t.TempDir(), Again: 50 * time.Millisecond}
			old := signed(t, time.Now().Add(-61*24*time.Hour), time.Now().Add(29*24*time.Hour), "bel.example.nl", "pbx.example.nl")
			if err := begin(t, c).keep(old); err != nil {
				t.Fatal(err)
			}
			k := begin(t, c)
			browse := opened(t, a, k)
			if said := browse("bel.example.nl"); said == "" || k.current.Load() == nil {
				t.Fatal("one that the authority has not signed is trusted, or is not there")
			}
			running(t, k)
			until(t, "what is soon over is renewed, for all names", func() bool { return browse("bel.example.nl") == "" && browse("pbx.example.nl") == "" })
			if p := k.Problem(); p != "" {
				t.Error(p)
			}
			if said := browse("other.example.nl"); said == "" {
				t.Error("another name has a certificate")
			}
			first := k.current.Load()
			again := begin(t, c)
			if kept := again.current.Load(); kept == nil || !kept.Leaf.Equal(first.Leaf) || again.due() <= 0 {
				t.Errorf("the next start asks anew: %+v", kept)
			}
			if err := k.renew(t.Context()); err != nil {
				t.Fatal(err)
			}
			fresh := k.current.Load()
			if fresh.Leaf.SerialNumber.Cmp(first.Leaf.SerialNumber) == 0 || fresh.PrivateKey == first.PrivateKey || browse("bel.example.nl") != "" {
				t.Error("it is not another one")
			}
		})
	}
	t.Run("unproved", func(t *testing.T) { // nobody listens where the authority looks
		k := begin(t, Config{Directory: a.directory, Roots: a.roots, Again: 50 * time.Millisecond})
		running(t, k)
		until(t, "the authority's reason is told", func() bool { return strings.Contains(k.Problem(), ".example.nl: Failed to connect") })
		p := k.Problem()
		if nl := text.Note(text.Dutch, p); !strings.HasPrefix(nl, "de console toont") || !strings.Contains(nl, ".example.nl: Failed to connect") {
			t.Errorf("%q, %q", p, nl)
		}
		browse := opened(t, a, k)
		until(t, "it is tried again", func() bool { return browse("pbx.example.nl") == "" })
		if p := k.Problem(); p != "" {
			t.Error(p)
		}
	})
	t.Run("refused", func(t *testing.T) {
		k := begin(t, Config{Names: []string{"not_a_name"}, Directory: a.directory, Roots: a.roots})
		if _, err := k.obtain(t.Context()); err == nil || reason(err) == "" || json.Valid([]byte(reason(err))) {
			t.Errorf("%v", err)
		}
	})
}
