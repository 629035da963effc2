package belwacht

import "context"

// IncidentState is how far somebody is with an alert.
type IncidentState string

// The states, in their order.
const (
	IncidentOpen   IncidentState = "open"   // nobody has looked yet
	IncidentTaken  IncidentState = "taken"  // acknowledged: somebody works on it
	IncidentClosed IncidentState = "closed" // with an outcome
)

// IncidentOutcome is what a closed alert turned out to be.
type IncidentOutcome string

// The outcomes.
const (
	OutcomeFraud    IncidentOutcome = "fraud"
	OutcomeInnocent IncidentOutcome = "innocent"
	OutcomeTest     IncidentOutcome = "test"
	OutcomeUnclear  IncidentOutcome = "unclear"
)

// Incident is an alert with what people did about it.
type Incident struct {
	Alert
	State   IncidentState   `json:"state"`
	Outcome IncidentOutcome `json:"outcome,omitempty"` // of a closed one
	Who     string          `json:"who,omitempty"`     // who changed it last
	Note    string          `json:"note,omitempty"`    // that person's words; hostile until escaped
	Changed Instant         `json:"changed,omitzero"`  // by a person; zero = not yet
	Taken   Instant         `json:"taken,omitzero"`    // acknowledged: the first time that somebody took or closed it; zero = not yet
	// Assignee is who works on it; "" = nobody.
	Assignee string `json:"assignee,omitempty"`
	// Hold keeps it, and the decisions and calls of its account from its first to its last, from being deleted, pseudonymised or forgotten: legal hold.
	Hold bool `json:"hold,omitempty"`
}

// Change is what somebody begins with who does something about it: all stays as it is but what is set afterwards.
func (i *Incident) Change(who string, at Instant) *IncidentChange {
	return &IncidentChange{Tenant: i.Tenant, ID: i.ID, State: i.State, Outcome: i.Outcome, Assignee: i.Assignee, Hold: i.Hold, Who: who, Time: at}
}

// IncidentChange is what a person does about an alert: what it is like from then on, and a note. A note alone repeats what it was like.
type IncidentChange struct {
	Tenant   string          `json:"tenant,omitempty"`
	ID       string          `json:"id"`                // of the alert; of several with one ID the newest is meant
	State    IncidentState   `json:"state"`             // which it has from then on
	Outcome  IncidentOutcome `json:"outcome,omitempty"` // of closed; "" otherwise
	Assignee string          `json:"assignee,omitempty"`
	Hold     bool            `json:"hold,omitempty"`
	Who      string          `json:"who"`
	Note     string          `json:"note,omitempty"`
	Time     Instant         `json:"time"`
}

// Check says what is wrong, as an error of code Invalid: an unknown state, no outcome where it is closed or one where it is not, nobody who did it.
func (c *IncidentChange) Check() error {
	switch c.State {
	case IncidentOpen, IncidentTaken:
		if c.Outcome != "" {
			return Errorf(Invalid, "an alert has an outcome only once it is closed")
		}
	case IncidentClosed:
		switch c.Outcome {
		case OutcomeFraud, OutcomeInnocent, OutcomeTest, OutcomeUnclear:
		default:
			return Errorf(Invalid, "an alert is closed as fraud, innocent, test or unclear, not as %.40q", string(c.Outcome))
		}
	default:
		return Errorf(Invalid, "%.40q is no state of an alert; there are open, taken and closed", string(c.State))
	}
	if c.ID == "" || c.Who == "" || c.Time <= 0 {
		return Errorf(Invalid, "a change of an alert names the alert, who made it and when")
	}
	return nil
}

// AlertQuery asks for alerts of a tenant, newest first by First.
type AlertQuery struct {
	Tenant      string
	State       IncidentState // "" = all
	Account     string        // "" = all
	From, Until Instant       // of First: from ≤ First < until; zero = without bound
	Page        Page
}

// AlertStore keeps alerts and what people did about them. Its methods may be called from many goroutines.
//
// PutAlert and ChangeAlert are durable: they return once it is on disk. Where the disk does not answer within a second, they return an error of code
// Unreachable, and it is written as soon as the disk lets it: an alert is told all the same.
type AlertStore interface {
	// PutAlert keeps an alert, new or grown. An alert with its tenant, ID and First is replaced; its state stays.
	PutAlert(ctx context.Context, a *Alert) error
	// ChangeAlert notes what a person did. NotFound where there is no such alert.
	ChangeAlert(ctx context.Context, c *IncidentChange) error
	// Alert is one alert, of several with its ID the newest; an error of code NotFound where there is none.
	Alert(ctx context.Context, tenant, id string) (*Incident, error)
	// Alerts is a page of them and where the next begins.
	Alerts(ctx context.Context, q *AlertQuery) ([]Incident, Cursor, error)
	// AlertCounts is how many alerts of a tenant are in each state.
	AlertCounts(ctx context.Context, tenant string) (map[IncidentState]int64, error)
	// AlertHistory is what people did about an alert, of several with its ID the newest, newest first, and where the page after it begins.
	AlertHistory(ctx context.Context, tenant, id string, page Page) ([]IncidentChange, Cursor, error)
}
