package connect

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/asterisk"
)

// Bounds on a configuration: a PBX of 5,000 extensions has 30 MB of generated dial plan.
const (
	maxOwners = 4 << 20   // bytes of a file that is changed
	maxRead   = 128 << 20 // bytes of all that is read for one purpose
	maxFiles  = 2000
	maxDepth  = 16 // of includes in includes
)

// place is a line of a tree of files.
type place struct {
	file string // as a person finds it: with its folder
	asterisk.ConfLine
}

// tree is a configuration file with all that it includes, in the order in which Asterisk reads it.
type tree struct {
	etc   string
	lines []place
	read  []string // the files, by their full names
	bytes int64
	// missing are files that are included and not there or not readable; a #tryinclude passes over them.
	missing []place
}

// readTree reads a file of etc with what it includes.
func readTree(etc, name string) (*tree, error) {
	t := &tree{etc: etc}
	path := filepath.Join(etc, name)
	return t, t.file(path, 0)
}

// file reads one file and those that it includes.
func (t *tree) file(path string, depth int) error {
	if depth > maxDepth || len(t.read) >= maxFiles {
		return belwacht.Errorf(belwacht.Config, "%s: is included too deep or as one of too many; does a file include itself?", path)
	}
	data, err := readFile(path, maxRead-t.bytes)
	if err != nil {
		return err
	}
	t.bytes += int64(len(data))
	t.read = append(t.read, path)
	lines, _ := asterisk.ReadConf(data)
	for _, l := range lines {
		here := place{path, l}
		t.lines = append(t.lines, here)
		if l.Kind != asterisk.ConfDirective || l.Name == "exec" {
			continue
		}
		if err := t.include(here, depth); err != nil {
			return err
		}
	}
	return nil
}

// include follows a directive. What cannot be read is kept as missing: it is the owner's affair.
func (t *tree) include(at place, depth int) error {
	pattern := at.Value
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(t.etc, pattern)
	}
	files := []string{pattern}
	if strings.ContainsAny(pattern, "*?[") {
		files, _ = filepath.Glob(pattern)
		slices.Sort(files)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || !info.Mode().IsRegular() {
			t.missing = append(t.missing, at)
			continue
		}
		if err := t.file(f, depth+1); err != nil {
			if belwacht.CodeOf(err) == belwacht.NotFound {
				t.missing = append(t.missing, at)
				continue
			}
			return err
		}
	}
	return nil
}

// section finds where a section begins; nil where it does not. except are files that do not count.
func (t *tree) section(name string, except []string) *place {
	for i, l := range t.lines {
		if l.Kind == asterisk.ConfSection && l.Name == name && !slices.Contains(except, l.file) {
			return &t.lines[i]
		}
	}
	return nil
}

// includes says whether the tree includes a file of etc by its name.
func (t *tree) includes(name string) bool {
	return slices.ContainsFunc(t.lines, func(l place) bool {
		return l.Kind == asterisk.ConfDirective && l.Name != "exec" && (l.Value == name || l.Value == filepath.Join(t.etc, name))
	})
}

// setting is the last value that a section of the tree gives a name, "" for none.
func (t *tree) setting(section, name string) (value string) {
	now := ""
	for _, l := range t.lines {
		switch {
		case l.Kind == asterisk.ConfSection:
			now = l.Name
		case l.Kind == asterisk.ConfSetting && now == section && strings.EqualFold(l.Name, name):
			value = l.Value
		}
	}
	return value
}

// readFile reads a regular file of at most so many bytes. Links are followed: FreePBX has its own files elsewhere.
func readFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, belwacht.Errorf(belwacht.NotFound, "%s: there is no such file", path)
	case err != nil:
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be read: %w", path, belwacht.Reason(err))
	case !info.Mode().IsRegular():
		return nil, belwacht.Errorf(belwacht.Config, "%s: is no file; is this the folder of a PBX's configuration?", path)
	case info.Size() > most:
		return nil, belwacht.Errorf(belwacht.Config, "%s: is %d bytes long, more than a configuration has; is it the right file?", path, info.Size())
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be read: %w; run this as root", path, belwacht.Reason(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, belwacht.Errorf(belwacht.Config, "%s: cannot be read: %w", path, belwacht.Reason(err))
	case int64(len(data)) > most:
		return nil, belwacht.Errorf(belwacht.Config, "%s: grows while it is read; is it the right file?", path)
	}
	return data, nil
}
