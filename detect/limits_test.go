package detect

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/simulate"
)

const (
	home    = "0201234567"     // € 0.06 a minute by the deck of these tests
	uk      = "00442071234567" // € 0.60
	somalia = "0025261555123"  // € 1.20
)

// priced gives a tenant known prices.
func priced(t testing.TB, change func(*Tenant)) func(*Tenant) {
	t.Helper()
	rates, bad, err := number.ReadRates(strings.NewReader("prefix,description,rate_per_minute\n31,NL,0.06\n3190,NL premium,0.90\n44,UK,0.60\n252,Somalia,1.20\n1,US,0.30\n"), number.RateOptions{})
	if err != nil || len(bad) > 0 {
		t.Fatal(err, bad)
	}
	return func(tenant *Tenant) {
		tenant.Numbers = tenant.Numbers.WithRates(rates)
		if change != nil {
			change(tenant)
		}
	}
}

// told is a call of a test and what is to become of it: "" where it is let through and not ended, else the word and the cause.
type told struct {
	after int64 // seconds since Monday 09:00
	to    string
	talk  int64
	want  string
}

// play plays calls of account 212 over "trunk" and returns what became of each.
func play(t testing.TB, e *Engine, calls []told) (got []string, spent belwacht.Money) {
	t.Helper()
	got = make([]string, len(calls))
	r := NewReplay(e, ReplayConfig{Decision: func(d *belwacht.Decision) error {
		var i int
		if _, err := fmt.Sscanf(d.ID, "c%d", &i); err != nil {
			return err
		}
		if d.Word >= belwacht.Refuse {
			got[i] = d.Word.String() + " " + d.Cause
		}
		return nil
	}, Outcome: func(o *belwacht.Outcome) error { spent += o.Spent; return nil }})
	for i, c := range calls {
		at := monday + belwacht.Instant(c.after)*belwacht.Second
		one := belwacht.Call{ID: fmt.Sprint("c", i), Direction: belwacht.Out, Account: "212", Root: "212", Trunk: "trunk", Dialled: c.to, Start: at, End: at + 20*belwacht.Second}
		if c.talk > 0 {
			one.Answer, one.End, one.Talk, one.Disposition = at, at+belwacht.Instant(c.talk)*belwacht.Second, c.talk, belwacht.Answered
		}
		if err := r.Add(&one); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	return got, spent
}

// TestEachLimit: what every kind of limit refuses or ends, and what it lets through.
func TestEachLimit(t *testing.T) {
	so, gb := belwacht.Country{'S', 'O'}, belwacht.Country{'G', 'B'}
	const day = 86400
	for name, c := range map[string]struct {
		limit belwacht.Limit
		calls []told
	}{
		"calls at once":              {belwacht.Limit{CallsAtOnce: 2}, []told{{0, home, 600, ""}, {10, uk, 60, ""}, {20, home, 60, "refuse limit.at-once"}, {100, home, 60, ""}}},
		"at once abroad":             {belwacht.Limit{CallsAtOnceAbroad: 1}, []told{{0, uk, 600, ""}, {10, somalia, 60, "refuse limit.at-once-abroad"}, {20, home, 60, ""}, {700, somalia, 60, ""}}},
		"calls an hour":              {belwacht.Limit{CallsPerHour: 2}, []told{{0, home, 5, ""}, {1000, home, 5, ""}, {3590, home, 5, "refuse limit.calls.hour"}, {3700, home, 5, ""}, {3750, home, 5, "refuse limit.calls.hour"}}},
		"calls a day, over midnight": {belwacht.Limit{CallsPerDay: 2}, []told{{14 * 3600, home, 5, ""}, {15*3600 - 60, home, 5, ""}, {15*3600 + 60, home, 5, "refuse limit.calls.day"}, {14*3600 + day + 1500, home, 5, ""}}},
		"calls a month":              {belwacht.Limit{CallsPerMonth: 2}, []told{{0, home, 5, ""}, {20 * day, home, 5, ""}, {29 * day, home, 5, "refuse limit.calls.month"}, {30 * day, home, 5, ""}}},
		"minutes an hour":            {belwacht.Limit{MinutesPerHour: 3}, []told{{0, home, 100, ""}, {200, home, 3000, "end limit.minutes.hour"}, {320, home, 10, "refuse limit.minutes.hour"}, {4000, home, 100, ""}}},
		"minutes a day":              {belwacht.Limit{MinutesPerDay: 3}, []told{{0, home, 120, ""}, {200, home, 60, ""}, {300, home, 10, "refuse limit.minutes.day"}, {day + 2000, home, 60, ""}}},
		"minutes a month":            {belwacht.Limit{MinutesPerMonth: 2}, []told{{0, home, 90, ""}, {9 * day, home, 10, "refuse limit.minutes.month"}, {30 * day, home, 10, ""}}},
		"money an hour":              {belwacht.Limit{MoneyPerHour: 3 * belwacht.Unit}, []told{{0, somalia, 60, ""}, {100, uk, 60, ""}, {200, somalia, 60, ""}, {300, uk, 5, "refuse limit.money.hour"}, {301, home, 5, "refuse limit.money.hour"}, {4000, uk, 60, ""}}},
		"money a day":                {belwacht.Limit{MoneyPerDay: 2 * belwacht.Unit}, []told{{0, uk, 60, ""}, {4000, somalia, 3000, "end limit.money.day"}, {20000, uk, 5, "refuse limit.money.day"}, {20001, home, 60, ""}}},
		"money a month":              {belwacht.Limit{MoneyPerMonth: 2 * belwacht.Unit}, []told{{0, somalia, 60, ""}, {20 * day, somalia, 60, "refuse limit.money.month"}, {21 * day, uk, 60, ""}, {30 * day, somalia, 60, ""}}},
		"longest call":               {belwacht.Limit{LongestCall: 100}, []told{{0, home, 99, ""}, {200, home, 5000, "end limit.longest"}, {7000, somalia, 101, "end limit.longest"}}},
		"countries never":            {belwacht.Limit{NoCountries: []belwacht.Country{so}}, []told{{0, somalia, 5, "refuse limit.country"}, {10, uk, 5, ""}, {20, home, 5, ""}}},
		"countries only":             {belwacht.Limit{OnlyCountries: []belwacht.Country{gb}}, []told{{0, somalia, 5, "refuse limit.country"}, {10, uk, 5, ""}, {20, home, 5, ""}, {30, "00882160001234", 5, "refuse limit.country"}}},
		"classes never":              {belwacht.Limit{NoClasses: []belwacht.Class{belwacht.ClassPremium}}, []told{{0, "09001234", 5, "refuse limit.class"}, {10, uk, 5, ""}}},
		"hours":                      {belwacht.Limit{Hours: &belwacht.TimeWindows{Spans: [][2]int{{9 * 60, 10 * 60}}}}, []told{{0, home, 5, ""}, {3599, uk, 5, ""}, {3600, home, 5, "refuse limit.hours"}, {day, uk, 5, "refuse limit.hours"}, {7 * day, uk, 5, ""}}},
	} {
		for scope, set := range map[string]func(*Tenant){
			"organisation": func(t *Tenant) { t.Limits.Organisation = &c.limit },
			"account":      func(t *Tenant) { t.Limits.Accounts = map[string]*belwacht.Limit{"212": &c.limit} },
			"trunk":        func(t *Tenant) { t.Limits.Trunks = map[string]*belwacht.Limit{"trunk": &c.limit} },
			"group": func(t *Tenant) {
				t.Accounts = []belwacht.Account{{Name: "212", Group: "desk"}}
				t.Limits.Groups = map[string]*belwacht.Limit{"desk": &c.limit}
			},
		} {
			got, _ := play(t, silent(t, dutch(t, belwacht.Enforce, priced(t, set))), c.calls)
			for i, call := range c.calls {
				if got[i] != call.want {
					t.Errorf("%s of the %s, call %d to %s after %d s: %q, want %q", name, scope, i+1, call.to, call.after, got[i], call.want)
				}
			}
		}
	}
}

// TestOthersLimits do not reach this account.
func TestOthersLimits(t *testing.T) {
	none := &belwacht.Limit{CallsPerDay: 1, MoneyPerDay: 1}
	e := silent(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) {
		t.Accounts = []belwacht.Account{{Name: "213", Group: "desk"}}
		t.Limits = Limits{Groups: map[string]*belwacht.Limit{"desk": none}, Accounts: map[string]*belwacht.Limit{"213": none, "21": none}, Trunks: map[string]*belwacht.Limit{"trunk2": none}}
	})))
	got, _ := play(t, e, []told{{0, somalia, 60, ""}, {100, uk, 60, ""}, {200, home, 60, ""}})
	for i, g := range got {
		if g != "" {
			t.Errorf("call %d: %s", i+1, g)
		}
	}
}

