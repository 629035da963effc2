// Package desk keeps the sockets at which PBXs ask open over changes of the configuration: a [Desk] replaces the server of package ask behind them and drops no
// caller who waits to be let in. What a server tells, the desk logs.
package desk

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ask"
	"github.com/belwacht/belwacht/text"
)

// Judge gives verdicts, and says what is usual.
type Judge interface {
	ask.Judge
	ask.Usual
}

// Wanted is what a desk is to be.
type Wanted struct {
	PBXs    []ask.PBX
	Sockets []Socket
	Said    string // names it all: a desk that is what is wanted stays as it is. It holds secrets and is shown to nobody
}

// Desk is the server that PBXs ask, and its sockets, which outlive it. It is safe for concurrent use.
type Desk struct {
	log     *slog.Logger
	judge   Judge
	mu      sync.Mutex
	server  *ask.Server
	opened  []net.Listener // the server's own handles of the sockets
	retired []*ask.Server  // that answer those whom they have let in
	said    string         // what of the configuration it was made of
	sockets map[Socket]net.Listener
	wait    sync.WaitGroup
	before  ask.Counts // of the servers before this one

	warning sync.Mutex // not mu: who stops a server waits for those who warn
	warned  time.Time
	silent  int // warnings since that were not said

	strangers strangers
}

// Socket is an address, HOST:PORT, and whether FastAGI is spoken there; else HTTP is.
type Socket struct {
	Address string
	FastAGI bool
}

// New makes a desk at which nobody listens yet.
func New(log *slog.Logger, judge Judge) *Desk { return &Desk{log: log, judge: judge} }

// stopWithin is how long those who have asked may take to be answered when it stops.
const stopWithin = 2 * time.Second

// Use makes the server that is wanted and serves. Where anything is wrong it returns an error of code Config, and what there was goes on.
func (d *Desk) Use(w Wanted) (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w.Said == d.said {
		return nil
	}
	var next *ask.Server
	if len(w.PBXs) > 0 {
		if next, err = ask.New(ask.Config{PBXs: w.PBXs, Judge: d.judge, Usual: d.judge, Tell: d.tell}); err != nil {
			return err
		}
	}
	opened := make(map[Socket]net.Listener)
	for _, s := range w.Sockets {
		if opened[s] != nil {
			continue
		}
		if opened[s] = d.sockets[s]; opened[s] == nil {
			if opened[s], err = ask.Listen(s.Address); err != nil {
				d.closeNew(opened)
				return err
			}
		}
	}
	var own []net.Listener
	for s, l := range opened {
		second, err := d.serve(next, s, l)
		if err != nil {
			d.retire(next, own, 0)
			d.closeNew(opened)
			return err
		}
		own = append(own, second)
	}
	d.retire(d.server, d.opened, grace)
	gone := d.sockets
	d.server, d.opened, d.sockets, d.said = next, own, opened, w.Said
	for s, l := range gone {
		if opened[s] == nil {
			l.Close()
		}
	}
	return nil
}

// closeNew closes those of some sockets that were opened in vain.
func (d *Desk) closeNew(opened map[Socket]net.Listener) {
	for s, l := range opened {
		if l != nil && d.sockets[s] == nil {
			l.Close()
		}
	}
}

// serve has a server answer on a second handle of a socket, so that it can be stopped and the socket not.
func (d *Desk) serve(s *ask.Server, at Socket, l net.Listener) (net.Listener, error) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, belwacht.Errorf(belwacht.Internal, "%s is no TCP socket", at.Address)
	}
	second, err := again(tcp)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s cannot be listened on: %w", at.Address, err)
	}
	d.wait.Go(func() {
		serve := s.Serve
		if at.FastAGI {
			serve = s.ServeFastAGI
		}
		if err := serve(second); err != nil && !errors.Is(err, net.ErrClosed) {
			d.log.Error("questions are answered no more", "event", "ask.stopped", "address", at.Address, "error", err)
		}
	})
	return second, nil
}

