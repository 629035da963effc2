package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/belwacht/belwacht"
)

func decision(i int) *belwacht.Decision {
	return &belwacht.Decision{Schema: belwacht.DecisionSchema, ID: fmt.Sprint("call-", i/2), Time: start + belwacht.Instant(i)*belwacht.Second, Tenant: "oak",
		Account: fmt.Sprint(200 + i%5), Number: "+252610000000", Word: belwacht.Word(i % 5), Cause: "rule.new-country", Enforced: i%5 > 2,
		Reference: fmt.Sprintf("K%03d", i%40), MaxSeconds: 600, ScoreBits: 12.25, Probability: 0.875, AtRisk: 41.5, Rules: []string{"new-country"},
		Reason: "Extension 212 never called Somalia", ReasonNL: "Toestel 212 belde nooit naar Somalië",
		Trace: &belwacht.Trace{RuleSet: "abc", PriorBits: -8, Evidence: []belwacht.Evidence{{Rule: "new-country", Family: belwacht.FamilyDestination, Bits: 7.5,
			Value: 1, Counted: true, English: "never", Dutch: "nooit"}}, Dialled: "00252610000000", Country: "SO", Class: "mobile", PerMinute: 0.9, Direction: "out",
			HistoryDays: 60, HistoryN: 900, Mode: "enforce"}}
}

// teller writes what a decision was not yet asked for.
type teller struct{ from *belwacht.Decision }

func (t teller) Tell(d *belwacht.Decision) {
	d.Reason, d.ReasonNL, d.Trace = t.from.Reason, t.from.ReasonNL, t.from.Trace
}

func decisions(t *testing.T, s *suite) {
	const n = 100
	var want []belwacht.Decision
	for i := range n {
		want = append(want, *decision(i))
		d := decision(i)
		if i%2 == 0 { // most come untold
			d.Reason, d.ReasonNL, d.Trace, d.Untold = "", "", nil, teller{decision(i)}
		}
		s.AddDecision(d)
		if i%2 == 0 && d.Untold == nil {
			t.Fatal("the caller's decision was told, on the call path")
		}
		*d = belwacht.Decision{}
	}
	other := decision(1)
	other.Tenant = ""
	s.AddDecision(other)
	s.sync(t)
	slices.Reverse(want)
	from, until := start+10*belwacht.Second, start+60*belwacht.Second
	for _, c := range []struct {
		name  string
		query belwacht.DecisionQuery
		match func(*belwacht.Decision) bool
	}{
		{"all", belwacht.DecisionQuery{}, func(*belwacht.Decision) bool { return true }},
		{"account", belwacht.DecisionQuery{Account: "203"}, func(d *belwacht.Decision) bool { return d.Account == "203" }},
		{"word", belwacht.DecisionQuery{Word: belwacht.Refuse}, func(d *belwacht.Decision) bool { return d.Word == belwacht.Refuse }},
		{"reference", belwacht.DecisionQuery{Reference: "K007"}, func(d *belwacht.Decision) bool { return d.Reference == "K007" }},
		{"call", belwacht.DecisionQuery{Call: "call-9"}, func(d *belwacht.Decision) bool { return d.ID == "call-9" }},
		{"time", belwacht.DecisionQuery{From: from, Until: until}, func(d *belwacht.Decision) bool { return d.Time >= from && d.Time < until }},
		{"word and time", belwacht.DecisionQuery{Word: belwacht.EndNow, From: from, Until: until},
			func(d *belwacht.Decision) bool { return d.Word == belwacht.EndNow && d.Time >= from && d.Time < until }},
		{"account and word", belwacht.DecisionQuery{Account: "203", Word: belwacht.Refuse},
			func(d *belwacht.Decision) bool { return d.Account == "203" && d.Word == belwacht.Refuse }},
		{"reference and account", belwacht.DecisionQuery{Reference: "K007", Account: "202"},
			func(d *belwacht.Decision) bool { return d.Reference == "K007" && d.Account == "202" }},
		{"reference and call", belwacht.DecisionQuery{Reference: "K007", Call: "call-23"},
			func(d *belwacht.Decision) bool { return d.Reference == "K007" && d.ID == "call-23" }},
		{"call, account and word", belwacht.DecisionQuery{Call: "call-9", Account: "203", Word: belwacht.Refuse},
			func(d *belwacht.Decision) bool {
				return d.ID == "call-9" && d.Account == "203" && d.Word == belwacht.Refuse
			}},
	} {
		some := slices.DeleteFunc(slices.Clone(want), func(d belwacht.Decision) bool { return !c.match(&d) })
		if len(some) == 0 && c.name != "reference and account" {
			t.Errorf("%s: nothing was to be found", c.name)
		}
		got := walk(t, 3, func(p belwacht.Page) ([]belwacht.Decision, belwacht.Cursor, error) {
			q := c.query
			q.Tenant, q.Page = "oak", p
			return s.Decisions(t.Context(), &q)
		})
		if len(got)+len(some) > 0 {
			same(t, c.name, got, some)
		}
	}
	got, _, err := s.Decisions(t.Context(), &belwacht.DecisionQuery{})
	ok(t, err)
	same(t, "of the tenant without a name", got, []belwacht.Decision{*other})
}

