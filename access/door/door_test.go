package door_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
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
)

const password = "Kers-lamp7-rivier"

var (
	office  = netip.MustParseAddr("192.0.2.7")
	outside = netip.MustParseAddr("198.51.100.9")
)

// house is a door with a real store and a real audit log behind it.
type house struct {
	*door.Door
	t      *testing.T
	folder string
	store  *sqlite.Store
	log    *ledger.Log
	lines  strings.Builder
	policy access.Policy

	mu      sync.Mutex
	now     time.Time
	notices []belwacht.Notice
}

func (h *house) Notice(n *belwacht.Notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notices = append(h.notices, *n)
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// told lists what a user was told, and forgets it.
func (h *house) told(login string) (kinds []belwacht.NoticeKind) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.notices {
		for _, u := range n.To {
			if u.Login == login {
				kinds = append(kinds, n.Kind)
			}
		}
	}
	h.notices = nil
	return kinds
}

func build(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, folder: t.TempDir(), now: time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC),
		policy: access.Policy{Own: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}}
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *house) open() {
	h.t.Helper()
	must := func(err error) {
		if err != nil {
			h.t.Fatal(err)
		}
	}
	var err error
	h.store, err = sqlite.Open(context.Background(), sqlite.Config{Folder: h.folder, Within: time.Minute})
	must(err)
	keys, err := ledger.LoadKeys(h.folder, "test")
	must(err)
	secret, err := access.LoadSecret(h.folder)
	must(err)
	h.log = ledger.New(ledger.Config{Store: h.store, Keys: keys, Now: h.clock})
	h.Door, err = door.New(context.Background(), door.Config{Users: h.store, Sessions: h.store, Keys: h.store, Proposals: h.store, Notes: h.store, Entries: h.log, Teller: h, Secret: secret,
		Policy: h.policy, Names: []string{"pbx.bakkerij.example"}, Log: slog.New(slog.NewTextHandler(&h.lines, nil)), Now: h.clock})
	must(err)
}

func (h *house) close() {
	if err := h.store.Close(context.Background()); err != nil {
		h.t.Error(err)
	}
}

// restart is a new process with the same folder.
func (h *house) restart() {
	h.t.Helper()
	h.close()
	h.open()
}

// someone is a person with a browser and a telephone.
type someone struct {
	h       *house
	login   string
	secret  string // of TOTP
	codes   []string
	from    netip.Addr
	agent   string
	token   string
	device  string
	visitor *access.Visitor
}

func (h *house) someone(login string) *someone {
	return &someone{h: h, login: login, from: office, agent: "Firefox of " + login}
}

func (p *someone) attempt() *door.Attempt {
	return &door.Attempt{Login: p.login, Password: password, From: p.from, Agent: p.agent, Device: p.device, Origin: "https://belwacht.example.org"}
}

// take keeps what a ticket gives, as a browser would.
func (p *someone) take(t *door.Ticket) {
	p.h.t.Helper()
	if t == nil {
		p.h.t.Fatal("no ticket")
	}
	p.token = t.Token
	if t.Device != "" {
		p.device = t.Device
	}
	p.visit()
}

func (p *someone) visit() *access.Visitor {
	p.h.t.Helper()
	v, err := p.h.Visit(context.Background(), p.token, p.from, p.agent)
	if err != nil {
		p.h.t.Fatal(err)
	}
	p.visitor = v
	return v
}

// code is what the telephone shows, after the step of the last one is over.
func (p *someone) code() string {
	p.h.pass(30 * time.Second)
	c, err := totp.GenerateCode(p.secret, p.h.clock())
	if err != nil {
		p.h.t.Fatal(err)
	}
	return c
}

// enrol sets up codes.
func (p *someone) enrol() {
	p.h.t.Helper()
	s, err := p.h.TOTP(p.visitor)
	if err != nil {
		p.h.t.Fatal(err)
	}
	p.secret = s.Secret
	t, codes, err := p.h.ConfirmTOTP(context.Background(), p.visitor, "", p.code(), p.attempt())
	if err != nil {
		p.h.t.Fatal(err)
	}
	p.codes = codes
	p.take(t)
}

