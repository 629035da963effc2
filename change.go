package belwacht

import "context"

// ChangeKind says what was changed.
type ChangeKind string

// The kinds.
const (
	ChangeConfig ChangeKind = "configuration" // Belwacht's own: one key
	ChangePBX    ChangeKind = "pbx"           // the PBX says that it was reloaded, started or stopped
	ChangeFile   ChangeKind = "file"          // a file of the PBX, by belwacht connect or as seen by belwacht doctor
)

// Change is one thing that was changed in a configuration. Secrets never stand in it: the configuration names files that hold them.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Time   Instant    `json:"time"`
	Tenant string     `json:"tenant,omitempty"` // "" = it concerns all, or there is one
	Site   string     `json:"site,omitempty"`   // the PBX, of a PBX's change
	What   string     `json:"what"`             // the key, such as limits.organisation.day.money; the file; what the PBX said
	Before string     `json:"before,omitempty"` // "" = there was nothing
	After  string     `json:"after,omitempty"`  // "" = it is gone
	Who    string     `json:"who"`              // a person's name, or the program that did it
}

// Check says what is missing, as an error of code Invalid.
func (c *Change) Check() error {
	switch c.Kind {
	case ChangeConfig, ChangePBX, ChangeFile:
	default:
		return Errorf(Invalid, "%.40q is no kind of change; there are configuration, pbx and file", string(c.Kind))
	}
	if c.What == "" || c.Who == "" || c.Time <= 0 {
		return Errorf(Invalid, "a change says what was changed, by whom and when")
	}
	return nil
}

// ChangeQuery asks for changes of a tenant and of those that concern all, newest first.
type ChangeQuery struct {
	Kind        ChangeKind // "" = all
	From, Until Instant    // of Time: from ≤ Time < until; zero = without bound
	Page        Page
}

// ChangeStore keeps changes of configurations. Its methods may be called from many goroutines.
type ChangeStore interface {
	// AddChanges is durable: it returns once they are on disk, or with an error of code Unreachable after a second; they are written as soon as the disk
	// lets them.
	AddChanges(ctx context.Context, list []Change) error
	// Changes is a page of them and where the next begins.
	Changes(ctx context.Context, q *ChangeQuery) ([]Change, Cursor, error)
}
