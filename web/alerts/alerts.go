// Package alerts is the console's pages of alerts: the list, grouped and by state, and one alert with its decisions, what people did about it, and the buttons to
// take it, note something, and close it as fraud, innocent, a test or unclear. A closed one can be opened again, so nothing here is final.
package alerts

import (
	"embed"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// Config is what the pages need.
type Config struct {
	Alerts    belwacht.AlertStore
	Decisions belwacht.DecisionStore
}

type pages struct{ Config }

// noteMost bounds a note, in bytes.
const noteMost = 1000

// New registers the pages.
func New(site *web.Site, c Config) error {
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{c}
	site.Nav(web.Entry{Order: 15, Path: "/alerts", Title: "Alerts", Icon: "bell", Right: web.SeeAlerts})
	site.Get("/alerts", web.SeeAlerts, set, p.list)
	site.Get("/alerts/{id}", web.SeeAlerts, set, p.one)
	site.Post("/alerts/{id}", web.ChangeAlerts, p.change)
	return nil
}

// list is a page of alerts.
type list struct {
	State  belwacht.IncidentState // "" = all
	Alerts []belwacht.Incident
	Older  string
	Tabs   []tab
}

type tab struct {
	State belwacht.IncidentState
	Here  bool
	To    string
}

func (p *pages) list(a *web.Ask) (*web.Page, error) {
	after, err := a.Cursor()
	if err != nil {
		return nil, err
	}
	v := &list{State: belwacht.IncidentOpen}
	switch s := a.URL.Query().Get("state"); s {
	case "all":
		v.State = ""
	case string(belwacht.IncidentTaken), string(belwacht.IncidentClosed):
		v.State = belwacht.IncidentState(s)
	}
	var next belwacht.Cursor
	v.Alerts, next, err = p.Alerts.Alerts(a.Context(), &belwacht.AlertQuery{Tenant: a.Tenant.Name, State: v.State, Page: belwacht.Page{Most: 50, After: after}})
	if err != nil {
		return nil, err
	}
	if !next.IsZero() {
		v.Older = a.With("state", a.URL.Query().Get("state"))
		v.Older += map[bool]string{true: "&", false: "?"}[strings.Contains(v.Older, "?")] + "after=" + next.String()
	}
	for _, s := range []belwacht.IncidentState{belwacht.IncidentOpen, belwacht.IncidentTaken, belwacht.IncidentClosed, ""} {
		to := string(s)
		if s == "" {
			to = "all"
		}
		v.Tabs = append(v.Tabs, tab{s, s == v.State, "/alerts?state=" + to})
	}
	return &web.Page{Title: "Alerts", Template: "alerts", Data: v}, nil
}

// one is one alert.
type one struct {
	*belwacht.Incident
	Decisions []belwacht.Decision
	More      bool // there are more decisions than are shown
	AtRisk    belwacht.Money
	Stopped   int
}

// decisionsMost is how many decisions of an alert are shown.
const decisionsMost = 100

func (p *pages) one(a *web.Ask) (*web.Page, error) {
	x, err := p.Alerts.Alert(a.Context(), a.Tenant.Name, a.PathValue("id"))
	if err != nil {
		return nil, err
	}
	v := &one{Incident: x}
	decided, next, err := p.Decisions.Decisions(a.Context(), &belwacht.DecisionQuery{Tenant: a.Tenant.Name, Account: x.Account, From: x.First, Until: x.Last + 1, Page: belwacht.Page{Most: belwacht.PageMost}})
	if err != nil {
		return nil, err
	}
	v.More = !next.IsZero()
	for i := range decided {
		d := &decided[i]
		if d.Word < belwacht.Warn {
			continue
		}
		if d.Word >= belwacht.Refuse && d.Enforced {
			v.Stopped++
			v.AtRisk += belwacht.Money(d.AtRisk * float64(belwacht.Unit))
		}
		if len(v.Decisions) < decisionsMost {
			v.Decisions = append(v.Decisions, *d)
		} else {
			v.More = true
		}
	}
	return &web.Page{Title: a.T("Alert on %s", text.Clean(x.Account, 40)), Here: "/alerts", Back: "/alerts", Template: "alert", Data: v}, nil
}

func (p *pages) change(a *web.Ask) (*web.Done, error) {
	id := a.PathValue("id")
	x, err := p.Alerts.Alert(a.Context(), a.Tenant.Name, id)
	if err != nil {
		return nil, err
	}
	c := x.Change(a.Who(), a.Now)
	c.Note = text.Clean(strings.TrimSpace(a.PostForm.Get("note")), noteMost)
	said, did := "", a.PostForm.Get("do")
	switch did {
	case "take":
		c.State, c.Outcome, c.Assignee = belwacht.IncidentTaken, "", c.Who
		said = a.T("You work on it now.")
	case "note":
		if c.Note == "" {
			return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Write a note first."))
		}
		said = a.T("Noted.")
	case "close":
		c.State, c.Outcome = belwacht.IncidentClosed, belwacht.IncidentOutcome(a.PostForm.Get("outcome"))
		did += ", " + text.Clean(string(c.Outcome), 20)
		said = a.T("Closed. It can be opened again.")
	case "open":
		c.State, c.Outcome = belwacht.IncidentOpen, ""
		said = a.T("It is open again.")
	default:
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say what is to be done."))
	}
	if c.Note == "" {
		c.Note = x.Note
	}
	if waits, err := a.Do(a.Deed(access.AlertWork, "alert "+text.Clean(id, 60), did), func() error { return p.Alerts.ChangeAlert(a.Context(), c) }); err != nil || waits != nil {
		return waits, err
	}
	return &web.Done{To: "/alerts/" + id, Said: said}, nil
}
