// Package holds is the console's pages of what is held back: alerts that are silent for a time, and addresses and names that may try nothing for a time. Each entry says
// since when, until when and why, and has a way back. A silence always ends and touches nothing but telling: calls are judged, refused and ended as without it.
package holds

import (
	"context"
	"embed"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/web"
)

//go:embed *.html words.txt
var files embed.FS

// Silencer makes and ends silences where alerts are told.
type Silencer interface {
	// Silence makes one; with an ID it ends the one that has it.
	Silence(ctx context.Context, s *belwacht.Silence) error
}

// Barrer says who is barred at Belwacht's own listeners until there is a border.
type Barrer interface {
	// Bars are all, of every kind, those that last longest first.
	Bars() []Bar
	// Free lets one at the console's door try again; "" means all of them.
	Free(key string) error
}

// Bar is somebody who is turned away.
type Bar struct {
	Kind    string           // console (must wait there), ask (each question is turned away), fail2ban (was named to it)
	Key     string           // by which it is freed; "" = it is not ours to free
	Of      string           // of console: address, name or user
	Subject string           // address or name; hostile until escaped
	Why     string           // of ask the PBX whose name it gave, of fail2ban a cause; hostile until escaped
	Count   int64            // failures, questions, signs
	Last    belwacht.Instant // when there was one last
	Until   belwacht.Instant // of console
}

// Config is what the pages need. A nil part has no page.
type Config struct {
	Silencer Silencer
	Silences belwacht.SilenceStore
	Alerts   belwacht.AlertStore
	Barrer   Barrer
}

type pages struct{ Config }

// New registers the pages.
func New(site *web.Site, c Config) error {
	set, err := site.Set(files)
	if err != nil {
		return err
	}
	p := &pages{c}
	if c.Silences != nil && c.Alerts != nil {
		site.Nav(web.Entry{Order: 18, Path: "/silences", Title: "Silences", Icon: "eye-off", Right: web.SeeAlerts})
		site.Get("/silences", web.SeeAlerts, set, p.silences)
		if c.Silencer != nil {
			site.Post("/silences", silence, p.silence)
			site.Post("/silences/end", silence, p.end)
		}
	}
	if c.Barrer != nil {
		site.Nav(web.Entry{Order: 65, Path: "/bans", Title: "Bans", Icon: "ban", Right: seeBans})
		site.Get("/bans", seeBans, set, p.bans)
		site.Post("/bans", undoBans, p.free)
	}
	return nil
}

// The rights that these pages ask for.
const (
	silence  = web.Right(access.AlertsSilence)
	seeBans  = web.Right(access.BansRead)
	undoBans = web.Right(access.BansUndo)
)

// hidden is a silence with what it hides.
type hidden struct {
	belwacht.Silence
	Alerts []belwacht.Incident // at most five, the newest
	Count  int
	More   bool // there may be more
}

// quiet is the page of silences.
type quiet struct {
	Now   []hidden
	Past  []belwacht.Silence
	Older string
	Can   bool
	Form  struct{ Account, Cause string }
}

// alertsMost is how many alerts are looked through for what a silence hides.
const alertsMost = 1000

func (p *pages) silences(a *web.Ask) (*web.Page, error) {
	after, err := a.Cursor()
	if err != nil {
		return nil, err
	}
	v := &quiet{Can: p.Silencer != nil}
	v.Form.Account, v.Form.Cause = text.Clean(a.URL.Query().Get("account"), 60), text.Clean(a.URL.Query().Get("cause"), 60)
	all, err := p.Silences.Silences(a.Context(), a.Now)
	if err != nil {
		return nil, err
	}
	past, next, err := p.Silences.PastSilences(a.Context(), a.Tenant.Name, belwacht.Page{Most: 50, After: after})
	if err != nil {
		return nil, err
	}
	for i := range past {
		if !past[i].Holds(a.Now) {
			v.Past = append(v.Past, past[i])
		}
	}
	if !next.IsZero() {
		v.Older = "/silences?after=" + next.String()
	}
	alerts, more, err := p.Alerts.Alerts(a.Context(), &belwacht.AlertQuery{Tenant: a.Tenant.Name, Page: belwacht.Page{Most: alertsMost}})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Tenant != a.Tenant.Name {
			continue
		}
		h := hidden{Silence: all[i], More: !more.IsZero()}
		for j := range alerts {
			if x := &alerts[j]; x.Last >= h.Since && h.Covers(&x.Alert, a.Now) {
				if h.Count++; len(h.Alerts) < 5 {
					h.Alerts = append(h.Alerts, *x)
				}
			}
		}
		v.Now = append(v.Now, h)
	}
	return &web.Page{Title: "Silences", Template: "silences", Data: v}, nil
}

