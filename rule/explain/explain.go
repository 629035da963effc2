// Package explain says why: it writes the trace of a decision and its one plain sentence, in English and in Dutch, from what the decision was made on.
//
// Words take longer than judging, and most decisions are read by nobody, so Facts are kept with a decision and written when it is read (Tell).
package explain

import (
	"fmt"
	"math"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/text"
)

// Facts are what a decision was made on. They implement belwacht.Teller; whoever fills them in no longer changes them.
type Facts struct {
	View     rule.View
	Rules    *rule.Set
	Prior    float64 // bits
	Mode     belwacht.Mode
	Currency string // ISO 4217; "" = EUR
	Account  string // whose call it is
	Root     string // who began it
	Number   string // as it is shown
	Word     belwacht.Word
	Cause    string
	Detail   string // of a limit: what was reached
	Refused  bool   // the decision was carried out, not only said
	// Probability of fraud, and the money at risk.
	Probability float64
	AtRisk      belwacht.Money
	Loss        belwacht.Money // of letting it go, if it is fraud
	Near        Near

	// Of a decision by evidence.
	Judged bool
	Pieces []rule.Piece // strongest first
	Would  float32      // bits with those of rules in monitor,
	Differ bool         // where they are others than the bits that count
}

// Near is the limit that a warning tells of; its zero value is none.
type Near struct {
	Of      string // the cause that the limit would refuse with, or bill
	Percent int    // of the limit that is used, or of the usual bill that is forecast
}

// Shown is what is shown of a piece's bits.
func Shown(bits float32) float32 { return float32(Round(float64(bits), 2)) }

// Spoke are the rules that spoke for fraud, strongest first.
func (t *Facts) Spoke() []string {
	names := make([]string, 0, len(t.Pieces))
	for i := range t.Pieces {
		if p := &t.Pieces[i]; p.Counted && !p.Paired && Shown(p.Bits) > 0 {
			names = append(names, t.Rules.Rules()[p.Rule].Name)
		}
	}
	return names
}

// Tell implements belwacht.Teller.
func (t *Facts) Tell(dec *belwacht.Decision) {
	v := &t.View
	tr := &belwacht.Trace{RuleSet: t.Rules.Hash(), PriorBits: Round(t.Prior, 2), Dialled: text.Clean(v.Number.Dialled, 64), Country: v.Number.Country.String(),
		Class: v.Class.String(), PerMinute: v.Price.PerMinute.Float(), Estimate: v.Price.Estimate, Direction: v.Direction.String(), Lineage: v.Lineage.String(),
		HistoryDays: int(v.Own.Days), HistoryN: int(v.Own.Calls), Mode: t.Mode.String(), Talked: int64(v.Values.Elapsed), Loss: Round(t.Loss.Float(), 2)}
	if t.Root != t.Account {
		tr.Root = text.Clean(t.Root, 64)
	}
	if v.Judged != v.Number.E164 {
		tr.Target = v.Number.Target.String()
	}
	if t.Judged {
		if t.Differ {
			tr.WouldBits = Round(tr.PriorBits+float64(t.Would), 2)
		}
		tr.Evidence = t.evidence()
	}
	dec.Trace = tr
	dec.Reason, dec.ReasonNL = t.sentence(tr, text.English), t.sentence(tr, text.Dutch)
}

// evidence lists the verdict's pieces with their clauses.
func (t *Facts) evidence() []belwacht.Evidence {
	rules := t.Rules.Rules()
	list := make([]belwacht.Evidence, 0, len(t.Pieces))
	for _, p := range t.Pieces {
		r := &rules[p.Rule]
		e := belwacht.Evidence{Rule: r.Name, Family: r.Family, Bits: Shown(p.Bits), Value: p.Value, Usual: p.Usual, Counted: p.Counted,
			English: t.fill(r.English, text.English, p.Value, p.Usual), Dutch: t.fill(r.Dutch, text.Dutch, p.Value, p.Usual)}
		if p.Paired {
			e.With = rules[p.With].Name
			e.English, e.Dutch = t.paired(&p, e.English, text.English), t.paired(&p, e.Dutch, text.Dutch)
		}
		list = append(list, e)
	}
	return list
}

// paired says that a rule, of which said is the clause, and another one say more together than apart, or speak for ordinary life.
func (t *Facts) paired(p *rule.Piece, said string, lang text.Language) string {
	with, other := &t.Rules.Rules()[p.With], ""
	for i := range t.Pieces {
		if o := &t.Pieces[i]; o.Rule == p.With && !o.Paired {
			clause := with.English
			if lang == text.Dutch {
				clause = with.Dutch
			}
			other = t.fill(clause, lang, o.Value, o.Usual)
		}
	}
	switch {
	case lang == text.Dutch && p.Bits < 0:
		return "samen zijn deze twee vaker gewoon leven: " + said + "; " + other
	case lang == text.Dutch:
		return "samen zeggen deze twee meer dan los: " + said + "; " + other
	case p.Bits < 0:
		return "together these two are more often ordinary life: " + said + "; " + other
	}
	return "together these two say more than each alone: " + said + "; " + other
}

