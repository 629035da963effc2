// Package habits is the console's pages of what is usual: accounts with their week, countries, devices and log-ins, and destinations on a map of the world, by
// what they cost and how risky they are, with the same as a table and a strip for networks that lie in no country. A what-if says what a list of allowed
// countries would have meant in the days before. Everything is read from sums and pages of the store, so it is quick with millions of calls.
package habits

import (
	"context"
	"embed"
	"net/url"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// Locker says what is locked.
type Locker interface {
	Locks(ctx context.Context) ([]belwacht.InForce, error)
}

// Config is what the pages need.
type Config struct {
	Accounts      belwacht.AccountStore
	Calls         belwacht.CallStore
	Sums          belwacht.SumStore
	Registrations belwacht.RegistrationStore // nil: not shown
	Devices       belwacht.DeviceStore       // nil: not shown
	Locker        Locker
	// Risk is what is known of a country besides what is dialled there: its risk; nil = nothing.
	Risk func(belwacht.Country) belwacht.Risk
	// Allowed are the countries that the owner's limits allow; nil = all.
	Allowed func(tenant string) []belwacht.Country
}

type pages struct {
	Config
	world *world
}

// New registers the pages.
func New(site *web.Site, c Config) error {
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{Config: c, world: newWorld()}
	site.Nav(web.Entry{Order: 40, Path: "/accounts", Title: "Extensions", Icon: "device-landline-phone", Right: web.SeeCalls})
	site.Nav(web.Entry{Order: 45, Path: "/destinations", Title: "Destinations", Icon: "world", Right: web.SeeCalls})
	site.Get("/accounts", web.SeeCalls, set, p.list)
	site.Get("/accounts/one", web.SeeCalls, set, p.one)
	site.Get("/destinations", web.SeeCalls, set, p.destinations)
	return nil
}

// list is a page of accounts.
type list struct {
	Begins   string
	Accounts []row
	Older    string
}

type row struct {
	belwacht.KnownAccount
	Locked bool
	Cost   belwacht.Money // of the last 30 days
	Out    int64          // calls to outside of the last 30 days
}

func (p *pages) list(a *web.Ask) (*web.Page, error) {
	after, err := a.Cursor()
	if err != nil {
		return nil, err
	}
	v := &list{Begins: text.Clean(strings.TrimSpace(a.URL.Query().Get("begins")), 60)}
	all, next, err := p.Accounts.Accounts(a.Context(), &belwacht.AccountQuery{Tenant: a.Tenant.Name, Begins: v.Begins, Page: belwacht.Page{Most: 50, After: after}})
	if err != nil {
		return nil, err
	}
	locks, err := p.Locker.Locks(a.Context())
	if err != nil {
		return nil, err
	}
	today := belwacht.DateOf(a.Now, a.Tenant.Zone)
	sums, err := p.Sums.Sums(a.Context(), &belwacht.SumQuery{Tenant: a.Tenant.Name, By: belwacht.SumByAccount, From: today - 29, Until: today, Most: 1000})
	if err != nil {
		return nil, err
	}
	for i := range all {
		r := row{KnownAccount: all[i]}
		for j := range locks {
			r.Locked = r.Locked || locks[j].Tenant == a.Tenant.Name && locks[j].Subject == r.Name
		}
		for j := range sums {
			if sums[j].Account == r.Name {
				r.Cost, r.Out = sums[j].Cost, sums[j].Calls
			}
		}
		v.Accounts = append(v.Accounts, r)
	}
	if !next.IsZero() {
		q := url.Values{"after": {next.String()}}
		if v.Begins != "" {
			q.Set("begins", v.Begins)
		}
		v.Older = "/accounts?" + q.Encode()
	}
	return &web.Page{Title: "Extensions", Template: "accounts", Data: v}, nil
}

// one is one account.
type one struct {
	*belwacht.KnownAccount
	Week          *web.Week
	Days          []belwacht.Sum
	Most          belwacht.Money
	Cost          belwacht.Money
	Calls         []belwacht.PastCall
	Registrations []belwacht.Registration
	Devices       []belwacht.Device
	Lock          *belwacht.InForce
}

func (p *pages) one(a *web.Ask) (*web.Page, error) {
	name := a.URL.Query().Get("name")
	ctx, tenant := a.Context(), a.Tenant.Name
	k, err := p.Accounts.Account(ctx, tenant, name)
	if err != nil {
		if belwacht.CodeOf(err) != belwacht.NotFound || name == "" {
			return nil, err
		}
		k = &belwacht.KnownAccount{Name: name} // it may have been judged and not be kept yet
	}
	v := &one{KnownAccount: k}
	if v.Week, err = web.WeekOf(ctx, p.Config.Calls, a.Tenant, name, a.Now+1); err != nil {
		return nil, err
	}
	if v.Calls, _, err = p.Config.Calls.Calls(ctx, &belwacht.CallQuery{Tenant: tenant, Account: name, Page: belwacht.Page{Most: 15}}); err != nil {
		return nil, err
	}
	today := belwacht.DateOf(a.Now, a.Tenant.Zone)
	sums, err := p.Sums.Sums(ctx, &belwacht.SumQuery{Tenant: tenant, By: belwacht.SumByAccount, Account: name, From: today - 29, Until: today})
	if err != nil {
		return nil, err
	}
	for _, s := range sums {
		v.Cost += s.Cost
	}
	if p.Registrations != nil {
		if v.Registrations, _, err = p.Registrations.Registrations(ctx, &belwacht.RegistrationQuery{Tenant: tenant, Account: name, Page: belwacht.Page{Most: 10}}); err != nil {
			return nil, err
		}
	}
	if p.Devices != nil {
		if v.Devices, _, err = p.Devices.Devices(ctx, tenant, name, belwacht.Page{Most: 10}); err != nil {
			return nil, err
		}
	}
	locks, err := p.Locker.Locks(ctx)
	if err != nil {
		return nil, err
	}
	for i := range locks {
		if locks[i].Tenant == tenant && locks[i].Subject == name {
			v.Lock = &locks[i]
		}
	}
	return &web.Page{Title: a.T("Extension %s", text.Clean(name, 40)), Here: "/accounts", Back: "/accounts", Template: "account", Data: v}, nil
}