// lasts are the times that a silence can last.
func lasts(s string) (belwacht.Instant, bool) {
	switch s {
	case "1h":
		return belwacht.Hour, true
	case "4h":
		return 4 * belwacht.Hour, true
	case "1d":
		return belwacht.Day, true
	case "7d":
		return 7 * belwacht.Day, true
	case "30d":
		return belwacht.SilenceMost - belwacht.Minute, true
	}
	return 0, false
}

func (p *pages) silence(a *web.Ask) (*web.Done, error) {
	s := &belwacht.Silence{Tenant: a.Tenant.Name, Account: text.Clean(strings.TrimSpace(a.FormValue("account")), 60), Cause: text.Clean(strings.TrimSpace(a.FormValue("cause")), 60),
		Who: a.Visitor.Name, Why: text.Clean(a.FormValue("why"), 200)}
	long, ok := lasts(a.FormValue("for"))
	switch {
	case !ok:
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say for how long; a silence always ends."))
	case s.Account == "" && s.Cause == "":
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Name an extension, a reason or both; all alerts at once are never silent."))
	case s.Why == "":
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say why: others are told of it."))
	}
	s.Until = a.Now + long
	deed := a.Deed(access.AlertSilence, strings.TrimSpace(text.Mask(s.Account)+" "+s.Cause), "until "+s.Until.String())
	deed.Why = s.Why
	if waits, err := a.Do(deed, func() error { return p.Silencer.Silence(a.Context(), s) }); err != nil || waits != nil {
		return waits, err
	}
	return &web.Done{To: "/silences", Said: a.T("It is silent now. Calls are judged and refused as before.")}, nil
}

func (p *pages) end(a *web.Ask) (*web.Done, error) {
	id := a.FormValue("id")
	all, err := p.Silences.Silences(a.Context(), a.Now)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID != id || all[i].Tenant != a.Tenant.Name {
			continue
		}
		deed := a.Deed(access.SilenceEnd, "silence "+text.Clean(id, 40), strings.TrimSpace(text.Mask(all[i].Account)+" "+all[i].Cause))
		if waits, err := a.Do(deed, func() error {
			return p.Silencer.Silence(a.Context(), &belwacht.Silence{ID: id, Tenant: a.Tenant.Name, Who: a.Visitor.Name})
		}); err != nil || waits != nil {
			return waits, err
		}
		return &web.Done{To: "/silences", Said: a.T("The silence is over; what comes from now on is told.")}, nil
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "%s", a.T("This silence is over already."))
}

// barred is the page of bans.
type barred struct{ Console, Asked, Named []Bar }

// whole refuses who may see one organisation only: an address that is barred concerns the whole machine.
func whole(a *web.Ask) error {
	if a.Visitor.Tenants == nil {
		return nil
	}
	return belwacht.Errorf(belwacht.Forbidden, "%s", a.T("Bans are those of the whole machine; who may see some organisations only is not shown them."))
}

func (p *pages) bans(a *web.Ask) (*web.Page, error) {
	if err := whole(a); err != nil {
		return nil, err
	}
	v := &barred{}
	for _, b := range p.Barrer.Bars() {
		switch b.Kind {
		case "console":
			v.Console = append(v.Console, b)
		case "ask":
			v.Asked = append(v.Asked, b)
		default:
			v.Named = append(v.Named, b)
		}
	}
	return &web.Page{Title: "Bans", Template: "bans", Data: v}, nil
}

func (p *pages) free(a *web.Ask) (*web.Done, error) {
	if err := whole(a); err != nil {
		return nil, err
	}
	key, act, subject := a.FormValue("key"), access.BanUndo, ""
	if key == "" && a.FormValue("all") != "yes" {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s", a.T("Say whose ban is to be undone."))
	}
	if key == "" {
		act = access.BansClear
	}
	for _, b := range p.Barrer.Bars() {
		if b.Key == key && key != "" {
			subject = b.Subject
		}
	}
	deed := a.Deed(act, text.Clean(subject, 80), "")
	deed.Tenant = ""
	if waits, err := a.Do(deed, func() error { return p.Barrer.Free(key) }); err != nil || waits != nil {
		return waits, err
	}
	if key == "" {
		return &web.Done{To: "/bans", Said: a.T("All of them may try again.")}, nil
	}
	return &web.Done{To: "/bans", Said: a.T("%s may try again.", text.Clean(subject, 80))}, nil
}
