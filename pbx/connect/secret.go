package connect

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// The files of Belwacht's own copies: each a secret and a line end, mode 0600.
const (
	fileAMI = "ami.secret" // of the manager user
	fileAsk = "ask.secret" // with which the dial plan asks
	fileCDR = "cdr.secret" // of the database user
)

// secret is the one that stands in a file of Belwacht's own, or a new one of 130 random bits where there is no such file.
func (o *Options) secret(name string) (string, error) {
	path := filepath.Join(o.Own, name)
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return rand.Text(), nil
	}
	if err != nil {
		return "", belwacht.Errorf(belwacht.Config, "%s: cannot be read: %w; run this as root", path, belwacht.Reason(err))
	}
	defer f.Close()
	b := make([]byte, 256)
	n, _ := f.Read(b)
	s := string(bytes.TrimSpace(b[:n]))
	if len(s) < 16 || len(s) > 128 || !asterisk.Plain(s) {
		return "", belwacht.Errorf(belwacht.Config, "%s: holds no secret that Belwacht can use; move it away and a new one is made", path)
	}
	return s, nil
}
