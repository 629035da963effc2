// Package cases plays short stories to a whole engine: what must make a rule speak, and what must not. Each rule has a file of them beside its own
// (cases.yaml); `belwacht rules test` and the project's tests play them.
//
//	file, err := cases.Read(data, "new-country/cases.yaml")
//	spoke, err := file.Cases[0].Run(rules, "new-country")
//
// A story is not a measurement: it shows that a rule sees what it is for, in an office where little else happens.
package cases

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

// File is the file of a rule's cases: what must make it speak and what must not. They are played to a whole engine of a Dutch office
// (Europe/Amsterdam, open Monday to Friday 08:00 to 18:00).
type File struct {
	Cases []Case `yaml:"cases"`
}

// Case is a short story; the rule must, or must not, speak on its last call, as it begins or while it runs.
type Case struct {
	Name    string     `yaml:"name"`
	History History    `yaml:"history"`
	Declare []Declared `yaml:"accounts"`
	Listed  []string   `yaml:"listed"` // numbers on the list of known test numbers
	Logins  []Login    `yaml:"logins"`
	Calls   []Call     `yaml:"calls"`
	Fires   bool       `yaml:"fires"`
}

// Declared is an account as the owner declared it.
type Declared struct {
	Name    string   `yaml:"name"`
	Kind    string   `yaml:"kind"`
	Numbers []string `yaml:"numbers"`
	List    []string `yaml:"list"`
}

// History is ordinary life before the story: on each working day every account calls the numbers in turn, an hour apart from 09:00 on.
type History struct {
	Days int      `yaml:"days"`
	From []string `yaml:"from"`
	To   []string `yaml:"to"`
}

// Call is a call, or several of the same kind.
type Call struct {
	At      string        `yaml:"at"`   // "2026-03-08 03:12", local time
	From    string        `yaml:"from"` // account; of a call from outside the caller
	To      string        `yaml:"to"`   // as dialled; of a call from outside the account called
	Talk    yaml.Duration `yaml:"talk"` // 0 = not answered
	Times   int           `yaml:"times"`
	Every   yaml.Duration `yaml:"every"`
	Step    int64         `yaml:"step"`   // added to the number each time
	Prefix  []string      `yaml:"prefix"` // put before the number, in turn
	In      bool          `yaml:"in"`
	Fails   bool          `yaml:"fails"`   // not answered because it cannot be put through
	Blocked bool          `yaml:"blocked"` // not answered because there is no free channel
	Sent    string        `yaml:"sent"`    // forwarded, transferred or trunked
	Caller  string        `yaml:"caller"`
}

// The bounds of a case: those who write cases are not always friends.
const (
	caseDays  = 400
	caseCalls = 20_000
	casesMost = 200
	caseLong  = 1000 * time.Hour
)

const caseFrom = "2026-01-05" // a Monday

// Read reads a case file.
func Read(data []byte, file string) (*File, error) {
	var c File
	if err := yaml.Read(data, file, &c); err != nil {
		return nil, err
	}
	if len(c.Cases) > casesMost {
		return nil, belwacht.Errorf(belwacht.Config, "%s: %d cases; there may be %d", file, len(c.Cases), casesMost)
	}
	fires, not := false, false
	for i := range c.Cases {
		k := &c.Cases[i]
		fires, not = fires || k.Fires, not || !k.Fires
		if err := k.check(); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "%s: case %d, %q: %w", file, i+1, text.Clean(k.Name, 60), err)
		}
	}
	if !fires || !not {
		return nil, belwacht.Errorf(belwacht.Config, "%s: a rule needs cases both ways: at least one with fires: true and one with fires: false", file)
	}
	return &c, nil
}

