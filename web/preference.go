package web

import (
	"encoding/base64"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// The cookies of the frame. None says who somebody is.
const (
	tenantCookie   = "belwacht_organisation"
	themeCookie    = "belwacht_theme"
	languageCookie = "belwacht_language"
	flashCookie    = "belwacht_said"
)

const year = 365 * 24 * 60 * 60

// cookie is the value of a cookie, "" where there is none.
func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return ""
	}
	return string(b)
}

func setCookie(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: base64.RawURLEncoding.EncodeToString([]byte(value)), Path: "/", MaxAge: seconds, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// languageOf is what a page is written in: as the visitor chose for themselves, else on this browser, else as the browser asks (RFC 9110 §12.5.4).
func languageOf(r *http.Request, v *Visitor) text.Language {
	var l text.Language
	if chosen := cookie(r, languageCookie); chosen != "" && l.UnmarshalText([]byte(chosen)) == nil {
		return l
	}
	if v != nil && v.Language != nil {
		return *v.Language
	}
	match := language.NewMatcher([]language.Tag{language.English, language.Dutch})
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return text.English
	}
	if _, i, _ := match.Match(tags...); i == 1 {
		return text.Dutch
	}
	return text.English
}

// prefer keeps what somebody chose of theme, language and organisation on this browser.
func (s *Site) prefer(a *Ask) (*Done, error) {
	if theme := a.PostForm.Get("theme"); theme != "" {
		if theme != "light" && theme != "dark" && theme != "auto" {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("There is no such theme."))
		}
		setCookie(a.w, themeCookie, theme, year)
	}
	if chosen := a.PostForm.Get("language"); chosen != "" {
		var l text.Language
		if err := l.UnmarshalText([]byte(chosen)); err != nil {
			return nil, err
		}
		setCookie(a.w, languageCookie, l.String(), year)
	}
	if a.PostForm.Has("organisation") {
		name := a.PostForm.Get("organisation")
		if !a.Visitor.Sees(name) {
			return nil, errForbidden
		}
		setCookie(a.w, tenantCookie, name, year)
		return &Done{To: "/"}, nil
	}
	return &Done{}, nil
}

// theme is light, dark or auto.
func theme(r *http.Request) string {
	if t := cookie(r, themeCookie); t == "light" || t == "dark" {
		return t
	}
	return "auto"
}

// saidMost bounds what is said once, in bytes: it travels in a cookie.
const saidMost = 1000

// flash has something said on the next page.
func flash(w http.ResponseWriter, d *Done) {
	kind := "good "
	if d.Bad {
		kind = "bad "
	}
	setCookie(w, flashCookie, kind+text.Clean(d.Said, saidMost), 60)
}

// said is what a flash said, and takes it away.
func said(a *Ask) (words string, bad bool) {
	v := cookie(a.Request, flashCookie)
	if v == "" {
		return "", false
	}
	setCookie(a.w, flashCookie, "", -1)
	kind, words, _ := strings.Cut(v, " ")
	return text.Clean(words, saidMost), kind == "bad"
}
