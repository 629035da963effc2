// Package webtest is what the tests of the console's pages share: a door that lets a fixed visitor in, strings as attackers choose them, a look at each page in
// both languages, and a check that every text of a package's templates and code is in its catalogue. Only tests import it.
package webtest

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
)

// Hostile is what an attacker puts into a caller's name, a user agent or a note.
const Hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>' style=x {{.}} ` + "\u202e\x1b[31m"

// Door lets one visitor in, whoever asks. It can be changed between requests.
type Door struct{ V *web.Visitor }

// Visitor implements web.Door.
func (d *Door) Visitor(*http.Request) (*web.Visitor, error) { return d.V, nil }

// Deeds does what a visitor may, and notes it, as the door and the audit log do. It can be changed between requests.
type Deeds struct {
	Done []access.Deed      // that were begun, oldest first
	Wait *belwacht.Proposal // what takes two people waits for this one; nil: it is done
	Fail error              // the audit log cannot be written
}

// Do implements web.Deeds.
func (d *Deeds) Do(_ context.Context, v *web.Visitor, deed *access.Deed, do func() error) (*belwacht.Proposal, error) {
	info, known := access.InfoOf(deed.Act)
	switch {
	case !known || !v.May(web.Right(info.Needs)):
		return nil, belwacht.Errorf(belwacht.Forbidden, "%s may not %s", v.Name, deed.Act)
	case info.Two && d.Wait != nil:
		return d.Wait, nil
	case d.Fail != nil && !info.Anyhow:
		return nil, d.Fail
	}
	d.Done = append(d.Done, *deed)
	return nil, do()
}

// Administrator is a visitor who may do everything.
func Administrator() *web.Visitor {
	return &web.Visitor{Name: "Anna", Role: "administrator", Rights: web.Everything()}
}