// TestParallelCallsCannotOvershoot: however many calls run side by side, they cost no more than the limit of the day.
func TestParallelCallsCannotOvershoot(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		limit := belwacht.Limit{MoneyPerDay: belwacht.Unit * belwacht.Money(2+rng.IntN(20))}
		switch seed % 3 {
		case 1:
			limit = belwacht.Limit{MoneyPerMonth: limit.MoneyPerDay}
		case 2:
			limit = belwacht.Limit{MoneyPerHour: limit.MoneyPerDay, MoneyPerMonth: limit.MoneyPerDay}
		}
		var calls []told
		for range 40 {
			calls = append(calls, told{after: int64(rng.IntN(1800)), to: []string{home, uk, somalia}[rng.IntN(3)], talk: int64(rng.IntN(20000))})
		}
		slices.SortFunc(calls, func(a, b told) int { return int(a.after - b.after) })
		got, spent := play(t, silent(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) { t.Limits.Organisation = &limit }))), calls)
		most := max(limit.MoneyPerDay, limit.MoneyPerMonth)
		if spent > most || spent < most/3 {
			t.Errorf("seed %d: %s spent of %s; %v", seed, spent, most, got)
		}
	}
}

// TestUnusedReservationsComeBack: many short calls use no more of the limit than they cost.
func TestUnusedReservationsComeBack(t *testing.T) {
	var calls []told
	for i := range 25 {
		calls = append(calls, told{after: int64(i) * 100, to: uk, talk: 6})
	}
	got, _ := play(t, silent(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) { t.Limits.Organisation = &belwacht.Limit{MoneyPerDay: 2 * belwacht.Unit} }))), calls)
	for i, g := range got {
		if want := map[bool]string{true: "", false: "refuse limit.money.day"}[i < 24]; g != want {
			t.Errorf("call %d: %q, want %q: 24 calls of € 0.06 leave no € 0.60", i+1, g, want)
		}
	}
}

