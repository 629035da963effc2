package detect

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/alert"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/profile"
	"github.com/belwacht/belwacht/reach"
	"github.com/belwacht/belwacht/rule"
)

// hostile are strings that a stranger may put where a name or number is expected.
func hostile(i int) string {
	return []string{"\x1b[2J\x1b]0;owned\x07", "\x00\x00\x00", "=cmd|'/c calc'!A1", "<script>alert(1)</script>", "\xff\xfe\xc0\x80", "a\r\nb\u2028c\u202egnp.exe", "٠٠١١٢", "%s%n%d{account}{number}",
		strings.Repeat("9", 1<<20), strings.Repeat("\x1b[31m", 1<<16), "../../etc/passwd", "'; DROP TABLE calls; --"}[i%12]
}

// clean says whether a string may be printed: one line, no control or format characters, valid UTF-8, not long.
func clean(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) < 0
}

// TestHostileStrings: whatever names and numbers hold, what is said of them is clean and short, in both languages, and everything is decided.
func TestHostileStrings(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	e := engine(t, dutch(t, belwacht.Enforce, func(t *Tenant) {
		t.Limits.Organisation = &belwacht.Limit{CallsPerDay: 400, MoneyPerDay: 50 * belwacht.Unit}
	}))
	e.trace = true
	said := 0
	for i := range 600 {
		at := monday + belwacht.Instant(i)*belwacht.Second
		ev := try(fmt.Sprint("c", i, hostile(i)), hostile(i/12), hostile(i), at)
		ev.Caller, ev.Root, ev.Trunk = hostile(i+1), hostile(i+2), hostile(i/60)
		if i%3 == 0 {
			ev.Dialled = "0025261555" + hostile(i)
		}
		if i%5 == 0 {
			ev.Dialled = fmt.Sprintf("0025261555%04d", i)
		}
		if i%7 == 0 {
			ev.Direction = belwacht.In
		}
		ds := handle(t, e, ev)
		ds = append(ds, handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: ev.Call})...)
		for _, d := range ds {
			said++
			texts := map[string]string{"number": d.Number, "reason": d.Reason, "reason_nl": d.ReasonNL, "dialled": d.Trace.Dialled, "root": d.Trace.Root}
			for k, x := range d.Trace.Evidence {
				texts[fmt.Sprint("en", k)], texts[fmt.Sprint("nl", k)] = x.English, x.Dutch
			}
			for name, s := range texts {
				if !clean(s, 2000) {
					t.Fatalf("%s of call %d: %.300q", name, i, s)
				}
			}
			if strings.HasPrefix(d.Cause, "emergency") {
				t.Errorf("%q is taken for an emergency call", ev.Dialled)
			}
		}
	}
	for _, a := range e.Alerts() {
		if !clean(a.Reason, 2000) || !clean(a.ReasonNL, 2000) || !clean(strings.Join(a.Numbers, ""), 2000) {
			t.Errorf("%.300q", a.Reason)
		}
	}
	if said < 300 {
		t.Errorf("only %d decisions", said)
	}
	file := lines(t, []belwacht.Decision{{Account: hostile(0), ID: hostile(4), Number: hostile(5)}})
	if i := bytes.IndexFunc(file[:len(file)-1], unicode.IsControl); i >= 0 {
		t.Errorf("a control character in the file: %q", file)
	}
}

