package sqlite

import (
	"math"

	"github.com/belwacht/belwacht"
)

// window is the part of a list that a page is read from: rows at or before (before, row), down to since.
type window struct{ since, before, row, most int64 }

// windowOf reads the bounds of a query. One row more than asked for is read, which shows whether a page follows.
func windowOf(from, until belwacht.Instant, p belwacht.Page) window {
	w := window{since: int64(from), before: math.MaxInt64, row: math.MaxInt64, most: int64(p.Limit()) + 1}
	if until > 0 {
		w.before = int64(until) - 1
	}
	if at := int64(p.After.Time); !p.After.IsZero() && at <= w.before {
		w.before, w.row = at, p.After.Row
	}
	return w
}

// pageOf makes nouns of the rows of a page; where the row too many came, the cursor is the last one's that is shown.
func pageOf[R, N any](rows []R, most int64, noun func(*R) (N, error), place func(*R) belwacht.Cursor) ([]N, belwacht.Cursor, error) {
	var next belwacht.Cursor
	if int64(len(rows)) >= most {
		rows = rows[:most-1]
		next = place(&rows[len(rows)-1])
	}
	nouns := make([]N, 0, len(rows))
	for i := range rows {
		n, err := noun(&rows[i])
		if err != nil {
			return nil, belwacht.Cursor{}, err
		}
		nouns = append(nouns, n)
	}
	return nouns, next, nil
}
