package asterisk

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	wire "github.com/belwacht/belwacht/asterisk"
)

// Times of a connection.
const (
	dialTime    = 10 * time.Second // to connect, to be greeted, to be let in
	writeTime   = 5 * time.Second
	pingEvery   = 10 * time.Second
	silentAfter = 30 * time.Second // without a word the connection is given up
	listEvery   = 5 * time.Minute  // what runs is compared with what the PBX lists
)

// Pauses between connections: the first and the longest, doubled from one to the other. A refused log-in is tried again slowly: it does not heal by
// itself, Asterisk writes a security event of each, and a guard that hammers looks like an attacker.
const (
	pauseFirst   = 500 * time.Millisecond
	pauseMost    = 30 * time.Second
	refusedFirst = 30 * time.Second
	refusedMost  = 10 * time.Minute
)

// Feed is a connection to one PBX, made again whenever it is lost. Its methods are safe for concurrent use.
type Feed struct {
	cfg  Config
	sink Sink
	log  *slog.Logger
	dial func(ctx context.Context) (net.Conn, error)
	ran  atomic.Bool

	mu      sync.Mutex
	board   *board
	session *session // nil while there is none
	once    bool     // there has been one
	state   State
	heard   atomic.Int64     // when the PBX last sent anything, nanoseconds
	gap     belwacht.Instant // since when the feed is silent; zero = it is not
	last    belwacht.Instant // the last sign of life before the gap
	paced   []time.Duration  // how long it took to answer, since that was last told
	booted  belwacht.Instant // when the PBX was started, as far as it said
}

// New makes a Feed. Its errors have code Config and say what the configuration lacks.
func New(c Config, sink Sink) (*Feed, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	f := &Feed{cfg: c, sink: sink, log: c.Log, board: newBoard(&c)}
	if f.log == nil {
		f.log = slog.New(slog.DiscardHandler)
	}
	if f.dial = c.Dial; f.dial == nil {
		f.dial = f.connect
	}
	return f, nil
}

// connect opens a connection to the PBX.
func (f *Feed) connect(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	if f.cfg.TLS != nil {
		return (&tls.Dialer{Config: f.cfg.TLS}).DialContext(ctx, "tcp", f.cfg.Address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", f.cfg.Address)
}

// Run connects, logs in, and feeds the sink until ctx ends; then it returns nil. A connection that cannot be made or is lost is made again, after a pause
// that grows. What waits in the queue then is not delivered, and it returns no sooner than the sink. It runs once: a second Run is an error of code
// Internal.
func (f *Feed) Run(ctx context.Context) error {
	if f.ran.Swap(true) {
		return belwacht.Errorf(belwacht.Internal, "the feed of the PBX %q was started twice", f.cfg.Name)
	}
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		f.board.out.deliver(ctx, f.show, f.deliver)
	}()
	tries := 0
	for ctx.Err() == nil {
		began := time.Now()
		err := f.serve(ctx)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) > silentAfter {
			tries = 0
		}
		f.lost(err, tries)
		f.wait(ctx, pause(tries, belwacht.CodeOf(err) == belwacht.Config))
		tries++
	}
	f.closed()
	<-delivered
	return nil
}

// pause is how long to wait before the next connection after so many that failed, with jitter: after an outage not all feeds come at once.
func pause(tries int, refused bool) time.Duration {
	first, most := pauseFirst, pauseMost
	if refused {
		first, most = refusedFirst, refusedMost
	}
	d := min(first<<min(tries, 16), most)
	return d/2 + rand.N(d)
}

// wait waits before the next connection.
func (f *Feed) wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// serve makes one connection and reads it until it is lost. A fault of ours that an event brings out ends the connection, not the process, since callers
// choose what stands in events; the next one asks the PBX what runs.
func (f *Feed) serve(ctx context.Context) (err error) {
	defer func() {
		if f.fault(recover()) {
			err = belwacht.Errorf(belwacht.Internal, "an event met a fault of Belwacht's")
		}
	}()
	conn, err := f.dial(ctx)
	if err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "%s does not answer: %w; is Asterisk running and enabled=yes in manager.conf", f.cfg.Address, err)
	}
	s := newSession(f, conn)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		stop()
		_ = conn.Close()
	}()
	version, err := s.login()
	if err != nil {
		return err
	}
	f.opened(s, version)
	done := make(chan struct{})
	defer close(done)
	go s.write(done)
	var m wire.Message
	for {
		if err := s.in.Read(&m); err != nil {
			return belwacht.Errorf(belwacht.Unreachable, "the connection to %s was lost: %w", f.cfg.Address, err)
		}
		f.take(s, &m)
	}
}

