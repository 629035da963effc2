package belwacht

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
