package sql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
	"github.com/belwacht/belwacht/ingest"
)

// Bounds of what is read at once.
const (
	fewRows   = 2_500  // steps of the history that find fewer become longer
	manyRows  = 10_000 // those that find more become shorter
	mostRows  = 50_000 // a step never reads more, unless they begin within one slot
	mostSlot  = 500_000
	longest   = 32 * 86400 // seconds of starts in a step
	fullScans = 128        // steps of a table without an index, each of which goes through all of it
)

// How far back and how often is looked.
const (
	nearSlots  = 26 * 3600 / slotSeconds
	sweepEvery = 5 * time.Minute
	countEvery = time.Hour
)

// relax gives queries more time, where each goes through the whole table.
func (s *session) relax(ctx context.Context) error {
	if s.table.kind == PostgreSQL {
		_, err := s.conn.ExecContext(ctx, "SET statement_timeout = "+strconv.FormatInt(s.limit.Milliseconds(), 10))
		return err
	}
	return limitMySQL(ctx, s.conn, s.limit)
}

// query asks within a transaction that reads only, and hands each row of the answer to a function.
func (s *session) query(ctx context.Context, text string, each func(*sql.Rows) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.limit+connectLimit)
	defer cancel()
	begin := time.Now()
	defer func() { s.asked += time.Since(begin) }()
	tx, err := s.conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	rows, err := tx.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	return tx.Commit()
}

