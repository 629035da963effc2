package rule

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/login"
	"github.com/belwacht/belwacht/profile"
)

// Scope says which attempts a rule looks at.
type Scope uint8

// The scopes.
const (
	Notable Scope = iota // to numbers that deserve a look: abroad, dear, unknown
	Home                 // to ordinary numbers at home
	Running              // calls that run
	Inbound              // calls from outside
	Any                  // every attempt to a number outside the house
	scopes
)

var scopeNames = [scopes]string{"notable", "home", "running", "inbound", "any"}

// String is the word used in rule files.
func (s Scope) String() string { return scopeNames[s%scopes] }

// View is all that is known of one attempt or running call as it is judged. It is filled by the engine and holds nothing that allocates.
type View struct {
	At      belwacht.Instant
	Scope   Scope // Notable, Home, Running or Inbound
	Number  belwacht.Number
	Judged  belwacht.E164 // the number, or the hidden target where that is dearer or riskier
	Country belwacht.Country
	Class   belwacht.Class
	Risk    belwacht.Risk
	Price   belwacht.Price

	Values count.Values
	Own    profile.Usual
	Group  profile.Usual // where the account has one
	House  profile.House

	Kind       belwacht.AccountKind
	Lineage    belwacht.Lineage
	HasGroup   bool
	HasHours   bool // the owner has declared office hours
	Open       bool
	Holiday    bool
	Daytime    bool // an hour at which people commonly work, whatever the owner declared
	Novel      bool // neither account nor house knows the number, it has not rung us, and it is no slip of the finger
	Mistyped   bool // what was dialled leads nowhere and hides a number that the account talked with lately, though nobody here knows it yet
	NewAccount bool // first seen within 30 days while the house is known for longer
	ForeignID  bool // the caller number is not one of the account's own
	OffList    bool // a machine calls a number outside its list
	FromTrunk  bool // the call comes from outside and goes out again
	Direction  belwacht.Direction

	Reach Reach       // of Inbound only
	Login login.Facts // of the account's log-ins; nothing where none are told
}

// Reach is whether the house is reached and reaches others.
type Reach struct {
	InboundMinute   float32 // calls from outside in the last minute
	InboundUsual    float32 // usual in a busy minute
	Doubt           float32 // bits: how unlikely it is that so few of our calls of the last hour were answered
	Unanswered      float32 // percent of them that were not
	UnansweredUsual float32
	Blocked         float32 // of our calls of the last ten minutes, those that found no channel
	Ended           float32 // all of them
}

// Maturity is how much the history behind a view bears: log2(n + 1) of the calls that the account and, where it is young, the house was
// learned from.
func (v *View) Maturity() float32 { return log2p1(v.Own.Calls + v.House.Calls/16) }

// strange is n where the account is no regular caller of the country, this week's calls to the range apart; else 0.
func (v *View) strange(n float32) float32 {
	if !v.Novel || v.Own.CountryN > v.Values.OwnCalls7d+3 {
		return 0
	}
	return n
}

// Services stands for the costly numbers of the site's own country as if they were a country of their own (ZZ is user-assigned in ISO
// 3166): who calls them says nothing of calls at home, and calls at home nothing of them.
func Services() belwacht.Country { return belwacht.Country{'Z', 'Z'} }
