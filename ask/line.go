package ask

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// What a line is doing.
const (
	idle int32 = iota
	busy
	shut // by Stop
)

// renew is how much of a deadline that has long to go may be gone before it is set again: setting one costs as much as reading a question.
const renew = time.Second

// idleFor is how long a client may keep a connection and say nothing.
const idleFor = time.Minute

// line is a connection by which one plain question after the other is asked. Where the judge is late its goroutine loses the line to another, which answers
// in its place and goes on; all but state is the owner's alone.
type line struct {
	s     *Server
	c     net.Conn
	from  netip.Addr
	state atomic.Int32
	buf   []byte // what was read and not used yet
	out   []byte
	begun bool      // a question was answered
	left  bool      // it has ended, or is net/http's
	reads time.Time // when the deadline of reading was set
	wrote time.Time // and that of writing
}

// lines are the connections that are read here, and the way to net/http for those that are not.
type lines struct {
	mu   sync.Mutex
	open map[*line]struct{}
	odd  chan net.Conn
	done chan struct{} // closed when net/http takes no more
	once sync.Once
}

// Serve answers HTTP on a listener until Stop or until that is closed, then returns nil. Plain questions are read here, since a server of the whole of HTTP
// costs more than judging does; a connection on which anything else comes is net/http's from then on.
func (s *Server) Serve(l net.Listener) error {
	l = s.guard(l)
	if !s.keep(l) {
		return nil
	}
	defer s.drop(l)
	s.lines.once.Do(func() { s.sessions.Go(func() { _ = s.web.Serve(&handed{s: s, addr: l.Addr()}) }) })
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil { // out of file descriptors, or the client has gone: neither is an end
			time.Sleep(10 * time.Millisecond)
			continue
		}
		n := &line{s: s, c: c, from: address(c.RemoteAddr())}
		s.lines.mu.Lock()
		s.lines.open[n] = struct{}{}
		s.lines.mu.Unlock()
		s.sessions.Add(1)
		go n.serve()
	}
}

// hangUp ends the lines on which nothing is being asked; the others end when they have answered.
func (s *Server) hangUp() {
	s.lines.mu.Lock()
	defer s.lines.mu.Unlock()
	for n := range s.lines.open {
		if n.state.CompareAndSwap(idle, shut) {
			_ = n.c.Close()
		}
	}
}

// gone forgets a line, which its owner does once.
func (n *line) gone() {
	n.left = true
	n.s.lines.mu.Lock()
	delete(n.s.lines.open, n)
	n.s.lines.mu.Unlock()
	n.s.sessions.Done()
}

func (n *line) end() {
	_ = n.c.Close()
	n.gone()
}

// serve answers questions until the line ends, goes to net/http, or goes to another goroutine.
func (n *line) serve() {
	defer n.s.caught("", func() {
		if !n.left {
			n.end()
		}
	})
	for {
		h, at, ok := n.next()
		if !ok || !n.reply(&h, at) {
			return
		}
	}
}

// next reads the next question, whose body is at a place of buf. Where there is none it sees to the line and says false.
func (n *line) next() (h head, at int, ok bool) {
	if len(n.buf) == 0 && !n.more(!n.begun) {
		n.end()
		return h, 0, false
	}
	if !n.state.CompareAndSwap(idle, busy) { // Stop was quicker
		n.end()
		return h, 0, false
	}
	at = bytes.Index(n.buf, []byte("\r\n\r\n")) + 4
	if at >= 4 && at <= maxBody {
		h, ok = readHead(n.buf[:at])
	}
	if !ok { // not plain, or in pieces
		n.handOver()
		return h, 0, false
	}
	for len(n.buf) < at+h.length {
		if !n.more(true) {
			n.s.malformed.Add(1)
			n.end()
			return h, 0, false
		}
	}
	return h, at, true
}

// more reads what comes; soon says that it must come within the client's time to ask.
func (n *line) more(soon bool) bool {
	now := time.Now()
	switch {
	case soon:
		if n.reads != (time.Time{}) || len(n.buf) == 0 { // one for all pieces of a question
			_ = n.c.SetReadDeadline(now.Add(patience))
		}
		n.reads = time.Time{}
	case now.Sub(n.reads) > renew:
		_ = n.c.SetReadDeadline(now.Add(idleFor))
		n.reads = now
	}
	if n.buf == nil {
		n.buf = make([]byte, 0, 2048)
	}
	if cap(n.buf)-len(n.buf) < 512 {
		n.buf = append(make([]byte, 0, 2*cap(n.buf)), n.buf...)
	}
	m, err := n.c.Read(n.buf[len(n.buf):cap(n.buf)])
	n.buf = n.buf[:len(n.buf)+m]
	return m > 0 || err == nil
}

