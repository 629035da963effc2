package file

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store"
)

// Mind is what has a memory: the engine. Restore leaves it empty where it fails.
type Mind interface {
	Snapshot(w io.Writer) error
	Restore(r io.Reader) error
}

// memoriesKept is how many snapshots of the memory are kept: the newest, and the one before for when that is broken.
const memoriesKept = 2

// Memory keeps an engine's memory in a folder, a snapshot every few minutes, the newest two. It is safe for concurrent use.
type Memory struct {
	Dir  string // where it is kept
	mu   sync.Mutex
	last time.Time // of the last snapshot, zero = none
	name int64     // of the newest, in milliseconds: names only grow, the clock may be set back
	took time.Duration
	size int64
	err  error
}

// Folder opens the data folder, which it makes where there is none, and locks it against a second process until the returned function is called. Nobody but
// its owner may look into it: a wider mode is narrowed to 0700.
func Folder(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "the data folder %s cannot be made: %w; make it, or name another by data: or --data", dir, belwacht.Reason(err))
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return nil, belwacht.Errorf(belwacht.Config, "the data folder %s is no folder; name another by data: or --data", dir)
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(dir, 0o700); err != nil {
			return nil, belwacht.Errorf(belwacht.Config, "others can look into the data folder %s; run: chmod 0700 %s", dir, dir)
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "nothing can be written in the data folder %s: %w; its owner must be the one that Belwacht runs as", dir, belwacht.Reason(err))
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, belwacht.Errorf(belwacht.Invalid, "another Belwacht runs with the data folder %s; stop it first, or name another folder by --data", dir)
	}
	return func() { f.Close() }, nil
}

// NewMemory is the memory in a folder.
func NewMemory(dir string) *Memory { return &Memory{Dir: dir} }

// files are the snapshots, newest first.
func (m *Memory) files() ([]string, error) {
	list, err := os.ReadDir(m.Dir)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "the data folder %s cannot be read: %w", m.Dir, belwacht.Reason(err))
	}
	var names []string
	for _, e := range list {
		if _, ok := written(e.Name()); ok {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		x, _ := written(a)
		y, _ := written(b)
		return int(min(max(y-x, -1), 1))
	})
	return names, nil
}

// written is when a snapshot was written, by its name memory-MILLISECONDS; ok is false of other files.
func written(name string) (belwacht.Instant, bool) {
	ms, ok := strings.CutPrefix(name, "memory-")
	n, err := strconv.ParseInt(ms, 10, 64)
	return belwacht.Instant(n), ok && err == nil && n > 0
}

// Load restores an engine from the newest snapshot that is good, and says when that was written; zero where there is none. What was wrong with newer ones
// comes as notes.
func (m *Memory) Load(e Mind) (at belwacht.Instant, notes []string, err error) {
	names, err := m.files()
	if err != nil {
		return 0, nil, err
	}
	if len(names) > 0 {
		newest, _ := written(names[0])
		m.mu.Lock()
		m.name = int64(newest)
		m.mu.Unlock()
	}
	for _, name := range names {
		if err := m.load(e, filepath.Join(m.Dir, name)); err != nil {
			notes = append(notes, "the memory "+name+" is not taken: "+err.Error()+"; an older one is tried, and the limits hold meanwhile")
			continue
		}
		at, _ = written(name)
		m.mu.Lock()
		m.last = at.Time()
		m.mu.Unlock()
		return at, notes, nil
	}
	return 0, notes, nil
}

func (m *Memory) load(e Mind, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return belwacht.Reason(err)
	}
	defer f.Close()
	return e.Restore(f)
}

// Save writes a snapshot: whole or not at all, on disk when it returns, and the older ones away but one. Events wait for the copy in memory only, never
// for the disk.
func (m *Memory) Save(e Mind, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	begin := time.Now()
	var b bytes.Buffer
	err := e.Snapshot(&b)
	if err == nil {
		err = m.write(b.Bytes(), now)
	}
	if m.err = err; err != nil {
		return err
	}
	m.last, m.took, m.size = now, time.Since(begin), int64(b.Len())
	return nil
}

func (m *Memory) write(b []byte, now time.Time) error {
	at := max(now.UnixMilli(), m.name+1)
	if err := replace(filepath.Join(m.Dir, "memory-"+strconv.FormatInt(at, 10)), b); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the memory cannot be written into %s: %w; is the disk full?", m.Dir, belwacht.Reason(err))
	}
	m.name = at
	names, err := m.files()
	if err != nil {
		return err
	}
	for _, old := range names[min(memoriesKept, len(names)):] {
		if err := os.Remove(filepath.Join(m.Dir, old)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return belwacht.Errorf(belwacht.Invalid, "an old memory cannot be removed from %s: %w", m.Dir, belwacht.Reason(err))
		}
	}
	return nil
}

// State is when the last snapshot was written, how long that took and how large it is, and why the last try failed.
func (m *Memory) State() (last time.Time, took time.Duration, size int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last, m.took, m.size, m.err
}

// Write writes a file in place of another: whole or not at all, on disk when it returns, for its owner's eyes only. The error says which file, and why.
func Write(name string, b []byte) error {
	if err := replace(name, b); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "%s cannot be written: %w; is the disk full?", name, belwacht.Reason(err))
	}
	return nil
}

// replace writes a file in place of another: whole or not at all, on disk when it returns, for its owner's eyes only.
func replace(name string, b []byte) (err error) {
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, ".new-*") // made with 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(b); err != nil {
		return err
	}
	for _, step := range []func() error{f.Sync, f.Close, func() error { return os.Rename(f.Name(), name) }} {
		if err = step(); err != nil {
			return err
		}
	}
	return store.SyncFolder(dir)
}
