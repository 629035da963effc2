package detect

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/simulate"
)

// forms are the ways to dial 112 in the Netherlands; near ones look like it and are none.
var (
	forms = []string{"112", "0112", "9112", "911", "+31112", "0031112", "tel:112", "sip:112@pbx.example", "urn:service:sos"}
	near  = []string{"1120", "1120612345678", "1121", "112112", "11", "00112", "112#", "112;phone-context=x", "+3111", "0900112", "112 ", "1-1-2"}
)

const monday = belwacht.Instant(1_772_438_400_000) // 2026-03-02 09:00 in Amsterdam

// handle gives an event to an engine and returns what was decided on its call.
func handle(t testing.TB, e *Engine, ev belwacht.Event) []belwacht.Decision {
	t.Helper()
	var out Out
	if err := e.Handle(&ev, &out); err != nil {
		t.Fatal(err)
	}
	for i := range out.Decisions {
		out.Decisions[i].Tell()
	}
	return append([]belwacht.Decision(nil), out.Decisions...)
}

func try(call, account, dialled string, at belwacht.Instant) belwacht.Event {
	return belwacht.Event{Kind: belwacht.EventAttempt, Time: at, Call: call, Account: account, Root: account, Trunk: "trunk", Direction: belwacht.Out, Dialled: dialled}
}

// wronged are the states in which an account may be as it needs help: nothing is left to it.
func wronged() map[string]func(*Tenant) {
	nothing := func() *belwacht.Limit {
		return &belwacht.Limit{CallsAtOnce: 1, CallsAtOnceAbroad: 1, CallsPerHour: 1, CallsPerDay: 1, CallsPerMonth: 1, MinutesPerHour: 1, MinutesPerDay: 1, MinutesPerMonth: 1,
			MoneyPerHour: 1, MoneyPerDay: 1, MoneyPerMonth: 1, LongestCall: 1, Hours: &belwacht.TimeWindows{}, UsualBill: 1,
			OnlyCountries: []belwacht.Country{{'S', 'O'}}, NoCountries: []belwacht.Country{{'N', 'L'}}, NoClasses: []belwacht.Class{belwacht.ClassEmergency, belwacht.ClassUnknown}}
	}
	return map[string]func(*Tenant){
		"free":                 nil,
		"organisation limited": func(t *Tenant) { t.Limits.Organisation = nothing() },
		"account limited":      func(t *Tenant) { t.Limits.Accounts = map[string]*belwacht.Limit{"212": nothing()} },
		"trunk limited":        func(t *Tenant) { t.Limits.Trunks = map[string]*belwacht.Limit{"trunk": nothing()} },
		"group limited": func(t *Tenant) {
			t.Accounts = []belwacht.Account{{Name: "212", Group: "all"}}
			t.Limits.Groups = map[string]*belwacht.Limit{"all": nothing()}
		},
		"canary": func(t *Tenant) { t.Accounts = []belwacht.Account{{Name: "212", Kind: belwacht.KindCanary}} },
		"machine": func(t *Tenant) {
			t.Accounts = []belwacht.Account{{Name: "212", Kind: belwacht.KindMachine, List: []belwacht.E164{parse("31201234567")}}}
		},
		"brake of one": func(t *Tenant) { t.Policy.Brake = 1 },
		"no counters":  func(t *Tenant) { t.Memory.Running, t.Memory.Accounts = 1, 1 },
		"all costly":   func(t *Tenant) { t.Policy.RefuseCost, t.Policy.LeastAtRisk = 1, 1 },
	}
}

// TestEmergencyPasses dials 112 in every form, from an account to which nothing is left, in the midst of an attack, in every mode: it is let
// through, told, and never ended.
func TestEmergencyPasses(t *testing.T) {
	for name, change := range wronged() {
		for _, mode := range []belwacht.Mode{belwacht.Learn, belwacht.Monitor, belwacht.Enforce} {
			e := engine(t, dutch(t, mode, change))
			refused := 0
			for i := range 60 { // the attack, and a call at home that takes the last of every limit
				at := monday + belwacht.Instant(i)*belwacht.Second
				call, to := fmt.Sprint("a", i), fmt.Sprintf("0025261555%04d", i)
				if i == 0 {
					to = "0201234567"
				}
				for _, d := range handle(t, e, try(call, "212", to, at)) {
					if d.Word == belwacht.Refuse {
						refused++
						_ = e.Feedback(&belwacht.Feedback{ID: d.ID, Time: at, Says: "fraud"})
					}
				}
				handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: call})
			}
			if mode == belwacht.Enforce && refused == 0 && name != "no counters" {
				t.Errorf("%s, %v: the attack was not seen; this test shows nothing", name, mode)
			}
			for i, form := range forms {
				at, call := monday+belwacht.Minute+belwacht.Instant(i)*belwacht.Second, fmt.Sprint("sos", i)
				ds := handle(t, e, try(call, "212", form, at))
				own := 0
				for _, d := range ds {
					if d.ID != call {
						continue
					}
					own++
					if d.Word != belwacht.Allow || d.Cause != "emergency" || d.Enforced || d.MaxSeconds != 0 || d.Number != "112" && d.Number != form {
						t.Errorf("%s, %v, %s: %+v", name, mode, form, d)
					}
				}
				if own != 1 {
					t.Errorf("%s, %v, %s: %d decisions, want one that tells of it", name, mode, form, own)
				}
				ds = handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: call})
				ds = append(ds, handle(t, e, try(fmt.Sprint("b", i), "212", "0025261555", at+30*belwacht.Minute))...)
				ds = append(ds, handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at + 10*belwacht.Hour, Call: call, Talk: 36000, Disposition: belwacht.Answered})...)
				for _, d := range ds {
					if d.ID == call {
						t.Errorf("%s, %v, %s: later %s", name, mode, form, d.Reason)
					}
				}
			}
		}
	}
}

