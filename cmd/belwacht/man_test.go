package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/cobra/doc"
)

// TestManPages writes the man pages of all commands: into a folder of the test's, or into the one that BELWACHT_MAN names, as `make release` does.
func TestManPages(t *testing.T) {
	dir := os.Getenv("BELWACHT_MAN")
	if dir == "" {
		dir = t.TempDir()
	}
	root := newRoot(&environment{in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now, getenv: os.Getenv, environ: os.Environ})
	root.DisableAutoGenTag = true
	zero := time.Unix(0, 0).UTC()
	if err := doc.GenManTree(root, &doc.GenManHeader{Title: "BELWACHT", Section: "1", Source: "Belwacht", Manual: "Belwacht", Date: &zero}, dir); err != nil {
		t.Fatal(err)
	}
	for _, c := range everyCommand(root) {
		if !c.IsAvailableCommand() && c != root || c.Name() == "help" {
			continue
		}
		name := ""
		for p := c; p != nil; p = p.Parent() {
			if name != "" {
				name = "-" + name
			}
			name = p.Name() + name
		}
		if info, err := os.Stat(filepath.Join(dir, name+".1")); err != nil || info.Size() < 200 {
			t.Errorf("%s: no man page: %v", c.CommandPath(), err)
		}
	}
}
