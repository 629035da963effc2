package web_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/ui"
	"github.com/belwacht/belwacht/web/webtest"
)

var now = time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC)

func TestCatalogue(t *testing.T) {
	roles := []string{"administrator", "operator", "auditor", "helpdesk", "self"}
	webtest.Catalogue(t, nil, roles...)
	webtest.Icons(t, "ui/icons.txt")
}

func TestWordsAreStrict(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"Hello\n", "has no Dutch"}, {"\tHallo\n", "without English"}, {"A\nB\n\tC\n", "has no Dutch"}, {"A\n\tB\nA\n\tC\n", "twice"}, {"%s of %d\n\t%d van %s\n", "placeholders"},
	} {
		_, err := web.ReadWords(webtest.Files("", c.file), "words.txt")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.file, err, c.want)
		}
	}
}

// site is a site with one page that says hello, a change, and a page for nobody.
func site(t *testing.T) (*web.Site, *webtest.Door) {
	s, d := webtest.Site(t, now)
	set, err := s.Set(webtest.Files(`{{define "hello"}}<p>{{t "Hello %s" (clean .Data 80)}}</p><p>{{number "+31612345678"}}</p>{{end}}`, "Hello %s\n\tHallo %s\nGreeting\n\tGroet\n"))
	if err != nil {
		t.Fatal(err)
	}
	s.Nav(web.Entry{Path: "/hello", Title: "Greeting", Icon: "home", Right: web.SeeCalls, Order: 1})
	s.Get("/hello", web.SeeCalls, set, func(a *web.Ask) (*web.Page, error) {
		switch a.FormValue("fail") {
		case "invalid":
			return nil, belwacht.Errorf(belwacht.Invalid, "%s is wrong", webtest.Hostile)
		case "internal":
			return nil, belwacht.Errorf(belwacht.Internal, "the secret is 1234")
		case "panic":
			panic("internal error: on purpose")
		}
		return &web.Page{Title: "Greeting", Template: "hello", Data: webtest.Hostile}, nil
	})
	s.Post("/hello", web.ChangeAlerts, func(a *web.Ask) (*web.Done, error) { return &web.Done{To: "/hello", Said: a.PostForm.Get("what")}, nil })
	return s, d
}

func TestFrame(t *testing.T) {
	s, d := site(t)
	for _, look := range []*web.Visitor{webtest.Administrator(), {Name: webtest.Hostile, Role: "auditor", Rights: []web.Right{web.SeeCalls}}} {
		d.V = look
		for _, c := range [][2]string{{"en", "Hello "}, {"nl", "Hallo "}, {"nl-BE,fr;q=0.8", "Hallo "}, {"de", "Hello "}, {";;", "Hello "}} {
			w := webtest.Get(s, "/hello", c[0])
			page := w.Body.String()
			if w.Code != 200 || !strings.Contains(page, c[1]) {
				t.Errorf("%s: %d %.300s", c[0], w.Code, page)
			}
			webtest.Clean(t, "/hello", page)
			if full := strings.Contains(page, "31612345678"); full != look.May(web.FullNumbers) {
				t.Errorf("%s sees a number in full: %v", look.Role, full)
			}
			if button := strings.Contains(page, `href="/panic"`); button != look.May(web.PressPanic) {
				t.Errorf("%s sees the panic button: %v", look.Role, button)
			}
			if p := w.Header().Get("Content-Security-Policy"); strings.Contains(p, "unsafe") || !strings.Contains(p, "script-src 'self'; style-src 'self'; img-src 'self' data:") {
				t.Errorf("the policy is %s", p)
			}
		}
	}
}

func TestProblemsArePages(t *testing.T) {
	s, d := site(t)
	for _, c := range []struct {
		path, want, never string
		status            int
	}{
		{"/hello?fail=invalid", "is wrong", "<script>alert", 422}, {"/hello?fail=internal", "our fault", "1234", 500}, {"/nowhere", "no such page", "", 404}, {"/hello/below", "no such page", "", 404},
	} {
		w := webtest.Get(s, c.path, "en")
		if page := w.Body.String(); w.Code != c.status || !strings.Contains(page, c.want) || c.never != "" && strings.Contains(page, c.never) {
			t.Errorf("%s: %d …%.600s", c.path, w.Code, page[max(0, strings.Index(page, "<main")):])
		}
	}
	if w := webtest.Get(s, "/hello?fail=panic", "en"); w.Code != 500 {
		t.Errorf("a panic: %d", w.Code)
	}
	d.V = &web.Visitor{Name: "x", Role: "helpdesk"}
	if w := webtest.Get(s, "/hello", "nl"); w.Code != 403 || !strings.Contains(w.Body.String(), "Dit mag u niet zien") {
		t.Errorf("without the right: %d %s", w.Code, w.Body)
	}
	d.V = nil
	if w := webtest.Get(s, "/hello", "en"); w.Code != 403 {
		t.Errorf("nobody: %d", w.Code)
	}
	for path, kind := range map[string]string{"/healthz": "application/json", "/about": "text/html", "/ui/placeholder.css": "text/css"} {
		if w := webtest.Get(s, path, "en"); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) {
			t.Errorf("%s without log-in: %d %s", path, w.Code, w.Header())
		}
	}
}

