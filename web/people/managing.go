package people

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/web"
)

// managed is a page of users, keys, sessions or proposals.
type managed struct {
	Users     []belwacht.User
	User      belwacht.User
	Self      bool // the user is who asks
	Roles     []belwacht.Role
	Tenants   []string // that who asks may give
	Keys      []key
	Scopes    []scope
	Sessions  []session
	Proposals []proposal
	Link      string // a one-time link, shown once
	Key       string // a key of the API, shown once
	Wrong     string
	Change    bool // who asks may change what is shown
	Grants    []line
}

// key is a key with who answers for it.
type key struct {
	belwacht.Key
	Login string
	Holds bool
}

// scope is one thing that a key may.
type scope struct {
	Permission belwacht.Permission
	Says       string
}

// proposal is one with what it is about.
type proposal struct {
	belwacht.Proposal
	Says string
	Own  bool
	Open bool
	Send []field // of the form that carries it out; none = it was not asked for by a form
}

// field is one value of a form.
type field struct{ Name, Value string }

// fields are those of the form that carries a proposal out.
func fields(p *belwacht.Proposal) (list []field) {
	if p.Sent == nil || inner(p.Sent.Path) != p.Sent.Path {
		return nil
	}
	list = []field{{"proposal", p.ID}, {access.FieldTenant, p.Sent.Tenant}, {"sure", "yes"}}
	for _, name := range slices.Sorted(maps.Keys(p.Sent.Form)) {
		for _, v := range p.Sent.Form[name] {
			list = append(list, field{name, v})
		}
	}
	return list
}

// line is one of the table of what each role may.
type line struct {
	Says string
	May  []bool // in the order of the roles
}

// managing adds the pages of users, keys, sessions and proposals.
func (p *pages) managing() {
	nav := func(order int, path, title, icon string, r belwacht.Permission) {
		p.site.Nav(web.Entry{Order: order, Group: "Looking after it", Path: path, Title: title, Icon: icon, Right: right(r)})
	}
	nav(910, "/users", "Users", "users", access.UsersRead)
	nav(920, "/keys", "Keys of the API", "key", access.KeysRead)
	nav(930, "/sessions", "Who is signed in", "login", access.SessionsRead)
	nav(940, "/proposals", "For two people", "shield-check", access.ActsAgree)
	users, keys := right(access.UsersChange), right(access.KeysChange)
	p.site.Get("/users", right(access.UsersRead), p.set, func(a *web.Ask) (*web.Page, error) { page, _, err := p.users(a); return page, err })
	p.site.Form("/users", users, p.set, p.addUser)
	p.site.Get("/users/{id}", right(access.UsersRead), p.set, func(a *web.Ask) (*web.Page, error) { page, _, err := p.user(a); return page, err })
	p.site.Form("/users/{id}", users, p.set, p.changeUser)
	p.site.Form("/users/{id}/reset", users, p.set, p.resetUser)
	p.site.Form("/users/{id}/remove", users, p.set, p.removeUser)
	p.site.Get("/roles", right(access.UsersRead), p.set, p.roles)
	p.site.Get("/keys", right(access.KeysRead), p.set, func(a *web.Ask) (*web.Page, error) { page, _, err := p.keys(a); return page, err })
	p.site.Form("/keys", keys, p.set, p.makeKey)
	p.site.Form("/keys/revoke", keys, p.set, p.revokeKey)
	p.site.Get("/sessions", right(access.SessionsRead), p.set, p.sessions)
	p.site.Post("/sessions/end", right(access.SessionsEnd), p.endSession)
	p.site.Get("/proposals", right(access.ActsAgree), p.set, p.proposals)
	p.site.Post("/proposals", right(access.ActsAgree), p.answer)
}

func (p *pages) users(a *web.Ask) (*web.Page, *managed, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	d := &managed{Roles: belwacht.Roles(), Tenants: p.tenants(a, v), Change: v.May(access.UsersChange)}
	for _, u := range p.Door.Users() {
		if v.Sees(u.Tenant) {
			d.Users = append(d.Users, u)
		}
	}
	return &web.Page{Title: "Users", Here: "/users", Template: "users", Data: d}, d, nil
}

// tenants are the organisations that who asks may give to a user, "" = all.
func (p *pages) tenants(a *web.Ask, v *access.Visitor) []string {
	if v.User.Tenant != "" {
		return []string{v.User.Tenant}
	}
	if a.Tenant.Name == "" {
		return []string{""}
	}
	return []string{"", a.Tenant.Name}
}

