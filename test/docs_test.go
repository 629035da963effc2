package test

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestExportsAreDocumented wants a comment on everything that another package can use.
func TestExportsAreDocumented(t *testing.T) {
	all, fset := project(t)
	// What these do is said by the interface that they implement.
	known := []string{"Error", "Len", "Less", "Swap", "Push", "Pop"}
	for _, p := range all {
		for _, f := range p.files {
			if f.test || f.generated || p.Name == "main" {
				continue
			}
			for _, d := range f.ast.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !slices.Contains(known, d.Name.Name) {
						t.Errorf("%s: %s has no comment", fset.Position(d.Pos()), d.Name.Name)
					}
				case *ast.GenDecl:
					undocumented(d, func(name string, at token.Pos) { t.Errorf("%s: %s has no comment", fset.Position(at), name) })
				}
			}
		}
	}
}

// exportedReceiver says whether a function is reachable: no method, or one of an exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	if s, ok := typ.(*ast.StarExpr); ok {
		typ = s.X
	}
	if x, ok := typ.(*ast.IndexExpr); ok {
		typ = x.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}

// undocumented reports the exported names of a declaration that have no comment; one on the group is enough for constants and variables.
func undocumented(d *ast.GenDecl, report func(string, token.Pos)) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
				report(s.Name.Name, s.Pos())
			}
		case *ast.ValueSpec:
			for _, n := range s.Names {
				if n.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
					report(n.Name, s.Pos())
				}
			}
		}
	}
}

// document reads a file of the project's root.
func document(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(b)
}

// TestDependenciesHaveReasons wants each module that we import named in docs/dependencies.md.
func TestDependenciesHaveReasons(t *testing.T) {
	all, _ := project(t)
	doc, mod := document(t, "docs/dependencies.md"), document(t, "go.mod")
	modules := regexp.MustCompile(`(?m)^\s*(?:require )?([a-z0-9.-]+\.[a-z]+/\S+) v`).FindAllStringSubmatch(mod, -1)
	direct := map[string]string{}
	for _, p := range all {
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") || strings.HasPrefix(imp, module) {
				continue
			}
			best := ""
			for _, m := range modules {
				if (imp == m[1] || strings.HasPrefix(imp, m[1]+"/")) && len(m[1]) > len(best) {
					best = m[1]
				}
			}
			if best == "" {
				t.Errorf("%s imports %s, which is in no module of go.mod", p.ImportPath, imp)
			}
			direct[best] = p.ImportPath
		}
	}
	for m, by := range direct {
		if !strings.Contains(doc, "`"+m+"`") {
			t.Errorf("docs/dependencies.md gives no reason for %s, which %s imports", m, by)
		}
	}
	if len(direct) > 25 {
		t.Errorf("%d direct dependencies, over 25", len(direct))
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(doc, -1) {
		if direct[m[1]] == "" && !strings.Contains(mod, "tool "+m[1]) {
			t.Errorf("docs/dependencies.md names %s, which nothing imports any more", m[1])
		}
	}
}

// TestReadmeOpens holds the order of DESIGN: what it does, what it looks like, the two commands, the reader's own records.
func TestReadmeOpens(t *testing.T) {
	text := document(t, "README.md")
	at := -1
	for _, want := range []string{"# Belwacht\n", "\n```text\n", "make run", "make test", "\n## Your own records\n", "belwacht replay "} {
		i := strings.Index(text, want)
		if i <= at {
			t.Errorf("README.md: %q must come after what stands before it in this list, and be there", want)
		}
		at = i
	}
	if _, picture, _ := strings.Cut(text, "\n```text\n"); true {
		picture, _, _ = strings.Cut(picture, "\n```")
		lines := strings.Split(picture, "\n")
		if len(lines) < 8 || slices.ContainsFunc(lines, func(l string) bool { return utf8.RuneCountInString(l) > 80 }) {
			t.Errorf("README.md: the picture of the terminal has %d lines; it must show a real run, in 80 columns", len(lines))
		}
	}
	if lines := strings.Count(text[:max(0, strings.Index(text, "## Your own records"))], "\n"); lines > 90 {
		t.Errorf("README.md: a reader finds his own records on line %d; at most 90", lines)
	}
}

// TestNothingIsLeftUndone looks for the words of unfinished work and of one person's machine.
func TestNothingIsLeftUndone(t *testing.T) {
	undone := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|HA` + `CK)\b`)
	machine := regexp.MustCompile(`/wo` + `rk/|/home/[a-z]`)
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "bin" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		switch filepath.Ext(path) {
		case ".go", ".md", ".yaml", "":
		default:
			return nil
		}
		info, err := d.Info()
		if err != nil || d.IsDir() || info.Size() > 1<<20 {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for n, line := range strings.Split(string(b), "\n") {
			if m := undone.FindString(line); m != "" {
				t.Errorf("%s:%d says %s: finish it, or write it under Still open in ARCHITECTURE.md", path, n+1, m)
			}
			if m := machine.FindString(line); m != "" {
				t.Errorf("%s:%d names a folder of one machine: %s", path, n+1, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if arch := document(t, "ARCHITECTURE.md"); !strings.Contains(arch, "\n## Still open\n") || strings.LastIndex(arch, "\n## ") != strings.Index(arch, "\n## Still open\n") {
		t.Error("ARCHITECTURE.md must end with the section Still open")
	}
}
