package console

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"sync/atomic"

	"github.com/belwacht/belwacht/web"
)

// Guest is the door of the demonstration: a link that is printed once lets a browser in, and a cookie keeps it in; nobody else enters. It implements web.Door.
type Guest struct {
	link, cookie string
	used         atomic.Bool
	visitor      web.Visitor
}

const guestCookie = "belwacht_guest"

// NewGuest makes a door for a visitor.
func NewGuest(v web.Visitor) *Guest {
	v.Guest = true
	return &Guest{link: rand.Text(), cookie: rand.Text(), visitor: v}
}

// Path is the path of the link.
func (g *Guest) Path() string { return "/enter?key=" + g.link }

// Visitor implements web.Door.
func (g *Guest) Visitor(r *http.Request) (*web.Visitor, error) {
	c, err := r.Cookie(guestCookie)
	if err != nil || subtle.ConstantTimeCompare([]byte(c.Value), []byte(g.cookie)) != 1 {
		return nil, nil //nolint:nilnil // nobody, as the interface says
	}
	v := g.visitor
	return &v, nil
}

// ServeHTTP implements http.Handler: it answers the link.
func (g *Guest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("key")), []byte(g.link)) != 1 || !g.used.CompareAndSwap(false, true) {
		http.Error(w, "This link was used, or is another one. Stop the demonstration and start it again for a new one.", http.StatusForbidden)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: guestCookie, Value: g.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
