package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// Write writes the summary for a terminal of so many columns; no line is wider. It may be called again after more calls.
func (s *Summary) Write(w io.Writer, width int, colour bool) error {
	p := terminal.NewPrinter(w, width, colour)
	v := newVoice(s.o.Language, s.o.Currency, s.o.Zone, s.o.Mask)
	t := board{p, s.view(v)}
	t.title()
	if s.total.calls == 0 {
		p.Paragraph(0, terminal.Plain, v.Empty)
		t.reading()
		return p.Flush()
	}
	p.Paragraph(0, terminal.Plain, t.sentence())
	t.totals()
	if s.total.told()+s.total.word[belwacht.Watch]+s.alerts == 0 {
		p.Blank()
		p.Paragraph(0, terminal.Green, v.Quiet)
	} else {
		t.worthALook()
		t.tables()
	}
	p.Heading(v.Brake)
	p.Paragraph(2, terminal.Plain, t.brakeSentence())
	t.calibration()
	t.safety()
	t.reading()
	if s.total.told() > 0 {
		p.Blank()
		p.Paragraph(0, terminal.Faint, v.pick("belwacht explain ID --decisions FILE says of any call why it was decided so.",
			"belwacht explain ID --decisions BESTAND zegt van elk gesprek waarom zo is besloten."))
	}
	return p.Flush()
}

// board writes the parts of a summary.
type board struct {
	*terminal.Printer
	*view
}

func (t *board) title() {
	left := "Belwacht"
	if t.o.Organisation != "" {
		left += " · " + t.v.clean(t.o.Organisation)
	}
	t.Line(t.Tint(terminal.Bold, left))
	t.Printer.Rule()
}

// totals are the calls by direction, the money, and what was decided.
func (t *board) totals() {
	v, n := t.v, &t.total
	t.Blank()
	label := func(name, value, more string) {
		t.Beside(terminal.Left(text.Capital(name), 18)+terminal.Right(value, 11)+"  ", terminal.Faint, more)
	}
	label(text.Capital(v.Calls), v.count(n.calls), fmt.Sprintf("%s %s · %s %s · %s %s", v.count(t.direction[belwacht.Out]), v.pick("out", "uit"),
		v.count(t.direction[belwacht.In]), v.pick("in", "in"), v.count(t.direction[belwacht.Internally]), v.pick("internal", "intern")))
	label(v.Spent, v.money(n.cost), fmt.Sprintf("%s %s", v.pick("abroad and costly", "buitenland en duur"), v.money(t.abroad.cost)))
	if n.saved > 0 || t.o.Mode == belwacht.Enforce {
		note := ""
		if t.o.Mode != belwacht.Enforce {
			note = v.pick("carried out in every mode: the brake", "in elke stand uitgevoerd: de rem")
		}
		label(v.Saved, v.money(n.saved), note)
	}
	if n.would > 0 || t.o.Mode != belwacht.Enforce {
		label(v.WouldSave, v.money(n.would), "")
	}
	t.Heading(v.Decisions)
	for w := belwacht.EndNow; ; w-- {
		ink := inkOf(w)
		if n.word[w] == 0 {
			ink = terminal.Faint
		}
		name := v.word(w)
		t.Beside("  "+t.Tint(ink, terminal.Left(name, 20))+terminal.Right(v.count(n.word[w]), 9)+"  ", terminal.Faint, v.percent(float64(n.word[w])/float64(n.calls)))
		if w == belwacht.Allow {
			break
		}
	}
	t.Line("  " + terminal.Left(v.Alerts, 20) + terminal.Right(v.count(t.alerts), 9))
}

// worthALook are the stories that a person should read.
func (t *board) worthALook() {
	v := t.v
	t.Heading(v.Top)
	for i, s := range t.top {
		d := &s.decision
		head := fmt.Sprintf("%2d  %s  %s  %s", i+1, v.moment(d.Time), t.Tint(inkOf(d.Word), d.Word.String()), t.whom(s))
		t.Line(head)
		t.Paragraph(4, terminal.Plain, v.reason(d))
		t.Paragraph(4, terminal.Faint, t.foot(s))
	}
}

// whom is who called what in a story; of what concerns no one extension it is the organisation.
func (w *view) whom(p *pattern) string {
	d := &p.decision
	if d.Account == "" && d.Number == "" {
		return w.v.clean(d.Tenant)
	}
	return w.v.clean(d.Account) + " → " + w.destination(p)
}

// destination is the number of a story with its country or network.
func (w *view) destination(p *pattern) string {
	to := w.v.number(p.decision.Number, p.class)
	if place := w.v.country(p.country, p.network); place != "–" && p.class != belwacht.ClassSocial {
		to += " (" + place + ")"
	}
	return to
}

// foot is what is said below a story: its call's ID, price, whether it was carried out, how many more there are.
func (w *view) foot(p *pattern) string {
	v, d := w.v, &p.decision
	foot := []string{v.clean(d.ID), v.price(p.price)}
	if d.Word >= belwacht.Refuse && !d.Enforced {
		foot = append(foot, v.Said)
	}
	if more := w.more(p); more != "" {
		foot = append(foot, more)
	}
	return strings.Join(foot, " · ")
}

// tables are the counts by rule, account, country and day.
func (t *board) tables() {
	v := t.v
	t.lines(v.ByRule, v.Rule, t.byRule)
	t.lines(v.ByAccount, v.Account, t.byAccount)
	t.lines(v.pick("By country", "Per land"), v.Country, t.byCountry)
	t.timeline()
	t.lines("", v.Day, t.byDay)
}

