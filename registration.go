package belwacht

import (
	"context"
	"net/netip"
)

// Registration is one place that an account was logged in from: an address with a user agent. Only log-ins that succeeded make one. Its strings are
// a stranger's: hostile until escaped.
type Registration struct {
	Tenant  string     `json:"tenant,omitempty"`
	Site    string     `json:"site"`
	Account string     `json:"account"`
	From    netip.Addr `json:"from"`
	Agent   string     `json:"agent,omitempty"` // the user agent as it names itself; "" = not known
	First   Instant    `json:"first"`           // seen
	Last    Instant    `json:"last"`
	Count   int64      `json:"logins"`
}

// RegistrationQuery asks for registrations of a tenant, last seen first.
type RegistrationQuery struct {
	Tenant  string
	Account string     // "" = all
	From    netip.Addr // the zero Addr = all
	Page    Page
}

// RegistrationStore gives registrations; they come with the events of log-ins. Its method may be called from many goroutines.
type RegistrationStore interface {
	// Registrations is a page of them and where the next begins.
	Registrations(ctx context.Context, q *RegistrationQuery) ([]Registration, Cursor, error)
}
