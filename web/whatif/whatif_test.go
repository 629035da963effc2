package whatif_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/web"
	"github.com/belwacht/belwacht/web/webtest"
	"github.com/belwacht/belwacht/web/whatif"
)

const april = belwacht.Instant(1776513600000) // 2026-04-18T12:00:00Z

// played is a player that has played some and plays others.
type played struct {
	state  whatif.State
	asked  []whatif.Change
	refuse error
	stops  int
}

func (p *played) Play(_ string, list []whatif.Change) error {
	p.asked = append(p.asked, list...)
	return p.refuse
}
func (p *played) Cancel(string, string) error { p.stops++; return nil }
func (p *played) State(string) *whatif.State  { s := p.state; return &s }
func (*played) Rules(string) ([]whatif.Change, error) {
	return []whatif.Change{ruleOff, {Rule: "y", Switch: "enforce", Was: "monitor"}}, nil
}
func (*played) Wrong(context.Context, string) ([]whatif.Wrong, error) {
	return []whatif.Wrong{{Call: "1.1", Account: webtest.Hostile, Number: "+31612345678", Cause: "rule.x", At: april, Changes: []whatif.Change{ruleOff, limitOff}},
		{Call: "1.2", Cause: "lock", Social: true, At: april}, {Call: "1.3", Cause: "rule.y", At: april, Changes: []whatif.Change{{Rule: "y", Switch: "off"}}},
		{Call: "1.4", Cause: "rule.x", At: april, Changes: []whatif.Change{ruleOff}}}, nil
}

var (
	ruleOff  = whatif.Change{Rule: "x", Switch: "off", Was: "enforce"}
	limitOff = whatif.Change{Scope: "organisation", Key: "money_per_day"}
	tried    = whatif.Change{Scope: webtest.Hostile, Key: "calls_per_day", Value: webtest.Hostile}
)

func results() map[string]*whatif.Result {
	m := map[string]*whatif.Result{}
	for i, c := range []whatif.Change{ruleOff, limitOff, tried} {
		r := &whatif.Result{Change: c, From: april - belwacht.Day, Until: april, Calls: 5, Unplayed: 3, Supposed: true, Told: int64(1 - i), Avoids: []string{"1.1"}}
		r.More = whatif.Tally{Calls: 2, Cost: 3 * belwacht.Unit}
		r.Fewer = whatif.Tally{Calls: 7, Cost: belwacht.Unit, Risk: belwacht.Money(i+1) * belwacht.Unit, Fraud: 1}
		r.Names = []whatif.Call{{ID: "1.1", Start: april, Account: webtest.Hostile, Number: "+31612345678", More: true, Cause: "rule.x", Money: belwacht.Unit}, {ID: webtest.Hostile, Cause: webtest.Hostile}}
		m[c.ID()] = r
	}
	return m
}

func TestCatalogue(t *testing.T) {
	frame, err := web.ReadWords(webtest.Frame(), "words.txt")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Catalogue(t, frame)
	webtest.Icons(t, "../ui/icons.txt")
}

// TestPages looks at the pages, empty, playing and played, and at who may see them.
func TestPages(t *testing.T) {
	s, d := webtest.Site(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	p := &played{}
	if err := whatif.New(s, whatif.Config{Player: p, Chooser: p, Keys: []string{"money_per_day", "calls_per_day", "usual_bill"}}); err != nil {
		t.Fatal(err)
	}
	webtest.Pages(t, s, "/what-if", "/what-if?scope=212&key=calls_per_day&value="+"%22%3E%3Cscript%3E")
	p.state = whatif.State{Playing: true, Waiting: 2, Done: 0.4, Failed: webtest.Hostile, Found: results(), Order: []string{ruleOff.ID(), limitOff.ID(), tried.ID()}}
	webtest.Pages(t, s, "/what-if", "/what-if/one?id="+ruleOff.ID())
	page := webtest.Get(s, "/what-if", "en").Body.String()
	for _, want := range []string{"2 changes to go", "7 calls, €", "No setting: a person", "not played yet", "No single setting", "1 of them fraud"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	d.V.Rights = []web.Right{web.SeeSettings}
	page = webtest.Get(s, "/what-if/one?id="+ruleOff.ID(), "en").Body.String()
	if strings.Contains(page, "612345678") || !strings.Contains(page, "5678") {
		t.Error("a number is not masked for who may not see it")
	}
	if w := webtest.Get(s, "/what-if/one?id=rule:nothing:off", "en"); w.Code != 404 {
		t.Errorf("what was not played: %d", w.Code)
	}
	d.V = &web.Visitor{Name: "x", Role: "helpdesk", Rights: []web.Right{web.Help}}
	for _, path := range []string{"/what-if", "/what-if/one?id=" + ruleOff.ID(), "/what-if/now"} {
		if w := webtest.Get(s, path, "en"); w.Code != 403 {
			t.Errorf("%s without the right: %d", path, w.Code)
		}
	}
	if w := webtest.Post(s, "/what-if", map[string]string{"do": "rules"}); w.Code != 403 || len(p.asked) != 0 {
		t.Errorf("without the right: %d, %v", w.Code, p.asked)
	}
}

// TestPlay asks for what can be played.
func TestPlay(t *testing.T) {
	s, _ := webtest.Site(t, time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC))
	p := &played{}
	if err := whatif.New(s, whatif.Config{Player: p, Chooser: p}); err != nil {
		t.Fatal(err)
	}
	for do, want := range map[string]int{"rules": 2, "wrong": 4, "limit": 1, "": 0} {
		p.asked = nil
		w := webtest.Post(s, "/what-if", map[string]string{"do": do, "scope": "organisation", "key": "money_per_day", "value": "EUR 20"})
		if w.Code != 303 || len(p.asked) != want {
			t.Errorf("%q: status %d, played %v", do, w.Code, p.asked)
		}
	}
	if w := webtest.Post(s, "/what-if", map[string]string{"do": "stop"}); w.Code != 303 || p.stops != 1 {
		t.Errorf("stopping: %d, %d times", w.Code, p.stops)
	}
	if w := webtest.Post(s, "/what-if", map[string]string{"do": "limit", "scope": "organisation", "key": "money_per_day"}); w.Code != 422 {
		t.Errorf("no value: %d", w.Code)
	}
	p.refuse = belwacht.Errorf(belwacht.Invalid, "money_per_day: is in USD")
	if w := webtest.Post(s, "/what-if", map[string]string{"do": "limit", "key": "money_per_day", "value": "USD 20"}); w.Code != 422 || !strings.Contains(w.Body.String(), "USD") {
		t.Errorf("a wrong value: %d", w.Code)
	}
}
