// Package demo plays a made-up organisation and an attack on it to the engine, for people who want to see it at work. [Demo.Run] does all of it, reads and
// writes nothing, and hands each decision on as it is made; package stage shows them.
package demo

import (
	"bytes"
	"context"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/simulate"
)

// Demo plays a made-up Dutch office to the engine in enforce mode: it learns from some weeks of calls, then judges what happens when somebody
// breaks in. The attacker learns of refusals and reacts to them, as he would. Nothing is read or written.
type Demo struct {
	Seed    uint64
	Attacks []string // kinds of simulate.AttackKinds; nil = [Attacks]

	Learning func(calls int)     // called now and then while it learns; may be nil
	Begins   func(*Scene)        // called once before the first Moment; may be nil
	Moment   func(*Moment) error // each decision, plain allows of calls to outside included

	Alive *Alive // nil: nobody watches the organisation itself
}

// Seed is the seed of the demo that is shown where none is asked for.
const Seed = 44

// Attacks are the attacks where none are asked for.
func Attacks() []string { return []string{"weekend burst", "call left open"} }

const (
	extensions = 40
	learn      = 6 // weeks
	weeks      = learn + 2
	after      = 14 * belwacht.Hour // for which is shown after an attack has begun, at least
	longest    = 4 * belwacht.Day   // and at most
)

// Scene is where a demo begins.
type Scene struct {
	Extensions int
	Weeks      int // learned from
	Learned    int // calls
	Zone       *time.Location
	From, To   belwacht.Instant // what is shown
	Innocent   int              // innocent calls to outside in that time
	Attempts   int              // calls that the attackers would make unhindered
}

// Moment is one decision as it was made.
type Moment struct {
	Decision *belwacht.Decision
	Attack   string // kind of the attack that the call belongs to, "" = innocent; the engine does not know
	Sums     Sums
}

// Sums are counted over what is shown.
type Sums struct {
	Calls    int            // judged, from and to outside and inside
	Attempts int            // of them the attackers'
	Refused  int            // attackers' attempts refused
	Ended    int            // attackers' calls ended
	Told     int            // attackers' calls let through and told
	Alerts   int            // innocent calls let through and told
	Innocent int            // innocent calls refused or ended
	Urgent   int            // emergency calls, all of which pass
	Lost     belwacht.Money // what the attackers' calls have cost
	Without  belwacht.Money // what they would have cost by now with nobody to hinder them
}

// Saved is what would have been lost besides.
func (s *Sums) Saved() belwacht.Money { return max(s.Without-s.Lost, 0) }

// Ending is what a demo came to.
type Ending struct {
	Sums
	Accounts []string       // that the attackers used, in the order in which they did
	Whole    belwacht.Money // what the attacks would have cost unhindered
}

// playing is one playing of a Demo.
type playing struct {
	*Demo
	org     *simulate.Organisation
	site    *number.Site
	replay  *detect.Replay
	play    *simulate.Play
	scene   Scene
	bill    []charge // of the attackers unhindered, in order of time
	truth   map[string]*simulate.Call
	talking map[string]talk
	sums    Sums
	settled belwacht.Money // cost of attackers' calls that are over
	end     Ending
	urgent  *belwacht.Call // an emergency call that comes in between
	decided bool           // on the call that was added last
	engine  *detect.Engine
	last    mistake
	handed  map[string]bool
	closed  bool // the story is over
}

// charge is an attacker's call that nobody hindered.
type charge struct {
	answer, end belwacht.Instant
	price       belwacht.Price
}

type talk struct {
	answer belwacht.Instant
	price  belwacht.Price
}

// Run plays the demo to its end, or until the context ends; what was seen until then is returned in either case.
func (d *Demo) Run(ctx context.Context) (*Ending, error) {
	p := &playing{Demo: d, truth: map[string]*simulate.Call{}, talking: map[string]talk{}, handed: map[string]bool{}}
	if err := p.prepare(); err != nil {
		return nil, err
	}
	p.foresee()
	err := p.run(ctx)
	if p.closed && p.Alive != nil {
		return &p.end, err
	}
	if err == nil {
		p.count(p.scene.To)
	}
	p.end.Sums = p.sums
	return &p.end, err
}

