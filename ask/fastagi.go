package ask

import (
	"bufio"
	"errors"
	"net"
	"time"

	"github.com/belwacht/belwacht/asterisk"
)

// Variable is the channel variable that a verdict sets, and nothing else: WORD,CAUSE,REFERENCE,SECONDS.
const Variable = "BW_ANSWER"

// ServeFastAGI answers AGI sessions on a listener until Stop, then returns nil. A session is one question: the first argument of AGI() is a form, as HTTP
// takes it, signed by [Sign]. The answer is one SET VARIABLE; whoever may not ask is hung up on without. No session lasts longer than 300 ms.
func (s *Server) ServeFastAGI(l net.Listener) error {
	l = s.guard(l)
	if !s.keep(l) {
		return nil
	}
	defer s.drop(l)
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil { // out of file descriptors, or the client has gone: neither is an end
			time.Sleep(10 * time.Millisecond)
			continue
		}
		s.sessions.Add(1)
		go s.session(c)
	}
}

// session holds one caller, never longer than the hard deadline: reading and writing end with it, and waiting for a verdict ends sooner.
func (s *Server) session(c net.Conn) {
	mine := true
	defer func() {
		if mine {
			s.over(c)
		}
	}()
	defer s.caught("", func() {})
	_ = c.SetDeadline(time.Now().Add(hard))
	r := bufio.NewReader(c)
	env, err := asterisk.ReadAGI(r)
	if err != nil || len(env.Args) == 0 {
		s.malformed.Add(1)
		return
	}
	q, err := parseForm(env.Args[0])
	if err != nil {
		s.malformed.Add(1)
		return
	}
	if q.At == "" {
		q.At = "0" // the secret itself must not come this way: it would stand in Asterisk's log
	}
	from := address(c.RemoteAddr())
	p := s.prove(q, from)
	if p == nil {
		return
	}
	if q.Channel == "" {
		q.Channel = env.Channel
	}
	var a Answer
	a, mine = s.answerHere(p, &q.Question, from, func(a Answer) {
		defer s.over(c)
		sayAGI(c, r, &a)
	})
	if mine {
		sayAGI(c, r, &a)
	}
}

// over ends a session; who has the verdict does it.
func (s *Server) over(c net.Conn) {
	_ = c.Close()
	s.sessions.Done()
}

// sayAGI sets the variable.
func sayAGI(c net.Conn, r *bufio.Reader, a *Answer) {
	var plain [96]byte
	if _, err := c.Write(asterisk.AppendAGI(nil, "SET", "VARIABLE", Variable, string(a.appendPlain(plain[:0])))); err == nil {
		// The variable is set when Asterisk says so; a connection that closes before may lose it.
		_, _ = asterisk.ReadAGIReply(r)
	}
}

// keep notes what Stop must close; false where it has come already.
func (s *Server) keep(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing.Load() {
		_ = l.Close()
		return false
	}
	s.open[l] = struct{}{}
	s.sessions.Add(1)
	return true
}

func (s *Server) drop(l net.Listener) {
	_ = l.Close()
	s.mu.Lock()
	delete(s.open, l)
	s.mu.Unlock()
	s.sessions.Done()
}

// closeListeners lets nobody in any more; FastAGI's sessions end by themselves within their deadline.
func (s *Server) closeListeners() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing.Store(true)
	for l := range s.open {
		_ = l.Close()
	}
}
