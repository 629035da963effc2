package notify

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Way is one way to tell somebody. Send is called from one goroutine at a time and keeps a deadline of its own; its error is one sentence without secrets and
// without the rest of a URL. An error of code Unreachable says that the way as a whole does not work now; one that wraps ErrRefused that trying this alert
// again is no use; any other that this alert was not taken now.
type Way interface {
	// Name is the kind of way and where it leads, in a few words without secrets. Its first word is the kind.
	Name() string
	// Send tells one alert and returns nil once it has arrived.
	Send(ctx context.Context, m *Message) error
}

// Gatherer is a Way to a person, who would rather read one message that tells of several alerts than several.
type Gatherer interface {
	// SendAll is Send of two or more, at most twenty.
	SendAll(ctx context.Context, list []*Message) error
}

// ErrRefused is wrapped by the error of a way whose receiver will not take an alert however often it is tried.
var ErrRefused = errors.New("it is not tried again")

// Incidents are alerts with what people did about them; a belwacht.AlertStore is one.
type Incidents interface {
	Alert(ctx context.Context, tenant, id string) (*belwacht.Incident, error)
	ChangeAlert(ctx context.Context, c *belwacht.IncidentChange) error
}

// Silencer keeps silences; a belwacht.SilenceStore is one.
type Silencer interface {
	PutSilence(ctx context.Context, s *belwacht.Silence) error
	LiftSilence(ctx context.Context, tenant, id, who string, at belwacht.Instant) error
	Silences(ctx context.Context, at belwacht.Instant) ([]belwacht.Silence, error)
}

// Guard bars calls abroad of an organisation until then, where nobody answers for an alert. Emergency calls pass.
type Guard interface {
	Bar(ctx context.Context, tenant string, until belwacht.Instant, why string) error
}

// Config is what a Notifier needs. Receivers and Log have no default.
type Config struct {
	Receivers  []Receiver
	Escalation *Escalation // nil = none
	// Helpline says whether a number, E.164 or as dialled, is one of those whose callers are nobody's business; nil = none is.
	Helpline func(tenant, number string) bool
	Host     string // the machine's name, in messages
	Links    string // address below which people say that they look after an alert, with a slash at its end; "" = no links
	LinkKey  []byte // what their secrets are made of
	Log      *slog.Logger

	// What follows is the first configuration's for good.
	Store     belwacht.TellingStore // keeps what waits; nil = memory only
	Incidents Incidents             // hears who takes an alert, and says who has; nil = nobody does
	Silencer  Silencer              // nil = silences are forgotten at a restart
	Guard     Guard                 // nil = the step after the last person does nothing
}

// Notifier tells alerts to all receivers. A nil Notifier tells nobody. Its methods may be called from many goroutines.
type Notifier struct {
	store     belwacht.TellingStore
	incidents Incidents
	silencer  Silencer
	guard     Guard
	log       *slog.Logger
	wake      chan struct{} // there is something to keep
	began     belwacht.Instant

	mu       sync.Mutex
	cfg      Config
	lines    []*line
	born     map[string]belwacht.Instant // since when each way is told, by its mark
	book     map[key]*belwacht.Telling
	silences []belwacht.Silence
	heard    belwacht.Instant  // when they were read last
	links    map[string]linked // by the hash of a link's secret
	changed  map[key]bool      // not on disk yet
	keeping  map[key]bool      // on the way to disk
	kept     *sync.Cond        // something got there
	keepErr  error             // why it does not
	fresh    bool              // nothing was kept by an earlier run
	start    func(*line)       // while Run runs
}

// New makes a Notifier, and takes up what an earlier one kept in the store. An error is of code Config (no way, or two of one name), or the store's.
func New(c Config) (*Notifier, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	n := &Notifier{store: c.Store, incidents: c.Incidents, silencer: c.Silencer, guard: c.Guard, log: c.Log, wake: make(chan struct{}, 1), began: belwacht.InstantOf(time.Now()),
		born: make(map[string]belwacht.Instant), book: make(map[key]*belwacht.Telling), links: make(map[string]linked), changed: make(map[key]bool),
		keeping: make(map[key]bool), fresh: true}
	n.kept = sync.NewCond(&n.mu)
	n.take(c)
	n.listen(context.Background(), n.began)
	if err := n.recall(context.Background()); err != nil {
		return nil, err
	}
	return n, nil
}

