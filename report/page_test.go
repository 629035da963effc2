package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

func writePage(t *testing.T, s *Summary, lang text.Language) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHTML(&b, s, lang); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// between cuts what stands between two marks.
func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, from)
	if !ok {
		t.Fatalf("there is no %q in it", from)
	}
	inner, _, ok := strings.Cut(rest, to)
	if !ok {
		t.Fatalf("there is no %q after %q", to, from)
	}
	return inner
}

func TestPagePolicyMatchesItsStyle(t *testing.T) {
	f := newFixture(t, belwacht.Monitor)
	page := writePage(t, f.summary(options(t, text.English, belwacht.Monitor)), text.English)
	sum := sha256.Sum256([]byte(between(t, page, "<style>", "</style>")))
	want := "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	got := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(between(t, page, `Content-Security-Policy" content="`, `"`))
	if got != "default-src 'none'; style-src '"+want+"'; base-uri 'none'; form-action 'none'" {
		t.Errorf("the policy %q does not allow the page's own style, whose hash is %s", got, want)
	}
	for _, bad := range []string{"<script", "style=", "http://", "https://", "url(", "<img", "<link", "@import", " onload", "ZgotmplZ"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

// TestPagesForTheEye writes the pages to BELWACHT_PAGES, so that a person can look at them.
func TestPagesForTheEye(t *testing.T) {
	dir := os.Getenv("BELWACHT_PAGES")
	if dir == "" {
		t.Skip("BELWACHT_PAGES names no folder to write the pages to")
	}
	for _, mode := range []belwacht.Mode{belwacht.Monitor, belwacht.Enforce} {
		f := newFixture(t, mode)
		o := options(t, text.English, mode)
		o.Truth = func(id string) (bool, bool) { return f.fraud[id], true }
		for _, lang := range []text.Language{text.English, text.Dutch} {
			page := writePage(t, f.summary(o), lang)
			if err := os.WriteFile(filepath.Join(dir, mode.String()+"-"+lang.String()+".html"), []byte(page), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
