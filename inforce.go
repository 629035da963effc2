package belwacht

// InForceKind says what a decision in force is.
type InForceKind string

// The kinds. A ban's subject is an address or network, a lock's an account, a judgement's the call that it speaks of; panic has none.
const (
	KindLock     InForceKind = "lock"     // an account makes no calls but to emergency numbers
	KindPanic    InForceKind = "panic"    // nobody calls abroad, premium numbers or networks
	KindBan      InForceKind = "ban"      // an address is not spoken to
	KindFeedback InForceKind = "feedback" // a person said "this was fine" or "this was fraud"
)

// InForce is what a person or Belwacht decided once and holds from then on, until it ends or is undone: panic, the lock of an account, a ban, what was
// said of a call. It takes effect in memory at once; a store keeps it over a restart.
type InForce struct {
	ID      string      `json:"id"` // unique within the tenant
	Kind    InForceKind `json:"kind"`
	Tenant  string      `json:"tenant,omitempty"`
	Subject string      `json:"subject,omitempty"` // whom it is about, by kind; hostile until escaped
	Who     string      `json:"who"`               // who decided: a person's name, or "belwacht"
	Why     string      `json:"why"`               // a cause, or the person's own words; hostile until escaped
	Since   Instant     `json:"since"`
	Until   Instant     `json:"until,omitzero"` // zero = until it is undone
	Says    string      `json:"says,omitempty"` // of feedback: fine or fraud
	Width   Width       `json:"width,omitempty"`
	Undone  Instant     `json:"undone,omitzero"` // zero = it was not
	Undoer  string      `json:"undone_by,omitempty"`
}

// Holds says whether it is in force at an instant.
func (f *InForce) Holds(at Instant) bool {
	return f.Since <= at && (f.Until == 0 || at < f.Until) && (f.Undone == 0 || at < f.Undone)
}

// Check says what is missing or wrong, as an error of code Invalid: an ID, a kind that there is, a subject where the kind wants one, somebody who
// decided, and an end after the beginning.
func (f *InForce) Check() error {
	switch f.Kind {
	case KindLock, KindBan, KindFeedback:
		if f.Subject == "" {
			return Errorf(Invalid, "a decision in force of kind %s names whom it is about", f.Kind)
		}
	case KindPanic:
	default:
		return Errorf(Invalid, "%.40q is no kind of decision in force; there are lock, panic, ban and feedback", string(f.Kind))
	}
	switch {
	case f.ID == "" || f.Who == "":
		return Errorf(Invalid, "a decision in force has an ID and says who decided it")
	case f.Since <= 0 || f.Until != 0 && f.Until <= f.Since:
		return Errorf(Invalid, "a decision in force has a beginning, and an end after it where it has one")
	}
	return nil
}
