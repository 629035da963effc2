package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
)

// Explain writes one decision in full: the sentence, who called what, every observation with its bits, how they add up to a
// probability, and what it would have taken to decide otherwise. Nothing is judged again: it prints what the trace kept.
func (t Terminal) Explain(w io.Writer, d *belwacht.Decision) error {
	width := t.Width
	if width <= 0 {
		width = 80
	}
	e := explanation{terminal.NewPrinter(w, width, t.Colour), newVoice(t.Language, t.Currency, t.Zone, false), d, t.RefuseCost}
	done := e.v.pick("carried out", "uitgevoerd")
	if !d.Enforced {
		done = e.v.Said
	}
	title := e.Tint(inkOf(d.Word), text.Capital(e.v.word(d.Word)))
	if d.Word >= belwacht.Refuse {
		title += " (" + done + ")"
	}
	e.Line(title)
	e.Rule()
	e.Paragraph(0, terminal.Plain, e.v.reason(d))
	e.Blank()
	e.facts()
	if d.Trace != nil {
		e.evidence(d.Trace)
	}
	return e.Flush()
}

// explanation writes the parts of one decision.
type explanation struct {
	*terminal.Printer
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
	for i, l := range terminal.Wrap(value, max(e.Width()-indent-label-1, 20)) {
		if i > 0 {
			name = ""
		}
		e.Line("  " + e.Tint(terminal.Faint, terminal.Left(terminal.Snip(name, label), label)) + " " + l)
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
	e.fact(v.pick("account", "toestel"), v.clean(who))
	tr := d.Trace
	if tr == nil {
		tr = &belwacht.Trace{}
	}
	if tr.Root != "" && tr.Root != d.Account {
		e.fact(v.pick("begun by", "begonnen door"), v.clean(tr.Root)+v.lineage(tr.Lineage))
	}
	e.fact(v.Number, e.number(tr))
	if tr.Class != belwacht.ClassSocial.String() {
		e.fact(v.pick("hidden target", "verborgen doel"), v.clean(tr.Target))
	}
	if tr.PerMinute > 0 {
		e.fact(v.pick("price", "prijs"), v.price(belwacht.Price{PerMinute: moneyOf(tr.PerMinute), Estimate: tr.Estimate}))
	}
	if d.AtRisk > 0 {
		e.fact(v.Money, v.money(moneyOf(d.AtRisk))+" "+v.pick("at risk in ten minutes", "op het spel in tien minuten"))
	}
	if d.MaxSeconds > 0 {
		e.fact(v.pick("longest", "ten hoogste"), v.seconds(d.MaxSeconds))
	}
	if tr.Talked > 0 {
		e.fact(v.pick("talked so far", "al gesproken"), v.seconds(tr.Talked))
	}
	e.fact(v.Cause, v.clean(d.Cause)+why(v.lang, d.Cause))
	if tr.HistoryDays > 0 || tr.HistoryN > 0 {
		e.fact("", fmt.Sprintf(v.pick("%s days, %s calls known of the account",
			"%s dagen, %s gesprekken van het toestel bekend"), v.count(int64(tr.HistoryDays)), v.count(int64(tr.HistoryN))))
	}
	var mode belwacht.Mode
	if mode.UnmarshalText([]byte(tr.Mode)) == nil {
		e.fact(v.Mode, v.mode(mode))
	}
	e.fact(v.pick("rule set", "regels"), v.clean(tr.RuleSet))
	e.fact(v.pick("reference", "kenmerk"), v.clean(d.Reference))
	e.fact(v.pick("call", "gesprek"), v.clean(d.ID))
	if tr.Degraded {
		e.Paragraph(2, terminal.Yellow, v.pick("Part of the counters could not be reached; it was decided on what this node knew.",
			"Een deel van de tellers was niet bereikbaar; er is besloten op wat dit knooppunt wist."))
	}
}

// why is a cause's own words, nothing for a rule, whose words are its evidence.
func why(l text.Language, cause string) string {
	if says := text.Cause(l, cause); says != "" && !strings.HasPrefix(cause, "rule.") {
		return " (" + says + ")"
	}
	return ""
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
		return ", " + v.pick("forwarded", "doorgeschakeld")
	case belwacht.Transferred.String():
		return ", " + v.pick("transferred", "doorverbonden")
	case belwacht.Trunked.String():
		return ", " + v.pick("trunk to trunk", "van trunk naar trunk")
	}
	return ""
}

// weighty are the observations that weigh at least so many bits, at most so many of them; of the others only their number and sum.
func weighty(all []belwacht.Evidence, least float64, most int) (shown []belwacht.Evidence, rest int, bits float64) {
	for i := range all {
		if b := math.Abs(float64(all[i].Bits)); b >= least && len(shown) < most {
			shown = append(shown, all[i])
			continue
		}
		rest++
		if all[i].Counted {
			bits += float64(all[i].Bits)
		}
	}
	return shown, rest, bits
}

