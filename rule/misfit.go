package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
)

// misfit is what is wrong with a rule, and at which key, so that a reader of its file can name the line.
type misfit struct {
	key     string // "steps[2]"
	message string // without the rule's name
	error          // with it
}

// Unwrap gives the error with its code.
func (m *misfit) Unwrap() error { return m.error }

func (r *Rule) misfit(key, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return &misfit{key, message, belwacht.Errorf(belwacht.Config, "rule %s: %s", show(r.Name), message)}
}

// meant says what the writer most likely wanted, and else what there is.
func meant(word string, names []string) string {
	if near, ok := yaml.Nearest(word, names); ok && word != "" {
		return "; did you mean " + near + "?"
	}
	return "; there are " + strings.Join(names, ", ")
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// show quotes a word of a file, bounded.
func show(word string) string {
	if word == "" {
		return "missing"
	}
	return fmt.Sprintf("%q", clip(word))
}

func clip(s string) string {
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName]) + "…"
	}
	return s
}