// TestALimitIsMonitored: without enforcing, calls over a limit are said to be refused, go on, and are counted as they went.
func TestALimitIsMonitored(t *testing.T) {
	for mode, want := range map[belwacht.Mode][]string{
		belwacht.Monitor: {"end limit.money.day", "refuse limit.money.day", "refuse limit.money.day"},
		belwacht.Learn:   {"", "", ""},
	} {
		e := silent(t, dutch(t, mode, priced(t, func(t *Tenant) {
			t.Limits.Organisation = &belwacht.Limit{MoneyPerDay: 2 * belwacht.Unit}
			t.Policy.BrakeOff = true
		})))
		got, spent := play(t, e, []told{{0, somalia, 600, ""}, {100, uk, 60, ""}, {1000, uk, 60, ""}})
		if !slices.Equal(got, want) || spent != 13_200_000 {
			t.Errorf("%v: %q and %s spent, want %q and 13.20", mode, got, spent, want)
		}
		m := e.order[0].meters.tenant
		if used := m.sums[money]; used != 13_200_000 || m.running != 0 || m.abroad != 0 {
			t.Errorf("%v: the meter says %d, %d running", mode, used, m.running)
		}
	}
}

// TestTheBrakeComesBeforeLimitsThatOnlySpeak: in monitor a limit that is passed does not keep the brake from acting.
func TestTheBrakeComesBeforeLimitsThatOnlySpeak(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Monitor, priced(t, func(t *Tenant) {
		t.Limits.Organisation = &belwacht.Limit{MoneyPerDay: belwacht.Unit}
		t.Policy.Brake = 10 * belwacht.Unit
	})))
	night := int64(15 * 3600)
	got, spent := play(t, e, []told{{night, somalia, 36000, ""}, {night + 60, "0025261555124", 36000, ""}, {night + 7200, "0025261555125", 60, ""}})
	if got[2] != "refuse brake.night" || got[0] != "end brake.night" || got[1] != "end brake.night" || spent > 13*belwacht.Unit {
		t.Errorf("%q, %s spent", got, spent)
	}
}

