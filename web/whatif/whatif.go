// Package whatif is the console's page of what another setting would have done: the calls of the last 90 days are played once more, with one rule or limit changed, and
// held against the same play with the settings in force. It shows which calls would have been stopped, which would not, and what that is in money; and for each call that
// was stopped and a person said was fine, the setting that would have let it through and what else that would have let through. It changes nothing.
package whatif

import (
	"context"
	"embed"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// Change is one setting changed: a rule's switch, or one value of a limit. The zero Change is none.
type Change struct {
	Rule   string
	Switch string // enforce, monitor or off
	Was    string // of a rule, its switch in force
	// What it looks at, in English and Dutch.
	English, Dutch string

	Scope string // of a limit: organisation, "group NAME", "trunk NAME" or an account
	Key   string // as the configuration has it
	Value string // written as there; "" = no such limit
}

// ID names a change in addresses; what a rule is and was is no part of it.
func (c Change) ID() string {
	if c.Rule != "" {
		return "rule:" + c.Rule + ":" + c.Switch
	}
	return "limit:" + c.Scope + ":" + c.Key + ":" + c.Value
}

// Result is what a change would have done.
type Result struct {
	Change   Change
	From     belwacht.Instant // what was counted; what came before it was learned from only
	Until    belwacht.Instant
	Calls    int64 // to outside in that time
	More     Tally // stopped by the change, and not by the settings in force
	Fewer    Tally // stopped by the settings in force, and not by the change
	Told     int64 // alerts more, or fewer where it is negative
	Unplayed int64 // calls whose number is kept no more: helplines, pseudonyms
	Supposed bool  // played as if Belwacht enforced, which it does not now
	Names    []Call
	Avoids   []string // IDs of calls that were stopped wrongly, as people said, and would not have been
}

// Tally is calls and their money.
type Tally struct {
	Calls int64
	Cost  belwacht.Money // of More what stopping them would have saved; of Fewer what they cost, where they went through in fact
	Risk  belwacht.Money // of Fewer, what was at risk in those that never went through
	Fraud int64          // of them a person said so
	Fine  int64          // of them a person said that they were fine
}

// Call is one call that would have gone another way.
type Call struct {
	ID, Site string
	Start    belwacht.Instant
	Account  string
	Number   string // "" = of a helpline
	Country  belwacht.Country
	More     bool   // stopped by the change; else let through by it
	Cause    string // of stopping it
	Money    belwacht.Money
}

// State is how far an organisation's plays are.
type State struct {
	Playing bool
	Waiting int      // changes that are not played yet, those being played included
	Done    float64  // of the play that runs, 0 to 1
	Failed  string   // what went wrong with the last one, a sentence in English; "" = nothing
	Queue   []Change // those that wait, in their order
	AtOnce  int      // of Queue that are being played
	Broken  []Broken // what could not be played
	Found   map[string]*Result
	Order   []string // IDs of Found, the newest last
}

// Broken is a change that could not be played, and why: a sentence in English.
type Broken struct {
	Change Change
	Why    string
}

// Wrong is a call that was stopped although a person said that it was fine.
type Wrong struct {
	Call, Site, Account, Number, Cause string
	Social                             bool
	At                                 belwacht.Instant
	Changes                            []Change // each of which may have let it through; empty = none: a person's own decision stopped it
}

// Player plays changes, in the background. Its methods may be called from many goroutines.
type Player interface {
	// Play has changes played that have not been yet, and returns at once. An error of code Invalid says what is wrong with one of them.
	Play(tenant string, changes []Change) error
	State(tenant string) *State
	// Cancel has a change not be played that waits or is being played, by its ID; "" = all. An error of code NotFound where it does neither.
	Cancel(tenant, id string) error
}

// Chooser says what may be worth playing.
type Chooser interface {
	// Rules are all rules, each switched otherwise than it is.
	Rules(tenant string) ([]Change, error)
	// Wrong are the calls of the last 90 days that were stopped and fine, the newest first.
	Wrong(ctx context.Context, tenant string) ([]Wrong, error)
}

// Config is what the page needs. With a nil Player there is no page.
type Config struct {
	Player  Player
	Chooser Chooser
	Keys    []string // of limits
}

type pages struct{ Config }

// New registers the pages.
func New(site *web.Site, c Config) error {
	if c.Player == nil {
		return nil
	}
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{c}
	site.Nav(web.Entry{Order: 925, Group: "Looking after it", Path: "/what-if", Title: "What if", Icon: "scale", Right: web.SeeSettings})
	site.Get("/what-if", web.SeeSettings, set, p.page)
	site.Get("/what-if/one", web.SeeSettings, set, p.one)
	site.Post("/what-if", web.SeeSettings, p.play)
	site.Live("/what-if/now", web.SeeSettings, set, every, func(a *web.Ask) (string, any, error) {
		v, err := p.view(a)
		return "played", v, err
	})
	return nil
}

// Let is the money in calls that would not have been stopped: what they cost, or what was at risk.
func (r *Result) Let() belwacht.Money { return r.Fewer.Cost + r.Fewer.Risk }
