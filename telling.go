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

// TellingStore keeps how far people are told, so that a restart loses nothing and says nothing twice. Its methods may be called from many goroutines. What it
// puts is on disk when it returns; an error of code Unreachable says that it is not, and that trying again may help.
type TellingStore interface {
	// PutTellings keeps some, each in place of the one of its alert.
	PutTellings(ctx context.Context, list []Telling) error
	// Tellings are all that are kept, those that changed first before the others. What has not changed for nine days is let go.
	Tellings(ctx context.Context) ([]Telling, error)
	// PutMark notes that something was done, by its name.
	PutMark(ctx context.Context, name string, at Instant) error
	// Mark is when it was done last; zero = never.
	Mark(ctx context.Context, name string) (Instant, error)
}
