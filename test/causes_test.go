package test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/text"
)

// TestCausesAreExplained holds the three places together where a cause appears: the code that gives it, its sentences, and docs/causes.md.
func TestCausesAreExplained(t *testing.T) {
	code := regexp.MustCompile(`"(emergency|panic|(?:limit|brake|feedback|engine|ban|lock|panic|login|voicemail|trunk|pbx|phones|far|feed)\.[a-z.-]+[a-z])"`)
	doc := document(t, "docs/causes.md")
	found := map[string]bool{}
	for _, dir := range []string{"../detect", "../login", "../text", "../app"} {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			b = regexp.MustCompile(`"event", "[a-z.]+"`).ReplaceAll(b, nil) // the name of a log line is no cause
			for _, m := range code.FindAllStringSubmatch(string(b), -1) {
				found[m[1]] = true
			}
		}
	}
	if len(found) < 10 {
		t.Errorf("only the causes %v found", found)
	}
	for c := range found {
		if !strings.Contains(doc, "`"+c+"`") {
			t.Errorf("docs/causes.md does not explain %s", c)
		}
		for _, l := range []text.Language{text.English, text.Dutch} {
			if text.Cause(l, c) == "" {
				t.Errorf("text.Cause has no sentence for %s in %v", c, l)
			}
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(doc, -1) {
		if c := m[1]; !found[c] && c != "rule.NAME" {
			t.Errorf("docs/causes.md explains %s, which nothing gives", c)
		}
	}
}
