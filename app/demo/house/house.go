// Package house is the made-up organisation of a demo, alive: an engine that judges its calls, a store in a folder of its own, and a clock that runs ahead of
// ours. It shows and does what a running Belwacht does, so that the console can be put before it; what is done there, such as ending a call or saying
// that one was fine, counts for the calls that follow. Make one with [Open] and have it live with [House.Live].
package house

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app/demo"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/recent"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/guard"
)

// House is the organisation. It is safe for concurrent use.
type House struct {
	Store *sqlite.Store

	log    *slog.Logger
	recent *recent.Decisions
	speed  float64
	now    atomic.Int64 // the organisation's time, milliseconds since 1970
	engine atomic.Pointer[detect.Engine]
	zone   atomic.Pointer[time.Location]
	config atomic.Pointer[config.Config]
	began  atomic.Bool // the days that are shown
	over   atomic.Bool // the story is over
	since  belwacht.Instant
	kept   map[string]int // alerts by ID: how many decisions were in them as they were kept
	audit  *ledger.Log

	mu  sync.Mutex
	end []string // calls that a person wants ended
}

// Open makes a house whose store lies in a folder. speed 2 is twice as fast, 0 as fast as it goes.
func Open(ctx context.Context, folder string, speed float64, log *slog.Logger) (*House, error) {
	h := &House{log: log, recent: recent.New(), speed: speed, kept: map[string]int{}}
	h.zone.Store(time.UTC)
	keys, err := ledger.LoadKeys(folder, "demo")
	if err != nil {
		return nil, err
	}
	if h.Store, err = sqlite.Open(ctx, sqlite.Config{Folder: folder, Log: log, Zone: func(string) *time.Location { return h.Zone() }}); err != nil {
		return nil, err
	}
	h.audit = ledger.New(ledger.Config{Store: h.Store, Keys: keys, Now: h.Now, Log: log})
	return h, nil
}

// Close ends the store.
func (h *House) Close(ctx context.Context) error { return h.Store.Close(ctx) }

// Zone is the organisation's.
func (h *House) Zone() *time.Location { return h.zone.Load() }

// Config is its configuration.
func (h *House) Config() *config.Config {
	if c := h.config.Load(); c != nil {
		return c
	}
	return config.Assumed()
}

// Now is the organisation's time.
func (h *House) Now() time.Time { return time.UnixMilli(h.now.Load()) }

// Began says whether its history is learned, and Over whether the story is over.
func (h *House) Began() bool { return h.began.Load() }

// Over says whether the story is over.
func (h *House) Over() bool { return h.over.Load() }

// Live plugs the house into a demo, which is then run.
func (h *House) Live(ctx context.Context, d *demo.Demo) {
	begins, over := d.Begins, (func(*demo.Ending))(nil)
	if d.Alive != nil {
		over = d.Alive.Over
	}
	d.Begins = func(s *demo.Scene) {
		h.now.Store(int64(s.From))
		h.since = s.From
		h.history(ctx, s.From)
		h.began.Store(true)
		if begins != nil {
			begins(s)
		}
	}
	d.Alive = &demo.Alive{
		Ready: func(e *detect.Engine, c *config.Config, zone *time.Location) {
			h.zone.Store(zone)
			h.config.Store(c)
			h.engine.Store(e)
		},
		Pace: func(at belwacht.Instant) ([]string, error) { return h.pace(ctx, at) },
		Decided: func(x *belwacht.Decision) {
			h.recent.Keep(x)
			h.Store.AddDecision(x)
		},
		Call: h.Store.PutCall,
		Over: func(e *demo.Ending) {
			h.over.Store(true)
			if over != nil {
				over(e)
			}
		},
	}
}

// How time runs: before the attack a gap between two calls passes at once, in the attack slowly enough to be watched, and afterwards a minute in a second.
const (
	step     = 50 * time.Millisecond
	calm     = 60.0
	gapEarly = 40 * time.Millisecond
	gapStory = 600 * time.Millisecond
)

// pace lets the clock run up to a moment, and hands out the calls that a person wants ended.
func (h *House) pace(ctx context.Context, at belwacht.Instant) ([]string, error) {
	h.alerts(ctx)
	from := belwacht.Instant(h.now.Load())
	gap := time.Duration(at-from) * time.Millisecond
	if gap > 0 && h.speed > 0 {
		wall := time.Duration(float64(gap) / calm)
		most := time.Duration(1 << 62)
		switch {
		case h.Over():
		case len(h.kept) > 0 && h.stirred():
			most = gapStory
		default:
			most = gapEarly
		}
		wall = time.Duration(float64(min(wall, most)) / h.speed)
		if err := h.run(ctx, from, at, wall); err != nil {
			return nil, err
		}
	}
	h.now.Store(int64(max(at, from)))
	h.mu.Lock()
	defer h.mu.Unlock()
	end := h.end
	h.end = nil
	return end, ctx.Err()
}

// stirred says whether an alert of the days that are shown is there: the attack has begun.
func (h *House) stirred() bool {
	e := h.engine.Load()
	list := e.Alerts()
	return len(list) > 0 && list[len(list)-1].Last >= h.since && list[len(list)-1].Word >= belwacht.Refuse
}

