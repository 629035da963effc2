package detect

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/text"
)

// decision writes a decision down: its numbers, its trace and its sentences. It is called only for what is kept, never for a plain allow.
func (s *shard) decision(v *rule.View, call, account, root string, at belwacht.Instant, d *decided) belwacht.Decision {
	s.refs++
	n := v.Judged.String()
	if n == "" || v.Class == belwacht.ClassEmergency {
		n = text.Clean(v.Number.Dialled, 64)
	}
	if v.Number.Canonical != "" {
		n = v.Number.Canonical
	}
	dec := belwacht.Decision{Schema: belwacht.DecisionSchema, ID: call, Time: at, Tenant: s.tenant.Name, Account: account, Number: n, Word: d.word, Cause: d.cause,
		Enforced: d.enforced && d.word >= belwacht.Refuse, Reference: reference(s.refs, at), MaxSeconds: d.longest, ScoreBits: round(d.bits, 2),
		Probability: round(d.prob, 5), AtRisk: round(d.risk.Float(), 2)}
	t := &belwacht.Trace{RuleSet: s.engine.rules.Hash(), PriorBits: round(s.tenant.Policy.prior(v.Scope), 2), Dialled: text.Clean(v.Number.Dialled, 64), Country: v.Number.Country.String(),
		Class: v.Class.String(), PerMinute: v.Price.PerMinute.Float(), Estimate: v.Price.Estimate, Direction: v.Direction.String(), Lineage: v.Lineage.String(),
		HistoryDays: int(v.Own.Days), HistoryN: int(v.Own.Calls), Mode: s.tenant.Mode.String(), Talked: int64(v.Values.Elapsed)}
	if root != account {
		t.Root = text.Clean(root, 64)
	}
	if v.Judged != v.Number.E164 {
		t.Target = v.Number.Target.String()
	}
	if strings.HasPrefix(d.cause, "rule.") || d.cause == "brake.night" { // the verdict is this call's
		if s.verdict.Would != s.verdict.Bits {
			t.WouldBits = round(t.PriorBits+float64(s.verdict.Would), 2)
		}
		t.Evidence = s.evidence(v, account)
		for i := range t.Evidence {
			if t.Evidence[i].Counted && t.Evidence[i].Bits > 0 {
				dec.Rules = append(dec.Rules, t.Evidence[i].Rule)
			}
		}
	}
	if dec.Rules == nil {
		dec.Rules = []string{}
	}
	dec.Trace = t
	dec.Reason, dec.ReasonNL = s.sentence(v, &dec, d, text.English), s.sentence(v, &dec, d, text.Dutch)
	return dec
}

// evidence lists the verdict's pieces, strongest first, with their clauses.
func (s *shard) evidence(v *rule.View, account string) []belwacht.Evidence {
	rules := s.engine.rules.Rules()
	list := make([]belwacht.Evidence, 0, s.verdict.N)
	for _, p := range s.verdict.Pieces[:s.verdict.N] {
		r := &rules[p.Rule]
		list = append(list, belwacht.Evidence{Rule: r.Name, Family: r.Family, Bits: float32(round(float64(p.Bits), 2)), Value: p.Value, Usual: p.Usual, Counted: p.Counted,
			English: s.fill(r.English, text.English, v, account, p.Value, p.Usual), Dutch: s.fill(r.Dutch, text.Dutch, v, account, p.Value, p.Usual)})
	}
	sort.SliceStable(list, func(i, j int) bool { return math.Abs(float64(list[i].Bits)) > math.Abs(float64(list[j].Bits)) })
	return list
}

// fill puts what is known into a rule's clause; braces with anything else in them stay as they are.
func (s *shard) fill(clause string, lang text.Language, v *rule.View, account string, value, usual float32) string {
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
		said, known := s.placeholder(clause[1:shut], lang, v, account, value, usual)
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
func (s *shard) placeholder(word string, lang text.Language, v *rule.View, account string, value, usual float32) (string, bool) {
	dutch := lang == text.Dutch
	switch word {
	case "account":
		if dutch {
			return "toestel " + text.Clean(account, 64), true
		}
		return "extension " + text.Clean(account, 64), true
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
		return text.Money(lang, v.Price.PerMinute, s.tenant.Currency), true
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
func (s *shard) sentence(v *rule.View, dec *belwacht.Decision, d *decided, lang text.Language) string {
	var b strings.Builder
	b.WriteString(text.Word(lang, dec.Word, dec.Enforced))
	fmt.Fprintf(&b, ": %s", dec.Number)
	if v.Price.PerMinute > 0 {
		fmt.Fprintf(&b, " (%s, %s/min%s)", place(v, lang), text.Money(lang, v.Price.PerMinute, s.tenant.Currency), map[bool]string{true: text.Estimated(lang)}[v.Price.Estimate])
	}
	b.WriteString(". ")
	c := text.Cause(lang, d.cause)
	if d.cause == causeNear {
		c = text.Near(lang, s.notice.of, s.notice.percent)
	}
	if c != "" {
		b.WriteString(c)
		if d.detail != "" {
			fmt.Fprintf(&b, " (%s)", text.Clean(text.Scope(lang, d.detail), 64))
		}
		b.WriteString(".")
		if len(dec.Trace.Evidence) == 0 {
			return b.String()
		}
		b.WriteString(" ")
	}
	var clauses []string
	for i := range dec.Trace.Evidence {
		if e := &dec.Trace.Evidence[i]; e.Counted && e.Bits > 0 && len(clauses) < 4 {
			clauses = append(clauses, map[text.Language]string{text.English: e.English, text.Dutch: e.Dutch}[lang])
		}
	}
	if len(clauses) > 0 {
		joined := strings.Join(clauses, "; ")
		b.WriteString(capital(joined) + ". ")
	}
	b.WriteString(text.Odds(lang, d.prob, d.risk, s.tenant.Currency, v.Own.Days, v.Own.Calls))
	return b.String()
}
