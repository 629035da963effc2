package belwacht

import (
	"context"
	"net/netip"
	"strings"
)

// Word is the decision in one word, from harmless to grave.
type Word uint8

// The words of DESIGN §2.
const (
	Allow  Word = iota
	Watch       // let through, kept
	Warn        // "alert": let through, told
	Refuse      // not let through
	EndNow      // "end": a running call is ended
)

// String is allow, watch, alert, refuse or end.
func (w Word) String() string {
	if w > EndNow {
		w = 0
	}
	return [...]string{"allow", "watch", "alert", "refuse", "end"}[w]
}

// MarshalText implements encoding.TextMarshaler.
func (w Word) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (w *Word) UnmarshalText(b []byte) error {
	for i := Allow; i <= EndNow; i++ {
		if i.String() == string(b) {
			*w = i
			return nil
		}
	}
	return Errorf(Invalid, "%q is no decision; there are allow, watch, alert, refuse, end", b)
}

// Mode says how much Belwacht does with its decisions.
type Mode uint8

// The modes, from weak to strong; of tenant and rule the weaker wins.
const (
	Learn   Mode = iota // evidence is kept, decisions are at most watch
	Monitor             // full decisions and alerts, nothing is done but the brake
	Enforce
)

// String is learn, monitor or enforce.
func (m Mode) String() string { return [...]string{"learn", "monitor", "enforce", "enforce"}[m&3] }

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Mode) UnmarshalText(b []byte) error {
	switch string(b) {
	case "learn":
		*m = Learn
	case "monitor":
		*m = Monitor
	case "enforce":
		*m = Enforce
	default:
		return Errorf(Invalid, "%q is no mode; there are learn, monitor and enforce", b)
	}
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// DecisionSchema names the form of a decision in files; a reader refuses another major version.
const DecisionSchema = "belwacht.decision/1"

// Decision is what was decided on one attempt or running call, and why. Its JSON is a line of a decisions file.
type Decision struct {
	Schema  string  `json:"schema"`
	ID      string  `json:"id"` // the call's ID
	Time    Instant `json:"time"`
	Tenant  string  `json:"tenant,omitempty"`
	Site    string  `json:"-"` // where the call runs; set for EndNow
	Account string  `json:"account"`
	Number  string  `json:"number"` // E.164 with plus, else as dialled, cleaned
	Word    Word    `json:"decision"`
	// Cause is a stable code such as "limit.money.day" or "rule.new-country"; docs/causes.md says what each means.
	Cause    string `json:"cause"`
	Enforced bool   `json:"enforced"` // carried out, not only said
	// Reference is a short code that a person can read over the telephone.
	Reference string `json:"reference,omitempty"`
	// MaxSeconds is the longest the call may last, 0 = no limit.
	MaxSeconds  int64    `json:"max_seconds,omitempty"`
	ScoreBits   float64  `json:"score_bits"`
	Probability float64  `json:"probability"` // of fraud, 0 to 1
	AtRisk      float64  `json:"at_risk_eur"` // in the organisation's currency, in the next ten minutes
	Rules       []string `json:"rules"`       // that spoke, strongest first
	Reason      string   `json:"reason"`      // one plain sentence in English
	ReasonNL    string   `json:"reason_nl"`   // the same in Dutch
	Trace       *Trace   `json:"trace,omitempty"`
	// From is the address from outside that a sign of log-ins tells of; the zero Addr = none.
	From netip.Addr `json:"-"`
	// Untold, where it is set, has yet to write Reason, ReasonNL and Trace: see Tell.
	Untold Teller `json:"-"`
}

// Teller writes the sentences and the trace of a decision. It may be asked for several copies of it, from several goroutines.
type Teller interface{ Tell(d *Decision) }

// ByEvidence says whether rules decided it: no limit, no person, no brake.
func (d *Decision) ByEvidence() bool { return strings.HasPrefix(d.Cause, "rule.") }

// Tell writes Reason, ReasonNL and Trace where the engine has not: putting a decision into words takes longer than making it, and most are read by
// nobody. Whoever shows a decision or writes it to a file asks for them first.
func (d *Decision) Tell() {
	if t := d.Untold; t != nil {
		d.Untold = nil
		t.Tell(d)
	}
}

// Brief is the decision in few words: what and why, without the sentences. It holds nothing that is written later.
func (d *Decision) Brief() *Decision {
	return &Decision{ID: d.ID, Tenant: d.Tenant, Site: d.Site, Time: d.Time, Word: d.Word, Cause: d.Cause, Enforced: d.Enforced}
}

// Trace is how a decision came about: every observation with its bits, and what the account's history was.
type Trace struct {
	RuleSet     string     `json:"rule_set"` // hash of the rules in force
	PriorBits   float64    `json:"prior_bits"`
	Evidence    []Evidence `json:"evidence"`
	Dialled     string     `json:"dialled"`
	Country     string     `json:"country,omitempty"`
	Class       string     `json:"class"`
	Target      string     `json:"target,omitempty"` // the hidden target, where it was judged instead
	PerMinute   float64    `json:"price_per_minute_eur"`
	Estimate    bool       `json:"price_is_estimate,omitempty"`
	Direction   string     `json:"direction"`
	Lineage     string     `json:"lineage,omitempty"`
	Root        string     `json:"root,omitempty"`
	HistoryDays int        `json:"history_days"`  // how long the account is known
	HistoryN    int        `json:"history_calls"` // calls it was learned from
	Mode        string     `json:"mode"`
	WouldBits   float64    `json:"would_bits,omitempty"` // the score with rules in monitor counted
	Degraded    bool       `json:"degraded,omitempty"`
	Loss        float64    `json:"loss_eur,omitempty"`       // what letting it go would cost if it is fraud: held against the price of a wrong refusal
	Talked      int64      `json:"talked_seconds,omitempty"` // of a running call, when it was judged again
}

// DecisionQuery asks for decisions of a tenant, newest first. What is given together holds together.
type DecisionQuery struct {
	Tenant      string
	Reference   string  // the code that was read out; "" = all. Codes come again after some time: the newest is first
	Call        string  // the call's ID; "" = all
	Account     string  // "" = all
	Cause       string  // such as "rule.new-country"; "" = all
	Word        Word    // Allow = all
	From, Until Instant // of Time: from ≤ Time < until; zero = without bound
	Page        Page
}

// DecisionStore keeps decisions with their traces. Its methods may be called from many goroutines.
type DecisionStore interface {
	// AddDecision takes a decision to be kept and returns at once; its sentences and trace are written later, off the call path. Where the queue is
	// full the decision is dropped and counted. The caller may change d afterwards, but nothing that it points to.
	AddDecision(d *Decision)
	// Decisions is a page of them, told, and where the next begins.
	Decisions(ctx context.Context, q *DecisionQuery) ([]Decision, Cursor, error)
}
