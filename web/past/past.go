// Package past is the console's pages of calls that are over: a search over months, page by page in the database, and the same as a file of comma-separated values.
// Who was called on a helpline is neither shown nor exported; cells that a spreadsheet would take for a formula are made plain.
package past

import (
	"context"
	"embed"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

type pages struct{ calls belwacht.CallStore }

// New registers the pages.
func New(site *web.Site, calls belwacht.CallStore) error {
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{calls}
	site.Nav(web.Entry{Order: 30, Path: "/calls", Title: "Calls", Icon: "list-search", Right: web.SeeCalls})
	site.Get("/calls", web.SeeCalls, set, p.list)
	site.Download("/calls.csv", web.Export, "text/csv; charset=utf-8", p.export)
	return nil
}

// search is what somebody looks for.
type search struct {
	Account, Number, Country, Class, Word, Direction, Least string
	From, Until                                             string // days, 2026-06-01
}

// list is a page of calls.
type list struct {
	Search    search
	Calls     []belwacht.PastCall
	Older     string
	Export    string
	Countries []named
	Classes   []named
	Searched  bool
}

type named struct{ Code, Name string }

// read makes a query of the address.
func read(a *web.Ask) (*search, *belwacht.CallQuery, error) {
	v := a.URL.Query()
	get := func(k string) string { return text.Clean(strings.TrimSpace(v.Get(k)), 60) }
	s := &search{get("account"), get("number"), get("country"), get("class"), get("word"), get("direction"), get("least"), get("from"), get("until")}
	q := &belwacht.CallQuery{Tenant: a.Tenant.Name, Account: s.Account, Page: belwacht.Page{Most: 100}}
	bad := func(english string, values ...any) (*search, *belwacht.CallQuery, error) {
		return nil, nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T(english, values...))
	}
	if s.Number != "" {
		digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s.Number)
		if international, ok := strings.CutPrefix(digits, "00"); ok {
			digits = international
		}
		n, ok := belwacht.ParseE164(digits)
		if !ok {
			return bad("Write a number or its beginning with its country code, such as +31 20 or 0044.")
		}
		q.Prefix = n
	}
	if s.Country != "" {
		c, ok := belwacht.ParseCountry(s.Country)
		if !ok {
			return bad("There is no such country.")
		}
		q.Country = c
	}
	if s.Class != "" {
		c, ok := belwacht.ParseClass(s.Class)
		if !ok {
			return bad("There is no such kind of number.")
		}
		q.Class = c
	}
	if s.Word != "" {
		if err := q.Word.UnmarshalText([]byte(s.Word)); err != nil {
			return nil, nil, err
		}
	}
	switch s.Direction {
	case "":
	case "out":
		q.Direction = belwacht.Out
	case "in":
		q.Direction = belwacht.In
	default:
		return bad("A call goes out or comes in.")
	}
	if s.Least != "" {
		m, ok := belwacht.ParseMoney(s.Least)
		if !ok || m < 0 {
			return bad("Write an amount such as 2.50.")
		}
		q.Least = m
	}
	for _, d := range []struct {
		day  string
		at   *belwacht.Instant
		more int
	}{{s.From, &q.From, 0}, {s.Until, &q.Until, 1}} {
		if d.day == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, d.day, a.Tenant.Zone)
		if err != nil || t.Year() < 1990 || t.Year() > 2200 {
			return bad("Write a day such as 2026-06-01.")
		}
		*d.at = belwacht.InstantOf(t.AddDate(0, 0, d.more))
	}
	return s, q, nil
}

func (p *pages) list(a *web.Ask) (*web.Page, error) {
	s, q, err := read(a)
	if err != nil {
		return nil, err
	}
	if q.Page.After, err = a.Cursor(); err != nil {
		return nil, err
	}
	v := &list{Search: *s, Searched: *s != search{}}
	calls, next, err := p.calls.Calls(a.Context(), q)
	if err != nil {
		return nil, err
	}
	v.Calls = calls
	join := func(to, more string) string {
		if strings.Contains(to, "?") {
			return to + "&" + more
		}
		return to + "?" + more
	}
	here := a.With("", "")
	if !next.IsZero() {
		v.Older = join(here, "after="+next.String())
	}
	v.Export = strings.Replace(here, "/calls", "/calls.csv", 1)
	for c := belwacht.ClassFreephone; c <= belwacht.ClassShortCode; c++ {
		v.Classes = append(v.Classes, named{c.String(), text.Class(a.Language, c)})
	}
	v.Countries = countries(a.Language)
	return &web.Page{Title: "Calls", Template: "past", Data: v}, nil
}

// countries are those that have a name, by name.
func countries(l text.Language) (list []named) {
	for x := byte('A'); x <= 'Z'; x++ {
		for y := byte('A'); y <= 'Z'; y++ {
			c := belwacht.Country{x, y}
			if name := text.Country(l, c); name != c.String() && x != 'Z' && !(x == 'X' && y != 'K') && !(x == 'Q' && y >= 'M' && y != 'A') {
				list = append(list, named{c.String(), name})
			}
		}
	}
	for _, c := range []string{"ZA", "ZM", "ZW"} {
		code, _ := belwacht.ParseCountry(c)
		list = append(list, named{c, text.Country(l, code)})
	}
	sortNames(list)
	return list
}

// exportMost bounds the rows of one file.
const exportMost = 100_000

func (p *pages) export(a *web.Ask) (string, func(context.Context, io.Writer) error, error) {
	_, q, err := read(a)
	if err != nil {
		return "", nil, err
	}
	took := text.Clean(text.MaskProse(a.URL.RawQuery), 200) // what was looked for, as the audit log says it
	if waits, err := a.Do(a.Deed(access.CallsTake, "calls as a file", took), func() error { return nil }); err != nil || waits != nil {
		return "", nil, err
	}
	q.Page.Most = belwacht.PageMost
	head := []string{a.T("Begun"), a.T("Extension"), a.T("Direction"), a.T("Number"), a.T("Country"), a.T("Kind"), a.T("Seconds talked"), a.T("Cost"), a.T("Decision"), a.T("Line"), a.T("ID")}
	return "belwacht-calls-" + a.Now.Time().In(a.Tenant.Zone).Format("2006-01-02") + ".csv", func(ctx context.Context, w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write(head); err != nil {
			return err
		}
		for n := 0; n < exportMost; {
			calls, next, err := p.calls.Calls(ctx, q)
			if err != nil {
				return err
			}
			for i := range calls {
				if err := out.Write(row(a, &calls[i])); err != nil {
					return err
				}
			}
			if n += len(calls); next.IsZero() {
				break
			}
			q.Page.After = next
		}
		out.Flush()
		return out.Error()
	}, nil
}

// row is a call as cells.
func row(a *web.Ask, c *belwacht.PastCall) []string {
	number := c.Number.String()
	if number == "" {
		number = c.Dialled
	}
	number = a.Number(number)
	if c.Class == belwacht.ClassSocial {
		number = a.T("a helpline")
	}
	cells := []string{c.Start.Time().In(a.Tenant.Zone).Format(time.RFC3339), c.Account, c.Direction.String(), number, c.Country.String(), text.Class(a.Language, c.Class), strconv.FormatInt(c.Talk, 10),
		c.Cost.String(), c.Word.String(), c.Trunk, c.ID}
	for i, s := range cells {
		cells[i] = text.CSVCell(text.Clean(s, 200))
	}
	return cells
}
