package setup

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/yaml/splice"
)

//go:embed *.html words.txt
var files embed.FS

// Owner is the owner's configuration file. Its methods may be called from many goroutines.
type Owner interface {
	// Sheet is what the file says of an organisation.
	Sheet(ctx context.Context, tenant string) (*Sheet, error)
	// Plan checks edits, whose paths are those of a configuration of one organisation. sum is the file's that they were thought out for; "" = whatever is there.
	Plan(ctx context.Context, tenant, sum string, edits []splice.Edit) (*Plan, error)
}

// Past is what was changed in the file. Its methods may be called from many goroutines.
type Past interface {
	// Undo plans the way back from a change.
	Undo(ctx context.Context, tenant, id string) (*Plan, error)
	// History are the changes that were made, newest first.
	History(ctx context.Context, tenant string) ([]Version, error)
}

// Secret is the value of an edit that stands in a file of its own, which the configuration names. It is shown and logged nowhere.
type Secret struct {
	Name  string // what it is of: mail, slack …
	Value string // one line
	URL   bool   // it is an address that something is posted to
}

// String hides it.
func (Secret) String() string { return "••••" }

// GoString hides it.
func (Secret) GoString() string { return "••••" }

// Plan is a change that was checked.
type Plan struct {
	Deed *access.Deed
	What []What   // what changes in what holds
	Sum  string   // of the file as it would be
	Diff []string // lines that go and come
	Same bool     // nothing would change
	// Admits says whether the console is open to an address afterwards, where the change is about that; nil: it is not.
	Admits func(from netip.Addr, now time.Time) error
	Write  func(who string) error // writes it and puts it to use
}

// Version is a change that was made.
type Version struct {
	ID   string
	Time belwacht.Instant
	Who  string
	What []What
	Last bool // it can be undone: it is the last one, and the file is as it left it
	Undo bool // it went back to what was before another
}

// What is one value that was changed.
type What struct{ Key, Before, After string }

// Sheet is what the pages show. Values are as the file writes them, with what holds where it says nothing.
type Sheet struct {
	Sum    string
	File   string
	Unset  bool  // no organisation is named yet
	Locked error // why the file cannot be written; nil = it can

	Name, Country, Timezone, Hours, Language string
	Named                                    bool // its name tells it apart, or something is kept under it: it stays
	Mode                                     string
	Brake                                    string
	BrakeOff                                 bool
	Refuse, Alert                            string
	Scopes                                   []Scope
	Groups, Trunks                           []string
	Only, Never                              []string // countries
	Rules                                    []Rule
	Keep                                     []Days
	Reason                                   string // to keep something for less than 92 days
	People                                   []Person
	Mail                                     Mail
	PBXs                                     []string
	Access                                   Access
	Networks                                 []string // the organisation's own
	Dial                                     Numbers
	Accounts                                 []Account
	GroupList                                []Group
	Ways                                     Ways
	Escalate                                 Escalate
	Shared                                   bool // the file has several organisations
}

// Scope is one limit of somebody.
type Scope struct {
	Kind, Name string // organisation, groups, accounts or trunks
	Values     []Value
}

// Value is a limit's one value.
type Value struct{ Key, Value string }

// Rule is a rule with its switch.
type Rule struct {
	Name, English, Dutch, Switch string
	Said                         bool
}

// Days is for how long one kind of data is kept.
type Days struct {
	Key         string
	Days, Usual int // Days 0 = Usual
}

// Person is somebody who is told.
type Person struct {
	Name, Mail, SMS, Telegram, Language, Hours, Least, Outside string
}

// Mail is the server that alerts go by.
type Mail struct {
	Server, Security, User, From string
	To                           []string
	Password                     bool // one is set; it is never shown
}

