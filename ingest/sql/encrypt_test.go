package sql

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/network"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return &authority{c, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// sign makes a server's certificate and key in PEM.
func (a *authority) sign(t *testing.T, names []string, ips ...net.IP) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "server"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: names, IPAddresses: ips, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, k.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}))
}

// TestEncryption: what is encrypted by itself, and what the owner can say.
func TestEncryption(t *testing.T) {
	for _, c := range []struct {
		address     string
		tls         *TLS
		plain, bare bool // nothing is encrypted; the certificate is not looked at
	}{
		{"127.0.0.1:3306", nil, true, false}, {"[::1]:3306", nil, true, false}, {"localhost:3306", nil, true, false}, {"/run/mysqld/mysqld.sock", nil, true, false},
		{"192.0.2.7:3306", nil, false, false}, {"db.example.nl:3306", nil, false, false},
		{"192.0.2.7:3306", &TLS{Off: true}, true, false}, {"192.0.2.7:3306", &TLS{Trust: network.Trust{Unchecked: true}}, false, true}, {"127.0.0.1:3306", &TLS{}, false, false},
	} {
		got, err := (&Config{Address: c.address, TLS: c.tls}).encryption()
		if err != nil || (got == nil) != c.plain || got != nil && got.InsecureSkipVerify != c.bare {
			t.Errorf("%s %+v: %+v %v", c.address, c.tls, got, err)
		}
	}
}

// TestEncrypted connects to real servers whose certificates are good and bad.
func TestEncrypted(t *testing.T) {
	good, other := newAuthority(t), newAuthority(t)
	for kind, table := range map[Kind]string{MySQL: freepbx("InnoDB", true), PostgreSQL: "CREATE TABLE cdr (calldate timestamp, uniqueid varchar(32), linkedid varchar(32), src varchar(80), " +
		"dst varchar(80), dcontext varchar(80), channel varchar(80), dstchannel varchar(80), lastapp varchar(80), lastdata varchar(80), duration int, billsec int, disposition varchar(45))"} {
		t.Run(kind.String(), func(t *testing.T) {
			p := newPeer(t, kind)
			_, config := p.cdr(t, table)
			ca := p.write(t, "ca.pem", good.pem)
			plain := config
			plain.TLS = &TLS{Trust: network.Trust{CAFile: ca}}
			refused(t, kind, plain, "encrypts nothing")

			start := func(names []string, ips ...net.IP) {
				p.stop()
				cert, key := good.sign(t, names, ips...)
				p.write(t, "server.pem", cert)
				p.write(t, "server.key", key)
				p.start(t)
			}
			if kind == MySQL {
				p.server = append(p.server, "--ssl-cert="+p.dir+"/server.pem", "--ssl-key="+p.dir+"/server.key")
			} else {
				p.server = append(p.server, "-c", "ssl=on", "-c", "ssl_cert_file="+p.dir+"/server.pem", "-c", "ssl_key_file="+p.dir+"/server.key")
			}
			start(nil, net.IPv4(127, 0, 0, 1))
			foreign := p.write(t, "other.pem", other.pem)
			for _, c := range []struct {
				name string
				tls  TLS
				says string // "" = it is good
			}{
				{"its authority", TLS{Trust: network.Trust{CAFile: ca}}, ""},
				{"another authority", TLS{Trust: network.Trust{CAFile: foreign}}, "is not trusted"},
				{"the system's", TLS{}, "tls: {ca_file: FILE}"},
				{"another name", TLS{Trust: network.Trust{CAFile: ca, ServerName: "db.example.nl"}}, "server_name"},
				{"unchecked", TLS{Trust: network.Trust{Unchecked: true}}, ""},
				{"off", TLS{Off: true}, ""},
				{"no file", TLS{Trust: network.Trust{CAFile: "/nonexistent/ca.pem"}}, "cannot be read"},
				{"no certificate", TLS{Trust: network.Trust{CAFile: p.write(t, "empty.pem", "x")}}, "holds no certificate"},
			} {
				config.TLS = &c.tls
				if c.says == "" {
					accepted(t, kind, config)
				} else {
					refused(t, kind, config, c.says)
				}
			}
			start(nil) // as MySQL makes for itself
			config.TLS = &TLS{Trust: network.Trust{CAFile: ca}}
			accepted(t, kind, config)
			config.TLS = &TLS{Trust: network.Trust{CAFile: foreign}}
			refused(t, kind, config, "is not trusted")
		})
	}
}

func check(t *testing.T, kind Kind, c Config) error {
	t.Helper()
	r, err := New(c, Options{Kind: kind, Row: func(*ingest.Row) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	return r.Check(context.Background())
}

func accepted(t *testing.T, kind Kind, c Config) {
	t.Helper()
	if err := check(t, kind, c); err != nil {
		t.Errorf("%+v: %v", *c.TLS, err)
	}
}

func refused(t *testing.T, kind Kind, c Config, says string) {
	t.Helper()
	if err := check(t, kind, c); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "S3cret") {
		t.Errorf("%+v says %v, not %q", *c.TLS, err, says)
	}
}
