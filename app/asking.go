package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/text"
)

// asking is the server that PBXs ask, and its sockets, which outlive it: a reload replaces the server and drops no caller that waits to be let in.
type asking struct {
	log     *slog.Logger
	guard   *Guard
	mu      sync.Mutex
	server  *ask.Server
	opened  []net.Listener // the server's own handles of the sockets
	retired []*ask.Server  // that answer those whom they have let in
	said    string         // what of the configuration it was made of
	sockets map[socket]net.Listener
	wait    sync.WaitGroup
	before  ask.Counts // of the servers before this one

	warning sync.Mutex // not mu: who stops a server waits for those who warn
	warned  time.Time
	silent  int // warnings since that were not said
}

// socket is an address, and whether FastAGI is spoken there.
type socket struct {
	addr string
	agi  bool
}

// stopWithin is how long those who have asked may take to be answered when it stops.
const stopWithin = 2 * time.Second

// use makes the server of a configuration and serves. Where anything is wrong it returns an error and what there was goes on.
func (a *asking) use(c *config.Config) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	list, sockets, said, err := a.wanted(c)
	if err != nil || said == a.said {
		return err
	}
	var next *ask.Server
	if len(list) > 0 {
		if next, err = ask.New(ask.Config{PBXs: list, Judge: a.guard, Usual: a.guard, Tell: a.tell}); err != nil {
			return err
		}
	}
	opened := make(map[socket]net.Listener)
	for _, s := range sockets {
		if opened[s] != nil {
			continue
		}
		if opened[s] = a.sockets[s]; opened[s] == nil {
			if opened[s], err = ask.Listen(s.addr); err != nil {
				a.closeNew(opened)
				return err
			}
		}
	}
	var own []net.Listener
	for s, l := range opened {
		second, err := a.serve(next, s, l)
		if err != nil {
			a.retire(next, own)
			a.closeNew(opened)
			return err
		}
		own = append(own, second)
	}
	a.retire(a.server, a.opened)
	gone := a.sockets
	a.server, a.opened, a.sockets, a.said = next, own, opened, said
	for s, l := range gone {
		if opened[s] == nil {
			l.Close()
		}
	}
	return nil
}

// closeNew closes those of some sockets that were opened in vain.
func (a *asking) closeNew(opened map[socket]net.Listener) {
	for s, l := range opened {
		if l != nil && a.sockets[s] == nil {
			l.Close()
		}
	}
}

// wanted is what a configuration wants of it. said names it all, secrets by what they are without saying them.
func (a *asking) wanted(c *config.Config) (list []ask.PBX, sockets []socket, said string, err error) {
	for i := range c.PBX {
		p := &c.PBX[i]
		if p.Ask == nil {
			continue
		}
		secret, err := c.Secret(p.Ask.SecretFile)
		if err != nil {
			return nil, nil, "", err
		}
		from, err := p.Ask.Networks()
		if err != nil {
			return nil, nil, "", belwacht.Errorf(belwacht.Config, "pbx %s: ask.from: %w", p.Name, err)
		}
		tenants := c.All()
		t := &tenants[slices.IndexFunc(tenants, func(t config.Tenant) bool { return t.Name == c.TenantOf(p) })]
		numbers, err := t.Site()
		if err != nil {
			return nil, nil, "", err
		}
		list = append(list, ask.PBX{Name: p.Name, Secret: secret, From: from, Numbers: numbers})
		for _, s := range []socket{{p.Ask.Listen, false}, {p.Ask.FastAGI, true}} {
			if s.addr != "" {
				sockets = append(sockets, s)
			}
		}
		said += fmt.Sprintf("%q %q %v %+v %v;", p.Name, secret, from, t.NumberConfig(), []string{p.Ask.Listen, p.Ask.FastAGI})
	}
	return list, sockets, said, nil
}

// serve has a server answer on a second handle of a socket, so that it can be stopped and the socket not.
func (a *asking) serve(s *ask.Server, at socket, l net.Listener) (net.Listener, error) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, belwacht.Errorf(belwacht.Internal, "%s is no TCP socket", at.addr)
	}
	f, err := tcp.File()
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s cannot be listened on: %w", at.addr, err)
	}
	defer f.Close()
	second, err := net.FileListener(f)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s cannot be listened on: %w", at.addr, err)
	}
	a.wait.Go(func() {
		serve := s.Serve
		if at.agi {
			serve = s.ServeFastAGI
		}
		if err := serve(second); err != nil && !errors.Is(err, net.ErrClosed) {
			a.log.Error("questions are answered no more", "event", "ask.stopped", "address", at.addr, "error", err)
		}
	})
	return second, nil
}

// grace is how long a server that lets nobody in any more goes on for those whom it has: longer than it holds anybody. An http.Server that is told to shut
// down drops whoever has not asked yet.
const grace = time.Second

// retire has a server let nobody in any more, and stops it when it has answered.
func (a *asking) retire(s *ask.Server, own []net.Listener) {
	for _, l := range own {
		l.Close()
	}
	if s == nil {
		return
	}
	a.retired = append(a.retired, s)
	a.wait.Go(func() {
		time.Sleep(grace)
		a.finish(s)
	})
}

// finish stops a server and keeps its counts.
func (a *asking) finish(s *ask.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		a.log.Warn("some who asked were not answered", "event", "ask.cut", "error", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.before = a.before.Plus(s.Counts())
	a.retired = slices.DeleteFunc(a.retired, func(r *ask.Server) bool { return r == s })
}

// stop ends it.
func (a *asking) stop() {
	a.mu.Lock()
	for _, l := range a.sockets {
		l.Close()
	}
	a.retire(a.server, a.opened)
	a.server, a.opened, a.sockets = nil, nil, nil
	a.mu.Unlock()
	a.wait.Wait()
}

// counts are those of all servers so far.
func (a *asking) counts() ask.Counts {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.before
	for _, s := range a.retired {
		all = all.Plus(s.Counts())
	}
	if a.server != nil {
		all = all.Plus(a.server.Counts())
	}
	return all
}

// address is where a socket really listens: a port 0 has become one.
func (a *asking) address(addr string, agi bool) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if l := a.sockets[socket{addr, agi}]; l != nil {
		return l.Addr().String()
	}
	return ""
}

// tellEvery is how often a warning about questions is said; strangers can make as many as they like.
const tellEvery = 10 * time.Second

// tell implements ask.Config.Tell.
func (a *asking) tell(n ask.Notice) {
	now := time.Now()
	a.warning.Lock()
	if now.Sub(a.warned) < tellEvery {
		a.silent++
		a.warning.Unlock()
		return
	}
	silent := a.silent
	a.warned, a.silent = now, 0
	a.warning.Unlock()
	if n.Kind == ask.Broken {
		a.log.Error("a question met a fault of Belwacht's; it has the answer of one that is late. Please report this", "event", "ask.broken", "pbx", text60(n.PBX), "fault", n.Fault, "more", silent)
		return
	}
	if n.Kind == ask.WrongSecret {
		a.log.Warn("somebody asked with a wrong secret, or from an address that is not listed", "event", "ask.wrong-secret", "pbx", text60(n.PBX), "from", n.From, "more", silent)
		return
	}
	a.log.Warn("no verdict came in time; the default went out", "event", "ask.missed", "pbx", text60(n.PBX), "decision", n.Answer.Word.String(),
		"cause", text.Clean(n.Answer.Cause, 60), "more", silent)
}
