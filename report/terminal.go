package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/belwacht/belwacht"
)

// Write writes the summary for a terminal of so many columns; no line is wider. It may be called again after more calls.
func (s *Summary) Write(w io.Writer, width int, colour bool) error {
	p := newPrinter(w, width, colour)
	v := newVoice(s.o.Language, s.o.Currency, s.o.Zone, s.o.Mask)
	t := board{p, s.view(v)}
	t.title()
	if s.total.calls == 0 {
		p.paragraph(0, plain, v.Empty)
		t.reading()
		return p.w.Flush()
	}
	p.paragraph(0, plain, t.sentence())
	t.totals()
	if s.total.told()+s.total.word[belwacht.Watch] == 0 {
		p.w.WriteByte('\n')
		p.paragraph(0, green, v.Quiet)
	} else {
		t.worthALook()
		t.tables()
	}
	p.heading(v.Brake)
	p.paragraph(2, plain, t.brakeSentence())
	t.calibration()
	t.safety()
	t.reading()
	if s.total.told() > 0 {
		p.w.WriteByte('\n')
		p.paragraph(0, faint, v.Hint)
	}
	return p.w.Flush()
}

// board writes the parts of a summary.
type board struct {
	*printer
	*view
}

func (t *board) title() {
	left := "Belwacht"
	if t.o.Organisation != "" {
		left += " · " + t.v.clean(t.o.Organisation)
	}
	t.line(t.tint(bold, left))
	t.printer.rule()
}

// totals are the calls by direction, the money, and what was decided.
func (t *board) totals() {
	v, n := t.v, &t.total
	t.w.WriteByte('\n')
	label := func(name, value, more string) { t.hang(left(capital(name), 18)+pad(value, 11)+"  ", more) }
	label(capital(v.Calls), v.count(n.calls), fmt.Sprintf("%s %s · %s %s · %s %s", v.count(t.direction[belwacht.Out]), v.Out,
		v.count(t.direction[belwacht.In]), v.In, v.count(t.direction[belwacht.Internally]), v.Internal))
	label(v.Spent, v.money(n.cost), fmt.Sprintf("%s %s", v.Abroad, v.money(t.abroad.cost)))
	if n.saved > 0 || t.o.Mode == belwacht.Enforce {
		note := ""
		if t.o.Mode != belwacht.Enforce {
			note = v.SavedWhy
		}
		label(v.Saved, v.money(n.saved), note)
	}
	if n.would > 0 || t.o.Mode != belwacht.Enforce {
		label(v.WouldSave, v.money(n.would), "")
	}
	t.heading(v.Decisions)
	for w := belwacht.EndNow; ; w-- {
		ink := inkOf(w)
		if n.word[w] == 0 {
			ink = faint
		}
		name := v.word(w)
		t.hang("  "+t.tint(ink, left(name, 20))+pad(v.count(n.word[w]), 9)+"  ", v.percent(float64(n.word[w])/float64(n.calls)))
		if w == belwacht.Allow {
			break
		}
	}
	t.hang("  "+left(v.Alerts, 20)+pad(v.count(t.alerts), 9), "")
}

// hang writes a head and beside it a faint note, which goes on below itself where it is long.
func (t *board) hang(head, note string) {
	notes := wrap(note, max(t.width-columns(head), 10))
	if len(notes) == 0 {
		t.line(strings.TrimRight(head, " "))
	}
	for i, l := range notes {
		if i > 0 {
			head = strings.Repeat(" ", columns(head))
		}
		t.line(head + t.tint(faint, l))
	}
}

// worthALook are the stories that a person should read.
func (t *board) worthALook() {
	v := t.v
	t.heading(v.Top)
	for i, s := range t.top {
		d := &s.decision
		head := fmt.Sprintf("%2d  %s  %s  %s → %s", i+1, v.moment(d.Time), t.tint(inkOf(d.Word), d.Word.String()), v.clean(d.Account), t.destination(s))
		t.line(head)
		t.paragraph(4, plain, v.reason(d))
		t.paragraph(4, faint, t.foot(s))
	}
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
	t.lines(v.ByCountry, v.Country, t.byCountry)
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
		t.heading(title)
	}
	cols := []column{{title: first}, {title: v.Stopped, right: true}, {title: v.Alerted, right: true, optional: true},
		{title: v.Watching, right: true, optional: true}, {title: v.Kept, right: true}, {title: v.OfCalls, right: true, optional: true}}
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
	t.table(cols, rows, shares)
}

// weight is what a bar shows: money kept, and where there is none at all the calls told.
func weight(t *tally) float64 { return t.kept().Float() + float64(t.told())/1000 }

// timeline is a line of little columns, one a day or week, of the calls told.
func (t *board) timeline() {
	v := t.v
	t.heading(v.ByDay)
	values := make([]float64, len(t.stretches))
	for i := range t.stretches {
		values[i] = float64(t.stretches[i].told())
	}
	room := t.width - 2
	if len(values) > room { // older ones go together so that the whole time is seen
		step := (len(values) + room - 1) / room
		packed := make([]float64, (len(values)+step-1)/step)
		for i, n := range values {
			packed[i/step] += n
		}
		values = packed
	}
	t.line("  " + t.tint(yellow, spark(values)))
	if n := len(t.stretches); n > 0 {
		t.paragraph(2, faint, fmt.Sprintf(v.Sparks, v.shortDay(t.stretches[0].from), v.shortDay(t.stretches[n-1].from), t.unit()))
	}
}

// calibration is the table of probabilities.
func (t *board) calibration() {
	v := t.v
	t.heading(v.Calibration)
	known := int64(0)
	for i := range t.bins {
		known += t.bins[i].known
	}
	cols := []column{{title: v.Probability}, {title: v.Calls, right: true}, {title: v.Expected, right: true}}
	if known > 0 {
		cols = append(cols, column{title: v.Known, right: true, optional: true}, column{title: v.Confirmed, right: true})
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
	t.table(cols, rows, nil)
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
	t.heading(v.Safety)
	ink := plain
	if t.emergency.refused > 0 {
		ink = grave
	}
	t.paragraph(2, ink, capital(t.safetyShort())+".")
	if s := t.social; s.passed+s.refused > 0 {
		t.paragraph(2, plain, capital(fmt.Sprintf(v.Social, v.count(s.passed), v.count(s.refused)))+".")
	}
}

// reading is how the records were read.
func (t *board) reading() {
	r := &t.Summary.reading
	if r.Rows == 0 && r.Files == 0 {
		return
	}
	t.heading(t.v.Reading)
	t.paragraph(2, plain, t.readSentence())
	t.paragraph(2, inkIf(r.Rejected > 0, yellow), t.rejectedSentence())
	t.paragraph(2, plain, t.lateSentence())
}

func inkIf(yes bool, c paint) paint {
	if yes {
		return c
	}
	return plain
}

// inkOf is the colour of a decision.
func inkOf(w belwacht.Word) paint {
	switch w {
	case belwacht.Refuse, belwacht.EndNow:
		return grave
	case belwacht.Warn:
		return yellow
	case belwacht.Watch:
		return blue
	}
	return plain
}

// pad puts a text at the right of a width.
func pad(s string, width int) string { return strings.Repeat(" ", max(width-columns(s), 0)) + s }

// capital makes the first letter a capital one.
func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// price is a price a minute, with the word estimate where no rate deck says it.
func (v *voice) price(p belwacht.Price) string {
	s := v.money(p.PerMinute) + " " + v.PerMinute
	if p.Estimate {
		s += " (" + v.Estimate + ")"
	}
	return s
}
