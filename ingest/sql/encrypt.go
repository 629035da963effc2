package sql

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/go-sql-driver/mysql"
)

// TLS is how a connection to a database is encrypted. The zero value encrypts and checks the server's certificate against the system's authorities.
type TLS struct {
	network.Trust
	Off bool // nothing is encrypted
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
	var t network.Trust
	if c.TLS != nil {
		t = c.TLS.Trust
	}
	out, err := t.Client(host)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.CodeOf(err), "tls.%w", err)
	}
	return out, nil
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