// number asks for one number.
func (s *session) number(ctx context.Context, text string) (int64, error) {
	var n sql.NullInt64
	err := s.query(ctx, text, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n.Int64, err
}

// edge asks for a start; false where there is none.
func (s *session) edge(ctx context.Context, function string, from int64) (int64, bool, error) {
	var text sql.NullString
	if err := s.query(ctx, s.table.edge(function, from), func(rows *sql.Rows) error { return rows.Scan(&text) }); err != nil {
		return 0, false, err
	}
	naive, ok := s.r.clock.naive(text.String)
	return naive, ok, nil
}

// voters is how many of the latest rows say by which clock the table is written.
const voters = 500

// setClock finds the table's clock, once.
func (s *session) setClock(ctx context.Context) error {
	if s.r.clock != nil {
		return nil
	}
	var starts, ids []string
	err := s.query(ctx, s.table.last(voters), func(rows *sql.Rows) error {
		if err := s.fields.scan(rows); err != nil {
			return err
		}
		starts, ids = append(starts, s.fields.get(asterisk.Start)), append(ids, s.fields.get(asterisk.UniqueID))
		return nil
	})
	if err != nil {
		return err
	}
	c, note := newClock(&s.r.options, s.table.zoned, starts, ids)
	s.r.clock = c
	s.r.feed.Note(note)
	return nil
}

// past reads what was recorded before, step by step in the order of starts.
func (s *session) past(ctx context.Context) error {
	r := s.r
	r.history = max(r.history, 86400) // what is before has no date
	total, err := s.number(ctx, s.table.total(r.history))
	if err != nil {
		return err
	}
	done := r.feed.Feed().Done // what was read before the connection was lost
	total += done
	r.feed.Progress(done, total)
	if !s.table.indexed {
		first, _, err := s.edge(ctx, "MIN", r.history)
		if err != nil {
			return err
		}
		last, _, err := s.edge(ctx, "MAX", r.history)
		if err != nil {
			return err
		}
		r.width = (last - first) / fullScans
	}
	for {
		first, ok, err := s.edge(ctx, "MIN", r.history)
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		first -= first % slotSeconds
		n, err := s.step(ctx, first)
		if err != nil {
			return err
		}
		done = min(done+int64(n), total) // more may have come meanwhile
		r.feed.Progress(done, total)
		r.seen.trim(slotOf(time.Now().Unix()) + slotsADay)
		if err := r.batch(); err != nil {
			return err
		}
	}
}

// step reads a step of the history from a second on, a shorter one where there is too much in it.
func (s *session) step(ctx context.Context, first int64) (int, error) {
	r := s.r
	for {
		r.width = min(max(r.width-r.width%slotSeconds, slotSeconds), longest)
		n, err := s.span(ctx, first, first+r.width, r.width > slotSeconds)
		switch {
		case err == errMany || errors.Is(r.explain(err), errSlow) && s.table.indexed && r.width > slotSeconds:
			r.width /= 4
			continue
		case err != nil:
			return 0, err
		}
		r.history = first + r.width
		if n > manyRows {
			r.width /= 2
		} else if n < fewRows && s.table.indexed {
			r.width *= 2
		}
		return n, nil
	}
}

// errMany says that a span has more rows than are read at once.
var errMany = errors.New("too many rows")

// span reads the rows that begin from one second to before another, both edges of slots, and hands on those that are new. It gives how many there
// are. With bounded, more than mostRows of them are errMany and none is handed on.
func (s *session) span(ctx context.Context, from, to int64, bounded bool) (int, error) {
	limit := mostSlot
	if bounded {
		limit = mostRows
	}
	var all []found
	err := s.query(ctx, s.table.span(from, to, limit+1), func(rows *sql.Rows) error {
		if err := s.fields.scan(rows); err != nil {
			return err
		}
		all = append(all, s.fields.read(s.r.clock))
		return nil
	})
	if err != nil {
		return 0, err
	}
	if len(all) > limit {
		if bounded {
			return 0, errMany
		}
		s.r.feed.Note(fmt.Sprintf("more than %d rows begin in the five minutes from %s; those beyond are not read", limit, s.table.literal(from)))
	}
	for i := 0; i < len(all); {
		at := slotOf(all[i].naive)
		n := 1
		for i+n < len(all) && slotOf(all[i+n].naive) == at {
			n++
		}
		if err := s.take(at, all[i:i+n]); err != nil {
			return 0, err
		}
		i += n
	}
	return len(all), nil
}

// take hands on the new ones of the rows of a slot.
func (s *session) take(at int64, rows []found) error {
	r := s.r
	one := r.seen.begin(at)
	var fresh []uint64
	these := make(map[uint64]bool, len(rows))
	for i := range rows {
		f := &rows[i]
		if these[f.key] || one.known(f.key) {
			continue
		}
		these[f.key] = true
		fresh = append(fresh, f.key)
		if f.bad {
			r.feed.Rejected(1)
		} else if err := r.give(&f.row); err != nil {
			r.seen.end(at, unsure, fresh)
			return err
		}
	}
	r.seen.end(at, len(rows), fresh)
	return nil
}

// watch looks for new rows until something fails.
func (s *session) watch(ctx context.Context) error {
	r := s.r
	before := time.Duration(0) // that the queries of the look before took
	for {
		start := time.Now()
		s.asked = 0
		sweep := start.Sub(r.swept) >= r.sweepEvery
		from := r.seen.floor
		if !sweep {
			from = max(from, min(r.seen.late[2], slotOf(start.Unix())+slotsADay)-nearSlots)
		}
		if err := s.look(ctx, from); err != nil {
			return err
		}
		if sweep {
			r.swept = start
		}
		r.seen.trim(slotOf(start.Unix()) + slotsADay)
		if start.Sub(r.counted) >= countEvery {
			if err := s.countOlder(ctx); err != nil {
				return err
			}
			r.counted = start
		}
		r.caught = true
		r.feed.Stand(belwacht.FeedLive, "")
		if err := r.batch(); err != nil {
			return err
		}
		// However slow the database is, nine tenths of the time belong to others; one slow look among fast ones costs nothing.
		if ingest.Wait(ctx, max(r.options.Every, 10*min(s.asked, before))) != nil {
			return ctx.Err()
		}
		before = s.asked
	}
}

// look counts the rows of each slot from one on, and reads those slots again in which the number has changed.
func (s *session) look(ctx context.Context, from int64) error {
	var changed []int64
	counts := map[int64]int{}
	err := s.query(ctx, s.table.counts(max(from, 1)*slotSeconds), func(rows *sql.Rows) error {
		var at sql.NullInt64
		var n int
		if err := rows.Scan(&at, &n); err != nil {
			return err
		}
		if at.Valid && s.r.seen.changed(at.Int64, n) {
			changed, counts[at.Int64] = append(changed, at.Int64), n
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := 0; i < len(changed); {
		n, rows := 1, counts[changed[i]]
		for i+n < len(changed) && changed[i+n] == changed[i]+int64(n) && rows+counts[changed[i+n]] < manyRows {
			rows += counts[changed[i+n]]
			n++
		}
		if _, err := s.span(ctx, changed[i]*slotSeconds, (changed[i]+int64(n))*slotSeconds, false); err != nil {
			return err
		}
		i += n
	}
	return nil
}

// countOlder counts the rows that begin before all that is remembered: those that are put in afterwards are not read, and must be told.
func (s *session) countOlder(ctx context.Context) error {
	r := s.r
	n, err := s.number(ctx, s.table.older(r.seen.floor*slotSeconds))
	if err != nil {
		return err
	}
	if more := n - r.seen.older; r.seen.older != unsure && more > 0 {
		r.feed.Note(fmt.Sprintf("%d rows that begin before %s were put into the table afterwards and were not read", more, s.table.literal(r.seen.floor*slotSeconds)))
	}
	r.seen.older = n
	return nil
}
