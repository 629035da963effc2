package people

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/webtest"
)

// route is a way in, and what it asks for: "" = it finds out itself who is in which stage.
type route struct {
	method, path string
	needs        belwacht.Permission
}

func routes() []route {
	return []route{
		{"GET", "/sign-in", ""}, {"POST", "/sign-in", ""}, {"GET", "/sign-in/second", ""}, {"POST", "/sign-in/second", ""}, {"POST", "/sign-in/passkey/begin", ""},
		{"POST", "/sign-in/passkey", ""}, {"GET", "/enter/x", ""}, {"POST", "/enter/x", ""}, {"GET", "/first", ""}, {"POST", "/first", ""}, {"GET", "/reset", ""},
		{"POST", "/reset", ""}, {"GET", "/enrol", ""}, {"POST", "/enrol/codes", ""}, {"POST", "/enrol/passkey/begin", ""}, {"POST", "/enrol/passkey", ""},
		{"POST", "/sign-out", ""},
		{"GET", "/account", access.OwnAccount}, {"POST", "/account/password", access.OwnAccount}, {"POST", "/account/codes/remove", access.OwnAccount},
		{"POST", "/account/passkey/remove", access.OwnAccount}, {"POST", "/account/session/end", access.OwnAccount}, {"POST", "/account/recovery", access.OwnAccount},
		{"GET", "/users", access.UsersRead}, {"POST", "/users", access.UsersChange}, {"GET", "/users/x", access.UsersRead}, {"POST", "/users/x", access.UsersChange},
		{"POST", "/users/x/reset", access.UsersChange}, {"POST", "/users/x/remove", access.UsersChange}, {"GET", "/roles", access.UsersRead},
		{"GET", "/keys", access.KeysRead}, {"POST", "/keys", access.KeysChange}, {"POST", "/keys/revoke", access.KeysChange},
		{"GET", "/sessions", access.SessionsRead}, {"POST", "/sessions/end", access.SessionsEnd},
		{"GET", "/proposals", access.ActsAgree}, {"POST", "/proposals", access.ActsAgree},
		{"GET", "/audit", access.LogRead}, {"POST", "/audit/verify", access.LogRead}, {"POST", "/audit/read", access.LogRead},
	}
}

// TestEveryRouteEveryRole asks each way in as each role, as nobody, and as somebody whose second factor is still to come.
func TestEveryRouteEveryRole(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	registered := 0
	for _, name := range sources {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			registered += len(regexp.MustCompile(`p\.site\.(Get|Post|Form|Data|Live)\(`).FindAll(b, -1))
		}
	}
	if registered != len(routes()) {
		t.Errorf("%d ways in are registered and %d are in this test", registered, len(routes()))
	}
	s := open(t, true)
	anna := s.admin("anna")
	people := map[string]*browser{"nobody": s.browser("nobody"), "half": s.browser("anna"), string(belwacht.RoleAdministrator): anna}
	for _, r := range belwacht.Roles()[1:] {
		people[string(r)] = s.invite(anna, string(r), r)
	}
	people["half"].goes(people["half"].post(SignIn, "login", "anna", "password", password), "/sign-in/second")
	for who, b := range people {
		for _, r := range routes() {
			if r.path == "/sign-out" || who == "half" && strings.HasPrefix(r.path, "/sign-in") {
				continue
			}
			w := b.do(r.method, r.path, nil, nil)
			to := w.Header.Get("Location")
			refused := w.StatusCode == http.StatusForbidden || w.StatusCode == http.StatusTooManyRequests || w.StatusCode == http.StatusSeeOther && strings.HasPrefix(to, SignIn)
			switch allowed := access.May(belwacht.Role(who), r.needs); {
			case w.StatusCode >= 500:
				t.Errorf("%s %s as %s: %d %.500s", r.method, r.path, who, w.StatusCode, w.body)
			case r.needs != "" && !allowed && !refused:
				t.Errorf("%s %s as %s: %d", r.method, r.path, who, w.StatusCode)
			case r.needs != "" && allowed && refused && r.path != "/account/password" && !strings.HasPrefix(r.path, "/account/"):
				t.Errorf("%s %s as %s is refused: %d %.500s", r.method, r.path, who, w.StatusCode, w.body)
			case r.needs == "" && !strings.HasPrefix(r.path, SignIn) && !strings.HasPrefix(r.path, "/enrol") && !refused:
				t.Errorf("%s %s as %s outside its stage: %d", r.method, r.path, who, w.StatusCode)
			case r.needs == "" && strings.HasPrefix(r.path, "/enrol") && (who == "nobody" || who == "half") && !refused:
				t.Errorf("%s %s as %s: %d", r.method, r.path, who, w.StatusCode)
			}
		}
	}
}

