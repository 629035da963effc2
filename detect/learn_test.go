package detect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/profile"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
)

// so makes a number of Somalia in a range of its own.
func so(rng, n int) belwacht.E164 { return parse(fmt.Sprintf("25261%03d%04d", 500+rng, n)) }

func parse(s string) belwacht.E164 {
	e, ok := belwacht.ParseE164(s)
	if !ok {
		panic(s + " is no number")
	}
	return e
}

// lives plays one call of account 212 to a number, with the decision's word laid down, and ends it.
func lives(t testing.TB, e *Engine, call string, to belwacht.E164, at belwacht.Instant, word belwacht.Word) {
	t.Helper()
	handle(t, e, try(call, "212", "00"+to.String()[1:], at))
	s := e.order[0]
	slot, ok := s.count.Find(count.KeyOf("", call))
	if !ok {
		t.Fatalf("%s is not followed", call)
	}
	s.views[slot].word = word
	s.says.remember(&belwacht.Decision{ID: call, Account: "212"}, s.views[slot].view, 0)
	if word >= belwacht.Warn {
		s.alarm(&belwacht.Decision{ID: call, Account: "212", Word: word}, 0)
	}
	handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: call})
	handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at + belwacht.Minute, Call: call, Talk: 60, Disposition: belwacht.Answered})
}

// pass lets time go by: an innocent call at home.
func pass(t testing.TB, e *Engine, at belwacht.Instant) {
	t.Helper()
	call := fmt.Sprint("pass", at)
	handle(t, e, try(call, "900", "0201234567", at))
	handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at, Call: call, Disposition: belwacht.Busy})
}

func knows(e *Engine, to belwacht.E164) bool {
	s := e.order[0]
	i, ok := s.count.Lookup("212")
	return ok && s.person(i).profile.Knows(to) > 0
}

func houseKnows(e *Engine, to belwacht.E164) bool { return e.order[0].house.KnowsNumber(to) }

// african makes the n-th number of a country of its own, each in a range of its own.
func african(country, n int) belwacht.E164 {
	return parse(fmt.Sprintf("%s%02d%04d", []string{"254712", "255754", "256772", "260977", "263772", "265999", "252615"}[country-1], n, n))
}

// TestWhenCallsTeach: an allowed call at once, a watched or alerted one after seven days unless a call to the same
// country rose higher, a refused one never.
func TestWhenCallsTeach(t *testing.T) {
	for _, mode := range []belwacht.Mode{belwacht.Enforce, belwacht.Monitor} {
		e := silent(t, dutch(t, mode, func(t *Tenant) { t.Policy.BrakeOff = true }))
		lives(t, e, "allowed", african(1, 1), monday, belwacht.Allow)
		lives(t, e, "watched", african(2, 1), monday, belwacht.Watch)
		lives(t, e, "alerted", african(3, 1), monday, belwacht.Warn)
		lives(t, e, "refused", african(4, 1), monday, belwacht.Refuse)
		lives(t, e, "ended", african(5, 1), monday, belwacht.EndNow)
		lives(t, e, "rose", african(6, 1), monday, belwacht.Watch)
		lives(t, e, "rose2", african(6, 2), monday+belwacht.Day, belwacht.Refuse)
		lives(t, e, "swept", african(7, 1), monday, belwacht.Watch)
		s := e.order[0]
		i, _ := s.count.Lookup("212")
		s.view.Judged = african(7, 2)
		s.sweep(monday+belwacht.Day, i, &s.view) // an attempt to another range of the country was refused
		for _, c := range []struct {
			at   belwacht.Instant
			want [8]bool
		}{
			{monday + belwacht.Hour, [8]bool{1: true}},
			{monday + 7*belwacht.Day - belwacht.Minute, [8]bool{1: true}},
			{monday + 7*belwacht.Day + belwacht.Hour, [8]bool{1: true, 2: true, 3: true}},
			{monday + 60*belwacht.Day, [8]bool{1: true, 2: true, 3: true}},
		} {
			pass(t, e, c.at)
			for rng := 1; rng < 8; rng++ {
				if got := knows(e, african(rng, 1)); got != c.want[rng] || houseKnows(e, african(rng, 1)) != got {
					t.Errorf("%v, after %s: call %d taught: %v, want %v", mode, c.at.String(), rng, got, c.want[rng])
				}
			}
		}
	}
}

