package people

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/webtest"
)

const password = "Kers-lamp7-rivier"

// stand is a console with nothing but the pages of people, over a real store, served over TLS.
type stand struct {
	t      *testing.T
	door   *door.Door
	store  *sqlite.Store
	config Config
	server *httptest.Server

	mu  sync.Mutex
	now time.Time
}

func (s *stand) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stand) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// open builds it; tls is false for a browser that knows no certificate of ours.
func open(t *testing.T, tls bool) *stand {
	t.Helper()
	s := &stand{t: t, now: time.Now().Truncate(time.Second)}
	folder := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var err error
	s.store, err = sqlite.Open(context.Background(), sqlite.Config{Folder: folder, Within: time.Minute})
	must(err)
	t.Cleanup(func() { must(s.store.Close(context.Background())) })
	keys, err := ledger.LoadKeys(folder, "test")
	must(err)
	secret, err := access.LoadSecret(folder)
	must(err)
	audit := ledger.New(ledger.Config{Store: s.store, Keys: keys, Now: s.clock})
	s.door, err = door.New(context.Background(), door.Config{Users: s.store, Sessions: s.store, Keys: s.store, Proposals: s.store, Entries: audit, Secret: secret, Log: log,
		Now: s.clock})
	must(err)
	s.config = Config{Door: NewDoor(s.door, nil), Audit: audit, Entries: s.store}
	zone := webtest.Zone(t)
	site, err := web.New(web.Config{Door: s.config.Door, SignIn: SignIn, Log: log, Now: s.clock, Version: "test", Notices: s.config.Notices,
		Tenants: func() []web.Tenant { return []web.Tenant{{Name: "oak", Title: "Test & Co", Zone: zone}} }})
	must(err)
	must(New(site, s.config))
	if tls {
		s.server = httptest.NewTLSServer(site)
	} else {
		s.server = httptest.NewServer(site)
	}
	t.Cleanup(s.server.Close)
	return s
}

// browser is somebody with a browser.
type browser struct {
	s      *stand
	web    *http.Client
	agent  string
	login  string
	secret string
}

func (s *stand) browser(login string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	b := &browser{s: s, agent: "Firefox of " + login, login: login}
	c := *s.server.Client()
	c.Jar = jar
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.web = &c
	return b
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (b *browser) do(method, path string, form url.Values, head map[string]string) *answer {
	b.s.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, b.s.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.s.t.Fatal(err)
	}
	r.Header.Set("User-Agent", b.agent)
	r.Header.Set("Accept-Language", "en")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for k, v := range head {
		r.Header.Set(k, v)
	}
	w, err := b.web.Do(r)
	if err != nil {
		b.s.t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		b.s.t.Fatal(err)
	}
	return &answer{w, string(body)}
}

func (b *browser) get(path string) *answer { return b.do(http.MethodGet, path, nil, nil) }

func (b *browser) post(path string, pairs ...string) *answer {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, form, nil)
}

// goes wants an answer that leads to a path.
func (b *browser) goes(w *answer, to string) {
	b.s.t.Helper()
	if w.StatusCode != http.StatusSeeOther || w.Header.Get("Location") != to {
		b.s.t.Fatalf("%s leads to %q with %d, want %q\n%.1500s", w.Request.URL.Path, w.Header.Get("Location"), w.StatusCode, to, w.body)
	}
}

// shows wants a page with words on it.
func (b *browser) shows(w *answer, status int, words ...string) {
	b.s.t.Helper()
	for _, x := range words {
		if w.StatusCode != status || !strings.Contains(w.body, x) {
			b.s.t.Fatalf("%s shows with %d, want %d and %q\n%.3000s", w.Request.URL.Path, w.StatusCode, status, x, w.body)
		}
	}
}

func (b *browser) code() string {
	b.s.t.Helper()
	b.s.pass(30 * time.Second)
	c, err := totp.GenerateCode(b.secret, b.s.clock())
	if err != nil {
		b.s.t.Fatal(err)
	}
	return c
}

var inSecret = regexp.MustCompile(`<code class="secret">([A-Z2-7]{32})</code>`)

// enrol sets up codes on the page that asks for it.
func (b *browser) enrol() {
	b.s.t.Helper()
	w := b.get("/enrol")
	m := inSecret.FindStringSubmatch(w.body)
	if m == nil || !strings.Contains(w.body, `src="data:image/png;base64,`) {
		b.s.t.Fatalf("no secret or picture: %d %.2000s", w.StatusCode, w.body)
	}
	b.secret = m[1]
	b.shows(b.post("/enrol/codes", "code", "000000"), http.StatusUnprocessableEntity, "does not fit")
	b.shows(b.post("/enrol/codes", "code", b.code()), http.StatusOK, "Recovery codes", `<pre class="codes">`)
}

// comes goes through a one-time link.
func (b *browser) comes(link, to string) {
	b.s.t.Helper()
	b.shows(b.get(link), http.StatusOK, "works once")
	b.goes(b.post(link), to)
}

func (s *stand) admin(login string) *browser {
	s.t.Helper()
	b := s.browser(login)
	secret, err := s.door.Link(context.Background(), "", "root")
	if err != nil {
		s.t.Fatal(err)
	}
	b.comes(door.LinkPath+secret, "/first")
	b.goes(b.post("/first", "login", login, "name", "Anna Jansen", "mail", "anna@example.org", "password", password), "/enrol")
	b.enrol()
	return b
}

func (b *browser) signIn() {
	b.s.t.Helper()
	b.goes(b.post(SignIn, "login", b.login, "password", password, "to", "/users"), "/sign-in/second?to=%2Fusers")
	b.goes(b.post("/sign-in/second", "code", b.code(), "to", "/users"), "/users")
}

var inLink = regexp.MustCompile(`<pre class="codes">\S+(/enter/[A-Za-z0-9_-]+)</pre>`)

// invite has an administrator add a user, who comes in.
func (s *stand) invite(by *browser, login string, role belwacht.Role) *browser {
	s.t.Helper()
	w := by.post("/users", "login", login, "name", login, "role", string(role), "tenant", "", "account", map[bool]string{true: "212"}[role == belwacht.RoleSelf], "language", "en")
	m := inLink.FindStringSubmatch(w.body)
	if m == nil {
		s.t.Fatalf("no link: %d %.2000s", w.StatusCode, w.body)
	}
	b := s.browser(login)
	b.comes(m[1], "/reset")
	b.shows(b.post("/reset", "password", "short"), http.StatusUnprocessableEntity, "at least 12 characters")
	if w := b.post("/reset", "password", password); w.Header.Get("Location") == "/enrol" {
		b.enrol()
	} else {
		b.goes(w, "/")
	}
	return b
}

// visitor is a user as if signed in, for what a test does beside the pages.
func (s *stand) visitor(t *testing.T, login string) *access.Visitor {
	t.Helper()
	for _, u := range s.door.Users() {
		if u.Login == login {
			return &access.Visitor{User: u, Session: belwacht.Session{Stage: belwacht.StageFull}, Via: "console"}
		}
	}
	t.Fatalf("there is no %s", login)
	return nil
}
