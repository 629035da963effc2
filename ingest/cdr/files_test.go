package cdr_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, hours ...int) string {
		t.Helper()
		var b strings.Builder
		for _, h := range hours {
			b.WriteString(line(fmt.Sprintf("2026-03-%02d %02d:00:00", 2+h/24, h%24), "", fmt.Sprintf("2026-03-%02d %02d:00:09", 2+h/24, h%24), fmt.Sprintf("%s-%d", name, h), 9, 0))
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	paths := []string{write("new", 30, 31, 32), write("old", 1, 2, 3), write("side", 2, 31, 40), write("empty"), filepath.Join(dir, "old")}
	for i := range 100 { // more than are kept open
		paths = append(paths, write(fmt.Sprintf("many%d", i), 50+i))
	}
	f, err := cdr.OpenFiles(paths, cdr.Options{Zone: amsterdam(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got []string
	var starts []belwacht.Instant
	var row ingest.Row
	for {
		err := f.Read(&row)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got, starts = append(got, row.UniqueID), append(starts, row.Start)
	}
	if len(got) != 109 || !slices.IsSorted(starts) {
		t.Errorf("%d rows, sorted %v: %v", len(got), slices.IsSorted(starts), got)
	}
	if read, rejected := f.Rows(); read != 109 || rejected != 0 {
		t.Errorf("%d read, %d rejected", read, rejected)
	}
	if done, size := f.Progress(); done != size || size == 0 {
		t.Errorf("progress %d of %d", done, size)
	}
	notes := strings.Join(f.Notes(), "\n")
	if !strings.Contains(notes, "empty: is empty and is left out") || !strings.Contains(notes, "old: named twice, read once") {
		t.Errorf("notes: %s", notes)
	}
	if formats := f.Formats(); !slices.Equal(formats, []string{"asterisk"}) {
		t.Errorf("formats %v", formats)
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked")
	if err := os.WriteFile(locked, []byte(office), 0); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, says string
		code       belwacht.Code
	}{
		{filepath.Join(dir, "nowhere"), "does not exist", belwacht.NotFound},
		{dir, "is a folder", belwacht.Invalid},
		{empty, "empty", belwacht.Invalid},
		{locked, "may not be read by you", belwacht.Invalid},
	} {
		if c.path == locked && os.Geteuid() == 0 {
			continue // root may read everything
		}
		_, err := cdr.OpenFiles([]string{c.path}, cdr.Options{})
		if belwacht.CodeOf(err) != c.code || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}
