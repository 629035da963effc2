package whatif

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/store"
	"github.com/belwacht/belwacht/web/whatif"
)

// stopped is what the settings in force did with one call.
type stopped struct {
	yes   bool
	spent belwacht.Money
	risk  float64
	cause string
	told  bool
}

// variant is a play with one setting changed.
type variant struct {
	*whatif.Result
	replay *detect.Replay
	at     int // in the queue
}

// play is one pass over the calls.
type play struct {
	d        *Desk
	base     *detect.Replay
	queue    []stopped // of calls that are over in the play of the settings in force, and not in all others yet
	variants []*variant
	said     map[string]string // what people said of calls, by ID
	wrong    map[string]bool   // calls that were stopped and fine
	unplayed int64
	from     belwacht.Instant
}

// play plays some changes of an organisation beside the settings in force.
func (d *Desk) play(ctx context.Context, t *table, tenant string, group []whatif.Change, progress func(float64)) ([]*whatif.Result, error) {
	of, err := tenantOf(t.by, tenant)
	if err != nil {
		return nil, err
	}
	first, err := d.first(ctx, tenant)
	if err != nil {
		return nil, err
	}
	now := d.now()
	p := &play{d: d, said: make(map[string]string), wrong: make(map[string]bool), from: max(now-days*belwacht.Day, first+learnDays*belwacht.Day)}
	if p.from >= now {
		return nil, belwacht.Errorf(belwacht.Invalid, "calls are kept for less than %d days yet; before that nobody knows what is usual", learnDays)
	}
	rules, err := d.Rules(tenant)
	if err != nil {
		return nil, err
	}
	said, err := p.feedback(ctx, tenant)
	if err != nil {
		return nil, err
	}
	if err := p.engines(t.by, of, rules, group, said); err != nil {
		return nil, err
	}
	if err := p.all(ctx, &source{store: d.Store, tenant: tenant, from: first, until: now}, progress); err != nil {
		return nil, err
	}
	var out []*whatif.Result
	for _, v := range p.variants {
		v.Until, v.Unplayed = now, p.unplayed
		v.Names = dearest(v.Names)
		out = append(out, v.Result)
	}
	return out, nil
}

// first is when the first call began that is kept and worth playing.
func (d *Desk) first(ctx context.Context, tenant string) (belwacht.Instant, error) {
	now := d.now()
	today := belwacht.Date(now / belwacht.Day)
	sums, err := d.Store.Sums(ctx, &belwacht.SumQuery{Tenant: tenant, By: belwacht.SumByDay, From: today - 2*days, Until: today + 1})
	if err != nil {
		return 0, err
	}
	for _, s := range sums {
		if s.Calls > 0 {
			return belwacht.Instant(s.Day-1) * belwacht.Day, nil // its zone may begin the day before
		}
	}
	return now, nil
}

// feedback is what people said, in the order of time.
func (p *play) feedback(ctx context.Context, tenant string) (list []belwacht.Feedback, err error) {
	said, err := pages(func(page belwacht.Page) ([]belwacht.InForce, belwacht.Cursor, error) {
		return p.d.Store.InForcePage(ctx, &belwacht.InForceQuery{Tenant: tenant, Kind: belwacht.KindFeedback, Page: page})
	})
	if err != nil {
		return nil, err
	}
	for i := range said {
		f := &said[i]
		list = append(list, belwacht.Feedback{ID: f.Subject, Tenant: tenant, Time: f.Since, Says: f.Says, Width: f.Width, Until: f.Until})
		p.said[f.Subject] = f.Says
		p.wrong[f.Subject] = f.Says == "fine"
	}
	return list, nil
}

// engines makes the engine of the settings in force, and one of each change.
func (p *play) engines(c *config.Config, of *config.Tenant, rules, group []whatif.Change, said []belwacht.Feedback) error {
	rates, _, err := c.Deck(of, "")
	if err != nil {
		return err
	}
	dt, err := of.Engine(rates)
	if err != nil {
		return err
	}
	if p.base, err = replayOf(of, dt, said, p.inForce); err != nil {
		return err
	}
	for _, ch := range group {
		next, err := changed(of, rules, ch)
		if err != nil {
			return err
		}
		own := dt // a rule changes nothing of it
		if ch.Rule == "" {
			if own, err = next.Engine(rates); err != nil {
				return err
			}
		}
		v := &variant{Result: &whatif.Result{Change: ch, From: p.from, Supposed: of.Mode != belwacht.Enforce}}
		if v.replay, err = replayOf(&next, own, said, func(o *belwacht.Outcome) error { return p.changed(v, o) }); err != nil {
			return err
		}
		p.variants = append(p.variants, v)
	}
	return nil
}

// atRiskFor is the seconds for which a call's money is at risk, as the engine has it.
const atRiskFor = 600

// replayOf is a replay of an organisation that enforces, whatever its mode.
func replayOf(t *config.Tenant, dt detect.Tenant, said []belwacht.Feedback, done func(*belwacht.Outcome) error) (*detect.Replay, error) {
	dt.Mode = belwacht.Enforce
	set, err := t.RuleSet()
	if err != nil {
		return nil, err
	}
	e, err := detect.New(detect.Config{Rules: set, Tenants: []detect.Tenant{dt}})
	if err != nil {
		return nil, err
	}
	return detect.NewReplay(e, detect.ReplayConfig{Outcome: done, Feedback: slices.Clone(said)}), nil
}

