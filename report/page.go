package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// WriteHTML writes the summary as one self-contained page in a language: no script, no external resource, and a content security
// policy that allows nothing but the page's own style by its hash. Everything that comes from records is escaped by html/template.
func WriteHTML(w io.Writer, s *Summary, lang text.Language) error {
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return belwacht.Errorf(belwacht.Internal, "the page's template is broken: %w", err)
	}
	return t.Execute(w, newPage(s, lang))
}

// page is what the template shows: only strings and shapes, all decided here.
type page struct {
	W             *words
	Policy        string
	Style         template.CSS
	Organisation  string
	Dates         string
	Sentence      string
	Empty         bool
	Quiet         bool
	Tiles         []tile
	Timeline      columnChart
	Money         columnChart
	Heat          []heatMap
	Destinations  barTable
	Networks      []chip
	Stories       []story
	Tables        []barTable
	Known         bool
	Bins          []binRow
	Alarm         bool
	Emergency     string
	Social        string
	BrakeSentence string
	Settings      []Setting
	Read          []string
	Made          string
}

type tile struct {
	Value, Name string
	Bad         bool
}

// chip is a satellite or international network.
type chip struct{ Name, Calls, Money, Stopped string }

// binRow is a row of the calibration; Truth and Said are percentages for its picture.
type binRow struct {
	Name, Calls, Expected, Confirmed string
	HasTruth                         bool
	Truth, Said                      float64
}

// policy is the page's content security policy: nothing but the style of this hash.
func policy() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

func newPage(s *Summary, lang text.Language) *page {
	v := newVoice(lang, s.o.Currency, s.o.Zone, s.o.Mask)
	v.page = true
	w := s.view(v)
	p := &page{
		W: v.words, Policy: policy(), Style: template.CSS(pageCSS), Organisation: v.clean(s.o.Organisation), Sentence: w.sentence(),
		Empty: s.total.calls == 0, Quiet: s.total.told()+s.total.word[belwacht.Watch] == 0, Settings: w.settings(),
		Emergency: text.Capital(w.safetyShort()) + ".", Alarm: s.emergency.Refused > 0, BrakeSentence: w.brakeSentence(),
	}
	if n := s.social; n.Passed+n.Refused > 0 {
		p.Social = text.Capital(fmt.Sprintf(v.Social, v.count(n.Passed), v.count(n.Refused))) + "."
	}
	if r := &s.reading; r.Files > 0 {
		p.Read = []string{w.readSentence(), w.rejectedSentence(), w.lateSentence()}
	}
	if p.Empty {
		return p
	}
	p.Dates = w.dates()
	p.Made = v.day(s.last.Time().In(v.zone))
	p.Tiles = w.tiles()
	p.Timeline, p.Money = w.timelineChart(), w.moneyChart()
	p.Heat = w.heatMaps()
	p.Destinations = w.destinations()
	p.Networks = w.chips()
	p.Stories = w.stories()
	p.Tables = []barTable{
		w.barTable(v.ByRule, v.Rule, w.byRule), w.barTable(v.ByAccount, v.Account, w.byAccount), w.barTable(v.ByDay, v.Day, w.byDay),
	}
	p.Bins, p.Known = w.binRows()
	return p
}

// tiles are the figures that are seen first.
func (w *view) tiles() []tile {
	v, t := w.v, &w.total
	keptName := v.WouldSave
	if w.o.Mode == belwacht.Enforce {
		keptName = v.Saved
	}
	return []tile{
		{v.count(t.calls), v.Calls, false},
		{v.money(t.cost), v.Spent, false},
		{v.money(t.kept()), keptName, false},
		{v.count(t.stopped()), v.Refused + " + " + v.Ended, false},
		{v.count(w.alerts), v.Alerts, false},
		{v.count(w.emergency.Refused), v.pick("emergency calls refused", "noodoproepen geweigerd"), w.emergency.Refused > 0},
	}
}

