package ledger

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/belwacht/belwacht"
)

// Config is what a Log needs.
type Config struct {
	Store belwacht.EntryStore
	Keys  *Keys
	Now   func() time.Time // nil = the clock
	Log   *slog.Logger     // nil = nothing is logged
}

// ByCommand is how an entry says that it is of a command on the machine, which wrote it beside a Belwacht that may run.
const ByCommand = "command line"

// Log takes entries and signs heads. Its methods may be called from many goroutines.
type Log struct{ c Config }

// New makes a Log.
func New(c Config) *Log {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Log{c}
}

// Record adds an entry and returns once it is on disk; time, key, sum and position are set. An error of code Unreachable says that the disk does not answer:
// the entry is written as soon as it does, and nothing may be called recorded until then.
func (l *Log) Record(ctx context.Context, e *belwacht.Entry) error {
	if e.Act == "" {
		return belwacht.Errorf(belwacht.Invalid, "an entry of the audit log says what was done")
	}
	e.Time = belwacht.InstantOf(l.c.Now())
	Seal(e)
	return l.c.Store.AddEntry(ctx, e)
}

// Public is the text that heads are checked with.
func (l *Log) Public() string { return l.c.Keys.Public }

// Head signs the tree as it is, and keeps the head. It is said in the log of the program too, which often leaves the machine by itself.
func (l *Log) Head(ctx context.Context) (*belwacht.Head, error) {
	size, err := l.c.Store.TreeSize(ctx)
	if err != nil {
		return nil, err
	}
	root, err := rootOf(ctx, l.c.Store, size)
	if err != nil {
		return nil, err
	}
	h, err := l.c.Keys.sign(size, root, belwacht.InstantOf(l.c.Now()))
	if err != nil {
		return nil, err
	}
	if err := l.c.Store.AddHead(ctx, h); err != nil {
		return nil, err
	}
	l.c.Log.InfoContext(ctx, "the audit log's head is signed", "event", "audit.head", "entries", h.Size, "note", h.Note)
	return h, nil
}

// rootOf is the root of the tree's first so many leaves, by the hashes that are stored.
func rootOf(ctx context.Context, s belwacht.EntryStore, size uint64) (tlog.Hash, error) {
	if size == 0 {
		return (&tree{}).root(), nil
	}
	return tlog.TreeHash(int64(size), tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found, err := s.TreeHashes(ctx, indexes)
		if err != nil {
			return nil, err
		}
		list := make([]tlog.Hash, len(found))
		for i := range found {
			list[i] = found[i]
		}
		return list, nil
	}))
}

// Verify checks the whole log against its own heads and those that were kept elsewhere, as text.
func (l *Log) Verify(ctx context.Context, heads []string) (*Report, error) {
	return Verify(ctx, l.c.Store, l.c.Keys.Verifier, heads)
}
