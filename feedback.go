package belwacht

// Width is how far "this was fine" reaches; nothing wider follows from it.
type Width string

// The widths a person can choose.
const (
	WidthOnce    Width = "once"    // this call: dial again within 15 minutes
	WidthNumber  Width = "number"  // this number, for this account
	WidthCountry Width = "country" // this country, for this account, until a date
)

// Feedback is what a person said of a decision: a line of a feedback file.
type Feedback struct {
	ID     string  `json:"id"`               // of the call
	Tenant string  `json:"tenant,omitempty"` // whose call; "" where no two organisations have a call of this ID
	Time   Instant `json:"time"`             // when it was said
	Says   string  `json:"says"`             // "fine" or "fraud"
	Width  Width   `json:"width,omitempty"`
	Until  Instant `json:"until,omitempty"` // of a country; zero = 90 days
}

// Ends is when it holds no more; zero = when somebody says otherwise.
func (f *Feedback) Ends() Instant {
	switch {
	case f.Says == "fraud":
		return f.Time + 30*Day
	case f.Width == WidthNumber:
		return 0
	case f.Width != WidthCountry:
		return f.Time + 15*Minute
	case f.Until == 0:
		return f.Time + 90*Day
	}
	return f.Until
}
