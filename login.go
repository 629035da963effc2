package belwacht

import (
	"context"
	"net/netip"
)

// LoginResult is how an attempt to log in ended.
type LoginResult uint8

// The results.
const (
	LoginUnknown       LoginResult = iota
	LoginGood                      // the secret was right
	LoginWrongSecret               // the account exists, its secret was wrong
	LoginNoSuchAccount             // nobody is called so
	LoginNotAllowed                // the address or the account may not log in at all
)

// String is the word used in output.
func (r LoginResult) String() string {
	if r > LoginNotAllowed {
		r = 0
	}
	return [...]string{"unknown", "good", "wrong_secret", "no_such_account", "not_allowed"}[r]
}

// MarshalText implements encoding.TextMarshaler.
func (r LoginResult) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Login is one attempt to log in at a PBX: a phone that registers or calls, a manager, somebody at a voicemail box. All its strings are chosen by who
// tries: they are hostile until escaped, at most 256 bytes each.
type Login struct {
	Service string // what was logged in to: sip, ami, voicemail, web, or console and api of Belwacht itself
	User    string // the account that was tried; "" where the attempt named none
	From    netip.Addr
	Agent   string // the user agent as it names itself; "" where it is not known
	Result  LoginResult
	// Session joins what a PBX says several times of one attempt. "" where it says things once.
	Session string
}

// PastLogin is a log-in as it is kept.
type PastLogin struct {
	Login
	Kind    EventKind // EventRegistration or EventAuthFailure
	Time    Instant
	Tenant  string
	Site    string
	Account string // as the event names it; User is what was tried
}

// LoginQuery asks for log-ins of a tenant, newest first. User and From may be given together.
type LoginQuery struct {
	Tenant       string
	User         string     // "" = all
	From         netip.Addr // the zero Addr = all
	Since, Until Instant    // since ≤ Time < until; zero = without bound
	Page         Page
}

// LoginStore keeps log-ins: those at a PBX come with its events, those at Belwacht itself by AddLogin. Its methods may be called from many goroutines.
type LoginStore interface {
	// AddLogin takes a log-in at Belwacht itself to be kept, and returns at once. Where the queue is full it is dropped and counted. The caller may change
	// l afterwards.
	AddLogin(l *PastLogin)
	// Logins is a page of them and where the next begins.
	Logins(ctx context.Context, q *LoginQuery) ([]PastLogin, Cursor, error)
}