// prepare makes the organisation up and an engine for it.
func (p *playing) prepare() error {
	attacks := p.Attacks
	if attacks == nil {
		attacks = Attacks()
	}
	org, err := simulate.New(simulate.Config{Seed: p.Seed, Kind: "office", Country: "NL", Extensions: extensions, Weeks: weeks, LearnWeeks: learn,
		Attacks: attacks, AttackCount: len(attacks), EarlyAttacks: -1, OddityCount: -1, Forms: "3"})
	if err != nil {
		return err
	}
	var deck bytes.Buffer
	if err := org.WriteRates(&deck); err != nil {
		return err
	}
	rates, _, err := number.ReadRates(&deck, number.RateOptions{Currency: "EUR"})
	if err != nil {
		return err
	}
	settings := config.Assumed()
	settings.Organisation.OfficeHours = org.OfficeHours()
	settings.Mode = belwacht.Enforce
	owner := &settings.All()[0]
	rules, err := owner.RuleSet()
	if err != nil {
		return err
	}
	t, err := owner.Engine(rates)
	if err != nil {
		return err
	}
	engine, err := detect.New(detect.Config{Rules: rules, Tenants: []detect.Tenant{t}})
	if err != nil {
		return err
	}
	p.org, p.site, p.play, p.engine = org, t.Numbers, org.Begin(), engine
	p.replay = detect.NewReplay(engine, detect.ReplayConfig{Decision: p.decision, Outcome: p.outcome})
	p.scene = Scene{Extensions: org.Extensions(), Weeks: learn, Zone: t.Calendar.Zone()}
	p.stage()
	if p.Alive != nil && p.Alive.Ready != nil {
		p.Alive.Ready(engine, settings, p.scene.Zone)
	}
	return nil
}

// stage finds what is shown: from the morning of the last working day before the attacks until they are over, some days at most.
func (p *playing) stage() {
	first, to := belwacht.Instant(1<<62), belwacht.Instant(0)
	for _, a := range p.org.Attacks() {
		first = min(first, a.First)
		to = max(to, a.First+after, min(a.Last+belwacht.Hour, a.First+longest))
	}
	day := first.Time().In(p.scene.Zone)
	for {
		p.scene.From = belwacht.InstantOf(time.Date(day.Year(), day.Month(), day.Day(), 7, 0, 0, 0, p.scene.Zone))
		if p.scene.From < first-belwacht.Hour && day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			break
		}
		day = day.AddDate(0, 0, -1)
	}
	p.scene.To = min(to, belwacht.InstantOf(p.org.End()))
}

// foresee plays the history once with nobody to hinder it.
func (p *playing) foresee() {
	p.org.Calls(func(c *simulate.Call) bool {
		switch {
		case c.Attack >= 0 && c.Start < p.scene.To:
			p.scene.Attempts++
			n := p.site.Read(c.Dialled)
			if c.Answer != 0 {
				p.bill = append(p.bill, charge{c.Answer, c.End, n.Price})
				p.end.Whole += n.Price.Cost(c.Talk)
			}
		case c.Start < p.scene.From:
			p.scene.Learned++
		case c.Start < p.scene.To && c.Direction == belwacht.Out:
			p.scene.Innocent++
		}
		return c.Start < p.scene.To
	})
}