// signIn goes through both steps.
func (p *someone) signIn() error {
	p.h.t.Helper()
	t, err := p.h.SignIn(context.Background(), p.attempt())
	if err != nil {
		return err
	}
	p.take(t)
	if t.Session.Stage != belwacht.StageSecond {
		return nil
	}
	a := p.attempt()
	a.Code = p.code()
	if t, err = p.h.Second(context.Background(), p.token, a); err != nil {
		return err
	}
	p.take(t)
	return nil
}

// admin makes the first administrator, signed in.
func (h *house) admin(login string) *someone {
	h.t.Helper()
	p := h.someone(login)
	secret, err := h.Link(context.Background(), "", "root")
	if err != nil {
		h.t.Fatal(err)
	}
	t, err := h.Enter(context.Background(), secret, p.attempt())
	if err != nil {
		h.t.Fatal(err)
	}
	p.take(t)
	if t, err = h.First(context.Background(), p.visitor, belwacht.User{Login: login, Name: login, Language: "nl"}, password, p.attempt()); err != nil {
		h.t.Fatal(err)
	}
	p.take(t)
	p.enrol()
	return p
}

// invite has an administrator add somebody, who comes in by the link.
func (h *house) invite(by *someone, u belwacht.User) *someone {
	h.t.Helper()
	secret, waits, err := h.Add(context.Background(), by.visitor, u)
	if err != nil || waits != nil {
		h.t.Fatalf("%v, %v", err, waits)
	}
	p := h.someone(u.Login)
	t, err := h.Enter(context.Background(), secret, p.attempt())
	if err != nil {
		h.t.Fatal(err)
	}
	p.take(t)
	if t, err = h.Reset(context.Background(), p.visitor, password, p.attempt()); err != nil {
		h.t.Fatal(err)
	}
	p.take(t)
	if t.Session.Stage == belwacht.StageEnrol {
		p.enrol()
	}
	return p
}

func (h *house) acts(filter belwacht.EntryQuery) (acts []string) {
	h.t.Helper()
	list, _, err := h.store.Entries(context.Background(), &filter)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range list {
		acts = append(acts, string(e.Act))
	}
	return acts
}

func code(t *testing.T, err error, want belwacht.Code) {
	t.Helper()
	if err == nil || belwacht.CodeOf(err) != want {
		t.Errorf("error %v, want one of code %s", err, want)
	}
}

