package notify

import (
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Never is a least word that no alert has.
const Never = belwacht.Word(255)

// Receiver is a person, or what belongs to nobody: a webhook, a log server.
type Receiver struct {
	Name     string // "" = nobody's
	Ways     []Way
	Language text.Language
	Full     bool                           // numbers in full, instead of masked
	Tenants  []string                       // organisations; none = all
	Least    belwacht.Word                  // what is less grave is not told
	Most     belwacht.Word                  // what is graver is not told, since others are; 0 = all is
	Hours    func(at belwacht.Instant) bool // nil = always
	Outside  belwacht.Word                  // outside these hours what is less grave waits for them; Never = all does
}

// hears says whether an alert is the receiver's business, and whether now.
func (r *Receiver) hears(a *belwacht.Alert, word belwacht.Word, now belwacht.Instant) (ever, at bool) {
	if len(r.Tenants) > 0 && !slices.Contains(r.Tenants, a.Tenant) || word < r.Least || r.Most > 0 && word > r.Most {
		return false, false
	}
	if r.Hours == nil || r.Hours(now) {
		return true, true
	}
	return true, word >= r.Outside
}

// Notes that a message may come with.
const (
	NoteEscalated = "escalated" // nobody before has taken the alert
	NoteBarred    = "barred"    // nor has anybody since, and calls abroad are barred
	NoteTaken     = "taken"     // somebody looks after it: Message.TakenBy
)

// Escalation says who is told where nobody acknowledges.
type Escalation struct {
	After time.Duration // how long each step has
	Least belwacht.Word // of alerts for which somebody must answer
	// Steps are names of receivers: the first are told at once, the others where nobody has acknowledged. Who is in no step is told at once and not waited for.
	Steps [][]string
	// Bar is until when calls abroad are barred where nobody of the last step has acknowledged either; nil = they are not.
	Bar func(tenant string, now belwacht.Instant) belwacht.Instant
}

// step is the step in which a receiver is told, from 1 on; 0 where it is in none.
func (e *Escalation) step(name string) int {
	if e == nil || name == "" {
		return 0
	}
	for i, names := range e.Steps {
		if slices.Contains(names, name) {
			return i + 1
		}
	}
	return 0
}