func TestFirstStart(t *testing.T) {
	s := open(t, true)
	b := s.browser("anna")
	b.goes(b.get("/users?x=1"), "/sign-in?to=%2Fusers%3Fx%3D1")
	b.shows(b.get("/enter/nonsense"), http.StatusForbidden, "used already")
	anna := s.admin("anna")
	anna.shows(anna.get("/account"), http.StatusOK, "Anna Jansen", "10 recovery codes are left", "this one")
	anna.goes(anna.post("/sign-out"), SignIn)
	anna.goes(anna.get("/account"), "/sign-in?to=%2Faccount")
	anna.shows(anna.post(SignIn, "login", "anna", "password", "wrong"), http.StatusForbidden, "Name or password is wrong.")
	anna.signIn()
	anna.shows(anna.get("/users"), http.StatusOK, "anna", "Who may come in")
	// What leads elsewhere is not followed.
	for _, to := range []string{"//evil.example", "https://evil.example/", `/\evil.example`, "javascript:alert(1)", "/ok\r\nX: y"} {
		b := s.browser("anna")
		b.secret = anna.secret
		b.goes(b.post(SignIn, "login", "anna", "password", password, "to", to), "/sign-in/second")
		b.goes(b.post("/sign-in/second", "code", b.code(), "to", to), "/")
	}
}

// TestCookies looks at what a browser is given, before and after each step.
func TestCookies(t *testing.T) {
	s := open(t, true)
	anna := s.admin("anna")
	b := s.browser("anna")
	b.secret = anna.secret
	planted := &http.Cookie{Name: "belwacht", Value: strings.Repeat("A", 43)}
	first := b.do("POST", SignIn, map[string][]string{"login": {"anna"}, "password": {password}}, map[string]string{"Cookie": planted.String()})
	second := b.post("/sign-in/second", "code", b.code())
	var values []string
	for _, w := range []*answer{first, second} {
		for _, c := range w.Cookies() {
			if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("cookie %+v", c)
			}
			if strings.HasSuffix(c.Name, "belwacht") {
				if c.MaxAge != 0 || !c.Expires.IsZero() {
					t.Errorf("the session outlives the browser: %+v", c)
				}
				values = append(values, c.Value)
			}
		}
	}
	if len(values) != 2 || values[0] == values[1] || values[0] == planted.Value {
		t.Errorf("tokens of the steps: %q", values)
	}
	old := s.browser("anna")
	for _, v := range []string{values[0], planted.Value} {
		if w := old.do("GET", "/account", nil, map[string]string{"Cookie": "__Host-belwacht=" + v}); w.StatusCode != http.StatusSeeOther {
			t.Errorf("a former token opens: %d", w.StatusCode)
		}
	}
	if w := old.do("GET", "/account", nil, map[string]string{"Cookie": "belwacht=" + values[1], "User-Agent": b.agent}); w.StatusCode != http.StatusSeeOther {
		t.Errorf("over TLS a cookie opens that any host of the domain can set: %d", w.StatusCode)
	}
	// Stolen: shown by another browser it opens nothing, and its owner's session is over too.
	thief := s.browser("thief")
	if w := thief.do("GET", "/account", nil, map[string]string{"Cookie": "__Host-belwacht=" + values[1]}); w.StatusCode != http.StatusSeeOther {
		t.Errorf("a stolen token opens: %d", w.StatusCode)
	}
	if w := b.get("/account"); w.StatusCode != http.StatusSeeOther {
		t.Errorf("after the theft the session goes on: %d", w.StatusCode)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Strict-Transport-Security": "max-age"} {
		if got := anna.get("/account").Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if p := anna.get("/account").Header.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") {
		t.Errorf("policy: %s", p)
	}
}

// TestOtherSites: what another site has a browser send is refused, whatever it is.
func TestOtherSites(t *testing.T) {
	s := open(t, true)
	anna := s.admin("anna")
	for _, r := range routes() {
		if r.method != "POST" {
			continue
		}
		for _, head := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}} {
			if w := anna.do("POST", r.path, nil, head); w.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v: %d", r.path, head, w.StatusCode)
			}
		}
	}
	if w := anna.get("/account"); w.StatusCode != http.StatusOK {
		t.Errorf("another site signed anna out: %d", w.StatusCode)
	}
}

func TestGuessing(t *testing.T) {
	s := open(t, true)
	anna := s.admin("anna")
	b := s.browser("guesser")
	for i := 0; ; i++ {
		w := b.post(SignIn, "login", "anna", "password", "Wrong-lamp7-rivier")
		if w.StatusCode == http.StatusTooManyRequests {
			b.shows(w, w.StatusCode, "Too many wrong tries")
			break
		}
		if b.shows(w, http.StatusForbidden, "Name or password is wrong."); i > 10 {
			t.Fatal("guessing is not slowed")
		}
	}
	anna.signIn() // from the same address, in a browser that is known
}

