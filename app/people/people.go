// Package people opens the way in for people: the door (package access/door) and the audit log (package ledger) over the store of a running Belwacht, by its
// configuration. The control socket and the console use the same.
//
//	p, err := people.Open(ctx, people.Config{Folder: dir, Store: store, Config: c, Log: log})
//	go p.Run(ctx)      // signs a head of the audit log each day
//	p.Door, p.Audit    // for the console's pages
package people

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/config/edit"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/store"
)

// headEvery is how often the audit log's head is signed.
const headEvery = 24 * time.Hour

// How often it is looked what commands on this machine did, and at how much at most.
const (
	lookEvery = 30 * time.Second
	lookMost  = 100
)

// barredEvery is how often it is written who has to wait at the door.
const barredEvery = 2 * time.Second

// Config is what it needs.
type Config struct {
	Folder string // of the data: keys and secret lie there
	Store  store.PeopleStore
	Config *config.Config
	Log    *slog.Logger
	Teller Teller           // nil: what people must be told is in the log only
	Now    func() time.Time // nil = the clock
	Tried  door.Tried       // nil: nobody hears of log-ins
}

// Teller tells people. Its methods return at once.
type Teller interface {
	door.Teller
	// Head sends a signed head of the audit log away from this machine: to people, who keep it.
	Head(h *belwacht.Head, to []belwacht.User)
}

// People is the open way in.
type People struct {
	*door.Door
	Audit *ledger.Log

	c     Config
	url   string
	seen  uint64 // up to this entry what other processes did was told
	size  uint64 // of the audit log, at the look before
	noted uint64 // up to this entry all was told, as the store has it
	kept  bool   // which has it
	late  bool   // who has to wait at the door could not be written
}

// Open opens it. Where there is no administrator yet, that and how to make the first one is logged.
func Open(ctx context.Context, c Config) (*People, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "here"
	}
	keys, err := ledger.LoadKeys(c.Folder, host)
	if err != nil {
		return nil, err
	}
	secret, err := access.LoadSecret(c.Folder)
	if err != nil {
		return nil, err
	}
	p := &People{c: c, Audit: ledger.New(ledger.Config{Store: c.Store, Keys: keys, Now: c.Now, Log: c.Log})}
	notes, _ := c.Store.(door.Notes)
	p.Door, err = door.New(ctx, door.Config{Users: c.Store, Sessions: c.Store, Keys: c.Store, Proposals: c.Store, Notes: notes, Entries: p.Audit, Teller: p, Tried: c.Tried, Secret: secret,
		Policy: c.Config.AccessPolicy(), Names: c.Config.AccessNames(), Log: c.Log, Now: c.Now})
	if err != nil {
		return nil, err
	}
	p.url = c.Config.AccessPolicy().Origin
	if p.seen, err = c.Store.TreeSize(ctx); err != nil {
		return nil, err
	}
	if len(p.Administrators()) == 0 {
		c.Log.Warn("nobody can sign in to the console yet; make a one-time link for the first administrator: belwacht access link", "event", "access.first")
	}
	return p, nil
}

// Use puts another configuration in place.
func (p *People) Use(c *config.Config) error { return p.Door.Use(c.AccessPolicy()) }

// Changed writes to the audit log what a start or reload found changed in the configuration's file. p may be nil: then there is none.
func (p *People) Changed(ctx context.Context, who string, list []belwacht.Change) {
	if p == nil {
		return
	}
	for _, deed := range edit.Noted(list) {
		if err := p.Door.Noted(ctx, who, "configuration", deed); err != nil {
			p.c.Log.Error("what was changed in the configuration is not in the audit log yet", "event", "audit.failed", "act", string(deed.Act), "subject", deed.Subject, "error", err)
		}
	}
}

// Run signs a head of the audit log now and once a day, and tells of what commands on this machine do meanwhile, until ctx ends.
func (p *People) Run(ctx context.Context) {
	day, look, barred := time.NewTicker(headEvery), time.NewTicker(lookEvery), time.NewTicker(barredEvery)
	defer day.Stop()
	defer look.Stop()
	defer barred.Stop()
	p.missed(ctx)
	p.head(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-day.C:
			p.head(ctx)
		case <-look.C:
			p.Look(ctx)
		case <-barred.C:
			if err := p.KeepBarred(ctx); err != nil && ctx.Err() == nil {
				if !p.late {
					p.c.Log.Error("who has to wait at the door is not kept on disk", "event", "access.late", "error", err)
				}
				p.late = true
			} else {
				p.late = false
			}
		}
	}
}

// head signs a head, which leaves the machine.
func (p *People) head(ctx context.Context) {
	h, err := p.Audit.Head(ctx)
	switch {
	case err == nil && p.c.Teller != nil:
		p.c.Teller.Head(h, slices.DeleteFunc(p.Administrators(), func(u belwacht.User) bool { return u.Tenant != "" }))
	case err != nil && ctx.Err() == nil:
		p.c.Log.Error("the audit log's head cannot be signed", "event", "audit.failed", "error", err)
	}
}

// Look tells of what commands on this machine did since the last look that lessens protection, such as belwacht forget: they write to the audit log themselves. It is
// called by one goroutine.
func (p *People) Look(ctx context.Context) {
	list, _, err := p.c.Store.Entries(ctx, &belwacht.EntryQuery{Weakens: true, Page: belwacht.Page{Most: lookMost}})
	if err != nil {
		if ctx.Err() == nil {
			p.c.Log.Error("what commands on this machine did cannot be read", "event", "audit.failed", "error", err)
		}
		return
	}
	newest := p.seen
	for i := range slices.Backward(list) {
		if e := &list[i]; e.Position > p.seen {
			newest = max(newest, e.Position)
			if e.Via == ledger.ByCommand {
				p.Told(e)
			}
		}
	}
	p.seen = newest
	p.told(ctx)
}

// Notice implements door.Teller: it is logged, and handed on to who tells people.
func (p *People) Notice(n *belwacht.Notice) {
	to := make([]string, 0, len(n.To))
	for _, u := range n.To {
		to = append(to, u.Login)
	}
	e := &n.Entry
	p.c.Log.Warn("people must be told of what was done at the door", "event", "access.notice", "kind", string(n.Kind), "act", string(e.Act), "who", e.Who, "subject", e.Subject,
		"from", e.From, "entry", e.Position, "to", to)
	if p.c.Teller != nil {
		p.c.Teller.Notice(n)
	}
}

// Link implements control.People.
func (p *People) Link(ctx context.Context, login, who string) (string, error) {
	secret, err := p.Door.Link(ctx, login, who)
	if err != nil {
		return "", err
	}
	return p.url + door.LinkPath + secret, nil
}

// Entries implements control.Audit.
func (p *People) Entries(ctx context.Context, q *belwacht.EntryQuery) ([]belwacht.Entry, belwacht.Cursor, error) {
	return p.c.Store.Entries(ctx, q)
}

// Verify implements control.Audit.
func (p *People) Verify(ctx context.Context, heads []string) (*ledger.Report, error) {
	return p.Audit.Verify(ctx, heads)
}