func (f *Feed) take(s *session, m *wire.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s.handle(m)
}

// fault logs a fault of ours that an event has brought out; where there was none it says false. It is called by what is deferred.
func (f *Feed) fault(fault any) bool {
	if fault == nil {
		return false
	}
	f.log.Error("an event met a fault of Belwacht's; please report this", "pbx", f.cfg.Name, "fault", fmt.Sprintf("%.200v\n%.4000s", fault, debug.Stack()))
	return true
}

// show tells a sink that wants to know of the events that come next.
func (f *Feed) show(items []item) {
	defer func() { f.fault(recover()) }()
	sink, ok := f.sink.(Foreseer)
	if !ok {
		return
	}
	var room [together]*belwacht.Event
	events := room[:0]
	for i := range items {
		if items[i].event.Kind != 0 {
			events = append(events, &items[i].event)
		}
	}
	sink.Ahead(events)
}

// deliver hands an item to the sink.
func (f *Feed) deliver(it *item) {
	defer func() { f.fault(recover()) }()
	if it.event.Kind == 0 {
		f.sink.Running(it.event.Time, it.running)
	} else {
		f.sink.Event(&it.event)
	}
}

// now is the time on the PBX's clock as far as that is known.
func (f *Feed) now() belwacht.Instant {
	f.board.clock(belwacht.InstantOf(time.Now()), nil)
	return f.board.now
}

// opened notes that the PBX let us in.
func (f *Feed) opened(s *session, version string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.once {
		f.state.Reconnects++
	}
	f.session, f.once = s, true
	f.state.Connected, f.state.LoginRefused, f.state.Since, f.state.Version = true, false, time.Now(), version
	now := f.now()
	f.log.Info("the PBX feeds events", "pbx", f.cfg.Name, "address", f.cfg.Address)
	if f.gap != 0 {
		f.gapOver(f.gap, now)
	}
	f.gap = 0
	s.list(true)
}

// gapOver tells that a gap is over.
func (f *Feed) gapOver(since, now belwacht.Instant) {
	ev := belwacht.Event{Kind: belwacht.EventFeedGap, Time: now, Talk: max(now.Seconds(since), 1)}
	f.board.tell(&ev)
}

// lost notes that there is no connection, and tells of the gap that begins with it.
func (f *Feed) lost(err error, tries int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	refused := belwacht.CodeOf(err) == belwacht.Config
	if tries == 0 || f.session != nil || refused && !f.state.LoginRefused { // told once, not once a try
		f.log.Warn("the PBX feeds no events", "pbx", f.cfg.Name, "why", err.Error())
	}
	f.state.LoginRefused = refused
	if f.session != nil {
		f.state.TooLarge += f.session.in.TooLarge
	}
	if f.session != nil || f.state.Since.IsZero() {
		f.state.Since = time.Now()
	}
	f.session, f.state.Connected = nil, false
	if f.gap == 0 {
		f.gap, f.last = now, now
		ev := belwacht.Event{Kind: belwacht.EventFeedGap, Time: now}
		f.board.tell(&ev)
	}
}

// closed notes that Run has ended.
func (f *Feed) closed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.session, f.state.Connected, f.state.Since = nil, false, time.Now()
}

// silent gives up a connection without a word and tells of the gap: it began with the last word.
func (f *Feed) silent(s *session) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.session != s || f.gap != 0 {
		return
	}
	now := f.now()
	f.gap, f.last = now, now-belwacht.Instant(silentAfter.Milliseconds())
	ev := belwacht.Event{Kind: belwacht.EventFeedGap, Time: now}
	f.board.tell(&ev)
	_ = s.conn.Close()
}

// tick ends what has gone on without another word, and tells a sink anew that had fallen behind.
func (f *Feed) tick() {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	f.board.tick()
	f.caughtUp(now)
}

// caughtUp tells a sink that had fallen behind, and has caught up, of the gap and of what runs.
func (f *Feed) caughtUp(now belwacht.Instant) {
	q := f.board.out
	if !q.ready() {
		return
	}
	q.lost = false
	f.gapOver(now, now)
	f.board.again()
	f.board.running()
}

// State says how the feed is doing.
func (f *Feed) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state
	if n := f.heard.Load(); n != 0 {
		s.LastEvent = time.Unix(0, n)
	}
	if f.session != nil {
		s.TooLarge += f.session.tooLarge
	}
	s.Dropped, s.Forgotten, s.Running = f.board.out.dropped.Load(), f.board.channels.forgotten, len(f.board.calls)
	return s
}
