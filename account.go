package belwacht

import "context"

// AccountKind says what stands behind an account.
type AccountKind uint8

// The kinds of DESIGN §2. Unknown accounts are judged as persons.
const (
	KindPerson AccountKind = iota
	KindAgent
	KindSharedDesk
	KindQueue
	KindMachine // lift, alarm, fax, door, payment terminal: it calls its list and nothing else
	KindRoom
	KindTrunk
	KindCanary // an extension nobody owns: any use is an intruder
	accountKinds
)

var accountKindNames = [accountKinds]string{"person", "agent", "shared_desk", "queue", "machine", "room", "trunk", "canary"}

// String is the word used in configuration and output.
func (k AccountKind) String() string {
	if k >= accountKinds {
		return "person"
	}
	return accountKindNames[k]
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *AccountKind) UnmarshalText(b []byte) error {
	for i, n := range accountKindNames {
		if n == string(b) {
			*k = AccountKind(i)
			return nil
		}
	}
	return Errorf(Invalid, "%q is no kind of account; there are %v", b, accountKindNames)
}

// MarshalText implements encoding.TextMarshaler.
func (k AccountKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Account is who pays for behaviour, as far as the owner has declared it. Accounts that are not declared exist as soon as they
// are seen, with Kind person and no group.
type Account struct {
	Name    string      // the endpoint, extension or DID
	Kind    AccountKind // what stands behind it
	Group   string      // the group whose limits and habits it shares, or ""
	Numbers []E164      // caller numbers that are its own; empty = not known
	List    []E164      // machine: the only numbers it calls
}

// KnownAccount is an account with what is kept of its use: what a list of accounts shows.
type KnownAccount struct {
	Tenant   string      `json:"tenant,omitempty"`
	Name     string      `json:"name"`
	Kind     AccountKind `json:"kind"`
	Group    string      `json:"group,omitempty"`
	Declared bool        `json:"declared"`         // it stands in the configuration
	First    Instant     `json:"first,omitzero"`   // its first call; zero = none is known
	Last     Instant     `json:"last,omitzero"`    // its last call
	Calls    int64       `json:"calls"`            // since First, in and out
	Out      Instant     `json:"out,omitzero"`     // its last call to outside; zero = none is known
	Login    Instant     `json:"login,omitzero"`   // its last log-in that succeeded
	Country  Country     `json:"country,omitzero"` // of its last call to outside
}

// AccountQuery asks for accounts of a tenant, last used first; those never used come last.
type AccountQuery struct {
	Tenant string
	Begins string // names that begin with it; "" = all
	Group  string // "" = all
	Page   Page
}

// AccountStore keeps what is known of accounts; their use comes with calls and log-ins. Its methods may be called from many goroutines.
type AccountStore interface {
	// PutAccounts takes what a tenant's configuration declares, in place of what it declared before. It is durable, as PutAlert is.
	PutAccounts(ctx context.Context, tenant string, declared []Account) error
	// Account is one account; an error of code NotFound where nothing is known of it.
	Account(ctx context.Context, tenant, name string) (*KnownAccount, error)
	// Accounts is a page of them and where the next begins.
	Accounts(ctx context.Context, q *AccountQuery) ([]KnownAccount, Cursor, error)
}
