package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// beside is the store in a folder, which another process may have open and write to. Nothing is made and no table is changed: one that this Belwacht would
// change first is an error of code Config.
func beside(folder string) (*Store, error) {
	path, err := filepath.Abs(filepath.Join(folder, File))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "data folder: %w", err)
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, belwacht.Errorf(belwacht.NotFound, "there is no %s in %s; name the data folder by --data, or the configuration by --config", File, filepath.Dir(path))
	}
	return &Store{path: path, scan: scanMost}, nil
}

// OpenBeside opens the store of a folder beside a Belwacht that may run, for one command. The folder must hold one whose tables are this Belwacht's.
func OpenBeside(ctx context.Context, c Config) (*Store, error) {
	s, err := beside(c.Folder)
	if err != nil {
		return nil, err
	}
	c.Keep.Names, s.zone = 0, c.Zone // no pseudonyms are made here
	if err := s.Retain(c.Keep); err != nil {
		return nil, err
	}
	have, want, err := versions(ctx, s.path)
	if err == nil && have != want {
		err = belwacht.Errorf(belwacht.Config, "%s has tables of version %d, and this Belwacht knows %d; start it once, or use the one that runs", s.path, have, want)
	}
	if err == nil {
		err = s.attach(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.shut())
	}
	s.queue = store.NewQueue(store.Config[row]{Write: s.writeBatch, Most: c.Most, Batch: batch, Within: c.Within})
	return s, nil
}

// BackupBeside writes a copy of the store in a folder to a new file, whether or not a Belwacht runs there, and reads all of the copy. It replaces no file.
func BackupBeside(ctx context.Context, folder, to string) error {
	s, err := beside(folder)
	if err != nil {
		return err
	}
	if err := s.Backup(ctx, to); err != nil {
		return err
	}
	if err := sound(ctx, to); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// versions are the tables' version of a file and the newest that this Belwacht knows; 0 where the file has none of ours.
func versions(ctx context.Context, path string) (have, want int64, err error) {
	names, err := fs.Glob(query.Migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, 0, belwacht.Errorf(belwacht.Internal, "migrations: %v", err)
	}
	if want, err = goose.NumericComponent(names[len(names)-1]); err != nil { // Glob sorts
		return 0, 0, belwacht.Errorf(belwacht.Internal, "migrations: %w", err)
	}
	db, err := open(path, 1, "query_only(1)")
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&have)
	if err != nil {
		return 0, 0, belwacht.Errorf(belwacht.Invalid, "%s is no store of Belwacht: %w", path, err)
	}
	return have, want, nil
}

// sound reads all of a file and says what is damaged.
func sound(ctx context.Context, path string) error {
	s := &Store{path: path}
	var err error
	if s.pool, err = open(path, 1, "query_only(1)"); err != nil {
		return err
	}
	return errors.Join(s.Check(ctx), s.shut())
}

// Restored says what a restore did.
type Restored struct {
	Aside   string // where the former store is now; "" = there was none
	Version int64  // of the tables of what was put back
	Older   bool   // they are brought up to date at the next start
}

// Restore puts a copy in the place of the store of a folder, in which no Belwacht may run: the caller holds the folder's lock. The copy is read to its end
// first; one that is damaged, none of ours, or of a newer Belwacht is refused, and nothing is changed then. The former store is kept beside.
func Restore(ctx context.Context, folder, from string, now time.Time) (*Restored, error) {
	path, err := filepath.Abs(filepath.Join(folder, File))
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "data folder: %w", err)
	}
	tmp := path + ".restoring"
	defer os.Remove(tmp)
	if err := store.CopyFile(from, tmp, filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := sound(ctx, tmp); err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s is not put back: %w", from, err)
	}
	have, want, err := versions(ctx, tmp)
	switch {
	case err != nil:
		return nil, err
	case have > want:
		return nil, belwacht.Errorf(belwacht.Config, "%s was written by a newer Belwacht (tables %d, this one knows %d); install that one again", from, have, want)
	}
	if err := onward(ctx, path, tmp); err != nil {
		return nil, err
	}
	r := &Restored{Version: have, Older: have < want}
	if r.Aside, err = putAside(path, now); err != nil {
		return nil, err
	}
	if err := os.Rename(tmp, path); err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "the copy cannot be put in its place: %w", belwacht.Reason(err))
	}
	return r, store.SyncFolder(filepath.Dir(path))
}

// onward sees to it that positions of events go on from where the former store was: a snapshot of the memory names one of them, and none is given twice.
func onward(ctx context.Context, former, next string) error {
	var last int64
	if db, err := open(former, 1, "query_only(1)"); err == nil && exists(former) {
		_ = db.QueryRowContext(ctx, lastPosition).Scan(&last) // where it cannot be read there is nothing to go on from
		db.Close()
	}
	db, err := open(next, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	var have int64
	if err := db.QueryRowContext(ctx, lastPosition).Scan(&have); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the copy cannot be read: %w", err)
	}
	if have >= last {
		return nil
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the copy cannot be written: %w", err)
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM sqlite_sequence WHERE name = 'events'")
	if err == nil {
		_, err = tx.ExecContext(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)", last)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the copy cannot be written: %w", errors.Join(err, rollback(tx)))
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// putAside gives a store another name, with what was written to it last.
func putAside(path string, now time.Time) (string, error) {
	if !exists(path) {
		return "", nil
	}
	if db, err := open(path, 1); err == nil { // what stands in the file beside it goes into it, if it can be read at all
		var ignored sql.NullInt64
		_ = db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&ignored, &ignored, &ignored)
		db.Close()
	}
	aside := fmt.Sprintf("%s.before-restore-%s", path, now.UTC().Format("20060102T150405Z"))
	for _, end := range []string{"-wal", "-shm", ""} {
		if !exists(path + end) {
			continue
		}
		if err := os.Rename(path+end, aside+end); err != nil {
			return "", belwacht.Errorf(belwacht.Invalid, "the former store cannot be put aside: %w", belwacht.Reason(err))
		}
	}
	return aside, nil
}
