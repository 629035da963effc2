package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/belwacht/belwacht"
)

// patternKey is what makes two calls the same story: who called, and where to. Ten calls worth a look should be ten stories, not
// the first ten of one attack's eighty calls.
type patternKey struct {
	account account
	country belwacht.Country
	costly  bool // premium, satellite …: apart from a country's ordinary numbers
	network string
}

// pattern is one story: its most telling call, and how many more there are like it.
type pattern struct {
	tally
	worth    float64           // of the call that is kept
	story    float64           // of all calls together, set when the stories are sorted
	decision belwacht.Decision // a copy, with its trace
	country  belwacht.Country
	class    belwacht.Class
	network  string
	lineage  belwacht.Lineage
	price    belwacht.Price
	talk     int64 // seconds, of the telling call
	cost     belwacht.Money
}

// patterns keeps the stories most worth a look. When it is full the least worthy half is thrown away, so that an addition costs a
// look-up and now and then a sort.
type patterns struct {
	rows  map[patternKey]*pattern
	bound int
	gone  int64 // stories thrown away
}

func newPatterns(bound int) patterns {
	return patterns{rows: make(map[patternKey]*pattern), bound: bound}
}

// add counts a call above allow under its story.
func (p *patterns) add(o *belwacht.Outcome, d *belwacht.Decision, saved, would belwacht.Money, w belwacht.Word) {
	n := &o.Number
	key := patternKey{account{cut(o.Call.Tenant), cut(o.Call.Account)}, n.Country, n.Class.Costly(), cut(n.Network)}
	r := p.rows[key]
	if r == nil {
		if len(p.rows) >= p.bound {
			p.shrink()
		}
		r = new(pattern)
		key.account, key.network = cloneAccount(key.account), strings.Clone(key.network)
		p.rows[key] = r
	}
	r.tally.add(o.Cost, saved, would, w)
	if v := worth(d, max(saved, would, o.Cost)); r.calls == 1 || v > r.worth {
		r.worth, r.decision = v, clone(d)
		r.country, r.class, r.network, r.lineage = n.Country, n.Class, key.network, o.Call.Lineage
		r.price, r.talk, r.cost = n.Price, o.Call.Talk, o.Cost
	}
}

// worth says how much a call deserves a person's look: what is told comes before what is only watched, and within each the money
// that is likely to be lost to fraud, a cent at least so that cheap probes are sorted by their probability.
func worth(d *belwacht.Decision, money belwacht.Money) float64 {
	v := d.Probability * max(money.Float(), d.AtRisk, 0.01)
	if !(v >= 0) { // no number sorts with no number, and a table of them could not be halved
		v = 0
	}
	if d.Word >= belwacht.Warn {
		v += 1e9
	}
	return v
}

// shrink throws the least worthy half away.
func (p *patterns) shrink() {
	all := make([]float64, 0, len(p.rows))
	for _, r := range p.rows {
		all = append(all, r.worth)
	}
	slices.Sort(all)
	middle := all[len(all)/2]
	for k, r := range p.rows {
		if r.worth <= middle {
			delete(p.rows, k)
			p.gone++
		}
	}
}

// top returns the n stories most worth a look, the worthiest first; equals in the order of time and account.
func (p *patterns) top(n int) []*pattern {
	all := make([]*pattern, 0, len(p.rows))
	for _, r := range p.rows {
		r.story = worth(&r.decision, max(r.tally.cost, r.kept()))
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *pattern) int {
		return cmp.Or(cmp.Compare(b.story, a.story), cmp.Compare(a.decision.Time, b.decision.Time),
			cmp.Compare(a.decision.Account, b.decision.Account), cmp.Compare(a.decision.ID, b.decision.ID))
	})
	return all[:min(n, len(all))]
}

// clone copies a decision so that it no longer shares memory with the engine.
func clone(d *belwacht.Decision) belwacht.Decision {
	c := *d
	c.Rules = slices.Clone(d.Rules)
	if d.Trace != nil {
		t := *d.Trace
		t.Evidence = slices.Clone(t.Evidence)
		c.Trace = &t
	}
	return c
}
