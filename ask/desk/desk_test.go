package desk

import (
	"net"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/belwacht/belwacht/ask"
)

// TestSecondHandleNeverBlocks: a socket stays one that does not block, for all who accept on it, while another handle of it is taken. Where it blocks for a
// moment, an Accept of that moment waits in the kernel, and a reload that closes its handle waits with it.
func TestSecondHandleNeverBlocks(t *testing.T) {
	l, err := ask.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tcp := l.(*net.TCPListener)
	raw, err := tcp.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	blocks := func() (yes bool) {
		if err := raw.Control(func(fd uintptr) {
			flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
			yes = err != nil || flags&unix.O_NONBLOCK == 0
		}); err != nil {
			t.Error(err)
		}
		return yes
	}
	var stop, seen atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
			if blocks() {
				seen.Store(true)
				return
			}
		}
	}()
	for range 3000 {
		second, err := again(tcp)
		if err != nil {
			t.Fatal(err)
		}
		second.Close()
	}
	stop.Store(true)
	<-done
	if seen.Load() || blocks() {
		t.Error("the socket blocked while a second handle was taken")
	}
	second, err := again(tcp)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	go func() {
		if c, err := net.Dial("tcp", tcp.Addr().String()); err == nil {
			c.Close()
		}
	}()
	c, err := second.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
