package test

import (
	"slices"
	"strings"
	"testing"
)

// outside is the layer of what may import everything and is imported by nothing.
const outside = 99

// layers says how high each folder lies (ARCHITECTURE.md): a package imports only lower ones.
func layers() map[string]int {
	return map[string]int{
		"":         0, // the nouns
		"snapshot": 0, // imports nothing of the project
		"number":   1, "calendar": 1, "network": 1, "text": 1, "yaml": 1, "terminal": 1, "asterisk": 1, "freeswitch": 1, "sip": 1, "media": 1, "ledger": 1, "count": 1,
		"profile": 2, "reach": 2, "alert": 2, "login": 2, "feed": 2, "access": 2,
		"rule":   3,
		"detect": 4, "report": 4, "ingest": 4, "ask": 4, "gateway": 4, "pbx": 4, "audit": 4, "act": 4, "notify": 4, "assure": 4, "simulate": 4, "store": 4,
		"control": 4, "web": 4,
		"config": 5,
		"app":    6,
		"cmd":    7,
		"test":   outside, "bench": outside,
	}
}

// assets are the sub-packages that hold data only, or what is generated from it, so that their parent may import them.
func assets() []string {
	return []string{"number/table", "network/table", "store/sqlite/query", "web/ui"}
}

// allowed says whether a package may import another, and why not. Paths are within the module.
func allowed(from, to string) (bool, string) {
	a, _, _ := strings.Cut(from, "/")
	b, _, _ := strings.Cut(to, "/")
	la, okA := layers()[a]
	lb, okB := layers()[b]
	switch {
	case !okA || !okB:
		return false, "a folder of the two has no layer; give it one in test/layers_test.go and ARCHITECTURE.md"
	case lb == outside:
		return false, b + " is for tests and measurements and is imported by nothing"
	case a != b && la <= lb:
		return false, "it lies no lower; siblings meet in app or cmd through an interface of the one that needs it"
	case a == b && strings.HasPrefix(to, from+"/") && !slices.Contains(assets(), to):
		return false, "a package does not import its own sub-package, unless that is data"
	case a == b && !strings.HasPrefix(to, from+"/") && !strings.HasPrefix(from, to+"/"):
		return false, "sub-packages of one folder do not know each other"
	}
	return true, ""
}

func TestLayers(t *testing.T) {
	all, _ := project(t)
	for _, p := range all {
		for _, imp := range p.Imports {
			if to, ours := strings.CutPrefix(imp, module); ours {
				if ok, why := allowed(p.path, strings.TrimPrefix(to, "/")); !ok {
					t.Errorf("%s imports %s: %s", p.ImportPath, imp, why)
				}
			}
		}
		for _, imp := range append(p.TestImports, p.XTestImports...) {
			to, ours := strings.CutPrefix(imp, module)
			top, _, _ := strings.Cut(strings.TrimPrefix(to, "/"), "/")
			from, _, _ := strings.Cut(p.path, "/")
			if ours && layers()[top] >= layers()["app"] && layers()[from] < layers()["app"] {
				t.Errorf("the tests of %s import %s: tests may use what lies below app", p.ImportPath, imp)
			}
		}
	}
}

// TestAllowed shows that the check above can fail.
func TestAllowed(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"number", "", true}, {"", "number", false}, {"detect", "rule/builtin", true}, {"rule", "detect", false}, {"detect", "report", false},
		{"number", "number/table", true}, {"number/table", "number", true}, {"rule", "rule/builtin", false}, {"rule/builtin", "rule", true},
		{"ingest/cdr", "ingest", true}, {"ingest/cdr", "ingest/sql", false}, {"cmd/belwacht", "config", true}, {"config", "cmd/belwacht", false},
		{"bench", "detect", true}, {"detect", "bench", false}, {"cmd/belwacht", "test", false}, {"invented", "number", false}, {"calendar", "number", false},
	} {
		if got, why := allowed(c.from, c.to); got != c.want {
			t.Errorf("%s imports %s: %v (%s)", c.from, c.to, got, why)
		}
	}
}