// reply answers a question whose body is at a place of buf; false where the line has ended or gone to another goroutine.
func (n *line) reply(h *head, at int) bool {
	s, body := n.s, n.buf[at:at+h.length]
	var q *signed
	var err error
	if h.json {
		q, err = parseJSON(body)
	} else {
		q, err = parseForm(string(body))
	}
	n.buf = n.buf[:copy(n.buf, n.buf[at+h.length:])] // what came behind the question stays
	if err != nil {
		s.malformed.Add(1)
		return n.write(http.StatusBadRequest, "", nil, h.last)
	}
	if q.Key == "" {
		q.Key = h.bearer
	}
	p := s.prove(q, n.from)
	if p == nil {
		return n.write(http.StatusForbidden, "", nil, h.last)
	}
	a, mine := s.answerHere(p, &q.Question, n.from, func(a Answer) {
		if n.verdict(h, &a) {
			n.serve()
		}
	})
	return mine && n.verdict(h, &a)
}

// verdict writes one; false where the line has ended.
func (n *line) verdict(h *head, a *Answer) bool {
	if h.json || h.accepts {
		b, _ := json.Marshal(newVerdict(a)) // strings and a number: it cannot fail
		return n.write(http.StatusOK, "application/json", append(b, '\n'), h.last)
	}
	var plain [96]byte
	return n.write(http.StatusOK, plainType, a.appendPlain(plain[:0]), h.last)
}

// write writes an answer; false where the line has ended.
func (n *line) write(code int, kind string, body []byte, last bool) bool {
	now := time.Now()
	if now.Sub(n.wrote) > renew {
		_ = n.c.SetWriteDeadline(now.Add(renew + hard))
		n.wrote = now
	}
	n.out = appendResponse(n.out[:0], now, code, kind, body, last)
	_, err := n.c.Write(n.out)
	n.begun = true
	n.state.Store(idle)
	if err != nil || last || n.s.closing.Load() {
		n.end()
		return false
	}
	return true
}

// handOver gives a line to net/http with what was read of it.
func (n *line) handOver() {
	_ = n.c.SetDeadline(time.Time{})
	select {
	case n.s.lines.odd <- &begun{n.c, n.buf}:
	case <-n.s.lines.done:
		_ = n.c.Close()
	}
	n.gone()
}

// begun is a connection of which something has been read.
type begun struct {
	net.Conn
	read []byte
}

// Read implements net.Conn.
func (c *begun) Read(b []byte) (int, error) {
	if len(c.read) > 0 {
		n := copy(b, c.read)
		c.read = c.read[n:]
		return n, nil
	}
	return c.Conn.Read(b)
}

// handed is the listener of net/http: connections that were let in and are not plain.
type handed struct {
	s    *Server
	addr net.Addr
	once sync.Once
}

// Accept implements net.Listener.
func (h *handed) Accept() (net.Conn, error) {
	select {
	case c := <-h.s.lines.odd:
		return c, nil
	case <-h.s.lines.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (h *handed) Close() error {
	h.once.Do(func() { close(h.s.lines.done) })
	return nil
}

// Addr implements net.Listener.
func (h *handed) Addr() net.Addr { return h.addr }

// appendResponse appends an answer with its head (RFC 9112, and RFC 9110 §6.6.1 for Date).
func appendResponse(b []byte, now time.Time, code int, kind string, body []byte, last bool) []byte {
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(code), 10)
	b = append(append(b, ' '), http.StatusText(code)...)
	if kind != "" {
		b = append(append(b, "\r\nCache-Control: no-store\r\nContent-Type: "...), kind...)
	}
	if last {
		b = append(b, "\r\nConnection: close"...)
	}
	b = now.UTC().AppendFormat(append(b, "\r\nDate: "...), http.TimeFormat)
	b = strconv.AppendInt(append(b, "\r\nContent-Length: "...), int64(len(body)), 10)
	return append(append(b, "\r\n\r\n"...), body...)
}
