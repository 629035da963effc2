package replay

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/store/file"
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
func (r *Replay) keep(e *detect.Engine) error {
	if r.State == "" {
		return nil
	}
	var b bytes.Buffer
	if err := e.Snapshot(&b); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the state file %s: %w", r.State, err)
	}
	if err := file.Write(r.State, b.Bytes()); err != nil {
		return belwacht.Errorf(belwacht.Invalid, "the state file %w", err)
	}
	return nil
}
