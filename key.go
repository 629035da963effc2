package belwacht

import "context"

// Key lets a program use the API in a user's name.
type Key struct {
	ID      string       `json:"id"` // the first part of what is shown once
	Name    string       `json:"name"`
	User    string       `json:"user"`   // who answers for it: it may no more than this user may
	Scopes  []Permission `json:"scopes"` // what it may
	Created Instant      `json:"created"`
	Until   Instant      `json:"until"`               // it is refused from then on; never zero
	Used    Instant      `json:"used,omitzero"`       // last, to the minute
	From    []string     `json:"from,omitempty"`      // networks it may be used from; none = those of the API
	Revoked Instant      `json:"revoked,omitzero"`    // zero = it is not
	Revoker string       `json:"revoked_by,omitzero"` // a user's name

	Sum string `json:"-"` // SHA-256 of the secret part, hexadecimal; the secret has 256 random bits, so nothing slower is needed
}

// Holds says whether it opens anything at an instant.
func (k *Key) Holds(at Instant) bool { return k.Revoked == 0 && at < k.Until && k.Created <= at }

// KeyStore keeps keys of the API. Its methods may be called from many goroutines.
//
// PutKey is durable as UserStore's methods are; UsedKey is not.
type KeyStore interface {
	// PutKey keeps a key, in place of the one with its ID.
	PutKey(ctx context.Context, k *Key) error
	// UsedKey notes when a key was used. It never waits.
	UsedKey(id string, at Instant)
	// Keys are all there are, newest first: also those that are over or revoked, until they are pruned.
	Keys(ctx context.Context) ([]Key, error)
}
