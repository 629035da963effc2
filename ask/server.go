package ask

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
)

// Where a Belwacht listens unless told otherwise. FreePBX itself has 4573, the port that FastAGI usually has.
const (
	DefaultHTTP    = "127.0.0.1:4574"
	DefaultFastAGI = "127.0.0.1:4575"
)

const (
	target   = 50 * time.Millisecond  // a verdict that takes longer is a miss
	hard     = 300 * time.Millisecond // nobody who has asked is held longer
	patience = 2 * time.Second        // within which a client asks by HTTP once it has connected; who has no time to ask is cut off by nobody else
	judging  = 256                    // questions that are judged at once; more is a miss
	maxConns = 1024                   // connections a listener
)

// Config is what a Server needs.
type Config struct {
	PBXs  []PBX
	Judge Judge
	Usual Usual // nil: no country is usual
	// Tell, where it is set, is told what somebody should know of. It is called on the call's way and returns at once.
	Tell func(Notice)
}

// Notice is something that somebody should know of.
type Notice struct {
	Kind NoticeKind
	PBX  string // that asked; of a wrong secret the name given, as a stranger chose it
	From netip.Addr
	// Missed only.
	Question *Question
	Answer   Answer
	Fault    string // Broken only: for a log, several lines
}

// NoticeKind says what happened.
type NoticeKind uint8

// The kinds.
const (
	WrongSecret NoticeKind = iota + 1 // or the right one from an address that is not listed, or under another PBX's name
	Missed                            // no verdict in time; the default went out
	Broken                            // a fault of ours met a question, which has no verdict by it
)

// Counts are how often what happened since the start.
type Counts struct {
	Asked, Allowed, Refused, Missed, Emergency uint64
	WrongSecret, Malformed, Overflow           uint64 // Overflow: connections above the bound, closed at once
	Broken                                     uint64 // questions that a fault of ours met
}

// Server answers questions. It is safe for concurrent use.
type Server struct {
	cfg      Config
	pbxs     []pbx
	now      func() time.Time
	memory   memory
	abroad   abroad
	turns    turns // one for each question being judged
	lines    lines
	profiles chan struct{} // one for each question to Usual
	web      *http.Server
	ctx      context.Context
	cancel   context.CancelFunc
	mu       sync.Mutex
	closing  atomic.Bool // set behind mu
	open     map[net.Listener]struct{}
	sessions sync.WaitGroup // listeners and connections

	asked, allowed, refused, missed, emergency, wrong, malformed, overflow, broken atomic.Uint64
}

// New makes a server; nothing listens yet. Its errors have code Config.
func New(c Config) (*Server, error) {
	pbxs, err := newPBXs(c.PBXs)
	if err != nil {
		return nil, err
	}
	if c.Judge == nil {
		return nil, belwacht.Errorf(belwacht.Config, "nobody is named who judges what is asked")
	}
	s := &Server{cfg: c, pbxs: pbxs, now: time.Now, memory: memory{byKey: map[key]*entry{}}, abroad: abroad{until: map[[2]string][]time.Time{}},
		lines:    lines{open: map[*line]struct{}{}, odd: make(chan net.Conn), done: make(chan struct{})},
		profiles: make(chan struct{}, judging), open: map[net.Listener]struct{}{}}
	s.turns.timer = time.AfterFunc(target, s.turns.look)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.web = s.newWeb()
	return s, nil
}

// Counts are the numbers for metrics.
func (s *Server) Counts() Counts {
	return Counts{s.asked.Load(), s.allowed.Load(), s.refused.Load(), s.missed.Load(), s.emergency.Load(), s.wrong.Load(), s.malformed.Load(), s.overflow.Load(), s.broken.Load()}
}

// Stop closes the listeners, lets those be answered who have asked, and gives up when ctx ends.
func (s *Server) Stop(ctx context.Context) error {
	defer s.cancel()
	s.closeListeners()
	s.hangUp()
	err := s.web.Shutdown(ctx)
	done := make(chan struct{})
	go func() { s.sessions.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	return err
}

func (s *Server) tell(n Notice) {
	if s.cfg.Tell != nil {
		s.cfg.Tell(n)
	}
}

// prove finds who asks, and counts and tells of who may not.
func (s *Server) prove(q *signed, from netip.Addr) *pbx {
	p := s.who(q, from, s.now())
	if p == nil {
		s.wrong.Add(1)
		s.tell(Notice{Kind: WrongSecret, PBX: q.PBX, From: from})
		return nil
	}
	q.PBX = p.Name
	return p
}

// answer judges a question of a PBX that has proved itself, within the deadline.
func (s *Server) answer(p *pbx, q *Question, from netip.Addr) Answer {
	s.asked.Add(1)
	n := p.Numbers.Read(p.Numbers.Sent(q.Number))
	e, fresh := s.memory.claim(key{p.Name, q.LinkedID, q.UniqueID, q.Number}, s.now())
	return s.verdict(p, q, from, e, fresh, &n)
}

// verdict is the answer to a question that is judged elsewhere, or is to be.
func (s *Server) verdict(p *pbx, q *Question, from netip.Addr, e *entry, fresh bool, n *belwacht.Number) Answer {
	if fresh {
		s.judge(q, e)
	}
	if n.Class == belwacht.ClassEmergency { // it passes; the judge hears of it beside
		s.emergency.Add(1)
		s.allowed.Add(1)
		return Answer{Cause: "emergency"}
	}
	a, missed := s.wait(p, q, e, n)
	s.count(p, q, from, &a, missed)
	return a
}

// count counts an answer, and tells of a miss.
func (s *Server) count(p *pbx, q *Question, from netip.Addr, a *Answer, missed bool) {
	if missed {
		s.missed.Add(1)
		s.tell(Notice{Kind: Missed, PBX: p.Name, From: from, Question: q, Answer: *a})
	}
	if a.word() == "refuse" {
		s.refused.Add(1)
	} else {
		s.allowed.Add(1)
	}
}

// judge starts judging on a goroutine of its own, so that whoever waits can stop waiting. Where too many are being judged nothing is started, and
// whoever waits for it misses.
func (s *Server) judge(q *Question, e *entry) {
	place, ok := s.turns.take(&turn{})
	if !ok {
		e.settle(nil)
		return
	}
	go func() {
		defer s.turns.leave(place)
		s.decide(q, e)
	}()
}

// wait takes the verdict if it comes in time, else the default.
func (s *Server) wait(p *pbx, q *Question, e *entry, n *belwacht.Number) (a Answer, missed bool) {
	t := time.NewTimer(target)
	defer t.Stop()
	select {
	case <-e.done:
	case <-t.C:
	}
	return e.late(func() Answer { return s.byDefault(p, q, n) })
}

// Plus is the sum of two servers' counts.
func (c Counts) Plus(d Counts) Counts {
	return Counts{Asked: c.Asked + d.Asked, Allowed: c.Allowed + d.Allowed, Refused: c.Refused + d.Refused, Missed: c.Missed + d.Missed,
		Emergency: c.Emergency + d.Emergency, WrongSecret: c.WrongSecret + d.WrongSecret, Malformed: c.Malformed + d.Malformed, Overflow: c.Overflow + d.Overflow,
		Broken: c.Broken + d.Broken}
}