// run plays the history to the engine.
func (p *playing) run(ctx context.Context) error {
	begun := false
	for n := 0; ; n++ {
		if n%64 == 0 || begun {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		c := p.play.Next()
		if !p.closed && (c == nil || c.Start >= p.scene.To) {
			if err := p.finish(); err != nil || p.Alive == nil {
				return err
			}
		}
		if c == nil {
			return p.replay.Finish()
		}
		if !begun && c.Start >= p.scene.From {
			begun = true
			if p.Begins != nil {
				p.Begins(&p.scene)
			}
		}
		if !begun && n%512 == 0 && p.Learning != nil {
			p.Learning(n)
		}
		if err := p.between(c.Start); err != nil {
			return err
		}
		if begun {
			if err := p.pace(c.Start); err != nil {
				return err
			}
		}
		if err := p.add(c, begun); err != nil {
			return err
		}
	}
}

// finish closes the story. Where nobody watches the organisation, calls that run are played to their end.
func (p *playing) finish() error {
	p.closed = true
	if p.Alive == nil {
		return p.replay.Finish()
	}
	p.count(p.scene.To)
	p.end.Sums = p.sums
	if p.Alive.Over != nil {
		end := p.end
		p.Alive.Over(&end)
	}
	p.Moment = nil
	return nil
}

// between plays what comes in besides the organisation's own calls before a moment: an emergency call, a colleague's.
func (p *playing) between(before belwacht.Instant) error {
	if u := p.urgent; u != nil && before >= u.Start {
		p.urgent = nil
		if err := p.replay.Add(u); err != nil {
			return err
		}
	}
	for p.Alive != nil {
		c := p.last.due(before)
		if c == nil {
			return nil
		}
		if err := p.pace(c.Start); err != nil {
			return err
		}
		p.truth[c.ID] = c
		p.sums.Calls++
		if err := p.replay.Add(&c.Call); err != nil {
			return err
		}
		p.last.went(p.replay.Refused(c.ID))
	}
	return nil
}

// add has one call judged, and tells its caller where it is refused.
func (p *playing) add(c *simulate.Call, shown bool) error {
	own := *c
	p.truth[c.ID] = &own
	if shown {
		p.last.innocent(c)
		p.sums.Calls++
		if c.Attack >= 0 {
			p.attempt(c)
		}
	}
	p.decided = false
	if err := p.replay.Add(&own.Call); err != nil {
		return err
	}
	if c.Direction == belwacht.Out && p.replay.Refused(c.ID) {
		p.play.Refused()
		return nil
	}
	n := p.site.Read(c.Dialled)
	if c.Attack >= 0 && c.Answer != 0 {
		p.talking[c.ID] = talk{c.Answer, n.Price}
	}
	if !shown || p.decided || c.Direction != belwacht.Out || !n.External() || p.Moment == nil {
		return nil
	}
	return p.show(p.plain(c, &n), c)
}

func (p *playing) attempt(c *simulate.Call) {
	p.sums.Attempts++
	for _, a := range p.end.Accounts {
		if a == c.Account {
			return
		}
	}
	p.end.Accounts = append(p.end.Accounts, c.Account)
}

// plain is the decision on a call that was plainly allowed.
func (p *playing) plain(c *simulate.Call, n *belwacht.Number) *belwacht.Decision {
	d := &belwacht.Decision{Schema: belwacht.DecisionSchema, ID: c.ID, Time: c.Start, Account: c.Account, Number: n.E164.String(), Rules: []string{},
		Trace: &belwacht.Trace{Dialled: c.Dialled, Country: n.Country.String(), Class: n.Class.String(), PerMinute: n.Price.PerMinute.Float()}}
	if d.Number == "" {
		d.Number = c.Dialled
	}
	return d
}

// decision takes a decision of the engine.
func (p *playing) decision(d *belwacht.Decision) error {
	c := p.truth[d.ID]
	if p.Alive != nil && p.Alive.Decided != nil {
		p.Alive.Decided(d)
	}
	if c != nil && d.Enforced && d.Word >= belwacht.Refuse {
		p.over(c, d, d.Time)
	}
	if d.Cause == "emergency" {
		if d.Time >= p.scene.From {
			p.sums.Urgent++
		}
		return p.show(d, c)
	}
	if c == nil {
		return nil
	}
	stopped := d.Word >= belwacht.Refuse && d.Enforced
	if d.Word == belwacht.EndNow && stopped {
		p.play.Ended(c, d.Time)
		if t, ok := p.talking[d.ID]; ok {
			p.settled += t.price.Cost(d.Time.Seconds(t.answer))
			delete(p.talking, d.ID)
		}
	}
	if d.Time < p.scene.From {
		return nil
	}
	p.decided = p.decided || d.Word != belwacht.EndNow
	switch {
	case !stopped && d.Word >= belwacht.Warn && c.Attack >= 0:
		p.sums.Told++
	case !stopped && d.Word >= belwacht.Warn:
		p.sums.Alerts++
	case stopped && c.Attack < 0:
		p.sums.Innocent++
	case d.Word == belwacht.EndNow && stopped:
		p.sums.Ended++
	case stopped:
		p.sums.Refused++
		if p.sums.Refused >= mistakeAfter && p.Alive != nil {
			p.last.plan(c.Dialled, d.Time)
		}
		if p.sums.Refused == 3 {
			p.urgent = &belwacht.Call{ID: "demo.112", Link: "demo.112", Account: c.Account, Root: c.Account, Trunk: c.Trunk, Caller: c.Account, Dialled: "112",
				Start: d.Time + 20*belwacht.Second, Answer: d.Time + 24*belwacht.Second, End: d.Time + 110*belwacht.Second, Talk: 86, Disposition: belwacht.Answered}
		}
	}
	return p.show(d, c)
}

// outcome books an ended call.
func (p *playing) outcome(o *belwacht.Outcome) error {
	if _, runs := p.talking[o.Call.ID]; runs {
		delete(p.talking, o.Call.ID)
		p.settled += o.Spent
	}
	if c := p.truth[o.Call.ID]; c != nil {
		d := o.Start
		if o.Ended != nil && (d == nil || o.Ended.Word > d.Word) {
			d = o.Ended
		}
		p.over(c, d, 0)
	}
	delete(p.truth, o.Call.ID)
	delete(p.handed, o.Call.ID)
	return nil
}

// show hands a moment out, with the sums as they are then.
func (p *playing) show(d *belwacht.Decision, c *simulate.Call) error {
	if p.Moment == nil || d.Time < p.scene.From {
		return nil
	}
	p.count(d.Time)
	d.Tell()
	m := Moment{Decision: d, Sums: p.sums}
	if c != nil && c.Attack >= 0 {
		m.Attack = p.org.Attacks()[c.Attack].Kind
	}
	return p.Moment(&m)
}

// count brings the money up to a moment.
func (p *playing) count(at belwacht.Instant) {
	p.sums.Lost, p.sums.Without = p.settled, 0
	for _, t := range p.talking {
		p.sums.Lost += t.price.Cost(max(at.Seconds(t.answer), 0))
	}
	for _, b := range p.bill {
		p.sums.Without += b.price.Cost(max(min(at, b.end).Seconds(b.answer), 0))
	}
}
