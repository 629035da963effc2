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
	// Name is the kind of way and where it leads, in a few words without secrets.
	Name() string
	// Send tells one alert and returns nil once it has arrived.
	Send(ctx context.Context, m *Message) error
}

// ErrRefused is wrapped by the error of a way whose receiver will not take an alert however often it is tried.
var ErrRefused = errors.New("it is not tried again")

// Config is what a Notifier needs. Ways and Log have no default.
type Config struct {
	Ways     []Way
	Language text.Language // of a message's text
	Full     bool          // numbers in full, instead of masked
	// Helpline says whether a number, E.164 or as dialled, is one of those whose callers are nobody's business; nil = none is.
	Helpline func(tenant, number string) bool
	Host     string // the machine's name, in messages
	Log      *slog.Logger
}

// Notifier tells alerts by all ways. A nil Notifier tells nobody. Its methods may be called from many goroutines.
type Notifier struct {
	writer *writer
	lines  []*line
	log    *slog.Logger
}

// New makes a Notifier. The error, of code Config, is that there is no way, or two of one name.
func New(c Config) (*Notifier, error) {
	if len(c.Ways) == 0 || c.Log == nil {
		return nil, belwacht.Errorf(belwacht.Config, "alerts are told in no way; name a command or a webhook under alerts")
	}
	n := &Notifier{writer: newWriter(&c), log: c.Log}
	var names []string
	for _, w := range c.Ways {
		if slices.Contains(names, w.Name()) {
			return nil, belwacht.Errorf(belwacht.Config, "alerts are told in two ways of one name, %s", text.Clean(w.Name(), nameMost))
		}
		names = append(names, w.Name())
		n.lines = append(n.lines, newLine(w))
	}
	return n, nil
}

// Tell puts an alert, new or grown, into every way's line. It copies it and never waits.
func (n *Notifier) Tell(a *belwacht.Alert) {
	if n == nil {
		return
	}
	copied := *a
	copied.Numbers = slices.Clone(a.Numbers)
	now := time.Now()
	for _, l := range n.lines {
		if l.add(&copied, now) {
			n.log.Error("an alert is not told by one way: too many wait for it", "event", "alert.dropped", "way", l.way.Name())
		}
	}
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
	var all sync.WaitGroup
	for _, l := range n.lines {
		all.Go(func() { n.serve(ctx, sending, l) })
	}
	all.Wait()
	for _, l := range n.lines {
		if s := l.status(); s.Waiting > 0 {
			n.log.Warn("alerts were not told before the stop", "event", "alert.untold", "way", s.Name, "waiting", s.Waiting)
		}
	}
	return nil
}

// serve tells what stands in one line.
func (n *Notifier) serve(ctx, sending context.Context, l *line) {
	for {
		e, wait := l.next(time.Now())
		if e == nil {
			if ctx.Err() != nil {
				return
			}
			l.sleep(ctx, wait)
			continue
		}
		m := n.writer.message(e.alert)
		err := l.way.Send(sending, m)
		n.note(l, l.done(e, err, time.Now()), m, err)
		if err != nil && ctx.Err() != nil {
			return
		}
	}
}

// note logs how it went: what arrived, what is given up, and of a way that fails the first time only.
func (n *Notifier) note(l *line, how outcome, m *Message, err error) {
	args := []any{"way", l.way.Name(), "alert", m.ID, "tenant", m.Tenant, "cause", m.Cause}
	switch {
	case err == nil:
		n.log.Info("an alert is told", append(args, "event", "alert.told")...)
	case how.lost > 0:
		n.log.Error("alerts were not told", append(args, "event", "alert.lost", "lost", how.lost, "error", err)...)
	case how.first:
		n.log.Warn("an alert is not told yet; it is tried again for a day", append(args, "event", "alert.delayed", "error", err)...)
	}
}

// State says how each way is doing, in the order of Config.Ways.
func (n *Notifier) State() []State {
	if n == nil {
		return nil
	}
	var out []State
	for _, l := range n.lines {
		out = append(out, l.status())
	}
	return out
}

// Result is how one way did in a trial.
type Result struct {
	Way string
	Err error // nil = it arrived
}

// Try sends an alert by every way at once, outside the lines and once only. It returns when all are done.
func (n *Notifier) Try(ctx context.Context, a *belwacht.Alert) []Result {
	if n == nil {
		return nil
	}
	out := make([]Result, len(n.lines))
	m := n.writer.message(a)
	var all sync.WaitGroup
	for i, l := range n.lines {
		all.Go(func() { out[i] = Result{l.way.Name(), l.way.Send(ctx, m)} })
	}
	all.Wait()
	return out
}
