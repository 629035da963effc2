package storetest

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/belwacht/belwacht"
)

// work is what people do about alerts: all of it is kept, and by account and state it is found.
func work(t *testing.T, s *suite) {
	for i := range 6 {
		a := alert(i)
		a.Account = fmt.Sprint(212 + i%2)
		ok(t, s.PutAlert(t.Context(), a))
	}
	at := start + belwacht.Hour
	did := []belwacht.IncidentChange{
		{Tenant: "oak", ID: "A3", State: belwacht.IncidentOpen, Assignee: "Bram", Who: "Anna", Note: "for you", Time: at},
		{Tenant: "oak", ID: "A3", State: belwacht.IncidentTaken, Assignee: "Bram", Who: "Bram", Time: at + 1},
		{Tenant: "oak", ID: "A3", State: belwacht.IncidentClosed, Outcome: belwacht.OutcomeFraud, Assignee: "Bram", Hold: true, Who: "Bram", Note: "reported", Time: at + 2},
	}
	for i := range did {
		ok(t, s.ChangeAlert(t.Context(), &did[i]))
	}
	got, err := s.Alert(t.Context(), "oak", "A3")
	ok(t, err)
	if got.Assignee != "Bram" || !got.Hold || got.Taken != at+1 || got.Changed != at+2 || got.Outcome != belwacht.OutcomeFraud {
		t.Errorf("%+v", got)
	}
	same(t, "history", walk(t, 1, func(p belwacht.Page) ([]belwacht.IncidentChange, belwacht.Cursor, error) {
		return s.AlertHistory(t.Context(), "oak", "A3", p)
	}), []belwacht.IncidentChange{did[2], did[1], did[0]})
	_, _, err = s.AlertHistory(t.Context(), "oak", "A99", belwacht.Page{})
	code(t, err, belwacht.NotFound)
	counts, err := s.AlertCounts(t.Context(), "oak")
	ok(t, err)
	same(t, "counts", counts, map[belwacht.IncidentState]int64{belwacht.IncidentOpen: 5, belwacht.IncidentClosed: 1})
	for state, n := range map[belwacht.IncidentState]int{"": 3, belwacht.IncidentOpen: 2, belwacht.IncidentTaken: 0} {
		list := walk(t, 2, func(p belwacht.Page) ([]belwacht.Incident, belwacht.Cursor, error) {
			return s.Alerts(t.Context(), &belwacht.AlertQuery{Tenant: "oak", Account: "213", State: state, Page: p})
		})
		if len(list) != n {
			t.Errorf("of 213 in state %q: %d", state, len(list))
		}
	}
}

