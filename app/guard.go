package app

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/detect/again"
	"github.com/belwacht/belwacht/text"
)

// Ender ends a call of a PBX. It returns when the call has ended, or says why it has not.
type Ender interface {
	End(ctx context.Context, call string) error
}

// Keeper is handed every decision above a plain allow, from one goroutine at a time and on the call's way: it returns at once and keeps a copy.
type Keeper interface {
	Keep(d *belwacht.Decision)
}

// GuardConfig is what a Guard needs.
type GuardConfig struct {
	Config *config.Config // tenants and PBXs
	Engine *detect.Engine // made with Live
	Log    *slog.Logger
	Keep   Keeper
	Calls  CallKeeper       // nil = calls are not kept
	Events again.Keeper     // nil = events are not kept
	Past   []*again.Call    // that the engine has judged again
	Now    func() time.Time // nil = the clock
	PII    bool             // numbers are logged in full
}

// Guard is the engine live: what questions, feeds and records tell of is one call, is judged once as it is first heard of, and is ended where it must
// be. It is safe for concurrent use. The events of one PBX are judged one after the other.
type Guard struct {
	log     *slog.Logger
	keep    Keeper
	history *again.History
	calls   CallKeeper
	now     func() time.Time
	since   belwacht.Instant // when it began
	pii     bool
	wiring  atomic.Pointer[wiring]
	usual   atomic.Pointer[map[habit]struct{}]
	ends    chan ending
	choked  atomic.Bool // more must be ended than can be, and that was said
	counts  tally
	took    prometheus.Histogram // judging a question, in seconds
}

// wiring is what a reload replaces as a whole.
type wiring struct {
	engine  *detect.Engine
	tenants []string
	sites   map[string]*site
}

// habit is a country in an account's own profile.
type habit struct {
	tenant, account string
	country         belwacht.Country
}

// NewGuard makes a guard. Nothing ends calls until Act runs, and time passes by Tick.
func NewGuard(c *GuardConfig) (*Guard, error) {
	g := &Guard{log: c.Log, keep: c.Keep, history: again.NewHistory(c.Events), calls: c.Calls, now: c.Now, pii: c.PII, ends: make(chan ending, endsMost)}
	g.took = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "belwacht_judge_seconds", Help: "Time from question to verdict.",
		Buckets: []float64{.00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .3}})
	if g.now == nil {
		g.now = time.Now
	}
	g.since = belwacht.InstantOf(g.now())
	none := map[habit]struct{}{}
	g.usual.Store(&none)
	w, err := newWiring(c.Config, c.Engine)
	if err != nil {
		return nil, err
	}
	g.wiring.Store(w)
	g.takeUp(w, c.Past)
	return g, nil
}

// newWiring makes the sites of a configuration.
func newWiring(c *config.Config, e *detect.Engine) (*wiring, error) {
	w := &wiring{engine: e, sites: make(map[string]*site)}
	byName := make(map[string]*config.Tenant)
	all := c.All()
	for i := range all {
		byName[all[i].Name] = &all[i]
		w.tenants = append(w.tenants, all[i].Name)
	}
	for i := range c.PBX {
		p := &c.PBX[i]
		t := byName[c.TenantOf(p)]
		numbers, err := t.Site()
		if err != nil {
			return nil, err
		}
		s := newSite(p.Name, t.Name)
		s.judge, s.feed, s.records, s.numbers = p.Judge(), p.AMI != nil, p.Records != nil, numbers
		s.gap = s.feed
		s.trunks = make(map[string]bool)
		for _, name := range c.TrunksOf(p) {
			s.trunk = endpoint(name)
			s.trunks[s.trunk] = true
		}
		if len(s.trunks) != 1 {
			s.trunk = ""
		}
		w.sites[p.Name] = s
	}
	return w, nil
}

// inherit takes over the legs of a site of the same name, whose lock is held.
func (s *site) inherit(was *site) {
	s.legs, s.byKey, s.byLink, s.byFeed, s.alone, s.gap, s.made = was.legs, was.byKey, was.byLink, was.byFeed, was.alone, s.feed && (was.gap || !was.feed), was.made
}

// takeUp makes legs of the calls that were judged again, and of those that an engine's memory says run.
func (g *Guard) takeUp(w *wiring, past []*again.Call) {
	for _, c := range slices.Backward(past) { // the newest first: what they have in common is theirs
		if s := w.sites[c.Attempt.Site]; s != nil && s.tenant == c.Attempt.Tenant && len(s.legs) < legsMost {
			s.recall(c)
		}
	}
	w.engine.Running(func(r *belwacht.Running) {
		s := w.sites[r.Site]
		if s == nil || s.legs[r.ID] != nil {
			return
		}
		l := &leg{id: r.ID, grace: unheard, key: legKey{channel(r.ID), r.Number}, seen: max(r.Began, r.Answered), answered: r.Answered, dialled: r.Answered != 0, feed: channel(r.ID),
			judged: true, attempt: belwacht.Event{Kind: belwacht.EventAttempt, Time: r.Began, Tenant: r.Tenant, Site: r.Site, Call: r.ID, Direction: belwacht.Out, Account: r.Account,
				Root: r.Root, Trunk: r.Trunk, Dialled: r.Number}}
		s.legs[l.id], s.byKey[l.key] = l, l
		s.named(l, l.feed)
	})
}

