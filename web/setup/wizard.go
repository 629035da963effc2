package setup

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/yaml/splice"
)

// Wizard is what setting up takes besides the owner's file. The methods of all four may be called from many goroutines.
type Wizard struct {
	Progress Progress
	PBXs     Connector
	Records  Importer
	Advice   Adviser
}

// Progress is how far somebody has come.
type Progress interface {
	// State is how far an organisation has come.
	State(ctx context.Context, tenant string) (*State, error)
	// Keep keeps that, so that it can be taken up again after a restart.
	Keep(ctx context.Context, tenant string, s *State) error
}

// Connector connects PBXs of this machine.
type Connector interface {
	// Find looks for them. What it would change is in each.
	Find(ctx context.Context, tenant string) ([]Found, error)
	// Connect carries out what Find showed of a kind, where this process has the right.
	Connect(ctx context.Context, tenant, kind, who string) error
}

// Importer reads past records.
type Importer interface {
	// Import begins to read those that r gives, of at most so many bytes as Most says, or, where r is nil, those of a file on this machine. The State shows how it goes.
	Import(ctx context.Context, tenant, name string, r io.Reader) error
	// Most is how long records that are sent may be, in bytes.
	Most() int64
}

// Adviser knows what is good to be told.
type Adviser interface {
	// Offers are the countries that were called, the most often called first.
	Offers(ctx context.Context, tenant string) ([]Offer, error)
	// Test says what would become of a call to a number now.
	Test(ctx context.Context, tenant, dialled string) (*Tested, error)
	// Guarded is the sentence of belwacht status: since when, by what, what not yet.
	Guarded(ctx context.Context, l text.Language) (string, error)
}

// State is how far somebody has come with setting up.
type State struct {
	Done     map[string]belwacht.Instant `json:"done,omitempty"` // by step; a step that was passed over is done too
	Passed   map[string]bool             `json:"passed,omitempty"`
	Enforce  string                      `json:"enforce,omitempty"` // the day on which to enforce, as 2026-12-24; "" = none was chosen
	Finished belwacht.Instant            `json:"finished,omitempty"`
	Import   *Import                     `json:"import,omitempty"`
}

// Import is how the reading of past records goes, or went.
type Import struct {
	Name     string           `json:"name"`
	Began    belwacht.Instant `json:"began"`
	Ended    belwacht.Instant `json:"ended,omitempty"` // 0 = it runs
	Share    float64          `json:"share,omitempty"` // read so far
	Rows     int64            `json:"rows,omitempty"`
	Rejected int64            `json:"rejected,omitempty"`
	Calls    int64            `json:"calls,omitempty"`
	Refused  int64            `json:"refused,omitempty"` // that Belwacht would have refused or ended
	Cost     belwacht.Money   `json:"cost,omitempty"`    // of them
	First    belwacht.Instant `json:"first,omitempty"`
	Last     belwacht.Instant `json:"last,omitempty"`
	Alerts   []Alert          `json:"alerts,omitempty"` // what was already wrong in them, the gravest first
	More     int              `json:"more,omitempty"`   // alerts that are not listed
	Seen     []Offer          `json:"seen,omitempty"`
	Learned  bool             `json:"learned,omitempty"` // what is usual in them is known to the guard
	Notes    []string         `json:"notes,omitempty"`
	Failed   string           `json:"failed,omitempty"`
}

// Alert is something that was wrong in past records.
type Alert struct {
	Time             belwacht.Instant `json:"time"`
	Reason, ReasonNL string
}

// Offer is a country that was called.
type Offer struct {
	Country belwacht.Country `json:"country"`
	Calls   int64            `json:"calls"`
	Cost    belwacht.Money   `json:"cost,omitempty"`
	Risk    bool             `json:"risk,omitempty"` // it is often used for fraud
	Home    bool             `json:"home,omitempty"`
}

// Found is a PBX on this machine.
type Found struct {
	Kind    string // asterisk, freepbx or freeswitch
	Folder  string
	Here    bool // it is connected already
	May     bool // this process has the right to connect it
	Steps   []text.Sentence
	Later   []text.Sentence // what remains for a person
	Diff    []string
	Command string // that connects it, for who may
	Wrong   string // why it cannot be planned
}

// Tested is a call that was tried without making it.
type Tested struct {
	Dialled string
	Always  bool // it goes out, whatever else holds
	Refused bool
	Says    text.Sentence
}

// step is one of the wizard.
type step struct {
	Path  string
	Title string // English
	Done  bool
	Here  bool
	N     int
}

