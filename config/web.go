package config

import (
	"crypto/x509"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
)

// Web is where the console and the API are served. Who may come in is Access's.
type Web struct {
	Listen      string `yaml:"listen,omitempty"`      // HOST:PORT; "" = nowhere
	Certificate string `yaml:"certificate,omitempty"` // file in PEM, with what it is signed by; "" = one signed by itself is made at the first start
	Key         string `yaml:"key,omitempty"`         // its file in PEM
	ACME        *ACME  `yaml:"acme,omitempty"`        // has an authority sign one; nil = none does
}

// ACME is how an authority that speaks it (RFC 8555) signs the console's certificate.
type ACME struct {
	Names       []string `yaml:"names"`                  // that people type; each must lead here from the internet
	Mail        string   `yaml:"mail,omitempty"`         // by which the authority may reach the owner
	AcceptTerms bool     `yaml:"accept_terms,omitempty"` // the owner has read the authority's terms and accepts them
	HTTP        string   `yaml:"http,omitempty"`         // HOST:PORT where plain questions of the authority are answered, such as 0.0.0.0:80; "" = it comes to web.listen
	Forwarded   bool     `yaml:"forwarded,omitempty"`    // a router or proxy sends port 443, or 80 where http is given, on to the port that is listened on
	Directory   string   `yaml:"directory,omitempty"`    // the authority's address; "" = Let's Encrypt
	CAFile      string   `yaml:"ca_file,omitempty"`      // what the authority's own certificate is signed by; "" = what the system trusts
}

// namesMost is how many names a certificate may have; authorities take a hundred.
const namesMost = 100

// CertificateFiles are the certificate's file and its key's; "" where none are named.
func (c *Config) CertificateFiles() (certificate, key string) {
	if c.Web.Certificate == "" {
		return "", ""
	}
	return c.path(c.Web.Certificate), c.path(c.Web.Key)
}

// Authorities are the certificates that an authority's own is checked with; nil = those of the system.
func (c *Config) Authorities(a *ACME) (*x509.CertPool, error) {
	if a.CAFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.path(a.CAFile))
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		return nil, belwacht.Errorf(belwacht.Config, "web.acme.ca_file: %.200s is no file with a certificate in PEM", a.CAFile)
	}
	return pool, nil
}

// web checks where the console is served.
func (k *checker) web() {
	w := &k.c.Web
	if w.Listen != "" {
		k.address("web.listen", w.Listen)
	}
	if (w.Certificate == "") != (w.Key == "") {
		k.fail("web.certificate", "goes with web.key: name both, or neither for a certificate that Belwacht makes")
	}
	if w.ACME != nil {
		k.acme(w, w.ACME)
	}
}

// acme checks how a certificate is signed.
func (k *checker) acme(w *Web, a *ACME) {
	if w.Certificate != "" {
		k.fail("web.acme", "there is a certificate of your own (web.certificate); leave one of the two out")
	}
	if len(a.Names) == 0 || len(a.Names) > namesMost {
		k.fail("web.acme.names", "names what people type to get here, such as [belwacht.example.nl]; at most %d", namesMost)
	}
	for i, n := range a.Names[:min(len(a.Names), namesMost)] {
		wrong := nameWrong(n, a.Directory == "")
		if wrong == "" && slices.Contains(a.Names[:i], n) {
			wrong = "is there twice"
		}
		if wrong != "" {
			k.fail("web.acme.names", "%.100q %s", n, wrong)
		}
	}
	if !a.AcceptTerms {
		k.fail("web.acme.accept_terms", "is not true: read the terms of the authority (of Let's Encrypt: https://letsencrypt.org/repository), and write accept_terms: true")
	}
	if m, err := mail.ParseAddress(a.Mail); a.Mail != "" && (err != nil || m.Address != a.Mail) {
		k.fail("web.acme.mail", "%.100q is no mail address", a.Mail)
	}
	if u, err := url.Parse(a.Directory); a.Directory != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
		k.fail("web.acme.directory", "%.100q is no address of an authority; write for example https://ca.example.nl/acme/directory, or leave it out for Let's Encrypt", a.Directory)
	}
	k.authority("web.acme.ca_file", a.CAFile)
	switch {
	case w.Listen == "":
		k.fail("web.acme", "there is no console to have a certificate for: web.listen is missing")
	case a.HTTP != "":
		k.address("web.acme.http", a.HTTP)
		if a.HTTP == w.Listen {
			k.fail("web.acme.http", "is where the console listens; choose another port")
		}
		k.reached("web.acme.http", a.HTTP, "80", a.Forwarded)
	default:
		k.reached("web.listen", w.Listen, "443", a.Forwarded)
	}
}

// reached checks that an authority can come to where is listened.
func (k *checker) reached(path, listen, port string, forwarded bool) {
	host, is, err := net.SplitHostPort(listen)
	if err != nil || forwarded {
		return // it is said already, or somebody else sees to it
	}
	at, err := netip.ParseAddr(host)
	switch {
	case err == nil && at.IsLoopback() || host == "localhost":
		k.fail(path, "%.60s is reached from this machine only, and the authority comes from outside; write 0.0.0.0:%s, or acme: {forwarded: true} where a router or proxy sends port %s on to it", listen, port, port)
	case is != port:
		k.fail(path, "has port %.10s, and the authority comes to port %s; write that, or acme: {forwarded: true} where a router or proxy sends port %s on to it%s", is, port, port,
			map[string]string{"443": ", or acme: {http: \"0.0.0.0:80\"}"}[port])
	}
}

// nameWrong says why a name is none that an authority signs; "" = it is one. public is an authority for all the world.
func nameWrong(n string, public bool) string {
	if _, err := netip.ParseAddr(strings.Trim(n, "[]")); err == nil {
		return "is an address; an authority signs names"
	}
	if strings.HasPrefix(n, "*.") {
		return "is for all names below it, which can be proved in the DNS only; write each name"
	}
	labels := strings.Split(n, ".")
	if len(n) > 253 || len(labels) < 2 {
		return "is no name of the DNS in full, such as belwacht.example.nl"
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || l[0] == '-' || l[len(l)-1] == '-' {
			return "is no name of the DNS; write it in small letters, without https:// and port, and other scripts as xn--…"
		}
	}
	for _, inside := range []string{"local", "localhost", "internal", "lan", "home", "corp", "arpa", "test", "invalid", "example"} {
		if public && labels[len(labels)-1] == inside {
			return "is known inside your network only, and the authority asks the DNS of the internet"
		}
	}
	return ""
}
