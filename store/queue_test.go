package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/belwacht/belwacht"
)

// disk is where a queue under test writes to.
type disk struct {
	mu      sync.Mutex
	err     error         // of every write
	took    time.Duration // by every write
	written []int
	batches []int
}

func (d *disk) write(ctx context.Context, batch []*Entry[int]) error {
	d.mu.Lock()
	err, took := d.err, d.took
	d.mu.Unlock()
	select {
	case <-time.After(took):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.batches = append(d.batches, len(batch))
	for _, e := range batch {
		if e.Value < 0 {
			e.Err = belwacht.Errorf(belwacht.Invalid, "%d cannot be kept", e.Value)
			continue
		}
		d.written = append(d.written, e.Value)
	}
	return nil
}

func (d *disk) set(err error, took time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err, d.took = err, took
}

func (d *disk) has(t *testing.T, want ...int) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.written, want) {
		t.Errorf("on disk %v, want %v", d.written, want)
	}
}

// tried runs a test in a bubble of simulated time, with a queue of three rows a batch and ten that wait.
func tried(t *testing.T, run func(t *testing.T, q *Queue[int], d *disk)) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		q := NewQueue(Config[int]{Write: d.write, Most: 10, MostDurable: 2, Batch: 3})
		run(t, q, d)
		_ = q.Close(t.Context()) // what it says is tested where it matters
	})
}

func TestQueueBatches(t *testing.T) {
	tried(t, func(t *testing.T, q *Queue[int], d *disk) {
		begin := time.Now()
		q.Put(1)
		q.Put(2)
		synctest.Wait()
		d.has(t) // they wait for company
		q.Put(3)
		synctest.Wait()
		d.has(t, 1, 2, 3) // a full batch does not
		q.Put(4)
		time.Sleep(199 * time.Millisecond)
		d.has(t, 1, 2, 3)
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		d.has(t, 1, 2, 3, 4)
		q.Put(5)
		if err := q.PutDurable(t.Context(), 6); err != nil {
			t.Error(err)
		}
		d.has(t, 1, 2, 3, 4, 5, 6) // in order, and the durable one hurries all before it
		if since := time.Since(begin); since > 250*time.Millisecond {
			t.Errorf("took %s", since)
		}
		if s := q.State(); !s.Healthy || s.Pending != 0 || s.Written != 6 || s.Dropped != 0 {
			t.Errorf("state %+v", s)
		}
	})
}

func TestQueueFull(t *testing.T) {
	tried(t, func(t *testing.T, q *Queue[int], d *disk) {
		d.set(nil, time.Hour)
		begin := time.Now()
		for i := range 10 {
			if !q.Put(i) {
				t.Errorf("%d was dropped", i)
			}
		}
		synctest.Wait() // three are being written
		if q.Put(10) || q.Put(11) {
			t.Error("a full queue took more")
		}
		if time.Since(begin) != 0 {
			t.Error("a put waited")
		}
		for range 2 {
			if err := q.PutDurable(t.Context(), 20); belwacht.CodeOf(err) != belwacht.Unreachable {
				t.Errorf("durable: %v", err)
			}
		}
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("two durable ones waited %s, want a second each", took)
		}
		if err := q.PutDurable(t.Context(), 22); belwacht.CodeOf(err) != belwacht.Unreachable || time.Since(begin) != 2*time.Second {
			t.Errorf("a third durable one: %v", err)
		}
		s := q.State()
		if s.Healthy || s.Since != belwacht.InstantOf(begin) || s.Pending != 12 || s.Dropped != 3 || s.LastError == "" || s.Lost == 0 {
			t.Errorf("a stalled disk shows as %+v", s)
		}
		d.set(nil, 0)
		time.Sleep(time.Hour)
		synctest.Wait()
		d.has(t, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 20)
		if s := q.State(); !s.Healthy || s.Pending != 0 || s.Dropped != 3 || s.Since <= belwacht.InstantOf(begin) {
			t.Errorf("recovered, it shows as %+v", s)
		}
	})
}