// markOf names since when a way is told.
func markOf(to, way string) string { return "to." + to + " by " + way }

// check says what is wrong.
func (c *Config) check() error {
	if c.Log == nil {
		return belwacht.Errorf(belwacht.Internal, "a notifier needs a log")
	}
	n := 0
	names := map[[2]string]bool{}
	people := map[string]bool{}
	for i := range c.Receivers {
		r := &c.Receivers[i]
		if people[r.Name] && r.Name != "" {
			return belwacht.Errorf(belwacht.Config, "two people are called %s; give one another name", text.Clean(r.Name, nameMost))
		}
		people[r.Name] = true
		for _, w := range r.Ways {
			n++
			if k := [2]string{r.Name, w.Name()}; names[k] {
				return belwacht.Errorf(belwacht.Config, "alerts are told in two ways of one name, %s", text.Clean(w.Name(), nameMost))
			} else {
				names[k] = true
			}
		}
	}
	if n == 0 {
		return belwacht.Errorf(belwacht.Config, "alerts are told in no way; name a command, a webhook or people under alerts")
	}
	if c.Escalation == nil {
		return nil
	}
	for _, step := range c.Escalation.Steps {
		for _, name := range step {
			if !people[name] || name == "" {
				return belwacht.Errorf(belwacht.Config, "the escalation names %s, who is not among the people", text.Clean(name, nameMost))
			}
		}
	}
	return nil
}

// take puts a configuration in place. Lines of ways that stay are kept, with what waits in them.
func (n *Notifier) take(c Config) {
	old := n.lines
	n.cfg, n.lines = c, nil
	for i := range c.Receivers {
		r := &c.Receivers[i]
		w := newWriter(&c, r)
		for _, way := range r.Ways {
			if mark := markOf(r.Name, way.Name()); n.born[mark] == 0 {
				n.born[mark] = belwacht.InstantOf(time.Now())
			}
			at := slices.IndexFunc(old, func(l *line) bool { return l.to == r.Name && l.name == way.Name() })
			if at >= 0 {
				n.lines = append(n.lines, old[at])
				old[at].use(way, w)
				continue
			}
			n.lines = append(n.lines, newLine(r.Name, way, w))
		}
	}
	for _, l := range old {
		if !slices.Contains(n.lines, l) && l.stop != nil {
			l.stop()
		}
	}
	for k := range n.links {
		delete(n.links, k)
	}
	for k := range n.book {
		n.link(k)
	}
}

// Use puts another configuration in place while the notifier runs: people, ways, secrets. What waits for a way of the same receiver and name waits on; what
// waits for one that is gone is let go and logged. An error, of code Config, leaves all as it was. Store, Incidents, Silencer and Guard stay the first ones.
func (n *Notifier) Use(c Config) error {
	if err := c.check(); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range c.Receivers {
		for _, way := range r.Ways {
			if mark := markOf(r.Name, way.Name()); n.born[mark] == 0 {
				n.note(mark, belwacht.InstantOf(time.Now()))
			}
		}
	}
	n.take(c)
	for _, t := range n.book {
		n.drop(t)
	}
	if n.start != nil {
		for _, l := range n.lines {
			n.start(l)
		}
	}
	return nil
}

// drop lets go of what waits for ways that are gone.
func (n *Notifier) drop(t *belwacht.Telling) {
	gone := 0
	t.Waiting = slices.DeleteFunc(t.Waiting, func(d belwacht.Delivery) bool {
		if n.line(d.To, d.Way) != nil {
			return false
		}
		gone++
		return true
	})
	if gone > 0 {
		n.touch(t)
		n.log.Warn("an alert does not wait any more for ways that are gone from the configuration", "event", "alert.gone", "alert", t.Alert.ID, "tenant", t.Alert.Tenant, "ways", gone)
	}
}

// line is a way's line; nil where there is none. n.mu is held.
func (n *Notifier) line(to, way string) *line {
	for _, l := range n.lines {
		if l.to == to && l.name == way {
			return l
		}
	}
	return nil
}

// last is how long what waits may take to be told once Run is to end.
const last = 5 * time.Second