// check says what of a case cannot be played.
func (c *Case) check() error {
	h := &c.History
	n := h.Days * len(h.From) * len(h.To)
	switch {
	case len(c.Calls) == 0:
		return belwacht.Errorf(belwacht.Config, "there are no calls; the rule is asked about the last of them")
	case h.Days < 0 || h.Days > caseDays:
		return belwacht.Errorf(belwacht.Config, "history: %d days; there may be 0 to %d", h.Days, caseDays)
	case (len(h.From) == 0) != (len(h.To) == 0) || h.Days == 0 && len(h.From) > 0:
		return belwacht.Errorf(belwacht.Config, "history: days, from and to come together: {days: 28, from: [\"201\"], to: [\"0201234567\"]}")
	case len(h.From) > caseCalls || len(h.To) > caseCalls || n > caseCalls:
		return belwacht.Errorf(belwacht.Config, "history: that is more than %d calls", caseCalls)
	}
	for i := range c.Calls {
		k := &c.Calls[i]
		n += max(k.Times, 1)
		switch {
		case k.From == "" || k.To == "":
			return belwacht.Errorf(belwacht.Config, "call %d: from and to are both needed", i+1)
		case k.Times < 0 || n > caseCalls:
			return belwacht.Errorf(belwacht.Config, "call %d: times: together there may be %d calls", i+1, caseCalls)
		case k.Times > 1 && k.Every <= 0:
			return belwacht.Errorf(belwacht.Config, "call %d: times needs every, such as every: 2m", i+1)
		case time.Duration(k.Every) > caseLong || k.Talk < 0 || time.Duration(k.Talk) > caseLong:
			return belwacht.Errorf(belwacht.Config, "call %d: talk and every are at most %s", i+1, caseLong)
		}
	}
	n = 0
	for i := range c.Logins {
		if err := c.Logins[i].check(); err != nil {
			return belwacht.Errorf(belwacht.Config, "log-in %d: %w", i+1, err)
		}
		if n += max(c.Logins[i].Times, 1); n > caseCalls {
			return belwacht.Errorf(belwacht.Config, "log-in %d: times: together there may be %d log-ins", i+1, caseCalls)
		}
	}
	return nil
}

// Run plays a case to an engine of its own and says whether the rule of a name, one of rules, spoke on its last call. It is in the case's Fires
// whether it should.
func (c *Case) Run(rules *rule.Set, name string) (bool, error) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return false, err
	}
	calls, err := c.story(zone)
	if err != nil {
		return false, err
	}
	logins, err := c.events(zone)
	if err != nil {
		return false, err
	}
	last, spoke := calls[len(calls)-1].ID, false
	slices.SortStableFunc(calls, func(a, b belwacht.Call) int { return cmp.Compare(a.Start, b.Start) })
	tenant, err := c.tenant()
	if err != nil {
		return false, err
	}
	e, err := detect.New(detect.Config{Rules: rules, Tenants: []detect.Tenant{*tenant}, Observe: func(v *rule.View, call string, _ belwacht.Word, _ float64) {
		if call == last {
			spoke = spoke || rules.Speaks(name, v)
		}
	}})
	if err != nil {
		return false, err
	}
	r := detect.NewReplay(e, detect.ReplayConfig{})
	for i := range calls {
		for ; len(logins) > 0 && logins[0].Time <= calls[i].Start; logins = logins[1:] {
			if err := r.Event(&logins[0]); err != nil {
				return false, err
			}
		}
		if err := r.Add(&calls[i]); err != nil {
			return false, err
		}
	}
	return spoke, r.Finish()
}

func (c *Case) tenant() (*detect.Tenant, error) {
	cfg := number.Config{Country: "NL"}
	for _, l := range c.Listed {
		e, ok := belwacht.ParseE164(l)
		if !ok {
			return nil, notE164("listed", l)
		}
		cfg.Listed = append(cfg.Listed, e)
	}
	site, err := number.New(cfg)
	if err != nil {
		return nil, err
	}
	cal, err := calendar.New(calendar.Config{Timezone: "Europe/Amsterdam", Country: "NL", OfficeHours: "mon-fri 08:00-18:00"})
	if err != nil {
		return nil, err
	}
	at, err := networks()
	if err != nil {
		return nil, err
	}
	t := &detect.Tenant{Mode: belwacht.Monitor, Numbers: site, Calendar: cal, Policy: detect.DefaultPolicy(), Networks: at}
	for i := range c.Declare {
		a, err := c.Declare[i].account()
		if err != nil {
			return nil, err
		}
		t.Accounts = append(t.Accounts, a)
	}
	return t, nil
}

