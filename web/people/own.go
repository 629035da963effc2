package people

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/web"
)

// account is one's own.
type account struct {
	User     belwacht.User
	TOTP     bool
	Passkeys []belwacht.Passkey
	Codes    int // recovery codes that are left
	Sessions []session
	Devices  []belwacht.KnownDevice
	May      []belwacht.Permission
	Wrong    string
	Fresh    []string // new recovery codes, shown once
}

// session is one that is signed in, as it is listed.
type session struct {
	belwacht.Session
	Login string
	Here  bool // the one that asks
}

// own adds the pages of one's own account.
func (p *pages) own() {
	mine := right(access.OwnAccount)
	p.site.Nav(web.Entry{Order: 990, Group: "Looking after it", Path: "/account", Title: "My account", Icon: "user", Right: mine})
	p.site.Get("/account", mine, p.set, func(a *web.Ask) (*web.Page, error) { page, _, err := p.account(a); return page, err })
	p.site.Form("/account/password", mine, p.set, p.with("Your password is changed. You are signed out everywhere else.", func(a *web.Ask, v *access.Visitor) error {
		return p.Door.ChangePassword(a.Context(), v, a.PostFormValue("former"), a.PostFormValue("password"))
	}))
	p.site.Form("/account/codes/remove", mine, p.set, p.with("Codes are not asked for any more.", func(a *web.Ask, v *access.Visitor) error {
		return p.Door.RemoveTOTP(a.Context(), v, a.PostFormValue("password"))
	}))
	p.site.Form("/account/passkey/remove", mine, p.set, p.with("The passkey is removed.", func(a *web.Ask, v *access.Visitor) error {
		return p.Door.RemovePasskey(a.Context(), v, a.PostFormValue("password"), a.PostFormValue("id"))
	}))
	p.site.Form("/account/session/end", mine, p.set, p.with("That session is ended.", func(a *web.Ask, v *access.Visitor) error {
		return p.Door.EndSession(a.Context(), v, a.PostFormValue("id"))
	}))
	p.site.Form("/account/recovery", mine, p.set, p.recovery)
}

// account is the page of one's own account.
func (p *pages) account(a *web.Ask) (*web.Page, *account, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	s := &v.User.Secrets
	d := &account{User: v.User, TOTP: len(s.TOTP) > 0, Passkeys: s.Passkeys, Codes: len(s.Recovery), Devices: v.User.Devices, May: access.Permissions(v.User.Role)}
	for _, o := range p.Door.Sessions(v.User.ID) {
		d.Sessions = append(d.Sessions, session{o, v.User.Login, o.ID == v.Session.ID})
	}
	return &web.Page{Title: "My account", Here: "/account", Template: "account", Data: d}, d, nil
}

// with is a form of one's own account: the page again with what was wrong, or what was done.
func (p *pages) with(done string, do func(*web.Ask, *access.Visitor) error) func(*web.Ask) (*web.Page, *web.Done, error) {
	return func(a *web.Ask) (*web.Page, *web.Done, error) {
		v, err := p.in(a, belwacht.StageFull)
		if err != nil {
			return nil, nil, err
		}
		if err := do(a, v); err != nil {
			page, d, err2 := p.account(a)
			if err2 != nil {
				return nil, nil, err
			}
			return p.again(a, err, page, &d.Wrong)
		}
		return nil, &web.Done{To: "/account", Said: a.T(done)}, nil
	}
}

func (p *pages) recovery(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	codes, err := p.Door.Recovery(a.Context(), v, a.PostFormValue("password"))
	if err != nil {
		page, d, err2 := p.account(a)
		if err2 != nil {
			return nil, nil, err
		}
		return p.again(a, err, page, &d.Wrong)
	}
	return &web.Page{Title: "Recovery codes", Here: "/account", Template: "codes", Data: &entering{To: "/account", Codes: codes}}, nil, nil
}