func alert(i int) *belwacht.Alert {
	at := start + belwacht.Instant(i)*belwacht.Minute
	return &belwacht.Alert{ID: fmt.Sprint("A", i), Tenant: "oak", Account: "212", Cause: "rule.burst", First: at, Last: at, Word: belwacht.Refuse, Count: 1,
		Numbers: []string{"+252610000000"}, Reason: "many calls", ReasonNL: "veel gesprekken"}
}

func alerts(t *testing.T, s *suite) {
	for i := range 30 {
		ok(t, s.PutAlert(t.Context(), alert(i)))
	}
	list := func(state belwacht.IncidentState) []belwacht.Incident {
		return walk(t, 4, func(p belwacht.Page) ([]belwacht.Incident, belwacht.Cursor, error) {
			return s.Alerts(t.Context(), &belwacht.AlertQuery{Tenant: "oak", State: state, Page: p})
		})
	}
	if all, open, taken := list(""), list(belwacht.IncidentOpen), list(belwacht.IncidentTaken); len(all) != 30 || len(open) != 30 || len(taken) != 0 {
		t.Fatalf("%d alerts, %d open, %d taken", len(all), len(open), len(taken))
	}
	at := start + belwacht.Hour
	take := belwacht.IncidentChange{Tenant: "oak", ID: "A7", State: belwacht.IncidentTaken, Who: "Anna", Note: "I look", Time: at}
	ok(t, s.ChangeAlert(t.Context(), &take))
	grown := alert(7)
	grown.Count, grown.Last, grown.Word = 9, at, belwacht.EndNow
	ok(t, s.PutAlert(t.Context(), grown)) // grows and stays taken
	want := belwacht.Incident{Alert: *grown, State: belwacht.IncidentTaken, Who: "Anna", Note: "I look", Changed: at, Taken: at}
	s.reopen(t)
	got, err := s.Alert(t.Context(), "oak", "A7")
	ok(t, err)
	same(t, "alert", *got, want)
	same(t, "taken", list(belwacht.IncidentTaken), []belwacht.Incident{want})
	if n := len(list(belwacht.IncidentOpen)); n != 29 {
		t.Errorf("%d open", n)
	}
	again := alert(7) // the engine lost its memory and counts anew
	again.First, again.Last = start+belwacht.Day, start+belwacht.Day
	ok(t, s.PutAlert(t.Context(), again))
	ok(t, s.ChangeAlert(t.Context(), &belwacht.IncidentChange{Tenant: "oak", ID: "A7", State: belwacht.IncidentClosed, Outcome: belwacht.OutcomeTest, Who: "Anna",
		Time: at}))
	got, err = s.Alert(t.Context(), "oak", "A7")
	ok(t, err)
	same(t, "newer alert", *got, belwacht.Incident{Alert: *again, State: belwacht.IncidentClosed, Outcome: belwacht.OutcomeTest, Who: "Anna", Changed: at, Taken: at})
	same(t, "older alert", list(belwacht.IncidentTaken), []belwacht.Incident{want})
	some, _, err := s.Alerts(t.Context(), &belwacht.AlertQuery{Tenant: "oak", From: alert(5).First, Until: alert(7).First})
	ok(t, err)
	if len(some) != 2 || some[0].ID != "A6" || some[1].ID != "A5" {
		t.Errorf("by time: %+v", some)
	}
	_, err = s.Alert(t.Context(), "elm", "A7")
	code(t, err, belwacht.NotFound)
	code(t, s.ChangeAlert(t.Context(), &belwacht.IncidentChange{Tenant: "elm", ID: "A7", State: belwacht.IncidentOpen, Who: "Anna", Time: at}), belwacht.NotFound)
	code(t, s.PutAlert(t.Context(), &belwacht.Alert{ID: "A1"}), belwacht.Invalid)
	for name, bad := range map[string]belwacht.IncidentChange{
		"no outcome":        {ID: "A7", State: belwacht.IncidentClosed, Who: "Anna", Time: at},
		"outcome too early": {ID: "A7", State: belwacht.IncidentTaken, Outcome: belwacht.OutcomeFraud, Who: "Anna", Time: at},
		"nobody":            {ID: "A7", State: belwacht.IncidentTaken, Time: at}, "no state": {ID: "A7", Who: "Anna", Time: at},
	} {
		if err := s.ChangeAlert(t.Context(), &bad); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if st := s.State(); !st.Healthy || st.Dropped != 0 {
		t.Errorf("a person's mistake is no trouble of the store: %+v", st)
	}
}
