package whatif

import (
	"cmp"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

// every is how often the page looks how far it is.
const every = 2 * time.Second

// view is the page's data.
type view struct {
	*State
	Rules    []row    // those that would have changed something, or are not played yet
	Same     []string // names of those that would have changed nothing
	Limits   []row
	Wrong    []wrong
	Keys     []string
	Scope    string // of the form
	Key      string
	Value    string
	Supposed bool
	Unplayed int64
	From     belwacht.Instant // zero: nothing is played yet
}

// row is a change with what came of it.
type row struct {
	Change
	Result *Result // nil: not played yet
}

// wrong is a call that was stopped wrongly with the change that would have let it through at the least price.
type wrong struct {
	Wrong
	Best   *Result
	Played int // of its changes
}

// view gathers what is known.
func (p *pages) view(a *web.Ask) (*view, error) {
	rules, err := p.Chooser.Rules(a.Tenant.Name)
	if err != nil {
		return nil, err
	}
	list, err := p.Chooser.Wrong(a.Context(), a.Tenant.Name)
	if err != nil {
		return nil, err
	}
	q := a.URL.Query()
	v := &view{State: p.Player.State(a.Tenant.Name), Keys: p.Keys, Scope: cmp.Or(text.Clean(q.Get("scope"), 80), "organisation"), Key: q.Get("key"), Value: text.Clean(q.Get("value"), 200)}
	for _, r := range rules {
		if x := v.Found[r.ID()]; x != nil && x.More.Calls+x.Fewer.Calls == 0 && x.Told == 0 {
			v.Same = append(v.Same, r.Rule)
			continue
		}
		v.Rules = append(v.Rules, row{r, v.Found[r.ID()]})
	}
	for _, id := range slices.Backward(v.Order) {
		r := v.Found[id]
		v.From, v.Supposed, v.Unplayed = r.From, r.Supposed, r.Unplayed
		if r.Change.Rule == "" && r.Change.Value != "" {
			v.Limits = append(v.Limits, row{r.Change, r})
		}
	}
	for _, w := range list {
		x := wrong{Wrong: w}
		for _, c := range w.Changes {
			r := v.Found[c.ID()]
			if r == nil {
				continue
			}
			x.Played++
			if slices.Contains(r.Avoids, w.Call) && (x.Best == nil || dearer(x.Best, r)) {
				x.Best = r
			}
		}
		v.Wrong = append(v.Wrong, x)
	}
	return v, nil
}

// dearer says whether one result lets through more than another: fraud that is known first, then money.
func dearer(a, b *Result) bool {
	return cmp.Or(cmp.Compare(a.Fewer.Fraud, b.Fewer.Fraud), cmp.Compare(a.Fewer.Cost+a.Fewer.Risk, b.Fewer.Cost+b.Fewer.Risk), cmp.Compare(a.Fewer.Calls, b.Fewer.Calls)) > 0
}

func (p *pages) page(a *web.Ask) (*web.Page, error) {
	v, err := p.view(a)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "What if", Template: "what-if", Data: v}, nil
}

// one is one change with the calls by name.
func (p *pages) one(a *web.Ask) (*web.Page, error) {
	r := p.Player.State(a.Tenant.Name).Found[a.URL.Query().Get("id")]
	if r == nil {
		return nil, belwacht.Errorf(belwacht.NotFound, "%s", a.T("This was not played, or is forgotten since the settings changed. Play it again."))
	}
	return &web.Page{Title: "What if", Template: "one", Data: r, Back: "/what-if", Here: "/what-if"}, nil
}

// play has something played.
func (p *pages) play(a *web.Ask) (*web.Done, error) {
	var list []Change
	to := "/what-if"
	switch a.FormValue("do") {
	case "rules":
		rules, err := p.Chooser.Rules(a.Tenant.Name)
		if err != nil {
			return nil, err
		}
		list = rules
	case "limit":
		list = []Change{{Scope: a.FormValue("scope"), Key: a.FormValue("key"), Value: a.FormValue("value")}}
		if list[0].Value == "" {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Write the limit that you think of, such as EUR 20, or 30."))
		}
		to += "#l-h"
	case "wrong":
		of, err := p.Chooser.Wrong(a.Context(), a.Tenant.Name)
		if err != nil {
			return nil, err
		}
		for _, w := range of {
			list = append(list, w.Changes...)
		}
		to += "#w-h"
	case "stop":
		if err := p.Player.Cancel(a.Tenant.Name, ""); err != nil {
			return nil, err
		}
		return &web.Done{To: to, Said: a.T("It is stopped; what was played stays.")}, nil
	}
	if err := p.Player.Play(a.Tenant.Name, list); err != nil {
		return nil, err
	}
	return &web.Done{To: to, Said: a.T("It is played in the background; the page draws itself anew. The guard goes first.")}, nil
}

// Share is how far the play is, for a bar.
func (v *view) Share() float64 { return max(v.Done, 0.01) }

// Played says whether a rule was.
func (v *view) Played() bool {
	if len(v.Same) > 0 {
		return true
	}
	for _, r := range v.Rules {
		if r.Result != nil {
			return true
		}
	}
	return false
}
