package ledger

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/belwacht/belwacht"
)

// KeyFile is the name of the file, in the data folder, that holds what heads are signed with (0600).
const KeyFile = "audit.key"

// Longest text that is read as a head, in bytes.
const headLongest = 8 << 10

// Keys are what heads are signed with and known by.
type Keys struct {
	Signer   note.Signer
	Verifier note.Verifier
	Public   string // the verifier's text, to be kept beside heads elsewhere
}

// LoadKeys reads the keys of a data folder, and makes them there at the first start. name is in each head, to tell installations apart.
func LoadKeys(folder, name string) (*Keys, error) {
	path := filepath.Join(folder, KeyFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = makeKeys(path, name)
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the key of the audit log, %s: %w", path, belwacht.Reason(err))
	}
	private, public, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s holds no key of an audit log; put the old one back from a backup, or move it away to begin a new one", path)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil || verifier.Name() != signer.Name() || verifier.KeyHash() != signer.KeyHash() {
		return nil, belwacht.Errorf(belwacht.Config, "the two lines of %s do not belong together; put the old file back from a backup", path)
	}
	return &Keys{signer, verifier, public}, nil
}

// makeKeys makes new ones and writes them durably before they are used.
func makeKeys(path, name string) ([]byte, error) {
	private, public, err := note.GenerateKey(rand.Reader, origin(name))
	if err != nil {
		return nil, err
	}
	b := []byte(private + "\n" + public + "\n")
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

// origin makes a key's name of an installation's: no spaces, no plus (C2SP signed-note).
func origin(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		}
		return '-'
	}, name)
	if name == "" {
		name = "here"
	}
	return "belwacht-audit/" + name[:min(len(name), 60)]
}

// sign makes a head: origin, size, root and the time as an extension line (C2SP tlog-checkpoint).
func (k *Keys) sign(size uint64, root [32]byte, at belwacht.Instant) (*belwacht.Head, error) {
	said := fmt.Sprintf("%s\n%d\n%s\n%d\n", k.Signer.Name(), size, base64.StdEncoding.EncodeToString(root[:]), int64(at))
	b, err := note.Sign(&note.Note{Text: said}, k.Signer)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "a head of the audit log cannot be signed: %w", err)
	}
	return &belwacht.Head{Time: at, Size: size, Note: string(b)}, nil
}

// checkpoint is what a head says, once its signature was found good.
type checkpoint struct {
	size uint64
	root [32]byte
	at   belwacht.Instant
}

// open reads a head. An error says what is wrong with it.
func open(text string, v note.Verifier) (checkpoint, error) {
	var c checkpoint
	if len(text) > headLongest {
		return c, errors.New("is longer than a head can be")
	}
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil {
		return c, errors.New("is not signed by this audit log's key")
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	if len(lines) != 4 || lines[0] != v.Name() {
		return c, errors.New("is no head of this audit log")
	}
	size, err := strconv.ParseUint(lines[1], 10, 62)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	at, err3 := strconv.ParseInt(lines[3], 10, 63)
	if err := errors.Join(err, err2, err3); err != nil || len(root) != len(c.root) {
		return c, errors.New("cannot be read")
	}
	copy(c.root[:], root)
	c.size, c.at = size, belwacht.Instant(at)
	return c, nil
}
