package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask/desk"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/detect/again"
	"github.com/belwacht/belwacht/store"
	"github.com/belwacht/belwacht/store/file"
	"github.com/belwacht/belwacht/store/keep"
	"github.com/belwacht/belwacht/store/sqlite"
)

// How often what is done.
const (
	saveEvery  = 3 * time.Minute
	learnEvery = time.Minute
	watchEvery = 5 * time.Second
	// aliveFor is how long time may stand still before the process is taken for stalled.
	aliveFor = 5 * time.Second
)

// PBXFeed is the feed of events of one PBX, and its way to end calls.
type PBXFeed interface {
	Ender
	Run(ctx context.Context) error // until ctx ends
	Health() (state string, ok bool)
}

// LiveConfig is what a Live needs.
type LiveConfig struct {
	Config  *config.Config
	Data    string // folder; "" = the configuration's
	Socket  string // "" = the configuration's
	Version string
	Log     *slog.Logger
	PII     bool // numbers are logged in full
	// Feeds makes the feed of a PBX that has one configured; what it hears goes to sink. Where it is nil there is none.
	Feeds func(c *config.Config, p *config.PBX, sink *Feed) (PBXFeed, error)
	// Records makes the source of call records of a PBX that has one configured, which goes on from a position that an earlier one gave. Nil: none are read.
	Records func(c *config.Config, p *config.PBX, from []byte) (PBXRecords, error)
	// Tell makes what tells people of alerts, once the folder is this process's alone. Nil: nobody is told.
	Tell func(l *Live, folder string) (*Teller, error)
	// People opens the way in for people over the store. Nil: there is none.
	People func(ctx context.Context, folder string, s store.PeopleStore) (control.People, error)
	// Changed hears what a start or reload found changed in the configuration, for the audit log. Nil: nobody does.
	Changed func(ctx context.Context, who string, list []belwacht.Change)
}

// Live is a running Belwacht: the engine, the guard around it, and all that a configuration names.
type Live struct {
	cfg     LiveConfig
	log     *slog.Logger
	since   time.Time
	unlock  func()
	memory  *file.Memory
	past    []*again.Call    // that was judged again, until the guard knows
	learned belwacht.Instant // when the memory was kept that was taken up; zero = there was none
	sources []*reading
	inforce InForceKeeper
	journal *file.Journal
	kept    *keep.Keep
	tell    *Teller
	store   *sqlite.Store // nil: it could not be opened
	zones   atomic.Pointer[map[string]*time.Location]
	guard   *Guard
	asking  *desk.Desk
	control *control.Server
	health  *http.Server
	stop    context.CancelFunc
	wait    sync.WaitGroup
	ticked  atomic.Int64 // milliseconds since 1970
	started atomic.Bool  // all is opened
	also    atomic.Pointer[func() string]

	mu     sync.Mutex // held while what is in force changes, and while a configuration is replaced
	config *config.Config
	loaded time.Time
	wrong  string // with the configuration that was last tried and not taken
	feeds  map[string]*feeding
}

// feeding is a feed that runs.
type feeding struct {
	PBXFeed
	said string // what of the configuration it was made of
	stop context.CancelFunc
	done chan struct{}
}

