package people

import (
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/ledger"
	"github.com/belwacht/belwacht/web"
)

// audit is a page of the audit log.
type audit struct {
	Entries []entry
	Next    string
	Who     string
	Act     string
	Weakens bool
	Acts    []act
	Report  *ledger.Report
	Public  string
	Heads   []belwacht.Head
	Read    uint64 // up to here one has read what one was told of
	Newest  uint64
}

// entry is one with what was done, in words.
type entry struct {
	belwacht.Entry
	Says string
	New  bool // weakens, was done by another, and was not read yet
}

// act is one that can be looked for.
type act struct {
	Act  belwacht.Act
	Says string
}

// logging adds the pages of the audit log.
func (p *pages) logging() {
	read := right(access.LogRead)
	p.site.Nav(web.Entry{Order: 950, Group: "Looking after it", Path: "/audit", Title: "Audit log", Icon: "history", Right: read})
	p.site.Get("/audit", read, p.set, p.audit)
	p.site.Form("/audit/verify", read, p.set, p.verify)
	p.site.Post("/audit/read", read, p.read)
}

// says is what an act is, in the reader's language.
func (p *pages) says(a *web.Ask, x belwacht.Act) string {
	if i, known := access.InfoOf(x); known {
		return a.Language.Pick(i.English, i.Dutch)
	}
	return string(x)
}

func (p *pages) audit(a *web.Ask) (*web.Page, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	after, err := a.Cursor()
	if err != nil {
		return nil, err
	}
	f := a.URL.Query()
	d := &audit{Who: strings.TrimSpace(f.Get("who")), Act: f.Get("act"), Weakens: f.Get("weakens") != "", Public: p.Audit.Public(), Read: v.User.Read}
	q := &belwacht.EntryQuery{Tenant: v.User.Tenant, Who: d.Who[:min(len(d.Who), 64)], Act: belwacht.Act(d.Act), Weakens: d.Weakens, Page: belwacht.Page{Most: 50, After: after}}
	list, next, err := p.Entries.Entries(a.Context(), q)
	if err != nil {
		return nil, err
	}
	for i := range list {
		e := &list[i]
		d.Entries = append(d.Entries, entry{*e, p.says(a, e.Act), e.Weakens && e.Position > v.User.Read && e.User != v.User.ID && e.Failed == ""})
		d.Newest = max(d.Newest, e.Position)
	}
	if !next.IsZero() {
		d.Next = a.With("after", next.String())
	}
	for _, i := range access.Acts() {
		d.Acts = append(d.Acts, act{i.Act, a.Language.Pick(i.English, i.Dutch)})
	}
	if d.Heads, err = p.Entries.Heads(a.Context(), 5); err != nil {
		return nil, err
	}
	return &web.Page{Title: "Audit log", Here: "/audit", Template: "audit", Data: d}, nil
}

func (p *pages) verify(a *web.Ask) (*web.Page, *web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, nil, err
	}
	var heads []string
	if h := strings.ReplaceAll(a.PostFormValue("head"), "\r\n", "\n"); strings.TrimSpace(h) != "" {
		heads = []string{strings.TrimRight(h, "\n") + "\n"}
	}
	d := &audit{Public: p.Audit.Public()}
	if _, err := p.Door.Do(a.Context(), v, &access.Deed{Act: access.LogVerified, Tenant: v.User.Tenant}, func() (err error) {
		d.Report, err = p.Audit.Verify(a.Context(), heads)
		return err
	}); err != nil {
		return nil, nil, err
	}
	return &web.Page{Title: "Audit log", Back: "/audit", Here: "/audit", Template: "verified", Data: d}, nil, nil
}

func (p *pages) read(a *web.Ask) (*web.Done, error) {
	v, err := p.in(a, belwacht.StageFull)
	if err != nil {
		return nil, err
	}
	size, err := p.Entries.TreeSize(a.Context())
	if err != nil {
		return nil, err
	}
	seen, err := strconv.ParseUint(a.PostFormValue("to"), 10, 63)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say up to where you have read."))
	}
	return &web.Done{To: "/audit"}, p.Door.Read(a.Context(), v, min(seen, size))
}
