package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/store/file"
)

// RecordSink takes what the call records of a PBX tell, from one goroutine.
type RecordSink interface {
	Call(c *belwacht.Call) error // a call that is over; copied
	Caught() error               // all that was recorded before has been told; from here on calls come as they are recorded
}

// PBXRecords is a source of the call records of one PBX.
type PBXRecords interface {
	Run(ctx context.Context, sink RecordSink) error // until ctx ends, or a sink's error
	Feed() belwacht.Feed
	// Position is how far the records were read whose calls were told; nil = nowhere yet. A later source goes on from there.
	Position() []byte
}

// reading is a source of records that runs.
type reading struct {
	PBXRecords
	pbx     string
	said    string           // what of the configuration it was made of
	place   string           // where it reads: positions are good there only
	from    bool             // it goes on from where an earlier source was
	since   belwacht.Instant // when calls must have ended that it tells the guard
	started bool
	caught  chan struct{} // closed when it has caught up, or has ended
	once    sync.Once
	mu      sync.Mutex
	into    func(*belwacht.Call) error // where calls go
	begun   chan struct{}              // closed when the guard takes calls
	done    chan struct{}              // closed when it has ended
	ctx     context.Context
	stop    context.CancelFunc
}

// newReading makes a source that does not run yet.
func newReading(ctx context.Context, source PBXRecords, pbx string, from bool, said, place string) *reading {
	r := &reading{PBXRecords: source, pbx: pbx, from: from, said: said, place: place, caught: make(chan struct{}), begun: make(chan struct{}), done: make(chan struct{})}
	r.ctx, r.stop = context.WithCancel(ctx)
	return r
}

// end stops a source: what it still holds back is handed on, so that what was told and its position fit together.
func (r *reading) end() {
	r.stop()
	<-r.done
}

// Call implements RecordSink.
func (r *reading) Call(c *belwacht.Call) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.into(c)
}

// Caught implements RecordSink: it waits until the guard takes calls.
func (r *reading) Caught() error {
	r.once.Do(func() { close(r.caught) })
	select {
	case <-r.begun:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

// turn says where calls go from now on.
func (r *reading) turn(into func(*belwacht.Call) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.into = into
}

// records makes the sources of call records. Where nothing was learned yet they are started, and what they recorded before is judged and learned from, as a
// replay does: that is waited for. takeRecords comes after it.
func (l *Live) records(ctx, starting context.Context) error {
	if l.cfg.Records == nil {
		return nil
	}
	past := &past{live: l, ctx: ctx}
	var sources []*reading
	for i := range l.config.PBX {
		p := &l.config.PBX[i]
		if p.Records == nil {
			continue
		}
		said, place, err := l.config.SaidOfRecords(p)
		if err != nil {
			return err
		}
		source, from, err := l.source(p)
		if err != nil {
			return err
		}
		r := newReading(ctx, source, p.Name, from, said, place)
		r.turn(past.take)
		sources = append(sources, r)
	}
	l.mu.Lock() // the control socket is asked already
	l.sources = sources
	l.mu.Unlock()
	if l.learned != 0 || len(sources) == 0 {
		return nil
	}
	if err := past.begin(); err != nil {
		return err
	}
	for _, r := range l.sources {
		l.read(r)
	}
	return past.wait(starting)
}

// read runs a source until it ends.
func (l *Live) read(r *reading) {
	r.started = true
	l.wait.Go(func() {
		defer close(r.done)
		defer r.once.Do(func() { close(r.caught) })
		if err := r.run(); err != nil && r.ctx.Err() == nil {
			l.log.Error("call records are read no more", "event", "records.stopped", "pbx", r.pbx, "error", err)
		}
	})
}

// run runs a source. A fault of ours that a record brings out ends the reading, not the process: callers choose what stands in records.
func (r *reading) run() (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = belwacht.Errorf(belwacht.Internal, "a record met a fault of Belwacht's, please report this: %.200v\n%.4000s", fault, debug.Stack())
		}
	}()
	return r.Run(r.ctx, r)
}