// lines is one table of tallies.
func (t *board) lines(title, first string, all []line) {
	if len(all) == 0 {
		return
	}
	v := t.v
	if title != "" {
		t.Heading(title)
	}
	cols := []terminal.Column{{Title: first}, {Title: v.Stopped, Right: true}, {Title: v.Alerted, Right: true, Optional: true},
		{Title: v.pick("watched", "bekeken"), Right: true, Optional: true}, {Title: v.Kept, Right: true}, {Title: v.pick("of calls", "van de gesprekken"), Right: true, Optional: true}}
	var rows [][]string
	var shares []float64
	top := 0.0
	for _, l := range all {
		top = max(top, weight(&l.tally))
	}
	for _, l := range all {
		rows = append(rows, []string{l.name, v.count(l.stopped()), v.count(l.word[belwacht.Warn]),
			v.count(l.word[belwacht.Watch]), v.money(l.kept()), v.count(l.calls)})
		shares = append(shares, weight(&l.tally)/max(top, 1e-9))
	}
	t.Table(cols, rows, shares)
}

// weight is what a bar shows: money kept, and where there is none at all the calls told.
func weight(t *tally) float64 { return t.kept().Float() + float64(t.told())/1000 }

// timeline is a line of little columns, one a day or week, of the calls told.
func (t *board) timeline() {
	v := t.v
	t.Heading(v.ByDay)
	values := make([]float64, len(t.stretches))
	for i := range t.stretches {
		values[i] = float64(t.stretches[i].told())
	}
	room := t.Width() - 2
	if len(values) > room { // older ones go together so that the whole time is seen
		step := (len(values) + room - 1) / room
		packed := make([]float64, (len(values)+step-1)/step)
		for i, n := range values {
			packed[i/step] += n
		}
		values = packed
	}
	t.Line("  " + t.Tint(terminal.Yellow, terminal.Spark(values)))
	if n := len(t.stretches); n > 0 {
		t.Paragraph(2, terminal.Faint, fmt.Sprintf(v.pick("calls refused, ended or alerted, %s – %s, a column a %s",
			"geweigerd, beëindigd of gemeld, %s – %s, een kolom per %s"), v.shortDay(t.stretches[0].from), v.shortDay(t.stretches[n-1].from), t.unit()))
	}
}

// calibration is the table of probabilities.
func (t *board) calibration() {
	v := t.v
	t.Heading(v.Calibration)
	known := int64(0)
	for i := range t.bins {
		known += t.bins[i].known
	}
	cols := []terminal.Column{{Title: v.Probability}, {Title: v.Calls, Right: true}, {Title: v.Expected, Right: true}}
	if known > 0 {
		cols = append(cols, terminal.Column{Title: v.pick("known", "bekend"), Right: true, Optional: true}, terminal.Column{Title: v.Confirmed, Right: true})
	}
	var rows [][]string
	low := 0.0
	for i, high := range edges() {
		b := &t.bins[i]
		if b.calls > 0 {
			row := []string{v.edge(low) + " – " + v.edge(high), v.count(b.calls), v.decimal(b.sum, 1)}
			if known > 0 {
				row = append(row, v.count(b.known), v.confirmed(b))
			}
			rows = append(rows, row)
		}
		low = high
	}
	t.Table(cols, rows, nil)
}

// confirmed says what share of the known calls were fraud.
func (v *voice) confirmed(b *bin) string {
	if b.known == 0 {
		return "–"
	}
	return v.count(b.fraud) + " (" + v.percent(float64(b.fraud)/float64(b.known)) + ")"
}

// safety is what became of calls that may never be refused.
func (t *board) safety() {
	v := t.v
	t.Heading(v.Safety)
	ink := terminal.Plain
	if t.emergency.Refused > 0 {
		ink = terminal.Grave
	}
	t.Paragraph(2, ink, text.Capital(t.safetyShort())+".")
	if s := t.social; s.Passed+s.Refused > 0 {
		t.Paragraph(2, terminal.Plain, text.Capital(fmt.Sprintf(v.Social, v.count(s.Passed), v.count(s.Refused)))+".")
	}
}

// reading is how the records were read.
func (t *board) reading() {
	r := &t.Summary.reading
	if r.Rows == 0 && r.Files == 0 {
		return
	}
	t.Heading(t.v.Reading)
	t.Paragraph(2, terminal.Plain, t.readSentence())
	ink := terminal.Plain
	if r.Rejected > 0 {
		ink = terminal.Yellow
	}
	t.Paragraph(2, ink, t.rejectedSentence())
	t.Paragraph(2, terminal.Plain, t.lateSentence())
}

// inkOf is the colour of a decision.
func inkOf(w belwacht.Word) terminal.Ink {
	switch w {
	case belwacht.Refuse, belwacht.EndNow:
		return terminal.Grave
	case belwacht.Warn:
		return terminal.Yellow
	case belwacht.Watch:
		return terminal.Blue
	}
	return terminal.Plain
}

// price is a price a minute, with the word estimate where no rate deck says it.
func (v *voice) price(p belwacht.Price) string {
	s := v.money(p.PerMinute) + " " + v.pick("a minute", "per minuut")
	if p.Estimate {
		s += " (" + v.pick("estimate", "schatting") + ")"
	}
	return s
}
