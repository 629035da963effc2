package detect_test

import (
	"strconv"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
)

// TestPlainAllowAllocatesNothing holds the promise of the call path: an attempt that is plainly allowed, with all rules, the profiles and the
// price, allocates nothing, nor do its answer and its end.
func TestPlainAllowAllocatesNothing(t *testing.T) {
	site, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.New(calendar.Config{Timezone: "Europe/Amsterdam", Country: "NL", OfficeHours: "mon-fri 08:00-18:00"})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := builtin.Rules()
	if err != nil {
		t.Fatal(err)
	}
	set, err := rule.Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := detect.New(detect.Config{Rules: set, Tenants: []detect.Tenant{{Mode: belwacht.Enforce, Numbers: site, Calendar: cal, Policy: detect.DefaultPolicy()}}})
	if err != nil {
		t.Fatal(err)
	}
	// Four weeks in which the account calls at home and, every day, the same number in Germany: each a plain allow in the end.
	numbers := []string{"0201234567", "0612345678", "00493012345678"}
	const runs = 200
	ids := make([]string, 4000)
	for i := range ids {
		ids[i] = "call." + strconv.Itoa(i)
	}
	at, n := belwacht.Instant(1_772_438_400_000), 0 // Monday, 2 March 2026, 09:00 in Amsterdam
	out := detect.Out{Decisions: make([]belwacht.Decision, 0, 4)}
	above := 0
	handle := func(ev *belwacht.Event) {
		out.Reset()
		if err := e.Handle(ev, &out); err != nil {
			t.Fatal(err)
		}
		above += len(out.Decisions)
	}
	miss := func(dialled string) { // nobody answers
		ev := belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceRecords, Time: at, Call: ids[n], Direction: belwacht.Out, Account: "212", Root: "212", Trunk: "trunk",
			Dialled: dialled}
		n++
		handle(&ev)
		ev.Kind, ev.Time, ev.Disposition = belwacht.EventEnd, ev.Time+20*belwacht.Second, belwacht.NoAnswer
		handle(&ev)
	}
	call := func(dialled string) {
		ev := belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceRecords, Time: at, Call: ids[n], Direction: belwacht.Out, Account: "212", Root: "212", Trunk: "trunk",
			Dialled: dialled}
		n++
		handle(&ev)
		ev.Kind, ev.Time = belwacht.EventAnswer, ev.Time+8*belwacht.Second
		handle(&ev)
		ev.Kind, ev.Time, ev.Talk, ev.Disposition = belwacht.EventEnd, ev.Time+60*belwacht.Second, 60, belwacht.Answered
		handle(&ev)
	}
	for range 28 {
		for hour := range 8 {
			for _, d := range numbers {
				call(d)
				at += 2 * belwacht.Minute
			}
			at += belwacht.Hour - 6*belwacht.Minute
			_ = hour
		}
		at += 16 * belwacht.Hour
	}
	for _, d := range numbers {
		above = 0
		allocated := testing.AllocsPerRun(runs, func() {
			miss(d)
			at += belwacht.Minute
			call(d)
			at += 3 * belwacht.Hour // eight a day, as it is used to
		})
		if above > 0 {
			t.Fatalf("%s: %d decisions above a plain allow: the test shows nothing", d, above)
		}
		if allocated != 0 {
			t.Errorf("%s: a plain allow allocates %v times", d, allocated)
		}
	}
}
