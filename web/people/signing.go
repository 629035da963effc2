package people

import (
	"encoding/base64"
	"encoding/json"
	"html/template"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/web"
)

// entering is what the forms of signing in show.
type entering struct {
	To    string // where to go then
	Wrong string // in the reader's language
	Login string
	Name  string
	Mail  string
	User  belwacht.User
	Link  string // the secret of a one-time link
	Need  bool   // one must set up a second factor before anything else
	Setup *access.TOTPSetup
	QR    template.URL // data: address of the picture, which we drew ourselves
	Codes []string
}

// signing adds the pages of coming in. They need no right: who is in which stage they find out themselves.
func (p *pages) signing() {
	p.site.Get(SignIn, web.Anyone, p.set, p.signIn)
	p.site.Form(SignIn, web.Anyone, p.set, p.password)
	p.site.Get("/sign-in/second", web.Anyone, p.set, p.second)
	p.site.Form("/sign-in/second", web.Anyone, p.set, p.code)
	p.site.Data("/sign-in/passkey/begin", web.Anyone, p.askPasskey)
	p.site.Form("/sign-in/passkey", web.Anyone, p.set, p.passkey)
	p.site.Get(door.LinkPath+"{secret}", web.Anyone, p.set, p.link)
	p.site.Form(door.LinkPath+"{secret}", web.Anyone, p.set, p.useLink)
	p.site.Get("/first", web.Anyone, p.set, p.first)
	p.site.Form("/first", web.Anyone, p.set, p.makeFirst)
	p.site.Get("/reset", web.Anyone, p.set, p.reset)
	p.site.Form("/reset", web.Anyone, p.set, p.setPassword)
	p.site.Get("/enrol", web.Anyone, p.set, p.enrol)
	p.site.Form("/enrol/codes", web.Anyone, p.set, p.enrolCodes)
	p.site.Data("/enrol/passkey/begin", web.Anyone, p.beginPasskey)
	p.site.Form("/enrol/passkey", web.Anyone, p.set, p.enrolPasskey)
	p.site.Post("/sign-out", web.Anyone, p.signOut)
}

// in is who asks, where they are in that stage; else an error that leads to the page of signing in.
func (p *pages) in(a *web.Ask, stages ...belwacht.Stage) (*access.Visitor, error) {
	v, err := p.visitor(a)
	if err != nil {
		return nil, err
	}
	for _, s := range stages {
		if v != nil && v.Session.Stage == s {
			return v, nil
		}
	}
	return nil, access.Errorf(belwacht.Forbidden, "this step is over, or not reached yet; begin with signing in", "deze stap is voorbij, of nog niet bereikt; begin met aanmelden")
}

func (p *pages) signIn(a *web.Ask) (*web.Page, error) {
	if _, err := p.visitor(a); err != nil {
		return nil, err
	}
	return &web.Page{Title: "Sign in", Template: "sign-in", Data: &entering{To: inner(a.URL.Query().Get("to"))}}, nil
}

func (p *pages) password(a *web.Ask) (*web.Page, *web.Done, error) {
	at := p.Door.attempt(a)
	t, err := p.Door.SignIn(a.Context(), at)
	if err != nil {
		e := &entering{To: inner(a.PostFormValue("to")), Login: at.Login[:min(len(at.Login), 64)]}
		return p.again(a, err, &web.Page{Title: "Sign in", Template: "sign-in", Data: e}, &e.Wrong)
	}
	return p.enter(a, t, a.PostFormValue("to"))
}

func (p *pages) second(a *web.Ask) (*web.Page, error) {
	if _, err := p.in(a, belwacht.StageSecond); err != nil {
		return nil, err
	}
	return &web.Page{Title: "Second step", Back: SignIn, Template: "second", Data: &entering{To: inner(a.URL.Query().Get("to"))}}, nil
}

func (p *pages) code(a *web.Ask) (*web.Page, *web.Done, error) {
	if _, err := p.in(a, belwacht.StageSecond); err != nil {
		return nil, nil, err
	}
	t, err := p.Door.Second(a.Context(), p.Door.cookie(a.Request, sessionCookie), p.Door.attempt(a))
	if err != nil {
		e := &entering{To: inner(a.PostFormValue("to"))}
		return p.again(a, err, &web.Page{Title: "Second step", Back: SignIn, Template: "second", Data: e}, &e.Wrong)
	}
	return p.enter(a, t, a.PostFormValue("to"))
}

// challenge is a challenge as a page's script takes it.
func challenge(c *door.Challenge, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Options json.RawMessage `json:"options"`
		State   string          `json:"state"`
	}{c.Options, c.State})
}

func (p *pages) askPasskey(a *web.Ask) ([]byte, error) {
	return challenge(p.Door.ShowPasskey(p.Door.attempt(a)))
}

func (p *pages) passkey(a *web.Ask) (*web.Page, *web.Done, error) {
	t, err := p.Door.SignInPasskey(a.Context(), p.Door.cookie(a.Request, sessionCookie), a.PostFormValue("state"), []byte(a.PostFormValue("answer")), p.Door.attempt(a))
	if err != nil {
		e := &entering{To: inner(a.PostFormValue("to"))}
		return p.again(a, err, &web.Page{Title: "Sign in", Template: "sign-in", Data: e}, &e.Wrong)
	}
	return p.enter(a, t, a.PostFormValue("to"))
}