// Config is what the pages need.
type Config struct {
	Owner  Owner
	Past   Past
	Wizard *Wizard // nil: there is none
	// Stand is whether an organisation is set up, and its mode, as what runs has it; nil = nothing is said above the pages.
	Stand func(tenant string) (set bool, mode string)
	// WhatIf is the path of a page that says what another setting would have done, of "rule" or "limit"; "" = there is none. Nil: for neither.
	WhatIf func(kind string) string
	// Secrets says that secrets are set here too: Owner takes a [Secret] as the value of an edit.
	Secrets bool
	// Try sends a made-up alert to a person, "" = everybody, by one kind of way, "" = all, and says of each way whether it arrived; nil: it cannot be tried.
	Try func(ctx context.Context, person, way string) ([]Tried, error)
}

// Tried is how a made-up alert fared.
type Tried struct {
	Who, Way string
	Err      error
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
	site.Nav(web.Entry{Order: 930, Group: "Looking after it", Path: "/settings/mode", Title: "Settings", Icon: "settings", Right: web.SeeSettings})
	for _, f := range p.forms() {
		site.Get("/settings/"+f.path, web.SeeSettings, set, func(a *web.Ask) (*web.Page, error) { return p.page(a, &f, nil, nil) })
		site.Form("/settings/"+f.path, f.right, set, func(a *web.Ask) (*web.Page, *web.Done, error) { return p.save(a, &f) })
	}
	site.Get("/settings/changes", web.SeeSettings, set, p.history)
	site.Form("/settings/undo", web.Configure, set, p.undo)
	site.Form("/settings/try", web.Configure, set, p.try)
	if c.Wizard != nil {
		p.wizard()
	}
	return nil
}

// form is a page with a form whose fields are values of the configuration.
type form struct {
	group string // of pages that belong together
	path  string
	title string
	right web.Right
	// read makes edits of what was sent; what is wrong with it is an error for who sent it.
	read func(a *web.Ask, s *Sheet) ([]splice.Edit, error)
}

// The rights that package access knows and the frame does not.
const (
	changeLimits = web.Right(access.LimitsChange)
	changeRules  = web.Right(access.RulesChange)
)

func (p *pages) forms() []form {
	return []form{
		{"Stopping", "mode", "Mode and hours", web.Configure, readMode},
		{"Stopping", "limits", "Limits", changeLimits, readLimit},
		{"Stopping", "countries", "Countries", changeLimits, readCountries},
		{"Stopping", "rules", "Rules", changeRules, readRules},
		{"Telling", "people", "Who is told", web.Configure, p.readPeople},
		{"Telling", "ways", "Ways of telling", web.Configure, p.readWays},
		{"Telling", "escalate", "Who is asked next", web.Configure, readEscalate},
		{"Telephone system", "accounts", "Extensions and groups", changeRules, readAccounts},
		{"Telephone system", "plan", "Numbers and networks", changeRules, readPlan},
		{"Access and keeping", "access", "Who may come in", web.Configure, readAccess},
		{"Access and keeping", "keep", "How long it is kept", web.Configure, readKeep},
	}
}

// view is what the templates get.
type view struct {
	*Sheet
	Form     url.Values // what was typed and could not be saved; nil = the sheet's values are shown
	Wrong    []string
	Lines    []string // that were to be written, to be copied
	Tabs     []group
	Change   bool
	Plan     *Plan
	Act      string
	Two      bool
	Weakens  bool
	Fields   []field // of the form, to be sent again
	To       string
	Action   string   // where a form that is asked about once is sent again
	Locks    []string // why the file cannot be written, in the reader's language
	Again    []string // fields of secrets that must be typed again
	Shut     []string // why who asks would be shut out by it, in the reader's language
	Field    string   // that is wrong
	Find     string   // of extensions
	More     int      // extensions that fit and are not shown
	Versions []Version
	Tried    []Tried
	CanTry   bool
	Secrets  bool
	WhatIf   func(kind string) string
	Wizard   bool
	Keys     []Key
	Step     *step
	Steps    []step
	State    *State
	Found    []Found
	Offers   []Offer
	Calls    []Tested
}