// TestSeen: what one administrator does that lessens protection stands above every page of the others until they have seen it, and not of the one who did it.
func TestSeen(t *testing.T) {
	s := open(t, true)
	anna := s.admin("anna")
	bert := s.invite(anna, "bert", belwacht.RoleAdministrator)
	says := "Others have done what lessens protection"
	oscar := s.invite(anna, "oscar", belwacht.RoleOperator)
	u, _ := s.door.User(s.door.Users()[2].ID)
	if u.Login != "oscar" {
		t.Fatal(u.Login)
	}
	anna.shows(anna.post("/users/"+u.ID+"/reset"), http.StatusOK, "/enter/")
	bert.shows(bert.get("/account"), http.StatusOK, says)
	bert.shows(bert.get("/audit?weakens=1"), http.StatusOK, "took away a user", "oscar", "bg-red-lt")
	if w := oscar.get("/account"); strings.Contains(w.body, says) {
		t.Error("an operator is told too")
	}
	newest := regexp.MustCompile(`name="to" value="(\d+)"`).FindStringSubmatch(bert.get("/audit").body)
	bert.goes(bert.post("/audit/read", "to", newest[1]), "/audit")
	if w := bert.get("/account"); strings.Contains(w.body, says) {
		t.Error("what was seen is told again")
	}
	// A third administrator takes two: anna proposes, bert agrees, anna does it once more.
	add := []string{"login", "carla", "name", "Carla", "role", "administrator", "tenant", "", "language", "nl"}
	anna.goes(anna.post("/users", add...), "/proposals")
	bert.shows(bert.get("/account"), http.StatusOK, "waits for a second administrator")
	w := bert.get("/proposals")
	bert.shows(w, http.StatusOK, "added an administrator", "carla")
	id := regexp.MustCompile(`name="id" value="([0-9a-f]+)"`).FindStringSubmatch(w.body)[1]
	if w := anna.post("/proposals", "id", id, "answer", "yes"); w.StatusCode != http.StatusForbidden {
		t.Errorf("anna agrees to her own proposal: %d", w.StatusCode)
	}
	if w := anna.get("/proposals"); strings.Contains(w.body, "Carry it out") {
		t.Error("what nobody agreed to can be carried out")
	}
	bert.goes(bert.post("/proposals", "id", id, "answer", "yes"), "/proposals")
	anna.shows(anna.get("/account"), http.StatusOK, "bert agreed to what you proposed", "Carry it out")
	w = anna.get("/proposals")
	anna.shows(w, http.StatusOK, "Carry it out", `action="/users"`)
	if w := bert.get("/proposals"); strings.Contains(w.body, "Carry it out") {
		t.Error("another can carry it out")
	}
	var button []string // what the button sends: nothing is typed
	of := w.body[strings.Index(w.body, `action="/users"`):]
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(of[:strings.Index(of, "</form>")], -1) {
		button = append(button, m[1], m[2])
	}
	twisted := slices.Clone(button)
	twisted[slices.Index(twisted, "Carla")] = "Carla Otherwise"
	anna.shows(anna.post("/users", twisted...), http.StatusUnprocessableEntity, "not what was agreed to")
	twisted[slices.Index(button, "administrator")] = "operator"
	anna.shows(anna.post("/users", twisted...), http.StatusUnprocessableEntity, "no longer fits")
	anna.shows(anna.post("/users", button...), http.StatusOK, "/enter/")
	if w := anna.post("/users", append(button, "login", "dora")...); w.StatusCode == http.StatusOK {
		t.Error("it is carried out twice")
	}
	anna.shows(anna.post("/audit/verify"), http.StatusOK, "The audit log is whole")
	anna.shows(anna.post("/audit/verify", "head", "nonsense"), http.StatusOK, "was changed", "given head 1")
}

func TestKeysPage(t *testing.T) {
	s := open(t, true)
	anna := s.admin("anna")
	anna.shows(anna.post("/keys", "name", "x", "days", "9000", "scope", "calls.read"), http.StatusUnprocessableEntity, "at most two years")
	w := anna.post("/keys", "name", webtest.Hostile, "days", "30", "scope", "calls.read", "scope", "health.read", "from", "127.0.0.1")
	m := regexp.MustCompile(`<pre class="codes">(bwk_\w[^<]+)</pre>`).FindStringSubmatch(w.body)
	if m == nil {
		t.Fatalf("%.1000s", w.body)
	}
	v, err := s.door.VisitKey(m[1], netip.MustParseAddr("127.0.0.1"))
	if err != nil || !v.May(access.CallsRead) || v.May(access.UsersRead) {
		t.Errorf("%v", err)
	}
	w = anna.get("/keys")
	webtest.Clean(t, "/keys", w.body)
	if strings.Contains(w.body, m[1][30:]) {
		t.Error("the key is shown a second time")
	}
	anna.goes(anna.post("/keys/revoke", "id", v.Key), "/keys")
	if _, err := s.door.VisitKey(m[1], netip.MustParseAddr("127.0.0.1")); err == nil {
		t.Error("a revoked key opens")
	}
}