// form reads a user from a form.
func form(a *web.Ask, u belwacht.User) belwacht.User {
	f := a.PostForm
	u.Name, u.Mail, u.Account = strings.TrimSpace(f.Get("name")), strings.TrimSpace(f.Get("mail")), strings.TrimSpace(f.Get("account"))
	u.Role, u.Language, u.Tenant, u.Disabled = belwacht.Role(f.Get("role")), f.Get("language"), f.Get("tenant"), f.Get("barred") != ""
	return u
}

// waits says that something was proposed.
func waits(a *web.Ask, to string) *web.Done {
	return &web.Done{To: to, Said: a.T("This takes a second administrator. It is proposed, and the others are told.")}
}

// address is a link as one can send it.
func (p *pages) address(a *web.Ask, secret string) string {
	policy := p.Door.Policy()
	if policy.Origin != "" {
		return policy.Origin + door.LinkPath + secret
	}
	return p.Door.attempt(a).Origin + door.LinkPath + secret
}

func (p *pages) addUser(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	u := form(a, belwacht.User{Login: a.PostFormValue("login")})
	u.Disabled = false
	secret, w, err := p.Door.Add(a.Context(), v, u)
	if err != nil {
		page, d, err2 := p.users(a)
		if err2 != nil {
			return nil, nil, err
		}
		d.User = u
		return p.again(a, err, page, &d.Wrong)
	}
	if w != nil {
		return nil, waits(a, "/proposals"), nil
	}
	return &web.Page{Title: "One-time link", Back: "/users", Here: "/users", Template: "shown-link", Data: &managed{User: u, Link: p.address(a, secret)}}, nil, nil
}

func (p *pages) user(a *web.Ask) (*web.Page, *managed, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	u, there := p.Door.User(a.PathValue("id"))
	if !there || !v.Sees(u.Tenant) {
		return nil, nil, access.Errorf(belwacht.NotFound, "there is no such user", "deze gebruiker is er niet")
	}
	d := &managed{User: u, Self: u.ID == v.User.ID, Roles: belwacht.Roles(), Tenants: p.tenants(a, v), Change: v.May(access.UsersChange)}
	if !slices.Contains(d.Tenants, u.Tenant) {
		d.Tenants = append(d.Tenants, u.Tenant)
	}
	for _, o := range p.Door.Sessions(u.ID) {
		d.Sessions = append(d.Sessions, session{o, u.Login, o.ID == v.Session.ID})
	}
	return &web.Page{Title: "User", Back: "/users", Here: "/users", Template: "user", Data: d}, d, nil
}

// ofUser is a form on the page of a user.
func (p *pages) ofUser(a *web.Ask, to, done string, do func(*access.Visitor, belwacht.User) (*belwacht.Proposal, error)) (*web.Page, *web.Done, error) {
	page, d, err := p.user(a)
	if err != nil {
		return nil, nil, err
	}
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	w, err := do(v, d.User)
	switch {
	case err != nil:
		return p.again(a, err, page, &d.Wrong)
	case w != nil:
		return nil, waits(a, "/proposals"), nil
	}
	return nil, &web.Done{To: to, Said: done}, nil
}

func (p *pages) changeUser(a *web.Ask) (*web.Page, *web.Done, error) {
	return p.ofUser(a, "/users", a.T("The user is changed."), func(v *access.Visitor, u belwacht.User) (*belwacht.Proposal, error) {
		return p.Door.Change(a.Context(), v, form(a, u))
	})
}

func (p *pages) removeUser(a *web.Ask) (*web.Page, *web.Done, error) {
	return p.ofUser(a, "/users", a.T("The user is removed."), func(v *access.Visitor, u belwacht.User) (*belwacht.Proposal, error) {
		return p.Door.Remove(a.Context(), v, u.ID)
	})
}

func (p *pages) resetUser(a *web.Ask) (*web.Page, *web.Done, error) {
	page, d, err := p.user(a)
	if err != nil {
		return nil, nil, err
	}
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	secret, err := p.Door.ResetUser(a.Context(), v, d.User.ID)
	if err != nil {
		return p.again(a, err, page, &d.Wrong)
	}
	return &web.Page{Title: "One-time link", Back: "/users", Here: "/users", Template: "shown-link", Data: &managed{User: d.User, Link: p.address(a, secret)}}, nil, nil
}

