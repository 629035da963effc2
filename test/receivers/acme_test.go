package receivers

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// beside starts a program that ends with the test.
func (s *stand) beside(args ...string) {
	s.t.Helper()
	log, err := os.OpenFile(filepath.Join(s.dir, "servers.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	c := exec.Command(args[0], args[1:]...)
	c.Stdout, c.Stderr, c.Env = log, log, append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
}

// TestACME: a running Belwacht whose authority (Pebble) is away shows its console all the same and says why; once the authority is back it has a certificate, which
// it shows after a kill too, without asking for another.
func TestACME(t *testing.T) {
	if os.Getenv("BELWACHT_ACCEPT") != "notify" {
		t.Skip("make accept-notify has Pebble sign; it takes a minute")
	}
	need(t)
	s := newStand(t)
	for _, name := range []string{"tls", "http", "acme", "management", "dns", "dnsmanagement"} {
		s.ports[name] = free(t)
	}
	s.write("pebble.json", `{"pebble": {"listenAddress": "127.0.0.1:PORT_acme", "managementListenAddress": "127.0.0.1:PORT_management", "certificate": "DIR/cert.pem", "privateKey": "DIR/key.pem",
 "httpPort": PORT_http, "tlsPort": PORT_tls, "ocspResponderURL": "", "externalAccountBindingRequired": false}}`, 0o600)
	s.write("b.yaml", `organisation: {name: Oak, country: NL, timezone: Europe/Amsterdam}
data: data
control: {socket: s}
pbx: [{name: hk, ask: {listen: "127.0.0.1:0", secret_file: secret}, trunks: [PJSIP/trunk]}]
web:
  listen: "127.0.0.1:PORT_tls"
  acme: {names: [bel.example.nl], mail: beheer@example.nl, accept_terms: true, forwarded: true, directory: "https://127.0.0.1:PORT_acme/dir", ca_file: cert.pem}
`, 0o600)
	at := func(name string) string { return "127.0.0.1:" + strconv.Itoa(s.ports[name]) }
	open := func(roots *x509.CertPool) (serial *big.Int, status int) {
		web := http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{ServerName: "bel.example.nl", RootCAs: roots, InsecureSkipVerify: roots == nil}}}
		r, err := web.Get("https://" + at("tls") + "/healthz")
		if err != nil {
			return nil, 0
		}
		defer r.Body.Close()
		return r.TLS.PeerCertificates[0].SerialNumber, r.StatusCode
	}
	wrong := func() string {
		for _, p := range s.status().Problems {
			if strings.Contains(p, "certificate") {
				return p
			}
		}
		return ""
	}
	s.start()
	s.until("it says why there is no certificate", func() bool { return strings.Contains(wrong(), "the authority cannot be reached") })
	if _, status := open(nil); status != http.StatusOK {
		t.Errorf("without a certificate the console answers %d", status)
	}
	s.beside("pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", at("dns"), "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", at("dnsmanagement"))
	s.beside("pebble", "-config", filepath.Join(s.dir, "pebble.json"), "-dnsserver", at("dns"))
	own, err := os.ReadFile(filepath.Join(s.dir, "cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	trusts, signers := x509.NewCertPool(), x509.NewCertPool()
	trusts.AppendCertsFromPEM(own)
	s.until("Pebble answers", func() bool {
		web := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusts}}}
		r, err := web.Get("https://" + at("management") + "/roots/0")
		if err != nil {
			return false
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		return err == nil && signers.AppendCertsFromPEM(b)
	})
	s.until("browsers trust it", func() bool { _, status := open(signers); return status == http.StatusOK })
	if p := wrong(); p != "" {
		t.Error(p)
	}
	before, _ := open(signers)
	s.end(syscall.SIGKILL)
	s.start()
	s.until("the console is open again", func() bool { _, status := open(nil); return status == http.StatusOK })
	if after, _ := open(signers); after == nil || after.Cmp(before) != 0 {
		t.Errorf("after a restart it shows %v, before it %v", after, before)
	}
}
