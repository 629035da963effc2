package replay

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// restore takes the engine's memory from the state file. A file that is not there yet is an empty memory.
func (r *Replay) restore(e *detect.Engine) error {
	if r.State == "" {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(r.State)); err != nil { // else hours later
		return belwacht.Errorf(belwacht.Invalid, "the state file %s cannot be written: %w", r.State, belwacht.Reason(err))
	}
	f, err := os.Open(r.State)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the state file %s cannot be read: %w", r.State, belwacht.Reason(err))
	}
	defer f.Close()
	if err := e.Restore(f); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the state file %s: %w; name another file, or remove it to begin with an empty memory", r.State, err)
	}
	return nil
}

// since are the alerts that came, or grew, since the memory was taken up: those of earlier replays were told then.
func since(now, told []belwacht.Alert) []belwacht.Alert {
	type key struct{ tenant, id string }
	counts := make(map[key]int, len(told))
	for i := range told {
		counts[key{told[i].Tenant, told[i].ID}] = told[i].Count
	}
	var fresh []belwacht.Alert
	for i := range now {
		if now[i].Count != counts[key{now[i].Tenant, now[i].ID}] {
			fresh = append(fresh, now[i])
		}
	}
	return fresh
}

// keep writes the engine's memory into the state file: whole or not at all, for its owner's eyes only.
func (r *Replay) keep(e *detect.Engine) (err error) {
	if r.State == "" {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(r.State), "."+filepath.Base(r.State)+".*") // made with 0600
	if err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the state file %s cannot be written: %w", r.State, belwacht.Reason(err))
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err = e.Snapshot(f); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the state file %s: %w", r.State, err)
	}
	for _, step := range []func() error{f.Sync, f.Close, func() error { return os.Rename(f.Name(), r.State) }} {
		if err = step(); err != nil {
			return belwacht.Errorf(belwacht.Invalid, "the state file %s cannot be written: %w", r.State, belwacht.Reason(err))
		}
	}
	return nil
}