func TestFirstStart(t *testing.T) {
	h := build(t)
	anna := h.someone("anna")
	_, err := h.SignIn(t.Context(), anna.attempt())
	code(t, err, belwacht.Forbidden)
	secret, err := h.Link(t.Context(), "", "root")
	if err != nil {
		t.Fatal(err)
	}
	if !h.Waits(secret) || h.Waits(secret+"x") {
		t.Error("a link does not wait, or another does")
	}
	tk, err := h.Enter(t.Context(), secret, anna.attempt())
	if err != nil || tk.Session.Stage != belwacht.StageFirst {
		t.Fatalf("%+v, %v", tk, err)
	}
	_, err = h.Enter(t.Context(), secret, anna.attempt())
	code(t, err, belwacht.Forbidden) // once
	anna.take(tk)
	for _, p := range access.AllPermissions() {
		if anna.visitor.May(p) {
			t.Errorf("before there is a password one may %s", p)
		}
	}
	u := belwacht.User{Login: "anna", Name: "Anna Jansen", Role: belwacht.RoleSelf, Tenant: "elm", ID: "chosen"}
	for _, weak := range []string{"short", "Jansen-lamp7-rivier", "Bakkerij-lamp7-rivier", "Welkom123456!"} {
		_, err = h.First(t.Context(), anna.visitor, u, weak, anna.attempt())
		var w *door.WeakPassword
		if code(t, err, belwacht.Invalid); !errors.As(err, &w) {
			t.Errorf("%q: %v", weak, err)
		}
	}
	tk, err = h.First(t.Context(), anna.visitor, u, password, anna.attempt())
	if err != nil || tk.Session.Stage != belwacht.StageEnrol || tk.User.Role != belwacht.RoleAdministrator || tk.User.Tenant != "" || tk.User.ID == "chosen" {
		t.Fatalf("%+v, %v", tk, err)
	}
	old := anna.token
	anna.take(tk)
	if v, err := h.Visit(t.Context(), old, office, anna.agent); v != nil || err != nil {
		t.Error("the token of the step before opens still")
	}
	for _, p := range access.AllPermissions() {
		if anna.visitor.May(p) {
			t.Errorf("without a second factor an administrator may %s", p)
		}
	}
	_, err = h.Do(t.Context(), anna.visitor, &access.Deed{Act: access.LimitRaise}, func() error { t.Error("done"); return nil })
	code(t, err, belwacht.Forbidden)
	anna.enrol()
	if !anna.visitor.May(access.UsersChange) || len(anna.codes) != 10 {
		t.Errorf("%+v, %d recovery codes", anna.visitor, len(anna.codes))
	}
	// Another link for a first one is none any more.
	_, err = h.Link(t.Context(), "", "root")
	code(t, err, belwacht.Usage)
	if got := strings.Join(h.acts(belwacht.EntryQuery{}), " "); got != "session.sign-in own.factor-added user.add-administrator access.link-used access.link session.failed" {
		t.Errorf("the audit log has %s", got)
	}
	h.restart()
	if v := anna.visit(); !v.May(access.UsersChange) {
		t.Error("after a restart anna is signed out")
	}
	if err := anna.signIn(); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

func TestSecondFactor(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	if err := anna.signIn(); err != nil {
		t.Fatal(err)
	}
	second := func(c string) error {
		tk, err := h.SignIn(t.Context(), anna.attempt())
		if err != nil {
			return err
		}
		a := anna.attempt()
		a.Code = c
		_, err = h.Second(t.Context(), tk.Token, a)
		return err
	}
	used := anna.code()
	if err := second(used); err != nil {
		t.Fatal(err)
	}
	code(t, second(used), belwacht.Forbidden) // replay
	h.restart()
	code(t, second(used), belwacht.Forbidden) // and over a restart
	if err := second(anna.codes[0]); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	code(t, second(anna.codes[0]), belwacht.Forbidden)
	// Five wrong ones end the session, and the right one comes too late.
	tk, err := h.SignIn(t.Context(), anna.attempt())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		h.pass(time.Hour)
		if tk, err = h.SignIn(t.Context(), anna.attempt()); err != nil {
			t.Fatal(err)
		}
	}
	a := anna.attempt()
	for a.Code = "000000"; ; h.pass(2 * time.Minute) {
		_, err := h.Second(t.Context(), tk.Token, a)
		if err == nil {
			t.Fatal("000000 is a code")
		}
		if strings.Contains(err.Error(), "begin again") {
			break
		}
	}
	a.Code = anna.code()
	_, err = h.Second(t.Context(), tk.Token, a)
	code(t, err, belwacht.Forbidden)
}

// TestFixation: what a browser showed before a step opens nothing after it, and a token that was made up opens nothing ever.
func TestFixation(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	planted := strings.Repeat("A", 43)
	if v, err := h.Visit(t.Context(), planted, office, anna.agent); v != nil || err != nil {
		t.Fatalf("%v, %v", v, err)
	}
	tk, err := h.SignIn(t.Context(), anna.attempt())
	if err != nil || tk.Token == planted || tk.Token == anna.token {
		t.Fatalf("%v", err)
	}
	a := anna.attempt()
	a.Code = anna.code()
	next, err := h.Second(t.Context(), tk.Token, a)
	if err != nil || next.Token == tk.Token {
		t.Fatalf("the token did not change as the door opened: %v", err)
	}
	for _, old := range []string{planted, tk.Token, "", strings.Repeat("x", 10_000)} {
		if v, err := h.Visit(t.Context(), old, office, anna.agent); v != nil || err != nil {
			t.Errorf("%.20q opens: %v, %v", old, v, err)
		}
	}
	if err := h.SignOut(t.Context(), next.Token); err != nil {
		t.Fatal(err)
	}
	if v, _ := h.Visit(t.Context(), next.Token, office, anna.agent); v != nil {
		t.Error("signed out, the token opens still")
	}
}

