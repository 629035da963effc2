// Package link is where people say that they look after an alert: an http.Handler behind the links that messages carry.
//
//	http.StripPrefix("/alert/", link.New(notifier, log))
//
// What comes last in the address is the link's secret. GET shows the alert, masked, and a button; only POST takes the alert, since mail programs and their scanners open
// every link that they see. Whoever has the link may take the alert and nothing else. A page holds no script, loads nothing, is in nobody's cache, and tells no other
// site its address. Guessing is 2^128 tries; more than a few a second from anywhere are turned away all the same.
package link

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
	"github.com/belwacht/belwacht/text"
)

// Desk is where links lead; a notify.Notifier is one.
type Desk interface {
	Open(secret string) (*notify.Opened, error)
	Take(ctx context.Context, secret string) (*notify.Opened, error)
}

// Bounds of what strangers may ask.
const (
	secretMost   = 64
	wrongMost    = 20 // wrong links within wrongWithin, after which all who open a wrong one are turned away for as long
	wrongWithin  = time.Minute
	requestsMost = 64 // at once
)

// Handler implements http.Handler.
type Handler struct {
	desk Desk
	log  *slog.Logger
	page *template.Template
	busy chan struct{}

	mu    sync.Mutex
	wrong int
	since time.Time
}

// New makes a Handler.
func New(d Desk, log *slog.Logger) (*Handler, error) {
	page, err := template.New("link").Parse(look)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the page of a link: %w", err)
	}
	return &Handler{desk: d, log: log, page: page, busy: make(chan struct{}, requestsMost)}, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case h.busy <- struct{}{}:
		defer func() { <-h.busy }()
	default:
		http.Error(w, "too many requests", http.StatusServiceUnavailable)
		return
	}
	head := w.Header()
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	head.Set("Referrer-Policy", "same-origin") // with no-referrer the button's own request has the origin "null", which the console takes for another site's
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("X-Robots-Tag", "noindex")
	secret := strings.TrimPrefix(r.URL.Path, "/")
	var o *notify.Opened
	var err error
	switch {
	case len(secret) > secretMost || strings.Contains(secret, "/"):
		err = belwacht.Errorf(belwacht.NotFound, "this link leads nowhere")
	case r.Method == http.MethodPost:
		r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
		o, err = h.desk.Take(r.Context(), secret)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		o, err = h.desk.Open(secret)
	default:
		head.Set("Allow", "GET, POST")
		http.Error(w, "GET or POST", http.StatusMethodNotAllowed)
		return
	}
	if o == nil {
		h.nowhere(w, r, err)
		return
	}
	h.show(w, o, err)
}

// nowhere answers a link that leads nowhere, in both languages: nobody knows whose it is.
func (h *Handler) nowhere(w http.ResponseWriter, r *http.Request, err error) {
	h.mu.Lock()
	now := time.Now()
	if now.Sub(h.since) > wrongWithin {
		h.wrong, h.since = 0, now
	}
	h.wrong++
	first, many := h.wrong == wrongMost+1, h.wrong > wrongMost
	h.mu.Unlock()
	if first {
		h.log.Warn("many links are opened that lead nowhere", "event", "link.guessed", "address", text.Clean(r.RemoteAddr, 60))
	}
	status := http.StatusNotFound
	if many {
		status = http.StatusTooManyRequests
	}
	h.render(w, status, &shown{Language: "nl", Title: "Belwacht", Says: []string{"Deze link leidt nergens (meer) heen.", "This link leads nowhere (any more)."}})
	_ = err // that it leads nowhere is all that it says
}

// shown is a page.
type shown struct {
	Language, Title string
	Says            []string
	Button          string
}

// show shows an alert, and who looks after it.
func (h *Handler) show(w http.ResponseWriter, o *notify.Opened, err error) {
	l := o.Message.In
	p := shown{Language: l.String(), Title: o.Message.Title, Says: []string{o.Message.Text}}
	status := http.StatusOK
	switch {
	case o.Taker == "" && err != nil:
		status = http.StatusServiceUnavailable
		p.Says = append(p.Says, l.Pick("That did not work; try again.", "Dat is niet gelukt; probeer het nog eens."))
		p.Button = notify.Label(l)
	case o.Taker == "":
		p.Button = notify.Label(l)
	default:
		p.Says = append(p.Says, l.Pick("Taken by ", "Opgepakt door ")+text.Clean(o.Taker, 60)+", "+o.Taken.Time().Format("2006-01-02 15:04")+" UTC.")
		if err != nil {
			p.Says = append(p.Says, l.Pick("It is not on disk yet.", "Het staat nog niet op schijf."))
		}
	}
	h.render(w, status, &p)
}

func (h *Handler) render(w http.ResponseWriter, status int, p *shown) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := h.page.Execute(w, p); err != nil {
		h.log.Debug("a page was not read to its end", "event", "link.unread", "error", err)
	}
}

// look is the page: it has to work on any telephone, without anything else.
const look = `<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{{.Title}}</title><style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
button{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:.3rem;background:#1c5fb0;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #f59f00}</style></head>
<body><main><h1>{{.Title}}</h1>
{{range .Says}}<p>{{.}}</p>
{{end}}{{if .Button}}<form method="post"><button type="submit">{{.Button}}</button></form>{{end}}
</main></body></html>
`
