package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// scanMost is how many calls one page looks at: what is rare is found over several pages, none of which takes long.
const scanMost = 20_000

// prefixMost is how many calls to numbers of one prefix are put in order by hand; where there are more, they are found soon by going back in time.
const prefixMost = 100_000

// callColumns are those of query.Call, in its order.
const callColumns = "c.id, c.tenant, c.site, c.call, c.link, c.direction, c.account, c.root, c.trunk, c.caller, c.name, c.dialled, c.lineage, c.time, c.answer, " +
	"c.ended, c.talk, c.disposition, c.taker, c.parts, c.late, c.number, c.country, c.class, c.cost, c.spent, c.word, c.cause, c.enforced"

// search is a query of calls as SQL. sqlc writes functions of queries that stand still; here what leads is chosen, and what else was asked for is
// looked at call by call. No value stands in the text, so there are few texts, and TestPlans asks SQLite for its plan of each.
type search struct {
	index string
	led   []string // conditions that the index answers
	more  []string // conditions on a call
	args  [2][]any // of both
}

func (x *search) lead(index, condition string, args ...any) {
	x.index, x.led, x.args[0] = index, append(x.led, condition), append(x.args[0], args...)
}

func (x *search) also(condition string, args ...any) {
	x.more, x.args[1] = append(x.more, condition), append(x.args[1], args...)
}

// usual says whether most calls are of a class: they have no place in calls_class.
func usual(c belwacht.Class) bool {
	return c == belwacht.ClassGeographic || c == belwacht.ClassMobile || c == belwacht.ClassInternal
}

// span is the range of numbers that begin with a prefix.
func span(prefix belwacht.E164) (from, until int64) {
	bits := 64 - 4*uint(prefix.Len())
	low := uint64(prefix) >> bits << bits
	return int64(low), int64(low | (1<<bits - 1))
}

// searchOf chooses what leads: the index that leaves least to look at. few says whether few numbers begin with the prefix.
func searchOf(q *belwacht.CallQuery, few bool) *search {
	x := &search{}
	led := func(can bool, index, condition string, args ...any) {
		switch {
		case !can:
		case x.index == "":
			x.lead(index, condition, args...)
		default:
			condition, _, _ = strings.Cut(condition, " AND ") // what follows is for the index
			x.also("c."+condition, args...)
		}
	}
	led(q.Number != 0, "calls_number", "number = ? AND number <> 0", int64(q.Number))
	led(q.Account != "", "calls_account", "account = ?", q.Account)
	if from, until := span(q.Prefix); q.Prefix != 0 && few && x.index == "" {
		x.lead("calls_number", "number >= ? AND number <= ? AND number <> 0", from, until)
	} else if q.Prefix != 0 {
		x.also("c.number >= ? AND c.number <= ?", from, until)
	}
	led(q.Word != belwacht.Allow, "calls_word", "word = ? AND word > 0", int64(q.Word))
	if q.Least > 0 {
		x.also("c.cost >= ?", int64(q.Least))
		for _, step := range []struct {
			money     belwacht.Money
			index, is string
		}{{100 * belwacht.Unit, "calls_cost_100", "cost >= 100000000"}, {10 * belwacht.Unit, "calls_cost_10", "cost >= 10000000"},
			{belwacht.Unit, "calls_cost_1", "cost >= 1000000"}} {
			if q.Least >= step.money && x.index == "" {
				x.lead(step.index, step.is)
			}
		}
	}
	led(q.Country != belwacht.Country{}, "calls_country", "country = ? AND country <> ''", q.Country.String())
	led(q.Class != belwacht.ClassUnknown && (!usual(q.Class) || x.index != ""), "calls_class", "class = ? AND class NOT IN (4, 5, 12)", int64(q.Class))
	if x.index == "" {
		x.index = "calls_time"
	}
	if q.Class != belwacht.ClassUnknown && usual(q.Class) && x.index == "calls_time" {
		x.also("c.class = ?", int64(q.Class))
	}
	if q.Direction != belwacht.DirectionUnknown {
		x.also("c.direction = ?", int64(q.Direction))
	}
	return x
}

// places is the SQL of the places that are looked at, newest first, out of the index alone.
func (x *search) places() string {
	b := "SELECT id, time FROM calls INDEXED BY " + x.index + " WHERE tenant = ?"
	for _, c := range x.led {
		b += " AND " + c
	}
	return b + " AND time >= ? AND time <= ? AND (time < ? OR id < ?) ORDER BY time DESC, id DESC LIMIT ?"
}

// calls is the SQL of a page.
func (x *search) calls() string {
	b := "SELECT " + callColumns + " FROM (" + x.places() + ") AS p CROSS JOIN calls AS c ON c.id = p.id"
	for i, c := range x.more {
		b += map[bool]string{true: " WHERE ", false: " AND "}[i == 0] + c
	}
	return b + " LIMIT ?"
}

// of are the arguments of places; those of calls begin with them.
func (x *search) of(tenant string, w *window, scan int64) []any {
	return append(append([]any{tenant}, x.args[0]...), w.since, w.before, w.before, w.row, scan)
}

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
	x := searchOf(q, few)
	scan := s.scan
	if len(x.more) == 0 {
		scan = w.most
	}
	args := append(append(x.of(q.Tenant, &w, scan), x.args[1]...), w.most)
	rows, err := s.readCalls(ctx, x.calls(), args)
	if err != nil {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	calls, next, err := pageOf(rows, w.most, callOf, func(r *query.Call) belwacht.Cursor { return belwacht.Cursor{Time: belwacht.Instant(r.Time), Row: r.ID} })
	if err != nil || !next.IsZero() || len(x.more) == 0 {
		return calls, next, err
	}
	// The last place that was looked at is where the next page goes on, if there were as many.
	var last belwacht.Cursor
	err = s.pool.QueryRowContext(ctx, x.places()+" OFFSET ?", append(x.of(q.Tenant, &w, 1), scan-1)...).Scan(&last.Row, &last.Time)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, belwacht.Cursor{}, s.unread(err)
	}
	return calls, last, nil
}

// few says whether at most prefixMost calls went to numbers of a query's prefix. It reads the index only.
func (s *Store) few(ctx context.Context, q *belwacht.CallQuery) (bool, error) {
	from, until := span(q.Prefix)
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
