package app

import (
	"cmp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
)

// Feed takes what one PBX tells of itself. Its methods are called from one goroutine.
type Feed struct {
	guard *Guard
	site  string
}

// Feed is where the feed of a PBX hands its events.
func (g *Guard) Feed(pbx string) *Feed { return &Feed{g, pbx} }

// Event takes one event and keeps nothing of it. Tenant and Site are the configuration's, whatever the event says.
func (f *Feed) Event(ev *belwacht.Event) {
	g := f.guard
	w, s := g.hold(f.site)
	if s == nil {
		return
	}
	defer s.mu.Unlock()
	e := *ev
	e.Tenant, e.Site, e.Time = s.tenant, s.name, g.atMost(ev.Time)
	if e.Kind == belwacht.EventFeedGap && e.Talk == 0 {
		s.gap = true // until Running says what it has missed
	}
	switch e.Kind {
	case belwacht.EventAttempt:
		g.dialled(w, s, &e)
	case belwacht.EventAnswer:
		g.answered(w, s, &e)
	case belwacht.EventEnd:
		if l := s.byFeed[e.Call]; l != nil {
			g.end(w, s, l, e.Time, e.Talk, e.Disposition)
		}
	case belwacht.EventFeedGap:
		g.counts.gaps.Add(1)
		if e.Talk == 0 {
			g.log.Warn("the feed of a PBX is silent: its calls are not seen and cannot be ended", "event", "feed.silent", "pbx", s.name)
		} else {
			g.log.Warn("the feed of a PBX is back", "event", "feed.back", "pbx", s.name, "seconds", e.Talk)
		}
		g.handle(w, s, &e)
	default:
		g.handle(w, s, &e)
	}
}

// Ahead takes events that come next, so that the engine can look up at once what judging them will look at: see detect.Engine.Ahead. It changes nothing.
func (f *Feed) Ahead(events []*belwacht.Event) {
	w, s := f.guard.hold(f.site)
	if s == nil {
		return
	}
	defer s.mu.Unlock()
	room, next := make([]belwacht.Event, len(events)), make([]*belwacht.Event, len(events))
	for i, ev := range events {
		e := &room[i]
		*e, next[i] = *ev, e
		e.Tenant, e.Site = s.tenant, s.name
		if l := s.byFeed[ev.Call]; l != nil && ev.Kind == belwacht.EventEnd {
			e.Call = l.id
		}
		if ev.Direction == belwacht.Out {
			e.Dialled = s.numbers.Sent(ev.Dialled)
		}
	}
	w.engine.Ahead(next)
}

// Running takes the calls that run at the PBX at a moment, by the names that its events gave them. Whatever else was thought to run has ended at its last
// sign of life.
func (f *Feed) Running(at belwacht.Instant, calls []string) {
	g := f.guard
	w, s := g.hold(f.site)
	if s == nil {
		return
	}
	defer s.mu.Unlock()
	s.gap = false
	at = g.atMost(at)
	runs := make(map[string]bool, len(calls))
	for _, c := range calls {
		runs[c] = true
		if l := s.byFeed[c]; l != nil && l.ended == 0 {
			l.seen = max(l.seen, at)
			if l.refused || l.stopped { // it could not be ended while the feed was silent
				g.stop(s, l)
			}
		}
	}
	for _, l := range s.legs {
		if l.ended != 0 || l.feed != "" && runs[l.feed] && s.byFeed[l.feed] == l || !l.dialled && at < l.attempt.Time+cmp.Or(l.grace, undialled) {
			continue
		}
		g.lost(w, s, l)
	}
}

// lost closes a leg of which nothing more will be heard, at its last sign of life.
func (g *Guard) lost(w *wiring, s *site, l *leg) {
	talk, how := int64(0), belwacht.Cancelled
	if l.answered != 0 {
		talk, how = max(l.seen.Seconds(l.answered), 0), belwacht.Answered
	}
	l.lapsed = !l.dialled && l.ended == 0
	g.end(w, s, l, l.seen, talk, how)
}