func (p *pages) roles(a *web.Ask) (*web.Page, error) {
	d := &managed{Roles: belwacht.Roles()}
	for _, x := range access.AllPermissions() {
		l := line{Says: access.Says(a.Language, x)}
		for _, r := range d.Roles {
			l.May = append(l.May, access.May(r, x))
		}
		d.Grants = append(d.Grants, l)
	}
	return &web.Page{Title: "What each role may", Back: "/users", Here: "/users", Template: "roles", Data: d}, nil
}

func (p *pages) keys(a *web.Ask) (*web.Page, *managed, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	d := &managed{Change: v.May(access.KeysChange)}
	for _, k := range p.Door.Keys() {
		u, _ := p.Door.User(k.User)
		if v.Sees(u.Tenant) {
			d.Keys = append(d.Keys, key{k, u.Login, k.Holds(a.Now)})
		}
	}
	for _, x := range access.Permissions(v.User.Role) {
		if x != access.OwnAccount && x != access.KeysChange && x != access.UsersChange {
			d.Scopes = append(d.Scopes, scope{x, access.Says(a.Language, x)})
		}
	}
	return &web.Page{Title: "Keys of the API", Here: "/keys", Template: "keys", Data: d}, d, nil
}

func (p *pages) makeKey(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	f := a.PostForm
	days, _ := strconv.Atoi(f.Get("days")) // what is no number is refused below
	var scopes []belwacht.Permission
	for _, s := range f["scope"] {
		scopes = append(scopes, belwacht.Permission(s))
	}
	shown, err := p.Door.MakeKey(a.Context(), v, f.Get("name"), scopes, strings.Fields(strings.ReplaceAll(f.Get("from"), ",", " ")), time.Duration(min(max(days, 0), 10_000))*24*time.Hour)
	if err != nil {
		page, d, err2 := p.keys(a)
		if err2 != nil {
			return nil, nil, err
		}
		return p.again(a, err, page, &d.Wrong)
	}
	return &web.Page{Title: "Key of the API", Back: "/keys", Here: "/keys", Template: "shown-key", Data: &managed{Key: shown}}, nil, nil
}

func (p *pages) revokeKey(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	if err := p.Door.RevokeKey(a.Context(), v, a.PostFormValue("id")); err != nil {
		return nil, nil, err
	}
	return nil, &web.Done{To: "/keys", Said: a.T("The key opens nothing any more.")}, nil
}

func (p *pages) sessions(a *web.Ask) (*web.Page, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	d := &managed{Change: v.May(access.SessionsEnd)}
	for _, s := range p.Door.Sessions("") {
		if u, there := p.Door.User(s.User); there && v.Sees(u.Tenant) {
			d.Sessions = append(d.Sessions, session{s, u.Login, s.ID == v.Session.ID})
		}
	}
	return &web.Page{Title: "Who is signed in", Here: "/sessions", Template: "sessions", Data: d}, nil
}

func (p *pages) endSession(a *web.Ask) (*web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	return &web.Done{To: "/sessions", Said: a.T("That session is ended.")}, p.Door.EndSession(a.Context(), v, a.PostFormValue("id"))
}

func (p *pages) proposals(a *web.Ask) (*web.Page, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	d := &managed{}
	for _, w := range p.Door.Proposals() {
		if !v.Sees(w.Tenant) {
			continue
		}
		i, _ := access.InfoOf(w.Act)
		d.Proposals = append(d.Proposals, proposal{w, a.Language.Pick(i.English, i.Dutch), w.User == v.User.ID, w.Open(a.Now), fields(&w)})
	}
	return &web.Page{Title: "For two people", Here: "/proposals", Template: "proposals", Data: d}, nil
}

func (p *pages) answer(a *web.Ask) (*web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	yes := a.PostFormValue("answer") == "yes"
	said := a.T("It is refused.")
	if yes {
		said = a.T("You agreed. Who proposed it can carry it out now.")
	}
	if err := p.Door.Answer(a.Context(), v, a.PostFormValue("id"), yes); err != nil {
		return nil, err
	}
	return &web.Done{To: "/proposals", Said: said}, nil
}

// String keeps a key that is shown once out of a log that prints what a page is given.
func (m *managed) String() string { return fmt.Sprintf("page with %d users", len(m.Users)) }