// TestLimitsWarn at half, four fifths and all of a limit, each once, in both languages.
func TestLimitsWarn(t *testing.T) {
	var calls []told
	for i := range 20 {
		calls = append(calls, told{after: int64(i) * 100, to: uk, talk: 60})
	}
	e := silent(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) { t.Limits.Organisation = &belwacht.Limit{MoneyPerDay: 6 * belwacht.Unit} })))
	var got []string
	r := NewReplay(e, ReplayConfig{Decision: func(d *belwacht.Decision) error {
		d.Tell()
		if d.Cause == causeNear {
			got = append(got, fmt.Sprintf("%s %s: %s / %s", d.ID, d.Word, d.Reason, d.ReasonNL))
		} else if d.Word == belwacht.Refuse {
			got = append(got, d.ID+" refused")
		}
		return nil
	}})
	for i, c := range calls[:12] {
		at := monday + belwacht.Instant(c.after)*belwacht.Second
		if err := r.Add(&belwacht.Call{ID: fmt.Sprint("c", i+1), Direction: belwacht.Out, Account: "212", Root: "212", Trunk: "trunk", Dialled: c.to, Start: at, Answer: at,
			End: at + 60*belwacht.Second, Talk: 60, Disposition: belwacht.Answered}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"c5 watch", "c8 alert", "c10 alert", "c11 refused", "c12 refused"}
	for i := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("%q, want %q", got, want)
		}
	}
	for i, s := range []string{"50 % of the owner's limit of money a day is used (organisation)", "80 % van de grens van de eigenaar voor geld per dag is gebruikt (organisatie)",
		"The owner's limit of money a day is reached (organisation)"} {
		if !strings.Contains(got[i], s) {
			t.Errorf("%q does not say %q", got[i], s)
		}
	}
	alerts := 0
	for _, a := range e.Alerts() {
		if a.Cause == causeNear {
			alerts++
		}
	}
	if alerts != 2 {
		t.Errorf("%d alerts, want 2: %+v", alerts, e.Alerts())
	}
}

// TestARunningCallWarns: one call that eats a limit up is told of while it runs.
func TestARunningCallWarns(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) { t.Limits.Organisation = &belwacht.Limit{MoneyPerDay: 12 * belwacht.Unit} })))
	got, spent := play(t, e, []told{{0, somalia, 5000, ""}})
	if got[0] != "end limit.money.day" && got[0] != "end limit.longest" || spent != 12*belwacht.Unit {
		t.Errorf("%q, %s spent", got, spent)
	}
	var reasons []string
	for _, a := range e.Alerts() {
		reasons = append(reasons, a.Reason)
	}
	all := strings.Join(reasons, "\n")
	if !strings.Contains(all, "80 %") || !strings.Contains(all, "is reached") {
		t.Errorf("alerts: %s", all)
	}
}

