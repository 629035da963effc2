package guard

import (
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// runningShown bounds the calls of one page; the dearest are shown.
const runningShown = 200

// running is the calls that ring or run, as far as the filter lets them through.
type running struct {
	Query  string
	Filter string
	Calls  []belwacht.Running
	All    int
	Hidden int // let through by the filter, and not shown for lack of room
	Cost   belwacht.Money
}

func (p *pages) running(a *web.Ask) (*running, error) {
	calls, err := p.Viewer.Calls(a.Context())
	if err != nil {
		return nil, err
	}
	q := a.URL.Query().Get("find")
	v := &running{Filter: text.Clean(q, 60), Query: a.URL.RawQuery}
	needle := strings.ToLower(strings.TrimSpace(q))
	for i := range calls {
		c := &calls[i]
		if c.Tenant != a.Tenant.Name {
			continue
		}
		v.All++
		country := strings.ToLower(text.Country(a.Language, c.Country))
		if p.confidential(c.Tenant, c.Number) {
			c.Number = a.T("a helpline")
		}
		number := c.Number
		if !a.May(web.FullNumbers) {
			number = "" // a filter must not tell what a mask hides
		}
		if needle != "" && !strings.Contains(strings.ToLower(c.Account+"\n"+number+"\n"+c.Trunk)+"\n"+country, needle) {
			continue
		}
		v.Calls = append(v.Calls, *c)
		v.Cost += amount(c.Cost)
	}
	slices.SortStableFunc(v.Calls, func(a, b belwacht.Running) int {
		if a.Word != b.Word {
			return int(b.Word) - int(a.Word)
		}
		return int(min(max(b.Began-a.Began, -1), 1))
	})
	if len(v.Calls) > runningShown {
		v.Hidden = len(v.Calls) - runningShown
		v.Calls = v.Calls[:runningShown]
	}
	return v, nil
}

func (p *pages) live(a *web.Ask) (*web.Page, error) {
	v, err := p.running(a)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "Live calls", Template: "live", Data: v}, nil
}

func (p *pages) end(a *web.Ask) (*web.Done, error) {
	id := a.PostForm.Get("id")
	if err := p.ours(a, id); err != nil {
		return nil, err
	}
	if waits, err := a.Do(a.Deed(access.CallEnd, "call "+text.Clean(id, 60), ""), func() error { return p.Actor.End(a.Context(), id, a.Who()) }); err != nil || waits != nil {
		return waits, err
	}
	return &web.Done{Said: a.T("The call is being ended.")}, nil
}

// ours holds that a running call belongs to the organisation that is looked at, so that nobody reaches another's.
func (p *pages) ours(a *web.Ask, id string) error {
	calls, err := p.Viewer.Calls(a.Context())
	if err != nil {
		return err
	}
	for i := range calls {
		if calls[i].ID == id && calls[i].Tenant == a.Tenant.Name {
			return nil
		}
	}
	return belwacht.Errorf(belwacht.NotFound, "%s", a.T("This call does not run any more."))
}