// TestARefusedAttemptIsNothingElse: no meter, no running call, no lesson, no brake; only the attempt and the refusal are remembered.
func TestARefusedAttemptIsNothingElse(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) {
		t.Limits.Organisation = &belwacht.Limit{NoCountries: []belwacht.Country{{'S', 'O'}}, CallsPerDay: 5, MoneyPerDay: belwacht.Unit}
	})))
	for i := range 20 {
		at, call := monday+belwacht.Instant(i)*belwacht.Minute, fmt.Sprint("c", i)
		if d := handle(t, e, try(call, "212", "00"+so(1, i).String()[1:], at)); len(d) != 1 || d[0].Word != belwacht.Refuse || !d[0].Enforced {
			t.Fatalf("%+v", d)
		}
		handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at, Call: call, Talk: 0, Disposition: belwacht.Failed})
	}
	s := e.order[0]
	i, _ := s.count.Lookup("212")
	m := s.meters.tenant
	waiting, _ := s.late.Len()
	if s.count.Running() != 0 || m.running != 0 || m.abroad != 0 || m.sums != [3]int64{} || s.person(i).profile.Calls != 0 || s.house.Calls != 0 || waiting != 0 || len(s.brake) != 0 {
		t.Errorf("running %d, meter %+v, learned %d, waiting %d", s.count.Running(), m.sums, s.house.Calls, waiting)
	}
	if n := s.count.Account(i).Log.Len(); n != 20 {
		t.Errorf("%d attempts are remembered, want 20", n)
	}
}

// TestTheSameAttemptTwice is one: it takes no second slot, is counted once, and frees everything as it ends.
func TestTheSameAttemptTwice(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) {
		t.Limits.Organisation = &belwacht.Limit{CallsPerDay: 5, CallsAtOnce: 3}
	}))
	for range 4 {
		handle(t, e, try("one", "212", "0201234567", monday))
	}
	s := e.order[0]
	if m := s.meters.tenant; m.sums[calls] != 1 || m.running != 1 || s.count.Running() != 1 {
		t.Errorf("counted %d, running %d", m.sums[calls], m.running)
	}
	for range 2 {
		handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: monday, Call: "one"})
	}
	for range 3 {
		handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: monday + belwacht.Minute, Call: "one", Talk: 60, Disposition: belwacht.Answered})
	}
	if m := s.meters.tenant; m.running != 0 || m.sums[seconds] != 60 || s.count.Running() != 0 || s.house.Calls != 1 {
		t.Errorf("running %d, %d seconds, %d lessons", m.running, m.sums[seconds], s.house.Calls)
	}
}

// TestNewRangesAreLearnedSlowly: an account that calls forty new ranges of a country a day knows three of them in the evening.
func TestNewRangesAreLearnedSlowly(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) { t.Policy.BrakeOff = true }))
	for i := range 40 {
		lives(t, e, fmt.Sprint("c", i), so(10+i, 1), monday+belwacht.Instant(i)*5*belwacht.Minute, belwacht.Allow)
	}
	s, n := e.order[0], 0
	a, _ := s.count.Lookup("212")
	for i := range 40 {
		if s.person(a).profile.KnowsRange(so(10+i, 1)) > 0 {
			n++
		}
	}
	if n != profile.MaxNewRanges {
		t.Errorf("%d ranges are known, want %d", n, profile.MaxNewRanges)
	}
}

