package guard

import (
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// whyMost bounds what a person writes of a reason, in bytes.
const whyMost = 256

// switched is the page of the panic switch.
type switched struct {
	On      bool
	Since   *belwacht.InForce // nil: it is off, or nobody knows since when
	Before  []belwacht.InForce
	Running int // calls that it would forbid, at most: those abroad
	Next    string
}

func (p *pages) panicPage(a *web.Ask) (*web.Page, error) {
	h, err := p.Viewer.Health(a.Context())
	if err != nil {
		return nil, err
	}
	v := &switched{On: h.Tenants[a.Tenant.Name].Panic}
	calls, err := p.Viewer.Calls(a.Context())
	if err != nil {
		return nil, err
	}
	for i := range calls {
		if calls[i].Tenant == a.Tenant.Name {
			v.Running++
		}
	}
	if p.InForce != nil {
		if v.Before, _, err = p.InForce.InForcePage(a.Context(), &belwacht.InForceQuery{Tenant: a.Tenant.Name, Kind: belwacht.KindPanic, Page: belwacht.Page{Most: 10}}); err != nil {
			return nil, err
		}
		if v.On && len(v.Before) > 0 && v.Before[0].Holds(a.Now) {
			v.Since = &v.Before[0]
		}
	}
	return &web.Page{Title: "Panic button", Here: "/panic", Template: "panic", Data: v}, nil
}

func (p *pages) panic(a *web.Ask) (*web.Done, error) {
	switch a.PostForm.Get("do") {
	case "on":
		end := a.PostForm.Get("end") != ""
		var ended, left int
		deed := a.Deed(access.PanicPress, "", map[bool]string{true: "and calls that run are ended"}[end])
		deed.Why = reason(a)
		waits, err := a.Do(deed, func() (err error) {
			ended, left, err = p.Switch.Panic(a.Context(), &belwacht.InForce{Kind: belwacht.KindPanic, Tenant: a.Tenant.Name, Who: a.Who(), Why: deed.Why}, end)
			return err
		})
		if err != nil || waits != nil {
			return waits, err
		}
		said := a.T("Panic is on: no calls abroad, to paid numbers or to networks. Emergency numbers and helplines go through.")
		if end {
			said += " " + text.Plural(a.Language, int64(ended), a.T("call is being ended."), a.T("calls are being ended."))
		}
		if left > 0 {
			said += " " + text.Plural(a.Language, int64(left), a.T("call cannot be ended from here: end it at the PBX."), a.T("calls cannot be ended from here: end them at the PBX."))
		}
		return &web.Done{To: "/panic", Said: said, Bad: left > 0}, nil
	case "off":
		waits, err := a.Do(a.Deed(access.PanicRelease, "", ""), func() error { return p.Switch.Calm(a.Context(), a.Tenant.Name, a.Who()) })
		if err != nil || waits != nil {
			return waits, err
		}
		return &web.Done{To: "/panic", Said: a.T("Panic is off: calls are judged as usual again.")}, nil
	}
	return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say whether it is to be on or off."))
}

// reason is what a person wrote, within bounds.
func reason(a *web.Ask) string { return text.Clean(strings.TrimSpace(a.PostForm.Get("why")), whyMost) }

// locked is the page of locks.
type locked struct {
	Locks  []belwacht.InForce
	Before []belwacht.InForce // that hold no more
	Offer  string             // an account that is offered to be locked
}

func (p *pages) locks(a *web.Ask) (*web.Page, error) {
	all, err := p.Locker.Locks(a.Context())
	if err != nil {
		return nil, err
	}
	v := &locked{Offer: text.Clean(a.URL.Query().Get("account"), 60)}
	for i := range all {
		if all[i].Tenant == a.Tenant.Name {
			v.Locks = append(v.Locks, all[i])
		}
	}
	slices.Reverse(v.Locks)
	if p.InForce != nil {
		list, _, err := p.InForce.InForcePage(a.Context(), &belwacht.InForceQuery{Tenant: a.Tenant.Name, Kind: belwacht.KindLock, Page: belwacht.Page{Most: 50}})
		if err != nil {
			return nil, err
		}
		for i := range list {
			if !list[i].Holds(a.Now) {
				v.Before = append(v.Before, list[i])
			}
		}
	}
	return &web.Page{Title: "Locks", Template: "locks", Data: v}, nil
}

func (p *pages) lock(a *web.Ask) (*web.Done, error) {
	account := strings.TrimSpace(a.PostForm.Get("account"))
	if account == "" || len(account) > 100 {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Name the extension that is to be locked."))
	}
	deed := a.Deed(access.AccountLock, text.Mask(account), "")
	deed.Why = reason(a)
	waits, err := a.Do(deed, func() error {
		return p.Locker.Lock(a.Context(), &belwacht.InForce{Kind: belwacht.KindLock, Tenant: a.Tenant.Name, Subject: account, Who: a.Who(), Why: deed.Why})
	})
	if err != nil || waits != nil {
		return waits, err
	}
	return &web.Done{To: "/locks", Said: a.T("%s is locked: only emergency numbers, helplines and calls inside go through.", text.Clean(account, 60))}, nil
}

func (p *pages) unlock(a *web.Ask) (*web.Done, error) {
	account := a.PostForm.Get("account")
	waits, err := a.Do(a.Deed(access.AccountUnlock, text.Mask(account), ""), func() error { return p.Locker.Unlock(a.Context(), a.Tenant.Name, account, a.Who()) })
	if err != nil || waits != nil {
		return waits, err
	}
	return &web.Done{Said: a.T("%s may call again.", text.Clean(account, 60))}, nil
}

// hour is what the helpdesk sees.
type hour struct {
	Query     string
	Decisions []belwacht.Decision
	Running   []belwacht.Running
	Locked    *belwacht.InForce
}

// helpdesk shows what happened to an extension, a number or a reference code in the last hour, and what can be done about it.
func (p *pages) helpdesk(a *web.Ask) (*web.Page, error) {
	q := strings.TrimSpace(a.URL.Query().Get("find"))
	v := &hour{Query: text.Clean(q, 60)}
	page := &web.Page{Title: "Helpdesk", Template: "helpdesk", Data: v}
	if q == "" {
		return page, nil
	}
	ctx, tenant := a.Context(), a.Tenant.Name
	known, err := p.Viewer.Decisions(ctx, q) // a reference code, whenever it was given
	if err != nil {
		return nil, err
	}
	for i := range known {
		if known[i].Tenant == tenant {
			v.Decisions = append(v.Decisions, known[i])
		}
	}
	slices.Reverse(v.Decisions)
	number := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, q)
	if len(v.Decisions) == 0 {
		list, _, err := p.Decisions.Decisions(ctx, &belwacht.DecisionQuery{Tenant: tenant, From: a.Now - belwacht.Hour, Page: belwacht.Page{Most: 1000}})
		if err != nil {
			return nil, err
		}
		for i := range list {
			d := &list[i]
			if d.Account == q || len(number) >= 4 && strings.HasSuffix(d.Number, strings.TrimLeft(number, "0")) {
				v.Decisions = append(v.Decisions, *d)
			}
		}
	}
	running, err := p.Viewer.Calls(ctx)
	if err != nil {
		return nil, err
	}
	for i := range running {
		if running[i].Tenant == tenant && running[i].Account == q {
			v.Running = append(v.Running, running[i])
		}
	}
	locks, err := p.Locker.Locks(ctx)
	if err != nil {
		return nil, err
	}
	for i := range locks {
		if locks[i].Tenant == tenant && locks[i].Subject == q {
			v.Locked = &locks[i]
		}
	}
	return page, nil
}

// health shows how every source is doing.
func (p *pages) health(a *web.Ask) (*web.Page, error) {
	h, err := p.look(a)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "Health", Template: "health", Data: h}, nil
}
