package storetest

import (
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

func utc() *time.Location { return time.UTC }

// dossier fills a store with what concerns two people.
func dossier(t *testing.T, s *suite) (number belwacht.E164) {
	t.Helper()
	number, _ = belwacht.ParseE164("+31612345678")
	for i := range 20 {
		c := call(i) // accounts 200 to 204, Root 301, Taker 302
		if i == 9 {
			c.Account, c.Number = "777", number
		}
		if i == 8 {
			c.Account, c.Caller, c.Direction = "777", "0612345678", belwacht.In
		}
		s.PutCall(c)
		d := decision(i)
		if i == 7 {
			d.Number = number.String()
		}
		s.AddDecision(d)
		s.AppendEvent(event(i))
	}
	a, b := alert(1), alert(2)
	a.Account, b.Account, b.Numbers = "203", "204", []string{"+31612345678"}
	ok(t, s.PutAlert(t.Context(), a))
	ok(t, s.PutAlert(t.Context(), b))
	s.AppendEvent(registration(3, "203", "192.0.2.1", "Phone 1"))
	locked, past := lock(3), lock(4)
	locked.Subject, past.Subject, past.Until = "203", "203", start+belwacht.Hour
	ok(t, s.PutInForce(t.Context(), locked))
	ok(t, s.PutInForce(t.Context(), past))
	ok(t, s.PutSilence(t.Context(), &belwacht.Silence{ID: "S1", Tenant: "oak", Account: "203", Since: start, Until: start + 1, Who: "Anna", Why: "test"}))
	s.sync(t)
	return number
}

func exported(t *testing.T, s *suite, p *belwacht.Person) map[string]int {
	t.Helper()
	n := map[string]int{}
	ok(t, s.Export(t.Context(), p, func(k *belwacht.Kept) error {
		if n[k.Kind]++; k.Data == nil {
			t.Errorf("a %s without data", k.Kind)
		}
		return nil
	}))
	return n
}

// person gives out what is kept of one, and forgets it, of nobody else.
func person(t *testing.T, s *suite) {
	number := dossier(t, s)
	extension := &belwacht.Person{Tenant: "oak", Accounts: []string{"203"}}
	all := map[string]int{"call": 3, "decision": 4, "alert": 1, "event": 4, "login": 1, "registration": 1, "device": 1, "account": 1, "in_force": 2, "silence": 1}
	got := exported(t, s, extension)
	got["event"] = 4 // which of the suite's events name it is theirs
	same(t, "of an extension", got, all)
	caller := &belwacht.Person{Tenant: "oak", Numbers: []belwacht.E164{number}, Written: []string{"0612345678"}}
	same(t, "of a number", exported(t, s, caller), map[string]int{"call": 2, "decision": 1, "alert": 1})
	code(t, s.Export(t.Context(), &belwacht.Person{Tenant: "oak"}, nil), belwacht.Invalid)
	same(t, "of another organisation", exported(t, s, &belwacht.Person{Tenant: "elm", Accounts: []string{"203"}}), map[string]int{})

	f, err := s.Forget(t.Context(), extension, start+belwacht.Day)
	ok(t, err)
	if f.Deleted["call"] != 3 || f.Deleted["decision"] != 4 || f.Deleted["in_force"] != 1 || f.Held["in_force"] != 1 || f.Held["call"] != 0 {
		t.Errorf("forgotten: %+v", f)
	}
	same(t, "left of the extension", exported(t, s, extension), map[string]int{"in_force": 1})
	same(t, "left of the number", exported(t, s, caller), map[string]int{"call": 2, "decision": 1, "alert": 1})
	left, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak"})
	ok(t, err)
	if len(left) != 17 {
		t.Errorf("%d calls of others are left", len(left))
	}
	ok(t, s.Check(t.Context()))
}

// hold keeps evidence from being forgotten and from being deleted with age.
func hold(t *testing.T, s *suite) {
	dossier(t, s)
	at := alert(1).First
	wide := alert(1) // from its first to its last decision
	wide.Account, wide.Last = "203", at+belwacht.Hour
	wide.First = start
	wide.ID = "A90"
	ok(t, s.PutAlert(t.Context(), wide))
	held := belwacht.IncidentChange{Tenant: "oak", ID: "A90", State: belwacht.IncidentClosed, Outcome: belwacht.OutcomeFraud, Hold: true, Who: "Anna", Note: "the police has it", Time: at}
	ok(t, s.ChangeAlert(t.Context(), &held))
	extension := &belwacht.Person{Tenant: "oak", Accounts: []string{"203"}}
	f, err := s.Forget(t.Context(), extension, start+belwacht.Day)
	ok(t, err)
	if f.Deleted["call"] != 0 || f.Held["call"] != 3 || f.Held["decision"] != 4 || f.Held["alert"] != 1 || f.Deleted["alert"] != 1 || f.Deleted["registration"] != 1 {
		t.Errorf("forgotten: %+v", f)
	}
	_, err = s.Prune(t.Context(), start+400*belwacht.Day)
	ok(t, err)
	calls, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak"})
	ok(t, err)
	alerts, _, err := s.Alerts(t.Context(), &belwacht.AlertQuery{Tenant: "oak"})
	ok(t, err)
	history, _, err := s.AlertHistory(t.Context(), "oak", "A90", belwacht.Page{})
	ok(t, err)
	if len(calls) != 3 || len(alerts) != 1 || len(history) != 1 || calls[0].Account != "203" {
		t.Errorf("under hold are left %d calls, %d alerts, %d changes", len(calls), len(alerts), len(history))
	}
	held.Hold = false
	ok(t, s.ChangeAlert(t.Context(), &held))
	_, err = s.Prune(t.Context(), start+400*belwacht.Day)
	ok(t, err)
	if calls, _, err = s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak"}); err != nil || len(calls) != 0 {
		t.Errorf("once the hold was lifted %d calls are left, %v", len(calls), err)
	}
}
