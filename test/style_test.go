package test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// The budgets of DESIGN §11.
const (
	maxFile         = 700
	maxFunction     = 80
	maxPackage      = 3000
	maxMethods      = 3
	maxStoreMethods = 7
)

// exceeding lists what may pass a budget, with the reason: packages by path, functions and interfaces as path.Name. An entry that is not needed
// any more is an error.
func exceeding() map[string]string {
	return map[string]string{}
}

func TestSizes(t *testing.T) {
	all, fset := project(t)
	excused := map[string]bool{}
	over := func(name string) bool {
		if exceeding()[name] != "" {
			excused[name] = true
			return false
		}
		return true
	}
	for _, p := range all {
		sum := 0
		for _, f := range p.files {
			if f.generated {
				continue
			}
			if f.lines > maxFile {
				t.Errorf("%s has %d lines, over %d: split it, one noun a file", f.name, f.lines, maxFile)
			}
			if f.test {
				continue
			}
			sum += f.lines
			for _, d := range f.ast.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > maxFunction && over(p.path+"."+fn.Name.Name) {
					t.Errorf("%s: %s has %d lines, over %d", f.name, fn.Name.Name, n, maxFunction)
				}
			}
		}
		if sum > maxPackage && over(p.path) {
			t.Errorf("%s has %d lines, over %d: split the package", p.ImportPath, sum, maxPackage)
		}
		for _, name := range wideInterfaces(p) {
			if over(p.path + "." + name) {
				t.Errorf("%s: interface %s has more than %d methods; split it, at the consumer", p.ImportPath, name, maxMethods)
			}
		}
	}
	for name := range exceeding() {
		if !excused[name] {
			t.Errorf("%s keeps its budget by now; take it off the list of exceptions", name)
		}
	}
}

// wideInterfaces lists the interfaces of a package with too many methods. Those of what is stored may have more.
func wideInterfaces(p *pkg) []string {
	var names []string
	for _, f := range p.files {
		if f.test || f.generated {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok {
				most := maxMethods
				if strings.HasSuffix(s.Name.Name, "Store") {
					most = maxStoreMethods
				}
				if i, ok := s.Type.(*ast.InterfaceType); ok && len(i.Methods.List) > most {
					names = append(names, s.Name.Name)
				}
			}
			return true
		})
	}
	return names
}

func TestPackages(t *testing.T) {
	all, _ := project(t)
	for _, p := range all {
		base := path.Base(p.ImportPath)
		for _, bad := range []string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "shared", "base"} {
			if base == bad {
				t.Errorf("%s: a package is named for what it is about; %q says nothing", p.ImportPath, base)
			}
		}
		longest := ""
		for _, f := range p.files {
			if f.ast.Doc != nil && len(f.ast.Doc.Text()) > len(longest) && !f.test {
				longest = f.ast.Doc.Text()
			}
		}
		switch {
		case len(p.GoFiles) == 0:
		case !strings.HasPrefix(longest, "Package "+p.Name+" ") && p.Name != "main":
			t.Errorf("%s has no package comment that begins with Package %s", p.ImportPath, p.Name)
		case len(longest) < 120 && p.Name != "main" || len(longest) < 60:
			t.Errorf("%s: a package comment teaches: what it is for, how to use it, what not to do; this is %d characters", p.ImportPath, len(longest))
		}
	}
}

// TestHabits checks what DESIGN §11 forbids: init functions, panics that are not our own fault, globals that change.
func TestHabits(t *testing.T) {
	all, fset := project(t)
	for _, p := range all {
		globals := globalsOf(p)
		for _, f := range p.files {
			if f.test || f.generated {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Name.Name == "init" && n.Recv == nil {
						t.Errorf("%s: no init functions: pass what is needed to a constructor", fset.Position(n.Pos()))
					}
				case *ast.CallExpr:
					if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "panic" && !mentions(n, "internal error") {
						t.Errorf("%s: panic is for internal errors only, and its text says so; return an error", fset.Position(n.Pos()))
					}
				case *ast.AssignStmt:
					if n.Tok == token.DEFINE {
						return true
					}
					for _, l := range n.Lhs {
						if id, ok := l.(*ast.Ident); ok && isGlobal(id, globals) {
							t.Errorf("%s: the global %s is changed; keep state in a struct", fset.Position(n.Pos()), id.Name)
						}
					}
				}
				return true
			})
		}
	}
}

// mentions says whether a string literal under n contains a text.
func mentions(n ast.Node, s string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && strings.Contains(l.Value, s) {
			found = true
		}
		return !found
	})
	return found
}

// globalsOf lists a package's variables.
func globalsOf(p *pkg) map[string]bool {
	names := map[string]bool{}
	for _, f := range p.files {
		if f.test {
			continue
		}
		for _, d := range f.ast.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, s := range g.Specs {
					for _, n := range s.(*ast.ValueSpec).Names {
						names[n.Name] = true
					}
				}
			}
		}
	}
	return names
}

// isGlobal says whether an identifier means a global: one that the parser could not resolve within its file, or resolved to its top level.
func isGlobal(id *ast.Ident, globals map[string]bool) bool {
	if !globals[id.Name] {
		return false
	}
	if id.Obj == nil {
		return true
	}
	spec, ok := id.Obj.Decl.(*ast.ValueSpec)
	return ok && slices.ContainsFunc(spec.Names, func(n *ast.Ident) bool { return n.Obj == id.Obj }) && id.Obj.Kind == ast.Var && isTopLevel(spec)
}

// isTopLevel is true of a declaration whose names have no position inside a function: those carry their function's scope as Obj.Data.
func isTopLevel(s *ast.ValueSpec) bool {
	for _, n := range s.Names {
		if n.Obj == nil || n.Obj.Data != nil {
			if _, iota := n.Obj.Data.(int); iota {
				return true
			}
		}
	}
	return false
}
