package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

var errForbidden = errors.New("forbidden")

// trouble is an error as its page tells it.
type trouble struct {
	Status          int
	Title, Said, Do string
}

// problem tells an error on a page. What is our own fault is in the log and not on the page.
func (s *Site) problem(a *Ask, err error) {
	var t trouble
	said := err.Error()
	code := belwacht.CodeOf(err)
	var both interface{ Says(text.Language) string }
	if errors.As(err, &both) {
		said = both.Says(a.Language)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return // nobody waits for it
	case errors.Is(err, errForbidden):
		t, said = trouble{Status: http.StatusForbidden, Title: "You may not see this", Do: "Your role does not allow it. An administrator can give you another role."}, ""
	case errors.Is(err, context.DeadlineExceeded):
		t, said = trouble{Status: http.StatusServiceUnavailable, Title: "This took too long", Do: "Ask for less at once: a shorter period, or one extension."}, ""
	case code == belwacht.Forbidden:
		t = trouble{Status: http.StatusForbidden, Title: "You may not see this"}
	case code == belwacht.TooMany:
		t = trouble{Status: http.StatusTooManyRequests, Title: "That cannot be done so"}
	case code == belwacht.NotFound:
		t = trouble{Status: http.StatusNotFound, Title: "Not found", Do: "It may be older than what is kept, or the address has a typing error."}
	case code == belwacht.Invalid, code == belwacht.Usage:
		t = trouble{Status: http.StatusUnprocessableEntity, Title: "That cannot be done so", Do: "Go back, change it and try again."}
	case code == belwacht.Config:
		t = trouble{Status: http.StatusConflict, Title: "That cannot be done so"}
	case code == belwacht.Unreachable:
		t = trouble{Status: http.StatusServiceUnavailable, Title: "It does not answer", Do: "Try again in a moment, and look at the health page."}
	default:
		t, said = trouble{Status: http.StatusInternalServerError, Title: "Something went wrong",
			Do: "It is our fault, not yours, and it is written in Belwacht's log. Try again; if it stays, tell who looks after Belwacht."}, ""
	}
	if t.Status >= 500 {
		s.cfg.Log.Error("a page cannot be shown", "event", "web.failed", "page", a.Pattern, "error", err) // not the path: a one-time link is one
	}
	t.Said = text.Clean(said, 500)
	p := &Page{Title: t.Title, Here: "-", Template: "problem", Status: t.Status, Data: t}
	if err := s.show(a, s.set, p); err != nil {
		s.cfg.Log.Error("an error cannot be told", "event", "web.failed", "error", err)
		http.Error(a.w, "Belwacht: this page failed. It is in the log.", http.StatusInternalServerError)
	}
}
