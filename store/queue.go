package store

import (
	"context"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
)

// Config says what a Queue writes to and how much it holds. Only Write has no default.
type Config[T any] struct {
	// Write puts a batch on disk, all of it or nothing, in order, and returns only once it would survive a power cut. An error means that the disk is in
	// trouble: the same batch comes again. The fault of one entry goes into its Err and is no error of the batch. One call at a time.
	Write func(ctx context.Context, batch []*Entry[T]) error
	// Most is how many entries wait at most; what comes beyond is dropped. 0 = 65,536.
	Most int
	// MostDurable is how many durable ones wait at most, besides; what comes beyond is an error. 0 = 4,096.
	MostDurable int
	// Batch is how many are written at once. 0 = 1,000.
	Batch int
	// Linger is how long an entry waits for company before it is written. 0 = 200 ms. A durable one does not wait.
	Linger time.Duration
	// Within is how long PutDurable waits. 0 = 1 s.
	Within time.Duration
}

// Bounds of trying again, and when a write that has not come back is called stalled.
const (
	retryFirst = 100 * time.Millisecond
	retryMost  = 2 * time.Second
	stalled    = 2 * time.Second
)

// Entry is one thing to be written.
type Entry[T any] struct {
	Value T
	Err   error // set by Write: this one cannot be kept, whatever the disk does

	done chan error // of a durable one: how it went
	mark bool       // carries nothing; says when all before it are written
}

// Queue takes entries without ever waiting and writes them in order behind the caller's back. Its methods may be called from many goroutines.
type Queue[T any] struct {
	config  Config[T]
	wake    chan struct{}
	stopped chan struct{}
	ctx     context.Context // of writing
	cancel  context.CancelFunc

	mu      sync.Mutex
	waiting []*Entry[T]
	urgent  int // durable ones in waiting
	rows    int // entries but marks, in waiting or being written
	writing bool
	began   time.Time // of the batch that is being written
	closed  bool
	failing bool
	state   belwacht.StoreState
}

// NewQueue starts a queue. Close ends it.
func NewQueue[T any](c Config[T]) *Queue[T] {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&c.Most, 1<<16)
	def(&c.MostDurable, 1<<12)
	def(&c.Batch, 1000)
	if c.Linger <= 0 {
		c.Linger = 200 * time.Millisecond
	}
	if c.Within <= 0 {
		c.Within = time.Second
	}
	q := &Queue[T]{config: c, wake: make(chan struct{}, 1), stopped: make(chan struct{})}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	q.state = belwacht.StoreState{Healthy: true, Since: belwacht.InstantOf(time.Now())}
	go q.run()
	return q
}

// Put takes an entry and returns at once. It reports false where the queue is full or closed: the entry is dropped and counted.
func (q *Queue[T]) Put(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.rows >= q.config.Most {
		q.drop(1, "")
		return false
	}
	q.waiting = append(q.waiting, &Entry[T]{Value: v})
	q.rows++
	if n := len(q.waiting); n == 1 || n == q.config.Batch {
		q.rouse()
	}
	return true
}

// PutDurable takes an entry and returns once it is on disk, or with the fault that Write found in it. Where that takes longer than Config.Within, or than ctx
// lasts, it returns an error of code Unreachable, and the entry stays in the queue.
func (q *Queue[T]) PutDurable(ctx context.Context, v T) error {
	e := &Entry[T]{Value: v, done: make(chan error, 1)}
	if err := q.hurry(e); err != nil {
		return err
	}
	late := time.NewTimer(q.config.Within)
	defer late.Stop()
	select {
	case err := <-e.done:
		return err
	case <-late.C:
	case <-ctx.Done():
	}
	why := q.State().LastError
	if why == "" {
		why = "the disk is slow"
	}
	return belwacht.Errorf(belwacht.Unreachable, "not yet on disk, it is written as soon as the disk lets it: %s", why)
}

// Sync returns once everything that was put before is on disk or was found unfit to be kept, or with ctx's end.
func (q *Queue[T]) Sync(ctx context.Context) error {
	e := &Entry[T]{done: make(chan error, 1), mark: true}
	if err := q.hurry(e); err != nil {
		return err
	}
	select {
	case err := <-e.done:
		return err
	case <-ctx.Done():
		return belwacht.Errorf(belwacht.Unreachable, "not all is on disk yet: %w", ctx.Err())
	}
}

// hurry puts an entry that somebody waits for.
func (q *Queue[T]) hurry(e *Entry[T]) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return belwacht.Errorf(belwacht.Unreachable, "the store is closed; start Belwacht and try again")
	case q.urgent >= q.config.MostDurable:
		if !e.mark {
			q.drop(1, "")
		}
		return belwacht.Errorf(belwacht.Unreachable, "%d decisions wait for the disk already, no more are taken; `belwacht status` says what is wrong with it",
			q.urgent)
	}
	q.waiting = append(q.waiting, e)
	q.urgent++
	if !e.mark {
		q.rows++
	}
	q.rouse()
	return nil
}

