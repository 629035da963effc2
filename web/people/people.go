package people

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/access/door"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// SignIn is the path of the page to sign in, for web.Config.
const SignIn = "/sign-in"

// Audit is the tamper-evident log.
type Audit interface {
	Verify(ctx context.Context, heads []string) (*ledger.Report, error)
	Head(ctx context.Context) (*belwacht.Head, error)
	Public() string
}

// Config is what the pages need.
type Config struct {
	Door    *Door
	Audit   Audit
	Entries belwacht.EntryStore
}

// pages are the handlers.
type pages struct {
	Config
	site *web.Site
	set  *web.Set
}

// New adds the pages to a site.
func New(site *web.Site, c Config) error {
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{Config: c, site: site, set: set}
	p.signing()
	p.own()
	p.managing()
	p.logging()
	return nil
}

// right is a permission as the frame knows it.
func right(p belwacht.Permission) web.Right { return web.Right(p) }

// visitor is who asks, signed in fully; nil else.
func (p *pages) visitor(a *web.Ask) (*access.Visitor, error) { return p.Door.visit(a.Request) }

// inner is a path of this site, "/" where what was asked for is none.
func inner(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

// stages says where each stage leads.
func stages() map[belwacht.Stage]string {
	return map[belwacht.Stage]string{belwacht.StageSecond: "/sign-in/second", belwacht.StageEnrol: "/enrol", belwacht.StageFirst: "/first",
		belwacht.StageReset: "/reset"}
}

// expected lists what a person's own mistake or wrong right is: it is told beside the form, and is no fault of ours.
func expected(err error) bool {
	switch belwacht.CodeOf(err) {
	case belwacht.Forbidden, belwacht.Invalid, belwacht.TooMany, belwacht.NotFound, belwacht.Usage:
		return true
	}
	return false
}

// again shows a form again with what was wrong.
func (p *pages) again(a *web.Ask, err error, page *web.Page, wrong *string) (*web.Page, *web.Done, error) {
	if !expected(err) {
		return nil, nil, err
	}
	*wrong = says(a.Language, err)
	page.Status = http.StatusUnprocessableEntity
	switch belwacht.CodeOf(err) {
	case belwacht.Forbidden:
		page.Status = http.StatusForbidden
	case belwacht.TooMany:
		page.Status = http.StatusTooManyRequests
	}
	return page, nil, nil
}

// enter takes a ticket and goes on.
func (p *pages) enter(a *web.Ask, t *door.Ticket, to string) (*web.Page, *web.Done, error) {
	if t == nil {
		return nil, nil, errors.New("internal error: no ticket")
	}
	p.Door.keep(a, t)
	if next := stages()[t.Session.Stage]; next != "" {
		if to = inner(to); to != "/" {
			next += "?to=" + url.QueryEscape(to)
		}
		return nil, &web.Done{To: next}, nil
	}
	return nil, &web.Done{To: inner(to)}, nil
}

// Notices are what stands above every page: what others did that lessens protection since one last read of it, and what waits for a second administrator.
func (c *Config) Notices(ctx context.Context, a *web.Ask) []web.Notice {
	v, err := c.Door.visit(a.Request)
	if err != nil || !v.May(access.ActsAgree) {
		return nil
	}
	var list []web.Notice
	news, _, err := c.Entries.Entries(ctx, &belwacht.EntryQuery{Tenant: v.User.Tenant, Weakens: true, Page: belwacht.Page{Most: 50}})
	if err != nil && ctx.Err() == nil { // not silently: that nothing is told must not look like nothing to tell
		c.Door.Trouble("what others did cannot be read from the audit log", err)
		list = append(list, web.Notice{Kind: "danger", Text: a.Language.Pick("The audit log cannot be read now: whether others did something that lessens protection is not known.",
			"Het logboek is nu niet te lezen: of anderen de bescherming hebben verminderd is onbekend."), Link: "/health", Do: a.Language.Pick("See how Belwacht is", "Bekijk hoe het met Belwacht gaat")})
	}
	n := 0
	for i := range news {
		if e := &news[i]; e.Position > v.User.Read && e.User != v.User.ID && e.Failed == "" {
			n++
		}
	}
	if n > 0 {
		list = append(list, web.Notice{Kind: "warning", Text: a.Language.Pick("Others have done what lessens protection. Look whether it was meant.",
			"Anderen hebben iets gedaan dat de bescherming vermindert. Kijk of dat de bedoeling was."), Link: "/audit?weakens=1", Do: a.Language.Pick("See what", "Bekijk wat")})
	}
	for _, w := range c.Door.Proposals() {
		if w.Open(a.Now) && w.Agreed != 0 && w.User == v.User.ID {
			list = append(list, web.Notice{Kind: "info", Text: fmt.Sprintf(a.Language.Pick("%s agreed to what you proposed; it is not done yet.", "%s stemde in met uw voorstel; het is nog niet uitgevoerd."), text.Clean(w.Agreer, 64)),
				Link: "/proposals", Do: a.Language.Pick("Carry it out", "Uitvoeren")})
			break
		}
	}
	for _, w := range c.Door.Proposals() {
		if w.Open(a.Now) && w.Agreed == 0 && w.User != v.User.ID && v.Sees(w.Tenant) {
			return append(list, web.Notice{Kind: "warning", Text: a.Language.Pick("Something waits for a second administrator.", "Er wacht iets op een tweede beheerder."),
				Link: "/proposals", Do: a.Language.Pick("See it", "Bekijken")})
		}
	}
	return list
}
