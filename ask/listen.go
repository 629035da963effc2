package ask

import (
	"net"
	"sync"
	"sync/atomic"

	"github.com/belwacht/belwacht"
)

// Listen opens a TCP address such as [DefaultHTTP]. Its error has code Config and says what to do.
func Listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s cannot be listened on: %w; choose another port under ask (4573 is FreePBX's own)", addr, err)
	}
	return l, nil
}

// guarded hands out connections from addresses that some PBX asks from, as many at once as there may be. Others are closed without a word.
type guarded struct {
	net.Listener
	server *Server
	open   atomic.Int64
}

func (s *Server) guard(l net.Listener) net.Listener { return &guarded{Listener: l, server: s} }

// Accept implements net.Listener.
func (g *guarded) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if !g.server.known(c.RemoteAddr()) {
			g.server.wrong.Add(1)
			g.server.tell(Notice{Kind: WrongSecret, From: address(c.RemoteAddr())})
			_ = c.Close()
			continue
		}
		if g.open.Add(1) > maxConns {
			g.open.Add(-1)
			g.server.overflow.Add(1)
			_ = c.Close()
			continue
		}
		return &counted{Conn: c, open: &g.open}, nil
	}
}

// known says whether any PBX asks from an address.
func (s *Server) known(a net.Addr) bool {
	from := address(a)
	for i := range s.pbxs {
		if s.pbxs[i].allows(from) {
			return true
		}
	}
	return false
}

// counted is a connection that says when it has gone.
type counted struct {
	net.Conn
	open *atomic.Int64
	once sync.Once
}

// Close implements net.Conn.
func (c *counted) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}