// lighter says that there were more observations.
func (v *voice) lighter(n int) string {
	return v.plural(int64(n), v.pick("more observation", "andere waarneming"), v.pick("more observations", "andere waarnemingen"))
}

// maxEvidence is how many observations of one decision are shown; a rule set has fewer rules.
const maxEvidence = 100

// evidence is the sum: prior, observations, score, probability.
func (e *explanation) evidence(tr *belwacht.Trace) {
	v, d := e.v, e.d
	byEvidence := d.ByEvidence()
	if len(tr.Evidence) == 0 || !byEvidence {
		e.Blank()
		e.Paragraph(0, terminal.Plain, fmt.Sprintf(v.pick("It was decided by %s: no evidence was needed.",
			"Het besluit kwam van %s: daar was geen aanwijzing voor nodig."), v.clean(d.Cause)))
	}
	if len(tr.Evidence) == 0 {
		return
	}
	all, rest, bits := weighty(tr.Evidence, 0.05, maxEvidence)
	e.Heading(v.Evidence)
	e.sum(tr.PriorBits, terminal.Faint, v.pick("before any evidence", "vóór elke aanwijzing"))
	strongest := -1
	for i := range all {
		o := &all[i]
		ink, note := terminal.Plain, ""
		if !o.Counted {
			ink, note = terminal.Faint, " ("+v.NotCounted+")"
		} else if o.With == "" && (strongest < 0 || o.Bits > all[strongest].Bits) {
			strongest = i
		}
		e.sum(float64(o.Bits), ink, v.observation(o)+note)
	}
	if rest > 0 {
		e.sum(bits, terminal.Faint, v.lighter(rest))
	}
	e.sum(d.ScoreBits, terminal.Bold, v.pick("together", "samen")+": "+v.Probability+" "+v.chance(d.Probability))
	if tr.WouldBits != 0 && tr.WouldBits != d.ScoreBits {
		e.sum(tr.WouldBits, terminal.Faint, v.pick("with rules in monitor", "met regels in monitorstand")+": "+v.chance(probability(tr.WouldBits)))
	}
	e.Blank()
	if strongest >= 0 && all[strongest].Bits > 0 && byEvidence {
		o := &all[strongest]
		e.Paragraph(0, terminal.Plain, fmt.Sprintf(v.pick("Without “%s” the probability would have been %s.",
			"Zonder ‘%s’ zou de kans %s zijn geweest."), v.clean(o.Rule), v.chance(probability(d.ScoreBits-float64(o.Bits)))))
	}
	loss := tr.Loss
	if loss == 0 { // of a decision from before losses were kept
		loss = d.AtRisk
	}
	if e.refuse > 0 && loss > 0 && byEvidence {
		need := math.Log2(e.refuse.Float() / loss)
		e.Paragraph(0, terminal.Plain, fmt.Sprintf(v.pick("Letting it go costs %s if it is fraud; with %s as the cost of a wrong refusal, a call is stopped from a probability of %s on (%s bits).",
			"Doorlaten kost %s als het fraude is; met %s als prijs van een onterechte weigering wordt een gesprek gestopt vanaf een kans van %s (%s bits)."),
			v.money(moneyOf(loss)), v.money(e.refuse), v.chance(probability(need)), v.signed(need)))
	}
}

// sum writes one line of the sum: bits, a bar, and what they are for.
func (e *explanation) sum(bits float64, ink terminal.Ink, what string) {
	const bar = 8
	c := terminal.Red
	if bits < 0 {
		c = terminal.Green
	}
	drawn := terminal.Bar(math.Abs(bits)/16, bar)
	head := "  " + e.Tint(ink, terminal.Right(e.v.signed(bits), 7)) + "  " + e.Tint(c, drawn) + strings.Repeat(" ", bar-terminal.Width(drawn)+2)
	room := e.Width() - terminal.Width(head)
	for i, l := range terminal.Wrap(what, max(room, 20)) {
		if i > 0 {
			head = strings.Repeat(" ", terminal.Width(head))
		}
		e.Line(head + e.Tint(ink, l))
	}
}

// clause is an observation's clause, or its rule's name with what was seen and what is usual.
func (v *voice) clause(o *belwacht.Evidence) string {
	s := o.English
	if v.lang == text.Dutch && o.Dutch != "" || s == "" {
		s = o.Dutch
	}
	if s == "" {
		s = fmt.Sprintf("%s: %s %s, %s %s", strings.TrimSuffix(o.Rule+" + "+o.With, " + "), v.pick("seen", "gezien"), v.decimal(float64(o.Value), 1), v.pick("usual", "gewoonlijk"), v.decimal(float64(o.Usual), 1))
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
