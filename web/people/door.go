package people

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// The cookies. With the prefix __Host- a browser takes them from this host over TLS only, and no other host can set them.
const (
	sessionCookie = "belwacht"
	deviceCookie  = "belwacht-browser"
	secureCookies = "__Host-"
	deviceAge     = 400 * 24 * 3600 // seconds: what browsers allow at most
)

// Door finds out who asks, by the session's cookie. It implements web.Door.
type Door struct {
	*door.Door
	proxies []netip.Prefix // whose X-Forwarded-For and X-Forwarded-Proto are believed
}

// NewDoor makes a Door.
func NewDoor(d *door.Door, proxies []netip.Prefix) *Door { return &Door{d, proxies} }

// Visitor implements web.Door. Who is not signed in fully is nobody: the pages of signing in find out themselves.
func (d *Door) Visitor(r *http.Request) (*web.Visitor, error) {
	v, err := d.visit(r)
	if err != nil || v == nil || v.Session.Stage != belwacht.StageFull {
		return nil, err
	}
	w := &web.Visitor{Name: v.User.Login, Role: string(v.User.Role), Person: v}
	for _, p := range access.Permissions(v.User.Role) {
		w.Rights = append(w.Rights, web.Right(p))
	}
	if v.User.Tenant != "" {
		w.Tenants = []string{v.User.Tenant}
	}
	if v.User.Language != "" {
		l := v.Language()
		w.Language = &l
	}
	return w, nil
}

// visit is who asks, in whatever stage. Where nobody is, the door may be shut all the same: then not even its pages are shown, but those of a one-time link.
func (d *Door) visit(r *http.Request) (*access.Visitor, error) {
	from := d.From(r)
	v, err := d.Visit(r.Context(), d.cookie(r, sessionCookie), from, r.UserAgent())
	if v != nil || err != nil || strings.HasPrefix(r.URL.Path, door.LinkPath) {
		return v, err
	}
	p := d.Policy()
	return nil, p.Admits(from, d.Now())
}

// From is the address that a request came from: that of the connection, or, where that is a proxy of ours, the last one in X-Forwarded-For that is none.
// A connection from the machine itself with such a header, and no proxy declared, is of a proxy that nobody told us of: then the address is not known, and
// nothing that holds for the machine itself holds for it.
func (d *Door) From(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := at.Addr().Unmap()
	forwarded := r.Header.Values("X-Forwarded-For")
	if !access.Inside(addr, d.proxies) {
		if len(forwarded) > 0 && addr.IsLoopback() {
			return netip.IPv4Unspecified()
		}
		return addr
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return netip.IPv4Unspecified()
		}
		if !access.Inside(hop, d.proxies) {
			return hop.Unmap()
		}
	}
	return addr
}

// secure says whether the browser's connection is encrypted, as far as we or a proxy of ours know.
func (d *Door) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && access.Inside(at.Addr(), d.proxies) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// cookie is a cookie's value. Over an encrypted connection only that under its secure name counts: another host of the same domain, or somebody on a connection
// that is not encrypted, can set the plain one.
func (d *Door) cookie(r *http.Request, name string) string {
	if d.secure(r) {
		name = secureCookies + name
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// attempt is who tries to come in.
func (d *Door) attempt(a *web.Ask) *door.Attempt {
	origin := "http://" + a.Host
	if d.secure(a.Request) {
		origin = "https://" + a.Host
	}
	return &door.Attempt{Login: a.PostFormValue("login"), Password: a.PostFormValue("password"), Code: a.PostFormValue("code"), From: d.From(a.Request),
		Agent: a.UserAgent(), Device: d.cookie(a.Request, deviceCookie), Origin: origin}
}

// keep gives the browser what a ticket says. The cookie of the session goes with the browser's window, that of the browser stays.
func (d *Door) keep(a *web.Ask, t *door.Ticket) {
	secure := d.secure(a.Request)
	set := func(name, value string, age int) {
		if secure {
			name = secureCookies + name
		}
		a.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: age})
	}
	set(sessionCookie, t.Token, 0)
	if t.Device != "" {
		set(deviceCookie, t.Device, deviceAge)
	}
}

// forget takes the session's cookie from the browser.
func (d *Door) forget(a *web.Ask) {
	for _, c := range a.Cookies() {
		if c.Name == sessionCookie || c.Name == secureCookies+sessionCookie {
			a.SetCookie(&http.Cookie{Name: c.Name, Path: "/", HttpOnly: true, Secure: d.secure(a.Request), MaxAge: -1})
		}
	}
}

// says is an error in the reader's language, as a sentence.
func says(l text.Language, err error) string {
	said := text.Clean(err.Error(), 400)
	var both interface{ Says(text.Language) string }
	if errors.As(err, &both) {
		said = both.Says(l)
	}
	if said == "" || strings.HasSuffix(said, ".") {
		return said
	}
	return strings.ToUpper(said[:1]) + said[1:] + "."
}
