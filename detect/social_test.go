package detect

import (
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// talk plays one call of an account that lasts so many seconds, and returns what was decided on it.
func talk(t *testing.T, e *Engine, id, dialled string, at belwacht.Instant, seconds int64) []belwacht.Decision {
	t.Helper()
	var got []belwacht.Decision
	r := NewReplay(e, ReplayConfig{Decision: func(d *belwacht.Decision) error { got = append(got, *d); return nil }})
	c := belwacht.Call{ID: id, Direction: belwacht.Out, Account: "201", Root: "201", Trunk: "trunk", Dialled: dialled, Start: at, Answer: at + belwacht.Second,
		End: at + belwacht.Second + belwacht.Instant(seconds)*belwacht.Second, Talk: seconds, Disposition: belwacht.Answered}
	if err := r.Add(&c); err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	return got
}

const workday = belwacht.Instant(1772010000000) // 2026-02-25, 10:00 in Amsterdam

// Social numbers are held to concurrency and counts only (DESIGN §4): neither money nor minutes end a call to them.
func TestSocialCallsAreNotEndedByMoneyOrMinutes(t *testing.T) {
	for name, limit := range map[string]belwacht.Limit{"money": {MoneyPerDay: 1}, "minutes": {MinutesPerDay: 1}, "longest": {LongestCall: 30}} {
		for _, dialled := range []string{"09008844", "113", "116123"} {
			e := engine(t, dutch(t, belwacht.Enforce, func(o *Tenant) { o.Limits.Organisation = &limit }))
			for _, d := range talk(t, e, "1", dialled, workday, 3600) {
				if d.Word >= belwacht.Refuse {
					t.Errorf("%s limit, %s: %s because of %s", name, dialled, d.Word, d.Cause)
				}
			}
		}
	}
}

// The owner's alarm centre shares its range with others: what a person says of a neighbour says nothing of it.
func TestFraudOnANeighbourLeavesTheAlarmCentreReachable(t *testing.T) {
	site, err := number.New(number.Config{Country: "NL", Social: []string{"0201230000"}})
	if err != nil {
		t.Fatal(err)
	}
	e := engine(t, dutch(t, belwacht.Enforce, func(o *Tenant) {
		o.Numbers = site
		o.Limits.Organisation = &belwacht.Limit{NoClasses: []belwacht.Class{belwacht.ClassGeographic}}
	}))
	if got := talk(t, e, "1", "0201230001", workday, 60); len(got) == 0 || got[0].Word != belwacht.Refuse {
		t.Fatalf("a barred number: %+v", got)
	}
	if err := e.Feedback(&belwacht.Feedback{ID: "1", Time: workday + belwacht.Hour, Says: "fraud"}); err != nil {
		t.Fatal(err)
	}
	for _, d := range talk(t, e, "2", "0201230000", workday+2*belwacht.Hour, 60) {
		if d.Word >= belwacht.Refuse {
			t.Errorf("the alarm centre: %s because of %s", d.Word, d.Cause)
		}
	}
}
