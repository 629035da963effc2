package report

import (
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/text"
)

// The bounds of a Summary's tables. What does not fit is counted together and shown as "others".
const (
	maxAccounts = 100_000
	maxRules    = 512
	maxNetworks = 64
	maxDays     = 4_000
	maxPatterns = 4_096
	maxName     = 128 // bytes kept of a name
)

// Options say for whom a Summary is written and under which settings the calls were judged.
type Options struct {
	Organisation string
	Language     text.Language  // the zero value is English
	Currency     string         // ISO 4217 or a sign; empty = EUR
	Zone         *time.Location // in which days and hours are meant; nil = UTC
	Home         belwacht.Country
	Mode         belwacht.Mode
	Brake        belwacht.Money // per night and trunk; 0 = switched off
	RefuseCost   belwacht.Money // what wrongly refusing a call costs the owner
	AlertCost    belwacht.Money // what looking at an alert costs
	OfficeHours  string         // as configured; empty = none
	Settings     []Setting      // what else the reader should see, such as rates and limits
	Top          int            // rows of a table; 0 = 10
	Mask         bool           // show numbers as +31 6 •••• 5678, for a page that is sent on
	// Truth says whether a call was fraud, where that is known: from feedback, or in a simulation. It may be nil.
	Truth func(id string) (fraud, known bool)
}

// Setting is a named setting as it should be printed.
type Setting struct{ Name, Value string }

// Reading is how the records were read.
type Reading struct {
	Files    int           // files read
	Format   string        // as recognised or forced
	Zone     string        // of the times in the files
	Rows     int64         // rows that were seen
	Rejected int64         // rows that could not be read
	Late     int64         // calls that came after the horizon: judged, but they teach no window
	Bytes    int64         // read
	Took     time.Duration // wall time
}

// Summary counts what a replay decided. It must not be used by two goroutines at once.
type Summary struct {
	o     Options
	clock clock

	total      tally
	direction  [4]int64
	abroad     tally // calls abroad and to costly classes
	class      [int(belwacht.ClassInternal) + 1]tally
	country    [1 + 26*26]tally // outbound, by Country.Index
	hour       [7 * 24]tally    // by hour of the week, Monday 00:00 first
	network    book[string]     // satellite and international networks
	accounts   book[account]    // see settle
	rules      book[string]     // under the strongest rule that spoke, else the cause
	causes     book[string]
	days       book[int32]
	today      *tally // of lastDay, so that the map is asked once a day of calls
	lastDay    int32
	near       nearby
	tenants    map[string]struct{} // at most two: whether accounts need their tenant said
	patterns   patterns
	bins       calibration
	first      belwacht.Instant
	last       belwacht.Instant
	emergency  safety
	social     safety
	brake      tally
	late       int64
	alerts     int64
	alertWords [wordCount]int64
	reading    Reading
}

// safety is what became of calls that may never be refused.
type safety struct {
	Passed  int64 `json:"passed"`
	Refused int64 `json:"refused"`
}