func steps() []step {
	return []step{{Path: "organisation", Title: "The organisation"}, {Path: "pbx", Title: "The telephone system"}, {Path: "hours", Title: "Office hours"}, {Path: "people", Title: "Who is told"},
		{Path: "records", Title: "Past calls to learn from"}, {Path: "countries", Title: "Countries with relations"}, {Path: "mode", Title: "What Belwacht may do"},
		{Path: "numbers", Title: "Numbers that must always work"}, {Path: "end", Title: "Where you stand now"}}
}

// wizard adds its pages.
func (p *pages) wizard() {
	p.site.Nav(web.Entry{Order: 905, Group: "Looking after it", Path: "/wizard", Title: "Set up", Icon: "target", Right: web.Configure})
	p.site.Get("/wizard", web.Configure, p.set, p.overview)
	for _, s := range steps() {
		p.site.Get("/wizard/"+s.Path, web.Configure, p.set, func(a *web.Ask) (*web.Page, error) { return p.stepPage(a, s.Path, nil) })
		if s.Path != "records" {
			p.site.Form("/wizard/"+s.Path, web.Configure, p.set, func(a *web.Ask) (*web.Page, *web.Done, error) { return p.stepSent(a, s.Path) })
		}
	}
	p.site.Upload("/wizard/records", web.Configure, p.Config.Wizard.Records.Most(), p.set, p.recordsSent)
	p.site.Form("/wizard/try", web.Configure, p.set, p.wizardTry)
}

// at makes the view of a step.
func (p *pages) at(a *web.Ask, here string) (*view, error) {
	v, err := p.look(a, "")
	if err != nil {
		return nil, err
	}
	if err := bound(a, &access.Deed{}, true); err != nil { // it sets up the machine
		return nil, err
	}
	if v.State, err = p.Config.Wizard.Progress.State(a.Context(), a.Tenant.Name); err != nil {
		return nil, err
	}
	v.Change = true
	for i, s := range steps() {
		s.N, s.Here, s.Done = i+1, s.Path == here, v.State.Done[s.Path] != 0
		v.Steps = append(v.Steps, s)
		if s.Here {
			v.Step = &v.Steps[i]
		}
	}
	return v, nil
}

// Next is the path of the step behind the one that is shown.
func (v *view) Next() string {
	if v.Step.N < len(v.Steps) {
		return "/wizard/" + v.Steps[v.Step.N].Path
	}
	return "/wizard"
}

// Before is the path of the step before.
func (v *view) Before() string {
	if v.Step.N > 1 {
		return "/wizard/" + v.Steps[v.Step.N-2].Path
	}
	return ""
}

// Open is the first step that is not done; nil where all are.
func (v *view) Open() *step {
	for i := range v.Steps {
		if !v.Steps[i].Done {
			return &v.Steps[i]
		}
	}
	return nil
}

func (p *pages) overview(a *web.Ask) (*web.Page, error) {
	v, err := p.at(a, "")
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "Set Belwacht up", Here: "/wizard", Template: "wiz-overview", Data: v}, nil
}

// stepPage shows a step.
func (p *pages) stepPage(a *web.Ask, here string, wrong error) (*web.Page, error) {
	v, err := p.at(a, here)
	if err != nil {
		return nil, err
	}
	page := &web.Page{Title: v.Step.Title, Here: "/wizard", Template: "wiz-" + here, Data: v}
	if wrong != nil {
		v.Form, v.Wrong, v.Lines, page.Status = a.PostForm, sentences(a.Language, wrong), linesOf(wrong), http.StatusUnprocessableEntity
	}
	switch w := p.Config.Wizard; here {
	case "pbx":
		v.Found, err = w.PBXs.Find(a.Context(), a.Tenant.Name)
	case "countries":
		v.Offers, err = w.Advice.Offers(a.Context(), a.Tenant.Name)
	case "mode":
		if v.State.Enforce == "" {
			v.State.Enforce = a.Now.Time().In(a.Tenant.Zone).AddDate(0, 0, 14).Format(time.DateOnly)
		}
	case "numbers":
		err = p.tests(a, v)
	case "end":
		v.Act, err = w.Advice.Guarded(a.Context(), a.Language)
	}
	return page, err
}

// tests tries 112, and the number that was typed.
func (p *pages) tests(a *web.Ask, v *view) error {
	for _, n := range []string{"112", text.Clean(a.URL.Query().Get("night"), 40)} {
		if n == "" {
			continue
		}
		t, err := p.Config.Wizard.Advice.Test(a.Context(), a.Tenant.Name, n)
		if err != nil {
			return err
		}
		v.Calls = append(v.Calls, *t)
	}
	return nil
}

