package detect

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/text"
)

// decision writes a decision down: its numbers and which rules spoke. Its trace and sentences are written when somebody reads them. It is called only for
// what is kept, never for a plain allow.
func (s *shard) decision(v *rule.View, call, account, root string, at belwacht.Instant, d *decided) belwacht.Decision {
	s.refs++
	n := v.Judged.String()
	if n == "" || v.Class == belwacht.ClassEmergency {
		n = text.Clean(v.Number.Dialled, 64)
	}
	if v.Number.Canonical != "" {
		n = v.Number.Canonical
	}
	t := &untold{view: *v, number: n, tenant: s.tenant, rules: s.engine.rules, account: account, root: root, decided: *d, notice: s.notice}
	dec := belwacht.Decision{Schema: belwacht.DecisionSchema, ID: call, Time: at, Tenant: s.tenant.Name, Account: account, Number: n, Word: d.word, Cause: d.cause,
		Enforced: d.enforced && d.word >= belwacht.Refuse, Reference: reference(s.refs, at), MaxSeconds: d.longest, ScoreBits: round(d.bits, 2),
		Probability: round(d.prob, 5), AtRisk: round(d.risk.Float(), 2), Rules: []string{}, Untold: t}
	if strings.HasPrefix(d.cause, "rule.") || d.cause == "brake.night" { // the verdict is this call's
		t.judged, t.would = true, s.verdict.Would
		t.differs = s.verdict.Would != s.verdict.Bits
		t.pieces = slices.Clone(s.verdict.Pieces[:s.verdict.N])
		slices.SortStableFunc(t.pieces, func(a, b rule.Piece) int { return cmp.Compare(abs(shown(b.Bits)), abs(shown(a.Bits))) })
		dec.Rules = t.spoke()
	}
	return dec
}

// untold is what a decision's trace and sentences are written from.
type untold struct {
	view          rule.View
	tenant        *Tenant
	rules         *rule.Set
	pieces        []rule.Piece // strongest first
	account, root string
	number        string
	decided       decided
	notice        notice
	would         float32 // bits with those of rules in monitor
	judged        bool    // by evidence
	differs       bool    // would is another than the bits that count
}

// shown is what is shown of a piece's bits.
func shown(bits float32) float32 { return float32(round(float64(bits), 2)) }

func abs(f float32) float32 { return max(f, -f) }

// spoke are the rules that spoke for fraud, strongest first.
func (t *untold) spoke() []string {
	names := make([]string, 0, len(t.pieces))
	for i := range t.pieces {
		if p := &t.pieces[i]; p.Counted && shown(p.Bits) > 0 {
			names = append(names, t.rules.Rules()[p.Rule].Name)
		}
	}
	return names
}

// Tell implements belwacht.Teller.
func (t *untold) Tell(dec *belwacht.Decision) {
	v := &t.view
	tr := &belwacht.Trace{RuleSet: t.rules.Hash(), PriorBits: round(t.tenant.Policy.prior(v.Scope), 2), Dialled: text.Clean(v.Number.Dialled, 64), Country: v.Number.Country.String(),
		Class: v.Class.String(), PerMinute: v.Price.PerMinute.Float(), Estimate: v.Price.Estimate, Direction: v.Direction.String(), Lineage: v.Lineage.String(),
		HistoryDays: int(v.Own.Days), HistoryN: int(v.Own.Calls), Mode: t.tenant.Mode.String(), Talked: int64(v.Values.Elapsed)}
	if t.root != t.account {
		tr.Root = text.Clean(t.root, 64)
	}
	if v.Judged != v.Number.E164 {
		tr.Target = v.Number.Target.String()
	}
	if t.judged {
		if t.differs {
			tr.WouldBits = round(tr.PriorBits+float64(t.would), 2)
		}
		tr.Evidence = t.evidence()
	}
	dec.Trace = tr
	dec.Reason, dec.ReasonNL = t.sentence(tr, text.English), t.sentence(tr, text.Dutch)
}

// evidence lists the verdict's pieces with their clauses.
func (t *untold) evidence() []belwacht.Evidence {
	rules := t.rules.Rules()
	list := make([]belwacht.Evidence, 0, len(t.pieces))
	for _, p := range t.pieces {
		r := &rules[p.Rule]
		list = append(list, belwacht.Evidence{Rule: r.Name, Family: r.Family, Bits: shown(p.Bits), Value: p.Value, Usual: p.Usual, Counted: p.Counted,
			English: t.fill(r.English, text.English, p.Value, p.Usual), Dutch: t.fill(r.Dutch, text.Dutch, p.Value, p.Usual)})
	}
	return list
}

// fill puts what is known into a rule's clause; braces with anything else in them stay as they are.
func (t *untold) fill(clause string, lang text.Language, value, usual float32) string {
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
func (t *untold) placeholder(word string, lang text.Language, value, usual float32) (string, bool) {
	v, dutch := &t.view, lang == text.Dutch
	switch word {
	case "account":
		if dutch {
			return "toestel " + text.Clean(t.account, 64), true
		}
		return "extension " + text.Clean(t.account, 64), true
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
		return text.Money(lang, v.Price.PerMinute, t.tenant.Currency), true
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
	case v.Country == services:
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

// capital makes the first letter of a sentence great.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// reference is a code of six signs that are not mistaken for each other over the telephone.
func reference(n uint32, at belwacht.Instant) string {
	const signs = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	h := count.Mix(uint64(n)<<32 ^ uint64(at))
	var b [6]byte
	for i := range b {
		b[i] = signs[h&31]
		h >>= 5
	}
	return string(b[:])
}

func round(f float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(f*p) / p
}

// sentence says a decision in one plain sentence.
func (t *untold) sentence(tr *belwacht.Trace, lang text.Language) string {
	v, d := &t.view, &t.decided
	var b strings.Builder
	b.WriteString(text.Word(lang, d.word, d.enforced && d.word >= belwacht.Refuse))
	fmt.Fprintf(&b, ": %s", t.number)
	if v.Price.PerMinute > 0 {
		fmt.Fprintf(&b, " (%s, %s/min%s)", place(v, lang), text.Money(lang, v.Price.PerMinute, t.tenant.Currency), map[bool]string{true: text.Estimated(lang)}[v.Price.Estimate])
	}
	b.WriteString(". ")
	c := text.Cause(lang, d.cause)
	if d.cause == causeNear {
		c = text.Near(lang, t.notice.of, t.notice.percent)
	}
	if c != "" {
		b.WriteString(c)
		if d.detail != "" {
			fmt.Fprintf(&b, " (%s)", text.Clean(text.Scope(lang, d.detail), 64))
		}
		b.WriteString(".")
		if len(tr.Evidence) == 0 {
			return b.String()
		}
		b.WriteString(" ")
	}
	var clauses []string
	for i := range tr.Evidence {
		if e := &tr.Evidence[i]; e.Counted && e.Bits > 0 && len(clauses) < 4 {
			clauses = append(clauses, map[text.Language]string{text.English: e.English, text.Dutch: e.Dutch}[lang])
		}
	}
	if len(clauses) > 0 {
		joined := strings.Join(clauses, "; ")
		b.WriteString(capital(joined) + ". ")
	}
	b.WriteString(text.Odds(lang, d.prob, d.risk, t.tenant.Currency, v.Own.Days, v.Own.Calls))
	return b.String()
}
