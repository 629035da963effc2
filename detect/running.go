package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/profile"
	"github.com/belwacht/belwacht/rule"
)

// running is what is kept of a call that was let through, beside its slot in the counters.
type running struct {
	view    *rule.View // as the attempt was judged; notable calls only
	site    string
	call    string
	account string
	root    string
	trunk   string
	index   uint32 // of the account
	word    belwacht.Word
	sentOn  bool
	asked   bool // its end was decided already, whether carried out or not
	fine    bool // a person said beforehand that it is
	braked  bool // it runs at the brake
	past    bool // told by a record: it has ended
	longest int64
	due     belwacht.Instant // when it is judged again; other entries of the schedule are void
	prob    float64
	charges charges
	lesson  lesson
}

// follow keeps what a call that goes on needs.
func (s *shard) follow(slot uint32, ev *belwacht.Event, v *rule.View, d *decided, account uint32, p *person, m *calendar.Moment) {
	for int(slot) >= len(s.views) {
		s.views = append(s.views, running{})
	}
	r := &s.views[slot]
	c := s.count.Slot(slot) // r is empty: it is filled in its place
	r.site, r.call, r.account, r.root, r.trunk, r.index, r.past = ev.Site, ev.Call, ev.Account, ev.Root, ev.Trunk, account, s.past(ev)
	r.word, r.longest, r.prob, r.fine, r.sentOn = d.word, d.longest, d.prob, d.cause == "feedback.fine", ev.Lineage != belwacht.Dialled
	r.lesson = lesson{hour: m.HourOfWeek, day: m.Day, atOnce: uint8(min(v.Values.RunningAll, 255))}
	s.charge(&r.charges, ev, p, c, m)
	r.charges.social = v.Class == belwacht.ClassSocial
	if c.Notable {
		r.view = s.keep()
		*r.view = *v
		r.view.Scope = rule.Running
	}
	s.warn(ev, v, r, d, m)
}

// keep finds room for the view of a running call.
func (s *shard) keep() *rule.View {
	n := len(s.spare)
	if n == 0 {
		return new(rule.View)
	}
	v := s.spare[n-1]
	s.spare = s.spare[:n-1]
	return v
}

// leave empties what was kept of a call that runs no more.
func (s *shard) leave(r *running) {
	if r.view != nil {
		s.spare = append(s.spare, r.view)
	}
	*r = running{}
}

// answer notes that a call was answered and judges it at once: what was seen while it rang counts.
func (s *shard) answer(ev *belwacht.Event, key uint64) {
	slot, ok := s.count.Find(key)
	if !ok {
		return
	}
	s.now = max(s.now, ev.Time)
	s.count.Answer(slot, ev.Time)
	r, c := &s.views[slot], s.count.Slot(slot)
	r.past = r.past || s.past(ev)
	s.brakeStarts(r, c)
	if !c.Notable && r.longest == 0 && !r.charges.metered {
		return
	}
	s.plan(r, c.Key, ev.Time)
}

// plan has a running call judged at a moment, and at no other.
func (s *shard) plan(r *running, key uint64, at belwacht.Instant) {
	r.due = at
	s.due.Push(at, key)
}

// advance judges the running calls that are due before t.
func (s *shard) advance(t belwacht.Instant, out *Out) {
	for s.due.Due(t) {
		at, key, _ := s.due.Pop(t)
		if slot, ok := s.count.Find(key); ok && s.views[slot].due == at {
			s.now = max(s.now, at)
			s.rejudge(slot, at, out)
		}
	}
}

// rejudge judges a running call by what has become known since, and ends it where it must be.
func (s *shard) rejudge(slot uint32, at belwacht.Instant, out *Out) {
	r, c := &s.views[slot], s.count.Slot(slot)
	d := decided{enforced: s.tenant.Mode == belwacht.Enforce && !r.past}
	m := s.moment(at)
	v := &s.view
	if r.view != nil {
		*v = *r.view
	} else {
		*v = rule.View{}
	}
	v.At = at
	elapsed := at - c.Answered
	cause, detail := s.topUp(r, c, at, elapsed, &m)
	s.warnRunning(v, r, c, at, &m)
	brake := c.Notable && s.braked(v, r.trunk, &m)
	switch {
	case cause != "" && (d.enforced || !r.asked && !brake):
		v.Price, v.Judged = c.Price, c.Number
		d.word, d.cause, d.detail = belwacht.EndNow, cause, detail
	case !c.Notable:
		s.next(c.Key, at, elapsed, r)
		return
	default:
		s.count.Read(slot, at, &v.Values)
		s.reconsider(v, r, at, &d)
		if brake {
			d.word, d.cause, d.enforced = belwacht.EndNow, "brake.night", !r.past
		}
		r.prob = max(r.prob, d.prob)
		if s.engine.observe != nil {
			s.engine.observe(v, r.call, d.word, d.prob)
		}
	}
	if d.word != belwacht.EndNow || r.asked && !d.enforced {
		if d.word == belwacht.Warn || d.word == belwacht.Watch {
			r.word = max(r.word, d.word)
		}
		s.next(c.Key, at, elapsed, r)
		return
	}
	s.finish(slot, at, &d, &m, out)
}