// silences end, whatever is wished.
func silences(t *testing.T, s *suite) {
	x := belwacht.Silence{ID: "S1", Tenant: "oak", Account: "212", Since: start, Until: start + belwacht.Day, Who: "Anna", Why: "test of the trunk"}
	ok(t, s.PutSilence(t.Context(), &x))
	y := belwacht.Silence{ID: "S2", Tenant: "oak", Cause: "rule.burst", Since: start + 1, Until: start + belwacht.Hour, Who: "Anna", Why: "we know"}
	ok(t, s.PutSilence(t.Context(), &y))
	for name, bad := range map[string]belwacht.Silence{
		"no end":    {ID: "S3", Account: "1", Since: start, Who: "Anna", Why: "x"},
		"too long":  {ID: "S3", Account: "1", Since: start, Until: start + 31*belwacht.Day, Who: "Anna", Why: "x"},
		"all":       {ID: "S3", Since: start, Until: start + 1, Who: "Anna", Why: "x"},
		"no reason": {ID: "S3", Account: "1", Since: start, Until: start + 1, Who: "Anna"},
	} {
		if err := s.PutSilence(t.Context(), &bad); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	holds := func(at belwacht.Instant, want ...belwacht.Silence) {
		t.Helper()
		got, err := s.Silences(t.Context(), at)
		ok(t, err)
		if len(got)+len(want) > 0 {
			same(t, "silent", got, want)
		}
	}
	s.reopen(t)
	holds(start, x)
	holds(start+2, y, x)
	holds(start+belwacht.Hour, x)
	holds(start + belwacht.Day)
	ok(t, s.LiftSilence(t.Context(), "oak", "S1", "Bram", start+belwacht.Hour))
	code(t, s.LiftSilence(t.Context(), "oak", "S1", "Bram", start+belwacht.Hour), belwacht.NotFound)
	holds(start + 2*belwacht.Hour)
	x.Lifted, x.Lifter = start+belwacht.Hour, "Bram"
	same(t, "past", walk(t, 1, func(p belwacht.Page) ([]belwacht.Silence, belwacht.Cursor, error) {
		return s.PastSilences(t.Context(), "oak", p)
	}),
		[]belwacht.Silence{y, x})
	a := alert(1)
	if a.First = start + 5; !y.Covers(a, start+5) || !x.Covers(a, start+5) || x.Covers(a, start+belwacht.Hour) || y.Covers(&belwacht.Alert{Tenant: "elm", Cause: "rule.burst"}, start+5) {
		t.Error("a silence covers what it should not, or not what it should")
	}
}

func changes(t *testing.T, s *suite) {
	var want []belwacht.Change
	for i := range 10 {
		c := belwacht.Change{Kind: belwacht.ChangeConfig, Time: start + belwacht.Instant(i/2), What: fmt.Sprint("limits.", i), Before: "50", After: "100", Who: "SIGHUP"}
		if i%5 == 0 {
			c = belwacht.Change{Kind: belwacht.ChangePBX, Time: c.Time, Tenant: "oak", Site: "main", What: "reloaded pjsip", Who: "the PBX"}
		}
		want = append([]belwacht.Change{c}, want...)
	}
	for i := range want {
		ok(t, s.AddChanges(t.Context(), want[9-i:10-i]))
	}
	code(t, s.AddChanges(t.Context(), []belwacht.Change{{Kind: belwacht.ChangeConfig}}), belwacht.Invalid)
	s.reopen(t)
	same(t, "all", walk(t, 3, func(p belwacht.Page) ([]belwacht.Change, belwacht.Cursor, error) {
		return s.Changes(t.Context(), &belwacht.ChangeQuery{Page: p})
	}), want)
	some, _, err := s.Changes(t.Context(), &belwacht.ChangeQuery{Kind: belwacht.ChangePBX, Until: start + 2})
	ok(t, err)
	same(t, "of the PBX", some, []belwacht.Change{want[9]})
}

// accounts are known by their calls, their log-ins and the configuration.
func accounts(t *testing.T, s *suite) {
	ok(t, s.PutAccounts(t.Context(), "oak", []belwacht.Account{{Name: "201", Kind: belwacht.KindAgent, Group: "sales"}, {Name: "299", Kind: belwacht.KindMachine}}))
	for i := range 20 {
		c := call(i)
		if i >= 15 {
			c.Direction = belwacht.In
		}
		s.PutCall(c)
	}
	s.AppendEvent(registration(0, "201", "192.0.2.1", "Phone 1"))
	s.sync(t)
	ok(t, s.PutAccounts(t.Context(), "oak", []belwacht.Account{{Name: "201", Kind: belwacht.KindAgent, Group: "sales"}}))
	a, err := s.Account(t.Context(), "oak", "201")
	ok(t, err)
	same(t, "account", *a, belwacht.KnownAccount{Tenant: "oak", Name: "201", Kind: belwacht.KindAgent, Group: "sales", Declared: true, First: call(1).Start, Last: call(16).Start,
		Calls: 4, Out: call(11).Start, Login: start, Country: belwacht.Country{'G', 'B'}})
	_, err = s.Account(t.Context(), "oak", "888")
	code(t, err, belwacht.NotFound)
	s.PutCall(call(16)) // again: the same call
	s.sync(t)
	if a, err = s.Account(t.Context(), "oak", "201"); err != nil || a.Calls != 4 {
		t.Errorf("a call that came twice counts as %+v, %v", a, err)
	}
	list := func(q belwacht.AccountQuery) (names []string) {
		for _, a := range walk(t, 2, func(p belwacht.Page) ([]belwacht.KnownAccount, belwacht.Cursor, error) {
			q.Tenant, q.Page = "oak", p
			return s.Accounts(t.Context(), &q)
		}) {
			names = append(names, a.Name)
		}
		return names
	}
	same(t, "all", list(belwacht.AccountQuery{}), []string{"204", "203", "202", "201", "200", "299"})
	same(t, "begins", list(belwacht.AccountQuery{Begins: "29"}), []string{"299"})
	same(t, "group", list(belwacht.AccountQuery{Group: "sales"}), []string{"201"})
}

func registration(i int, account, from, agent string) *belwacht.Event {
	return &belwacht.Event{Kind: belwacht.EventRegistration, Source: belwacht.SourcePBX, Time: start + belwacht.Instant(i)*belwacht.Second, Tenant: "oak", Site: "main", Account: account,
		Login: &belwacht.Login{Service: "sip", User: account, From: netip.MustParseAddr(from), Agent: agent, Result: belwacht.LoginGood}}
}

// devices come with log-ins that succeeded, and of one account not without end.
func devices(t *testing.T, s *suite) {
	s.AppendEvent(registration(0, "212", "192.0.2.1", "Phone 1"))
	s.AppendEvent(registration(1, "212", "192.0.2.2", "Phone 1"))
	s.AppendEvent(registration(2, "212", "192.0.2.1", "Phone 1"))
	s.AppendEvent(registration(3, "213", "192.0.2.1", "Phone 2"))
	failed := registration(4, "212", "203.0.113.9", "friendly-scanner")
	failed.Kind, failed.Login.Result = belwacht.EventAuthFailure, belwacht.LoginWrongSecret
	s.AppendEvent(failed)
	own := belwacht.PastLogin{Login: belwacht.Login{Service: "console", User: "anna", From: netip.MustParseAddr("192.0.2.77"), Agent: "Firefox", Result: belwacht.LoginGood},
		Kind: belwacht.EventRegistration, Time: start + belwacht.Minute, Tenant: "oak", Account: "anna"}
	s.AddLogin(&own)
	s.sync(t)
	s.reopen(t)
	p := s.AppendEvent(registration(5, "214", "192.0.2.3", "Phone 3")) // after a log-in that came with no event
	s.sync(t)
	if p != 7 {
		t.Errorf("the next event's position is %d, want 7", p)
	}
	one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	at := func(i int) belwacht.Instant { return start + belwacht.Instant(i)*belwacht.Second }
	first := belwacht.Registration{Tenant: "oak", Site: "main", Account: "212", From: one, Agent: "Phone 1", First: at(0), Last: at(2), Count: 2}
	second := belwacht.Registration{Tenant: "oak", Site: "main", Account: "212", From: two, Agent: "Phone 1", First: at(1), Last: at(1), Count: 1}
	third := belwacht.Registration{Tenant: "oak", Site: "main", Account: "213", From: one, Agent: "Phone 2", First: at(3), Last: at(3), Count: 1}
	for name, c := range map[string]struct {
		query belwacht.RegistrationQuery
		want  []belwacht.Registration
	}{
		"account": {belwacht.RegistrationQuery{Account: "212"}, []belwacht.Registration{first, second}},
		"address": {belwacht.RegistrationQuery{From: one}, []belwacht.Registration{third, first}},
		"both":    {belwacht.RegistrationQuery{Account: "212", From: one}, []belwacht.Registration{first}},
	} {
		same(t, name, walk(t, 1, func(p belwacht.Page) ([]belwacht.Registration, belwacht.Cursor, error) {
			c.query.Tenant, c.query.Page = "oak", p
			return s.Registrations(t.Context(), &c.query)
		}), c.want)
	}
	got, _, err := s.Devices(t.Context(), "oak", "212", belwacht.Page{})
	ok(t, err)
	same(t, "devices", got, []belwacht.Device{{Tenant: "oak", Site: "main", Account: "212", Agent: "Phone 1", From: one, First: at(0), Last: at(2), Count: 3}})
	if all, _, err := s.Devices(t.Context(), "oak", "", belwacht.Page{}); err != nil || len(all) != 3 {
		t.Errorf("%d devices, %v", len(all), err)
	}
	logins, _, err := s.Logins(t.Context(), &belwacht.LoginQuery{Tenant: "oak", User: "anna"})
	ok(t, err)
	same(t, "own log-in", logins, []belwacht.PastLogin{own})
	for i := range 250 {
		s.AppendEvent(registration(10+i, "215", fmt.Sprintf("198.51.100.%d", i), fmt.Sprint("Phone ", i)))
	}
	s.sync(t)
	many, _, err := s.Devices(t.Context(), "oak", "215", belwacht.Page{Most: belwacht.PageMost})
	ok(t, err)
	if len(many) != 200 || many[0].Agent != "Phone 249" || many[199].Agent != "Phone 50" {
		t.Errorf("%d devices of an account, %q the newest", len(many), many[0].Agent)
	}
}

// sums are what calls add up to, also where a call comes again and says otherwise.
func sums(t *testing.T, s *suite) {
	for i := range 170 {
		c := kinds(i)
		c.Direction = belwacht.Out
		c.Start += belwacht.Instant(i/85) * belwacht.Day
		s.PutCall(c)
		if i%5 == 0 {
			c.Talk, c.Cost = c.Talk+7, c.Cost+1
			s.PutCall(c)
		}
	}
	in := call(500)
	in.Direction = belwacht.In
	s.PutCall(in)
	s.sync(t)
	want := map[string]*belwacht.Sum{}
	add := func(key string, c *belwacht.PastCall) {
		if want[key] == nil {
			want[key] = &belwacht.Sum{}
		}
		x := want[key]
		x.Calls, x.Answered, x.Talk, x.Cost, x.Saved = x.Calls+1, x.Answered+1, x.Talk+c.Talk, x.Cost+c.Cost, x.Saved+c.Cost-c.Spent
		if c.Word >= belwacht.Refuse && c.Enforced {
			x.Refused++
		}
	}
	for i := range 170 {
		c := kinds(i)
		if i%5 == 0 {
			c.Talk, c.Cost = c.Talk+7, c.Cost+1
		}
		day := fmt.Sprint(i / 85)
		for _, key := range []string{"day " + day, "place " + c.Country.String() + c.Class.String(), "class " + c.Class.String(), "account " + c.Account, "203 " + c.Account + day,
			"SO " + c.Country.String() + day} {
			add(key, c)
		}
	}
	first := belwacht.DateOf(start, utc())
	read := func(q belwacht.SumQuery) []belwacht.Sum {
		q.Tenant, q.From, q.Until = "oak", first, first+1
		list, err := s.Sums(t.Context(), &q)
		ok(t, err)
		return list
	}
	check := func(name string, list []belwacht.Sum, key func(*belwacht.Sum) string, n int) {
		t.Helper()
		if len(list) != n {
			t.Errorf("%s: %d sums, want %d", name, len(list), n)
		}
		for i := range list {
			x, bare := &list[i], list[i]
			bare.Day, bare.Country, bare.Class, bare.Account = 0, belwacht.Country{}, 0, ""
			if w := want[key(x)]; w == nil || bare != *w {
				t.Errorf("%s %s: %+v, want %+v", name, key(x), bare, w)
			}
			if q := list[max(i-1, 0)]; name != "day" && x.Cost > q.Cost && q.Day == x.Day {
				t.Errorf("%s: the dearest come first", name)
			}
		}
	}
	check("day", read(belwacht.SumQuery{By: belwacht.SumByDay}), func(x *belwacht.Sum) string { return "day " + fmt.Sprint(int(x.Day-first)) }, 2)
	check("place", read(belwacht.SumQuery{By: belwacht.SumByCountry}), func(x *belwacht.Sum) string { return "place " + x.Country.String() + x.Class.String() }, 5)
	check("class", read(belwacht.SumQuery{By: belwacht.SumByClass}), func(x *belwacht.Sum) string { return "class " + x.Class.String() }, 4)
	check("account", read(belwacht.SumQuery{By: belwacht.SumByAccount}), func(x *belwacht.Sum) string { return "account " + x.Account }, 5)
	check("one account", read(belwacht.SumQuery{By: belwacht.SumByAccount, Account: "203"}), func(x *belwacht.Sum) string { return "account " + x.Account }, 1)
	check("day", read(belwacht.SumQuery{By: belwacht.SumByDay, Account: "203"}), func(x *belwacht.Sum) string { return "203 203" + fmt.Sprint(int(x.Day-first)) }, 2)
	check("day", read(belwacht.SumQuery{By: belwacht.SumByDay, Country: belwacht.Country{'S', 'O'}}), func(x *belwacht.Sum) string { return "SO SO" + fmt.Sprint(int(x.Day-first)) }, 2)
	if top := read(belwacht.SumQuery{By: belwacht.SumByAccount, Most: 2}); len(top) != 2 {
		t.Errorf("%d of two", len(top))
	}
	for name, q := range map[string]belwacht.SumQuery{"no kind": {}, "account of countries": {By: belwacht.SumByCountry, Account: "203"}, "back": {By: belwacht.SumByDay, From: 9, Until: 8},
		"too long": {By: belwacht.SumByDay, From: 1, Until: 2000}} {
		if _, err := s.Sums(t.Context(), &q); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// ruleSums say how good a cause is: what it decided, and what people made of it.
func ruleSums(t *testing.T, s *suite) {
	for i := range 10 {
		d := decision(i)
		d.ID, d.Word, d.Enforced, d.AtRisk = fmt.Sprint("call-", i), belwacht.Refuse, i < 4, 10
		s.AddDecision(d)
		a := alert(i)
		a.Cause = "rule.new-country"
		ok(t, s.PutAlert(t.Context(), a))
	}
	next := decision(20)
	next.Time = start + 40*belwacht.Day
	next.Word = belwacht.Watch
	s.AddDecision(next)
	for i, outcome := range []belwacht.IncidentOutcome{belwacht.OutcomeFraud, belwacht.OutcomeFraud, belwacht.OutcomeInnocent, belwacht.OutcomeTest, belwacht.OutcomeUnclear} {
		ok(t, s.ChangeAlert(t.Context(), &belwacht.IncidentChange{Tenant: "oak", ID: fmt.Sprint("A", i), State: belwacht.IncidentClosed, Outcome: outcome, Who: "Anna",
			Time: alert(i).First + 90*belwacht.Second}))
	}
	for i, says := range []string{"fine", "fine", "fraud"} {
		ok(t, s.PutInForce(t.Context(), &belwacht.InForce{ID: fmt.Sprint("F", i), Kind: belwacht.KindFeedback, Tenant: "oak", Subject: fmt.Sprint("call-", 3+i), Who: "Anna", Why: "said",
			Since: start + belwacht.Hour, Says: says}))
	}
	s.sync(t)
	from := belwacht.DateOf(start, utc())
	got, err := s.RuleSums(t.Context(), "oak", from, from+40)
	ok(t, err)
	same(t, "months", got, []belwacht.RuleSum{
		{Month: from.Month(), Cause: "rule.new-country", Decisions: 10, Enforced: 4, Stopped: 40, Wrong: 1, Alerts: 10, Fraud: 2, Innocent: 1, Test: 1, Unclear: 1, Open: 5, Seconds: 90},
		{Month: from.NextMonth(), Cause: "rule.new-country", Decisions: 1},
	})
}
