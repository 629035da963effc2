package app

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/text"
)

// Bounds of ending calls.
const (
	endsMost   = 1 << 15          // endings that wait; a PBX has no more legs than that
	endsOnce   = 512              // endings at once: a PBX under load shows the end of a call late
	endWithin  = 10 * time.Second // a PBX that has not ended a call by then is said to have failed
	goneWithin = time.Second      // after a call has ended at the PBX its feed has told so
	// A call that was to be ended and runs on is tried again, after a pause that doubles from the first to the longest.
	againFirst = 5 * belwacht.Second
	againMost  = 5 * belwacht.Minute
)

// CauseBypassed is the cause of the alert that a call was dialled although it was refused.
const CauseBypassed = "engine.bypassed"

// ending is a call that must be ended.
type ending struct {
	tenant, pbx, call string
	feed              string // "" where only the engine's name of the call is known
	why               *belwacht.Decision
}

// tally counts what happened since the start.
type tally struct {
	attempts, refused, ended, bypassed, unended, unasked, unseen, late, records, ahead, forgotten, gaps atomic.Uint64
}

// Counts are how often what happened since the start.
type Counts struct {
	Attempts  uint64 `json:"attempts"`  // legs that were judged as they were first heard of
	Refused   uint64 `json:"refused"`   // of them, and that carried out
	Ended     uint64 `json:"ended"`     // calls that the engine ended
	Bypassed  uint64 `json:"bypassed"`  // legs that were dialled although they were refused
	Unended   uint64 `json:"unended"`   // calls that a PBX did not end when told
	Unasked   uint64 `json:"unasked"`   // legs that the feed told of and nobody asked of, where asking is the judge
	Unseen    uint64 `json:"unseen"`    // records of calls that nothing else told of
	Late      uint64 `json:"late"`      // of them, judged by themselves
	Records   uint64 `json:"records"`   // in all
	Ahead     uint64 `json:"ahead"`     // events further ahead than the clock allows
	Forgotten uint64 `json:"forgotten"` // legs that made room for others
	Gaps      uint64 `json:"gaps"`      // times a feed was silent or came back
}

// Counts are the numbers for status and metrics.
func (g *Guard) Counts() Counts {
	c := &g.counts
	return Counts{c.attempts.Load(), c.refused.Load(), c.ended.Load(), c.bypassed.Load(), c.unended.Load(), c.unasked.Load(), c.unseen.Load(), c.late.Load(), c.records.Load(),
		c.ahead.Load(), c.forgotten.Load(), c.gaps.Load()}
}

// carry keeps decisions, and has those calls ended that must be.
func (g *Guard) carry(list []belwacht.Decision) {
	for i := range list {
		d := &list[i]
		if g.keep != nil {
			g.keep.Keep(d)
		}
		if d.Word == belwacht.EndNow && !d.Enforced {
			g.push(ending{tenant: d.Tenant, pbx: d.Site, call: d.ID, why: d.Brief()})
		}
		if d.Word == belwacht.EndNow && d.Enforced {
			g.counts.ended.Add(1)
			g.log.LogAttrs(context.Background(), slog.LevelWarn, "call", append(g.attrs(d), slog.String("event", "call.ended"))...)
			g.push(ending{tenant: d.Tenant, pbx: d.Site, call: d.ID, why: d.Brief()})
		}
	}
}

// bypassed ends a leg that is dialled although it was refused, and tells of it once.
func (g *Guard) bypassed(s *site, l *leg) {
	if l.asked && !l.told {
		g.wentBy(s, l)
	}
	l.told = true
	if l.feed != "" && l.ended == 0 {
		g.push(ending{tenant: s.tenant, pbx: s.name, call: l.id, feed: l.feed})
	}
}

// wentBy tells of a leg that is dialled although it was asked of and refused.
func (g *Guard) wentBy(s *site, l *leg) {
	g.counts.bypassed.Add(1)
	g.log.Warn(text.Cause(text.English, CauseBypassed), "event", "call.bypassed", "pbx", s.name, "call", l.id, "account", g.account(l.attempt.Account),
		"number", g.number(l.attempt.Dialled), "cause", l.answer.Cause, "reference", l.answer.Reference)
}

// stop ends a leg again that comes up although it was ended.
func (g *Guard) stop(s *site, l *leg) {
	g.push(ending{tenant: s.tenant, pbx: s.name, call: l.id, feed: l.feed})
}

// push hands an ending on, off the call's way.
func (g *Guard) push(e ending) {
	select {
	case g.ends <- e:
	default: // Tick insists
		if !g.choked.Swap(true) {
			g.log.Error("more calls must be ended at once than can be; some are ended later", "event", "call.unended", "call", e.call)
		}
	}
}

