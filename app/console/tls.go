package console

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/belwacht/belwacht"
)

// The files of the certificate that is made at the first start.
const (
	certificateFile = "console-certificate.pem"
	keyFile         = "console-key.pem"
	certifiedFor    = 10 * 365 * 24 * time.Hour
)

// TLS is how the console is served: with the certificate of the files that are named, else with one signed by itself that is made in a folder at the first start
// and kept there. Browsers warn of the latter until it is taken as trusted.
func TLS(certificate, key, folder string) (*tls.Config, error) {
	if certificate == "" {
		certificate, key = filepath.Join(folder, certificateFile), filepath.Join(folder, keyFile)
		if _, err := os.Stat(certificate); errors.Is(err, fs.ErrNotExist) {
			if err := makeCertificate(certificate, key); err != nil {
				return nil, err
			}
		}
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the console's certificate %s and key %s cannot be used: %v", certificate, key, belwacht.Reason(err))
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}, nil
}

// makeCertificate makes one for the names of this machine. The key is written first, so that a certificate without one is never there.
func makeCertificate(certificate, key string) error {
	fail := func(err error) error {
		return belwacht.Errorf(belwacht.Internal, "a certificate for the console cannot be made: %w", err)
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fail(err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return fail(err)
	}
	names := []string{"localhost"}
	if host, err := os.Hostname(); err == nil {
		names = append(names, host)
	}
	now := time.Now()
	about := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: names[len(names)-1], Organization: []string{"Belwacht"}}, DNSNames: names,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certifiedFor), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		return fail(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fail(err)
	}
	if err := os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return fail(belwacht.Reason(err))
	}
	if err := os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644); err != nil {
		return fail(belwacht.Reason(err))
	}
	return nil
}