// Start starts all that a configuration names. What was decided and learned before is taken up first; where nothing was, past call records are learned from,
// which can take minutes. Stop ends it; ctx ends the start only.
func Start(starting context.Context, c *LiveConfig) (_ *Live, err error) {
	l := &Live{cfg: *c, log: c.Log, since: time.Now(), config: c.Config, loaded: time.Now(), tell: silent(), feeds: make(map[string]*feeding)}
	dir := cmp.Or(c.Data, c.Config.DataDir())
	if l.unlock, err = file.Folder(dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	engine, err := c.Config.LiveEngine(func(s string) { l.log.Warn("the rate deck: " + s) })
	if err != nil {
		return nil, err
	}
	l.openStore(dir, c.Config)
	l.memory = file.NewMemory(dir)
	if err := l.remember(engine, dir); err != nil {
		return nil, err
	}
	guard := &GuardConfig{Config: c.Config, Engine: engine, Log: c.Log, Keep: l.kept, Calls: l.kept, PII: c.PII, Past: l.past}
	l.past = nil
	if l.store != nil {
		guard.Events = l.store
	}
	if l.guard, err = NewGuard(guard); err != nil {
		return nil, err
	}
	if c.Tell != nil {
		tell, err := c.Tell(l, dir)
		if err != nil {
			return nil, err
		}
		l.tell, l.kept.Tell, l.kept.Decided = tell, tell.Tell, tell.Decided
	}
	l.asking = desk.New(c.Log, l.guard)
	if _, err := c.Config.Asked(); err != nil { // now, not after minutes of learning
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	l.ticked.Store(time.Now().UnixMilli())
	if err := l.open(ctx, starting); err != nil {
		return nil, err
	}
	return l, nil
}

// open opens what is listened on, and begins.
func (l *Live) open(ctx, starting context.Context) error {
	socket, err := control.Listen(cmp.Or(l.cfg.Socket, l.config.Socket()))
	if err != nil {
		return err
	}
	ways := control.Config{Version: l.cfg.Version, Log: l.log, Viewer: l, Actor: l, Locker: l, Switch: l, Desk: l.tell.Desk}
	if l.cfg.People != nil {
		ways.Deeds = control.Unlogged(l.log)
	}
	if l.cfg.People != nil && l.store != nil {
		if p, err := l.cfg.People(starting, cmp.Or(l.cfg.Data, l.config.DataDir()), l.store); err != nil { // calls are guarded all the same
			l.log.Error("nobody can sign in to the console", "event", "access.failed", "error", err)
		} else {
			ways.People, ways.Deeds = p, p
		}
	}
	l.control = control.New(ways)
	l.serve(func() error { return l.control.Serve(socket) }, "the control socket")
	if err := l.watch(); err != nil {
		return err
	}
	if err := l.records(ctx, starting); err != nil {
		return err
	}
	l.save()                          // what comes from here on is judged again after a crash by what is in force and configured now
	l.tell.Known(l.engine().Alerts()) // before the first call of this run
	l.wait.Go(func() { l.configured(l.cfg.Config, "a start of Belwacht", true) })
	l.takeRecords()
	l.mu.Lock()
	feeds, err := l.newFeeds(l.config)
	if err == nil {
		l.feed(ctx, feeds)
	}
	l.mu.Unlock()
	if err != nil {
		return err
	}
	wanted, err := l.config.Asked()
	if err != nil {
		return err
	}
	if err := l.asking.Use(wanted); err != nil {
		return err
	}
	l.ticked.Store(time.Now().UnixMilli()) // a slow start is no stall
	l.wait.Go(func() { l.guard.Act(ctx, l.ender) })
	l.wait.Go(func() { l.every(ctx, time.Second, l.tick) })
	l.wait.Go(func() { l.every(ctx, learnEvery, l.minute()) })
	l.wait.Go(func() { l.every(ctx, saveEvery, func(time.Time) { l.save() }) })
	l.wait.Go(func() { l.every(ctx, time.Second, func(time.Time) { l.kept.Alarms(ctx, l.engine().Alerts()) }) })
	l.wait.Go(func() { l.every(ctx, watchEvery, func(time.Time) { l.kept.Watch() }) })
	l.wait.Go(func() { l.kept.Prune(ctx); l.every(ctx, 24*time.Hour, func(time.Time) { l.kept.Prune(ctx) }) })
	l.guard.Learn()
	l.started.Store(true)
	return nil
}

// serve runs a server until it is stopped.
func (l *Live) serve(do func() error, what string) {
	l.wait.Go(func() {
		if err := do(); err != nil {
			l.log.Error(what+" answers no more", "event", "server.stopped", "error", err)
		}
	})
}

// watch opens where monitoring asks.
func (l *Live) watch() error {
	addr := l.config.Health.Listen
	if addr == "" {
		return nil
	}
	s, err := net.Listen("tcp", addr)
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "health.listen: %s cannot be listened on: %w; choose another port", addr, err)
	}
	l.health = l.newHealth()
	l.log.Info("monitoring may ask", "event", "health.listens", "address", s.Addr().String())
	l.serve(func() error {
		if err := l.health.Serve(s); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}, "health")
	return nil
}

