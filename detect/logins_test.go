package detect

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/login"
	"github.com/belwacht/belwacht/network"
	"github.com/belwacht/belwacht/rule"
)

const yealink = "Yealink SIP-T46S 66.86.0.15"

// guarded is an office whose addresses are those of RFC 5737: 203.0.113.0/24 and 192.0.2.0/24 are Dutch providers, 198.51.100.0/24 is in Moldova.
func guarded(t testing.TB, mode belwacht.Mode) Tenant {
	return dutch(t, mode, func(o *Tenant) {
		at, err := network.New(network.Config{Known: map[netip.Prefix]belwacht.Country{netip.MustParsePrefix("203.0.113.0/24"): {'N', 'L'},
			netip.MustParsePrefix("192.0.2.0/24"): {'N', 'L'}, netip.MustParsePrefix("198.51.100.0/24"): {'M', 'D'}}})
		if err != nil {
			t.Fatal(err)
		}
		o.Networks = at
	})
}

// logged hands a log-in to the engine and returns what it led to.
func logged(t testing.TB, e *Engine, at belwacht.Instant, user, from, agent string, result belwacht.LoginResult) []belwacht.Decision {
	t.Helper()
	kind := belwacht.EventRegistration
	if result != belwacht.LoginGood {
		kind = belwacht.EventAuthFailure
	}
	return handle(t, e, belwacht.Event{Kind: kind, Source: belwacht.SourcePBX, Time: at, Login: &belwacht.Login{Service: "sip", User: user, From: netip.MustParseAddr(from),
		Agent: agent, Result: result}})
}

// month is four weeks of an office: 201 to 210 register at home or in the office and call at home, sometimes in Germany.
func month(t testing.TB, e *Engine) belwacht.Instant {
	t.Helper()
	for day := range 28 {
		for n := range 10 {
			at := monday + belwacht.Instant(day)*belwacht.Day + belwacht.Instant(n)*belwacht.Minute
			user := fmt.Sprint(201 + n)
			logged(t, e, at, user, fmt.Sprint("10.0.0.", n), yealink, belwacht.LoginGood)
			logged(t, e, at+9*belwacht.Hour, user, fmt.Sprint("203.0.113.", n), yealink, belwacht.LoginGood)
			if day%7 > 4 {
				continue
			}
			for k, dialled := range []string{"0201234567", "0301112233", "0612345678", "00493012345678"} {
				call := fmt.Sprint("day", day, ".", n, ".", k)
				ev := try(call, user, dialled, at+belwacht.Instant(k+1)*belwacht.Hour)
				handle(t, e, ev)
				handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: ev.Time + 5*belwacht.Second, Call: call})
				handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: ev.Time + 2*belwacht.Minute, Call: call, Talk: 115, Disposition: belwacht.Answered})
			}
		}
	}
	return monday + 28*belwacht.Day
}

