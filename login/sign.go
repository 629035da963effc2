package login

import (
	"net/netip"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/text"
)

// The causes of signs; docs/causes.md says what each means, package text puts them into sentences.
const (
	Scan      = "login.scan"         // one address tries many accounts, or many times some that do not exist
	Guessing  = "login.guessing"     // many failures of one account
	Spraying  = "login.spraying"     // many addresses fail, each a few times
	Forced    = "login.forced"       // failures, then a good log-in, from a network new to the account
	Strange   = "login.strange"      // a good log-in from a country where nobody here is, or from a new country with another maker's phone
	Tool      = "login.tool"         // a good log-in with a program that attackers use
	Unknown   = "login.unknown"      // somebody inside tries accounts that do not exist
	Manager   = "login.manager"      // failures at the PBX's manager interface or web page, or at our own console or API
	Voicemail = "voicemail.guessing" // many short calls, or wrong PINs, at the voicemail
	Flapping  = "trunk.flapping"     // the trunk's registration comes and goes
	Restart   = "pbx.restart"        // the PBX began anew and nobody stopped it
	Anew      = "phones.anew"        // many phones register out of their rhythm
	Refusals  = "far.refusals"       // far networks refuse more calls than usual
	Gap       = "feed.gap"           // the PBX says nothing
	Slow      = "pbx.slow"           // it answers far more slowly than is usual at this hour
	TrunkSlow = "trunk.slow"         // and so does the far end of a trunk
)

// Sign is something that a person should see and that is no single call.
type Sign struct {
	Cause string
	User  string        // the account, mailbox or trunk it is about, as it was tried: clean it before it is shown; "" = none in particular
	From  netip.Addr    // where it came from, the last of several; the zero Addr where that is not known
	Place network.Place // of From
	N     int           // how many: see the cause
}

// Sentence says a sign in one plain sentence.
func (s *Sign) Sentence(l text.Language) string {
	where := ""
	if s.From.IsValid() {
		where = text.Where(l, s.From.String(), s.Place.Country, s.Place.Name, s.Place.Inside)
	}
	return text.Sign(l, s.Cause, s.User, where, int64(s.N))
}

// Decision is a sign as an alert about no call. Time, organisation, ID and reference are the engine's to fill in.
func (s *Sign) Decision() belwacht.Decision {
	var from netip.Addr
	if s.From.IsValid() && !s.Place.Inside {
		from = s.From.Unmap()
	}
	return belwacht.Decision{Schema: belwacht.DecisionSchema, Account: text.Clean(s.User, 64), From: from, Word: belwacht.Warn, Cause: s.Cause, Rules: []string{},
		Reason: s.Sentence(text.English), ReasonNL: s.Sentence(text.Dutch)}
}

const howMany = 16

// causes says the place of each cause in Watch.told.
func causes() [howMany]string {
	return [...]string{Scan, Guessing, Spraying, Forced, Strange, Tool, Unknown, Manager, Voicemail, Flapping, Restart, Anew, Refusals, Gap, Slow, TrunkSlow}
}
