package belwacht

import "context"

// Telling is how far people are told of one alert. The alert's tenant, ID and First name it.
type Telling struct {
	Alert   Alert      `json:"alert"`             // its newest form
	Said    int        `json:"said"`              // its Count in the form that people are told of
	Word    Word       `json:"word"`              // and that form's word
	At      Instant    `json:"at"`                // since when it is told in that form
	Silent  bool       `json:"silent,omitempty"`  // a silence held then: nobody is told
	Reached []Reached  `json:"reached,omitempty"` // who was told, or is about to be
	Waiting []Delivery `json:"waiting,omitempty"` // what has not arrived yet
	Step    int        `json:"step"`              // of the escalation: so many of its steps were asked
	StepAt  Instant    `json:"step_at"`           // when the last was
	Taken   Instant    `json:"taken,omitzero"`    // when somebody acknowledged it; zero = nobody yet
	Taker   string     `json:"taker,omitempty"`   // who did
	Last    Instant    `json:"last,omitzero"`     // when the step after the last person was taken; zero = not
	Changed Instant    `json:"changed"`           // any of this
}

// Reached is somebody who was told, or is about to be.
type Reached struct {
	To   string `json:"to"`   // a person's name; "" = what belongs to nobody, such as a webhook
	Way  string `json:"way"`  // the way's name
	Said int    `json:"said"` // the Count of the form
}

// Delivery is one message that has to arrive.
type Delivery struct {
	To    string  `json:"to"`
	Way   string  `json:"way"` // the way's name
	Since Instant `json:"since"`
	Note  string  `json:"note,omitempty"` // what is said besides: "" , escalated or barred
}

// Silence stops the telling of alerts for a time, and nothing else: calls are judged, refused and ended as always.
type Silence struct {
	ID      string  `json:"id"`
	Tenant  string  `json:"tenant,omitempty"`
	Account string  `json:"account,omitempty"` // "" = all
	Cause   string  `json:"cause,omitempty"`   // "" = all
	Since   Instant `json:"since"`
	Until   Instant `json:"until"` // it always ends
	Who     string  `json:"who"`
	Why     string  `json:"why"`
}

// SilenceMost is how long a silence may last.
const SilenceMost = 31 * Day

// Check says what is missing or wrong, as an error of code Invalid.
func (s *Silence) Check() error {
	switch {
	case s.ID == "" || s.Who == "":
		return Errorf(Invalid, "a silence has an ID and says who made it")
	case s.Since <= 0 || s.Until < s.Since:
		return Errorf(Invalid, "a silence has a beginning, and an end after it")
	case s.Until-s.Since > SilenceMost:
		return Errorf(Invalid, "a silence lasts for %d days at most; make it shorter, and again when it is over", SilenceMost/Day)
	}
	return nil
}

// Covers says whether an alert is not told at an instant.
func (s *Silence) Covers(a *Alert, at Instant) bool {
	return s.Since <= at && at < s.Until && s.Tenant == a.Tenant && (s.Account == "" || s.Account == a.Account) && (s.Cause == "" || s.Cause == a.Cause)
}

// TellingStore keeps how far people are told, so that a restart loses nothing and says nothing twice. Its methods may be called from many goroutines. What it
// puts is on disk when it returns; an error of code Unreachable says that it is not, and that trying again may help.
type TellingStore interface {
	// PutTellings keeps some, each in place of the one of its alert.
	PutTellings(ctx context.Context, list []Telling) error
	// Tellings are all that are kept, those that changed first before the others. What has not changed for nine days is let go.
	Tellings(ctx context.Context) ([]Telling, error)
	// PutSilence keeps a silence, in place of one with its ID. One that is to end now has that as its end.
	PutSilence(ctx context.Context, s *Silence) error
	// Silences are those that hold at an instant, oldest first.
	Silences(ctx context.Context, at Instant) ([]Silence, error)
	// PutMark notes that something was done, by its name.
	PutMark(ctx context.Context, name string, at Instant) error
	// Mark is when it was done last; zero = never.
	Mark(ctx context.Context, name string) (Instant, error)
}