// insist ends once more what was to be ended and runs on: the PBX was not connected then, or did not do it.
func (g *Guard) insist(s *site, l *leg, now belwacht.Instant) {
	if l.ended != 0 || !l.refused && !l.stopped || !l.dialled || s.byFeed[l.feed] != l {
		return
	}
	if l.retry == 0 {
		l.retry, l.pause = now+againFirst, againFirst
	}
	if now < l.retry {
		return
	}
	l.pause = min(2*l.pause, againMost)
	l.retry = now + l.pause
	g.push(ending{tenant: s.tenant, pbx: s.name, call: l.id, feed: l.feed})
}

// Act ends the calls that must be ended, by the Ender of their PBX, until ctx ends, and returns when none is being ended any more. enders says which is whose; a PBX
// may have none.
func (g *Guard) Act(ctx context.Context, enders func(pbx string) Ender) {
	slots := make(chan struct{}, endsOnce)
	var running sync.WaitGroup
	defer running.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-g.ends:
			if e.why != nil && !e.why.Enforced {
				g.resolve(&e) // it is only noted that the call would have been ended
				continue
			}
			if e.feed == "" && !g.resolve(&e) {
				continue
			}
			ender := enders(e.pbx)
			if ender == nil || e.feed == "" {
				g.counts.unended.Add(1)
				g.log.Warn("a call should be ended and nothing here can: it needs the PBX's feed", "event", "call.unended", "pbx", e.pbx, "call", e.call)
				continue
			}
			slots <- struct{}{} // free within endWithin, and sooner once ctx ends
			running.Go(func() {
				defer func() { <-slots }()
				_ = g.endNow(ctx, ender, &e) // said there
			})
		}
	}
}

// endNow ends one call. Right before, it looks whether the PBX's name of it is still this call's, and whether it is no emergency call: a channel that the
// PBX has given to another call in the meantime must not be hung up, least of all one that calls for help.
func (g *Guard) endNow(ctx context.Context, ender Ender, e *ending) error {
	_, s := g.hold(e.pbx)
	if s == nil {
		return nil
	}
	l := s.legs[e.call]
	other := l == nil || s.byFeed[e.feed] != l || s.emergency(l.attempt.Dialled)
	s.mu.Unlock()
	if other {
		return belwacht.Errorf(belwacht.NotFound, "call %.60q runs no more", text60(e.call))
	}
	ctx, cancel := context.WithTimeout(ctx, endWithin)
	defer cancel()
	err := ender.End(ctx, e.feed)
	if belwacht.CodeOf(err) == belwacht.NotFound && g.gone(ctx, e) {
		return nil
	}
	if err != nil && ctx.Err() != context.Canceled {
		g.counts.unended.Add(1)
		g.log.Error("a call could not be ended", "event", "call.unended", "pbx", e.pbx, "call", e.call, "error", err)
	}
	return err
}

// gone says whether a call that the PBX does not know has ended by itself in the same moment: its feed tells so, if not yet then soon.
func (g *Guard) gone(ctx context.Context, e *ending) bool {
	for range 20 {
		_, s := g.hold(e.pbx)
		if s == nil {
			return false
		}
		l := s.legs[e.call]
		over := l == nil || l.ended != 0
		s.mu.Unlock()
		if over || ctx.Err() != nil {
			return over
		}
		time.Sleep(goneWithin / 20)
	}
	return false
}

// resolve finds the leg of a call that the engine ended, and notes that it was. It returns false where there is nothing to end: the call has ended by itself in
// the same moment, or calls for help.
func (g *Guard) resolve(e *ending) bool {
	_, s := g.hold(e.pbx)
	if s == nil {
		return false
	}
	defer s.mu.Unlock()
	l := s.legs[e.call]
	if l == nil {
		return true
	}
	if l.ended != 0 || s.tenant != e.tenant || s.emergency(l.attempt.Dialled) {
		return false
	}
	if e.why != nil {
		l.keep.Decided(e.why)
	}
	if e.why != nil && !e.why.Enforced {
		return false
	}
	l.stopped = true
	e.feed = l.feed
	return true
}

// End ends a running call because a person says so; the feed will tell that it has. A call that does not run is an error of code NotFound, one that
// cannot be ended of code Unreachable.
func (g *Guard) End(ctx context.Context, call string, enders func(pbx string) Ender) error {
	var found []ending
	emergency := false
	for name := range g.wiring.Load().sites {
		_, s := g.hold(name)
		if s == nil {
			continue
		}
		if l := s.legs[call]; l != nil && l.ended == 0 {
			found = append(found, ending{tenant: s.tenant, pbx: s.name, call: l.id, feed: l.feed})
			emergency = emergency || l.answer.Cause == "emergency" || s.emergency(l.attempt.Dialled)
		}
		s.mu.Unlock()
	}
	switch {
	case emergency:
		return belwacht.Errorf(belwacht.Invalid, "call %s is an emergency call, and those are never ended", text60(call))
	case len(found) > 1:
		return belwacht.Errorf(belwacht.Invalid, "%d PBXs have a call %s; end it at the one that is meant", len(found), text60(call))
	case len(found) == 1:
		e := &found[0]
		ender := enders(e.pbx)
		if ender == nil || e.feed == "" {
			return belwacht.Errorf(belwacht.Unreachable, "call %s cannot be ended: PBX %s has no feed by which calls are ended (pbx.ami)", text60(call), e.pbx)
		}
		return g.endNow(ctx, ender, e)
	}
	return belwacht.Errorf(belwacht.NotFound, "no call %.60q runs; belwacht calls lists those that do", text.Clean(call, 60))
}

