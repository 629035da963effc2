package belwacht

import "context"

// Person is whose data is asked for: by the names of accounts and by numbers, any of which is theirs.
type Person struct {
	Tenant   string
	Accounts []string
	Numbers  []E164
	Written  []string // other ways in which records have these numbers, such as 0612345678; those with + and with 00 are looked for in any case
}

// Kept is one thing that is kept of a person: a call, decision, alert, event, log-in, registration, device, account or decision in force.
type Kept struct {
	Kind string `json:"kind"` // call, decision …
	Data any    `json:"data"` // the noun
}

// Forgotten says what was deleted of a person and what was not.
type Forgotten struct {
	Deleted map[string]int64 `json:"deleted"` // rows by kind
	Held    map[string]int64 `json:"held"`    // rows by kind that stay: they are under legal hold, or a decision that is in force
}

// PersonStore gives out and deletes what is kept of one person. Its methods may be called while the store is used; they hold up no write for more than
// moments.
type PersonStore interface {
	// Both read everything that is kept, in pieces: with millions of calls that takes a minute. A person without account and number is an error of code
	// Invalid.

	// Export hands all that is kept of a person to yield, kind by kind, until there is no more or yield gives an error, which is returned.
	Export(ctx context.Context, p *Person, yield func(*Kept) error) error
	// Forget deletes it, but for what is under legal hold (Incident.Hold) and what is in force.
	Forget(ctx context.Context, p *Person, now Instant) (*Forgotten, error)
}
