// Package privacy is the console's page of what the law on personal data asks of whoever watches over telephone calls: a data protection impact assessment (GDPR art. 35), an
// entry in the register of processing (art. 30), a notice to staff (art. 13 and 14) and a request to the works council (in the Netherlands WOR art. 27). They are written out
// of the settings in force, in English and Dutch, to be read, printed and downloaded. What only the organisation knows stays open in square brackets. They are drafts for who
// is responsible, and no legal advice.
package privacy

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"io"
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// Facts are what the settings in force say that matters here.
type Facts struct {
	Organisation string // its name; "" = it has none
	Mode         belwacht.Mode
	Sources      []Source // where calls are heard from
	Kept         []Kept   // for how long what is kept, by kind
	Pseudonyms   int64    // after so many days; 0 = never
	Shorter      string   // the owner's reason to keep anything for less than 92 days; "" = nothing is
	Ways         []Way    // by which alerts leave
	FullNumbers  bool     // to somebody they leave with numbers in full
	People       int      // who are told
	SecondAll    bool     // a second factor is asked of everybody
	Networks     int      // that the console is open to; 0 = all
	Hours        string   // when it is open; "" = always
	Networked    bool     // addresses that phones log in from are seen
}

// Source is where calls are heard from.
type Source struct {
	PBX                    string
	Asked, Events, Records bool
}

// Kept is a kind of data and for how many days it is kept.
type Kept struct {
	Kind string // as keep: has it
	Days int64
}

// Way is a way by which alerts leave.
type Way struct {
	Kind    string // mail, sms, slack …
	Outside bool   // to a company that is no part of the organisation
}

// Config is what the pages need. With a nil Facts there are none.
type Config struct {
	Facts func(ctx context.Context, tenant string) (*Facts, error)
}

type pages struct {
	Config
	set   *web.Set
	alone *template.Template
}

// New registers the pages.
func New(site *web.Site, c Config) error {
	if c.Facts == nil {
		return nil
	}
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	around, err := template.New("alone").Parse(alone)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "what stands around a document: %w", err)
	}
	p := &pages{c, set, around}
	see := web.Right(access.PrivacyRead)
	site.Nav(web.Entry{Order: 940, Group: "Looking after it", Path: "/privacy", Title: "Privacy", Icon: "shield-check", Right: see})
	site.Get("/privacy", see, set, p.list)
	site.Get("/privacy/{document}", see, set, p.one)
	site.Download("/privacy/{document}/file", see, "text/html; charset=utf-8", p.file)
	return nil
}

// documents are their names in addresses, and as titles.
func documents() [][2]string {
	return [][2]string{{"dpia", "Impact assessment (DPIA)"}, {"register", "Register of processing"}, {"notice", "Notice to staff"}, {"council", "Request to the works council"}}
}

// document is one of them, to be drawn.
type document struct {
	*Facts
	Name     string
	Title    string
	Language text.Language // of the document, whatever that of the page
	Now      belwacht.Instant
	Roles    []role
	Longest  int64 // of what is kept of persons, in days
	Body     template.HTML
}

// role is what a role may.
type role struct {
	Name  string
	Says  []string
	Takes bool // calls out as a file
}

// list is the page of all.
func (p *pages) list(a *web.Ask) (*web.Page, error) {
	d, err := p.document(a, "dpia", a.Language)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: "Privacy", Template: "privacy", Data: d}, nil
}

// Documents are all, with the address of each.
func (d *document) Documents() [][2]string { return documents() }