// TestFineHasThreeWidths, and nothing wider: another account, number, country, or a later moment is judged as ever.
func TestFineHasThreeWidths(t *testing.T) {
	other := parse("224621000001") // Guinea
	later := belwacht.Minute
	for _, c := range []struct {
		width                                              belwacht.Width
		same, inQuarter, later, range_, country, elsewhere bool
	}{
		{belwacht.WidthOnce, true, true, false, false, false, false},
		{"", true, true, false, false, false, false},
		{belwacht.WidthNumber, true, true, true, false, false, false},
		{belwacht.WidthCountry, true, true, true, true, true, false},
	} {
		e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) { t.Policy.BrakeOff = true }))
		lives(t, e, "first", so(1, 1), monday, belwacht.Refuse)
		if err := e.Feedback(&belwacht.Feedback{ID: "first", Time: monday + belwacht.Minute, Says: "fine", Width: c.width}); err != nil {
			t.Fatal(err)
		}
		s, n := e.order[0], 0
		fine := func(account string, to belwacht.E164, at belwacht.Instant) bool {
			n++
			for _, d := range handle(t, e, try(fmt.Sprint("c", n), account, "00"+strings.TrimPrefix(to.String(), "+"), at)) {
				if d.Cause == "feedback.fine" {
					return d.Word == belwacht.Allow
				}
			}
			return false
		}
		for name, got := range map[string][2]bool{
			"the same":                 {fine("212", so(1, 1), monday+2*later), c.same},
			"in a quarter of an hour":  {fine("212", so(1, 1), monday+15*later), c.inQuarter},
			"a day later":              {fine("212", so(1, 1), monday+belwacht.Day), c.later},
			"another of the range":     {fine("212", so(1, 2), monday+belwacht.Day), c.range_},
			"another of the country":   {fine("212", so(7, 2), monday+belwacht.Day), c.country},
			"another country":          {fine("212", other, monday+2*later), c.elsewhere},
			"another account":          {fine("213", so(1, 1), monday+2*later), false},
			"the country in 91 days":   {fine("212", so(8, 1), monday+91*belwacht.Day), false},
			"something undialable":     {fine("212", 0, monday+2*later), false},
			"a satellite":              {fine("212", parse("881621000001"), monday+2*later), false},
			"the number in eleven yrs": {fine("212", so(1, 1), monday+11*366*belwacht.Day), false},
		} {
			if got[0] != got[1] {
				t.Errorf("width %q: %s is fine: %v, want %v", c.width, name, got[0], got[1])
			}
		}
		if !knows(e, so(1, 1)) {
			t.Errorf("width %q: what was fine did not teach", c.width)
		}
		if len(s.says.fine) != 1 {
			t.Errorf("%d judgements are in force", len(s.says.fine))
		}
	}
}

// TestFineOfANetwork reaches its number only: networks and costly services are no country.
func TestFineOfANetwork(t *testing.T) {
	for _, dialled := range []string{"00881621234567", "09001234"} {
		e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) { t.Policy.BrakeOff = true }))
		handle(t, e, try("first", "212", dialled, monday))
		s := e.order[0]
		slot, ok := s.count.Find(count.KeyOf("", "first"))
		if !ok {
			t.Fatalf("%s is not followed", dialled)
		}
		s.says.remember(&belwacht.Decision{ID: "first", Account: "212"}, s.views[slot].view, 0)
		if err := e.Feedback(&belwacht.Feedback{ID: "first", Time: monday, Says: "fine", Width: belwacht.WidthCountry}); err != nil {
			t.Fatal(err)
		}
		for _, to := range []string{"00881631234568", "00882161234567", "09091234", "0906123456", "##99"} {
			for _, d := range handle(t, e, try("c"+to, "212", to, monday+belwacht.Minute)) {
				if d.Cause == "feedback.fine" {
					t.Errorf("%s was fine, and so %s is", dialled, to)
				}
			}
		}
	}
}

// TestWhatIsNoNumber cannot be spoken of: every other string that is none would be meant.
func TestWhatIsNoNumber(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Enforce, nil))
	e.order[0].says.remember(&belwacht.Decision{ID: "x", Account: "212"}, &e.order[0].view, 0)
	for _, says := range []string{"fine", "fraud"} {
		if err := e.Feedback(&belwacht.Feedback{ID: "x", Time: monday, Says: says}); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: %v", says, err)
		}
	}
	for _, f := range []belwacht.Feedback{{ID: "unknown", Says: "fine"}} {
		if err := e.Feedback(&f); belwacht.CodeOf(err) != belwacht.NotFound {
			t.Errorf("%v", err)
		}
	}
}