// TestCallsAfterLogins: what a log-in says decides of the call that follows, and what everybody's log-ins look like decides nothing.
func TestCallsAfterLogins(t *testing.T) {
	wrong := func(n int, from string) func(*testing.T, *Engine, belwacht.Instant) {
		return func(t *testing.T, e *Engine, at belwacht.Instant) {
			for i := range n {
				logged(t, e, at+belwacht.Instant(i)*10*belwacht.Second, "204", from, "", belwacht.LoginWrongSecret)
			}
		}
	}
	good := func(from, agent string) func(*testing.T, *Engine, belwacht.Instant) {
		return func(t *testing.T, e *Engine, at belwacht.Instant) {
			logged(t, e, at+50*belwacht.Minute, "204", from, agent, belwacht.LoginGood)
		}
	}
	type step = func(*testing.T, *Engine, belwacht.Instant)
	for _, c := range []struct {
		name    string
		steps   []step
		dialled string
		least   belwacht.Word
		most    belwacht.Word
	}{
		{"nothing before a call to Poland", nil, "0048221234567", belwacht.Allow, belwacht.Watch},
		{"nothing before a call to Somalia", nil, "00252612340001", belwacht.Allow, belwacht.Warn},
		{"a password guessed from Moldova", []step{wrong(60, "198.51.100.7"), good("198.51.100.7", "Asterisk PBX 18")}, "00252612340001", belwacht.Refuse, belwacht.Refuse},
		{"the same, to Poland", []step{wrong(60, "198.51.100.7"), good("198.51.100.7", "Asterisk PBX 18")}, "0048221234567", belwacht.Refuse, belwacht.Refuse},
		{"the same, at home", []step{wrong(60, "198.51.100.7"), good("198.51.100.7", "Asterisk PBX 18")}, "0201234567", belwacht.Allow, belwacht.Allow},
		{"the same, to the number that it calls every day", []step{wrong(60, "198.51.100.7"), good("198.51.100.7", "Asterisk PBX 18")}, "00493012345678", belwacht.Allow, belwacht.Warn},
		{"an emergency", []step{wrong(60, "198.51.100.7"), good("198.51.100.7", "sipcli")}, "112", belwacht.Allow, belwacht.Allow},
		{"a program of attackers", []step{good("198.51.100.7", "sipcli/v1.8")}, "00252612340001", belwacht.Refuse, belwacht.Refuse},
		{"from Moldova at the first try", []step{good("198.51.100.7", "Asterisk PBX 18")}, "00252612340001", belwacht.Refuse, belwacht.Refuse},
		{"new firmware", []step{good("203.0.113.3", "Yealink SIP-T46S 66.87.0.5")}, "0048221234567", belwacht.Allow, belwacht.Watch},
		{"another address of the provider", []step{good("203.0.113.200", yealink)}, "0048221234567", belwacht.Allow, belwacht.Watch},
		{"a new provider at home", []step{good("192.0.2.4", yealink)}, "0048221234567", belwacht.Allow, belwacht.Watch},
		{"mistyped three times at a new provider", []step{wrong(3, "192.0.2.4"), good("192.0.2.4", yealink)}, "0048221234567", belwacht.Allow, belwacht.Watch},
		{"another maker's phone in the office", []step{good("10.0.0.77", "snomD785/10.1.64.14")}, "0048221234567", belwacht.Allow, belwacht.Watch},
		{"Moldova is tried all day and does not get in", []step{wrong(300, "198.51.100.7"), good("203.0.113.3", yealink)}, "0048221234567", belwacht.Allow, belwacht.Watch},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := engine(t, guarded(t, belwacht.Enforce))
			now := month(t, e)
			for _, s := range c.steps {
				s(t, e, now)
			}
			ev := try("c", "204", c.dialled, now+2*belwacht.Hour)
			ev.Source = belwacht.SourcePBX
			word, reason := belwacht.Allow, ""
			for _, d := range handle(t, e, ev) {
				word, reason = d.Word, fmt.Sprint(d.Reason, " ", d.ScoreBits, " ", d.Rules)
			}
			if word < c.least || word > c.most {
				t.Errorf("%v, want %v to %v: %s", word, c.least, c.most, reason)
			}
			t.Log(word, reason)
		})
	}
}

// TestOriginate: calls that the PBX was told to make, by nobody or by ever another extension, to one range are refused like a burst of one account. They are
// no lineage of their own.
func TestOriginate(t *testing.T) {
	for name, account := range map[string]func(int) string{"nobody": func(int) string { return "" }, "each extension once": func(i int) string { return fmt.Sprint(201 + i) }} {
		e := engine(t, guarded(t, belwacht.Enforce))
		now := month(t, e)
		passed := 0
		for i := range 10 {
			call := fmt.Sprint("click", i)
			ev := try(call, account(i), fmt.Sprintf("002526123400%02d", i), now+belwacht.Instant(i)*15*belwacht.Second)
			refused := false
			for _, d := range handle(t, e, ev) {
				refused = refused || d.ID == call && d.Word == belwacht.Refuse && d.Enforced
			}
			if !refused {
				passed++
			}
		}
		if passed > 4 {
			t.Errorf("%s: %d of 10 calls to one range of Somalia passed", name, passed)
		}
		t.Log(name, passed, "of 10 passed")
	}
}

