package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// Explain writes one decision in full: the sentence, who called what, every observation with its bits, how they add up to a
// probability, and what it would have taken to decide otherwise. Nothing is judged again: it prints what the trace kept.
func (t Terminal) Explain(w io.Writer, d *belwacht.Decision) error {
	width := t.Width
	if width <= 0 {
		width = 80
	}
	e := explanation{newPrinter(w, width, t.Colour), newVoice(t.Language, t.Currency, t.Zone, false), d, t.RefuseCost}
	done := e.v.Carried
	if !d.Enforced {
		done = e.v.Said
	}
	title := e.tint(inkOf(d.Word), capital(e.v.word(d.Word)))
	if d.Word >= belwacht.Refuse {
		title += " (" + done + ")"
	}
	e.line(title)
	e.rule()
	e.paragraph(0, plain, e.v.reason(d))
	e.w.WriteByte('\n')
	e.facts()
	if d.Trace != nil {
		e.evidence(d.Trace)
	}
	return e.w.Flush()
}

// explanation writes the parts of one decision.
type explanation struct {
	*printer
	v      *voice
	d      *belwacht.Decision
	refuse belwacht.Money
}

// fact writes a name and its value, nothing where there is no value; a long value goes on below itself.
func (e *explanation) fact(name, value string) {
	const indent, label = 2, 16
	if value == "" {
		return
	}
	for i, l := range wrap(value, max(e.width-indent-label-1, 20)) {
		if i > 0 {
			name = ""
		}
		e.line("  " + e.tint(faint, left(snip(name, label), label)) + " " + l)
	}
}

// facts are who called what, when and at which price.
func (e *explanation) facts() {
	v, d := e.v, e.d
	when := d.Time.Time().In(v.zone)
	e.fact(v.When, v.Weekdays[(int(when.Weekday())+6)%7]+" "+v.day(when)+when.Format(" 15:04:05 MST"))
	who := d.Account
	if d.Tenant != "" {
		who = d.Tenant + "/" + who
	}
	e.fact(v.Who, v.clean(who))
	tr := d.Trace
	if tr == nil {
		tr = &belwacht.Trace{}
	}
	if tr.Root != "" && tr.Root != d.Account {
		e.fact(v.Root, v.clean(tr.Root)+v.lineage(tr.Lineage))
	}
	e.fact(v.Number, e.number(tr))
	if tr.Class != belwacht.ClassSocial.String() {
		e.fact(v.Target, v.clean(tr.Target))
	}
	if tr.PerMinute > 0 {
		e.fact(v.Price, v.price(belwacht.Price{PerMinute: moneyOf(tr.PerMinute), Estimate: tr.Estimate}))
	}
	if d.AtRisk > 0 {
		e.fact(v.Money, v.money(moneyOf(d.AtRisk))+" "+v.AtRisk)
	}
	if d.MaxSeconds > 0 {
		e.fact(v.MaxSeconds, v.seconds(d.MaxSeconds))
	}
	if tr.Talked > 0 {
		e.fact(v.Talked, v.seconds(tr.Talked))
	}
	e.fact(v.Cause, v.clean(d.Cause))
	if tr.HistoryDays > 0 || tr.HistoryN > 0 {
		e.fact("", fmt.Sprintf(v.History, v.count(int64(tr.HistoryDays)), v.count(int64(tr.HistoryN))))
	}
	var mode belwacht.Mode
	if mode.UnmarshalText([]byte(tr.Mode)) == nil {
		e.fact(v.Mode, v.mode(mode))
	}
	e.fact(v.RuleSet, v.clean(tr.RuleSet))
	e.fact(v.Reference, v.clean(d.Reference))
	e.fact(v.ID, v.clean(d.ID))
	if tr.Degraded {
		e.paragraph(2, yellow, v.Degraded)
	}
}

// number is what was called, as dialled where that differs, with country and class.
func (e *explanation) number(tr *belwacht.Trace) string {
	v := e.v
	class, ok := belwacht.ParseClass(tr.Class)
	if class == belwacht.ClassSocial {
		return v.Helpline
	}
	s := v.clean(e.d.Number)
	if tr.Dialled != "" && tr.Dialled != e.d.Number {
		s += " (" + v.clean(tr.Dialled) + ")"
	}
	if c, known := belwacht.ParseCountry(tr.Country); known {
		s += ", " + v.country(c, "")
	}
	if ok && tr.Class != "" {
		s += ", " + v.className(class)
	}
	return s
}