// dialled takes a leg that a PBX dials. One that was refused all the same is ended. Without a trunk it never left: the dial plan ended it, as it was told to
// where it asked, whatever number the caller had typed in front of the one that it asked about.
func (g *Guard) dialled(w *wiring, s *site, e *belwacht.Event) {
	left := e.Direction != belwacht.Out || e.Trunk != ""
	if e.Direction == belwacht.Out {
		e.Dialled = s.numbers.Sent(e.Dialled)
	}
	if l := s.legs[channel(e.Call)]; !left && l != nil && l.asked {
		l.seen = max(l.seen, e.Time)
		s.named(l, e.Call)
		return
	}
	l := g.attempt(w, s, e, "")
	fresh := !l.dialled
	if fresh && l.lapsed { // it is dialled after all
		l = g.again(w, s, l, e)
	}
	l.dialled, l.feed, l.seen = true, e.Call, max(l.seen, e.Time)
	s.named(l, e.Call)
	if e.Direction != belwacht.Out || !left {
		return
	}
	// Dial plans do not ask of emergency numbers, and of what ran before nobody knows any more.
	asks := s.judge == config.ByAsk && !s.emergency(e.Dialled) && e.Time >= g.since
	if fresh && !l.asked && asks && l.attempt.Source == belwacht.SourcePBX {
		l.unasked = true
		g.counts.unasked.Add(1)
		g.log.Warn("a call left without being asked of: some way round the dial plan's question is open", "event", "feed.unasked", "pbx", s.name, "call", l.id,
			"account", g.account(l.attempt.Account))
	}
	if l.refused {
		g.bypassed(s, l)
	}
}

// answered takes the answer of a leg. One that was refused is ended again; one that was answered after its end is another call on the same channel.
func (g *Guard) answered(w *wiring, s *site, e *belwacht.Event) {
	l := s.byFeed[e.Call]
	if l == nil {
		return
	}
	switch {
	case l.refused:
		g.bypassed(s, l)
		return
	case l.stopped && l.ended == 0:
		g.stop(s, l)
		return
	case l.ended != 0 && e.Time > l.ended:
		l = g.again(w, s, l, e)
		if l.refused {
			g.bypassed(s, l)
			return
		}
	case l.ended != 0 || l.answered != 0:
		return
	}
	l.answered, l.seen = e.Time, max(l.seen, e.Time)
	e.Call = l.id
	g.handle(w, s, e)
}

// again judges a leg whose channel dialled the same number once more without saying so.
func (g *Guard) again(w *wiring, s *site, old *leg, e *belwacht.Event) *leg {
	ev := old.attempt
	ev.Source, ev.Time, ev.Call = e.Source, e.Time, old.key.id
	l := &leg{key: old.key, link: old.link, seen: e.Time, dialled: true, asked: old.asked, feed: e.Call}
	g.judge(w, s, l, &ev)
	s.named(l, e.Call)
	return l
}

// Record takes a call that is over, from a PBX's records. One that is known is closed by it. One that is not is judged late and is a hole in the feed,
// except where records are the judge. The call is copied.
func (g *Guard) Record(c *belwacht.Call) {
	w, s := g.hold(c.Site)
	if s == nil {
		return
	}
	defer s.mu.Unlock()
	call := *c
	call.Tenant = s.tenant
	call.Start = g.atMost(call.Start)
	call.End = max(g.atMost(call.End), call.Start)
	g.counts.records.Add(1)
	if l := s.of(&call); l != nil {
		if !l.recorded {
			g.closes(w, s, l, &call)
		}
		return
	}
	g.unseen(w, s, &call)
}

