package web

import (
	"net/http"

	"github.com/belwacht/belwacht"
)

// Form adds a change whose answer may be a page: a form with what is wrong with it, or what is shown only once. do returns either.
func (s *Site) Form(path string, right Right, set *Set, do func(*Ask) (*Page, *Done, error)) {
	s.mux.HandleFunc("POST "+exact(path), func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, right, func(a *Ask) error {
			a.set = set
			if err := a.ParseForm(); err != nil {
				return belwacht.Errorf(belwacht.Invalid, "%s", a.T("What was sent is too long or no form."))
			}
			a.asked()
			p, d, err := do(a)
			if err != nil {
				return err
			}
			if p != nil {
				return s.show(a, set, p)
			}
			return a.onward(d)
		})
	})
}

// Data adds what a page's script asks for: do returns a value that is sent as JSON.
func (s *Site) Data(path string, right Right, do func(*Ask) ([]byte, error)) {
	s.mux.HandleFunc("POST "+exact(path), func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, right, func(a *Ask) error {
			b, err := do(a)
			if err != nil {
				return err
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write(b) // the reader has gone where this fails
			return nil
		})
	})
}

// SetCookie gives the browser something to keep. It must be called before the answer begins.
func (a *Ask) SetCookie(c *http.Cookie) { http.SetCookie(a.w, c) }