// New returns an empty Summary.
func New(o Options) *Summary {
	if o.Top <= 0 {
		o.Top = 10
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Summary{
		o: o, clock: newClock(o.Zone), lastDay: -1 << 31,
		network: newBook[string](maxNetworks), accounts: newBook[account](maxAccounts),
		rules: newBook[string](maxRules), causes: newBook[string](maxRules), days: newBook[int32](maxDays),
		near: nearby{known: make(map[string]*count.Names[*tally])}, tenants: make(map[string]struct{}), patterns: newPatterns(maxPatterns),
	}
}

// Add counts one finished call. Nothing of o is kept: what must last is copied. A plain allow allocates nothing once its account
// and day are known.
func (s *Summary) Add(o *belwacht.Outcome) {
	c, n := o.Call, &o.Number
	d := gravest(o)
	w := belwacht.Allow
	if d != nil {
		w = min(d.Word, belwacht.EndNow)
	}
	saved, would := kept(o, d)
	s.total.add(o.Cost, saved, would, w)
	s.direction[c.Direction&3]++
	s.class[min(n.Class, belwacht.ClassInternal)].add(o.Cost, saved, would, w)
	s.span(c.Start)
	day, hour := s.clock.local(c.Start)
	s.hour[hour].add(o.Cost, saved, would, w)
	if day != s.lastDay {
		s.today, s.lastDay = s.days.row(day, same), day
	}
	s.today.add(o.Cost, saved, would, w)
	s.account(c, o.Cost, saved, would, w)
	if c.Direction == belwacht.Out {
		s.destination(n, o.Cost, saved, would, w)
	}
	if c.Late {
		s.late++
	}
	b := s.bins.add(o.Probability)
	if s.o.Truth != nil {
		if fraud, known := s.o.Truth(c.ID); known {
			b.known++
			if fraud {
				b.fraud++
			}
		}
	}
	if d != nil && w > belwacht.Allow {
		s.decided(o, d, saved, would, w)
	}
}

// destination counts an outbound call under where it went.
func (s *Summary) destination(n *belwacht.Number, cost, saved, would belwacht.Money, w belwacht.Word) {
	switch n.Class {
	case belwacht.ClassEmergency:
		s.emergency.count(w)
	case belwacht.ClassSocial:
		s.social.count(w)
	}
	if n.Abroad || n.Class.Costly() {
		s.abroad.add(cost, saved, would, w)
	}
	t := &s.country[n.Country.Index()]
	if n.Country == (belwacht.Country{}) && n.Network != "" {
		t = s.network.row(cut(n.Network), strings.Clone)
	}
	if t.calls == 0 || n.Risk < t.risk {
		t.risk = n.Risk
	}
	t.add(cost, saved, would, w)
}

// count counts a call that may never be refused.
func (s *safety) count(w belwacht.Word) {
	if w >= belwacht.Refuse {
		s.Refused++
	} else {
		s.Passed++
	}
}

// decided counts what is known only of a call above allow.
func (s *Summary) decided(o *belwacht.Outcome, d *belwacht.Decision, saved, would belwacht.Money, w belwacht.Word) {
	name := d.Cause
	if len(d.Rules) > 0 && d.ByEvidence() {
		name = d.Rules[0]
	}
	s.rules.row(cut(name), strings.Clone).add(o.Cost, saved, would, w)
	s.causes.row(cut(d.Cause), strings.Clone).add(o.Cost, saved, would, w)
	if isBrake(d.Cause) {
		s.brake.add(o.Cost, saved, would, w)
	}
	s.patterns.add(o, d, saved, would, w)
}

// isBrake says whether a decision is the brake's: its causes all begin with the word.
func isBrake(cause string) bool { return strings.HasPrefix(cause, "brake") }

// Alert counts an alert: a group of decisions that a person is told of once.
func (s *Summary) Alert(a *belwacht.Alert) {
	s.alerts++
	s.alertWords[min(a.Word, belwacht.EndNow)]++
}

// Read says how the records were read. It is called once, before the Summary is written.
func (s *Summary) Read(r Reading) { s.reading = r }

// span widens the time that the report speaks of.
func (s *Summary) span(i belwacht.Instant) {
	if s.first == 0 || i < s.first {
		s.first = i
	}
	if i > s.last {
		s.last = i
	}
}

// tenant remembers the first two tenants: with two, accounts are shown with their tenant.
func (s *Summary) tenant(name string) {
	if _, ok := s.tenants[name]; !ok && len(s.tenants) < 2 {
		s.tenants[strings.Clone(name)] = struct{}{}
	}
}

// gravest is the decision under which a call is counted: a refusal before an ending before an alert, nil for a plain allow.
func gravest(o *belwacht.Outcome) *belwacht.Decision {
	d := o.Start
	if o.Ended != nil && (d == nil || d.Word < belwacht.Refuse && o.Ended.Word > d.Word) {
		d = o.Ended
	}
	return d
}

// kept is the money that decisions kept from being spent, and what those that were not carried out would have kept: all of a
// refused call, the rest of an ended one.
func kept(o *belwacht.Outcome, d *belwacht.Decision) (saved, would belwacht.Money) {
	if saved = max(o.Cost-o.Spent, 0); d == nil || d.Enforced {
		return saved, 0
	}
	rest := o.Cost - saved // the brake may have ended what a decision only said should be refused
	switch d.Word {
	case belwacht.Refuse:
		would = rest
	case belwacht.EndNow:
		would = max(rest-o.Number.Price.Cost(d.Time.Seconds(o.Call.Answer)), 0)
	}
	return saved, would
}

// cut bounds a name that a stranger chose.
func cut(name string) string {
	if len(name) > maxName {
		return name[:maxName]
	}
	return name
}

func same(day int32) int32 { return day }
