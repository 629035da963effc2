package belwacht

import "context"

// SilenceMost is the longest that a silence may last.
const SilenceMost = 30 * Day

// Silence keeps alerts of a kind from being told, for a time. It always ends, and it touches nothing but telling: calls are judged, refused and ended, and
// alerts kept and shown, as without it.
type Silence struct {
	ID      string  `json:"id"` // unique within the tenant
	Tenant  string  `json:"tenant,omitempty"`
	Account string  `json:"account,omitempty"` // "" = of all accounts
	Cause   string  `json:"cause,omitempty"`   // "" = of all causes; one of the two is given
	Since   Instant `json:"since"`
	Until   Instant `json:"until"`
	Who     string  `json:"who"`
	Why     string  `json:"why"`             // that person's words; hostile until escaped
	Lifted  Instant `json:"lifted,omitzero"` // zero = it was not
	Lifter  string  `json:"lifted_by,omitempty"`
}

// Holds says whether it is silent at an instant.
func (s *Silence) Holds(at Instant) bool {
	return s.Since <= at && at < s.Until && (s.Lifted == 0 || at < s.Lifted)
}

// Covers says whether an alert is not told because of it, at an instant.
func (s *Silence) Covers(a *Alert, at Instant) bool {
	return s.Holds(at) && s.Tenant == a.Tenant && (s.Account == "" || s.Account == a.Account) && (s.Cause == "" || s.Cause == a.Cause)
}

// Check says what is missing or wrong, as an error of code Invalid.
func (s *Silence) Check() error {
	switch {
	case s.ID == "" || s.Who == "" || s.Why == "":
		return Errorf(Invalid, "a silence has an ID and says who wanted it and why")
	case s.Account == "" && s.Cause == "":
		return Errorf(Invalid, "a silence names an account or a cause; all alerts at once are never silent")
	case s.Since <= 0 || s.Until <= s.Since || s.Until-s.Since > SilenceMost:
		return Errorf(Invalid, "a silence ends, and at most %d days after it begins", SilenceMost/Day)
	}
	return nil
}

// SilenceStore keeps silences. Its methods may be called from many goroutines; PutSilence and LiftSilence are durable, as PutAlert is.
type SilenceStore interface {
	// PutSilence keeps a silence, in place of one with its tenant and ID.
	PutSilence(ctx context.Context, s *Silence) error
	// LiftSilence ends one before its time. NotFound where there is none with this ID that was not lifted.
	LiftSilence(ctx context.Context, tenant, id, who string, at Instant) error
	// Silences is all that are silent at an instant, of all tenants, oldest first.
	Silences(ctx context.Context, at Instant) ([]Silence, error)
	// PastSilences is a page of a tenant's present and past ones, newest first, and where the next begins.
	PastSilences(ctx context.Context, tenant string, page Page) ([]Silence, Cursor, error)
}