// TestWhatOnlyLooksLikeEmergency has no privilege: equality, never prefix.
func TestWhatOnlyLooksLikeEmergency(t *testing.T) {
	for _, dialled := range near {
		e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) {
			t.Limits.Organisation = &belwacht.Limit{Hours: &belwacht.TimeWindows{}}
		}))
		for _, d := range handle(t, e, try("c", "212", dialled, monday)) {
			if d.Cause == "emergency" {
				t.Errorf("%q is taken as an emergency call: %s", dialled, d.Reason)
			}
		}
	}
	e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) { t.Limits.Organisation = &belwacht.Limit{Hours: &belwacht.TimeWindows{}} }))
	if d := handle(t, e, try("c", "212", "+1120612345678", monday)); len(d) != 1 || d[0].Word != belwacht.Refuse {
		t.Errorf("a number behind 112 passes a limit: %+v", d)
	}
}

// TestEmergencyInSimulatedLife is the same as a property: whatever organisation, country and attack, no emergency call is refused or ended.
func TestEmergencyInSimulatedLife(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	seen, modes := 0, []belwacht.Mode{belwacht.Enforce, belwacht.Monitor, belwacht.Learn, belwacht.Enforce}
	for i, mode := range modes {
		calls := history(t, simulate.Config{Seed: uint64(40 + i), Kind: []string{"office", "hotel", "callcentre", "shop"}[i], Extensions: 25, Weeks: 3, LearnWeeks: 1, AttackCount: 12})
		change := limited(calls)
		if i%2 == 1 {
			change = func(t *Tenant) { t.Limits.Organisation = &belwacht.Limit{MoneyPerDay: 1, CallsPerHour: 1} }
		}
		emergency := map[string]bool{}
		for k := range calls {
			emergency[calls[k].ID] = calls[k].Emergency
			if k%61 == 5 && calls[k].Direction == belwacht.Out { // more of them than life has
				calls[k].Dialled, calls[k].Emergency = forms[k%len(forms)], true
				emergency[calls[k].ID] = true
			}
		}
		told := map[string]bool{}
		for _, d := range played(t, engine(t, dutch(t, mode, change)), calls, nil) {
			if !emergency[d.ID] {
				if d.Cause == "emergency" {
					t.Errorf("%s is no emergency call: %s", d.ID, d.Reason)
				}
				continue
			}
			told[d.ID] = true
			if d.Word != belwacht.Allow {
				t.Errorf("emergency call %s: %s", d.ID, d.Reason)
			}
		}
		for id, is := range emergency {
			if is {
				seen++
				if !told[id] {
					t.Errorf("emergency call %s is not told of", id)
				}
			}
		}
	}
	if seen < 50*len(modes) {
		t.Errorf("only %d emergency calls", seen)
	}
}

// TestLateEmergency: a record of an emergency call that comes too late to be judged in its place is told of as one, and nothing else.
func TestLateEmergency(t *testing.T) {
	e := engine(t, dutch(t, belwacht.Enforce, func(t *Tenant) {
		t.Limits.Organisation = &belwacht.Limit{LongestCall: 1, MoneyPerDay: 1, Hours: &belwacht.TimeWindows{}}
	}))
	for i, form := range forms {
		var out Out
		c := belwacht.Call{ID: fmt.Sprint("c", i), Direction: belwacht.Out, Account: "212", Root: "212", Trunk: "trunk", Dialled: form, Start: monday, Answer: monday,
			End: monday + 30*belwacht.Hour, Talk: 108_000, Disposition: belwacht.Answered, Late: true}
		if err := e.Late(&c, &out); err != nil {
			t.Fatal(err)
		}
		ds := out.Decisions
		ds = append(ds, handle(t, e, belwacht.Event{Kind: belwacht.EventAttempt, Late: true, Time: monday, Call: "late", Account: "212", Direction: belwacht.Out, Dialled: form})...)
		if len(ds) != 2 || ds[0].Cause != "emergency" || ds[1].Cause != "emergency" || ds[0].Word != belwacht.Allow || ds[1].Word != belwacht.Allow {
			t.Errorf("%s: %+v", form, ds)
		}
	}
}
