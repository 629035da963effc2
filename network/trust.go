package network

import (
	"crypto/tls"
	"crypto/x509"
	"os"

	"github.com/belwacht/belwacht"
)

// Trust is whose certificate is believed on the other side of a TLS connection. The zero value believes the system's authorities.
type Trust struct {
	CAFile     string // certificates in PEM that the server's must go back to, or its own; "" = the system's
	ServerName string // that the certificate must be for; "" = the host
	Unchecked  bool   // the certificate is not looked at: who stands between can read and alter all
}

// Client is the configuration of a connection to a host, TLS 1.2 or newer. A file of authorities that cannot be used is an error of code Config.
func (t *Trust) Client(host string) (*tls.Config, error) {
	out := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName, InsecureSkipVerify: t.Unchecked}
	if out.ServerName == "" {
		out.ServerName = host
	}
	if t.CAFile == "" {
		return out, nil
	}
	pem, err := os.ReadFile(t.CAFile)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "ca_file: %s cannot be read: %w", t.CAFile, belwacht.Reason(err))
	}
	out.RootCAs = x509.NewCertPool()
	if !out.RootCAs.AppendCertsFromPEM(pem) {
		return nil, belwacht.Errorf(belwacht.Config, "ca_file: %s holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", t.CAFile)
	}
	out.InsecureSkipVerify = true // but for this
	out.VerifyConnection = func(s tls.ConnectionState) error { return verify(s, out.RootCAs, out.ServerName) }
	return out, nil
}

// verify checks a server's certificate against the owner's authorities. One that names nobody, as MySQL and Asterisk's ast_tls_cert make, is good for every
// name: its authority has signed no other server's.
func verify(s tls.ConnectionState, roots *x509.CertPool, name string) error {
	leaf := s.PeerCertificates[0]
	o := x509.VerifyOptions{Roots: roots, DNSName: name, Intermediates: x509.NewCertPool()}
	if len(leaf.DNSNames)+len(leaf.IPAddresses)+len(leaf.URIs)+len(leaf.EmailAddresses) == 0 {
		o.DNSName = ""
	}
	for _, c := range s.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	if _, err := leaf.Verify(o); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: s.PeerCertificates, Err: err}
	}
	return nil
}
