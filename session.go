package belwacht

import "context"

// Stage is how far somebody is with signing in.
type Stage string

// The stages. But in StageFull nothing can be done than what leads on.
const (
	StageFirst  Stage = "first"  // came by the link of the first start; makes the first administrator
	StageReset  Stage = "reset"  // came by the emergency link: chooses a new password and second factor
	StageSecond Stage = "second" // the password was right; the second factor is asked for
	StageEnrol  Stage = "enrol"  // the password was right; a second factor must be set up before anything else
	StageFull   Stage = "full"   // signed in
)

// Session is somebody who is signed in, or about to be.
type Session struct {
	ID     string  `json:"id"` // a name for lists; it opens nothing
	User   string  `json:"user,omitempty"`
	Stage  Stage   `json:"stage"`
	Begun  Instant `json:"begun"`
	Seen   Instant `json:"seen"`  // last request, to the minute
	Until  Instant `json:"until"` // ends then, however busy
	Proved Instant `json:"proved,omitzero"`
	From   string  `json:"from"`  // address at sign-in
	Agent  string  `json:"agent"` // of the browser, as it names itself; hostile until escaped
	Means  string  `json:"means"` // how they signed in: password, totp, recovery, passkey, link
	Local  bool    `json:"local,omitempty"`

	Sum string `json:"-"` // SHA-256 of the token that the browser shows, hexadecimal: who reads the store has no token
}

// SessionStore keeps sessions over a restart. Its methods may be called from many goroutines.
//
// PutSession and EndSession are durable as UserStore's methods are; SeenSession is not.
type SessionStore interface {
	// PutSession keeps a session, in place of the one with its ID.
	PutSession(ctx context.Context, s *Session) error
	// EndSession forgets a session. No error where there is none.
	EndSession(ctx context.Context, id string) error
	// SeenSession notes when a session was used. It never waits.
	SeenSession(id string, at Instant)
	// Sessions are those that end after an instant, oldest first.
	Sessions(ctx context.Context, at Instant) ([]Session, error)
}