// every does something again and again until ctx ends.
func (l *Live) every(ctx context.Context, d time.Duration, do func(now time.Time)) {
	t := time.NewTicker(d)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			do(now)
		}
	}
}

func (l *Live) tick(now time.Time) {
	l.guard.Tick(belwacht.InstantOf(now))
	l.ticked.Store(time.Now().UnixMilli())
}

// minute is what is done each minute: what is usual is learned, and too many questions without a verdict in time are told.
func (l *Live) minute() func(time.Time) {
	before := l.asking.Counts()
	return func(time.Time) {
		l.guard.Learn()
		now := l.asking.Counts()
		asked, missed := now.Asked-before.Asked, now.Missed-before.Missed
		if before = now; missed*100 > asked {
			l.log.Error("more than 1 % of the questions of a minute had no verdict in time", "event", "ask.late", "asked", asked, "missed", missed)
		}
	}
}

// Alive says whether time passes for the engine: it takes events, and no lock is held for ever.
func (l *Live) Alive() bool { return time.Now().UnixMilli()-l.ticked.Load() < aliveFor.Milliseconds() }

// save keeps the memory, and says where that fails.
func (l *Live) save() {
	if err := l.memory.Save(l.mind(), time.Now()); err != nil {
		l.log.Error("the memory is not kept", "event", "memory.failed", "error", err)
		return
	}
	if err := l.savePositions(); err != nil {
		l.log.Error("how far call records were read is not kept", "event", "records.failed", "error", err)
	}
}

// newFeeds makes the feeds of a configuration; those that stay as they are are taken over. Nothing begins or ends yet. l.mu is held.
func (l *Live) newFeeds(c *config.Config) (map[string]*feeding, error) {
	next := make(map[string]*feeding)
	for i := range c.PBX {
		p := &c.PBX[i]
		if p.AMI == nil || l.cfg.Feeds == nil {
			continue
		}
		said, err := c.SaidOfFeed(p)
		if err != nil {
			return nil, err
		}
		if old := l.feeds[p.Name]; old != nil && old.said == said {
			next[p.Name] = old
			continue
		}
		f, err := l.cfg.Feeds(c, p, l.guard.Feed(p.Name))
		if err != nil {
			return nil, err
		}
		next[p.Name] = &feeding{PBXFeed: f, said: said, done: make(chan struct{})}
	}
	return next, nil
}

// feed ends the feeds that are not among the next ones, and starts those that are new. l.mu is held.
func (l *Live) feed(ctx context.Context, next map[string]*feeding) {
	for name, f := range l.feeds { // before others begin: two feeds of a PBX would tell all twice
		if next[name] != f {
			f.end()
		}
	}
	old := l.feeds
	l.feeds = next
	for name, f := range next {
		if old[name] == f {
			continue
		}
		own, stop := context.WithCancel(ctx)
		f.stop = stop
		go func() {
			defer close(f.done)
			if err := f.Run(own); err != nil && own.Err() == nil {
				l.log.Error("the feed of a PBX has ended", "event", "feed.ended", "pbx", name, "error", err)
			}
		}()
	}
}

func (f *feeding) end() {
	f.stop()
	<-f.done
}

// ender is how calls of a PBX are ended, nil where they cannot be.
func (l *Live) ender(pbx string) Ender {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.feeds[pbx]; f != nil {
		return f
	}
	return nil
}

// Reload reads a configuration and puts it in place of the one in use. Where anything is wrong with it, the error says so and all goes on as it was. Folder, control
// socket and health address are the first configuration's until a restart.
func (l *Live) Reload(read func() (*config.Config, error)) error { return l.ReloadBy("", read) }

