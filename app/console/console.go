// Package console puts the console together: the frame of package web, the pages of its sub-packages, and the door. It serves what a running Belwacht shows
// and does, or what the demonstration does, through the interfaces of the pages; it knows neither.
package console

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/control"
	"github.com/belwacht/belwacht/number/table"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/alerts"
	"github.com/belwacht/belwacht/web/api"
	"github.com/belwacht/belwacht/web/guard"
	"github.com/belwacht/belwacht/web/habits"
	"github.com/belwacht/belwacht/web/holds"
	"github.com/belwacht/belwacht/web/owner"
	"github.com/belwacht/belwacht/web/past"
	"github.com/belwacht/belwacht/web/people"
	"github.com/belwacht/belwacht/web/privacy"
	"github.com/belwacht/belwacht/web/setup"
	"github.com/belwacht/belwacht/web/whatif"
)

// Config is what a Console needs.
type Config struct {
	Door    web.Door
	SignIn  string // see web.Config
	Log     *slog.Logger
	Now     func() time.Time
	Version string
	Tenants func() []web.Tenant
	Notices func(context.Context, *web.Ask) []web.Notice // besides those of panic; nil = none

	Guard  guard.Config          // its stores are those of the other pages, too
	Habits habits.Config         // its accounts; calls, sums and locks are Guard's
	Config func() *config.Config // the configuration in force; nil: its pages are not there
	// Control is what the API shows and does of what runs; nil: only what is kept.
	Control *control.Config
	// Deeds is how pages and the API change something; nil: by the door of People, else nothing can be changed.
	Deeds web.Deeds
	// Setup is how the configuration is changed; nil: it is shown only.
	Setup *setup.Config
	// Settings is how the API changes the configuration; nil: it does not.
	Settings Settings
	// Holds is what is silent and who is barred; its alerts are Guard's.
	Holds holds.Config
	// Links answers the links of messages below config.ConsoleLinks; nil: they are answered elsewhere, or there are none.
	Links http.Handler
	// WhatIf plays what other settings would have done; nil: there is no page of it.
	WhatIf Player
	// People is who may come in; its Door takes the place of Door. Nil: there are no pages of signing in, users, keys and the audit log.
	People *people.Config
}

// Player plays changes of settings in the background, from Serve to Stop.
type Player interface {
	whatif.Player
	whatif.Chooser
	Run(ctx context.Context)
}

// Settings is the owner's file for the API.
type Settings interface {
	api.Owner
	api.Undoer
}

// Console is the pages, ready to be served.
type Console struct {
	*web.Site
	http *http.Server
	play Player
	stop context.CancelFunc
	done context.Context // ends with stop
	wait sync.WaitGroup
}

// Bounds of what one browser may take. What is live sets its own time to write.
const (
	headWithin = 10 * time.Second
	readWithin = 30 * time.Second
	writeMost  = time.Minute
	idleMost   = 2 * time.Minute
	maxHead    = 32 << 10
)

