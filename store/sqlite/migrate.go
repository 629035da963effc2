package sqlite

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"github.com/belwacht/belwacht"
)

// migrate brings the tables up to date. Before anything is changed in a file that holds something, a copy is put beside it.
func (s *Store) migrate(ctx context.Context, steps fs.FS) error {
	dir, err := fs.Sub(steps, "migrations")
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.db, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return s.damaged(err)
	}
	switch {
	case have > want:
		return belwacht.Errorf(belwacht.Config, "%s was written by a newer Belwacht (tables %d, this one knows %d); install that one again, or put back a copy",
			s.path, have, want)
	case have == want:
		return nil
	case have > 0:
		before := fmt.Sprintf("%s.before-%05d", s.path, want)
		if err := s.copy(ctx, before, true); err != nil {
			return belwacht.Errorf(belwacht.Config, "the tables are old and nothing was changed, as no copy could be made before: %w", err)
		}
		s.log.InfoContext(ctx, "the database was copied before its tables are changed", "copy", before, "from", have, "to", want)
	}
	if _, err := p.Up(ctx); err != nil {
		return belwacht.Errorf(belwacht.Config, "the tables of %s could not be brought from version %d to %d and are as before: %w", s.path, have, want, err)
	}
	return nil
}
