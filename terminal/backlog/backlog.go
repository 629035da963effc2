// Package backlog writes lines in a goroutine of its own, so that nobody who writes a line waits for whoever reads them:
//
//	log, flush := backlog.Log(os.Stderr, false)
//	defer flush()
package backlog

import (
	"io"
	"log/slog"
	"sync"
	"time"
)

// How the log is written.
const (
	logMost  = 4 << 20                // bytes of it that wait
	logEvery = 10 * time.Millisecond  // lines are gathered for so long
	logLast  = 500 * time.Millisecond // what is left may take so long in the end
)

// Log is a log of lines of words, or of JSON, behind a backlog. flush ends it and writes what is left.
func Log(w io.Writer, words bool) (log *slog.Logger, flush func()) {
	b := New(w)
	if log = slog.New(slog.NewJSONHandler(b, nil)); words {
		log = slog.New(slog.NewTextHandler(b, nil))
	}
	go b.Run(func(lines int) {
		log.Warn("lines of the log were lost: what reads it does not keep up", "event", "log.lost", "lines", lines)
	})
	return log, b.End
}

// Backlog takes lines and writes them in a goroutine of its own, so that no call waits for whoever reads the log. What does not fit is dropped and counted. It is safe
// for concurrent use.
type Backlog struct {
	w     io.Writer
	mu    sync.Mutex
	lines []byte
	lost  int
	ended bool
	wake  chan struct{}
	done  chan struct{}
}

// New makes a backlog that writes to w once it runs.
func New(w io.Writer) *Backlog {
	return &Backlog{w: w, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// Write implements io.Writer. It never fails.
func (b *Backlog) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended || len(b.lines)+len(line) > logMost {
		b.lost++
		return len(line), nil
	}
	if len(b.lines) == 0 {
		b.wake <- struct{}{} // there is room: the one before was taken before its lines were
	}
	b.lines = append(b.lines, line...)
	return len(line), nil
}

// Run writes until End; lost is told how many lines were lost, once there is room again.
func (b *Backlog) Run(lost func(lines int)) {
	defer close(b.done)
	var spare []byte
	for range b.wake {
		time.Sleep(logEvery)
		b.mu.Lock()
		lines, n := b.lines, b.lost
		b.lines, b.lost = spare[:0], 0
		b.mu.Unlock()
		_, _ = b.w.Write(lines) // where it fails there is nowhere to say so
		spare = lines
		if n > 0 {
			lost(n)
		}
	}
}

// End writes what is left, unless that takes too long, and takes no more.
func (b *Backlog) End() {
	b.mu.Lock()
	if !b.ended {
		b.ended = true
		close(b.wake)
	}
	b.mu.Unlock()
	select {
	case <-b.done:
	case <-time.After(logLast):
	}
}