// tab is a page of settings.
type tab struct {
	Path, Title string
	Here        bool
}

// group is pages of settings that belong together; its name leads to the first.
type group struct {
	Title string
	Tabs  []tab
	Here  bool
}

// add puts a page at the end of a group, which is the last one's or a new one's.
func (v *view) add(in string, t tab) {
	if n := len(v.Tabs); n == 0 || v.Tabs[n-1].Title != in {
		v.Tabs = append(v.Tabs, group{Title: in})
	}
	g := &v.Tabs[len(v.Tabs)-1]
	g.Tabs, g.Here = append(g.Tabs, t), g.Here || t.Here
}

type field struct{ Name, Value string }

// Val is a field as it was typed, else as it is.
func (v *view) Val(name, is string) string {
	if v.Form != nil {
		is = v.Form.Get(name)
	}
	return text.Clean(is, 1000)
}

// On says whether a choice is made.
func (v *view) On(name, value string, is bool) bool {
	if v.Form != nil {
		return slices.Contains(v.Form[name], value)
	}
	return is
}

// Codes are words as one types them.
func (*view) Codes(list []string) string { return strings.Join(list, ", ") }

// Switches are what a rule can be set to.
func (*view) Switches() []string { return []string{"enforce", "monitor", "off"} }

// Securities are how a mail server can be spoken to.
func (*view) Securities() []string { return []string{"starttls", "tls", "none"} }

// Number is a count of days as one types it.
func (*view) Number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Typed is the person that was typed and could not be added.
func (v *view) Typed() Person {
	if v.Form.Get("at") != splice.End {
		return Person{}
	}
	f := v.Form.Get
	return Person{f("name"), f("mail"), f("sms"), f("telegram"), f("language"), f("hours"), f("least"), f("outside")}
}

// look makes a view of the file as it is.
func (p *pages) look(a *web.Ask, here string) (*view, error) {
	s, err := p.Owner.Sheet(a.Context(), a.Tenant.Name)
	if err != nil {
		return nil, err
	}
	if narrow(a, s) {
		s.People, s.Mail, s.Keep, s.Reason = nil, Mail{}, nil, ""
		s.Ways, s.Escalate, s.Access = Ways{}, Escalate{}, Access{}
	}
	v := &view{Find: text.Clean(a.URL.Query().Get("find"), 80), Sheet: s, CanTry: p.Try != nil, Secrets: p.Secrets, WhatIf: p.WhatIf, Wizard: p.Config.Wizard != nil, Keys: Keys()}
	if s.Locked != nil {
		v.Locks = sentences(a.Language, s.Locked)
	}
	if v.WhatIf == nil {
		v.WhatIf = func(string) string { return "" }
	}
	for _, f := range p.forms() {
		if !narrow(a, s) || !slices.Contains([]string{"people", "ways", "escalate", "access", "keep"}, f.path) { // these hold for all organisations
			v.add(f.group, tab{"/settings/" + f.path, f.title, f.path == here})
		}
		if f.path == here {
			v.Change = a.May(f.right)
		}
	}
	v.add("All settings", tab{"/settings/changes", "Changes", here == "changes"})
	v.add("All settings", tab{Path: "/settings", Title: "All that is in force"})
	if v.Wizard && a.May(web.Configure) {
		v.add("All settings", tab{Path: "/wizard", Title: "Wizard"})
	}
	return v, nil
}

// page shows a form, with what was typed and what is wrong with it.
func (p *pages) page(a *web.Ask, f *form, typed url.Values, wrong error) (*web.Page, error) {
	v, err := p.look(a, f.path)
	if err != nil {
		return nil, err
	}
	page := &web.Page{Title: f.title, Here: "/settings/mode", Template: "set-" + f.path, Data: v}
	if wrong != nil {
		v.Form, v.Wrong, page.Status = typed, sentences(a.Language, wrong), http.StatusUnprocessableEntity
		var of fieldError
		if errors.As(wrong, &of) {
			v.Field = of.field
		}
		if v.Lines = linesOf(wrong); narrow(a, v.Sheet) {
			v.Lines = nil // who changed it may have changed another's
		}
	}
	return page, nil
}