// run moves the clock evenly for so long.
func (h *House) run(ctx context.Context, from, to belwacht.Instant, wall time.Duration) error {
	began := time.Now()
	t := time.NewTicker(step)
	defer t.Stop()
	for time.Since(began) < wall {
		h.now.Store(int64(from) + int64(float64(to-from)*min(float64(time.Since(began))/float64(wall), 1)))
		h.mu.Lock()
		wanted := len(h.end) > 0
		h.mu.Unlock()
		if wanted {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
	return nil
}

// Catch keeps what is not kept yet, and waits until it is on disk: for who has stopped the story in the middle of it.
func (h *House) Catch(ctx context.Context) {
	h.alerts(ctx)
	h.settle(ctx)
}

// settle waits until all is on disk.
func (h *House) settle(ctx context.Context) {
	for h.Store.State().Pending > 0 && ctx.Err() == nil {
		time.Sleep(step)
	}
}

// alerts keeps what is new or grew.
func (h *House) alerts(ctx context.Context) {
	all := h.engine.Load().Alerts()
	for i := range all {
		a := &all[i]
		if h.kept[a.ID] == a.Count {
			continue
		}
		if err := h.Store.PutAlert(ctx, a); err != nil && belwacht.CodeOf(err) != belwacht.Unreachable { // that is written later
			h.log.Error("an alert is not kept", "error", err)
		}
		h.kept[a.ID] = a.Count
	}
}

// history closes what was told in the weeks of learning, as somebody would have.
func (h *House) history(ctx context.Context, at belwacht.Instant) {
	h.settle(ctx) // six weeks of calls, so that what comes is on disk at once
	h.alerts(ctx)
	for _, a := range h.engine.Load().Alerts() {
		c := &belwacht.IncidentChange{Tenant: a.Tenant, ID: a.ID, State: belwacht.IncidentClosed, Outcome: belwacht.OutcomeInnocent, Who: "Anna", Note: "Nagevraagd: was in orde. / Asked: was fine.", Time: min(a.Last+30*belwacht.Minute, at)}
		if err := h.Store.ChangeAlert(ctx, c); err != nil {
			h.log.Error("an alert is not closed", "error", err)
		}
	}
}

// Calls implements guard.Viewer.
func (h *House) Calls(context.Context) ([]belwacht.Running, error) {
	list := []belwacht.Running{}
	if e := h.engine.Load(); e != nil && h.Began() {
		e.Running(func(r *belwacht.Running) { list = append(list, *r) })
	}
	return list, nil
}

// Decisions implements guard.Viewer.
func (h *House) Decisions(ctx context.Context, id string) ([]belwacht.Decision, error) {
	if list := h.recent.Find(id); len(list) > 0 {
		return list, nil
	}
	list, _, err := h.Store.Decisions(ctx, &belwacht.DecisionQuery{Call: id})
	return list, err
}

// Health implements guard.Viewer.
func (h *House) Health(context.Context) (*guard.Health, error) {
	x := &guard.Health{Version: "demo", Since: h.since, Loaded: h.since, Tenants: map[string]guard.State{"": {Mode: belwacht.Enforce}}, Store: h.Store.State(), Stored: true,
		PBXs: []guard.PBX{{Name: "pbx", JudgeBy: "ask", Ask: "127.0.0.1", Feeds: []guard.Feed{{Kind: "events", State: "connected (made up)", Good: true}}}}}
	if e := h.engine.Load(); e != nil {
		x.Tenants[""] = guard.State{Mode: belwacht.Enforce, Panic: e.Panics(""), Locks: len(e.Locks(""))}
	}
	return x, nil
}

// Status implements control.Viewer.
func (h *House) Status(ctx context.Context) (*control.Status, error) {
	calls, err := h.Calls(ctx)
	if err != nil {
		return nil, err
	}
	s := &control.Status{Schema: control.StatusSchema, Version: "demo", Since: h.since, Loaded: h.since, Calls: len(calls), Counts: map[string]uint64{}, Problems: []string{},
		Tenants: []control.Organisation{{Mode: belwacht.Enforce}}, PBXs: []control.PBX{{Name: "pbx", JudgeBy: "ask"}}}
	if e := h.engine.Load(); e != nil {
		s.Panic, s.Alerts = e.Panics(""), len(e.Alerts())
		s.Tenants[0].Panic, s.Tenants[0].Locks = s.Panic, len(e.Locks(""))
	}
	return s, nil
}

// Notices are what the console says above every page of the demonstration.
func (h *House) Notices(_ context.Context, a *web.Ask) []web.Notice {
	l := a.Language
	at := text.Moment(l, h.instant(), h.Zone())
	switch {
	case !h.Began():
		return []web.Notice{{Kind: "info", Text: l.Pick("A made-up office. Belwacht reads six weeks of its calls to learn what is usual there; wait a moment, then load this page again.",
			"Een verzonnen kantoor. Belwacht leest zes weken gesprekken om te leren wat daar gewoon is; wacht even en laad deze pagina dan opnieuw.")}}
	case !h.Over():
		return []web.Notice{{Kind: "info", Text: fmt.Sprintf(l.Pick("A made-up office: somebody is about to break in, or has. Its time runs ahead of yours; there it is %s.", "Een verzonnen kantoor: er breekt zo iemand in, of dat is al gebeurd. De tijd loopt er sneller; het is er %s."), at)}}
	}
	return []web.Notice{{Kind: "info", Text: fmt.Sprintf(l.Pick("A made-up office, after an attack. Its ordinary days go on, a minute in a second; there it is %s.", "Een verzonnen kantoor, na een aanval. De gewone dagen gaan door, een minuut per seconde; het is er %s."), at)}}
}
