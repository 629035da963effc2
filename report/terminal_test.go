package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what was written; look at it, then run go test ./report -update\n%s", file, got)
	}
}

// narrow fails where a line is wider than the width.
func narrow(t *testing.T, out string, width int) {
	t.Helper()
	for i, l := range strings.Split(out, "\n") {
		if n := terminal.Width(l); n > width {
			t.Errorf("line %d has %d columns, more than %d: %q", i+1, n, width, l)
		}
	}
}

func TestTerminalGolden(t *testing.T) {
	for _, c := range []struct {
		name   string
		lang   text.Language
		mode   belwacht.Mode
		width  int
		colour bool
		truth  bool
	}{
		{"monitor-en-80.txt", text.English, belwacht.Monitor, 80, false, true},
		{"monitor-en-60.txt", text.English, belwacht.Monitor, 60, false, true},
		{"enforce-en-80-colour.txt", text.English, belwacht.Enforce, 80, true, false},
		{"enforce-nl-80.txt", text.Dutch, belwacht.Enforce, 80, false, false},
		{"monitor-nl-60.txt", text.Dutch, belwacht.Monitor, 60, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, c.mode)
			o := options(t, c.lang, c.mode)
			if c.truth {
				o.Truth = func(id string) (bool, bool) { return f.fraud[id], true }
			}
			var b bytes.Buffer
			if err := f.summary(o).Write(&b, c.width, c.colour); err != nil {
				t.Fatal(err)
			}
			narrow(t, b.String(), c.width)
			golden(t, c.name, b.Bytes())
		})
	}
}