// source makes the source of a PBX's records, and says whether it goes on from where an earlier one was.
func (l *Live) source(p *config.PBX) (source PBXRecords, from bool, err error) {
	var at []byte
	if l.learned != 0 {
		at, err = os.ReadFile(l.positionFile(p.Name))
	}
	if err == nil {
		if source, err = l.cfg.Records(l.config, p, at); err == nil || at == nil {
			return source, at != nil, err
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		l.log.Error("how far call records were read is not known; those from before the memory was kept are passed over", "event", "records.failed", "pbx", p.Name, "error", err)
	}
	source, err = l.cfg.Records(l.config, p, nil)
	return source, false, err
}

// takeRecords has the guard take calls as their records come.
func (l *Live) takeRecords() {
	for _, r := range l.sources {
		r.since = l.known(r)
		l.take(r)
	}
}

// take has the guard take the calls of a source, which is started where it does not run yet.
func (l *Live) take(r *reading) {
	r.turn(func(c *belwacht.Call) error {
		if c.End >= r.since {
			l.guard.Record(c)
		}
		return nil
	})
	close(r.begun)
	if !r.started {
		l.read(r)
	}
}

// known is when calls must have ended that a source tells the guard: 0 = whenever. Of one that begins anew although there is a memory the memory has those
// from before; of one whose past could not be read in time they teach nothing any more.
func (l *Live) known(r *reading) belwacht.Instant {
	switch {
	case r.from:
		return 0
	case l.learned != 0:
		return l.learned
	}
	select {
	case <-r.caught:
		return 0
	default:
		return belwacht.InstantOf(time.Now())
	}
}

// positionFile is where the position in a PBX's records is kept. Names of PBXs are checked by config: letters, digits, dash and dot.
func (l *Live) positionFile(pbx string) string {
	return filepath.Join(l.memory.Dir, "records-"+pbx+".json")
}

// savePositions keeps how far records were read, after the memory that knows of them.
func (l *Live) savePositions() error {
	var errs []error
	for _, r := range l.reads() {
		if at := r.Position(); at != nil {
			errs = append(errs, file.Write(l.positionFile(r.pbx), at))
		}
	}
	return errors.Join(errs...)
}

// past judges and learns from what was recorded before Belwacht came. Nothing of it can be carried out any more, so it is judged as in monitor.
type past struct {
	live   *Live
	ctx    context.Context
	mu     sync.Mutex
	engine *detect.Engine
	replay *detect.Replay
	calls  int64
	worst  []belwacht.Decision // of those that would have been refused or ended, by money at risk
	would  int64
}

// pastWorst is how many calls of the past are told one by one.
const pastWorst = 10

func (p *past) begin() error {
	c := *p.live.config
	c.Mode = belwacht.Monitor
	c.Tenants = slices.Clone(c.Tenants)
	for i := range c.Tenants {
		c.Tenants[i].Mode = belwacht.Monitor
	}
	var err error
	if p.engine, err = c.LiveEngine(nil); err != nil {
		return err
	}
	p.replay = detect.NewReplay(p.engine, detect.ReplayConfig{Decision: p.decided, Outcome: p.over})
	return nil
}

// take judges a call. Calls of several PBXs may come at once; each of them in order.
func (p *past) take(c *belwacht.Call) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	return p.replay.Add(c)
}

// over keeps a call of the past.
func (p *past) over(o *belwacht.Outcome) error {
	p.live.kept.Past(p.ctx, o)
	return nil
}

func (p *past) decided(d *belwacht.Decision) error {
	if d.Word < belwacht.Refuse {
		return nil
	}
	p.would++
	p.worst = append(p.worst, *d)
	slices.SortStableFunc(p.worst, func(a, b belwacht.Decision) int { return cmp.Compare(b.AtRisk, a.AtRisk) })
	p.worst = p.worst[:min(len(p.worst), pastWorst)]
	return nil
}

// wait waits until the past has been read, says how far it is meanwhile, and gives the guard's engine what was learned.
func (p *past) wait(ctx context.Context) error {
	began := time.Now()
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for _, r := range p.live.sources {
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-r.caught:
				waiting = false
			case now := <-t.C:
				p.live.ticked.Store(now.UnixMilli())
				f := r.Feed()
				if now.Unix()%5 != 0 {
					continue
				}
				p.live.log.Info("learns from past records", "event", "past.progress", "pbx", r.pbx, "rows", f.Rows, "done", share(f.Done, f.Total))
				if f.State == belwacht.FeedLost { // who guards must not wait for a database that is not there
					p.live.log.Error("the past records cannot be read; guarding begins without what they teach (belwacht replay --state learns from them later)", "event", "past.lost", "pbx", r.pbx, "problem", f.Problem)
					waiting = false
				}
			}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.replay.Finish(); err != nil {
		return err
	}
	p.live.mu.Lock() // a switch that is turned meanwhile must not be lost between the two
	defer p.live.mu.Unlock()
	if err := moveMemory(p.engine, p.live.engine()); err != nil {
		return err
	}
	list, err := p.live.inforce.InForce(ctx, belwacht.InstantOf(began))
	if err != nil {
		return err
	}
	p.live.reinforce(p.live.engine(), list, 0)
	p.live.log.Info("learned from past records", "event", "past.learned", "calls", p.calls, "would_have_refused", p.would, "seconds", int(time.Since(began).Seconds()))
	for i := range p.worst {
		d := &p.worst[i]
		d.Tell()
		p.live.kept.Keep(d)
		p.live.log.Warn("a call of the past that would have been stopped", "event", "past.found", "time", d.Time.Time().Format(time.RFC3339), "account", p.live.guard.account(d.Account),
			"cause", d.Cause, "at_risk", d.AtRisk, "reference", d.Reference)
	}
	return nil
}

// share is how much of a whole is done, for people.
func share(done, total int64) slog.Value {
	if total <= 0 {
		return slog.StringValue("not known")
	}
	return slog.StringValue(fmt.Sprintf("%d %%", 100*min(done, total)/total))
}

// of is where the records of a PBX come from; nil for nowhere.
func (l *Live) recordsOf(pbx string) *reading {
	for _, r := range l.reads() {
		if r.pbx == pbx {
			return r
		}
	}
	return nil
}

// recordsState says in a few words how the records of a PBX are read, what should be known of them, and what is wrong with that.
func (l *Live) recordsState(p *config.PBX) (state string, notes []string, problem string) {
	r := l.recordsOf(p.Name)
	if r == nil {
		return "not read", nil, "the call records of PBX " + p.Name + " are not read"
	}
	f := r.Feed()
	state = fmt.Sprintf("%s, %d rows", f.State, f.Rows)
	if d := f.Delay; d.Count > 0 {
		state += fmt.Sprintf(", in the last hour %.1f s after the call in the median, %.1f s at most", float64(d.Median)/float64(belwacht.Second), float64(d.Worst)/float64(belwacht.Second))
	}
	if f.Problem != "" {
		problem = "the call records of PBX " + p.Name + ": " + f.Problem
	}
	return state, f.Notes, problem
}
