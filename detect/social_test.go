package detect

import (
	"testing"

	"github.com/belwacht/belwacht"
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

// A social number is no E.164 number: "fraud" said of one is not taken, since it would reach every call without a number.
func TestNothingCanBeSaidAgainstASocialNumber(t *testing.T) {
	e := engine(t, dutch(t, belwacht.Enforce, func(o *Tenant) { o.Limits.Organisation = &belwacht.Limit{CallsPerHour: 1} }))
	talk(t, e, "1", "09008844", workday, 60)
	if got := talk(t, e, "2", "09008844", workday+10*belwacht.Minute, 60); len(got) == 0 || got[0].Word != belwacht.Refuse {
		t.Fatalf("the second call of an hour that allows one: %+v", got)
	}
	if err := e.Feedback(&belwacht.Feedback{ID: "2", Time: workday + belwacht.Hour, Says: "fraud"}); err == nil {
		t.Error("fraud was taken of the police")
	}
	for _, d := range talk(t, e, "3", "113", workday+3*belwacht.Hour, 60) {
		if d.Word >= belwacht.Refuse {
			t.Errorf("a helpline: %s because of %s", d.Word, d.Cause)
		}
	}
}