// settings are those under which the calls were judged.
func (w *view) settings() []Setting {
	v, o := w.v, &w.o
	or := func(s, none string) string {
		if s == "" {
			return none
		}
		return v.clean(s)
	}
	brake := v.Off
	if o.Brake > 0 {
		brake = v.money(o.Brake)
	}
	all := []Setting{{v.Mode, v.mode(o.Mode)}, {v.BrakeShort, brake}, {v.pick("office hours", "kantoortijden"), or(o.OfficeHours, v.pick("none", "geen"))}}
	if o.RefuseCost > 0 {
		all = append(all, Setting{v.RefuseCost, v.money(o.RefuseCost)})
	}
	if o.AlertCost > 0 {
		all = append(all, Setting{v.pick("cost of an alert", "prijs van een melding"), v.money(o.AlertCost)})
	}
	all = append(all, Setting{v.pick("time zone", "tijdzone"), v.zone.String()})
	if f := w.Summary.reading.Format; f != "" {
		all = append(all, Setting{v.pick("format", "formaat"), v.clean(f)})
	}
	for _, s := range o.Settings {
		all = append(all, Setting{v.clean(s.Name), v.clean(s.Value)})
	}
	return all
}

// chips are the networks that were called.
func (w *view) chips() []chip {
	v := w.v
	var all []chip
	for _, n := range w.networks {
		c := chip{Name: n.name, Calls: v.plural(n.calls, v.pick("call", "gesprek"), v.Calls), Money: v.money(n.cost)}
		if n.stopped() > 0 {
			c.Stopped = v.count(n.stopped()) + " " + v.Stopped
		}
		all = append(all, c)
	}
	return all
}

// binRows are the rows of the calibration, and whether anything is known of the truth.
func (w *view) binRows() (rows []binRow, known bool) {
	v, low := w.v, 0.0
	for i, high := range edges() {
		if b := &w.bins[i]; b.calls > 0 {
			r := binRow{Name: v.edge(low) + " – " + v.edge(high), Calls: v.count(b.calls), Expected: v.decimal(b.sum, 1), Confirmed: v.confirmed(b)}
			if b.known > 0 {
				known, r.HasTruth = true, true
				r.Truth = tenth(float64(b.fraud) / float64(b.known) * 100)
				r.Said = tenth(min(b.sum/float64(b.calls)*100, 98.5))
			}
			rows = append(rows, r)
		}
		low = high
	}
	return rows, known
}

// story is one of the calls most worth a look.
type story struct {
	Whom, Word, Code, When, RFC, Reason, Foot, Together string
	Evidence                                            []evidenceBar
}

// evidenceBar is one observation with its bits as a bar.
type evidenceBar struct {
	Bits, Class, Text string
	Share             float64
	Counted           bool
}

// stories are the calls most worth a look, each with what speaks for it.
func (w *view) stories() []story {
	v := w.v
	var all []story
	for _, p := range w.top {
		d := &p.decision
		s := story{
			Whom: w.whom(p), Word: v.word(d.Word), Code: d.Word.String(), When: v.moment(d.Time),
			RFC: d.Time.Time().In(v.zone).Format(time.RFC3339), Reason: v.reason(d), Foot: w.foot(p),
		}
		if t := d.Trace; t != nil {
			s.Together = v.signed(d.ScoreBits) + " → " + v.chance(d.Probability)
			shown, rest, bits := weighty(t.Evidence, 0.25, 8)
			for i := range shown {
				e := &shown[i]
				b := evidenceBar{Bits: v.signed(float64(e.Bits)), Class: "plus", Text: v.prose(v.clause(e)), Counted: e.Counted}
				if e.Bits < 0 {
					b.Class = "minus"
				}
				b.Share = tenth(min(math.Abs(float64(e.Bits))/10, 1) * 100)
				s.Evidence = append(s.Evidence, b)
			}
			if rest > 0 && bits >= 0.05 {
				s.Evidence = append(s.Evidence, evidenceBar{Bits: v.signed(bits), Class: "plus", Text: v.lighter(rest), Counted: true,
					Share: tenth(min(max(bits, 0)/10, 1) * 100)})
			}
		}
		all = append(all, s)
	}
	return all
}

// tenth rounds to one decimal, and makes no number of what is none, so that the page stays small and its pictures whole.
func tenth(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return math.Round(f*10) / 10
}