// closes ends a leg by its record.
func (g *Guard) closes(w *wiring, s *site, l *leg, c *belwacht.Call) {
	l.recorded = true
	l.keep.Record = c
	defer func() { l.keep.Record = nil }()
	if l.refused {
		if c.Talk > 0 && !l.told {
			g.bypassed(s, l)
		}
		l.ended, l.talk = max(c.End, l.attempt.Time), c.Talk
		g.past(s, l, l.ended)
		return
	}
	if l.ended != 0 { // the record knows more of it
		g.past(s, l, l.ended)
		return
	}
	if c.Answer != 0 && l.answered == 0 && !l.stopped {
		l.answered = max(c.Answer, l.attempt.Time)
		g.handle(w, s, &belwacht.Event{Kind: belwacht.EventAnswer, Source: belwacht.SourceRecords, Time: l.answered, Tenant: s.tenant, Site: s.name, Call: l.id})
	}
	g.end(w, s, l, max(c.End, l.answered), c.Talk, c.Disposition)
}

// expects says whether a call should have been told of as it was made. Dial plans ask of calls to outside, but not to emergency numbers; a feed tells of all,
// but not of those in the house: one to an extension that forwards at once rings nowhere.
func (s *site) expects(c *belwacht.Call) bool {
	return s.feed && c.Direction != belwacht.Internally || c.Direction == belwacht.Out && !s.emergency(c.Dialled)
}

// unseen judges a call that nobody told of while it ran.
func (g *Guard) unseen(w *wiring, s *site, c *belwacht.Call) {
	now := belwacht.InstantOf(g.now())
	within := forLate
	if s.judge == config.ByRecords {
		within = inTime
	} else if s.expects(c) {
		g.counts.unseen.Add(1)
		g.log.Warn("a record tells of a call that nothing else told of: there is a hole in the feed", "event", "feed.unseen", "pbx", s.name, "call", text60(c.ID),
			"account", g.account(c.Account))
	}
	n := s.dialled(c.Dialled)
	l := &leg{key: legKey{channel(c.ID), n}, link: legKey{c.Link, n}, seen: c.End, recorded: true}
	s.alone[legKey{c.Account, n}] = l
	c.Late = c.Late || now-c.Start > within
	if !c.Late {
		var events [3]belwacht.Event
		c.Events(&events)
		g.judge(w, s, l, &events[0])
		l.recorded = false
		g.closes(w, s, l, c)
		return
	}
	g.counts.late.Add(1)
	g.makeRoom(w, s)
	s.add(l)
	l.attempt = belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceRecords, Time: c.Start, Tenant: s.tenant, Site: s.name, Call: l.id, Account: c.Account}
	l.answered, l.ended, l.talk = c.Answer, c.End, c.Talk
	s.out.Reset()
	if err := w.engine.Late(c, &s.out); err != nil {
		g.log.Error("a late record cannot be judged", "event", "judge.error", "pbx", s.name, "error", err)
		return
	}
	l.keep.Reads(&s.out.Number)
	for i := range s.out.Decisions {
		l.keep.Decided(&s.out.Decisions[i])
		g.logCall(s, l, &s.out.Decisions[i])
	}
	l.keep.Record = c
	g.past(s, l, c.End)
	l.keep.Record = nil
	g.carry(s.out.Decisions)
}

// hold finds a PBX and takes its lock; nil where the configuration does not name it any more.
func (g *Guard) hold(pbx string) (*wiring, *site) {
	for {
		w := g.wiring.Load()
		s := w.sites[pbx]
		if s == nil {
			return nil, nil
		}
		s.mu.Lock()
		if g.wiring.Load() == w {
			return w, s
		}
		s.mu.Unlock() // replaced meanwhile
	}
}

// atMost is a time that a PBX told, taken as now where it lies far ahead of the clock.
func (g *Guard) atMost(t belwacht.Instant) belwacht.Instant {
	if now := belwacht.InstantOf(g.now()); t > now+ahead {
		g.counts.ahead.Add(1)
		return now
	}
	return t
}