func (d *Declared) account() (belwacht.Account, error) {
	a := belwacht.Account{Name: d.Name}
	if d.Kind != "" {
		if err := a.Kind.UnmarshalText([]byte(d.Kind)); err != nil {
			return a, belwacht.Errorf(belwacht.Config, "accounts: %w", err)
		}
	}
	for _, list := range []struct {
		from []string
		to   *[]belwacht.E164
		key  string
	}{{d.Numbers, &a.Numbers, "numbers"}, {d.List, &a.List, "list"}} {
		for _, n := range list.from {
			e, ok := belwacht.ParseE164(n)
			if !ok {
				return a, notE164("accounts: "+list.key, n)
			}
			*list.to = append(*list.to, e)
		}
	}
	return a, nil
}

func notE164(key, n string) error {
	return belwacht.Errorf(belwacht.Config, "%s: %q is no international number, such as \"+31201230000\"", key, text.Clean(n, 40))
}

// story makes the calls of a case: its history, then what is told.
func (c *Case) story(zone *time.Location) ([]belwacht.Call, error) {
	begin, err := time.ParseInLocation("2006-01-02", caseFrom, zone)
	if err != nil {
		return nil, err
	}
	var calls []belwacht.Call
	id := func() string { return fmt.Sprintf("case.%d", len(calls)+1) }
	for day := range c.History.Days {
		date := begin.AddDate(0, 0, day)
		if date.Weekday() == time.Saturday || date.Weekday() == time.Sunday {
			continue
		}
		for slot := range max(len(c.History.To), 1) {
			for i, from := range c.History.From {
				at := belwacht.InstantOf(date.Add(time.Duration(9+slot%9)*time.Hour + time.Duration(i)*time.Minute))
				calls = append(calls, belwacht.Call{ID: id(), Direction: belwacht.Out, Account: from, Root: from, Trunk: "trunk", Dialled: c.History.To[(slot+day)%len(c.History.To)],
					Start: at, Answer: at + 8*belwacht.Second, End: at + 128*belwacht.Second, Talk: 120, Disposition: belwacht.Answered})
			}
		}
	}
	for i := range c.Calls {
		if calls, err = c.Calls[i].add(calls, zone); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "call %d: %w", i+1, err)
		}
	}
	return calls, nil
}

func (k *Call) add(calls []belwacht.Call, zone *time.Location) ([]belwacht.Call, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", k.At, zone)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "at: %q is no local time, such as \"2026-03-08 03:12\"", text.Clean(k.At, 40))
	}
	lineage, ok := map[string]belwacht.Lineage{"": belwacht.Dialled, "forwarded": belwacht.Forwarded, "transferred": belwacht.Transferred, "trunked": belwacht.Trunked}[k.Sent]
	if !ok {
		return nil, belwacht.Errorf(belwacht.Config, "sent: there is no %q; there are forwarded, transferred and trunked", text.Clean(k.Sent, 40))
	}
	for n := range max(k.Times, 1) {
		at := belwacht.InstantOf(t.Add(time.Duration(n) * time.Duration(k.Every)))
		to := k.To
		if k.Step != 0 {
			to = step(k.To, k.Step*int64(n))
		}
		if len(k.Prefix) > 0 {
			to = k.Prefix[n%len(k.Prefix)] + to
		}
		talk := int64(time.Duration(k.Talk) / time.Second)
		c := belwacht.Call{ID: fmt.Sprintf("case.%d", len(calls)+1), Direction: belwacht.Out, Lineage: lineage, Account: k.From, Root: k.From, Trunk: "trunk", Caller: k.Caller,
			Dialled: to, Start: at, End: at + 5*belwacht.Second, Talk: talk, Disposition: belwacht.NoAnswer}
		if k.In {
			c.Direction, c.Account, c.Caller, c.Dialled = belwacht.In, k.To, k.From, k.To
		}
		if k.Fails {
			c.End, c.Disposition = at, belwacht.Failed
		}
		if k.Blocked {
			c.End, c.Disposition = at, belwacht.Congestion
		}
		if talk > 0 {
			c.Answer, c.End, c.Disposition = at+5*belwacht.Second, at+belwacht.Instant(5+talk)*belwacht.Second, belwacht.Answered
		}
		calls = append(calls, c)
	}
	return calls, nil
}

// step adds n to the digits at the end of a dialled string and keeps its length.
func step(dialled string, n int64) string {
	cut := max(len(dialled)-9, 0)
	var v int64
	if _, err := fmt.Sscanf(dialled[cut:], "%d", &v); err != nil {
		return dialled
	}
	return fmt.Sprintf("%s%0*d", dialled[:cut], len(dialled)-cut, v+n)
}