// link shows a button before a link is used: programs that look at links in mails must not use it up.
func (p *pages) link(a *web.Ask) (*web.Page, error) {
	a.Header.Del("Referer")
	secret := a.PathValue("secret")
	if !p.Door.Waits(secret) {
		return nil, access.Errorf(belwacht.Forbidden, "this link was used already, or is too old; make another on the machine itself: belwacht access link",
			"deze link is al gebruikt, of te oud; maak er een nieuwe op de machine zelf: belwacht access link")
	}
	return &web.Page{Title: "Come in", Template: "link", Data: &entering{Link: secret}}, nil
}

func (p *pages) useLink(a *web.Ask) (*web.Page, *web.Done, error) {
	t, err := p.Door.Enter(a.Context(), a.PathValue("secret"), p.Door.attempt(a))
	if err != nil {
		return nil, nil, err
	}
	return p.enter(a, t, "/")
}

func (p *pages) first(a *web.Ask) (*web.Page, error) {
	if _, err := p.in(a, belwacht.StageFirst); err != nil {
		return nil, err
	}
	return &web.Page{Title: "The first administrator", Template: "first", Data: &entering{}}, nil
}

func (p *pages) makeFirst(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageFirst)
	if err != nil {
		return nil, nil, err
	}
	f := a.PostForm
	u := belwacht.User{Login: strings.ToLower(strings.TrimSpace(f.Get("login"))), Name: strings.TrimSpace(f.Get("name")), Mail: strings.TrimSpace(f.Get("mail")),
		Language: a.Language.String()}
	t, err := p.Door.First(a.Context(), v, u, f.Get("password"), p.Door.attempt(a))
	if err != nil {
		e := &entering{Login: u.Login, Name: u.Name, Mail: u.Mail}
		return p.again(a, err, &web.Page{Title: "The first administrator", Template: "first", Data: e}, &e.Wrong)
	}
	return p.enter(a, t, "/")
}

func (p *pages) reset(a *web.Ask) (*web.Page, error) {
	v, err := p.in(a, belwacht.StageReset)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "Choose a password", Template: "reset", Data: &entering{User: v.User}}, nil
}

func (p *pages) setPassword(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageReset)
	if err != nil {
		return nil, nil, err
	}
	t, err := p.Door.Reset(a.Context(), v, a.PostFormValue("password"), p.Door.attempt(a))
	if err != nil {
		e := &entering{User: v.User}
		return p.again(a, err, &web.Page{Title: "Choose a password", Template: "reset", Data: e}, &e.Wrong)
	}
	return p.enter(a, t, "/")
}

// setup is the page to set up a second factor, with a new secret for codes.
func (p *pages) setup(v *access.Visitor, to string) (*web.Page, *entering, error) {
	s, err := p.Door.TOTP(v)
	if err != nil {
		return nil, nil, err
	}
	e := &entering{To: to, User: v.User, Need: v.Session.Stage == belwacht.StageEnrol, Setup: s, QR: template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(s.QR))}
	page := &web.Page{Title: "Second factor", Template: "enrol", Data: e}
	if !e.Need {
		page.Back, page.Here = "/account", "/account"
	}
	return page, e, nil
}

func (p *pages) enrol(a *web.Ask) (*web.Page, error) {
	v, err := p.in(a, belwacht.StageEnrol, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	page, _, err := p.setup(v, inner(a.URL.Query().Get("to")))
	return page, err
}

func (p *pages) enrolCodes(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageEnrol, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	t, codes, err := p.Door.ConfirmTOTP(a.Context(), v, a.PostFormValue("password"), a.PostFormValue("code"), p.Door.attempt(a))
	return p.enrolled(a, v, t, codes, err)
}

func (p *pages) beginPasskey(a *web.Ask) ([]byte, error) {
	v, err := p.in(a, belwacht.StageEnrol, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	return challenge(p.Door.NewPasskey(v, p.Door.attempt(a)))
}

func (p *pages) enrolPasskey(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageEnrol, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	f := a.PostForm
	t, codes, err := p.Door.ConfirmPasskey(a.Context(), v, f.Get("password"), f.Get("name"), f.Get("state"), []byte(f.Get("answer")), p.Door.attempt(a))
	return p.enrolled(a, v, t, codes, err)
}

// enrolled is what follows a second factor: the form again where it was not taken, else the recovery codes, once.
func (p *pages) enrolled(a *web.Ask, v *access.Visitor, t *door.Ticket, codes []string, err error) (*web.Page, *web.Done, error) {
	to := inner(a.PostFormValue("to"))
	if err != nil {
		page, e, err2 := p.setup(v, to)
		if err2 != nil {
			return nil, nil, err
		}
		return p.again(a, err, page, &e.Wrong)
	}
	if t != nil {
		p.Door.keep(a, t)
	} else if to == "/" {
		to = "/account"
	}
	if len(codes) == 0 {
		return nil, &web.Done{To: to, Said: a.T("The second factor is set up.")}, nil
	}
	return &web.Page{Title: "Recovery codes", Template: "codes", Data: &entering{To: to, Codes: codes}}, nil, nil
}

func (p *pages) signOut(a *web.Ask) (*web.Done, error) {
	if err := p.Door.SignOut(a.Context(), p.Door.cookie(a.Request, sessionCookie)); err != nil {
		return nil, err
	}
	p.Door.forget(a)
	return &web.Done{To: SignIn, Said: a.T("You are signed out.")}, nil
}
