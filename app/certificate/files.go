package certificate

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/file"
)

// The files of an authority's folder, and how long one may be, in bytes.
const (
	accountFile     = "account-key.pem"
	certificateFile = "certificate.pem" // key and chain, so that they are replaced together
	fileMost        = 256 << 10
)

// read reads a file; nil where there is none.
func (k *Keeper) read(name string) ([]byte, error) {
	f, err := os.Open(filepath.Join(k.folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, belwacht.Reason(err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, fileMost))
}

// keyOf reads a key, and what follows it.
func keyOf(b []byte) (crypto.Signer, []byte, error) {
	p, rest := pem.Decode(b)
	if p == nil {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "it holds no key")
	}
	any, err := x509.ParsePKCS8PrivateKey(p.Bytes)
	key, ok := any.(crypto.Signer)
	if err != nil || !ok {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "its key cannot be read")
	}
	return key, rest, nil
}

// accountKey is the key that the authority knows us by; it is made where there is none.
func (k *Keeper) accountKey() (crypto.Signer, error) {
	b, err := k.read(accountFile)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "the account's key %s: %w", filepath.Join(k.folder, accountFile), err)
	}
	if b != nil {
		key, _, err := keyOf(b)
		if err != nil {
			return nil, belwacht.Errorf(belwacht.Invalid, "the account's key %s: %w; remove the file, and a new account is made", filepath.Join(k.folder, accountFile), err)
		}
		return key, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, file.Write(filepath.Join(k.folder, accountFile), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// keep writes a certificate and its key.
func (k *Keeper) keep(c *tls.Certificate) error {
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for _, one := range c.Certificate {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one}))
	}
	return file.Write(filepath.Join(k.folder, certificateFile), b.Bytes())
}

// load reads the certificate that is kept; nil where there is none.
func (k *Keeper) load() (*tls.Certificate, error) {
	b, err := k.read(certificateFile)
	if b == nil || err != nil {
		return nil, err
	}
	key, rest, err := keyOf(b)
	if err != nil {
		return nil, err
	}
	var chain [][]byte
	for p, rest := pem.Decode(rest); p != nil; p, rest = pem.Decode(rest) {
		chain = append(chain, p.Bytes)
	}
	return certificateOf(chain, key)
}