// TestTheft: a token that another browser shows ends its session, and that is in the audit log.
func TestTheft(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	if v, err := h.Visit(t.Context(), anna.token, outside, "curl/8"); v != nil || err != nil {
		t.Fatalf("the thief is %v, %v", v, err)
	}
	if v := anna.visit(); v != nil {
		t.Error("the session goes on, for thief and owner alike")
	}
	if got := h.acts(belwacht.EntryQuery{})[0]; got != "session.end" {
		t.Errorf("the audit log has %s last", got)
	}
	// What is in the store opens nothing.
	if err := anna.signIn(); err != nil {
		t.Fatal(err)
	}
	stored, err := h.store.Sessions(t.Context(), 0)
	if err != nil || len(stored) != 1 {
		t.Fatalf("%v, %v", stored, err)
	}
	for _, s := range []string{stored[0].Sum, stored[0].ID} {
		if v, _ := h.Visit(t.Context(), s, office, anna.agent); v != nil {
			t.Errorf("what the store holds signs in: %s", s)
		}
	}
}

func TestTimeouts(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	h.pass(29 * time.Minute)
	if anna.visit() == nil {
		t.Fatal("signed out before the idle time is over")
	}
	h.pass(30 * time.Minute)
	if anna.visit() != nil {
		t.Error("still signed in after 30 idle minutes")
	}
	if err := anna.signIn(); err != nil {
		t.Fatal(err)
	}
	for range 12*3 - 1 { // busy for just under twelve hours
		h.pass(20 * time.Minute)
		if anna.visit() == nil {
			t.Fatal("a busy session ended early")
		}
	}
	h.restart()
	if anna.visit() == nil {
		t.Fatal("a busy session ended with a restart")
	}
	h.pass(20 * time.Minute)
	if anna.visit() != nil {
		t.Error("a busy session goes on after its longest time")
	}
}

func TestSessionsOfOne(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	var tokens []string
	for range 7 {
		h.pass(time.Minute)
		if err := anna.signIn(); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, anna.token)
	}
	list := h.Sessions(anna.visitor.User.ID)
	if len(list) != 5 {
		t.Errorf("%d sessions of one user", len(list))
	}
	if v, _ := h.Visit(t.Context(), tokens[0], office, anna.agent); v != nil {
		t.Error("the oldest goes on")
	}
	if err := h.EndSession(t.Context(), anna.visitor, list[4].ID); err != nil {
		t.Fatal(err)
	}
	if n := len(h.Sessions("")); n != 4 {
		t.Errorf("%d are left", n)
	}
	bert := h.invite(anna, belwacht.User{Login: "bert", Name: "Bert", Role: belwacht.RoleOperator})
	code(t, h.EndSession(t.Context(), bert.visitor, list[0].ID), belwacht.Forbidden)
	if err := h.ChangePassword(t.Context(), anna.visitor, password, "Vijf-lampen8-zee"); err != nil {
		t.Fatal(err)
	}
	if n := len(h.Sessions(anna.visitor.User.ID)); n != 1 {
		t.Errorf("after a new password %d sessions go on", n)
	}
	code(t, h.ChangePassword(t.Context(), anna.visitor, password, "Zes-lampen8-zeeen"), belwacht.Forbidden)
}