// Ask implements ask.Judge. A call that is asked of again is judged once.
func (g *Guard) Ask(_ context.Context, q *ask.Question) (ask.Answer, error) {
	begin := time.Now()
	defer func() { g.took.Observe(time.Since(begin).Seconds()) }()
	w, s := g.hold(q.PBX)
	if s == nil {
		return ask.Answer{}, belwacht.Errorf(belwacht.NotFound, "a question of PBX %.60q, which the configuration does not name", text.Clean(q.PBX, 60))
	}
	defer s.mu.Unlock()
	ev := g.question(s, q)
	l := g.attempt(w, s, &ev, q.LinkedID)
	if l.unasked {
		l.unasked = false
		g.counts.unasked.Add(^uint64(0)) // it was asked of after all, and the feed was quicker
		if l.refused {
			g.wentBy(s, l) // the default was the answer meanwhile
		}
	}
	l.asked, l.grace = true, 0
	if !l.refused && l.ended == 0 {
		l.seen = max(l.seen, ev.Time)
	}
	return l.answer, nil
}

// question is what is asked as an event.
func (g *Guard) question(s *site, q *ask.Question) belwacht.Event {
	ev := belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceAsk, Time: belwacht.InstantOf(g.now()), Tenant: s.tenant, Site: s.name, Direction: belwacht.Out,
		Caller: q.Caller, Dialled: s.numbers.Sent(q.Number), Trunk: cmp.Or(s.trunk, endpoint(q.Trunk))}
	ev.Call = cmp.Or(q.UniqueID, q.LinkedID)
	if ev.Call == "" {
		s.made++
		ev.Call = "asked-" + ev.Time.String() + "-" + itoa(s.made)
	}
	ev.Account, ev.Lineage = q.Account()
	if ev.Account == "" || s.trunks[ev.Account] { // a call from outside that leads straight out again
		ev.Account, ev.Lineage = cmp.Or(ev.Account, ev.Trunk), belwacht.Trunked
	}
	ev.Root = ev.Account
	if who := endpoint(q.Channel); who != "" && ev.Lineage == belwacht.Transferred {
		ev.Root = who
	}
	return ev
}

// attempt finds the leg that an attempt tells of, or judges it as a new one. The site's lock is held.
func (g *Guard) attempt(w *wiring, s *site, ev *belwacht.Event, link string) *leg {
	k := legKey{channel(ev.Call), s.dialled(ev.Dialled)}
	if l := s.find(k, ev); l != nil {
		return l
	}
	if l := s.remembered(k, ev); l != nil && ev.Time < g.since {
		s.rename(l, k, ev.Dialled)
		return l
	}
	l := &leg{key: k, link: legKey{link, k.number}, seen: ev.Time}
	g.judge(w, s, l, ev)
	return l
}

// judge has the engine judge a new leg.
func (g *Guard) judge(w *wiring, s *site, l *leg, ev *belwacht.Event) {
	g.makeRoom(w, s)
	s.add(l)
	l.attempt = *ev
	l.attempt.Call, l.attempt.Login = l.id, nil
	g.counts.attempts.Add(1)
	g.handle(w, s, &l.attempt)
	l.answer = ask.Answer{MaxSeconds: s.out.MaxSeconds}
	l.keep.Reads(&s.out.Number)
	var own *belwacht.Decision
	for i := range s.out.Decisions {
		if d := &s.out.Decisions[i]; d.ID == l.id && d.Word != belwacht.EndNow {
			own = d
		}
	}
	if own != nil {
		l.keep.Decided(own)
		l.answer.Word, l.answer.Cause, l.answer.Reference = own.Word, own.Cause, own.Reference
		if l.refused = own.Word == belwacht.Refuse && own.Enforced; l.refused {
			g.counts.refused.Add(1)
		} else {
			l.answer.Word = min(own.Word, belwacht.Warn) // what is only said stops no call
		}
	}
	g.logCall(s, l, own)
	if l.refused {
		g.past(s, l, l.attempt.Time)
	}
}

// makeRoom closes the legs that make room for others.
func (g *Guard) makeRoom(w *wiring, s *site) {
	for _, old := range s.room() {
		g.counts.forgotten.Add(1)
		g.lost(w, s, old)
	}
}

// handle has the engine judge an event, and carries out what else came of it: calls that are ended.
func (g *Guard) handle(w *wiring, s *site, ev *belwacht.Event) {
	s.out.Reset()
	if err := g.history.Judge(w.engine, ev, &s.out); err != nil {
		g.log.Error("an event cannot be judged", "event", "judge.error", "pbx", s.name, "error", err)
		return
	}
	g.carry(s.out.Decisions)
}

// end tells the engine that a leg has ended, once.
func (g *Guard) end(w *wiring, s *site, l *leg, at belwacht.Instant, talk int64, how belwacht.Disposition) {
	if l.ended != 0 {
		return
	}
	l.ended, l.talk, l.seen, l.keep.How = max(at, l.attempt.Time), talk, max(l.seen, at), how
	g.past(s, l, l.ended)
	if l.refused || l.stopped { // the engine has closed it
		return
	}
	ev := belwacht.Event{Kind: belwacht.EventEnd, Source: belwacht.SourcePBX, Time: l.ended, Tenant: s.tenant, Site: s.name, Call: l.id, Talk: talk, Disposition: how}
	g.handle(w, s, &ev)
}

// Usual implements ask.Usual. It takes no lock that judging holds: what it knows is up to a minute old.
func (g *Guard) Usual(pbx, account string, country belwacht.Country) bool {
	s := g.wiring.Load().sites[pbx]
	if s == nil {
		return false
	}
	_, known := (*g.usual.Load())[habit{s.tenant, account, country}]
	return known
}
