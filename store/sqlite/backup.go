package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store"
)

// Backup implements store.Upkeep. The copy holds what was on disk when it began; it is written beside its place and put there whole.
func (s *Store) Backup(ctx context.Context, path string) error { return s.copy(ctx, path, false) }

// copy writes a copy of the file. VACUUM INTO reads one moment of it, writes it without gaps, and holds no writer up; it needs a connection of its own,
// since the readers' are bound to read only.
func (s *Store) copy(ctx context.Context, path string, replace bool) error {
	if _, err := os.Lstat(path); !replace && !errors.Is(err, fs.ErrNotExist) {
		return belwacht.Errorf(belwacht.Invalid, "%s is there already; a backup replaces nothing, name another file", path)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // 0600; SQLite writes into an empty file
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the copy cannot be made: %w", err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	db, err := open(s.path, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", tmp.Name()); err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "the copy could not be written: %w; make room or name another place", err)
	}
	if err := tmp.Sync(); err != nil {
		return belwacht.Errorf(belwacht.Unreachable, "the copy could not be written: %w; make room or name another place", err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the copy cannot be put in its place: %w", err)
	}
	return store.SyncFolder(filepath.Dir(path))
}

// Check implements store.Upkeep: SQLite's own integrity check, which reads every page and compares every index with its table.
func (s *Store) Check(ctx context.Context) error {
	rows, err := s.pool.QueryContext(ctx, "PRAGMA integrity_check(10)")
	if err != nil {
		return s.damaged(err)
	}
	defer rows.Close()
	var faults []string
	for rows.Next() {
		var fault string
		if err := rows.Scan(&fault); err != nil {
			return s.damaged(err)
		}
		if fault != "ok" {
			faults = append(faults, fault)
		}
	}
	if err := rows.Err(); err != nil {
		return s.damaged(err)
	}
	if len(faults) > 0 {
		return belwacht.Errorf(belwacht.Invalid, "%s is damaged (%s); put a backup in its place", s.path, strings.Join(faults, "; "))
	}
	return nil
}
