package edit

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/belwacht/belwacht"
)

// versionsMost is how many former files are kept.
const versionsMost = 30

// Folder within that of the data.
const folder = "configurations"

// Version is a change that was made, with the file as it was before.
type Version struct {
	ID      string           `json:"id"`
	Time    belwacht.Instant `json:"time"`
	Who     string           `json:"who"`
	What    []What           `json:"what"`
	Before  string           `json:"before"` // sum of the file before; "" = there was none
	After   string           `json:"after"`
	Undid   string           `json:"undid,omitempty"` // the version that it went back to
	Data    string           `json:"data"`            // the file before
	Missing bool             `json:"missing,omitempty"`
}

// keep writes down what is there before it is changed. Where no folder is named nothing is.
func (f *File) keep(p *Plan, who string) (*Version, error) {
	if f.Folder == "" {
		return nil, nil //nolint:nilnil // none is kept
	}
	number := 1 // not the time: clocks stand still and go back
	if list, err := f.versions(); err == nil && len(list) > 0 {
		if _, err := fmt.Sscanf(list[0].ID, "%d", &number); err == nil {
			number++
		}
	}
	v := &Version{ID: fmt.Sprintf("%08d-%s", number, strings.ToLower(rand.Text()[:6])), Time: belwacht.InstantOf(f.clock()), Who: who, What: p.What, Before: p.Before.Sum,
		After: p.After.Sum, Undid: p.Undoes, Data: string(p.Before.Data), Missing: p.Before.Missing}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(f.Folder, folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: the former file cannot be kept, so nothing was changed: %w", dir, belwacht.Reason(err))
	}
	t, err := os.CreateTemp(dir, ".new-*")
	if err == nil {
		_, err = t.Write(b)
		err = errors.Join(err, t.Sync(), t.Close())
		if err == nil {
			err = os.Rename(t.Name(), filepath.Join(dir, v.ID+".json"))
		}
		if err != nil {
			_ = os.Remove(t.Name())
		}
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: the former file cannot be kept, so nothing was changed: %w", dir, belwacht.Reason(err))
	}
	if list, err := f.versions(); err == nil {
		for _, old := range list[min(len(list), versionsMost):] {
			_ = os.Remove(filepath.Join(dir, old.ID+".json"))
		}
	}
	return v, nil
}

// drop forgets a change that was not made.
func (f *File) drop(v *Version) {
	if v != nil {
		_ = os.Remove(filepath.Join(f.Folder, folder, v.ID+".json"))
	}
}

// versions are those that are kept, newest first.
func (f *File) versions() ([]Version, error) {
	if f.Folder == "" {
		return nil, nil
	}
	dir := filepath.Join(f.Folder, folder)
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be read: %w", dir, belwacht.Reason(err))
	}
	var list []Version
	for _, e := range files {
		id, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		var v Version
		if err != nil || json.Unmarshal(b, &v) != nil || v.ID != id {
			continue // somebody else's, or cut off: it is not offered
		}
		list = append(list, v)
	}
	return f.sorted(list), nil
}

// History are the changes that were made, newest first.
func (f *File) History() ([]Version, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.versions()
}

// after is the file that a version led to: what the next one began with.
func (f *File) after(list []Version, v Version) ([]byte, error) {
	for _, next := range list {
		if next.Before == v.After {
			return []byte(next.Data), nil
		}
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "it is not kept")
}

// Undo plans to put back the file that was there before a change. It is the last one that can be undone, and only while the file is as that change left it.
func (f *File) Undo(id string) (*Plan, error) {
	list, err := f.History()
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID != id {
			continue
		}
		before, err := f.Look()
		switch {
		case err != nil:
			return nil, err
		case before.Sum != list[i].After:
			return nil, &Changed{Path: f.Path, Lines: f.since(list[i].After, before)}
		}
		p, err := f.planned(before, []byte(list[i].Data))
		if err != nil {
			return nil, err
		}
		p.Undoes = id
		return p, nil
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "there is no such change")
}