// TestPages draws each page in both languages, with hostile names on it.
func TestPages(t *testing.T) {
	s := open(t, true)
	anna := s.admin("anna")
	s.invite(anna, "oscar", belwacht.RoleOperator)
	users := s.door.Users()
	hostile := users[1]
	hostile.Name, hostile.Account = webtest.Hostile[:60], webtest.Hostile[:60]
	anna.goes(anna.post("/users/"+hostile.ID, "name", hostile.Name, "role", "operator", "account", hostile.Account, "language", "nl", "tenant", ""), "/users")
	anna.agent = `"><script>alert(1)</script><img src=x onerror=alert(2)> {{.}}`
	anna.signIn()
	for _, language := range []string{"en", "nl"} {
		if err := s.door.SetLanguage(t.Context(), &access.Visitor{User: users[0], Session: belwacht.Session{Stage: belwacht.StageFull}}, language); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/account", "/enrol", "/users", "/users/" + hostile.ID, "/roles", "/keys", "/sessions", "/proposals", "/audit"} {
			w := anna.get(path)
			if w.StatusCode != http.StatusOK || !strings.Contains(w.body, `<html lang="`+language+`"`) {
				t.Errorf("%s in %s: %d %.1000s", path, language, w.StatusCode, w.body)
			}
			webtest.Clean(t, path, w.body)
			if nl := strings.Contains(w.body, "<span>Gebruikers</span>"); nl != (language == "nl") {
				t.Errorf("%s: the menu is not in %s", path, language)
			}
		}
	}
	nobody := s.browser("nobody")
	w := nobody.do("GET", SignIn, nil, map[string]string{"Accept-Language": "nl"})
	nobody.shows(w, http.StatusOK, "Aanmelden met een passkey", "belwacht access link")
	w = nobody.do("POST", SignIn, map[string][]string{"login": {webtest.Hostile}, "password": {"x"}}, map[string]string{"Accept-Language": "nl"})
	nobody.shows(w, http.StatusForbidden, "Naam of wachtwoord klopt niet.")
	webtest.Clean(t, SignIn, w.body)
}

// TestFrom: who may say for whom a request comes.
func TestFrom(t *testing.T) {
	d := NewDoor(nil, []netip.Prefix{netip.MustParsePrefix("192.0.2.80/32")})
	for _, c := range []struct{ remote, forwarded, want string }{
		{"198.51.100.7:1", "", "198.51.100.7"},
		{"198.51.100.7:1", "127.0.0.1", "198.51.100.7"}, // who is no proxy says nothing
		{"192.0.2.80:1", "203.0.113.9", "203.0.113.9"},
		{"192.0.2.80:1", "127.0.0.1, 203.0.113.9", "203.0.113.9"}, // what the client wrote itself stands before
		{"192.0.2.80:1", "203.0.113.9, 192.0.2.80", "203.0.113.9"},
		{"192.0.2.80:1", "nonsense", "0.0.0.0"},
		{"192.0.2.80:1", "", "0.0.0.0"},
		{"127.0.0.1:1", "", "127.0.0.1"},
		{"127.0.0.1:1", "203.0.113.9", "0.0.0.0"}, // a proxy that nobody told us of
		{"[::1]:1", "", "::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := d.From(r); got.String() != c.want {
			t.Errorf("%s forwarded %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

// TestShut: outside networks and hours not even the page to sign in is shown, but the page of a link.
func TestShut(t *testing.T) {
	s := open(t, true)
	if err := s.door.Use(access.Policy{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}); err != nil {
		t.Fatal(err)
	}
	site := s.server.Config.Handler
	for path, want := range map[string]int{SignIn: http.StatusForbidden, "/account": http.StatusForbidden, "/enter/x": http.StatusForbidden, "/healthz": http.StatusOK} {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr = "198.51.100.7:1"
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s from elsewhere: %d", path, w.Code)
		}
	}
	secret, err := s.door.Link(t.Context(), "", "root")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/enter/"+secret, nil)
	r.RemoteAddr = "198.51.100.7:1"
	w := httptest.NewRecorder()
	if site.ServeHTTP(w, r); w.Code != http.StatusOK {
		t.Errorf("a link from elsewhere: %d", w.Code)
	}
}

var _ web.Door = (*Door)(nil)
