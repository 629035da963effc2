package web

import (
	"net/http"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// Right is one thing that a visitor may or may not. The names are those of package access's permissions.
type Right string

// The rights that pages and operations ask for.
const (
	Anyone       Right = ""               // no log-in is needed
	SeeCalls     Right = "calls.read"     // live calls, calls, one call, accounts, destinations
	EndCalls     Right = "calls.end"      // end a running call
	Feedback     Right = "feedback.write" // "this was fine", "this was fraud"
	SeeAlerts    Right = "alerts.read"
	ChangeAlerts Right = "alerts.write" // assign, note, close
	SeeLocks     Right = "locks.read"
	LockAccounts Right = "locks.add"
	FreeAccounts Right = "locks.remove"
	PressPanic   Right = "panic.on"
	ReleasePanic Right = "panic.off"
	Help         Right = "helpdesk.use"
	SeeHealth    Right = "health.read"
	SeeSettings  Right = "settings.read" // rules, limits, countries, settings
	Configure    Right = "settings.write"
	SeeReports   Right = "reports.read"
	Export       Right = "calls.export"
	Unmask       Right = "numbers.unmask" // see one number in full, with a reason
	FullNumbers  Right = "numbers.read"   // telephone numbers unmasked everywhere: no role has it, only who looks at made-up ones
)

// Visitor is who asks, as a [Door] found out.
type Visitor struct {
	Name     string // as it is shown and logged; hostile until escaped
	Role     string // a word of the catalogue, such as "administrator"
	Rights   []Right
	Tenants  []string        // the organisations that they may see; nil = all
	Language *text.Language  // nil = as the browser asks
	Guest    bool            // there is nothing to sign out of
	Person   *access.Visitor // who it is at the door, for [Deeds]; nil: a guest of a demonstration or a test
}

// May says whether a visitor has a right. Nobody has none.
func (v *Visitor) May(r Right) bool { return r == Anyone || v != nil && slices.Contains(v.Rights, r) }

// Sees says whether a visitor may see an organisation.
func (v *Visitor) Sees(tenant string) bool {
	return v != nil && (v.Tenants == nil || slices.Contains(v.Tenants, tenant))
}

// Door finds out who asks. Its method may be called from many goroutines.
type Door interface {
	// Visitor is who asks; nil where nobody is signed in. An error is told to who asks, on a page.
	Visitor(r *http.Request) (*Visitor, error)
}

// Everything is what an administrator may, and to see numbers in full, for a fixed administrator of tests and of the demonstration.
func Everything() []Right {
	list := []Right{FullNumbers}
	for _, p := range access.Permissions(belwacht.RoleAdministrator) {
		list = append(list, Right(p))
	}
	return list
}