// reconsider judges a running call by what people said meanwhile, else by evidence.
func (s *shard) reconsider(v *rule.View, r *running, at belwacht.Instant, d *decided) {
	s.verdict.N, s.verdict.Bits, s.verdict.Would = 0, 0, 0
	word, cause := s.says.speaks(r.account, v, at)
	switch {
	case cause != "" && word == belwacht.Refuse && s.tenant.Mode != belwacht.Learn:
		d.word, d.cause = word, cause
	case cause == "" && !r.fine:
		s.weigh(v, d)
	}
	if d.word == belwacht.Refuse {
		d.word = belwacht.EndNow
	}
}

// finish ends a running call, or says that it would.
func (s *shard) finish(slot uint32, at belwacht.Instant, d *decided, m *calendar.Moment, out *Out) {
	r, c := &s.views[slot], s.count.Slot(slot)
	v := &s.view
	r.asked, r.word = true, belwacht.EndNow
	s.count.Suspect(slot, at, float32(max(d.prob, 0.05)))
	s.count.Condemn(slot)
	call, site, account, root, index := r.call, r.site, r.account, r.root, r.index
	talk, how := at.Seconds(c.Answered), belwacht.Answered
	if c.Answered == 0 {
		talk, how = 0, belwacht.Cancelled
	}
	v.Values.Elapsed = float32(talk)
	if d.enforced {
		s.settle(r, c, at, talk)
		s.count.End(slot, at, talk, how)
		s.leave(r)
	} else {
		s.next(c.Key, at, at-c.Answered, r)
	}
	out.Decisions = append(out.Decisions, s.decision(v, call, account, root, at, d))
	dec := &out.Decisions[len(out.Decisions)-1]
	dec.Site = site
	s.alarm(dec, m.Day)
	s.says.remember(dec, v, index)
	s.sweep(at, index, v)
}

// next plans when a call is judged again.
func (s *shard) next(key uint64, at, elapsed belwacht.Instant, r *running) {
	step := count.Interval(elapsed)
	if r.longest > 0 {
		if left := belwacht.Instant(r.longest)*belwacht.Second - elapsed; left > 0 && left < step {
			step = left
		}
	}
	if r.charges.metered { // the next interval is reserved before it begins
		if left := belwacht.Instant(r.charges.reserved)*belwacht.Second - elapsed; left > 0 && left < step {
			step = left
		}
	}
	s.plan(r, key, at+step)
}

// sweep has the running siblings of a refused or ended call judged again at once: those of the account, and those to the same range. What the
// pattern left in quarantine will not teach.
func (s *shard) sweep(at belwacht.Instant, account uint32, v *rule.View) {
	s.late.Rose(account, v.Judged, belwacht.Refuse, at)
	rng := v.Judged.Range()
	for i := range s.views {
		c := s.count.Slot(uint32(i)) // views are large: only those of the right calls are looked at
		if !c.Notable || c.Answered == 0 || c.Account != account && (rng == 0 || c.Number.Range() != rng) {
			continue
		}
		if r := &s.views[i]; r.call != "" && !r.asked {
			s.plan(r, c.Key, at)
		}
	}
}

// end closes a call, and lets it teach.
func (s *shard) end(ev *belwacht.Event, key uint64, out *Out) {
	slot, ok := s.count.Find(key)
	if !ok {
		s.rungOut(ev, key)
		s.left(ev, key, false, out)
		return
	}
	s.now = max(s.now, ev.Time)
	r, c := &s.views[slot], s.count.Slot(slot)
	s.settle(r, c, ev.Time, ev.Talk)
	s.learn(r, c, ev)
	home, account := !c.Notable, r.index
	s.count.End(slot, ev.Time, ev.Talk, ev.Disposition)
	s.leave(r)
	if !home {
		s.left(ev, key, true, out)
	}
	if !ev.Late {
		s.reach.Ended(ev.Time, account, home, ev.Disposition)
	}
}

// lesson is what a call that runs will teach with.
type lesson struct {
	hour   uint8
	day    int32
	atOnce uint8
}

// learn lets an ended call teach: at once where it was plainly allowed, after days where it was watched or alerted. One that would have been
// refused or ended waits as well, but only for a person who says that it was fine.
func (s *shard) learn(r *running, c *count.Slot, ev *belwacht.Event) {
	s.late.Release(ev.Time, s.teach)
	l := profile.Lesson{At: c.At, Date: r.lesson.day, Hour: r.lesson.hour, Number: c.Number, Country: c.Country, Notable: c.Notable, Novel: c.Novel(),
		SentOn: r.sentOn, Talk: ev.Talk, Cost: c.Price.Cost(ev.Talk), AtOnce: int(r.lesson.atOnce)}
	if c.Flags&count.Undialable != 0 {
		l.Number = 0
	}
	if r.word == belwacht.Allow {
		s.teach(r.index, &l)
		return
	}
	s.late.Rose(r.index, c.Number, r.word, ev.Time)
	s.late.Wait(r.index, &l, r.word, ev.Time)
}

// teach takes a lesson into the profiles of account, group and house.
func (s *shard) teach(account uint32, l *profile.Lesson) {
	p := s.person(account)
	p.profile.Learn(l)
	if p.group != nil {
		p.group.profile.Learn(l)
	}
	s.house.Learn(l, account)
}
