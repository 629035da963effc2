package test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// module is the path of the project's module.
const module = "github.com/belwacht/belwacht"

// pkg is what go list says of a package, and its parsed files.
type pkg struct {
	Dir, ImportPath, Name              string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports, XTestImports []string

	path  string // without the module: "number/table", "" for the root
	files []*file
}

// file is one source file.
type file struct {
	name      string // from the project's root
	lines     int
	test      bool
	generated bool
	ast       *ast.File
}

// project reads all packages of the module once.
func project(t *testing.T) ([]*pkg, *token.FileSet) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("go", "list", "-e", "-json", "./...")
	c.Dir = root
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []*pkg
	fset := token.NewFileSet()
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := &pkg{}
		if err := d.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		p.path = strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		for _, name := range append(append(append([]string{}, p.GoFiles...), p.TestGoFiles...), p.XTestGoFiles...) {
			full := filepath.Join(p.Dir, name)
			f, err := parser.ParseFile(fset, full, nil, parser.ParseComments)
			if err != nil {
				t.Errorf("%s: %v", full, err)
				continue
			}
			rel, _ := filepath.Rel(root, full)
			p.files = append(p.files, &file{rel, fset.File(f.Pos()).LineCount(), strings.HasSuffix(name, "_test.go"), ast.IsGenerated(f), f})
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all, fset
}