// TestSigns: what is no call is told as an alert, once an hour, in both languages, and in learning only noted.
func TestSigns(t *testing.T) {
	for _, mode := range []belwacht.Mode{belwacht.Learn, belwacht.Monitor, belwacht.Enforce} {
		e := engine(t, guarded(t, mode))
		now := month(t, e)
		before := len(e.Alerts())
		var told []belwacht.Decision
		for i := range 2000 {
			told = append(told, logged(t, e, now+belwacht.Instant(2*i)*belwacht.Second, fmt.Sprint(9000+i), "198.51.100.7", "x\x1b[31m", belwacht.LoginNoSuchAccount)...)
		}
		for i := range 40 {
			told = append(told, logged(t, e, now+90*belwacht.Minute+belwacht.Instant(i)*belwacht.Second, "204", "198.51.100.8", "", belwacht.LoginWrongSecret)...)
		}
		told = append(told, logged(t, e, now+92*belwacht.Minute, "204", "198.51.100.8", "", belwacht.LoginGood)...)
		for i := range 20 { // short calls to the voicemail
			call := fmt.Sprint("mail", i)
			at := now + 2*belwacht.Hour + belwacht.Instant(i)*belwacht.Minute
			ev := try(call, "209", "*98204", at)
			ev.Direction = belwacht.Internally
			told = append(told, handle(t, e, ev)...)
			told = append(told, handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at + 20*belwacht.Second, Call: call, Talk: 18, Disposition: belwacht.Answered})...)
		}
		for i := range 30 { // far networks refuse
			call := fmt.Sprint("far", i)
			at := now + 4*belwacht.Hour + belwacht.Instant(i)*belwacht.Second
			handle(t, e, try(call, fmt.Sprint(201+i%10), "00493012345678", at))
			for _, d := range handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Source: belwacht.SourcePBX, Time: at, Call: call, Disposition: belwacht.Declined}) {
				if strings.HasPrefix(d.ID, "sign.") {
					told = append(told, d)
				}
			}
		}
		for _, kind := range []belwacht.EventKind{belwacht.EventFeedGap, belwacht.EventConfigChange} {
			told = append(told, handle(t, e, belwacht.Event{Kind: kind, Time: now + 5*belwacht.Hour, Call: "started"})...)
		}
		var got []string
		for i := range told {
			d := &told[i]
			got = append(got, d.Cause)
			if !strings.HasPrefix(d.ID, "sign.") || d.Word > belwacht.Warn || (d.Word == belwacht.Watch) != (mode == belwacht.Learn) || d.Enforced || d.Reason == d.ReasonNL || !clean(d.Reason+d.ReasonNL+d.Account, 600) {
				t.Errorf("%v: %+v", mode, d)
			}
			if mode == belwacht.Enforce {
				t.Log(d.Reason, "|", d.ReasonNL)
			}
		}
		want := []string{login.Scan, login.Scan, login.Guessing, login.Forced, login.Strange, login.Voicemail, login.Refusals, login.Gap, login.Restart}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%v:\n%v, want\n%v", mode, got, want)
		}
		n := 0
		for _, a := range e.Alerts()[before:] {
			if strings.HasPrefix(a.Cause, "login.") || a.Cause == login.Voicemail || a.Cause == login.Refusals || a.Cause == login.Gap || a.Cause == login.Restart {
				n++
			}
			if a.Cause == login.Scan && (a.Count != 2 || a.Account != "" || len(a.Numbers) > 0) {
				t.Errorf("%+v: one alert a day", a)
			}
		}
		if alerts := map[belwacht.Mode]int{belwacht.Monitor: 8, belwacht.Enforce: 8}[mode]; n != alerts {
			t.Errorf("%v: %d alerts, want %d", mode, n, alerts)
		}
	}
}

// TestLoginsAreKept: a memory that was kept and read again knows the log-ins, and two engines that heard the same keep the same.
func TestLoginsAreKept(t *testing.T) {
	e, twin := engine(t, guarded(t, belwacht.Enforce)), engine(t, guarded(t, belwacht.Enforce))
	now := month(t, e)
	month(t, twin)
	next := engine(t, guarded(t, belwacht.Enforce))
	if err := next.Restore(bytes.NewReader(snapshotOf(t, e))); err != nil {
		t.Fatal(err)
	}
	for _, x := range []*Engine{e, twin, next} {
		for i := range 30 {
			logged(t, x, now+belwacht.Instant(i)*belwacht.Second, "204", "198.51.100.7", "", belwacht.LoginWrongSecret)
		}
		logged(t, x, now+belwacht.Minute, "204", "198.51.100.7", "Asterisk PBX", belwacht.LoginGood)
		want := login.Facts{Forced: 30, Abroad: 2, Agent: 1}
		if f := x.order[0].logins.Facts("204", uint32((now+belwacht.Hour)/belwacht.Second)); f != want {
			t.Errorf("%+v, want %+v", f, want)
		}
	}
	if a, b := snapshotOf(t, e), snapshotOf(t, next); !bytes.Equal(a, b) || !bytes.Equal(a, snapshotOf(t, twin)) {
		t.Error("the same events leave another memory")
	}
}

// TestLoginsCostCallsNothing: a plain allow allocates nothing where log-ins are known either, and a view without log-ins says nothing of them.
func TestLoginsCostCallsNothing(t *testing.T) {
	e := engine(t, guarded(t, belwacht.Enforce))
	now, n := month(t, e), 0
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = fmt.Sprint("alloc", i)
	}
	out := Out{Decisions: make([]belwacht.Decision, 0, 4)}
	allocated := testing.AllocsPerRun(100, func() {
		ev := try(ids[n], "204", "00493012345678", now)
		for _, kind := range []belwacht.EventKind{belwacht.EventAttempt, belwacht.EventAnswer, belwacht.EventEnd} {
			ev.Kind, ev.Talk, ev.Disposition = kind, 60, belwacht.Answered
			out.Reset()
			if err := e.Handle(&ev, &out); err != nil || len(out.Decisions) > 0 {
				t.Fatal(err, out.Decisions)
			}
			ev.Time += 30 * belwacht.Second
		}
		now += 6 * belwacht.Hour
		n++
	})
	if allocated > 0 {
		t.Errorf("%v allocations", allocated)
	}
	if (rule.View{}).Login != (login.Facts{}) || (*login.Watch)(nil) != engine(t, guarded(t, belwacht.Enforce)).order[0].logins {
		t.Error("an engine that heard of no log-ins knows some")
	}
}
