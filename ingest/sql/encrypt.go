package sql

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/go-sql-driver/mysql"
)

// TLS is how a connection to a database is encrypted. The zero value encrypts and checks the server's certificate against the system's authorities.
type TLS struct {
	CAFile     string // certificates in PEM that the server's must go back to, or its own; "" = the system's
	ServerName string // that the certificate must be for; "" = the host of the address
	Unchecked  bool   // the certificate is not looked at: who stands between can read the password and the records
	Off        bool   // nothing is encrypted
}

// encryption is what a connection is encrypted by; nil for nothing: to this machine itself, unless the owner says otherwise, and where he says so.
func (c *Config) encryption() (*tls.Config, error) {
	host, _, err := net.SplitHostPort(c.Address)
	if err != nil {
		host = c.Address
	}
	here := filepath.IsAbs(host) || network.Loopback(host)
	if c.TLS == nil && here || c.TLS != nil && c.TLS.Off {
		return nil, nil
	}
	t := TLS{}
	if c.TLS != nil {
		t = *c.TLS
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName, InsecureSkipVerify: t.Unchecked}
	if out.ServerName == "" {
		out.ServerName = host
	}
	if t.CAFile == "" {
		return out, nil
	}
	pem, err := os.ReadFile(t.CAFile)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "tls.ca_file: %s cannot be read: %w", t.CAFile, belwacht.Reason(err))
	}
	out.RootCAs = x509.NewCertPool()
	if !out.RootCAs.AppendCertsFromPEM(pem) {
		return nil, belwacht.Errorf(belwacht.Config, "tls.ca_file: %s holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", t.CAFile)
	}
	out.InsecureSkipVerify = true // but for this
	out.VerifyConnection = func(s tls.ConnectionState) error { return verify(s, out.RootCAs, out.ServerName) }
	return out, nil
}

// verify checks a server's certificate against the owner's authorities. One that names nobody, as MySQL makes for itself, is good for every name: its authority
// has signed no other server's.
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

// untrusted says what to do where a connection fails for its encryption; nil where it does not.
func (r *Reader) untrusted(err error) error {
	var cert *tls.CertificateVerificationError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	switch text := err.Error(); {
	case errors.As(err, &host):
		return belwacht.Errorf(belwacht.Unreachable, "the certificate of %s is for another name (%.200s); write the name that it is for: tls: {server_name: NAME}", r.config.Address, host.Error())
	case errors.As(err, &cert):
		return belwacht.Errorf(belwacht.Unreachable, "the certificate of %s is not trusted (%.200s); give the certificate of who signed it, in PEM: tls: {ca_file: FILE}. "+
			"MySQL makes its own, ca.pem in its data folder", r.config.Address, cert.Err.Error())
	case errors.Is(err, mysql.ErrNoTLS), strings.Contains(text, "server refused TLS connection"), errors.As(err, &record):
		return belwacht.Errorf(belwacht.Unreachable, "%s encrypts nothing, so the password and all call records could be read on the way; switch TLS on there, or write "+
			"tls: {off: true} where nobody else is on that network", r.config.Address)
	}
	return nil
}
