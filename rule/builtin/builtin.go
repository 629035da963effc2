// Package builtin holds the rules that Belwacht comes with: one folder a rule, with its file and its cases both ways (what must fire, what
// must not). The weights of most were fitted on made-up organisations (make fit); each file says its origin.
package builtin

import (
	"embed"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht/rule"
)

//go:embed */rule.yaml */cases.yaml
var files embed.FS

// Files is the folder of rule files, for those who show or copy them.
func Files() fs.FS { return files }

// Rules reads all built-in rules. An error is a fault of ours.
func Rules() ([]rule.Rule, error) {
	paths, err := fs.Glob(files, "*/rule.yaml")
	if err != nil {
		return nil, err
	}
	rules := make([]rule.Rule, 0, len(paths))
	for _, p := range paths {
		data, err := files.ReadFile(p)
		if err != nil {
			return nil, err
		}
		r, err := rule.Parse(data, path.Join("builtin", p))
		if err != nil {
			return nil, err
		}
		rules = append(rules, *r)
	}
	return rules, nil
}

// File is the rule file of a name, as it was written.
func File(name string) ([]byte, bool) { return read(name, "rule.yaml") }

// Cases is the file of a rule's cases: what must make it speak and what must not (package detect plays them).
func Cases(name string) ([]byte, bool) { return read(name, "cases.yaml") }

func read(name, file string) ([]byte, bool) {
	data, err := files.ReadFile(path.Join(name, file))
	return data, err == nil
}

//go:embed prior.txt
var prior string

// Prior is the score of an attempt to a notable number before any evidence, in bits: fitted together with the weights.
func Prior() float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(prior), 64)
	if err != nil {
		panic("internal error: rule/builtin/prior.txt: " + err.Error())
	}
	return f
}