// Zone is that of the organisation of a test.
func Zone(t testing.TB) *time.Location {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Log is a log that the test's output shows.
func Log(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

// Site is a site with one organisation, "" by name, whose administrator asks; now is what its clock says.
func Site(t testing.TB, now time.Time) (*web.Site, *Door) {
	t.Helper()
	s, d, _ := Stand(t, now)
	return s, d
}

// Stand is Site with what is done there.
func Stand(t testing.TB, now time.Time) (*web.Site, *Door, *Deeds) {
	t.Helper()
	d, deeds := &Door{Administrator()}, &Deeds{}
	zone := Zone(t)
	s, err := web.New(web.Config{Door: d, Deeds: deeds, Log: Log(t), Now: func() time.Time { return now }, Version: "test",
		Tenants: func() []web.Tenant { return []web.Tenant{{Title: "Test & Co", Zone: zone}} }})
	if err != nil {
		t.Fatal(err)
	}
	return s, d, deeds
}

// Get asks for a page in a language.
func Get(h http.Handler, path, language string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", language)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Post sends a form, as the page of the same site does.
func Post(h http.Handler, path string, form map[string]string) *httptest.ResponseRecorder {
	var b []string
	for k, v := range form {
		b = append(b, k+"="+percent(v))
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, path, strings.NewReader(strings.Join(b, "&")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteString("%" + strconv.FormatUint(uint64(s[i])+0x100, 16)[1:])
	}
	return b.String()
}

// Pages asks for each page in both languages: status 200, no element or attribute that the policy forbids or an attacker brought, and in Dutch none of
// the English texts.
func Pages(t *testing.T, h http.Handler, paths ...string) {
	t.Helper()
	for _, language := range []string{"en", "nl"} {
		for _, path := range paths {
			w := Get(h, path, language)
			if w.Code != http.StatusOK {
				t.Errorf("%s in %s: status %d\n%.2000s", path, language, w.Code, w.Body)
				continue
			}
			if !strings.Contains(w.Body.String(), `<html lang="`+language+`"`) {
				t.Errorf("%s: is not in %s", path, language)
			}
			Clean(t, path, w.Body.String())
		}
	}
}

// Clean looks at a page's elements and attributes.
func Clean(t *testing.T, path, page string) {
	t.Helper()
	z := xml.NewDecoder(strings.NewReader(strings.ReplaceAll(page, "\x1b", " "))) // which XML does not know; whether it is shown is looked at below
	z.Strict, z.AutoClose, z.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := z.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("%s: cannot be read: %v", path, err)
			break
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		n, src := struct{ Data string }{strings.ToLower(e.Name.Local)}, ""
		for _, x := range e.Attr {
			a := struct{ Key, Val string }{strings.ToLower(x.Name.Local), x.Value}
			if x.Name.Space != "" {
				a.Key = strings.ToLower(x.Name.Space) + ":" + a.Key
			}
			if a.Key == "src" {
				src = a.Val
			}
			allowed := !strings.HasPrefix(a.Key, "hx-") || strings.Contains(" hx-get hx-target hx-select hx-swap hx-trigger hx-push-url hx-sse:connect ", " "+a.Key+" ")
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || !allowed || strings.HasPrefix(strings.TrimSpace(a.Val), "javascript:") {
				t.Errorf("%s: <%s> has %s=%q", path, n.Data, a.Key, a.Val)
			}
		}
		switch {
		case n.Data == "script" && !strings.HasPrefix(src, "/ui/"), n.Data == "style", n.Data == "iframe", n.Data == "object", n.Data == "img" && !strings.HasPrefix(src, "/") && !strings.HasPrefix(src, "data:image/"):
			t.Errorf("%s: has <%s src=%q>", path, n.Data, src)
		}
	}
	page = hidden.ReplaceAllString(page, "") // what a form sends back must be exact; it is not shown
	for _, bad := range []string{"\u202e", "\x1b", "%!", "ZgotmplZ", "<no value>"} {
		if i := strings.Index(page, bad); i >= 0 {
			t.Errorf("%s: has %q: …%.80q", path, bad, page[max(0, i-40):])
		}
	}
}

var (
	hidden     = regexp.MustCompile(`<input type="hidden"[^>]*>`)
	inTemplate = regexp.MustCompile(`[({\s](?:t|n [.$\w()]+(?: "[^"]*")?) "((?:[^"\\]|\\.)*)"`)
	counted    = regexp.MustCompile(`[({\s]n (?:\([^()]*\)|[.$\w]+) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"`)
	inGo       = regexp.MustCompile(`(?:\.T|say|bad)\("((?:[^"\\]|\\.)*)"`)
	asField    = regexp.MustCompile(`(?:Title|Group|Do):\s+"((?:[^"\\]|\\.)*)"`)
)

// Catalogue holds a package's texts and its words.txt together: each text has Dutch, and each line of the catalogue is used. frame is the catalogue whose
// texts need not be said again; known are texts that are used without standing in a template or in code as such.
func Catalogue(t *testing.T, frame web.Words, known ...string) {
	t.Helper()
	words, err := web.ReadWords(os.DirFS("."), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, k := range known {
		used[k] = true
	}
	note := func(file string, found ...string) {
		for _, f := range found {
			s, err := strconv.Unquote(`"` + f + `"`)
			if err != nil || s == "" {
				t.Errorf("%s: %q cannot be read", file, f)
			}
			used[s] = true
			if words[s] == "" && frame[s] == "" {
				t.Errorf("%s: %q has no Dutch in words.txt", file, s)
			}
		}
	}
	err = filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (name == "ui" || name == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() && name != "." && name != "pages" {
			return fs.SkipDir
		}
		b, _ := os.ReadFile(name)
		switch {
		case strings.HasSuffix(name, ".html"):
			for _, m := range inTemplate.FindAllSubmatch(b, -1) {
				note(name, string(m[1]))
			}
			for _, m := range counted.FindAllSubmatch(b, -1) {
				note(name, string(m[1]), string(m[2]))
			}
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			for _, re := range []*regexp.Regexp{inGo, asField} {
				for _, m := range re.FindAllSubmatch(b, -1) {
					note(name, string(m[1]))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, shared, _ := strings.Cut(string(all), "# Shared:")
	for english, dutch := range words {
		if !used[english] && !strings.Contains(shared, "\n"+english+"\n") {
			t.Errorf("words.txt: %q is used nowhere", english)
		}
		if strings.TrimSpace(dutch) == "" {
			t.Errorf("words.txt: %q has no Dutch", english)
		}
	}
}

var iconUse = regexp.MustCompile(`icon "([^"]+)"|Icon(?:"|:)\s+"([^"]+)"`)

// Icons holds that each picture that templates and code name is in the list that is built.
func Icons(t *testing.T, list string) {
	t.Helper()
	b, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	known := "\n" + string(b) + "\n"
	files, _ := filepath.Glob("*.go")
	for _, pattern := range []string{"*.html", "pages/*.html"} {
		more, _ := filepath.Glob(pattern)
		files = append(files, more...)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range iconUse.FindAllSubmatch(b, -1) {
			if n := string(m[1]) + string(m[2]); !strings.Contains(known, "\n"+n+"\n") {
				t.Errorf("%s: there is no icon %s in %s", name, n, list)
			}
		}
	}
}

// Files is a file system of templates and words, for tests of the frame.
func Files(page, words string) fs.FS {
	return fstest.MapFS{"page.html": {Data: []byte(page)}, "words.txt": {Data: []byte(words)}}
}

// Frame is where the frame's catalogue lies, seen from a sub-package's tests.
func Frame() fs.FS { return os.DirFS("..") }

// Axe reads axe-core's script, which a page of a browser is to run before AxeFinds; root is the way to the project's folder. Where it was not installed (make ui), it is
// empty, and in make accept-console the test fails.
func Axe(t *testing.T, root string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "web", "ui", "node_modules", "axe-core", "axe.min.js"))
	if err != nil && os.Getenv("BELWACHT_ACCEPT") == "console" {
		t.Fatalf("axe-core is not here: %v; make ui", err)
	}
	return string(b)
}

// AxeFinds is JavaScript that promises what keeps people from using a page: axe-core's serious and critical findings, a text each.
const AxeFinds = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
	.flatMap(v => v.nodes.slice(0, 3).map(n => v.id + ': ' + n.html.slice(0, 160) + ' | ' + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? '').slice(0, 200))))`

// CutOff is JavaScript that says whether a table is wider than its place, so that one has to push it aside to read it.
const CutOff = `[...document.querySelectorAll('.scroll')].some(e => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)`

// Kind is a way in which a page can look.
type Kind struct {
	Name            string // such as en-dark-phone
	Wide            bool
	Width, Height   int64 // of the window, in pixels
	Language, Theme string
}

// Kinds are all of them: wide before phone.
func Kinds() (all []Kind) {
	for _, wide := range []bool{true, false} {
		for _, language := range []string{"en", "nl"} {
			for _, theme := range []string{"light", "dark"} {
				k := Kind{language + "-" + theme + "-wide", wide, 1360, 900, language, theme}
				if !wide {
					k.Name, k.Width, k.Height = language+"-"+theme+"-phone", 390, 844
				}
				all = append(all, k)
			}
		}
	}
	return all
}
