package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/belwacht/belwacht"
)

// kinds are destinations of which a search finds some.
func kinds(i int) *belwacht.PastCall {
	c := call(i)
	to := []struct {
		digits  string
		country belwacht.Country
		class   belwacht.Class
		cost    belwacht.Money
	}{{"31201230000", belwacht.Country{'N', 'L'}, belwacht.ClassGeographic, 20_000}, {"31612345678", belwacht.Country{'N', 'L'}, belwacht.ClassMobile, 90_000},
		{"252610000001", belwacht.Country{'S', 'O'}, belwacht.ClassMobile, 15 * belwacht.Unit}, {"88213000001", belwacht.Country{}, belwacht.ClassNetwork, 200 * belwacht.Unit},
		{"31900123456", belwacht.Country{'N', 'L'}, belwacht.ClassPremium, 2 * belwacht.Unit}}[[]int{0, 0, 1, 0, 1, 0, 0, 2, 1, 0, 0, 4, 0, 1, 0, 0, 3}[i%17]]
	c.Number, _ = belwacht.ParseE164(to.digits)
	c.Country, c.Class, c.Cost, c.Spent, c.Word = to.country, to.class, to.cost, to.cost, belwacht.Allow
	if i%7 == 0 {
		c.Direction = belwacht.In
	}
	if to.cost > belwacht.Unit {
		c.Word, c.Cause, c.Enforced, c.Spent = belwacht.Refuse, "rule.new-country", i%2 == 0, 0
	}
	return c
}

// searches tries every way to look for calls, alone and with others.
func searches(t *testing.T, s *suite) {
	const n = 300
	var want []belwacht.PastCall
	for i := range n {
		s.PutCall(kinds(i))
		want = append(want, *kinds(i))
	}
	s.sync(t)
	slices.Reverse(want)
	some, _ := belwacht.ParseE164("31")
	nine, _ := belwacht.ParseE164("8821")
	abroad, _ := belwacht.ParseE164("252610000001")
	nl, so := belwacht.Country{'N', 'L'}, belwacht.Country{'S', 'O'}
	filters := []struct {
		name string
		set  func(*belwacht.CallQuery)
		is   func(*belwacht.PastCall) bool
	}{
		{"account", func(q *belwacht.CallQuery) { q.Account = "203" }, func(c *belwacht.PastCall) bool { return c.Account == "203" }},
		{"number", func(q *belwacht.CallQuery) { q.Number = abroad }, func(c *belwacht.PastCall) bool { return c.Number == abroad }},
		{"prefix", func(q *belwacht.CallQuery) { q.Prefix = some }, func(c *belwacht.PastCall) bool { return c.Number.HasPrefix(some) }},
		{"prefix of a network", func(q *belwacht.CallQuery) { q.Prefix = nine }, func(c *belwacht.PastCall) bool { return c.Number.HasPrefix(nine) }},
		{"country", func(q *belwacht.CallQuery) { q.Country = so }, func(c *belwacht.PastCall) bool { return c.Country == so }},
		{"home", func(q *belwacht.CallQuery) { q.Country = nl }, func(c *belwacht.PastCall) bool { return c.Country == nl }},
		{"class", func(q *belwacht.CallQuery) { q.Class = belwacht.ClassPremium }, func(c *belwacht.PastCall) bool { return c.Class == belwacht.ClassPremium }},
		{"usual class", func(q *belwacht.CallQuery) { q.Class = belwacht.ClassMobile }, func(c *belwacht.PastCall) bool { return c.Class == belwacht.ClassMobile }},
		{"word", func(q *belwacht.CallQuery) { q.Word = belwacht.Refuse }, func(c *belwacht.PastCall) bool { return c.Word == belwacht.Refuse }},
		{"cheap", func(q *belwacht.CallQuery) { q.Least = 50_000 }, func(c *belwacht.PastCall) bool { return c.Cost >= 50_000 }},
		{"one", func(q *belwacht.CallQuery) { q.Least = belwacht.Unit }, func(c *belwacht.PastCall) bool { return c.Cost >= belwacht.Unit }},
		{"twelve", func(q *belwacht.CallQuery) { q.Least = 12 * belwacht.Unit }, func(c *belwacht.PastCall) bool { return c.Cost >= 12*belwacht.Unit }},
		{"dear", func(q *belwacht.CallQuery) { q.Least = 150 * belwacht.Unit }, func(c *belwacht.PastCall) bool { return c.Cost >= 150*belwacht.Unit }},
		{"way", func(q *belwacht.CallQuery) { q.Direction = belwacht.In }, func(c *belwacht.PastCall) bool { return c.Direction == belwacht.In }},
		{"time", func(q *belwacht.CallQuery) { q.From, q.Until = start+belwacht.Minute, start+3*belwacht.Minute },
			func(c *belwacht.PastCall) bool {
				return c.Start >= start+belwacht.Minute && c.Start < start+3*belwacht.Minute
			}},
	}
	for i, a := range filters {
		for _, b := range filters[i:] {
			name := a.name + " and " + b.name
			q := belwacht.CallQuery{Tenant: "oak"}
			b.set(&q)
			a.set(&q) // of two prefixes and the like the first
			matches := slices.DeleteFunc(slices.Clone(want), func(c belwacht.PastCall) bool {
				same := belwacht.CallQuery{Tenant: "oak"}
				b.set(&same)
				a.set(&same)
				both := belwacht.CallQuery{Tenant: "oak"}
				a.set(&both)
				b.set(&both)
				return !a.is(&c) || same == both && !b.is(&c)
			})
			var got []belwacht.PastCall
			for p := (belwacht.Page{Most: 7}); ; {
				q.Page = p
				rows, next, err := s.Calls(t.Context(), &q)
				ok(t, err)
				if got = append(got, rows...); next.IsZero() {
					break
				}
				p.After = next
			}
			if len(got)+len(matches) > 0 {
				same(t, name, got, matches)
			}
		}
	}
}