// Tick tells the engine that time passed, so that running calls are judged again, and closes legs of which nothing more will be heard. It is called each
// second from one goroutine; at is the clock.
func (g *Guard) Tick(at belwacht.Instant) {
	w := g.wiring.Load()
	var out detect.Out
	for _, t := range w.tenants {
		out.Reset()
		if err := w.engine.Handle(&belwacht.Event{Kind: belwacht.EventTick, Source: belwacht.SourceClock, Time: at, Tenant: t}, &out); err != nil {
			g.log.Error("time cannot pass", "event", "judge.error", "error", err)
			continue
		}
		g.carry(out.Decisions)
	}
	if at/belwacht.Second%5 != 0 {
		return
	}
	g.choked.Store(false)
	for name := range w.sites {
		w, s := g.hold(name)
		if s == nil {
			continue
		}
		for _, l := range s.legs {
			g.insist(s, l, at)
			switch {
			case s.due(l, at):
				g.lost(w, s, l)
			case (l.ended != 0 || l.refused && !l.dialled) && at > max(l.ended, l.seen)+legKept:
				s.drop(l)
			}
		}
		s.mu.Unlock()
	}
}

// Learn takes what is usual from the engine, for Usual. It is called each minute or so.
func (g *Guard) Learn() {
	usual := make(map[habit]struct{})
	g.wiring.Load().engine.Usual(func(tenant, account string, c belwacht.Country) { usual[habit{tenant, account, c}] = struct{}{} })
	g.usual.Store(&usual)
}

// logCall writes the one line of a call that was judged.
func (g *Guard) logCall(s *site, l *leg, d *belwacht.Decision) {
	n := &s.out.Number
	if l.attempt.Direction != belwacht.Out && d == nil || d == nil && !n.External() {
		return
	}
	level := slog.LevelInfo
	if d == nil {
		d = &belwacht.Decision{ID: l.id, Tenant: s.tenant, Account: l.attempt.Account, Number: n.E164.String(), MaxSeconds: s.out.MaxSeconds}
		if n.Canonical != "" {
			d.Number = n.Canonical
		}
	} else if d.Word >= belwacht.Warn {
		level = slog.LevelWarn
	}
	shown := *d
	if n.Class == belwacht.ClassSocial {
		shown.Number = "" // who called a helpline is nobody's business
	}
	d = &shown
	h := g.log.Handler() // not by the Logger, which looks for the line of this program first
	if !h.Enabled(context.Background(), level) {
		return
	}
	r := slog.NewRecord(g.now(), level, "call", 0)
	r.AddAttrs(append(g.attrs(d), slog.String("event", "call.judged"), slog.String("pbx", s.name), slog.String("class", n.Class.String()))...)
	_ = h.Handle(context.Background(), r) // as the Logger does it
}

// attrs is a decision as a log line has it.
func (g *Guard) attrs(d *belwacht.Decision) []slog.Attr {
	a := append(make([]slog.Attr, 0, 13), slog.String("call", text60(d.ID)), slog.String("account", g.account(d.Account)), slog.String("number", g.number(d.Number)),
		slog.String("decision", d.Word.String()), slog.String("cause", d.Cause), slog.Bool("enforced", d.Enforced))
	if d.Tenant != "" {
		a = append(a, slog.String("tenant", d.Tenant))
	}
	if d.Reference != "" {
		a = append(a, slog.String("reference", d.Reference))
	}
	if d.Word > belwacht.Allow {
		a = append(a, slog.Float64("bits", d.ScoreBits), slog.Float64("at_risk", d.AtRisk))
	}
	return a
}

// number is one as the log may have it.
func (g *Guard) number(n string) string {
	if g.pii {
		return text.Clean(n, 64)
	}
	return text.Mask(n)
}

// account is one as the log may have it: an extension as it is, a number masked.
func (g *Guard) account(a string) string {
	if len(a) > 7 && !g.pii {
		return text.Mask(a)
	}
	return text60(a)
}

func text60(s string) string { return text.Clean(s, 60) }

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

// endpoint is who a channel or trunk is, without its technology.
func endpoint(name string) string { return asterisk.ParseChannel(name).Endpoint }
