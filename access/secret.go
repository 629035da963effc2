package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
)

// SecretFile is the name of the file, in the data folder, that holds what TOTP secrets are sealed with (0600). It is no part of a copy of the database.
const SecretFile = "access.key"

// secretLength is its length in bytes.
const secretLength = 32

// LoadSecret reads the secret of a data folder, and makes it there at the first start.
func LoadSecret(folder string) ([]byte, error) {
	path := filepath.Join(folder, SecretFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = makeSecret(path)
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the secret of the console, %s: %w", path, belwacht.Reason(err))
	}
	if len(b) != secretLength {
		return nil, belwacht.Errorf(belwacht.Config, "%s is no secret of the console; put the old one back from a backup, or move it away: second factors by code must then be set up anew", path)
	}
	return b, nil
}

func makeSecret(path string) ([]byte, error) {
	b := make([]byte, secretLength)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := f.Write(b); err != nil {
		return nil, err
	}
	return b, f.Sync()
}

// Sealer keeps secrets that must be read again from who reads the database.
type Sealer struct{ aead cipher.AEAD }

// NewSealer makes a Sealer of a secret of LoadSecret.
func NewSealer(secret []byte) (*Sealer, error) {
	if len(secret) != secretLength {
		return nil, belwacht.Errorf(belwacht.Internal, "the secret of the console has %d bytes, not %d", len(secret), secretLength)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the secret of the console: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the secret of the console: %w", err)
	}
	return &Sealer{aead}, nil
}

// Seal encrypts for one user: moved to another, it does not open.
func (s *Sealer) Seal(user string, plain []byte) []byte {
	return s.aead.Seal(nil, nil, plain, []byte(user))
}

// Open decrypts what was sealed for this user, unchanged; else an error.
func (s *Sealer) Open(user string, sealed []byte) ([]byte, error) {
	return s.aead.Open(nil, nil, sealed, []byte(user))
}

// NewToken is 256 random bits for a browser or program to show, and their sum, which is all that is kept.
func NewToken() (token, sum string) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, SumOf(token)
}

// SumOf is a token's sum. A token has 256 random bits: nothing slower is needed, and a look-up by sum tells nothing by its time.
func SumOf(token string) string {
	s := sha256.Sum256([]byte(token))
	return hex.EncodeToString(s[:])
}

// NewID is a name for what is listed: 80 random bits, which open nothing.
func NewID() string {
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