// TestBounds floods everything that grows with what strangers send, and finds it bounded.
func TestBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	const accounts, slots = 500, 300
	e := silent(t, dutch(t, belwacht.Monitor, func(t *Tenant) {
		t.Memory = count.Config{Accounts: accounts, Running: slots, Ranges: 256, Tails: 256, Rang: 256}
		t.Limits.Organisation = &belwacht.Limit{CallsAtOnce: 1}
	}))
	s := e.order[0]
	for i := range 15_000 {
		at := monday + belwacht.Instant(i)*100
		call := fmt.Sprint("c", i)
		ev := try(call, fmt.Sprint("stranger", i%7000), fmt.Sprintf("00252%07d", i*37%10_000_000), at)
		ev.Trunk = fmt.Sprint("trunk", i)
		var out Out
		if err := e.Handle(&ev, &out); err != nil {
			t.Fatal(err)
		}
		ev = belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: call}
		if err := e.Handle(&ev, &out); err != nil {
			t.Fatal(err)
		}
		if i%3 > 0 { // the others never end
			ev = belwacht.Event{Kind: belwacht.EventEnd, Time: at, Call: call, Talk: 10, Disposition: belwacht.Answered}
			if err := e.Handle(&ev, &out); err != nil {
				t.Fatal(err)
			}
		}
		if i%50 == 0 {
			in := belwacht.Event{Kind: belwacht.EventAttempt, Direction: belwacht.In, Time: at, Call: "in" + call, Account: "212", Caller: fmt.Sprintf("+2525%07d", i), Dialled: "212"}
			if err := e.Handle(&in, &out); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 2*profile.QuarantineMost + 10 { // what waits, and what patterns rose to
		c := &count.Slot{Attempt: count.Attempt{Number: so(i%400, i%10_000)}}
		s.learn(&running{word: belwacht.Warn, index: uint32(i % accounts)}, c, &belwacht.Event{Time: monday + belwacht.Hour})
		s.late.Rose(uint32(i), so(1, i%10_000), belwacht.Refuse, monday)
	}
	alerts, open := s.alerts.Len()
	waiting, patterns := s.late.Len()
	for name, n := range map[string][2]int{
		"accounts": {s.count.Len(), accounts}, "running calls": {s.count.Running(), slots}, "ranges": {s.count.Ranges.Len(), 512}, "alerts": {alerts, alert.Most},
		"open alerts": {open, alert.Most}, "calls that can be spoken of": {len(s.says.recall), recallMost}, "their order": {len(s.says.order), recallMost},
		"waiting": {waiting, profile.QuarantineMost}, "patterns": {patterns, profile.QuarantineMost}, "nights": {len(s.brake), trunksMost}, "rings": {s.reach.Ringing(), reach.Rings},
		"persons": {len(s.own) * chunk, accounts + chunk}, "views": {len(s.views), slots}, "schedule": {len(s.due), 4 * slots},
	} {
		if n[0] > n[1] {
			t.Errorf("%s: %d, bound %d", name, n[0], n[1])
		}
	}
	for i := range saidMost + 100 { // and what people say
		s.says.remember(&belwacht.Decision{ID: fmt.Sprint("s", i), Account: fmt.Sprint("a", i)}, &rule.View{Judged: so(1, 1)}, 0)
		_ = e.Feedback(&belwacht.Feedback{ID: fmt.Sprint("s", i), Time: monday + belwacht.Day, Says: "fine", Width: belwacht.WidthNumber})
	}
	if n := len(s.says.fine) + len(s.says.fraud); n > saidMost {
		t.Errorf("%d judgements, bound %d", n, saidMost)
	}
	var b bytes.Buffer
	if err := e.Snapshot(&b); err != nil {
		t.Errorf("a flooded engine cannot be kept: %v", err)
	}
}

// TestFloodOfNames: a million attempts under ever new names take no more memory than the bounds.
func TestFloodOfNames(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and one goroutine: not for the race detector")
	}
	e := silent(t, dutch(t, belwacht.Enforce, func(t *Tenant) {
		t.Memory = count.Config{Accounts: 2000, Running: 500, Ranges: 1024, Tails: 1024, Rang: 1024}
	}))
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	send := func(from, to int) {
		var out Out
		for i := from; i < to; i++ {
			out.Reset()
			call := fmt.Sprint("c", i)
			ev := try(call, fmt.Sprintf("%d%s", i, "\x1b[31m name that goes on for a while"), fmt.Sprintf("0025261%07d", i), monday+belwacht.Instant(i))
			if err := e.Handle(&ev, &out); err != nil {
				t.Fatal(err)
			}
			ev = belwacht.Event{Kind: belwacht.EventEnd, Time: ev.Time, Call: call, Disposition: belwacht.Failed}
			if err := e.Handle(&ev, &out); err != nil {
				t.Fatal(err)
			}
		}
	}
	send(0, 30_000)
	before := heap()
	send(30_000, 150_000)
	if after := heap(); after > before+4<<20 {
		t.Errorf("the flood took %d more bytes", after-before)
	}
	runtime.KeepAlive(e)
}

// TestAlertsGroup: a burst of an account is one alert a day, with the gravest decision, its first numbers and how many they were.
func TestAlertsGroup(t *testing.T) {
	e := engine(t, dutch(t, belwacht.Enforce, nil))
	told := 0
	for i := range 100 {
		at := monday + 12*belwacht.Hour + belwacht.Instant(i)*10*belwacht.Second
		for _, d := range handle(t, e, try(fmt.Sprint("c", i), fmt.Sprint(212+i%2), fmt.Sprintf("0025261555%04d", i), at)) {
			if d.Word >= belwacht.Warn {
				told++
			}
		}
		handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: fmt.Sprint("c", i)})
	}
	alerts, sum := e.Alerts(), 0
	if len(alerts) != 2 {
		t.Fatalf("%d alerts, want one for each account: %+v", len(alerts), alerts)
	}
	for i, a := range alerts {
		sum += a.Count
		if a.ID != fmt.Sprintf("A%d", i+1) || a.Word < belwacht.Refuse || len(a.Numbers) != 8 || a.Reason == "" || a.ReasonNL == "" || a.First > a.Last || a.Account != []string{"212", "213"}[i] && a.Account != []string{"213", "212"}[i] {
			t.Errorf("%+v", a)
		}
	}
	if sum < told {
		t.Errorf("the alerts stand for %d decisions of %d", sum, told)
	}
}