// Run tells what is put in line until ctx ends; then what is due is tried once more, within five seconds. It is called once and returns nil.
func (n *Notifier) Run(ctx context.Context) error {
	if n == nil {
		return nil
	}
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(last, cancel) })()
	var all, keeper sync.WaitGroup
	keep, kept := context.WithCancel(context.WithoutCancel(ctx))
	defer kept()
	keeper.Go(func() { n.keep(keep) })
	n.mu.Lock()
	start := func(l *line) {
		if l.stop != nil {
			return
		}
		var own context.Context
		own, l.stop = context.WithCancel(ctx)
		all.Go(func() { n.serve(own, sending, l) })
	}
	for _, l := range n.lines {
		start(l)
	}
	n.start = start
	n.mu.Unlock()
	all.Go(func() {
		n.attend(ctx)
		n.mu.Lock()
		n.start = nil
		n.mu.Unlock()
	})
	all.Wait()
	n.mu.Lock()
	lines := slices.Clone(n.lines)
	n.mu.Unlock()
	for _, l := range lines {
		if s := l.status(); s.Waiting > 0 {
			n.log.Warn("alerts were not told before the stop", "event", "alert.untold", "way", s.Name, "waiting", s.Waiting, "kept", n.store != nil)
		}
	}
	kept()
	keeper.Wait()
	return nil
}

// serve tells what stands in one line.
func (n *Notifier) serve(ctx, sending context.Context, l *line) {
	for {
		batch, wait := l.next(time.Now())
		if len(batch) == 0 {
			if ctx.Err() != nil {
				return
			}
			l.sleep(ctx, wait)
			continue
		}
		first := batch[0].alert // which stays as it is until done: then a newer form may take its place
		err := n.send(sending, l, batch)
		how := l.done(batch, err, time.Now())
		n.gone(l, &how, err == nil)
		n.say(l, &how, first, err)
		if err != nil && ctx.Err() != nil {
			return
		}
	}
}

// send sends a batch in one message.
func (n *Notifier) send(ctx context.Context, l *line, batch []*entry) error {
	l.mu.Lock()
	way, w := l.way, l.writer
	var list []*Message
	for _, e := range batch {
		list = append(list, w.message(e.alert, e.note))
	}
	l.mu.Unlock()
	for i, m := range list {
		m.Link = n.linkOf(l.to, batch[i].key)
	}
	if g, ok := way.(Gatherer); ok && len(list) > 1 {
		return g.SendAll(ctx, list)
	}
	return way.Send(ctx, list[0])
}

// say logs how it went: what arrived, what is given up, and of a way that fails the first time only.
func (n *Notifier) say(l *line, how *outcome, a *belwacht.Alert, err error) {
	args := []any{"way", l.name, "alert", text.Clean(a.ID, nameMost), "tenant", text.Clean(a.Tenant, nameMost), "cause", text.Clean(a.Cause, nameMost)}
	switch {
	case err == nil:
		n.log.Info("an alert is told", append(args, "event", "alert.told", "alerts", len(how.gone))...)
	case how.lost > 0:
		n.log.Error("alerts were not told", append(args, "event", "alert.lost", "lost", how.lost, "error", err)...)
	case how.first:
		n.log.Warn("an alert is not told yet; it is tried again for a day", append(args, "event", "alert.delayed", "error", err)...)
	}
}

// State says how each way is doing, in the order of the configuration.
func (n *Notifier) State() []State {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	lines := slices.Clone(n.lines)
	n.mu.Unlock()
	var out []State
	for _, l := range lines {
		out = append(out, l.status())
	}
	return out
}

// Result is how one way did in a trial.
type Result struct {
	To  string // whose way; "" = nobody's
	Way string
	Err error // nil = it arrived
}

// Try sends an alert by every way of every receiver at once, outside the lines and once only. It returns when all are done.
func (n *Notifier) Try(ctx context.Context, a *belwacht.Alert) []Result {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	lines := slices.Clone(n.lines)
	n.mu.Unlock()
	out := make([]Result, len(lines))
	var all sync.WaitGroup
	for i, l := range lines {
		all.Go(func() {
			l.mu.Lock()
			way, m := l.way, l.writer.message(a, "")
			l.mu.Unlock()
			out[i] = Result{l.to, l.name, way.Send(ctx, m)}
		})
	}
	all.Wait()
	return out
}
