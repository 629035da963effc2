package count

import "github.com/belwacht/belwacht"

// Buckets is the number of equal buckets of a Window.
const Buckets = 60

// Window is a sum over a sliding span in Buckets equal buckets that expire one by one. The zero Window is not ready; use NewWindow.
// Sums err by at most one bucket, on the side of counting too much. Not safe for concurrent use.
type Window struct {
	width belwacht.Instant // of a bucket
	head  int64            // number of the newest bucket: time / width
	sum   int64
	cell  [Buckets + 1]int64 // one more than the span needs, so that the oldest is still wholly inside
}

// NewWindow makes a window over span, which is at least Buckets milliseconds.
func NewWindow(span belwacht.Instant) Window { return Window{width: max(span/Buckets, 1)} }

// Span is the length of time that the window covers.
func (w *Window) Span() belwacht.Instant { return w.width * Buckets }

// advance moves the head to the bucket of now and clears what has left the window. A now before the head leaves it.
func (w *Window) advance(now belwacht.Instant) {
	b := int64(now / w.width)
	if b <= w.head {
		return
	}
	if b-w.head > Buckets {
		w.cell, w.sum = [Buckets + 1]int64{}, 0
	} else {
		for i := w.head + 1; i <= b; i++ {
			c := &w.cell[i%(Buckets+1)]
			w.sum -= *c
			*c = 0
		}
	}
	w.head = b
}

// Add adds v at the moment now. A moment earlier than the newest goes into its own bucket while the window still covers it and
// is dropped after that. A negative v takes back, never below zero in its bucket.
func (w *Window) Add(now belwacht.Instant, v int64) {
	w.advance(now)
	b := int64(now / w.width)
	if w.head-b > Buckets {
		return
	}
	c := &w.cell[b%(Buckets+1)]
	if v < 0 && -v > *c {
		v = -*c
	}
	*c += v
	w.sum += v
}

// Sum is the sum over the span that ends now.
func (w *Window) Sum(now belwacht.Instant) int64 {
	w.advance(now)
	return w.sum
}