// ReloadBy is Reload for who changed the configuration by way of the audit log, which has it already; "" = nobody, the file was changed.
func (l *Live) ReloadBy(who string, read func() (*config.Config, error)) error {
	c, err := read()
	if err == nil {
		err = l.reload(c, who)
	}
	if err == nil {
		l.save() // as at the start
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = ""
	if err != nil {
		l.wrong = "the configuration was not taken, and the old one is in use: " + err.Error()
	}
	return err
}

func (l *Live) reload(c *config.Config, who string) error {
	engine, err := c.LiveEngine(func(s string) { l.log.Warn("the rate deck: " + s) })
	if err != nil {
		return err
	}
	wanted, err := c.Asked()
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.DataDir() != l.config.DataDir() || c.Socket() != l.config.Socket() || c.Health != l.config.Health {
		l.log.Warn("data, control.socket and health.listen change with a restart only", "event", "config.kept")
	}
	was := l.config
	// The guard first: what a question lets out as an emergency call must be one to the guard as well.
	if err := l.put(c, engine); err != nil {
		return err
	}
	if err := l.asking.Use(wanted); err != nil { // a port is taken: nothing is in use by halves
		old, back := was.LiveEngine(func(string) {})
		if back == nil {
			back = l.put(was, old)
		}
		return errors.Join(err, back)
	}
	l.loaded = time.Now()
	l.wait.Go(func() { l.configured(c, cmp.Or(who, "a reload (SIGHUP)"), who == "") })
	return nil
}

// put puts a configuration in place of the one in use, but for what asks. Where it cannot be, all is as it was. l.mu is held.
func (l *Live) put(c *config.Config, engine *detect.Engine) error {
	feeds, err := l.newFeeds(c)
	if err != nil {
		return err
	}
	sources, err := l.newSources(c)
	if err != nil {
		return err
	}
	tell, err := l.tell.Take(c)
	if err != nil {
		return err
	}
	if err := l.guard.Replace(c, engine); err != nil {
		return err
	}
	l.config = c
	tell()
	l.feed(context.Background(), feeds)
	l.replaceSources(sources)
	return nil
}

// Stop ends all: who has asked is answered, and the memory is kept. It returns what went wrong.
func (l *Live) Stop() error {
	l.mu.Lock()
	feeds := l.feeds
	l.feeds = nil
	l.mu.Unlock()
	for _, f := range feeds {
		f.end()
	}
	l.asking.Stop()
	l.stop()
	for _, r := range l.reads() {
		r.end()
	}
	err := errors.Join(l.memory.Save(l.mind(), time.Now()), l.savePositions())
	return errors.Join(err, l.close())
}

// stopWithin is how long those who have asked may take to be answered when it stops.
const stopWithin = 2 * time.Second

// close ends what was opened.
func (l *Live) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	var errs []error
	for _, f := range l.feeds {
		f.end()
	}
	if l.asking != nil {
		l.asking.Stop()
	}
	if l.stop != nil {
		l.stop()
	}
	if l.control != nil {
		errs = append(errs, l.control.Stop(ctx))
	}
	if l.health != nil {
		errs = append(errs, l.health.Shutdown(ctx))
	}
	l.wait.Wait()
	l.tell.Close()
	if l.journal != nil {
		errs = append(errs, l.journal.Close())
	}
	if l.store != nil {
		errs = append(errs, l.store.Close(ctx))
	}
	l.unlock()
	return errors.Join(errs...)
}

// Replace puts another engine and other PBXs in place: memory, running calls and what is in force go over. On an error all stays as it was.
func (g *Guard) Replace(c *config.Config, e *detect.Engine) error { return g.replace(c, e, moveMemory) }

func (g *Guard) replace(c *config.Config, e *detect.Engine, remember func(from, to *detect.Engine) error) error {
	w, err := newWiring(c, e) // takes its time, so before calls wait
	if err != nil {
		return err
	}
	old := g.wiring.Load()
	for name, s := range old.sites {
		s.mu.Lock()
		defer s.mu.Unlock()
		if next := w.sites[name]; next != nil && next.tenant == s.tenant {
			next.inherit(s)
		}
	}
	if err := remember(old.engine, e); err != nil {
		return err
	}
	g.wiring.Store(w)
	for name, s := range old.sites { // of a PBX that is named no more nothing more will be heard
		if w.sites[name] != nil {
			continue
		}
		for _, l := range s.legs {
			g.lost(w, s, l)
		}
	}
	return nil
}
