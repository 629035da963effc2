package count

import "github.com/belwacht/belwacht"

// Heap holds items until their moments come; of equal moments the smaller order comes first. The zero Heap is empty. Its first element, if any, is
// the next. Not safe for concurrent use.
type Heap[T any] []Upcoming[T]

// Upcoming is an item with its moment.
type Upcoming[T any] struct {
	Item  T
	At    belwacht.Instant
	Order uint64
}

func (u *Upcoming[T]) before(o *Upcoming[T]) bool {
	return u.At < o.At || u.At == o.At && u.Order < o.Order
}

// Push adds an item.
func (h *Heap[T]) Push(at belwacht.Instant, order uint64, item T) {
	u := Upcoming[T]{item, at, order}
	*h = append(*h, u)
	a := *h
	i := len(a) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !u.before(&a[up]) {
			break
		}
		a[i] = a[up]
		i = up
	}
	a[i] = u
}

// Pop takes the next item; there must be one.
func (h *Heap[T]) Pop() T {
	a := *h
	first, last := a[0].Item, a[len(a)-1]
	var none Upcoming[T]
	a[len(a)-1] = none
	a = a[:len(a)-1]
	*h = a
	if len(a) == 0 {
		return first
	}
	a.sink(last)
	return first
}

// Delay moves the next item to a later moment; there must be one.
func (h *Heap[T]) Delay(at belwacht.Instant) {
	a := *h
	u := a[0]
	u.At = at
	a.sink(u)
}

// sink puts an item where it belongs that would stand first, of which the place is free.
func (a Heap[T]) sink(last Upcoming[T]) {
	i := 0
	for {
		c := 2*i + 1
		if c >= len(a) {
			break
		}
		if c+1 < len(a) && a[c+1].before(&a[c]) {
			c++
		}
		if !a[c].before(&last) {
			break
		}
		a[i] = a[c]
		i = c
	}
	a[i] = last
}
