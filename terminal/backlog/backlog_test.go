package backlog

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tap is a reader of a log that takes nothing until it is opened.
type tap struct {
	mu   sync.Mutex
	b    bytes.Buffer
	open chan struct{}
}

func (t *tap) Write(b []byte) (int, error) {
	<-t.open
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(b)
}

func (t *tap) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}

// TestBacklog: nobody who logs waits for whoever reads, lines come whole and in order, what does not fit is counted, and what is left is written in the end.
func TestBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &tap{open: make(chan struct{})}
		log, flush := Log(out, false)
		log.Info("first")
		time.Sleep(2 * logEvery) // it is being written, and stalls
		line := strings.Repeat("x", 1<<16)
		for range 2 * logMost / len(line) {
			log.Info(line)
		}
		close(out.open)
		time.Sleep(10 * logEvery)
		got := strings.Split(strings.TrimSpace(out.String()), "\n")
		if n := len(got); n < 50 || n > 66 || !strings.Contains(got[0], `"msg":"first"`) || !strings.HasSuffix(got[n-2], `xxx"}`) || !strings.Contains(got[n-1], `"event":"log.lost","lines":`) {
			t.Errorf("%d lines: %.100q", n, got)
		}
		log.Info("last")
		flush()
		flush()
		if !strings.HasSuffix(out.String(), "\"msg\":\"last\"}\n") {
			t.Error("what was left is not written")
		}
		log.Info("too late")
		if strings.Contains(out.String(), "too late") {
			t.Error("something is written after the end")
		}
	})
}

// TestBacklogStalls: whoever does not read holds up no stop.
func TestBacklogStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &tap{open: make(chan struct{})}
		log, flush := Log(out, false)
		log.Info("first")
		begin := time.Now()
		flush()
		if took := time.Since(begin); took != logLast {
			t.Errorf("it took %v", took)
		}
		close(out.open)
	})
}
