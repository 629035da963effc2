package guard

import (
	"slices"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
)

// How much the overview shows.
const (
	alertsShown    = 6
	decisionsShown = 8
	daysShown      = 28
	todayMost      = 1000 // decisions of today that are added up
)

// now is what of the overview draws itself anew.
type now struct {
	Running   int
	Cost      belwacht.Money // of the running calls, so far
	Stopped   int            // calls refused or ended today, and that was carried out
	Would     int            // calls that would have been
	AtRisk    belwacht.Money // what was at risk in those that were stopped
	More      bool           // there were more than are added up
	Open      int            // alerts that nobody closed
	OpenMore  bool
	Alerts    []belwacht.Incident
	Decisions []belwacht.Decision
	Feeds     []Feed
	PBXs      []PBX
	Problems  []Problem
	Mode      belwacht.Mode
	Days      []day
	Today     *day    // nil: sums are not kept
	Ratio     float64 // today's cost by the usual one; 0 = there is no usual
}

// now gathers it.
func (p *pages) now(a *web.Ask) (*now, error) {
	ctx, tenant := a.Context(), a.Tenant.Name
	v := &now{}
	calls, err := p.Viewer.Calls(ctx)
	if err != nil {
		return nil, err
	}
	for i := range calls {
		if calls[i].Tenant == tenant {
			v.Running++
			v.Cost += amount(calls[i].Cost)
		}
	}
	if err := p.decided(a, v); err != nil {
		return nil, err
	}
	for _, state := range []belwacht.IncidentState{belwacht.IncidentOpen, belwacht.IncidentTaken} {
		list, next, err := p.Alerts.Alerts(ctx, &belwacht.AlertQuery{Tenant: tenant, State: state, Page: belwacht.Page{Most: 100}})
		if err != nil {
			return nil, err
		}
		v.Open += len(list)
		v.OpenMore = v.OpenMore || !next.IsZero()
		v.Alerts = append(v.Alerts, list...)
	}
	slices.SortStableFunc(v.Alerts, func(a, b belwacht.Incident) int { return int(b.Word) - int(a.Word) })
	v.Alerts = v.Alerts[:min(len(v.Alerts), alertsShown)]
	h, err := p.look(a)
	if err != nil {
		return nil, err
	}
	v.Mode, v.Problems = h.Tenants[tenant].Mode, h.Problems
	for _, x := range h.PBXs {
		if x.Tenant == tenant {
			v.PBXs = append(v.PBXs, x)
		}
	}
	if p.Sums != nil {
		if v.Days, err = p.days(a); err != nil {
			return nil, err
		}
		v.Today = &v.Days[len(v.Days)-1]
		if v.Today.Usual > 0 {
			v.Ratio = v.Today.Cost.Float() / v.Today.Usual.Float()
		}
	}
	return v, nil
}

// decided adds up what was decided today, and keeps the newest.
func (p *pages) decided(a *web.Ask, v *now) error {
	list, next, err := p.Decisions.Decisions(a.Context(), &belwacht.DecisionQuery{Tenant: a.Tenant.Name, From: midnight(a), Page: belwacht.Page{Most: todayMost}})
	if err != nil {
		return err
	}
	v.More = !next.IsZero()
	for i := range list {
		d := &list[i]
		switch {
		case d.Word < belwacht.Refuse:
		case d.Enforced:
			v.Stopped++
			v.AtRisk += amount(d.AtRisk)
		default:
			v.Would++
		}
		if (d.Word > belwacht.Allow || d.Cause == "emergency") && len(v.Decisions) < decisionsShown {
			v.Decisions = append(v.Decisions, *d)
		}
	}
	return nil
}

// day is what calls cost on one day.
type day struct {
	Date  belwacht.Date
	Begin belwacht.Instant
	Calls int64
	Cost  belwacht.Money
	Usual belwacht.Money // of such a day of the week, in the weeks before it
}

func (p *pages) overview(a *web.Ask) (*web.Page, error) {
	v, err := p.now(a)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "Overview", Template: "overview", Data: v}, nil
}

// days are the last days with what calls cost on each, today last.
func (p *pages) days(a *web.Ask) ([]day, error) {
	today := belwacht.DateOf(a.Now, a.Tenant.Zone)
	first := today - daysShown - 27
	sums, err := p.Sums.Sums(a.Context(), &belwacht.SumQuery{Tenant: a.Tenant.Name, By: belwacht.SumByDay, From: first, Until: today})
	if err != nil {
		return nil, err
	}
	by := map[belwacht.Date]belwacht.Sum{}
	began := today
	for _, s := range sums {
		by[s.Day] = s
		began = min(began, s.Day)
	}
	var days []day
	for d := today - daysShown + 1; d <= today; d++ {
		x := day{Date: d, Begin: d.Begin(a.Tenant.Zone), Calls: by[d].Calls, Cost: by[d].Cost}
		var before []belwacht.Money
		for w := d - 7; w >= max(began, d-28); w -= 7 {
			before = append(before, by[w].Cost)
		}
		x.Usual = median(before)
		days = append(days, x)
	}
	return days, nil
}

// median is the middle one, so that one day of fraud makes no other usual; 0 of none.
func median(list []belwacht.Money) belwacht.Money {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	m := len(list) / 2
	if len(list)%2 == 0 {
		return (list[m-1] + list[m]) / 2
	}
	return list[m]
}

// Seconds is the beginning of a day since 1970, for a picture.
func (d day) Seconds() string { return strconv.FormatInt(int64(d.Begin/belwacht.Second), 10) }