// done notes that a step is done, or was passed over.
func (p *pages) done(a *web.Ask, here string, passed bool) error {
	s, err := p.Config.Wizard.Progress.State(a.Context(), a.Tenant.Name)
	if err != nil {
		return err
	}
	if s.Done == nil {
		s.Done = map[string]belwacht.Instant{}
	}
	if s.Passed == nil {
		s.Passed = map[string]bool{}
	}
	s.Done[here] = a.Now
	if passed {
		s.Passed[here] = true
	} else {
		delete(s.Passed, here)
	}
	if here == "mode" {
		s.Enforce = get(a, "enforce")
	}
	if here == "end" {
		s.Finished = a.Now
	}
	return p.Config.Wizard.Progress.Keep(a.Context(), a.Tenant.Name, s)
}

// stepSent takes what was sent from a step.
func (p *pages) stepSent(a *web.Ask, here string) (*web.Page, *web.Done, error) {
	again := func(err error) (*web.Page, *web.Done, error) {
		if !expected(err) {
			return nil, nil, err
		}
		page, e := p.stepPage(a, here, err)
		return page, nil, e
	}
	v, err := p.at(a, here)
	if err != nil {
		return nil, nil, err
	}
	next := &web.Done{To: v.Next()}
	if get(a, "skip") != "" {
		return nil, next, p.done(a, here, true)
	}
	if here == "pbx" && get(a, "kind") != "" {
		return p.connect(a, again)
	}
	edits, err := p.stepRead(a, here, v)
	if err != nil {
		return again(err)
	}
	if len(edits) > 0 {
		plan, err := p.Owner.Plan(a.Context(), a.Tenant.Name, a.PostForm.Get("sum"), edits)
		if err != nil {
			return again(err)
		}
		if !plan.Same {
			page, done, err := p.carry(a, plan, &web.Page{Title: v.Step.Title, Here: "/wizard", Back: "/wizard/" + here}, "/wizard/"+here, again)
			if err != nil || page != nil || done.To != "/wizard/"+here {
				return page, done, err
			}
		}
	}
	if get(a, "stay") != "" {
		return nil, &web.Done{To: "/wizard/" + here, Said: a.T("Saved.")}, nil
	}
	return nil, next, p.done(a, here, false)
}

// stepRead makes edits of a step's form.
func (p *pages) stepRead(a *web.Ask, here string, v *view) (edits []splice.Edit, err error) {
	s := v.Sheet
	switch here {
	case "organisation":
		return readOrganisation(a, s)
	case "hours":
		hours := get(a, "hours")
		return changed(nil, hours, s.Hours, hours, "organisation", "office_hours"), nil
	case "people":
		return p.readWho(a, s)
	case "countries":
		return readChosen(a, s)
	case "mode":
		if day := get(a, "enforce"); day != "" {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				return nil, wrong("%s", a.T("Write the day as year-month-day."))
			}
		}
		mode := get(a, "mode")
		if mode != "learn" && mode != "monitor" && mode != "enforce" {
			return nil, wrong("%s", a.T("Choose a mode."))
		}
		money := amount(a, get(a, "money"))
		return changed(changed(nil, mode, s.Mode, splice.Plain(mode), "mode"), money, s.Brake, money, "brake", "money"), nil
	case "numbers":
		if n := get(a, "social"); n != "" {
			return []splice.Edit{{Path: []string{"plan", "social", splice.End}, Value: n}}, nil
		}
	}
	return nil, nil
}

// readOrganisation reads who is guarded.
func readOrganisation(a *web.Ask, s *Sheet) (edits []splice.Edit, err error) {
	codes, err := countries(a, get(a, "country"))
	if err != nil {
		return nil, err
	}
	zone := get(a, "timezone")
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return nil, wrong(a.T("%s is no time zone; write it as Europe/Amsterdam."), zone)
	}
	if len(codes) != 1 {
		return nil, wrong("%s", a.T("Write the two letters of one country, such as NL."))
	}
	was := *s
	if s.Unset { // what is assumed must be written too
		was.Country, was.Timezone, was.Language = "", "", ""
	}
	if !s.Named {
		name := get(a, "name")
		edits = changed(edits, name, was.Name, name, "organisation", "name")
	}
	edits = changed(edits, codes[0], was.Country, codes[0], "organisation", "country")
	edits = changed(edits, zone, was.Timezone, zone, "organisation", "timezone")
	if l := get(a, "language"); l == "nl" || l == "en" {
		edits = changed(edits, l, was.Language, l, "alerts", "language")
	}
	if s.Unset {
		edits = append(edits, splice.Edit{Path: []string{"mode"}, Value: splice.Plain("monitor")})
	}
	return edits, nil
}

