package web

import (
	"context"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
)

// Ask is one request of somebody for a page or a change.
type Ask struct {
	*http.Request
	Visitor  *Visitor // nil: nobody is signed in
	Language text.Language
	Tenant   Tenant // the organisation that is looked at
	Now      belwacht.Instant

	site *Site
	w    http.ResponseWriter
	set  *Set
}

// Page is what is shown.
type Page struct {
	Title    string // English text of the catalogue, or a name
	Here     string // path of the entry of the menu that is lit; "" = the request's own
	Back     string // path of the page that this one belongs to; "" = none
	Template string // of the set
	Data     any
	Status   int // 0 = 200
}

// Done is the end of a change: where to go, and what is said there.
type Done struct {
	To   string // path; "" = back where it came from
	Said string // in the reader's language; shown once
	Bad  bool   // it is no success
}

// T is a text of the catalogue in the reader's language.
func (a *Ask) T(english string, values ...any) string {
	w := a.site.words
	if a.set != nil {
		w = a.set.words
	}
	return w.Say(a.Language, english, values...)
}

// May says whether who asks has a right.
func (a *Ask) May(r Right) bool { return a.Visitor.May(r) }

// Who is the name of who asks, for logs and what is kept.
func (a *Ask) Who() string {
	if a.Visitor == nil {
		return "nobody"
	}
	return a.Visitor.Name
}

// Cursor reads the place in a list from the address.
func (a *Ask) Cursor() (c belwacht.Cursor, err error) {
	err = c.UnmarshalText([]byte(a.URL.Query().Get("after")))
	return c, err
}

// With is the address that is looked at with one value of its query replaced, or taken out where it is "". A search that is narrowed begins at its first page.
func (a *Ask) With(key, value string) string {
	q := a.URL.Query()
	q.Del("after")
	q.Del(key)
	if value != "" {
		q.Set(key, value)
	}
	if len(q) == 0 {
		return a.URL.Path
	}
	return a.URL.Path + "?" + q.Encode()
}

// Get adds a page.
func (s *Site) Get(path string, right Right, set *Set, do func(*Ask) (*Page, error)) {
	s.there[path] = true
	s.mux.HandleFunc("GET "+exact(path), func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, right, func(a *Ask) error {
			a.set = set
			p, err := do(a)
			if err != nil {
				return err
			}
			return s.show(a, set, p)
		})
	})
}

// Post adds a change. After it the browser gets a page again (303), so that going back and forth sends nothing twice.
func (s *Site) Post(path string, right Right, do func(*Ask) (*Done, error)) {
	s.mux.HandleFunc("POST "+exact(path), func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, right, func(a *Ask) error {
			if err := a.ParseForm(); err != nil {
				return belwacht.Errorf(belwacht.Invalid, "%s", a.T("What was sent is too long or no form."))
			}
			a.asked()
			d, err := do(a)
			if err != nil {
				return err
			}
			if d.Said != "" {
				flash(w, d)
			}
			to := d.To
			if to == "" {
				to = back(r)
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		})
	})
}

// asked keeps what a form asked with the request, for what may have to wait for a second administrator. What carries out a proposal is about the proposal's organisation,
// whichever is looked at by now.
func (a *Ask) asked() {
	f := a.PostForm
	if f.Has(access.FieldTenant) {
		for _, t := range a.site.cfg.Tenants() {
			if t.Name == f.Get(access.FieldTenant) && a.Visitor.Sees(t.Name) {
				a.Tenant = t
			}
		}
	}
	a.Request = a.WithContext(access.WithAsked(a.Context(), access.AskedBy(a.URL.Path, a.Tenant.Name, f)))
}

// exact is a pattern of a path and nothing below it.
func exact(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

// back is the path of the page that a form stood on, of this site only.
func back(r *http.Request) string {
	to := r.Header.Get("Referer")
	if i := strings.Index(to, "://"); i >= 0 {
		rest := to[i+3:]
		if slash := strings.IndexByte(rest, '/'); slash >= 0 && rest[:slash] == r.Host && !strings.HasPrefix(rest[slash:], "//") {
			return rest[slash:]
		}
	}
	return "/"
}

// answer finds out who asks, whether they may, and has the rest done; an error becomes a page.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, right Right, do func(*Ask) error) {
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.MaxQuery)
	defer cancel()
	a, err := s.ask(w, r.WithContext(ctx))
	switch {
	case err != nil:
	case a.May(right):
		err = do(a)
	case a.Visitor == nil && s.cfg.SignIn != "" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		http.Redirect(w, r, s.cfg.SignIn+"?to="+template.URLQueryEscaper(r.URL.RequestURI()), http.StatusSeeOther)
		return
	default:
		err = errForbidden
	}
	if err != nil {
		s.problem(a, err)
	}
}

// ask makes an Ask of a request. It is never nil.
func (s *Site) ask(w http.ResponseWriter, r *http.Request) (*Ask, error) {
	a := &Ask{Request: r, site: s, w: w, Now: s.Now(), Language: languageOf(r, nil), set: s.set}
	v, err := s.cfg.Door.Visitor(r)
	if err != nil {
		return a, err
	}
	a.Visitor = v
	a.Language = languageOf(r, v)
	a.Tenant = s.tenant(r, v)
	return a, nil
}

// tenant is the organisation that is looked at: the one chosen, else the first that may be seen.
func (s *Site) tenant(r *http.Request, v *Visitor) Tenant {
	chosen, first := cookie(r, tenantCookie), Tenant{Zone: time.UTC}
	if v != nil && v.Tenants != nil { // where none of them is configured any more: never that without a name, which is another's
		if first.Name = "nobody's"; len(v.Tenants) > 0 {
			first.Name = v.Tenants[0]
		}
	}
	for _, t := range s.cfg.Tenants() {
		switch {
		case v != nil && !v.Sees(t.Name):
		case t.Name == chosen && v != nil:
			return t
		case first.Title == "":
			first = t
			if first.Title == "" {
				first.Title = first.Name
			}
		}
	}
	return first
}

// show draws a page.
func (s *Site) show(a *Ask, set *Set, p *Page) error {
	b, err := set.draw(a, p)
	if err != nil {
		return err
	}
	h := a.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", a.Language.String())
	h.Set("Vary", "Cookie, Accept-Language")
	if p.Status != 0 {
		a.w.WriteHeader(p.Status)
	}
	_, _ = a.w.Write(b) // the reader has gone where this fails
	return nil
}
