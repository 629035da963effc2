package detect

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/alert"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/explain"
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
	t := &explain.Facts{View: *v, Number: n, Rules: s.rules, Prior: s.tenant.Policy.prior(v.Scope), Mode: s.tenant.Mode, Currency: s.tenant.Currency, Account: account,
		Root: root, Word: d.word, Cause: d.cause, Detail: d.detail, Refused: d.enforced && d.word >= belwacht.Refuse, Probability: d.prob, AtRisk: d.risk, Loss: d.loss}
	if d.cause == causeNear {
		t.Near = explain.Near{Of: s.notice.of, Percent: s.notice.percent}
	}
	dec := belwacht.Decision{Schema: belwacht.DecisionSchema, ID: call, Time: at, Tenant: s.tenant.Name, Account: account, Number: n, Word: d.word, Cause: d.cause,
		Enforced: t.Refused, Reference: alert.Reference(s.refs, at), MaxSeconds: d.longest, ScoreBits: explain.Round(d.bits, 2),
		Probability: explain.Round(d.prob, 5), AtRisk: explain.Round(d.risk.Float(), 2), Rules: []string{}, Untold: t}
	if strings.HasPrefix(d.cause, "rule.") || d.cause == "brake.night" { // the verdict is this call's
		t.Judged, t.Would = true, s.verdict.Would
		t.Differ = s.verdict.Would != s.verdict.Bits
		t.Pieces = slices.Clone(s.verdict.Pieces[:s.verdict.N])
		slices.SortStableFunc(t.Pieces, func(a, b rule.Piece) int {
			return cmp.Compare(math.Abs(float64(explain.Shown(b.Bits))), math.Abs(float64(explain.Shown(a.Bits))))
		})
		dec.Rules = t.Spoke()
	}
	return dec
}

// alarm puts a decision into its alert; warnings of limits stand alone, by what they say.
func (s *shard) alarm(d *belwacht.Decision, day int32) {
	own := ""
	if d.Cause == causeNear {
		d.Tell()
		own = d.Reason
	}
	s.alerts.Add(d, day, own)
}

// Alerts are the alerts so far, oldest first, of all tenants.
func (e *Engine) Alerts() []belwacht.Alert {
	var all []belwacht.Alert
	for _, s := range e.order {
		s.mu.Lock()
		all = append(all, s.alerts.All()...)
		s.mu.Unlock()
	}
	return all
}
