package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht"
)

// What a pseudonym is like: a mark, and so much of a keyed hash that two people hardly share one.
const (
	pseudonymMark = "~"
	pseudonymHex  = 16
	// maskedTo is how many digits of a number stay: its country, and a little of its zone.
	maskedTo = 5
	// namedFrom is from how many digits on an account is a number, and so a person; shorter ones are extensions, which say who it is only to whom has the list.
	namedFrom = 8
	keyFile   = "pseudonyms.key"
)

// Namer makes pseudonyms, for stores. The key is a file of its own beside the database, so that a copy of the one does not undo the other.
type Namer struct{ key []byte }

// NewNamer reads the key of a folder, and makes it where there is none.
func NewNamer(folder string) (*Namer, error) {
	name := filepath.Join(folder, keyFile)
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, sha256.Size)
		if _, err := rand.Read(key); err != nil {
			return nil, belwacht.Errorf(belwacht.Internal, "no key for pseudonyms: %w", err)
		}
		err = os.WriteFile(name, key, 0o600)
		if err == nil {
			err = SyncFolder(folder)
		}
	}
	if err != nil || len(key) != sha256.Size {
		return nil, belwacht.Errorf(belwacht.Config, "the key of pseudonyms %s cannot be used (%v); remove it for a new one, which makes other pseudonyms of the same names", name, err)
	}
	return &Namer{key}, nil
}

// IsPseudonym says whether a name is one that a Namer made.
func IsPseudonym(s string) bool {
	return strings.HasPrefix(s, pseudonymMark) && len(s) == len(pseudonymMark)+pseudonymHex
}

// Pseudonym is a name's; a pseudonym's is itself, and that of nothing nothing.
func (n *Namer) Pseudonym(s string) string {
	if s == "" || IsPseudonym(s) {
		return s
	}
	h := hmac.New(sha256.New, n.key)
	h.Write([]byte(s))
	return pseudonymMark + hex.EncodeToString(h.Sum(nil))[:pseudonymHex]
}

// Account is an account's: an extension stays.
func (n *Namer) Account(s string) string {
	digits := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits < namedFrom {
		return s
	}
	return n.Pseudonym(s)
}

// firstDigits is what is left of one in words: its first digits.
func firstDigits(s string) string {
	e, ok := belwacht.ParseE164(s)
	if !ok || e.Len() <= maskedTo {
		return s
	}
	return e.Prefix(maskedTo).String() + "…"
}

// numbers finds those in sentences: eight digits or more, as they are written with spaces, dashes and brackets between them.
var numbers = regexp.MustCompile(`\+?[0-9](?:[ ().•-]{0,2}[0-9•]){7,}`)

// prose is a sentence in which of each number only the first digits stay.
func prose(s string) string {
	return numbers.ReplaceAllStringFunc(s, func(found string) string {
		kept, digits := 0, 0
		for kept < len(found) && digits < maskedTo {
			if found[kept] >= '0' && found[kept] <= '9' {
				digits++
			}
			kept++
		}
		return found[:kept] + "…"
	})
}

// Call takes the people out of a call.
func (n *Namer) Call(c *belwacht.PastCall) {
	if dialled := c.Dialled; c.Number != 0 && !strings.HasPrefix(dialled, pseudonymMark) {
		c.Dialled = n.Pseudonym(c.Number.String()) // however it was dialled, the same number is the same
	} else {
		c.Dialled = n.Pseudonym(dialled)
	}
	c.Number = c.Number.Prefix(maskedTo)
	c.Caller, c.Name = n.Pseudonym(c.Caller), n.Pseudonym(c.Name)
	c.Account, c.Root, c.Taker = n.Account(c.Account), n.Account(c.Root), n.Account(c.Taker)
}

// Decision takes them out of a decision.
func (n *Namer) Decision(d *belwacht.Decision) {
	d.Account, d.Number = n.Account(d.Account), firstDigits(d.Number)
	d.Reason, d.ReasonNL = prose(d.Reason), prose(d.ReasonNL)
	if t := d.Trace; t != nil {
		t.Dialled, t.Target, t.Root = n.Pseudonym(t.Dialled), firstDigits(t.Target), n.Account(t.Root)
		for i := range t.Evidence {
			e := &t.Evidence[i]
			e.English, e.Dutch = prose(e.English), prose(e.Dutch)
		}
	}
}

// Alert takes them out of an alert.
func (n *Namer) Alert(a *belwacht.Alert) {
	a.Account = n.Account(a.Account)
	for i := range a.Numbers {
		a.Numbers[i] = firstDigits(a.Numbers[i])
	}
	a.Reason, a.ReasonNL = prose(a.Reason), prose(a.ReasonNL)
}

// Network is what is left of an address: its network.
func (n *Namer) Network(s string) string {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return s
	}
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return s
	}
	return p.Addr().String()
}