func TestQueueTriesAgain(t *testing.T) {
	tried(t, func(t *testing.T, q *Queue[int], d *disk) {
		full := belwacht.Errorf(belwacht.Unreachable, "the disk is full")
		d.set(full, 0)
		q.Put(1)
		err := q.PutDurable(t.Context(), 2)
		if belwacht.CodeOf(err) != belwacht.Unreachable || err.Error() == "" {
			t.Errorf("durable on a full disk: %v", err)
		}
		q.Put(3)
		if s := q.State(); s.Healthy || s.LastError != full.Error() || s.Pending != 3 {
			t.Errorf("a full disk shows as %+v", s)
		}
		d.has(t)
		time.Sleep(time.Minute)
		d.set(nil, 0)
		room := time.Now()
		if err := q.Sync(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(room); took > retryMost {
			t.Errorf("%s until it tried again", took)
		}
		d.has(t, 1, 2, 3)
		if s := q.State(); !s.Healthy || s.Dropped != 0 || s.LastError != full.Error() {
			t.Errorf("recovered, it shows as %+v", s)
		}
	})
}

// TestQueueFaults keeps one bad row from taking others with it.
func TestQueueFaults(t *testing.T) {
	tried(t, func(t *testing.T, q *Queue[int], d *disk) {
		q.Put(1)
		q.Put(-2)
		if err := q.PutDurable(t.Context(), -3); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("a bad durable row: %v", err)
		}
		if err := q.PutDurable(t.Context(), 4); err != nil {
			t.Error(err)
		}
		d.has(t, 1, 4)
		if s := q.State(); !s.Healthy || s.Dropped != 1 || s.Written != 2 || s.LastError != "-2 cannot be kept" {
			t.Errorf("state %+v", s)
		}
	})
}

func TestQueueClose(t *testing.T) {
	tried(t, func(t *testing.T, q *Queue[int], d *disk) {
		for i := range 7 {
			q.Put(i)
		}
		if err := q.Close(t.Context()); err != nil {
			t.Error(err)
		}
		d.has(t, 0, 1, 2, 3, 4, 5, 6)
		if q.Put(8) || q.State().Dropped != 1 {
			t.Error("a closed queue took a row, or did not count it")
		}
		if err := q.PutDurable(t.Context(), 9); belwacht.CodeOf(err) != belwacht.Unreachable {
			t.Errorf("durable after the end: %v", err)
		}
		if err := q.Sync(t.Context()); belwacht.CodeOf(err) != belwacht.Unreachable {
			t.Errorf("sync after the end: %v", err)
		}
	})
}

// TestQueueCloseStalled does not wait for a disk that never answers.
func TestQueueCloseStalled(t *testing.T) {
	tried(t, func(t *testing.T, q *Queue[int], d *disk) {
		d.set(nil, 1000*time.Hour)
		for i := range 5 {
			q.Put(i)
		}
		waits := make(chan error, 2)
		go func() { waits <- q.PutDurable(t.Context(), 9) }()
		go func() { waits <- q.Sync(t.Context()) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if err := q.Close(ctx); belwacht.CodeOf(err) != belwacht.Unreachable || !strings.HasPrefix(err.Error(), "6 rows were not written") {
			t.Errorf("close: %v", err)
		}
		for range 2 {
			if err := <-waits; belwacht.CodeOf(err) != belwacht.Unreachable {
				t.Errorf("who waited was told %v", err)
			}
		}
		if s := q.State(); s.Dropped != 6 || s.Pending != 0 {
			t.Errorf("state %+v", s)
		}
	})
}

func TestQueueSyncGivesUp(t *testing.T) {
	tried(t, func(t *testing.T, q *Queue[int], d *disk) {
		d.set(errors.New("no"), 0)
		q.Put(1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := q.Sync(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("sync: %v", err)
		}
		d.set(nil, 0)
	})
}
