package web

import (
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"sort"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web/ui"
)

//go:embed pages/*.html words.txt
var own embed.FS

// Config is what a Site needs.
type Config struct {
	Door     Door
	Deeds    Deeds  // how something is changed; nil: nothing can be
	SignIn   string // path where nobody who is not signed in is sent, "" = they are told that they may not
	Log      *slog.Logger
	Now      func() time.Time                     // nil = the clock
	Tenants  func() []Tenant                      // the organisations, at least one
	Notices  func(context.Context, *Ask) []Notice // what stands above every page; nil = nothing
	Version  string
	MaxQuery time.Duration // a page is given up after so long; 0 = 20 s
}

// Tenant is an organisation as pages need to know it.
type Tenant struct {
	Name     string
	Title    string         // shown; "" = Name
	Zone     *time.Location // of its times
	Currency string         // ISO 4217; "" = EUR
}

// Notice is a sentence above every page.
type Notice struct {
	Kind string // danger, warning or info
	Text string // in the reader's language
	Link string // "" = none
	Do   string // what the link says
}

// Entry is a place in the menu.
type Entry struct {
	Order int    // small ones first; a group stands where its first entry does
	Group string // English, a heading of the menu; "" = none
	Path  string
	Title string // English
	Icon  string
	Right Right
	Badge func(context.Context, *Ask) int // a number beside the title, 0 = none; nil = none
}

// Site is the console. Register everything before it serves; from then on it is safe for concurrent use.
type Site struct {
	cfg    Config
	mux    *http.ServeMux
	cross  *http.CrossOriginProtection
	frame  *template.Template // the frame's own templates, not yet executable: sets clone it
	words  Words
	set    *Set  // of the frame's own pages
	titles Words // of all sets: the menu on one's pages has the entries of the others
	menu   []Entry
	icons  map[string]template.HTML
	built  bool
	assets *assets
	there  map[string]bool  // pages
	long   map[string]int64 // paths that take more than others, in bytes
}

// New makes a site with the frame's own routes: assets, health, theme and language.
func New(c Config) (*Site, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Deeds == nil {
		c.Deeds = Closed{}
	}
	if c.MaxQuery == 0 {
		c.MaxQuery = 20 * time.Second
	}
	s := &Site{cfg: c, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), built: ui.Built(), icons: map[string]template.HTML{}, titles: Words{}, there: map[string]bool{}, long: map[string]int64{}}
	for name, inside := range ui.Icons() {
		s.icons[name] = template.HTML(inside) // of the packages that were built in
	}
	var err error
	if s.words, err = ReadWords(own, "words.txt"); err != nil {
		return nil, err
	}
	if s.frame, err = template.New("").Funcs(s.functions(variant{})).ParseFS(own, "pages/*.html"); err != nil {
		return nil, belwacht.Errorf(belwacht.Internal, "the frame's templates: %w", err)
	}
	if s.set, err = s.finish(s.frame); err != nil {
		return nil, err
	}
	if s.assets, err = newAssets(); err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

// Nav adds a place in the menu.
func (s *Site) Nav(e Entry) {
	s.menu = append(s.menu, e)
	sort.SliceStable(s.menu, func(a, b int) bool { return s.menu[a].Order < s.menu[b].Order })
}

// Now is the time that pages speak of.
func (s *Site) Now() belwacht.Instant { return belwacht.InstantOf(s.cfg.Now()) }

// Log is where what goes wrong is written.
func (s *Site) Log() *slog.Logger { return s.cfg.Log }

// Mount hands a path and all below it to another handler, such as the API's. It finds out itself who asks.
func (s *Site) Mount(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// routes are the frame's own.
func (s *Site) routes() {
	s.mux.Handle("GET /ui/", http.StripPrefix("/ui/", s.assets))
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"alive":true}` + "\n")) // the reader has gone where this fails
	})
	s.Post("/preferences", Anyone, s.prefer)
	s.Get("/about", Anyone, s.set, func(*Ask) (*Page, error) {
		return &Page{Title: "About Belwacht", Template: "about", Data: struct{ Version, Licences string }{s.cfg.Version, ui.Licences()}}, nil
	})
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, SeeCalls, func(a *Ask) error {
			return belwacht.Errorf(belwacht.NotFound, "%s", a.T("There is no such page."))
		})
	})
}

// ServeHTTP implements http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "same-origin")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if r.TLS != nil {
		head.Set("Strict-Transport-Security", "max-age=31536000")
	}
	most := int64(1 << 20)
	if long := s.long[r.URL.Path]; long > 0 {
		most = long
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	defer s.recover(w, r)
	s.cross.Handler(s.mux).ServeHTTP(w, r)
}

// recover keeps one page's fault from ending all others.
func (s *Site) recover(w http.ResponseWriter, r *http.Request) {
	if v := recover(); v != nil {
		s.cfg.Log.Error("a page failed", "event", "web.failed", "page", r.Pattern, "error", v) // not the path: a one-time link is one
		http.Error(w, "Belwacht: this page failed. It is in the log.", http.StatusInternalServerError)
	}
}