// fill puts what is known into a rule's clause; braces with anything else in them stay as they are.
func (t *Facts) fill(clause string, lang text.Language, value, usual float32) string {
	var room [192]byte
	b := room[:0]
	for {
		open := strings.IndexByte(clause, '{')
		if open < 0 {
			break
		}
		b, clause = append(b, clause[:open]...), clause[open:]
		shut := strings.IndexByte(clause, '}')
		if shut < 0 {
			break
		}
		said, known := t.placeholder(clause[1:shut], lang, value, usual)
		if !known {
			b, clause = append(b, '{'), clause[1:]
			continue
		}
		b, clause = append(b, said...), clause[shut+1:]
	}
	if len(b) == 0 {
		return clause
	}
	return string(append(b, clause...))
}

// placeholder is what stands for a word in braces of a rule's clause.
func (t *Facts) placeholder(word string, lang text.Language, value, usual float32) (string, bool) {
	v, dutch := &t.View, lang == text.Dutch
	switch word {
	case "account":
		if dutch {
			return "toestel " + text.Clean(t.Account, 64), true
		}
		return "extension " + text.Clean(t.Account, 64), true
	case "country":
		return place(v, lang), true
	case "value":
		return figure(lang, value), true
	case "usual":
		return figure(lang, usual), true
	case "others":
		switch {
		case v.House.CountryN > 0 && dutch:
			return "anderen hier wel", true
		case v.House.CountryN > 0:
			return "others here did", true
		case dutch:
			return "niemand hier deed dat", true
		}
		return "nobody here did", true
	case "calls":
		return figure(lang, v.Own.Calls), true
	case "price":
		return text.Money(lang, v.Price.PerMinute, t.Currency), true
	case "target":
		return v.Number.Target.String(), true
	case "number":
		return v.Judged.String(), true
	}
	return "", false
}

// place names where a number leads.
func place(v *rule.View, lang text.Language) string {
	switch {
	case v.Number.Network != "":
		return v.Number.Network
	case v.Country == rule.Services():
		return map[text.Language]string{text.English: "paid numbers in ", text.Dutch: "betaalde nummers in "}[lang] + text.Country(lang, v.Number.Country)
	case v.Country.Index() != 0:
		return text.Country(lang, v.Country)
	case lang == text.Dutch:
		return "deze bestemming"
	}
	return "this destination"
}

// figure is a rule's value: whole from ten on, with one decimal below where it has one.
func figure(lang text.Language, f float32) string {
	if f >= count.Never || f != f {
		return "-"
	}
	if f >= 10 || f <= -10 || f == float32(int(f)) {
		return text.Count(lang, int64(math.Round(float64(f))))
	}
	return text.Decimal(lang, float64(f), 1)
}

// sentence says a decision in one plain sentence.
func (t *Facts) sentence(tr *belwacht.Trace, lang text.Language) string {
	v := &t.View
	var b strings.Builder
	if v.Scope == rule.Inbound { // a sign that is no call of ours: nothing was let through, and nothing is at risk
		return text.Look(lang) + ": " + strings.Join(t.clauses(tr, lang), "; ") + "."
	}
	b.WriteString(text.Word(lang, t.Word, t.Refused))
	fmt.Fprintf(&b, ": %s", t.Number)
	if v.Price.PerMinute > 0 {
		fmt.Fprintf(&b, " (%s, %s/min%s)", place(v, lang), text.Money(lang, v.Price.PerMinute, t.Currency), map[bool]string{true: text.Estimated(lang)}[v.Price.Estimate])
	}
	b.WriteString(". ")
	c := text.Cause(lang, t.Cause)
	if t.Near.Of != "" {
		c = text.Near(lang, t.Near.Of, t.Near.Percent)
	}
	if c != "" {
		b.WriteString(c)
		if t.Detail != "" {
			fmt.Fprintf(&b, " (%s)", text.Clean(text.Scope(lang, t.Detail), 64))
		}
		b.WriteString(".")
		if len(tr.Evidence) == 0 {
			return b.String()
		}
		b.WriteString(" ")
	}
	clauses := t.clauses(tr, lang)
	if len(clauses) > 0 {
		joined := strings.Join(clauses, "; ")
		b.WriteString(text.Capital(joined) + ". ")
	}
	b.WriteString(text.Odds(lang, t.Probability, t.AtRisk, t.Currency, v.Own.Days, v.Own.Calls))
	return b.String()
}

// clauses are what spoke for fraud, the strongest four.
func (t *Facts) clauses(tr *belwacht.Trace, lang text.Language) []string {
	var clauses []string
	for i := range tr.Evidence {
		if e := &tr.Evidence[i]; e.Counted && e.With == "" && e.Bits > 0 && len(clauses) < 4 {
			clauses = append(clauses, map[text.Language]string{text.English: e.English, text.Dutch: e.Dutch}[lang])
		}
	}
	return clauses
}

// Round is f to so many decimals.
func Round(f float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(f*p) / p
}
