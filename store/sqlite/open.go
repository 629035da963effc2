package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store"
	"github.com/belwacht/belwacht/store/sqlite/query"
)

// File is the name of the database within the data folder.
const File = "belwacht.db"

// batch is how many rows are one transaction at most: some tenths of a second of writing, which is the longest that a lock waits behind others.
const batch = 4000

// readers is how many queries may run at once beside the writer.
const readers = 4

// Config says where the file is and how much is kept.
type Config struct {
	Folder string           // of the data; made (0700) where it is missing
	Keep   belwacht.KeptFor // for how long; zero = 183 days
	Most   int              // rows that wait to be written at most; 0 = 65,536. A row takes up to about 3 KB of memory
	Within time.Duration    // what is durable answers; 0 = 1 s
	Log    *slog.Logger     // of migrations and backups; nil = nothing is logged
	// Zone is where a tenant's days begin and end, for sums; nil, or nil of it = UTC.
	Zone func(tenant string) *time.Location
}

// Store implements store.Store over one SQLite file. Its methods may be called from many goroutines.
type Store struct {
	path  string
	keep  atomic.Pointer[belwacht.KeptFor]
	zone  func(tenant string) *time.Location
	scan  int64                       // calls that one page looks at
	namer atomic.Pointer[store.Namer] // nil: no pseudonyms were ever made
	log   *slog.Logger
	queue *store.Queue[row]
	bytes atomic.Int64 // of the file, as it was last looked at

	db    *sql.DB // the one writer
	write *query.Queries
	pool  *sql.DB // the readers
	read  *query.Queries

	mu       sync.Mutex // keeps positions and the queue in one order
	position uint64     // given last
}

// Open opens the database in a folder, makes what is missing, and brings its tables up to date. A folder that others may write to, a file that is damaged or
// was written by a newer Belwacht, and a time shorter than may be are errors of code Config.
func Open(ctx context.Context, c Config) (*Store, error) {
	path, err := prepare(c.Folder)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, zone: c.Zone, scan: scanMost, log: c.Log}
	if err := s.Retain(c.Keep); err != nil {
		return nil, err
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.connect(ctx); err != nil {
		return nil, errors.Join(err, s.shut())
	}
	s.measure()
	s.queue = store.NewQueue(store.Config[row]{Write: s.writeBatch, Most: c.Most, Batch: batch, Within: c.Within})
	return s, nil
}

// prepare makes the folder and an empty file with the right modes, and returns the file's absolute path.
func prepare(folder string) (string, error) {
	if folder == "" {
		return "", belwacht.Errorf(belwacht.Config, "no data folder is given; set data: /var/lib/belwacht, or --data")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Config, "data folder: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", belwacht.Errorf(belwacht.Config, "the data folder cannot be made: %w", err)
	}
	info, err := os.Stat(folder)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Config, "data folder: %w", err)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return "", belwacht.Errorf(belwacht.Config, "others may write to the data folder %s; chmod 700 it", folder)
	}
	path := filepath.Join(folder, File)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", belwacht.Errorf(belwacht.Config, "the database cannot be opened: %w; give the folder to the user that Belwacht runs as", err)
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil && !errors.Is(err, fs.ErrPermission) {
		return "", belwacht.Errorf(belwacht.Config, "the database's mode cannot be set to 600: %w", err)
	}
	return path, nil
}

// lastPosition is the position that was given last.
const lastPosition = "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0), coalesce((SELECT max(id) FROM logins), 0))"

// connect opens the writer, migrates, opens the readers and reads the last position.
func (s *Store) connect(ctx context.Context) error {
	var err error
	// auto_vacuum comes first: it cannot be turned on once there is a page.
	if s.db, err = open(s.path, 1, "auto_vacuum(incremental)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(fast)", "cache_size(-16384)",
		"wal_autocheckpoint(4000)"); err != nil {
		return err
	}
	if err := s.migrate(ctx, query.Migrations); err != nil {
		return err
	}
	return s.ready(ctx)
}

// attach is connect for a file that is there and has the tables it should have.
func (s *Store) attach(ctx context.Context) (err error) {
	if s.db, err = open(s.path, 1, "synchronous(FULL)", "secure_delete(fast)"); err != nil {
		return err
	}
	return s.ready(ctx)
}

// ready prepares the queries, opens the readers and reads the last position.
func (s *Store) ready(ctx context.Context) (err error) {
	if s.write, err = query.Prepare(ctx, s.db); err != nil {
		return s.damaged(err)
	}
	if s.pool, err = open(s.path, readers, "query_only(1)", "cache_size(-8192)"); err != nil {
		return err
	}
	if s.read, err = query.Prepare(ctx, s.pool); err != nil {
		return s.damaged(err)
	}
	// A log-in at Belwacht itself has a position that no event has.
	err = s.db.QueryRowContext(ctx, lastPosition).Scan(&s.position)
	if err != nil {
		return s.damaged(err)
	}
	return nil
}

// open opens a pool of at most so many connections, each with the same pragmas.
func open(path string, most int, pragmas ...string) (*sql.DB, error) {
	v := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	path, err := filepath.Abs(path) // of a relative one the first folder would be taken for a host
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "data folder: %w", err)
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: v.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the database driver: %w", err)
	}
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db, nil
}

// measure looks at the size of the file, with what was written last and stands beside it.
func (s *Store) measure() {
	var bytes int64
	for _, name := range []string{s.path, s.path + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			bytes += info.Size()
		}
	}
	s.bytes.Store(bytes)
}

// damaged is the sentence for a file that cannot be read as ours.
func (s *Store) damaged(err error) error {
	return belwacht.Errorf(belwacht.Config, "%s cannot be read: %w; put a backup in its place, or move it away to begin anew", s.path, err)
}

// State implements store.Keeper.
func (s *Store) State() belwacht.StoreState {
	st := s.queue.State()
	st.Bytes = s.bytes.Load()
	return st
}

// KeptFor says for how long what is kept.
func (s *Store) KeptFor() belwacht.KeptFor { return *s.keep.Load() }

// Retain says anew for how long what is kept; it holds from the next time that old data are let go. A time shorter than may be is an error of code Config.
func (s *Store) Retain(k belwacht.KeptFor) error {
	keep, err := k.Filled()
	if err != nil {
		return err
	}
	if keep.Names != 0 && s.namer.Load() == nil {
		n, err := store.NewNamer(filepath.Dir(s.path))
		if err != nil {
			return err
		}
		s.namer.Store(n)
	}
	s.keep.Store(&keep)
	return nil
}

// Sync implements store.Keeper.
func (s *Store) Sync(ctx context.Context) error { return s.queue.Sync(ctx) }

// Close implements store.Keeper.
func (s *Store) Close(ctx context.Context) error {
	return errors.Join(s.queue.Close(ctx), s.shut())
}

// shut closes what is open.
func (s *Store) shut() error {
	var errs []error
	for _, q := range []*query.Queries{s.read, s.write} {
		if q != nil {
			errs = append(errs, q.Close())
		}
	}
	for _, db := range []*sql.DB{s.pool, s.db} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return belwacht.Errorf(belwacht.Internal, "closing the database: %w", err)
	}
	return nil
}