// again is a second handle of a listening socket. It is not taken by [net.TCPListener.File]: what that gives is made to block for a moment, and with it all
// handles of the socket. Whoever accepts on another one in that moment waits in the kernel, from where closing it does not wake him, and the reload with him.
func again(l *net.TCPListener) (net.Listener, error) {
	raw, err := l.SyscallConn()
	if err != nil {
		return nil, err
	}
	var fd int
	var dup error
	if err := raw.Control(func(handle uintptr) {
		fd, dup = unix.FcntlInt(handle, unix.F_DUPFD_CLOEXEC, 0)
	}); err != nil {
		return nil, err
	}
	if dup != nil {
		return nil, os.NewSyscallError("fcntl", dup)
	}
	f := os.NewFile(uintptr(fd), l.Addr().String())
	defer f.Close()
	return net.FileListener(f)
}

// grace is how long a server that lets nobody in any more goes on for those whom it has: longer than somebody may take to ask. A server that is told to shut
// down drops whoever has not asked yet. Where there is none after it, as at a stop, it is shorter.
const (
	grace = 3 * time.Second
	brief = time.Second
)

// retire has a server let nobody in any more, and stops it when it has answered.
func (d *Desk) retire(s *ask.Server, own []net.Listener, grace time.Duration) {
	for _, l := range own {
		l.Close()
	}
	if s == nil {
		return
	}
	d.retired = append(d.retired, s)
	d.wait.Go(func() {
		time.Sleep(grace)
		d.finish(s)
	})
}

// finish stops a server and keeps its counts.
func (d *Desk) finish(s *ask.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		d.log.Warn("some who asked were not answered", "event", "ask.cut", "error", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before = d.before.Plus(s.Counts())
	d.retired = slices.DeleteFunc(d.retired, func(r *ask.Server) bool { return r == s })
}

// Stop ends it: who has asked is answered within two seconds.
func (d *Desk) Stop() {
	d.mu.Lock()
	for _, l := range d.sockets {
		l.Close()
	}
	d.retire(d.server, d.opened, brief)
	d.server, d.opened, d.sockets = nil, nil, nil
	d.mu.Unlock()
	d.wait.Wait()
}

// Counts are those of all servers so far.
func (d *Desk) Counts() ask.Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.before
	for _, s := range d.retired {
		all = all.Plus(s.Counts())
	}
	if d.server != nil {
		all = all.Plus(d.server.Counts())
	}
	return all
}

// Address is where a socket really listens, "" for nowhere: a port 0 has become one.
func (d *Desk) Address(s Socket) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.sockets[s]; l != nil {
		return l.Addr().String()
	}
	return ""
}

// tellEvery is how often a warning about questions is said; strangers can make as many as they like.
const tellEvery = 10 * time.Second

// tell implements ask.Config.Tell.
func (d *Desk) tell(n ask.Notice) {
	now := time.Now()
	if n.Kind == ask.WrongSecret {
		d.strangers.note(&n, now)
	}
	d.warning.Lock()
	if now.Sub(d.warned) < tellEvery {
		d.silent++
		d.warning.Unlock()
		return
	}
	silent := d.silent
	d.warned, d.silent = now, 0
	d.warning.Unlock()
	if n.Kind == ask.Broken {
		d.log.Error("a question met a fault of Belwacht's; it has the answer of one that is late. Please report this", "event", "ask.broken", "pbx", text.Clean(n.PBX, 60), "fault", n.Fault, "more", silent)
		return
	}
	if n.Kind == ask.WrongSecret {
		d.log.Warn("somebody asked with a wrong secret, or from an address that is not listed", "event", "ask.wrong-secret", "pbx", text.Clean(n.PBX, 60), "from", n.From, "more", silent)
		return
	}
	d.log.Warn("no verdict came in time; the default went out", "event", "ask.missed", "pbx", text.Clean(n.PBX, 60), "decision", n.Answer.Word.String(),
		"cause", text.Clean(n.Answer.Cause, 60), "more", silent)
}