// Warnings are what who is responsible should look at first, in the document's language.
func (d *document) Warnings() (list []string) {
	l := d.Language
	say := func(so bool, english, dutch string) {
		if so {
			list = append(list, l.Pick(english, dutch))
		}
	}
	say(d.Pseudonyms == 0, "Names and numbers stay as long as the calls: set keep.pseudonymise, for example to 120 days.", "Namen en nummers blijven zo lang als de gesprekken: zet keep.pseudonymise, bijvoorbeeld op 120 dagen.")
	say(d.FullNumbers, "Alerts leave with telephone numbers in full for somebody: is that needed?", "Meldingen gaan voor iemand met volledige telefoonnummers weg: is dat nodig?")
	say(d.Longest > 366, "Something of persons is kept for more than a year: say why, or keep it for less.", "Iets over personen wordt langer dan een jaar bewaard: zeg waarom, of bewaar het korter.")
	say(d.Shorter != "", "Something is kept for less than three months, which the guide on telephone fraud advises against.", "Iets wordt korter dan drie maanden bewaard; de leidraad over telefoonfraude raadt dat af.")
	say(slices.ContainsFunc(d.Ways, func(w Way) bool { return w.Outside }), "Alerts go to companies outside: a processing agreement with each is needed, and for those outside the EEA a ground for the transfer.",
		"Meldingen gaan naar bedrijven buiten de organisatie: met elk is een verwerkersovereenkomst nodig, en buiten de EER een grond voor de doorgifte.")
	say(d.Networks == 0, "The console is open to all networks: name your own under access.networks.", "De console staat open voor alle netwerken: noem de eigen onder access.networks.")
	return list
}

// document gathers what a document says.
func (p *pages) document(a *web.Ask, name string, l text.Language) (*document, error) {
	title := ""
	for _, x := range documents() {
		if x[0] == name {
			title = x[1]
		}
	}
	if title == "" {
		return nil, belwacht.Errorf(belwacht.NotFound, "%s", a.T("There is no such document."))
	}
	f, err := p.Facts(a.Context(), a.Tenant.Name)
	if err != nil {
		return nil, err
	}
	d := &document{Facts: f, Name: name, Title: title, Language: l, Now: a.Now}
	for _, k := range f.Kept {
		if k.Kind != "sums" {
			d.Longest = max(d.Longest, k.Days)
		}
	}
	for _, r := range belwacht.Roles() {
		x := role{Name: string(r), Takes: access.May(r, access.CallsExport)}
		for _, may := range access.Permissions(r) {
			if slices.Contains(personal(), may) {
				x.Says = append(x.Says, access.Says(l, may))
			}
		}
		d.Roles = append(d.Roles, x)
	}
	return d, nil
}

// personal are the permissions that concern data of persons.
func personal() []belwacht.Permission {
	return []belwacht.Permission{access.CallsRead, access.CallsExport, access.NumbersUnmask, access.AlertsRead, access.AccountsRead, access.HelpdeskRead, access.PersonExport, access.PersonForget,
		access.UsersRead, access.LogRead, access.OwnCalls}
}

// asked is the language that a document is wanted in: that of the page where none is named.
func asked(a *web.Ask) text.Language {
	l := a.Language
	if err := l.UnmarshalText([]byte(a.URL.Query().Get("in"))); err != nil {
		return a.Language
	}
	return l
}

// drawn is a document with its text: dates and words are in its own language, whatever that of the page.
func (p *pages) drawn(a *web.Ask) (*document, error) {
	d, err := p.document(a, a.PathValue("document"), asked(a))
	if err != nil {
		return nil, err
	}
	reader := *a
	reader.Language = d.Language
	body, err := p.set.Fragment(&reader, d.Name+"-"+d.Language.String(), d)
	d.Body = template.HTML(bytes.TrimSpace(body)) // drawn by a template just now
	return d, err
}

// one is a document on a page.
func (p *pages) one(a *web.Ask) (*web.Page, error) {
	d, err := p.drawn(a)
	if err != nil {
		return nil, err
	}
	return &web.Page{Title: d.Title, Template: "document", Data: d, Back: "/privacy", Here: "/privacy"}, nil
}

// file is a document as a file: a page that needs nothing else, for a browser or a word processor.
func (p *pages) file(a *web.Ask) (string, func(context.Context, io.Writer) error, error) {
	d, err := p.drawn(a)
	if err != nil {
		return "", nil, err
	}
	return "belwacht-" + d.Name + "-" + d.Language.String() + ".html", func(_ context.Context, w io.Writer) error {
		return p.alone.Execute(w, struct {
			Language, Title string
			Body            template.HTML
		}{d.Language.String(), "Belwacht: " + p.set.Words().Say(d.Language, d.Title), d.Body})
	}, nil
}

// alone is what stands around a document in a file.
const alone = `<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title>
<style>body{font:11pt/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111}h2{margin-top:1.6em}table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}mark{background:#fff3bf}@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}</style></head>
<body><h1>{{.Title}}</h1>
{{.Body}}
</body></html>
`