// narrow says whether who asks may see one organisation only of several: then nothing of the others is shown, nor what holds for all.
func narrow(a *web.Ask, s *Sheet) bool { return s.Shared && a.Visitor.Tenants != nil }

// own are the lines of a difference that who asks may see: without those around it, where they may be another's.
func own(a *web.Ask, s *Sheet, lines []string) []string {
	if !narrow(a, s) {
		return lines
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return !strings.HasPrefix(l, "+") && !strings.HasPrefix(l, "-") })
}

// sentences are an error in the reader's language, one a mistake.
func sentences(l text.Language, err error) (list []string) {
	var both interface{ Says(text.Language) string }
	if errors.As(err, &both) {
		return []string{text.Clean(both.Says(l), 600)}
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		list = append(list, text.Clean(line, 600))
	}
	return list[:min(len(list), 20)]
}

// linesOf are the lines that an error shows: what somebody else changed.
func linesOf(err error) []string {
	var c interface{ Changes() []string }
	if errors.As(err, &c) {
		return c.Changes()
	}
	return nil
}

// expected says whether an error is told beside the form.
func expected(err error) bool {
	switch belwacht.CodeOf(err) {
	case belwacht.Internal, belwacht.Forbidden:
		return false
	}
	return true
}

// bound refuses who may see one organisation only what concerns all of them.
func bound(a *web.Ask, d *access.Deed, shared bool) error {
	if shared && d.Tenant == "" && a.Visitor.Tenants != nil {
		return access.Errorf(belwacht.Forbidden, "this holds for all organisations; ask who looks after the whole machine", "dit geldt voor alle organisaties; vraag wie de hele machine beheert")
	}
	return nil
}

// save reads a form, checks what comes of it, asks once where it lessens protection, and has it done.
func (p *pages) save(a *web.Ask, f *form) (*web.Page, *web.Done, error) {
	again := func(err error) (*web.Page, *web.Done, error) {
		if !expected(err) {
			return nil, nil, err
		}
		page, e := p.page(a, f, a.PostForm, err)
		return page, nil, e
	}
	s, err := p.Owner.Sheet(a.Context(), a.Tenant.Name)
	if err != nil {
		return nil, nil, err
	}
	edits, err := f.read(a, s)
	if err != nil {
		return again(err)
	}
	plan, err := p.Owner.Plan(a.Context(), a.Tenant.Name, a.PostForm.Get("sum"), edits)
	if err != nil {
		return again(err)
	}
	return p.carry(a, plan, &web.Page{Title: f.title, Here: "/settings/mode", Back: "/settings/" + f.path}, "/settings/"+f.path, again)
}