// TestWhoseCall: two organisations may have a call of one ID, and what a person says reaches the one that is meant.
func TestWhoseCall(t *testing.T) {
	one, two := dutch(t, belwacht.Enforce, nil), dutch(t, belwacht.Enforce, nil)
	one.Name, two.Name = "one", "two"
	rules, err := builtin.Rules()
	if err != nil {
		t.Fatal(err)
	}
	set, err := rule.Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Rules: set, Tenants: []Tenant{one, two}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range e.order {
		s.says.remember(&belwacht.Decision{ID: "x", Account: "212"}, &rule.View{Judged: so(1, 1)}, 0)
	}
	e.order[1].says.remember(&belwacht.Decision{ID: "y", Account: "212"}, &rule.View{Judged: so(1, 1)}, 0)
	for _, c := range []struct {
		id, tenant string
		want       belwacht.Code
	}{{"x", "", belwacht.Invalid}, {"x", "three", belwacht.NotFound}, {"x", "two", ""}, {"y", "", ""}, {"y", "one", belwacht.NotFound}} {
		before := [2]int{len(e.order[0].says.fine), len(e.order[1].says.fine)}
		err := e.Feedback(&belwacht.Feedback{ID: c.id, Tenant: c.tenant, Time: monday, Says: "fine", Width: belwacht.WidthNumber})
		if belwacht.CodeOf(err) != c.want && (err != nil || c.want != "") {
			t.Errorf("%s of %q: %v", c.id, c.tenant, err)
		}
		if len(e.order[0].says.fine) != before[0] || err != nil && len(e.order[1].says.fine) != before[1] || err == nil && len(e.order[1].says.fine) == 0 {
			t.Errorf("%s of %q: %d and %d are said", c.id, c.tenant, len(e.order[0].says.fine), len(e.order[1].says.fine))
		}
	}
}

// TestFraudTakesBack what the pattern taught: every number of the range that this account called, the waiting ones as well, and refuses the range.
func TestFraudTakesBack(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) {
		t.Policy.BrakeOff = true
		t.Accounts = []belwacht.Account{{Name: "212", Group: "desk"}}
	}))
	for i := range 5 {
		lives(t, e, fmt.Sprint("c", i), so(1, i), monday+belwacht.Instant(i)*belwacht.Hour, belwacht.Allow)
	}
	lives(t, e, "waits", so(1, 9), monday+6*belwacht.Hour, belwacht.Watch)
	lives(t, e, "apart", so(2, 1), monday+7*belwacht.Hour, belwacht.Allow)
	at := monday + 8*belwacht.Hour
	if err := e.Feedback(&belwacht.Feedback{ID: "c0", Time: at, Says: "fraud"}); err != nil {
		t.Fatal(err)
	}
	pass(t, e, at+20*belwacht.Day)
	s := e.order[0]
	i, _ := s.count.Lookup("212")
	for n := range 10 {
		if knows(e, so(1, n)) || houseKnows(e, so(1, n)) || s.groups["desk"].profile.Knows(so(1, n)) > 0 {
			t.Errorf("number %d of the range is still known", n)
		}
	}
	if s.person(i).profile.KnowsRange(so(1, 0)) > 0 || s.house.KnowsRange(so(1, 0)) {
		t.Error("the range is still known")
	}
	if !knows(e, so(2, 1)) {
		t.Error("another range was forgotten, too")
	}
	for days, want := range map[int]string{1: "feedback.fraud", 29: "feedback.fraud", 31: ""} {
		cause := ""
		for _, d := range handle(t, e, try(fmt.Sprint("d", days), "212", "00"+so(1, 77).String()[1:], at+belwacht.Instant(days)*belwacht.Day)) {
			cause = d.Cause
		}
		if cause != want {
			t.Errorf("after %d days the range is decided by %q, want %q", days, cause, want)
		}
	}
}

// TestFraudEndsWhatRuns: what a person says reaches the calls that run; what was said to be fine beforehand runs on.
func TestFraudEndsWhatRuns(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) { t.Policy.BrakeOff = true }))
	lives(t, e, "first", so(1, 1), monday, belwacht.Warn)
	at := monday + belwacht.Hour
	handle(t, e, try("runs", "212", "00"+so(1, 2).String()[1:], at))
	handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: "runs"})
	if err := e.Feedback(&belwacht.Feedback{ID: "first", Time: at + belwacht.Minute, Says: "fraud"}); err != nil {
		t.Fatal(err)
	}
	ended := false
	for _, d := range handle(t, e, try("x", "900", "0201234567", at+10*belwacht.Minute)) {
		ended = ended || d.ID == "runs" && d.Word == belwacht.EndNow && d.Cause == "feedback.fraud" && d.Enforced
	}
	if !ended {
		t.Error("the call to the range runs on")
	}
}