func TestNewBrowser(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	if k := h.told("anna"); len(k) != 0 {
		t.Errorf("of the first browser anna is told %v", k)
	}
	if err := anna.signIn(); err != nil {
		t.Fatal(err)
	}
	if k := h.told("anna"); len(k) != 0 {
		t.Errorf("of a known browser anna is told %v", k)
	}
	anna.device, anna.agent = "", "Chromium"
	if err := anna.signIn(); err != nil {
		t.Fatal(err)
	}
	if k := h.told("anna"); len(k) != 1 || k[0] != belwacht.NoticeNewDevice {
		t.Errorf("of a new browser anna is told %v", k)
	}
	for i := range belwacht.DevicesMost + 1 {
		h.pass(time.Minute)
		anna.device = ""
		if err := anna.signIn(); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if u, _ := h.User(anna.visitor.User.ID); len(u.Devices) != belwacht.DevicesMost {
		t.Errorf("%d browsers are known", len(u.Devices))
	}
}

func TestRestrictions(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	p := h.policy
	if err := anna.signIn(); err != nil { // the session of the first start is the machine's own
		t.Fatal(err)
	}
	p.Networks = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	p.Hours = &belwacht.TimeWindows{Text: "mon 09:00-17:00", Spans: [][2]int{{540, 1020}}}
	if err := h.Use(p); err != nil {
		t.Fatal(err)
	}
	if anna.visit() == nil {
		t.Fatal("inside network and hours nobody is let in")
	}
	_, err := h.Visit(t.Context(), anna.token, outside, anna.agent)
	code(t, err, belwacht.Forbidden)
	away := h.someone("anna")
	away.from = outside
	code(t, away.signIn(), belwacht.Forbidden)
	h.pass(10 * time.Hour)
	code(t, anna.signIn(), belwacht.Forbidden)
	// The way in from the machine itself holds at any time and from anywhere.
	secret, err := h.Link(t.Context(), "anna", "root")
	if err != nil {
		t.Fatal(err)
	}
	tk, err := h.Enter(t.Context(), secret, away.attempt())
	if err != nil {
		t.Fatal(err)
	}
	away.take(tk)
	if tk, err = h.Reset(t.Context(), away.visitor, "Andere-lamp8-rivier", away.attempt()); err != nil {
		t.Fatal(err)
	}
	away.take(tk)
	away.enrol()
	if !away.visitor.May(access.UsersChange) {
		t.Error("the way in from the machine leads nowhere")
	}
	code(t, anna.signIn(), belwacht.Forbidden) // the old password and factor are gone
	if got := fmt.Sprint(h.acts(belwacht.EntryQuery{Weakens: true})[:2]); got != "[access.link-used access.link]" {
		t.Errorf("the audit log has %s", got)
	}
}

func TestSelfService(t *testing.T) {
	h := build(t)
	anna := h.admin("anna")
	self := belwacht.User{Login: "212", Name: "Kees", Role: belwacht.RoleSelf, Account: "212", Tenant: "oak"}
	kees := h.invite(anna, self)
	if kees.visitor == nil || kees.secret != "" || !kees.visitor.May(access.OwnCalls) || kees.visitor.May(access.CallsRead) {
		t.Fatalf("%+v", kees.visitor)
	}
	kees.from = outside
	code(t, kees.signIn(), belwacht.Forbidden) // no second factor yet, and one cannot be set up with a password alone
	kees.from = office
	if err := kees.signIn(); err != nil {
		t.Fatal(err)
	}
	s, err := h.TOTP(kees.visitor)
	if err != nil {
		t.Fatal(err)
	}
	kees.secret = s.Secret
	if _, _, err := h.ConfirmTOTP(t.Context(), kees.visitor, "wrong", kees.code(), kees.attempt()); err == nil {
		t.Error("a second factor is added to a session without its password")
	}
	if _, _, err := h.ConfirmTOTP(t.Context(), kees.visitor, password, kees.code(), kees.attempt()); err != nil {
		t.Fatal(err)
	}
	kees.from = outside
	if err := kees.signIn(); err != nil {
		t.Errorf("from outside with a second factor: %v", err)
	}
	p := h.policy
	p.Everyone = true
	if err := h.Use(p); err != nil {
		t.Fatal(err)
	}
	code(t, h.RemoveTOTP(t.Context(), kees.visitor, password), belwacht.Invalid)
	piet := h.invite(anna, belwacht.User{Login: "213", Name: "Piet", Role: belwacht.RoleSelf, Account: "213"})
	if piet.secret == "" {
		t.Error("a second factor is asked of all, and not of piet")
	}
}
