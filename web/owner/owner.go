// Package owner is the console's pages of what the owner wants and what came of it: "is it any good" by rule and month, the rules with their switches and what
// each did, the limits, and the settings in force. They are read only: the configuration file is the owner's, and each page says which lines of it to change.
package owner

import (
	"context"
	"embed"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// Viewer shows what the owner has set.
type Viewer interface {
	// Rules are all rules, as they are switched for an organisation.
	Rules(ctx context.Context, tenant string) ([]Rule, error)
	// Limits are the limits of an organisation, by scope.
	Limits(ctx context.Context, tenant string) ([]Limit, error)
	// Settings is the configuration in force as YAML, secrets masked: all of it, or what is one organisation's.
	Settings(ctx context.Context, of string, all bool) (string, error)
}

// Rule is one rule.
type Rule struct {
	Name     string
	Family   string
	English  string // what it looks at
	Dutch    string
	Switch   string // enforce, monitor or off
	Declared bool   // the owner has said so
}

// Limit is one value of one scope.
type Limit struct {
	Scope string // organisation, "group NAME", "trunk NAME" or an account
	Key   string // of the configuration
	Value string
}

// Otherwise is what a rule would have done in 90 days, set otherwise than it is.
type Otherwise struct {
	ID    string // of its page below /what-if/one
	To    string // enforce or off
	More  int64  // calls stopped more
	Saved belwacht.Money
	Fewer int64 // calls stopped fewer
	Risk  belwacht.Money
}

// Config is what the pages need. A nil part has no page.
type Config struct {
	// Otherwise is what is known of a rule of an organisation, nil where it was not played; nil itself: nothing is played here.
	Otherwise func(tenant, rule string) *Otherwise
	Viewer    Viewer
	Sums      belwacht.SumStore
	Edits     bool // package setup has pages that change all this, and the place in the menu
}

type pages struct{ Config }

// New registers the pages.
func New(site *web.Site, c Config) error {
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{c}
	if c.Sums != nil {
		site.Nav(web.Entry{Order: 70, Path: "/quality", Title: "Is it any good?", Icon: "report-analytics", Right: web.SeeReports})
		site.Get("/quality", web.SeeReports, set, p.quality)
	}
	if c.Viewer != nil {
		site.Nav(web.Entry{Order: 910, Group: "Looking after it", Path: "/rules", Title: "Rules", Icon: "adjustments", Right: web.SeeSettings})
		site.Nav(web.Entry{Order: 920, Group: "Looking after it", Path: "/limits", Title: "Limits", Icon: "gauge", Right: web.SeeSettings})
		if !c.Edits {
			site.Nav(web.Entry{Order: 930, Group: "Looking after it", Path: "/settings", Title: "Settings", Icon: "settings", Right: web.SeeSettings})
		}
		site.Get("/rules", web.SeeSettings, set, p.rules)
		site.Get("/limits", web.SeeSettings, set, p.limits)
		site.Get("/settings", web.SeeSettings, set, p.settings)
	}
	return nil
}

// months of the report.
const months = 6

// quality is how good it is.
type quality struct {
	Months []month
}

// month is one month, with the sums of all causes.
type month struct {
	belwacht.RuleSum
	Rows []belwacht.RuleSum
}

func (p *pages) quality(a *web.Ask) (*web.Page, error) {
	until := belwacht.DateOf(a.Now, a.Tenant.Zone)
	from := until.Month()
	for range months - 1 {
		from = (from - 1).Month()
	}
	sums, err := p.Sums.RuleSums(a.Context(), a.Tenant.Name, from, until)
	if err != nil {
		return nil, err
	}
	v := &quality{}
	for _, s := range sums {
		if n := len(v.Months); n == 0 || v.Months[n-1].Month != s.Month {
			v.Months = append(v.Months, month{RuleSum: belwacht.RuleSum{Month: s.Month}})
		}
		m := &v.Months[len(v.Months)-1]
		m.Rows = append(m.Rows, s)
		m.Decisions, m.Enforced, m.Wrong, m.Stopped = m.Decisions+s.Decisions, m.Enforced+s.Enforced, m.Wrong+s.Wrong, m.Stopped+s.Stopped
		m.Alerts, m.Fraud, m.Innocent, m.Open, m.Test, m.Unclear = m.Alerts+s.Alerts, m.Fraud+s.Fraud, m.Innocent+s.Innocent, m.Open+s.Open, m.Test+s.Test, m.Unclear+s.Unclear
		m.Seconds = max(m.Seconds, s.Seconds)
	}
	for i, j := 0, len(v.Months)-1; i < j; i, j = i+1, j-1 {
		v.Months[i], v.Months[j] = v.Months[j], v.Months[i]
	}
	return &web.Page{Title: "Is it any good?", Template: "quality", Data: v}, nil
}

// Begin is the month's first moment, for its name.
func (m month) Begin(a *web.Ask) belwacht.Instant { return m.Month.Begin(a.Tenant.Zone) }

// ruled is a rule with what it did.
type ruled struct {
	Rule
	Decisions int64 // of the last three months, as the cause
	Wrong     int64
	Other     *Otherwise
}

func (p *pages) rules(a *web.Ask) (*web.Page, error) {
	rules, err := p.Viewer.Rules(a.Context(), a.Tenant.Name)
	if err != nil {
		return nil, err
	}
	by := map[string]belwacht.RuleSum{}
	if p.Sums != nil {
		until := belwacht.DateOf(a.Now, a.Tenant.Zone)
		sums, err := p.Sums.RuleSums(a.Context(), a.Tenant.Name, (until - 90).Month(), until)
		if err != nil {
			return nil, err
		}
		for _, s := range sums {
			x := by[s.Cause]
			x.Decisions, x.Wrong = x.Decisions+s.Decisions, x.Wrong+s.Wrong
			by[s.Cause] = x
		}
	}
	var list []ruled
	for _, r := range rules {
		x := ruled{Rule: r, Decisions: by["rule."+r.Name].Decisions, Wrong: by["rule."+r.Name].Wrong}
		if p.Otherwise != nil {
			x.Other = p.Otherwise(a.Tenant.Name, r.Name)
		}
		list = append(list, x)
	}
	return &web.Page{Title: "Rules", Template: "rules", Data: list}, nil
}

func (p *pages) limits(a *web.Ask) (*web.Page, error) {
	list, err := p.Viewer.Limits(a.Context(), a.Tenant.Name)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "Limits", Template: "limits", Data: list}, nil
}

func (p *pages) settings(a *web.Ask) (*web.Page, error) {
	s, err := p.Viewer.Settings(a.Context(), a.Tenant.Name, a.Visitor.Tenants == nil)
	if err != nil {
		return nil, err
	}
	page := &web.Page{Title: "Settings", Template: "settings", Data: s}
	if p.Edits {
		page.Here, page.Back = "/settings/mode", "/settings/mode"
	}
	return page, nil
}