// log pages through events by kind.
func log(t *testing.T, s *suite) {
	var want []string
	for i := range 40 {
		e := event(i)
		p := s.AppendEvent(e)
		if e.Kind == belwacht.EventAuthFailure {
			want = append([]string{fmt.Sprint(p)}, want...)
		}
	}
	other := event(1)
	other.Tenant = "elm"
	s.AppendEvent(other)
	s.sync(t)
	read := func(kind belwacht.EventKind) []belwacht.PastEvent {
		return walk(t, 3, func(p belwacht.Page) ([]belwacht.PastEvent, belwacht.Cursor, error) {
			return s.Events(t.Context(), &belwacht.EventQuery{Tenant: "oak", Kind: kind, Page: p})
		})
	}
	if all, ends := read(0), read(belwacht.EventEnd); len(all) != 40 || len(ends) != 10 || all[0].Position != 40 || all[39].Position != 1 {
		t.Errorf("%d events, %d ends, %+v", len(all), len(ends), all[0])
	}
	var got []string
	for _, e := range read(belwacht.EventAuthFailure) {
		got = append(got, fmt.Sprint(e.Position))
	}
	same(t, "log-ins that failed", got, want)
	some, _, err := s.Events(t.Context(), &belwacht.EventQuery{Tenant: "oak", From: start + 2*belwacht.Second, Until: start + 3*belwacht.Second})
	ok(t, err)
	if len(some) != 3 {
		t.Errorf("%d events of one second", len(some))
	}
}

// lastHour finds by code, by account and by number.
func lastHour(t *testing.T, s *suite) {
	number, _ := belwacht.ParseE164("+4420794601999")
	old, fresh := call(1), call(7200)
	old.Number, fresh.Number, fresh.Account, fresh.Word = number, number, "277", belwacht.Refuse
	s.PutCall(old)
	s.PutCall(fresh)
	d := decision(7200)
	d.ID, d.Account, d.Reference = fresh.ID, "277", "K7X2"
	s.AddDecision(d)
	past := decision(1)
	past.Account = "277"
	s.AddDecision(past)
	s.sync(t)
	at := fresh.Start + belwacht.Minute
	for name, c := range map[string]struct {
		what             string
		number           belwacht.E164
		at               belwacht.Instant
		calls, decisions int
	}{
		"code": {" k7x2", 0, at, 1, 1}, "code, later": {"K7X2", 0, at + belwacht.Week, 1, 1}, "account": {"277", 0, at, 1, 1}, "account, later": {"277", 0, at + belwacht.Day, 0, 0},
		"number": {"+4420794601999", number, at, 1, 1}, "nobody": {"999", 0, at, 0, 0}, "nothing": {"", 0, at, 0, 0},
	} {
		h, err := s.LastHour(t.Context(), "oak", c.what, c.number, c.at)
		ok(t, err)
		if len(h.Calls) != c.calls || len(h.Decisions) != c.decisions {
			t.Errorf("%s: %d calls, %d decisions", name, len(h.Calls), len(h.Decisions))
		}
	}
}