func TestChanges(t *testing.T) {
	s, d := site(t)
	w := webtest.Post(s, "/hello", map[string]string{"what": "Done & " + webtest.Hostile})
	if w.Code != 303 || w.Header().Get("Location") != "/hello" {
		t.Fatalf("a change: %d %s", w.Code, w.Header())
	}
	r := httptest.NewRequest(http.MethodGet, "/hello", nil)
	for _, c := range w.Result().Cookies() {
		if !c.HttpOnly || c.SameSite == http.SameSiteNoneMode {
			t.Errorf("the cookie %s can be read by script or other sites", c)
		}
		r.AddCookie(c)
	}
	w = httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if page := w.Body.String(); !strings.Contains(page, "Done &amp; ") || !strings.Contains(page, `role="status"`) {
		t.Error("nothing was said")
	}
	webtest.Clean(t, "said", w.Body.String())

	for name, head := range map[string][2]string{"another site": {"Sec-Fetch-Site", "cross-site"}, "another origin": {"Origin", "https://evil.example"}} {
		r := httptest.NewRequest(http.MethodPost, "/hello", strings.NewReader("what=x"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(head[0], head[1])
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 403 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	d.V = &web.Visitor{Name: "x", Role: "auditor", Rights: []web.Right{web.SeeCalls}}
	if w := webtest.Post(s, "/hello", map[string]string{"what": "x"}); w.Code != 403 {
		t.Errorf("an auditor changed something: %d", w.Code)
	}
	if w := webtest.Post(s, "/hello", map[string]string{"what": strings.Repeat("x", 1<<20)}); w.Code == 303 {
		t.Error("a form of a megabyte was taken")
	}
}

func TestPreferences(t *testing.T) {
	s, _ := site(t)
	for form, want := range map[[2]string]string{{"language", "nl"}: `<html lang="nl"`, {"theme", "dark"}: `data-bs-theme="dark"`} {
		w := webtest.Post(s, "/preferences", map[string]string{form[0]: form[1]})
		if w.Code != 303 {
			t.Fatalf("%v: %d %s", form, w.Code, w.Body)
		}
		r := httptest.NewRequest(http.MethodGet, "/hello", nil)
		for _, c := range w.Result().Cookies() {
			r.AddCookie(c)
		}
		w = httptest.NewRecorder()
		if s.ServeHTTP(w, r); !strings.Contains(w.Body.String(), want) {
			t.Errorf("%v: no %s", form, want)
		}
	}
	if w := webtest.Post(s, "/preferences", map[string]string{"theme": webtest.Hostile}); w.Code != 422 {
		t.Errorf("a hostile theme: %d", w.Code)
	}
	for _, referer := range []string{"https://evil.example/x", "//evil.example", "https://example.com//evil.example/", "javascript:alert(1)"} {
		r := httptest.NewRequest(http.MethodPost, "/preferences", strings.NewReader("theme=dark"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", referer)
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Header().Get("Location") != "/" {
			t.Errorf("%s leads to %s", referer, w.Header().Get("Location"))
		}
	}
}

func TestAssets(t *testing.T) {
	s, _ := site(t)
	if _, err := os.Stat("ui/dist/placeholder.css"); err != nil {
		t.Error("the committed placeholder is gone:", err)
	}
	style := "placeholder.css"
	if ui.Built() {
		style = "app.css"
		if len(ui.Map().Lands) < 200 || len(ui.Icons()) < 50 || !strings.Contains(ui.Licences(), "htmx") {
			t.Errorf("built: %d lands, %d icons", len(ui.Map().Lands), len(ui.Icons()))
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/ui/"+style, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%s: %d %s", style, w.Code, w.Header())
	}
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != 304 {
		t.Errorf("known already: %d", w.Code)
	}
	for _, path := range []string{"/ui/../site.go", "/ui/.gitignore", "/ui/", "/ui/nothing"} {
		if w := webtest.Get(s, path, "en"); w.Code == 200 {
			t.Errorf("%s is served", path)
		}
	}
}
