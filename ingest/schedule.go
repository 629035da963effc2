package ingest

import "github.com/belwacht/belwacht"

// schedule says when the turn of a held row has come: rows lie in buckets of one minute by their start, and a bucket is let go once
// the records have got a horizon beyond it.
//
// How far the records have got is the third latest start seen. Rows in the order of their end do not disturb that (a row's start is
// never after its writing), and one or two rows dated far ahead by a clock gone wrong cannot push the horizon over all the others.
type schedule struct {
	buckets map[int64]*bucket
	recent  [64]*bucket // of them by the minute's last bits: rows of one time come together
	minutes []int64     // a heap of the minutes that have rows, earliest on top
	free    []*bucket   // to be used again
	latest  [3]belwacht.Instant
	gone    int64 // minutes before this one have been let go
}

// bucket holds the rows of one minute.
type bucket struct {
	minute int64
	rows   []due
}

// second is the second of the bucket's minute that a start lies in, the first where it lies before: rows that came too late.
func (b *bucket) second(start belwacht.Instant) int {
	return int(min(max(start-belwacht.Instant(b.minute)*belwacht.Minute, 0)/belwacht.Second, 59))
}

// due is a row and when its turn comes.
type due struct {
	start belwacht.Instant
	row   int32
}

// What is kept of buckets for the next ones, so that those who send odd times cannot fill the memory with room for rows.
const (
	maxFree     = 4096
	maxFreeRows = 1024
)

func newSchedule() *schedule { return &schedule{buckets: map[int64]*bucket{}, gone: -1 << 62} }

// see notes the start of a row.
func (q *schedule) see(start belwacht.Instant) {
	switch l := &q.latest; {
	case start <= l[2]:
	case start > l[0]:
		l[0], l[1], l[2] = start, l[0], l[1]
	case start > l[1]:
		l[1], l[2] = start, l[1]
	default:
		l[2] = start
	}
}

// add puts row i into its bucket. It says whether the row came too late for it and had to go into one of the next instead.
func (q *schedule) add(start belwacht.Instant, i int32) (tooLate bool) {
	m := minuteOf(start)
	if m < q.gone {
		m, tooLate = q.gone+1, true // a minute more, so that its siblings can join it
	}
	place := &q.recent[m&63]
	if *place == nil || (*place).minute != m {
		*place = q.bucket(m)
	}
	(*place).rows = append((*place).rows, due{start, i})
	return tooLate
}

// bucket is the bucket of a minute, a new one where there is none.
func (q *schedule) bucket(m int64) *bucket {
	b := q.buckets[m]
	if b != nil {
		return b
	}
	if n := len(q.free); n > 0 {
		b = q.free[n-1]
		q.free = q.free[:n-1]
	} else {
		b = &bucket{}
	}
	b.minute = m
	q.buckets[m] = b
	q.push(m)
	return b
}

// take gives the earliest bucket that ends before limit, nil where there is no such bucket.
func (q *schedule) take(limit belwacht.Instant) *bucket {
	if len(q.minutes) == 0 || belwacht.Instant(q.minutes[0]+1)*belwacht.Minute > limit {
		return nil
	}
	m := q.pop()
	b := q.buckets[m]
	delete(q.buckets, m)
	if q.recent[m&63] == b {
		q.recent[m&63] = nil
	}
	q.gone = max(q.gone, m+1)
	return b
}

// recycle takes back a bucket that was taken, to be used again.
func (q *schedule) recycle(b *bucket) {
	if len(q.free) < maxFree && cap(b.rows) <= maxFreeRows {
		b.rows = b.rows[:0]
		q.free = append(q.free, b)
	}
}

// minuteOf is the minute of an instant, rounded down.
func minuteOf(i belwacht.Instant) int64 {
	if i < 0 {
		i -= belwacht.Minute - 1
	}
	return int64(i / belwacht.Minute)
}

// push puts a minute on the heap.
func (q *schedule) push(m int64) {
	h := append(q.minutes, m)
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if h[up] <= h[i] {
			break
		}
		h[up], h[i] = h[i], h[up]
		i = up
	}
	q.minutes = h
}

// pop takes the earliest minute off the heap.
func (q *schedule) pop() int64 {
	h := q.minutes
	m := h[0]
	n := len(h) - 1
	h[0] = h[n]
	h = h[:n]
	for i := 0; ; {
		down := 2*i + 1
		if down >= n {
			break
		}
		if down+1 < n && h[down+1] < h[down] {
			down++
		}
		if h[i] <= h[down] {
			break
		}
		h[i], h[down] = h[down], h[i]
		i = down
	}
	q.minutes = h
	return m
}
