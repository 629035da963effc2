package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAlertExamples: every example of docs/alerts.md is one that Belwacht takes.
func TestAlertExamples(t *testing.T) {
	b, err := os.ReadFile("../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(b), -1)
	if len(blocks) < 9 {
		t.Fatalf("%d examples", len(blocks))
	}
	pem, err := os.ReadFile("testdata/ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range blocks {
		example := strings.ReplaceAll(strings.ReplaceAll(m[1], "/etc/belwacht/", dir+"/"), "/usr/local/bin/", dir+"/")
		for _, name := range regexp.MustCompile(regexp.QuoteMeta(dir)+`/[a-z0-9.-]+`).FindAllString(example, -1) {
			says, mode := []byte("secret\n"), os.FileMode(0o600)
			switch {
			case strings.HasSuffix(name, ".pem"):
				says = pem
			case filepath.Base(name) == "belwacht-alert":
				mode = 0o700
			}
			if err := os.WriteFile(name, says, mode); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Read([]byte("organisation: {country: NL, timezone: Europe/Amsterdam}\n"+example), filepath.Join(dir, "b.yaml"), nil); err != nil {
			t.Errorf("%v\n%s", err, example)
		}
	}
}
