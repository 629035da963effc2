package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/belwacht/belwacht"
)

// How passwords are hashed from now on (RFC 9106 §4 by way of OWASP's least): 19 MiB, two passes, one lane, some 30 ms of one processor.
const (
	hashMemory = 19 << 10 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashSalt   = 16
	hashLength = 32
)

// What of a stored hash is believed: more would be a way to eat the machine by a changed database.
const (
	memoryMost = 256 << 10 // KiB
	passesMost = 16
)

// Hasher hashes a bounded few at a time. Browsers that a user signed in with before have a place of their own, which strangers cannot fill.
type Hasher struct {
	places  chan struct{}
	known   chan struct{}
	queue   chan struct{} // strangers that wait or hash
	nobody  string        // hash that is compared with where there is no such user, so that it takes as long
	waiting time.Duration
}

// Bounds of the hasher.
const (
	queueMost  = 32
	hashWithin = 10 * time.Second
)

// NewHasher makes a Hasher.
func NewHasher() *Hasher {
	h := &Hasher{places: make(chan struct{}, max(1, runtime.NumCPU()/2)), known: make(chan struct{}, 1), queue: make(chan struct{}, queueMost), waiting: hashWithin}
	h.nobody = hash(rand.Text())
	return h
}

// turn waits for a place to hash; what it returns gives it back. Where too many wait it is an error of code TooMany.
func (h *Hasher) turn(ctx context.Context, known bool) (func(), error) {
	busy := Errorf(belwacht.TooMany, "too many try to sign in at the same time; try again in a moment, or sign in with a passkey",
		"te veel mensen proberen zich tegelijk aan te melden; probeer het zo opnieuw, of meld u aan met een passkey")
	places := h.known
	if !known {
		select {
		case h.queue <- struct{}{}:
		default:
			return nil, busy
		}
		places = h.places
	}
	late := time.NewTimer(h.waiting)
	defer late.Stop()
	leave := func() {
		if !known {
			<-h.queue
		}
	}
	select {
	case places <- struct{}{}:
		return func() { <-places; leave() }, nil
	case <-late.C:
	case <-ctx.Done():
	}
	leave()
	return nil, busy
}

// Check compares a password with a stored hash, "" for who has none. It takes as long either way.
func (h *Hasher) Check(ctx context.Context, known bool, password, stored string) (bool, error) {
	done, err := h.turn(ctx, known)
	if err != nil {
		return false, err
	}
	defer done()
	none := stored == ""
	if none {
		stored = h.nobody
	}
	ok := verify(password, stored)
	return ok && !none, nil
}

// Make hashes a password.
func (h *Hasher) Make(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx, true)
	if err != nil {
		return "", err
	}
	defer done()
	return hash(password), nil
}

// hash is the PHC string of a password with a new salt.
func hash(password string) string {
	salt := make([]byte, hashSalt)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	sum := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashLength)
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes, enc(salt), enc(sum))
}

// verify compares a password with a PHC string of argon2id. What is none, or asks for more than is believed, is no match.
func verify(password, stored string) bool {
	part := strings.Split(stored, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || len(password) > passwordMost || len(stored) > 512 {
		return false
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	if n, err := fmt.Sscanf(part[2], "v=%d", &version); n != 1 || err != nil || version != argon2.Version {
		return false
	}
	if n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); n != 3 || err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(part[4])
	if err != nil || len(salt) < 8 {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(part[5])
	if err != nil || len(want) < 16 || memory < 8 || memory > memoryMost || passes < 1 || passes > passesMost || lanes < 1 || lanes > 4 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// Stale says whether a stored hash was made in a former way, so that it is made anew as its password is seen next.
func Stale(stored string) bool {
	return !strings.HasPrefix(stored, fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, hashMemory, hashPasses, hashLanes))
}