// TestTheBillIsForecast: a month that goes on as it began and will pass the usual bill is told of once; one at the usual pace is not.
func TestTheBillIsForecast(t *testing.T) {
	for _, c := range []struct {
		perDay int
		want   int
	}{{1, 0}, {3, 1}} {
		e := silent(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) { t.Limits.Organisation = &belwacht.Limit{UsualBill: 42 * belwacht.Unit} })))
		var calls []told
		for day := range int64(29) { // € 1.20 a day makes € 34.80
			for i := range c.perDay {
				calls = append(calls, told{after: day*86400 + int64(i)*100, to: uk, talk: 120})
			}
		}
		play(t, e, calls)
		n := 0
		for _, a := range e.Alerts() {
			if a.Cause == causeNear && strings.Contains(a.Reason, "of the usual bill") && strings.Contains(a.ReasonNL, "van de gewone rekening") {
				n++
				if days := (a.First - monday) / belwacht.Day; days > 12 {
					t.Errorf("told after %d days", days)
				}
			}
		}
		if n != c.want {
			t.Errorf("%d calls a day: told %d times, want %d", c.perDay, n, c.want)
		}
	}
}

// TestJustUnderEveryLimit: an attack that keeps under all limits for a month is not stopped by them, and found by evidence.
func TestJustUnderEveryLimit(t *testing.T) {
	calls := history(t, simulate.Config{Seed: 8, Extensions: 25, Weeks: 8, LearnWeeks: 4, AttackCount: -1, EarlyAttacks: -1, Forms: "3"})
	first := belwacht.InstantOf(calls[0].Start.Time()) + 28*belwacht.Day
	var thief string
	for i := range calls {
		if c := &calls[i]; c.Direction == belwacht.Out && c.Start > first-belwacht.Week && thief == "" {
			thief = c.Account
		}
	}
	for day := range 27 {
		for n := range 3 {
			at := first + belwacht.Instant(day)*belwacht.Day + 22*belwacht.Hour + belwacht.Instant(n)*25*belwacht.Minute
			calls = append(calls, simulate.Call{Attack: 0, Call: belwacht.Call{ID: fmt.Sprintf("thief-%d-%d", day, n), Direction: belwacht.Out, Account: thief, Root: thief, Trunk: calls[0].Trunk,
				Dialled: fmt.Sprintf("00252615550%03d", (day*3+n)*7%1000), Start: at, Answer: at + 5*belwacht.Second, End: at + 125*belwacht.Second, Talk: 120, Disposition: belwacht.Answered}})
		}
	}
	slices.SortStableFunc(calls, func(a, b simulate.Call) int { return int(a.Start - b.Start) })
	e := engine(t, dutch(t, belwacht.Enforce, priced(t, func(t *Tenant) {
		t.Limits.Organisation = &belwacht.Limit{CallsAtOnceAbroad: 10, CallsPerHour: 1000, MoneyPerDay: 5000 * belwacht.Unit}
		t.Limits.Accounts = map[string]*belwacht.Limit{thief: {CallsAtOnceAbroad: 1, CallsPerHour: 200, MoneyPerHour: 40 * belwacht.Unit, LongestCall: 7200}}
	})))
	stopped, found := 0, 0
	for _, d := range played(t, e, calls, nil) {
		if !strings.HasPrefix(d.ID, "thief") {
			continue
		}
		if strings.HasPrefix(d.Cause, "limit.") && d.Word >= belwacht.Refuse {
			t.Errorf("a limit caught it: %s", d.Reason)
		}
		if strings.HasPrefix(d.Cause, "rule.") && d.Word >= belwacht.Warn {
			if found++; found == 1 && (d.Time-first)/belwacht.Day > 3 {
				t.Errorf("found on day %d only", (d.Time-first)/belwacht.Day)
			}
		}
		if d.Enforced {
			stopped++
		}
	}
	t.Logf("81 calls: %d alerts or more, %d stopped", found, stopped)
	if found == 0 || stopped < 40 {
		t.Errorf("%d calls told of, %d stopped of 81", found, stopped)
	}
}