// rouse wakes the writer. q.mu is held.
func (q *Queue[T]) rouse() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// drop counts entries that are lost. q.mu is held.
func (q *Queue[T]) drop(n int, why string) {
	q.state.Dropped += uint64(n)
	q.state.Lost = belwacht.InstantOf(time.Now())
	if why != "" {
		q.state.LastError = why
	}
}

// State is how the queue is. It never waits for the disk: a write that has not come back for two seconds is called stalled.
func (q *Queue[T]) State() belwacht.StoreState {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.state
	s.Pending = q.rows
	if q.writing && !q.failing && time.Since(q.began) >= stalled {
		s.Healthy, s.Since = false, belwacht.InstantOf(q.began)
		s.LastError = "the disk has not answered since " + s.Since.String()
	}
	return s
}

// Close writes what waits, as long as ctx lasts, and ends the queue. What was not written is counted as dropped and said in the error.
func (q *Queue[T]) Close(ctx context.Context) error {
	q.mu.Lock()
	q.closed = true
	q.rouse()
	q.mu.Unlock()
	select {
	case <-q.stopped:
	case <-ctx.Done():
		q.cancel()
		<-q.stopped
	}
	q.cancel()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	why := q.state.LastError
	if why == "" {
		why = "the disk is slow"
	}
	lost := belwacht.Errorf(belwacht.Unreachable, "%d rows were not written before the store was closed: %s", q.rows, why)
	for _, e := range q.waiting {
		if e.done != nil {
			e.done <- lost
		}
	}
	q.drop(q.rows, "")
	q.waiting, q.rows, q.urgent = nil, 0, 0
	return lost
}

// run writes until the queue is closed and empty, or writing is cancelled.
func (q *Queue[T]) run() {
	defer close(q.stopped)
	for {
		batch := q.take()
		if batch == nil || !q.deliver(batch) {
			return
		}
	}
}

// take waits for the next batch; nil means closed and empty.
func (q *Queue[T]) take() []*Entry[T] {
	linger := time.NewTimer(q.config.Linger)
	defer linger.Stop()
	for lingered := false; ; {
		q.mu.Lock()
		n := len(q.waiting)
		if n == 0 && q.closed {
			q.mu.Unlock()
			return nil
		}
		if n > 0 && (lingered || q.closed || q.urgent > 0 || n >= q.config.Batch) {
			batch := q.cut(min(n, q.config.Batch))
			q.mu.Unlock()
			return batch
		}
		q.mu.Unlock()
		if n == 0 {
			<-q.wake
			linger.Reset(q.config.Linger)
			continue
		}
		select {
		case <-q.wake:
		case <-linger.C:
			lingered = true
		}
	}
}

// cut takes the first n entries out of the queue. q.mu is held.
func (q *Queue[T]) cut(n int) []*Entry[T] {
	batch := append([]*Entry[T](nil), q.waiting[:n]...)
	clear(q.waiting[:n])
	if q.waiting = q.waiting[n:]; len(q.waiting) == 0 {
		q.waiting = nil
	}
	for _, e := range batch {
		if e.done != nil {
			q.urgent--
		}
	}
	q.writing, q.began = true, time.Now()
	return batch
}

// deliver writes a batch, again and again while the disk is in trouble. It reports false where writing was cancelled.
func (q *Queue[T]) deliver(batch []*Entry[T]) bool {
	entries := make([]*Entry[T], 0, len(batch))
	for _, e := range batch {
		if !e.mark {
			entries = append(entries, e)
		}
	}
	for wait := retryFirst; ; wait = min(2*wait, retryMost) {
		var err error
		if len(entries) > 0 {
			err = q.config.Write(q.ctx, entries)
		}
		if err == nil {
			q.settle(batch, len(entries))
			return true
		}
		if q.ctx.Err() == nil {
			q.fail(err)
		}
		again := time.NewTimer(wait)
		select {
		case <-again.C:
		case <-q.ctx.Done():
			again.Stop()
			q.putBack(batch)
			return false
		}
		for _, e := range entries {
			e.Err = nil
		}
	}
}

// settle tells everybody who waits for an entry of a written batch how it went.
func (q *Queue[T]) settle(batch []*Entry[T], written int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.failing || time.Since(q.began) >= stalled {
		q.failing = false
		q.state.Healthy, q.state.Since = true, belwacht.InstantOf(time.Now())
	}
	q.writing, q.rows = false, q.rows-written
	for _, e := range batch {
		switch {
		case e.done != nil:
			e.done <- e.Err
			if e.Err != nil {
				written--
			}
		case e.Err != nil:
			written--
			q.drop(1, e.Err.Error())
		}
	}
	q.state.Written += uint64(written)
}

// fail notes that the disk is in trouble.
func (q *Queue[T]) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.failing {
		q.failing = true
		q.state.Healthy, q.state.Since = false, belwacht.InstantOf(time.Now())
	}
	q.state.LastError = err.Error()
}

// putBack leaves a batch that will not be written to Close.
func (q *Queue[T]) putBack(batch []*Entry[T]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting, q.writing = append(batch, q.waiting...), false
}
