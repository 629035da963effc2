package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// scanMost is how many calls one page looks at: what is rare is found over several pages, none of which takes long.
const scanMost = 20_000

// prefixMost is how many calls to numbers of one prefix are put in order by hand; where there are more, they are found soon by going back in time.
const prefixMost = 20_000

// Calls implements belwacht.CallStore.
func (s *Store) Calls(ctx context.Context, q *belwacht.CallQuery) ([]belwacht.PastCall, belwacht.Cursor, error) {
	w := windowOf(q.From, q.Until, q.Page)
	few := false
	if q.Prefix != 0 && q.Number == 0 && q.Account == "" {
		var err error
		if few, err = s.few(ctx, q); err != nil {
			return nil, belwacht.Cursor{}, s.unread(err)
		}
	}
	x, at, scan := query.SearchOf(q, few), query.Place{Since: w.since, Before: w.before, Row: w.row}, s.scan
	if !x.Filters() {
		scan = w.most
	}
	rows, err := s.readCalls(ctx, x.Calls(), x.CallsArgs(q.Tenant, at, scan, w.most))
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	calls, next, err := pageOf(rows, w.most, callOf, func(r *query.Call) belwacht.Cursor { return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID} })
	if err != nil || !next.IsZero() || !x.Filters() {
		return calls, next, err
	}
	// The last place that was looked at is where the next page goes on, if there were as many.
	var last belwacht.Cursor
	err = s.pool.QueryRowContext(ctx, x.Places()+" OFFSET ?", append(x.PlacesArgs(q.Tenant, at, 1), scan-1)...).Scan(&last.Row, &last.Time)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return calls, last, nil
}

// few says whether at most prefixMost calls went to numbers of a query's prefix. It reads the index only.
func (s *Store) few(ctx context.Context, q *belwacht.CallQuery) (bool, error) {
	from, until := query.Span(q.Prefix)
	var n int64
	err := s.pool.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM calls INDEXED BY calls_number WHERE tenant = ? AND number >= ? AND number <= ? "+
		"AND number <> 0 LIMIT ?)", q.Tenant, from, until, prefixMost+1).Scan(&n)
	return n <= prefixMost, err
}

func (s *Store) readCalls(ctx context.Context, statement string, args []any) ([]query.Call, error) {
	rows, err := s.pool.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []query.Call
	for rows.Next() {
		var i query.Call
		if err := rows.Scan(&i.ID, &i.Tenant, &i.Site, &i.Call, &i.Link, &i.Direction, &i.Account, &i.Root, &i.Trunk, &i.Caller, &i.Name, &i.Dialled, &i.Lineage,
			&i.Time, &i.Answer, &i.Ended, &i.Talk, &i.Disposition, &i.Taker, &i.Parts, &i.Late, &i.Number, &i.Country, &i.Class, &i.Cost, &i.Spent, &i.Word,
			&i.Cause, &i.Enforced); err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	return list, rows.Err()
}
