package people

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/web/ui"
)

// patience is how long something may take on a loaded machine.
const patience = 2 * time.Minute

// tab is a page of a real browser with an authenticator of its own, and what the browser complained of.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
	key  webauthn.AuthenticatorID

	mu         sync.Mutex
	complaints []string
}

// browse opens a browser. Where there is no Chromium or nothing is built, the test is skipped and says so; in make accept it fails.
func browse(t *testing.T, s *stand) *tab {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && program == "" {
			program = p
		}
	}
	if program == "" || !ui.Built() {
		lacks := "there is no Chromium; bash test/need.sh chromium"
		if program != "" {
			lacks = "the console's assets are not built; make ui"
		}
		if os.Getenv("BELWACHT_ACCEPT") != "" {
			t.Fatal(lacks)
		}
		t.Skip(lacks)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("ignore-certificate-errors", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	// A passkey belongs to a name; localhost is one that browsers trust without TLS.
	b := &tab{t: t, ctx: ctx, base: strings.Replace(s.server.URL, "127.0.0.1", "localhost", 1)}
	b.do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	b.authenticator(true)
	return b
}

func (b *tab) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *cdplog.EventEntryAdded:
		// A page that says no is an error to the browser's log; that we look at by its words.
		if e.Entry.Level == cdplog.EntryLevelError && !strings.Contains(e.Entry.Text, "Failed to load resource") {
			b.complaints = append(b.complaints, e.Entry.Text+" "+e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		said := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			said += " " + x.Description
		}
		b.complaints = append(b.complaints, said)
	}
}

// authenticator puts a new one in place of the one there was; verifies says whether it finds the user to be the right one.
func (b *tab) authenticator(verifies bool) {
	b.t.Helper()
	if b.key != "" {
		if _, err := chromedp.Call(b.ctx, webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{AuthenticatorID: b.key}); err != nil {
			b.t.Fatal(err)
		}
	}
	r, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
		AutomaticPresenceSimulation: true, IsUserVerified: verifies}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.key = r.AuthenticatorID
}

// override has the authenticator lie: a signature that is none, or an answer without the user verified.
func (b *tab) override(bogus, unverified bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: b.key, IsBogusSignature: &bogus,
		IsBadUV: &unverified}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// visit opens a page. A page that is still on its way (a form just sent) may take its place; then it is opened again.
func (b *tab) visit(path string) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		err := chromedp.Do(b.ctx, chromedp.Navigate(b.base+path))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "ERR_ABORTED") || time.Now().After(end) {
			b.t.Fatal(err)
		}
	}
}

// is evaluates an expression that gives true or false.
func (b *tab) is(expression string) bool {
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
	return err == nil && v
}

// until waits for an expression to become true.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	for end := time.Now().Add(patience); !b.is(expression); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			said, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText"))
			b.t.Fatalf("%s: not so within two minutes; the page says:\n%.1500s\n%q", what, said, b.complaints)
		}
	}
}

func quote(s string) string {
	q, _ := json.Marshal(s)
	return string(q)
}

// at waits for a page with a heading.
func (b *tab) at(heading string) {
	b.t.Helper()
	b.until("the page "+heading, `document.readyState === 'complete' && document.querySelector('h1')?.innerText.trim() === `+quote(heading))
}

// says waits for words on the page.
func (b *tab) says(words string) {
	b.t.Helper()
	b.until(words, `document.body.innerText.includes(`+quote(words)+`)`)
}

func (b *tab) fill(name, value string) {
	b.t.Helper()
	b.until("a field "+name, `document.querySelector('[name=`+name+`]:not([type=hidden])')`)
	b.do(chromedp.SetValue(`[name=`+name+`]:not([type=hidden])`, value))
}

// press clicks what has these words on it.
func (b *tab) press(words string) {
	b.t.Helper()
	find := `[...document.querySelectorAll('button, a.btn')].find(e => e.offsetParent && e.innerText.trim().startsWith(` + quote(words) + `))`
	b.until("a button "+words, find)
	b.is(find + `.click() || true`)
}

// TestPasskey goes through a first start with a passkey in a real Chromium: making one, signing in with it, one that lies, one of another page, removing it.
func TestPasskey(t *testing.T) {
	s := open(t, false)
	b := browse(t, s)
	secret, err := s.door.Link(t.Context(), "", "root")
	if err != nil {
		t.Fatal(err)
	}
	b.visit(door.LinkPath + secret)
	b.press("Come in")
	b.at("The first administrator")
	b.fill("login", "anna")
	b.fill("name", "Anna Jansen")
	b.fill("password", password)
	b.press("Continue")
	b.at("Second factor")
	b.fill("name", "test key")
	b.press("Make a passkey")
	b.at("Recovery codes")
	b.press("I have kept them")
	u := s.door.Users()[0]
	if len(u.Secrets.Passkeys) != 1 || u.Secrets.Passkeys[0].Name != "test key" || len(u.Secrets.Recovery) != 10 {
		t.Fatalf("%+v", u.Secrets)
	}
	out := func() {
		t.Helper()
		b.visit("/account")
		b.at("My account")
		b.is(`document.querySelector('form[action="/sign-out"]').requestSubmit() || true`) // on a narrow screen it is behind the menu
		b.at("Sign in")
	}
	signOut := func() {
		t.Helper()
		if err := s.door.EndSession(t.Context(), s.visitor(t, "anna"), s.door.Sessions(u.ID)[0].ID); err != nil {
			t.Fatal(err)
		}
		b.visit(SignIn + "?to=/account")
		b.at("Sign in")
	}
	out()
	b.visit(SignIn + "?to=/account")
	b.press("Sign in with a passkey")
	b.at("My account")
	if got := s.door.Sessions(u.ID)[0].Means; got != "passkey" {
		t.Errorf("signed in by %s", got)
	}
	// The password's second step takes it too.
	signOut()
	b.fill("login", "anna")
	b.fill("password", password)
	b.press("Sign in")
	b.at("Second step")
	b.press("Use a passkey instead")
	b.at("My account")
	// One that lies opens nothing. (The second lie a browser may find out by itself.)
	signOut()
	for _, lie := range []struct {
		name              string
		bogus, unverified bool
	}{{"a signature that is none", true, false}, {"an answer without the user verified", false, true}} {
		b.visit(SignIn)
		b.at("Sign in")
		b.override(lie.bogus, lie.unverified)
		b.press("Sign in with a passkey")
		b.until(lie.name+" is refused", `document.body.innerText.match(/passkey was not (accepted|used)/)`)
		if n := len(s.door.Sessions(u.ID)); n != 0 {
			t.Errorf("%s opens", lie.name)
		}
	}
	b.override(false, false)
	s.pass(time.Hour) // the tries that failed are not held against what follows
	b.visit(SignIn + "?to=/account")
	b.press("Sign in with a passkey")
	b.at("My account")
	// The last one stays; with codes beside it, it goes.
	b.is(`document.querySelectorAll('details').forEach(d => d.open = true) || true`)
	b.do(chromedp.SetValue(`form[action="/account/passkey/remove"] [name=password]`, password))
	b.press("Remove this passkey")
	b.says("your last second factor")
	// Another authenticator has no passkey of ours.
	signOut()
	b.authenticator(true)
	b.press("Sign in with a passkey")
	b.says("The passkey was not used")
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		t.Errorf("the browser says: %s", c)
	}
}
