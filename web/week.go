package web

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
)

// weekCalls bounds the calls that a week is made of, so that a page is quick with millions stored.
const weekCalls = 2000

// Week is when in the week an account calls outside, and where to: the newest of its calls before a moment.
type Week struct {
	Account   string
	Calls     int // that it is made of
	From      belwacht.Instant
	Most      int      // calls of the busiest hour
	Hours     [168]int // Monday 00:00 first, in the organisation's zone
	Marked    int      // the hour that is spoken of, -1 = none
	Countries []Visited
}

// Visited is a country that an account called.
type Visited struct {
	Country belwacht.Country
	Calls   int
	Last    belwacht.Instant
}

// WeekOf reads the calls of an account before a moment.
func WeekOf(ctx context.Context, calls belwacht.CallStore, t Tenant, account string, before belwacht.Instant) (*Week, error) {
	w := &Week{Account: account, Marked: -1}
	by := map[belwacht.Country]*Visited{}
	q := belwacht.CallQuery{Tenant: t.Name, Account: account, Until: before, Page: belwacht.Page{Most: belwacht.PageMost}}
	for read := 0; read < weekCalls; {
		list, next, err := calls.Calls(ctx, &q)
		if err != nil {
			return nil, err
		}
		read += len(list)
		for i := range list {
			c := &list[i]
			if c.Direction != belwacht.Out || c.Class == belwacht.ClassInternal || c.Class == belwacht.ClassSocial || c.Word >= belwacht.Refuse {
				continue
			}
			w.add(c, t.Zone)
			v := by[c.Country]
			if v == nil {
				v = &Visited{Country: c.Country}
				by[c.Country] = v
			}
			v.Calls++
			v.Last = max(v.Last, c.Start)
		}
		if next.IsZero() {
			break
		}
		q.Page.After = next
	}
	for _, v := range by {
		w.Countries = append(w.Countries, *v)
	}
	slices.SortFunc(w.Countries, func(a, b Visited) int { return cmp.Or(b.Calls-a.Calls, a.Country.Index()-b.Country.Index()) })
	return w, nil
}

func (w *Week) add(c *belwacht.PastCall, zone *time.Location) {
	h := hourOfWeek(c.Start, zone)
	w.Hours[h]++
	w.Most = max(w.Most, w.Hours[h])
	w.Calls++
	if w.From == 0 || c.Start < w.From {
		w.From = c.Start
	}
}

func hourOfWeek(at belwacht.Instant, zone *time.Location) int {
	t := at.Time().In(zone)
	return (int(t.Weekday())+6)%7*24 + t.Hour()
}

// Mark says which hour is spoken of.
func (w *Week) Mark(at belwacht.Instant, zone *time.Location) { w.Marked = hourOfWeek(at, zone) }

// Cell is one hour of the picture.
type Cell struct {
	X, Y   int // of 24 and 7
	Calls  int
	Shade  int // 0 = none, 1 to 5
	Marked bool
}

// weekLeft is where the picture's hours begin, in its units.
const weekLeft = 46

// Left and Top are where the cell stands in the picture.
func (c Cell) Left() int { return weekLeft + c.X*24 }

// Top is how far down it stands.
func (c Cell) Top() int { return c.Y * 21 }

// Cells are the hours of the picture, Monday first.
func (w *Week) Cells() []Cell {
	out := make([]Cell, 168)
	for i, n := range w.Hours {
		out[i] = Cell{X: i % 24, Y: i / 24, Calls: n, Marked: i == w.Marked}
		if n > 0 {
			out[i].Shade = min(max(1, (n*5+w.Most-1)/max(w.Most, 1)), 5)
		}
	}
	return out
}

// Days are the sums of each day, Monday first, for who cannot see the picture.
func (w *Week) Days() (sums [7]int) {
	for i, n := range w.Hours {
		sums[i/24] += n
	}
	return sums
}

// MarkedCalls is how many calls the marked hour has.
func (w *Week) MarkedCalls() int {
	if w.Marked < 0 {
		return 0
	}
	return w.Hours[w.Marked]
}