// lineage is ", forwarded" and the like, from the word of the trace.
func (v *voice) lineage(word string) string {
	switch word {
	case belwacht.Forwarded.String():
		return ", " + v.Forwarded
	case belwacht.Transferred.String():
		return ", " + v.Transferred
	case belwacht.Trunked.String():
		return ", " + v.Trunked
	}
	return ""
}

// maxEvidence is how many observations of one decision are shown; a rule set has fewer rules.
const maxEvidence = 100

// evidence is the sum: prior, observations, score, probability.
func (e *explanation) evidence(tr *belwacht.Trace) {
	v, d := e.v, e.d
	all := tr.Evidence[:min(len(tr.Evidence), maxEvidence)]
	if len(all) == 0 {
		e.w.WriteByte('\n')
		e.paragraph(0, plain, fmt.Sprintf(v.WithoutNone, v.clean(d.Cause)))
		return
	}
	e.heading(v.Evidence)
	e.sum(tr.PriorBits, faint, v.Prior)
	strongest := -1
	for i := range all {
		o := &all[i]
		ink, note := plain, ""
		if !o.Counted {
			ink, note = faint, " ("+v.NotCounted+")"
		} else if strongest < 0 || o.Bits > all[strongest].Bits {
			strongest = i
		}
		e.sum(float64(o.Bits), ink, v.observation(o)+note)
	}
	e.sum(d.ScoreBits, bold, v.Score+": "+v.Probability+" "+v.percent(d.Probability))
	if tr.WouldBits != 0 && tr.WouldBits != d.ScoreBits {
		e.sum(tr.WouldBits, faint, v.WouldBits+": "+v.percent(probability(tr.WouldBits)))
	}
	e.w.WriteByte('\n')
	if strongest >= 0 && all[strongest].Bits > 0 {
		o := &all[strongest]
		e.paragraph(0, plain, fmt.Sprintf(v.Without, v.clean(o.Rule), v.percent(probability(d.ScoreBits-float64(o.Bits)))))
	}
	if e.refuse > 0 && d.AtRisk > 0 {
		need := math.Log2(e.refuse.Float() / d.AtRisk)
		e.paragraph(0, plain, fmt.Sprintf(v.Needed, v.money(moneyOf(d.AtRisk)), v.money(e.refuse), v.percent(probability(need)), v.signed(need)))
	}
}

// sum writes one line of the sum: bits, a bar, and what they are for.
func (e *explanation) sum(bits float64, ink paint, what string) {
	const bar = 8
	c := red
	if bits < 0 {
		c = green
	}
	drawn := bars(math.Abs(bits)/16, bar)
	head := "  " + e.tint(ink, pad(e.v.signed(bits), 7)) + "  " + e.tint(c, drawn) + strings.Repeat(" ", bar-columns(drawn)+2)
	room := e.width - columns(head)
	for i, l := range wrap(what, max(room, 20)) {
		if i > 0 {
			head = strings.Repeat(" ", columns(head))
		}
		e.line(head + e.tint(ink, l))
	}
}

// clause is an observation's clause, or its rule's name with what was seen and what is usual.
func (v *voice) clause(o *belwacht.Evidence) string {
	s := o.English
	if v.lang == text.Dutch && o.Dutch != "" || s == "" {
		s = o.Dutch
	}
	if s == "" {
		s = fmt.Sprintf("%s: %s %s, %s %s", o.Rule, v.Value, v.decimal(float64(o.Value), 1), v.UsualValue, v.decimal(float64(o.Usual), 1))
	}
	return s
}

// observation is an observation's clause with its family.
func (v *voice) observation(o *belwacht.Evidence) string {
	family := ""
	if int(o.Family) < len(v.Families) {
		family = " [" + v.Families[o.Family] + "]"
	}
	return v.prose(v.clause(o)) + family
}

// signed is a number of bits with its sign and one decimal; the minus is a real one.
func (v *voice) signed(bits float64) string {
	s := v.decimal(bits, 1)
	if strings.HasPrefix(s, "-") {
		return "−" + s[1:]
	}
	return "+" + s
}

// probability is P of a score in bits (DESIGN §4).
func probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }
