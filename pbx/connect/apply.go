package connect

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/belwacht/belwacht"
)

// leftover is what the names of files begin with that stand beside others for as long as a change takes. Asterisk includes none of that name.
const leftover = ".belwacht-connect-"

// Applied is a plan that was carried out and can still be put back.
type Applied struct {
	steps   []written
	folders []string // made, in order
	empty   []string // to be removed when all is kept, where nothing is in them
	lock    *os.File
	// fail, where it is set, is asked before each operation on the disk: for tests of a disk that fails.
	fail func(operation string) error
}

// written is one change with the files that stand beside it.
type written struct {
	*change
	fresh, old string // "" where there is none
	done       bool
}

// Apply carries the plan out, all of it or nothing. It writes every new file beside its place first, so that a full disk is noticed while nothing has
// changed yet, and then only renames. Its errors have code Config or Invalid and name the file. One of [Applied.Keep] and [Applied.Back] must follow.
func (p *Plan) Apply() (*Applied, error) { return p.apply(nil) }

func (p *Plan) apply(fail func(string) error) (*Applied, error) {
	a := &Applied{fail: fail, empty: p.empty}
	err := a.lockFolder(p.folder)
	if err == nil {
		err = a.run(p)
	}
	if err != nil {
		return nil, errors.Join(err, a.Back())
	}
	return a, nil
}

// lockFolder keeps a second connect out.
func (a *Applied) lockFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "%s: cannot be opened: %w", dir, belwacht.Reason(err))
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return belwacht.Errorf(belwacht.Invalid, "%s: another belwacht connect is at work here; wait until it is done", dir)
	}
	a.lock = f
	return nil
}

// run makes folders, writes beside, looks once more, and renames.
func (a *Applied) run(p *Plan) error {
	for _, s := range p.stale {
		_ = os.Remove(s)
	}
	for _, d := range p.folders {
		if err := a.makeFolder(d); err != nil {
			return err
		}
	}
	for _, c := range p.changes {
		if c.needed() {
			a.steps = append(a.steps, written{change: c})
		}
	}
	for i := range a.steps {
		if err := a.write(&a.steps[i]); err != nil {
			return err
		}
	}
	for i := range a.steps {
		if err := a.steps[i].unchanged(); err != nil {
			return err
		}
	}
	for i := range a.steps {
		if err := a.replace(&a.steps[i]); err != nil {
			return err
		}
	}
	return a.sync()
}

// try does one operation on the disk.
func (a *Applied) try(operation, path string, do func() error) error {
	err := error(nil)
	if a.fail != nil {
		err = a.fail(operation)
	}
	if err == nil {
		err = do()
	}
	if err != nil {
		return belwacht.Errorf(belwacht.Config, "%s: cannot be written (%s: %w); nothing has been changed", path, operation, belwacht.Reason(err))
	}
	return nil
}

// makeFolder makes a folder with those above it, which others may pass through.
func (a *Applied) makeFolder(d folder) error {
	if _, err := os.Stat(d.path); err == nil {
		return nil
	}
	if parent := filepath.Dir(d.path); parent != d.path {
		if err := a.makeFolder(folder{path: parent, want: owner{0o755, -1, -1}}); err != nil {
			return err
		}
	}
	return a.try("mkdir", d.path, func() error {
		if err := os.Mkdir(d.path, 0o700); err != nil {
			return err
		}
		a.folders = append(a.folders, d.path)
		if err := os.Chown(d.path, d.want.uid, d.want.gid); err != nil {
			return err
		}
		return os.Chmod(d.path, d.want.mode)
	})
}

// write puts the new contents beside the old ones, on the disk for good.
func (a *Applied) write(w *written) error {
	if w.remove {
		return nil
	}
	path := filepath.Join(filepath.Dir(w.real), leftover+rand.Text())
	var f *os.File
	err := a.try("create", w.path, func() (err error) {
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o600)
		return err
	})
	if err != nil {
		return err
	}
	w.fresh = path
	defer f.Close()
	for _, step := range []struct {
		operation string
		do        func() error
	}{
		{"write", func() error { _, err := f.Write(w.after); return err }},
		{"chown", func() error { return f.Chown(w.want.uid, w.want.gid) }},
		{"chmod", func() error { return f.Chmod(w.want.mode) }},
		{"sync", f.Sync},
		{"close", f.Close},
	} {
		if err := a.try(step.operation, w.path, step.do); err != nil {
			return err
		}
	}
	return nil
}

// unchanged looks once more whether the file is what the plan was made from.
func (w *written) unchanged() error {
	now, err := os.ReadFile(w.real)
	if w.exists && (err != nil || !bytes.Equal(now, w.before)) || !w.exists && !errors.Is(err, os.ErrNotExist) {
		return belwacht.Errorf(belwacht.Invalid, "%s: was changed by somebody meanwhile; nothing has been changed, try again", w.path)
	}
	return nil
}

// replace puts the new file in the place of the old one, which stays beside it under another name.
func (a *Applied) replace(w *written) error {
	old := filepath.Join(filepath.Dir(w.real), leftover+rand.Text())
	if w.remove {
		return a.try("rename", w.path, func() error {
			if err := os.Rename(w.real, old); err != nil {
				return err
			}
			w.old, w.done = old, true
			return nil
		})
	}
	if w.exists {
		if err := a.try("link", w.path, func() error { return os.Link(w.real, old) }); err != nil {
			return err
		}
		w.old = old
	}
	return a.try("rename", w.path, func() error {
		if err := os.Rename(w.fresh, w.real); err != nil {
			return err
		}
		w.fresh, w.done = "", true
		return nil
	})
}

// sync makes the renames last over a power cut.
func (a *Applied) sync() error {
	var done []string
	for i := range a.steps {
		dir := filepath.Dir(a.steps[i].real)
		if slices.Contains(done, dir) {
			continue
		}
		done = append(done, dir)
		err := a.try("sync", dir, func() error {
			f, err := os.Open(dir)
			if err != nil {
				return err
			}
			defer f.Close()
			return f.Sync()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Back puts everything back as it was. It needs no room on the disk. Its error says which file could not be put back, and under which name its old
// contents are.
func (a *Applied) Back() error {
	var errs []error
	for i := len(a.steps) - 1; i >= 0; i-- {
		w := &a.steps[i]
		var err error
		switch {
		case w.done && w.old != "":
			if err = os.Rename(w.old, w.real); err == nil {
				w.old = ""
			}
		case w.done:
			err = os.Remove(w.real)
		case w.old != "":
			err = os.Remove(w.old)
		}
		if w.fresh != "" {
			_ = os.Remove(w.fresh)
		}
		if err != nil {
			errs = append(errs, belwacht.Errorf(belwacht.Internal, "%s: could not be put back: %w; its contents are in %s", w.path, belwacht.Reason(err), w.old))
		}
	}
	for _, d := range slices.Backward(a.folders) {
		_ = os.Remove(d) // not, where somebody put something in it
	}
	a.unlock()
	return errors.Join(errs...)
}

// Keep takes away what Back would need.
func (a *Applied) Keep() {
	for i := range a.steps {
		if w := &a.steps[i]; w.old != "" {
			_ = os.Remove(w.old)
		}
	}
	for _, d := range a.empty {
		_ = os.Remove(d)
	}
	a.unlock()
}

func (a *Applied) unlock() {
	if a.lock != nil {
		_ = a.lock.Close() // and with it the lock
		a.lock = nil
	}
}
