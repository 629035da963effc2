package people

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/web/webtest"
)

// TestPictures makes a picture of every page of the door and of who may come in, in both languages, both themes, wide and on a phone, has axe-core look at it, and
// fails where the policy is violated. make accept-console runs it; somebody should look at the pictures.
func TestPictures(t *testing.T) {
	if os.Getenv("BELWACHT_ACCEPT") != "console" {
		t.Skip("make accept-console makes pictures of every page")
	}
	s := open(t, true)
	b := browse(t, s)
	b.base = s.server.URL
	b.shots("sign-in", SignIn)
	b.shots("link", link(t, s))
	first := s.browser("anna")
	first.comes(link(t, s), "/first")
	b.as(first)
	b.shots("first", "/first")
	first.goes(first.post("/first", "login", "anna", "name", "Anna Jansen", "mail", "anna@example.org", "password", password), "/enrol")
	b.as(first)
	b.shots("enrol", "/enrol")
	first.enrol()
	b.as(first)
	b.shots("enrol-more", "/enrol")

	anna := first
	bert := s.invite(anna, "bert", belwacht.RoleAdministrator)
	s.invite(anna, "oscar", belwacht.RoleOperator)
	s.invite(anna, "sam", belwacht.RoleSelf)
	half := s.browser("bert")
	half.goes(half.post(SignIn, "login", "bert", "password", password), "/sign-in/second")
	b.as(half)
	b.shots("second", "/sign-in/second")
	reset := s.browser("ruud")
	m := inLink.FindStringSubmatch(anna.post("/users", "login", "ruud", "name", "Ruud", "role", string(belwacht.RoleHelpdesk), "tenant", "", "language", "").body)
	reset.comes(m[1], "/reset")
	b.as(reset)
	b.shots("reset", "/reset")

	b.as(anna)
	b.shots("keys-none", "/keys")
	anna.shows(anna.post("/keys", "name", "crm of the shop", "scope", "calls.read", "days", "90"), http.StatusOK, "bw")
	add := func(by *browser, login, name string) {
		by.goes(by.post("/users", "login", login, "name", name, "role", "administrator", "tenant", "", "language", "nl"), "/proposals")
	}
	b.shots("proposals-none", "/proposals")
	add(anna, "carla", "Carla")
	add(bert, "dora", "Dora")
	for _, p := range s.door.Proposals() {
		if p.Who == "anna" {
			bert.goes(bert.post("/proposals", "id", p.ID, "answer", "yes"), "/proposals")
		}
	}
	s.browser("anna").post(SignIn, "login", "anna", "password", "wrong")
	for _, p := range [][2]string{{"account", "/account"}, {"users", "/users"}, {"user", "/users/" + s.visitor(t, "oscar").User.ID}, {"roles", "/roles"}, {"keys", "/keys"}, {"sessions", "/sessions"}, {"proposals", "/proposals"}, {"audit", "/audit"}} {
		b.shots(p[0], p[1])
	}
}

// link makes a one-time link of the machine's own.
func link(t *testing.T, s *stand) string {
	t.Helper()
	secret, err := s.door.Link(t.Context(), "", "root")
	if err != nil {
		t.Fatal(err)
	}
	return door.LinkPath + secret
}

// as makes the browser's page that of somebody: it has their cookies.
func (b *tab) as(who *browser) {
	b.t.Helper()
	base, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		b.t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: who.agent}); err != nil {
		b.t.Fatal(err) // a session is ended where another browser shows its token
	}
	yes := true
	for _, c := range who.web.Jar.Cookies(base) {
		if _, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.base, Path: "/", Secure: &yes, HTTPOnly: &yes}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// shots makes the pictures of a page.
func (b *tab) shots(name, path string) {
	b.t.Helper()
	folder := filepath.Join("..", "..", "bin", "console")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	axe := webtest.Axe(b.t, filepath.Join("..", ".."))
	for _, k := range webtest.Kinds() {
		how := name + "-" + k.Name
		b.do(chromedp.EmulateViewport(k.Width, k.Height))
		for n, v := range map[string]string{"belwacht_language": k.Language, "belwacht_theme": k.Theme} {
			if _, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: n, Value: base64.RawURLEncoding.EncodeToString([]byte(v)), URL: b.base, Path: "/"}); err != nil {
				b.t.Fatal(err)
			}
		}
		b.visit(path)
		b.until(how, `document.readyState === 'complete' && document.querySelector('h1') && performance.getEntriesByType('navigation')[0].responseStatus === 200 && location.pathname === `+quote(path)+` && document.documentElement.lang === `+quote(k.Language))
		if b.is(`document.documentElement.scrollWidth > innerWidth + 1`) {
			b.t.Errorf("%s: the page is wider than the window", how)
		}
		if k.Wide && b.is(webtest.CutOff) {
			b.t.Errorf("%s: a table is cut off", how)
		}
		png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
		if err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, how+".png"), png, 0o644); err != nil {
			b.t.Fatal(err)
		}
		if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[*runtime.RemoteObject](axe)); err != nil {
			b.t.Fatal(err)
		}
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](webtest.AxeFinds, chromedp.EvalAwaitPromise))
		if err != nil {
			b.t.Fatal(err)
		}
		b.mu.Lock()
		found, b.complaints = append(found, b.complaints...), nil
		b.mu.Unlock()
		for _, f := range found {
			b.t.Errorf("%s: %s", how, f)
		}
	}
}