// New makes a console; nothing listens yet.
func New(c Config) (*Console, error) {
	if c.People != nil {
		c.Door, c.SignIn = c.People.Door, people.SignIn
		if c.Deeds == nil {
			c.Deeds = deeds{c.People.Door.Door}
		}
	}
	if c.Deeds == nil {
		c.Deeds = web.Closed{}
	}
	site, err := web.New(web.Config{Door: c.Door, Deeds: c.Deeds, SignIn: c.SignIn, Log: c.Log, Now: c.Now, Tenants: c.Tenants, Version: c.Version, Notices: c.notices})
	if err != nil {
		return nil, err
	}
	g := &c.Guard
	c.Habits.Calls, c.Habits.Sums, c.Habits.Locker = g.Calls, g.Sums, g.Locker
	world := table.Open()
	c.Habits.Risk = func(to belwacht.Country) belwacht.Risk { return world.Risk(world.FindRegion(to)) }
	set := owner.Config{Sums: g.Sums, Otherwise: c.otherwise()}
	if c.Setup != nil {
		set.Edits = true
		if c.WhatIf != nil {
			c.Setup.WhatIf = func(kind string) string {
				return map[string]string{"rule": "/what-if#r-h", "limit": "/what-if#f-h"}[kind]
			}
		}
		if err := setup.New(site, *c.Setup); err != nil {
			return nil, err
		}
	}
	if c.Config != nil {
		s := &settings{c.Config}
		set.Viewer, c.Habits.Allowed = s, s.allowed
	}
	if c.Config != nil && g.Confidential == nil {
		g.Confidential = (&helplines{config: c.Config}).confidential
	}
	if c.Habits.Accounts != nil && g.Sums != nil {
		if err := habits.New(site, c.Habits); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(owner.New(site, set), guard.New(site, c.Guard), alerts.New(site, alerts.Config{Alerts: g.Alerts, Decisions: g.Decisions}), past.New(site, g.Calls)); err != nil {
		return nil, err
	}
	if b, ok := c.Holds.Barrer.(*bars); ok && c.People != nil {
		b.door = c.People.Door.Door
	}
	c.Holds.Alerts = g.Alerts
	if err := holds.New(site, c.Holds); err != nil {
		return nil, err
	}
	if c.Config != nil {
		if err := privacy.New(site, privacy.Config{Facts: (&private{c.Config}).facts}); err != nil {
			return nil, err
		}
	}
	if c.Links != nil {
		site.Mount(config.ConsoleLinks, c.Links)
	}
	if c.WhatIf != nil {
		if err := whatif.New(site, whatif.Config{Player: c.WhatIf, Chooser: c.WhatIf, Keys: config.LimitKeys()}); err != nil {
			return nil, err
		}
	}
	if c.People != nil {
		if err := people.New(site, *c.People); err != nil {
			return nil, err
		}
	}
	c.api(site)
	done, stop := context.WithCancel(context.Background())
	return &Console{Site: site, play: c.WhatIf, stop: stop, done: done, http: &http.Server{Handler: site, ReadHeaderTimeout: headWithin, ReadTimeout: readWithin, WriteTimeout: writeMost, IdleTimeout: idleMost, MaxHeaderBytes: maxHead,
		ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug)}}, nil
}

// api adds the API to the site.
func (c *Config) api(site *web.Site) {
	g := &c.Guard
	a := api.Config{Version: c.Version, Door: c.Door, Deeds: c.Deeds, Alerts: g.Alerts, Calls: g.Calls, Accounts: c.Habits.Accounts, Now: site.Now}
	if b, ok := c.Holds.Barrer.(*bars); ok {
		a.Barrer = b
	}
	if c.WhatIf != nil {
		a.Player = &plays{c.WhatIf}
	}
	if c.Settings != nil {
		a.Owner, a.Undoer = c.Settings, c.Settings
	}
	if c.People != nil {
		a.Door = keys{c.People.Door}
	}
	if c.Control != nil {
		ways := *c.Control
		ways.Deeds = byAPI{c.Deeds}
		a.Describe = func(to huma.API, path string) { control.Describe(to, path, ways, api.Asker{}) }
	}
	h := api.New(a)
	site.Mount(api.Path+"/", h)
	site.Mount("GET /openapi.json", h)
}

// notices are what stands above every page: the panic switch, and what the owner of the console adds.
func (c *Config) notices(ctx context.Context, a *web.Ask) []web.Notice {
	var list []web.Notice
	if h, err := c.Guard.Viewer.Health(ctx); err == nil && h.Tenants[a.Tenant.Name].Panic {
		list = append(list, web.Notice{Kind: "danger", Text: a.Language.Pick("Panic is on: nobody calls abroad, paid numbers or networks.", "De noodknop staat aan: niemand belt naar het buitenland, betaalde nummers of netwerken."),
			Link: "/panic", Do: a.Language.Pick("Turn it off", "Uitzetten")})
	}
	if c.Setup != nil {
		list = append(list, c.Setup.Notices(ctx, a)...)
	}
	if c.People != nil {
		list = append(list, c.People.Notices(ctx, a)...)
	}
	if c.Notices != nil {
		list = append(list, c.Notices(ctx, a)...)
	}
	return list
}

// Serve answers on a listener until Stop, then returns nil.
func (c *Console) Serve(l net.Listener) error {
	if c.play != nil {
		c.wait.Go(func() { c.play.Run(c.done) })
	}
	if err := c.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return belwacht.Errorf(belwacht.Unreachable, "the console answers no more: %w", err)
	}
	return nil
}

// Stop closes the listener and lets those be answered who have asked, until ctx ends; what is live is cut off.
func (c *Console) Stop(ctx context.Context) error {
	c.stop()
	defer c.wait.Wait() // it reads the store
	if err := c.http.Shutdown(ctx); err != nil {
		return c.http.Close()
	}
	return nil
}
