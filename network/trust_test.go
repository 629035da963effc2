package network

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// selfSigned makes a certificate that signs itself, for names or, without, for a common name only, as Asterisk's own script makes.
func selfSigned(t *testing.T, names ...string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "pbx"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), DNSNames: names, BasicConstraintsValid: true, IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

func TestTrust(t *testing.T) {
	nameless, its := selfSigned(t)
	named, namedIts := selfSigned(t, "pbx.example.nl")
	_, other := selfSigned(t)
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		cert  tls.Certificate
		trust Trust
		want  string // part of the error; "" = connected
	}{
		{"its own", nameless, Trust{CAFile: its}, ""},
		{"the system's", nameless, Trust{}, "certificate"},
		{"another's", nameless, Trust{CAFile: other}, "certificate"},
		{"unchecked", nameless, Trust{Unchecked: true}, ""},
		{"for another name", named, Trust{CAFile: namedIts}, "cannot validate"},
		{"for that name", named, Trust{CAFile: namedIts, ServerName: "pbx.example.nl"}, ""},
		{"no file", nameless, Trust{CAFile: "/nonexistent/ca.pem"}, "cannot be read"},
		{"an empty file", nameless, Trust{CAFile: empty}, "holds no certificate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, err := c.trust.Client("127.0.0.1")
			if err == nil {
				l, failed := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{c.cert}})
				if failed != nil {
					t.Fatal(failed)
				}
				defer l.Close()
				go func() {
					if conn, err := l.Accept(); err == nil {
						_ = conn.(*tls.Conn).Handshake()
						_ = conn.Close()
					}
				}()
				ours, failed := net.Dial("tcp", l.Addr().String())
				if failed != nil {
					t.Fatal(failed)
				}
				defer ours.Close()
				err = tls.Client(ours, config).HandshakeContext(t.Context())
			}
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}
