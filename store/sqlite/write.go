package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// Bounds of what strangers and people write, in bytes; what is longer is cut.
const (
	longest     = 1024      // a field of an event, call or log-in
	longestNote = 4096      // a person's words
	longestBody = 256 << 10 // the JSON of a decision or alert; what is longer is refused
)

// row is one thing to be written. Its error is its own fault, or the disk's: trouble tells them apart.
type row interface {
	write(ctx context.Context, w *writing) error
}

// writing is a batch as it is written: the queries of its transaction, and what its rows add up to, which is written after them.
type writing struct {
	*query.Queries
	store *Store
	sums  sums
}

// writeBatch writes a batch in one transaction.
func (s *Store) writeBatch(ctx context.Context, batch []*store.Entry[row]) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.sentence(err)
	}
	w := &writing{Queries: s.write.WithTx(tx), store: s}
	for _, e := range batch {
		if e.Err = e.Value.write(ctx, w); e.Err != nil && trouble(e.Err) {
			return s.sentence(errors.Join(e.Err, rollback(tx)))
		}
	}
	if err := w.sums.write(ctx, w.Queries); err != nil {
		return s.sentence(errors.Join(err, rollback(tx)))
	}
	if err := tx.Commit(); err != nil {
		return s.sentence(errors.Join(err, rollback(tx)))
	}
	s.measure()
	return nil
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// trouble says whether an error is the disk's or the file's: nothing can be written now, and the same rows may be written later.
func trouble(err error) bool {
	var own *belwacht.Error
	if errors.As(err, &own) {
		return false
	}
	var e *driver.Error
	if !errors.As(err, &e) {
		return true // of the connection
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_CONSTRAINT, lib.SQLITE_MISMATCH, lib.SQLITE_TOOBIG, lib.SQLITE_RANGE, lib.SQLITE_MISUSE, lib.SQLITE_ERROR:
		return false
	}
	return true
}

// sentence says what is wrong with the disk and what to do.
func (s *Store) sentence(err error) error {
	var e *driver.Error
	code := 0
	if errors.As(err, &e) {
		code = e.Code() & 0xff
	}
	switch code {
	case lib.SQLITE_FULL:
		return belwacht.Errorf(belwacht.Unreachable, "the disk of %s is full; make room, writing goes on by itself: %w", s.path, err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return belwacht.Errorf(belwacht.Unreachable, "another program holds %s; end it, writing goes on by itself: %w", s.path, err)
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return belwacht.Errorf(belwacht.Unreachable, "%s is damaged; stop Belwacht and put a backup in its place: %w", s.path, err)
	}
	return belwacht.Errorf(belwacht.Unreachable, "%s cannot be written; look at the disk and the file's owner, writing goes on by itself: %w", s.path, err)
}

// cut bounds a stranger's string. It is copied, so that nothing longer is held for it.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.Clone(s[:most])
}
