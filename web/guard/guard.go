package guard

import (
	"context"
	"embed"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// Viewer shows what runs and what was decided, of all organisations.
type Viewer interface {
	Calls(ctx context.Context) ([]belwacht.Running, error)
	// Decisions are those on a call, by its ID or by the reference that a person was told, oldest first; told. None is no error.
	Decisions(ctx context.Context, id string) ([]belwacht.Decision, error)
	// Health is how it all is.
	Health(ctx context.Context) (*Health, error)
}

// Actor does what a person wants done with a call. who is who wants it.
type Actor interface {
	End(ctx context.Context, id, who string) error
	Feedback(ctx context.Context, f *belwacht.Feedback, who string) error
}

// Locker locks accounts, as control.Locker does.
type Locker interface {
	Locks(ctx context.Context) ([]belwacht.InForce, error)
	Lock(ctx context.Context, f *belwacht.InForce) error
	Unlock(ctx context.Context, tenant, account, who string) error
}

// Switch is the panic switch, as control.Switch has it.
type Switch interface {
	Panic(ctx context.Context, f *belwacht.InForce, end bool) (ended, left int, err error)
	Calm(ctx context.Context, tenant, who string) error
}

// Health is how a running Belwacht is.
type Health struct {
	Version  string
	Since    belwacht.Instant // it runs since
	Loaded   belwacht.Instant // its configuration is of
	Tenants  map[string]State // by organisation
	PBXs     []PBX
	Problems []Problem           // what somebody should look at
	Counts   map[string]uint64   // since it runs
	Store    belwacht.StoreState // of the zero value: there is none
	Stored   bool
	Saved    belwacht.Instant // the memory was kept last
}

// Problem is a sentence on something that somebody should look at. Where there is no Dutch it is shown in English, and marked so.
type Problem struct {
	English, Dutch string
	Tenant         string // whose it is
	Machine        bool   // it is the whole machine's, or of more than one organisation
}

// look is how it is, as far as who asks may see it: who may see one organisation only sees nothing of others and of the machine.
func (p *pages) look(a *web.Ask) (*Health, error) {
	h, err := p.Viewer.Health(a.Context())
	if err != nil || a.Visitor.Tenants == nil {
		return h, err
	}
	own := *h
	own.Problems, own.Counts, own.Store, own.Stored, own.Saved = nil, nil, belwacht.StoreState{}, false, 0
	for _, x := range h.Problems {
		if !x.Machine && a.Visitor.Sees(x.Tenant) {
			own.Problems = append(own.Problems, x)
		}
	}
	return &own, nil
}

// State is how one organisation is guarded.
type State struct {
	Mode  belwacht.Mode
	Panic bool
	Locks int
}

// PBX is a telephone system and how it is heard.
type PBX struct {
	Name, Tenant string
	JudgeBy      string
	Ask          string // address where it asks, "" = it does not
	Feeds        []Feed
}

// Feed is one source of a PBX: its events or its records.
type Feed struct {
	Kind  string // events or records
	State string
	Dutch string // of State; "" = there is none
	Good  bool
}

// Config is what the pages need. What is nil is not there, and its part of a page is left out.
type Config struct {
	Viewer    Viewer
	Actor     Actor
	Locker    Locker
	Switch    Switch
	Alerts    belwacht.AlertStore
	Calls     belwacht.CallStore
	Decisions belwacht.DecisionStore
	InForce   belwacht.InForceStore
	Sums      belwacht.SumStore
	// Confidential says whether a number is nobody's business (helplines, the owner's list), as the organisation's dial plan has it. Nil: no number is shown in full.
	Confidential func(tenant, number string) bool
}

// pages are the handlers.
type pages struct {
	Config
	site *web.Site
	set  *web.Set
}

// liveEvery is how often what is live is looked at.
const liveEvery = time.Second

// New registers the pages.
func New(site *web.Site, c Config) error {
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{Config: c, site: site, set: set}
	site.Nav(web.Entry{Order: 10, Path: "/", Title: "Overview", Icon: "home", Right: web.SeeCalls})
	site.Nav(web.Entry{Order: 20, Path: "/live", Title: "Live calls", Icon: "phone-call", Right: web.SeeCalls})
	site.Nav(web.Entry{Order: 50, Path: "/helpdesk", Title: "Helpdesk", Icon: "lifebuoy", Right: web.Help})
	site.Nav(web.Entry{Order: 60, Path: "/locks", Title: "Locks", Icon: "lock", Right: web.SeeLocks})
	site.Nav(web.Entry{Order: 900, Group: "Looking after it", Path: "/health", Title: "Health", Icon: "heartbeat", Right: web.SeeHealth})
	site.Get("/", web.SeeCalls, set, p.overview)
	site.Live("/overview/now", web.SeeCalls, set, 2*liveEvery, func(a *web.Ask) (string, any, error) { v, err := p.now(a); return "now", v, err })
	site.Get("/live", web.SeeCalls, set, p.live)
	site.Live("/live/now", web.SeeCalls, set, liveEvery, func(a *web.Ask) (string, any, error) { v, err := p.running(a); return "running", v, err })
	site.Get("/call", web.SeeCalls, set, p.call)
	site.Post("/call/end", web.EndCalls, p.end)
	site.Form("/call/unmask", web.Unmask, set, p.unmask)
	site.Post("/call/feedback", web.Feedback, p.feedback)
	site.Get("/panic", web.SeeLocks, set, p.panicPage)
	site.Post("/panic", web.SeeLocks, p.panic)
	site.Get("/locks", web.SeeLocks, set, p.locks)
	site.Post("/locks/add", web.LockAccounts, p.lock)
	site.Post("/locks/remove", web.FreeAccounts, p.unlock)
	site.Get("/helpdesk", web.Help, set, p.helpdesk)
	site.Get("/health", web.SeeHealth, set, p.health)
	return nil
}

// midnight is when the day began in the organisation's zone.
func midnight(a *web.Ask) belwacht.Instant {
	t := a.Now.Time().In(a.Tenant.Zone)
	return belwacht.InstantOf(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, a.Tenant.Zone))
}

// amount is money of a decision or a running call, which have whole units.
func amount(units float64) belwacht.Money { return belwacht.Money(units * float64(belwacht.Unit)) }
