package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"github.com/belwacht/belwacht/store/sqlite/query"
)

type noteRow struct {
	name  string
	value []byte
}

// Noted is what was noted under a name; nil where nothing was.
func (s *Store) Noted(ctx context.Context, name string) ([]byte, error) {
	b, err := s.read.Mark(ctx, name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, s.unread(err)
	}
	return b, nil
}

// Note keeps a note under a name, in place of one. It is durable, as PutAlert is.
func (s *Store) Note(ctx context.Context, name string, value []byte) error {
	return s.queue.PutDurable(ctx, &noteRow{name, bytes.Clone(value)})
}

func (r *noteRow) write(ctx context.Context, w *writing) error {
	return w.PutMark(ctx, query.PutMarkParams{Name: r.name, Value: r.value})
}