// readWho reads the mail server and one person.
func (p *pages) readWho(a *web.Ask, s *Sheet) ([]splice.Edit, error) {
	var edits []splice.Edit
	if get(a, "server") != "" {
		mail, err := p.readMail(a, s)
		if err != nil {
			return nil, err
		}
		edits = mail
	}
	if get(a, "name") == "" && get(a, "mail") == "" {
		return edits, nil
	}
	a.PostForm.Set("at", splice.End)
	for i, x := range s.People {
		if x.Name == get(a, "name") {
			return nil, wrong(a.T("%s is there already."), s.People[i].Name)
		}
	}
	server := a.PostForm["server"]
	a.PostForm.Del("server")
	person, err := p.readPeople(a, s)
	if server != nil {
		a.PostForm["server"] = server
	}
	return append(edits, person...), err
}

// readChosen reads the countries that were ticked.
func readChosen(a *web.Ask, s *Sheet) ([]splice.Edit, error) {
	chosen := slices.Clone(a.PostForm["country"])
	a.PostForm.Set("only", strings.Join(append(chosen, get(a, "more")), " "))
	a.PostForm.Del("never")
	return readCountries(a, s)
}

// connect carries out what was shown of a PBX.
func (p *pages) connect(a *web.Ask, again func(error) (*web.Page, *web.Done, error)) (*web.Page, *web.Done, error) {
	kind := get(a, "kind")
	waits, err := a.Do(&access.Deed{Act: access.SettingChange, Subject: "pbx", Detail: "connect " + kind}, func() error {
		return p.Config.Wizard.PBXs.Connect(a.Context(), a.Tenant.Name, kind, a.Who())
	})
	switch {
	case err != nil:
		return again(err)
	case waits != nil:
		return nil, waits, nil
	}
	return nil, &web.Done{To: "/wizard/pbx", Said: a.T("The telephone system is connected.")}, nil
}

// recordsSent begins to read records, or passes on.
func (p *pages) recordsSent(a *web.Ask, u *web.Uploaded) (*web.Page, *web.Done, error) {
	again := func(err error) (*web.Page, *web.Done, error) {
		if !expected(err) {
			return nil, nil, err
		}
		page, e := p.stepPage(a, "records", err)
		return page, nil, e
	}
	v, err := p.at(a, "records")
	if err != nil {
		return nil, nil, err
	}
	switch path := get(a, "path"); {
	case get(a, "skip") != "":
		return nil, &web.Done{To: v.Next()}, p.done(a, "records", true)
	case get(a, "next") != "":
		return nil, &web.Done{To: v.Next()}, p.done(a, "records", false)
	case u.Name != "" && u.File != nil:
		err = p.begin(a, u.Name, u.File)
	case path != "":
		err = p.begin(a, path, nil)
	default:
		err = wrong("%s", a.T("Choose a file, or write the path of one on this machine."))
	}
	if err != nil {
		return again(err)
	}
	return nil, &web.Done{To: "/wizard/records"}, nil
}

// begin begins to read records.
func (p *pages) begin(a *web.Ask, name string, r io.Reader) error {
	_, err := a.Do(&access.Deed{Act: access.SettingChange, Subject: "records", Detail: "import " + text.Clean(name, 200)}, func() error {
		return p.Config.Wizard.Records.Import(a.Context(), a.Tenant.Name, name, r)
	})
	return err
}

// wizardTry sends a made-up alert and stays.
func (p *pages) wizardTry(a *web.Ask) (*web.Page, *web.Done, error) {
	page, err := p.stepPage(a, "people", nil)
	if err != nil || p.Try == nil {
		return page, nil, err
	}
	v, _ := page.Data.(*view)
	if v.Tried, err = p.Try(a.Context(), "", ""); err != nil {
		v.Wrong = sentences(a.Language, err)
	}
	return page, nil, nil
}

// Ticked says whether a country is offered as one with relations: one that may be called now, or, where all may, that was called more than now and then and is seldom used for fraud.
func (v *view) Ticked(o Offer) bool {
	if len(v.Only) > 0 {
		return slices.Contains(v.Only, o.Country.String())
	}
	return o.Home || !o.Risk && o.Calls >= 3
}

// Others are the countries that may be called and were not.
func (v *view) Others() string {
	var list []string
	for _, c := range v.Only {
		if !slices.ContainsFunc(v.Offers, func(o Offer) bool { return o.Country.String() == c }) {
			list = append(list, c)
		}
	}
	return strings.Join(list, ", ")
}
