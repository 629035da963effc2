package sql

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/feed"
	"github.com/belwacht/belwacht/ingest"
)

// Reader reads one table. Run is for one goroutine; Feed may be called by any.
type Reader struct {
	config     Config
	options    Options
	history    int64
	live       bool
	seen       *seen
	caught     bool // all that was there at the start of Run has been handed on: from then on delays are those of the PBX
	swept      time.Time
	counted    time.Time // when the oldest rows were counted last
	clock      *clock
	sweepEvery time.Duration
	width      int64 // seconds of starts that a step of the history reads

	feed *feed.Keeper
}

// New prepares a Reader; nothing is connected yet. The error has the code Config.
func New(c Config, o Options) (*Reader, error) {
	if err := c.check(&o); err != nil {
		return nil, err
	}
	r := &Reader{config: c, options: o, seen: newSeen(), width: 86400, sweepEvery: sweepEvery}
	r.feed = feed.New(o.Name, o.Changed)
	return r, nil
}

// Check connects, looks at the table and leaves. The error says what to do.
func (r *Reader) Check(ctx context.Context) error {
	db, conn, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	defer conn.Close()
	_, err = r.describe(ctx, conn)
	return err
}

// The times between two tries to reach a database that is lost.
const (
	firstWait = time.Second
	longWait  = time.Minute
)

// Run hands on what the table holds from a position on, and then what comes, until the context ends or Row or Batch return an error, which it
// returns. A database that is lost or not there yet is tried again; Feed and Options.Changed tell it. Each row is handed on once; one that Row
// refused is not handed on again by this Reader.
func (r *Reader) Run(ctx context.Context, from Position) error {
	r.history, r.live = from.history, from.live
	r.seen = newSeen()
	if from.seen != nil {
		r.seen = from.seen.clone()
	} else if r.options.From > 0 {
		r.history = int64(r.options.From/belwacht.Day-1) * 86400 // a day, whatever the zone
	}
	r.caught = false
	for wait := firstWait; ; wait = min(2*wait, longWait) {
		before := r.Feed().Rows
		err := r.session(ctx)
		var taker *takerError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &taker):
			return taker.err
		}
		if r.Feed().Rows > before {
			wait = firstWait
		}
		r.feed.Stand(belwacht.FeedLost, lost(err))
		if ingest.Wait(ctx, wait+rand.N(wait/4)) != nil {
			return ctx.Err()
		}
	}
}

// takerError is an error of whoever takes the rows: it ends Run.
type takerError struct{ err error }

func (e *takerError) Error() string { return e.err.Error() }

// lost says why a database is.
func lost(err error) string {
	if err == nil {
		return "the connection ended"
	}
	return err.Error()
}

// session reads for as long as a connection lasts.
func (r *Reader) session(ctx context.Context) error {
	db, conn, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	defer conn.Close()
	t, err := r.describe(ctx, conn)
	if err != nil {
		return err
	}
	s := &session{r: r, conn: conn, table: t, fields: newFields(t), limit: queryLimit}
	if !t.indexed {
		s.limit = scanLimit
		if err := s.relax(ctx); err != nil {
			return r.explain(err)
		}
	}
	if err := s.setClock(ctx); err != nil {
		return r.explain(err)
	}
	if !r.live {
		r.feed.Stand(belwacht.FeedHistory, "")
		if err := s.past(ctx); err != nil {
			return r.explain(err)
		}
		r.live = true
	}
	r.swept = time.Time{}
	return r.explain(s.watch(ctx))
}

// Position is how far the rows handed on have got. It is good in Options.Batch and after Run has returned, for the goroutine of Run.
func (r *Reader) Position() Position {
	return Position{history: r.history, live: r.live, seen: r.seen.clone()}
}

// Feed is how the source stands. It may be called at any time by any goroutine.
func (r *Reader) Feed() belwacht.Feed { return r.feed.Feed() }

// give hands on a row.
func (r *Reader) give(row *ingest.Row) error {
	end := row.End
	if err := r.options.Row(row); err != nil {
		return &takerError{err}
	}
	r.feed.Took(end, r.caught)
	return nil
}

// batch says that rows were handed on.
func (r *Reader) batch() error {
	if r.options.Batch == nil {
		return nil
	}
	if err := r.options.Batch(); err != nil {
		return &takerError{err}
	}
	return nil
}

// session is one connection to the table.
type session struct {
	r      *Reader
	conn   *sql.Conn
	table  *table
	fields *fields
	limit  time.Duration
	asked  time.Duration // that queries of this look took
}
