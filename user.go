package belwacht

import (
	"context"
	"strings"
)

// Bounds of a user's data: entries of a list, bytes of a string.
const (
	PasskeysMost = 20
	DevicesMost  = 20
	userLongest  = 200
)

// User is a person who signs in to Belwacht, or did.
type User struct {
	ID       string  `json:"id"`    // random; never given twice
	Login    string  `json:"login"` // what they sign in with: lower case, its own
	Name     string  `json:"name"`  // as it is shown; hostile until escaped
	Mail     string  `json:"mail,omitempty"`
	Role     Role    `json:"role"`
	Tenant   string  `json:"tenant,omitempty"`   // whose organisation; "" = all
	Account  string  `json:"account,omitempty"`  // of self-service: the extension
	Language string  `json:"language,omitempty"` // nl or en
	Created  Instant `json:"created"`
	Changed  Instant `json:"changed"`
	SignedIn Instant `json:"signed_in,omitzero"` // last
	Read     uint64  `json:"-"`                  // position of the last entry of the audit log that they were told of and have read
	Disabled bool    `json:"disabled,omitempty"` // may not sign in

	Secrets Secrets       `json:"-"`
	Devices []KnownDevice `json:"-"` // at most DevicesMost, last used last
}

// Secrets is what a user proves themselves with. Nothing in it can be used by who reads it: passwords, recovery codes are hashed, the TOTP secret is sealed.
type Secrets struct {
	Password    string    `json:"password,omitempty"` // argon2id, PHC string form; "" = none, so that no password signs in
	PasswordSet Instant   `json:"password_set,omitempty"`
	TOTP        []byte    `json:"totp,omitempty"`      // sealed; none = not set up
	TOTPStep    int64     `json:"totp_step,omitempty"` // the step of the code that was used last: it and those before count no more (RFC 6238 §5.2)
	Recovery    []string  `json:"recovery,omitempty"`  // hashes of those not used yet
	Passkeys    []Passkey `json:"passkeys,omitempty"`  // at most PasskeysMost
}

// Passkey is a credential of WebAuthn.
type Passkey struct {
	ID         string  `json:"id"` // base64url
	Name       string  `json:"name"`
	Created    Instant `json:"created"`
	Used       Instant `json:"used,omitempty"`
	Credential []byte  `json:"credential"` // public key and counter, as the library has it in JSON; nothing secret
}

// KnownDevice is a browser that a user has signed in with.
type KnownDevice struct {
	Sum   string  `json:"sum"` // SHA-256 of what the browser keeps, hexadecimal
	Agent string  `json:"agent"`
	First Instant `json:"first"`
	Last  Instant `json:"last"`
}

// SecondFactor says whether the user has a second factor.
func (u *User) SecondFactor() bool { return len(u.Secrets.TOTP) > 0 || len(u.Secrets.Passkeys) > 0 }

// Check says what is wrong, as an error of code Invalid.
func (u *User) Check() error {
	known := false
	for _, r := range Roles() {
		known = known || r == u.Role
	}
	switch {
	case u.ID == "" || u.Created <= 0:
		return Errorf(Invalid, "a user has an ID and was made at some time")
	case len(u.Login) < 2 || len(u.Login) > 64 || strings.Trim(u.Login, "abcdefghijklmnopqrstuvwxyz0123456789.-_@") != "":
		return Errorf(Invalid, "a log-in name has 2 to 64 small letters, digits, dots, dashes, underscores or @, and %.40q has not", u.Login)
	case len(u.Name) > userLongest || len(u.Mail) > userLongest || len(u.Tenant) > userLongest || len(u.Account) > userLongest:
		return Errorf(Invalid, "name, mail address, organisation and extension of a user have at most %d bytes each", userLongest)
	case u.Mail != "" && (!strings.Contains(u.Mail, "@") || strings.ContainsAny(u.Mail, " \r\n\t<>,;")):
		return Errorf(Invalid, "%.60q is no mail address", u.Mail)
	case !known:
		return Errorf(Invalid, "%.40q is no role; there are administrator, operator, auditor, helpdesk and self", string(u.Role))
	case u.Role == RoleSelf && u.Account == "":
		return Errorf(Invalid, "a user of the role self has an extension, which they see and nothing else")
	case u.Language != "" && u.Language != "nl" && u.Language != "en":
		return Errorf(Invalid, "%.20q is no language that Belwacht speaks; there are nl and en", u.Language)
	case len(u.Secrets.Passkeys) > PasskeysMost:
		return Errorf(Invalid, "a user has at most %d passkeys; remove one that is not used", PasskeysMost)
	}
	return nil
}

// UserStore keeps users. Its methods may be called from many goroutines.
//
// PutUser and RemoveUser are durable: they return once it is on disk. Where the disk does not answer within a second, they return an error of code
// Unreachable, and it is written as soon as the disk lets it.
type UserStore interface {
	// PutUser keeps a user, in place of the one with its ID. Invalid where another has its log-in name.
	PutUser(ctx context.Context, u *User) error
	// RemoveUser forgets a user. No error where there is none.
	RemoveUser(ctx context.Context, id string) error
	// Users are all there are, by log-in name.
	Users(ctx context.Context) ([]User, error)
}