// carry does what was planned. Where it lessens protection it shows it first, once; page is what that is shown on.
func (p *pages) carry(a *web.Ask, plan *Plan, page *web.Page, to string, again func(error) (*web.Page, *web.Done, error)) (*web.Page, *web.Done, error) {
	if plan.Same {
		return nil, &web.Done{To: to, Said: a.T("Nothing was changed: it says so already.")}, nil
	}
	v, err := p.look(a, strings.TrimPrefix(to, "/settings/"))
	if err != nil {
		return nil, nil, err
	}
	if err := bound(a, plan.Deed, v.Shared); err != nil {
		return nil, nil, err
	}
	info, _ := access.InfoOf(plan.Deed.Act)
	plan.Diff = own(a, v.Sheet, plan.Diff)
	v.Plan, v.Two, v.To, v.Action = plan, info.Two, to, a.URL.Path
	v.Act = a.Language.Pick(info.English, info.Dutch)
	out := shut(a, plan)
	if (info.Weakens || out != nil) && a.PostForm.Get("sure") == "" && v.Locked == nil {
		if out != nil {
			v.Shut = sentences(a.Language, out)
		}
		for name, values := range a.PostForm {
			for _, x := range values {
				switch {
				case secretField(name) && x != "":
					v.Again = append(v.Again, name)
				case !secretField(name) && name != "why":
					v.Fields = append(v.Fields, field{name, x})
				}
			}
		}
		slices.Sort(v.Again)
		slices.SortStableFunc(v.Fields, func(x, y field) int { return strings.Compare(x.Name, y.Name) })
		v.Weakens = info.Weakens
		page.Template, page.Data = "set-sure", v
		return page, nil, nil
	}
	plan.Deed.Why = text.Clean(a.PostForm.Get("why"), 300)
	waits, err := a.Do(plan.Deed, func() error { return plan.Write(a.Who()) })
	switch {
	case err != nil && belwacht.CodeOf(err) == belwacht.Config:
		v.Wrong, v.Lines = sentences(a.Language, err), plan.Diff
		page.Template, page.Data, page.Status = "set-failed", v, http.StatusConflict
		return page, nil, nil
	case err != nil:
		return again(err)
	case waits != nil:
		return nil, waits, nil
	}
	return nil, &web.Done{To: to, Said: a.T("Saved, and in use now. Under Changes it can be undone.")}, nil
}

// history shows what was changed.
func (p *pages) history(a *web.Ask) (*web.Page, error) {
	v, err := p.look(a, "changes")
	if err != nil {
		return nil, err
	}
	if v.Versions, err = p.Past.History(a.Context(), a.Tenant.Name); err != nil {
		return nil, err
	}
	for i := range v.Versions {
		x := &v.Versions[i]
		if narrow(a, v.Sheet) {
			x.What = slices.DeleteFunc(x.What, func(w What) bool { return !strings.HasPrefix(w.Key, "tenants["+a.Tenant.Name+"].") })
		}
	}
	v.Versions = slices.DeleteFunc(v.Versions, func(x Version) bool { return len(x.What) == 0 })
	v.Change = a.May(web.Configure)
	return &web.Page{Title: "Changes", Here: "/settings/mode", Template: "set-changes", Data: v}, nil
}

// undo goes back from the last change.
func (p *pages) undo(a *web.Ask) (*web.Page, *web.Done, error) {
	plan, err := p.Past.Undo(a.Context(), a.Tenant.Name, a.PostForm.Get("id"))
	fail := func(err error) (*web.Page, *web.Done, error) {
		if !expected(err) {
			return nil, nil, err
		}
		page, e := p.history(a)
		if e != nil {
			return nil, nil, e
		}
		v, _ := page.Data.(*view)
		v.Wrong, page.Status = sentences(a.Language, err), http.StatusConflict
		if !narrow(a, v.Sheet) {
			v.Lines = linesOf(err)
		}
		return page, nil, nil
	}
	if err != nil {
		return fail(err)
	}
	return p.carry(a, plan, &web.Page{Title: "Undo a change", Here: "/settings/mode", Back: "/settings/changes"}, "/settings/changes", fail)
}

// try sends a made-up alert.
func (p *pages) try(a *web.Ask) (*web.Page, *web.Done, error) {
	if p.Try == nil {
		return nil, nil, belwacht.Errorf(belwacht.NotFound, "%s", a.T("It cannot be tried here."))
	}
	here := "people"
	if a.PostForm.Get("of") == "ways" {
		here = "ways"
	}
	v, err := p.look(a, here)
	if err != nil {
		return nil, nil, err
	}
	v.Change = true
	if v.Tried, err = p.Try(a.Context(), a.PostForm.Get("person"), a.PostForm.Get("way")); err != nil {
		v.Wrong = sentences(a.Language, err)
	}
	page := &web.Page{Title: "Who is told", Here: "/settings/mode", Template: "set-people", Data: v}
	if here == "ways" {
		page.Title, page.Template = "Ways of telling", "set-ways"
	}
	return page, nil, nil
}
