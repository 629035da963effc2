package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSimulate: simulate as a user types it.
func TestSimulate(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(in("file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		args  []string
		code  int
		want  string
		files []string
	}{
		{"an organisation", []string{"--extensions", "20", "--weeks", "3", in("one")}, 0, "records of 20 accounts in NL", []string{"one/master.csv", "one/rates.csv", "one/truth.json", "one/belwacht.yaml"}},
		{"the same folder again", []string{"--extensions", "20", "--weeks", "3", in("one")}, 1, "exists already; choose another folder, or overwrite with --force", nil},
		{"the same with --force", []string{"--extensions", "20", "--weeks", "3", "--force", in("one")}, 0, "records of 20 accounts", nil},
		{"packed", []string{"--extensions", "10", "--weeks", "2", "--gzip", "--attacks", "none", in("packed")}, 0, " 0 attacks", []string{"packed/master.csv.gz"}},
		{"a number of rows", []string{"--rows", "12345", in("rows")}, 0, ": 12345 records", nil},
		{"kinds of attack", []string{"--attacks", "mimic, weekend burst", "--extensions", "20", in("two")}, 0, "6 attacks", nil},
		{"no such kind", []string{"--kind", "circus", in("x")}, 1, "there are office, shop", nil},
		{"no such attack", []string{"--attacks", "tulip mania", in("x")}, 1, "there are weekend burst", nil},
		{"no folder", nil, 2, "simulate needs", nil},
		{"a file for a folder", []string{"--extensions", "5", "--weeks", "2", in("file")}, 1, "cannot be made", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			env := &environment{in: strings.NewReader(""), out: &b, err: &b, now: time.Now, getenv: func(string) string { return "" }, environ: func() []string { return nil }}
			if code := run(context.Background(), env, append([]string{"simulate"}, c.args...)); code != c.code || !strings.Contains(b.String(), c.want) {
				t.Errorf("exit code %d, want %d; want %q in\n%s", code, c.code, c.want, b.String())
			}
			for _, f := range c.files {
				if info, err := os.Stat(in(f)); err != nil || info.Size() == 0 {
					t.Errorf("%s is missing or empty", f)
				}
			}
		})
	}
}