// all plays all that happened.
func (p *play) all(ctx context.Context, s *source, progress func(float64)) error {
	nice, begin := pace{eager: p.d.Eager}, s.from
	for {
		list, err := s.next(ctx)
		if err != nil {
			return err
		}
		if list == nil {
			break
		}
		for i := range list {
			if err := p.one(&list[i]); err != nil {
				return err
			}
			if err := nice.rest(ctx); err != nil {
				return err
			}
		}
		progress(float64(s.from-begin) / float64(max(s.until-begin, 1)))
	}
	return p.each(func(r *detect.Replay) error { return r.Finish() })
}

// one plays one thing.
func (p *play) one(h *happened) error {
	if h.event != nil {
		return p.each(func(r *detect.Replay) error { return r.Event(h.event) })
	}
	c := h.call
	if c.Direction == belwacht.Out && (c.Dialled == "" || store.IsPseudonym(c.Dialled)) { // a helpline's, or it is a pseudonym by now
		if c.Start >= p.from {
			p.unplayed++
		}
		return nil
	}
	return p.each(func(r *detect.Replay) error { return r.Add(&c.Call) })
}

// each has all engines take something. Calls end in the same order in all of them: how one ends does not depend on what was decided.
func (p *play) each(do func(*detect.Replay) error) error {
	if err := do(p.base); err != nil {
		return err
	}
	for _, v := range p.variants {
		if err := do(v.replay); err != nil {
			return err
		}
		if v.at != len(p.queue) {
			return belwacht.Errorf(belwacht.Internal, "two plays of the same calls are out of step: %d and %d are over", v.at, len(p.queue))
		}
		v.at = 0
	}
	p.queue = p.queue[:0]
	return nil
}

// judged is what was decided on a call.
func judged(o *belwacht.Outcome) (s stopped) {
	s.spent = o.Spent
	for _, d := range []*belwacht.Decision{o.Start, o.Ended} {
		if d == nil {
			continue
		}
		s.told = s.told || d.Word >= belwacht.Warn
		if d.Word >= belwacht.Refuse && d.Enforced && !s.yes {
			s.yes, s.cause, s.risk = true, d.Cause, d.AtRisk
		}
	}
	return s
}

func (p *play) inForce(o *belwacht.Outcome) error {
	p.queue = append(p.queue, judged(o))
	return nil
}

// changed holds a call as it went with a change against how it went with the settings in force.
func (p *play) changed(v *variant, o *belwacht.Outcome) error {
	if v.at >= len(p.queue) {
		return belwacht.Errorf(belwacht.Internal, "two plays of the same calls are out of step")
	}
	was, is := p.queue[v.at], judged(o)
	v.at++
	if o.Call.Start < p.from || o.Call.Direction != belwacht.Out {
		return nil
	}
	v.Calls++
	switch {
	case is.told && !was.told:
		v.Told++
	case was.told && !is.told:
		v.Told--
	}
	if is.yes == was.yes {
		return nil
	}
	t, call := &v.Fewer, whatif.Call{ID: o.Call.ID, Site: o.Call.Site, Start: o.Call.Start, Account: o.Call.Account, Country: o.Number.Country, More: is.yes, Cause: was.cause}
	if o.Number.Class != belwacht.ClassSocial {
		call.Number = cmp.Or(o.Number.E164.String(), o.Call.Dialled)
	}
	if is.yes {
		t, call.Cause, call.Money = &v.More, is.cause, o.Cost-is.spent
	} else {
		call.Money = o.Cost - was.spent
		if o.Call.Talk == 0 { // it never went through
			risk := belwacht.Money(was.risk * float64(belwacht.Unit))
			if risk == 0 { // a limit asks for no risk
				risk = o.Number.Price.Cost(atRiskFor)
			}
			call.Money, t.Risk = risk, t.Risk+risk
		}
		if p.wrong[o.Call.ID] {
			v.Avoids = append(v.Avoids, o.Call.ID)
		}
	}
	t.Calls++
	if is.yes || o.Call.Talk > 0 {
		t.Cost += call.Money
	}
	switch p.said[o.Call.ID] {
	case "fraud":
		t.Fraud++
	case "fine":
		t.Fine++
	}
	if v.Names = append(v.Names, call); len(v.Names) >= 20*namesMost {
		v.Names = dearest(v.Names)
	}
	return nil
}

// dearest are the dearest of some calls.
func dearest(list []whatif.Call) []whatif.Call {
	slices.SortStableFunc(list, func(a, b whatif.Call) int { return cmp.Compare(b.Money, a.Money) })
	return list[:min(len(list), namesMost)]
}

// How long is worked before a pause.
const atAStretch = 5 * time.Millisecond

// pace pauses as long as it worked. A thread of low priority would be no kinder: the runtime waits for all threads when it collects garbage, and one that the kernel
// does not run would hold up the guard's.
type pace struct {
	eager bool
	began time.Time
	n     int
}

func (p *pace) rest(ctx context.Context) error {
	if p.n++; p.n%16 != 0 {
		return nil
	}
	now := time.Now()
	worked := now.Sub(p.began)
	if p.began.IsZero() || p.eager || worked < atAStretch {
		if p.began.IsZero() {
			p.began = now
		}
		return ctx.Err()
	}
	t := time.NewTimer(min(worked, 10*atAStretch))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
	p.began = time.Now()
	return ctx.Err()
}
