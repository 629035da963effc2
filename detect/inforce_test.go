package detect

import (
	"bytes"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestDecisionsInForce: a lock and panic refuse what they are for in every mode and nothing else, and outlive a snapshot.
func TestDecisionsInForce(t *testing.T) {
	for _, mode := range []belwacht.Mode{belwacht.Learn, belwacht.Monitor, belwacht.Enforce} {
		e := silent(t, dutch(t, mode, nil))
		if err := e.Lock("", "212", true); err != nil {
			t.Fatal(err)
		}
		if err := e.Panic("", true); err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := e.Snapshot(&file); err != nil {
			t.Fatal(err)
		}
		restored := silent(t, dutch(t, mode, nil))
		if err := restored.Restore(&file); err != nil {
			t.Fatal(err)
		}
		for _, e := range []*Engine{e, restored} {
			if !e.Panics("") {
				t.Error("panic is off")
			}
			for _, c := range []struct{ account, dialled, cause string }{
				{"212", "0612345678", "lock.account"}, {"212", "0032470000101", "lock.account"}, {"212", "112", "emergency"}, {"212", "113", ""}, {"212", "201", ""},
				{"213", "0612345678", ""}, {"213", "0201234567", ""}, {"213", "0032470000101", "panic"}, {"213", "09001234567", "panic"}, {"213", "00881612345678", "panic"},
				{"213", "112", "emergency"}, {"213", "113", ""}, {"213", "08001234", ""},
			} {
				var out Out
				ev := try(c.account+c.dialled, c.account, c.dialled, monday)
				if err := e.Handle(&ev, &out); err != nil {
					t.Fatal(err)
				}
				cause := ""
				for _, d := range out.Decisions {
					if cause = d.Cause; (d.Word == belwacht.Refuse) != (cause != "emergency") || (d.Word == belwacht.Refuse) != d.Enforced {
						t.Errorf("%v: %s by %s: %+v", mode, c.dialled, c.account, d)
					}
				}
				if cause != c.cause {
					t.Errorf("%v: %s by %s: %q, want %q", mode, c.dialled, c.account, cause, c.cause)
				}
			}
			if err := e.Panic("", false); err != nil {
				t.Fatal(err)
			}
			if err := e.Lock("", "212", false); err != nil {
				t.Fatal(err)
			}
			var out Out
			ev := try("after", "212", "0032470000101", monday)
			if err := e.Handle(&ev, &out); err != nil || len(out.Decisions) > 0 {
				t.Errorf("lifted: %+v %v", out.Decisions, err)
			}
		}
		if err := e.Panic("nobody", true); belwacht.CodeOf(err) != belwacht.NotFound {
			t.Error(err)
		}
	}
}

// TestStop ends what runs or rings and is forbidden, and nothing else.
func TestStop(t *testing.T) {
	e := silent(t, dutch(t, belwacht.Monitor, nil))
	var out Out
	for i, c := range []struct{ account, dialled string }{{"212", "0612345678"}, {"212", "113"}, {"213", "0032470000101"}, {"213", "0612345678"}, {"214", "0032470000102"}} {
		ev := try(c.account+c.dialled, c.account, c.dialled, monday)
		if err := e.Handle(&ev, &out); err != nil {
			t.Fatal(err)
		}
		ev = belwacht.Event{Kind: belwacht.EventAnswer, Time: monday, Call: ev.Call}
		if i == 4 {
			continue // it rings
		}
		if err := e.Handle(&ev, &out); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Lock("", "212", true); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := e.Handle(&belwacht.Event{Kind: belwacht.EventInForce, Time: monday + belwacht.Minute, Call: string(belwacht.KindPanic), Talk: 2}, &out); err != nil || !e.Panics("") {
		t.Fatal(err)
	}
	ended := map[string]string{}
	for _, d := range out.Decisions {
		if d.Word != belwacht.EndNow || !d.Enforced {
			t.Errorf("%+v", d)
		}
		ended[d.ID] = d.Cause
	}
	if len(ended) != 3 || ended["2120612345678"] != "lock.account" || ended["2130032470000101"] != "panic" || ended["2140032470000102"] != "panic" {
		t.Errorf("%v", ended)
	}
	left := map[string]bool{}
	e.Running(func(r *belwacht.Running) { left[r.ID] = true })
	if len(left) != 2 || !left["212113"] || !left["2130612345678"] {
		t.Errorf("%v run on", left)
	}
}

// TestRecordsArePast: of a live guard what records tell is not refused, since it has happened; it is counted.
func TestRecordsArePast(t *testing.T) {
	limited := dutch(t, belwacht.Enforce, func(x *Tenant) { x.Limits.Organisation = &belwacht.Limit{CallsPerDay: 1} })
	e := silent(t, limited)
	e.live = true
	var out Out
	for i, call := range []string{"a", "b", "c"} {
		out.Reset()
		ev := try(call, "212", "0032470000101", monday+belwacht.Instant(i)*belwacht.Minute)
		ev.Source = belwacht.SourceRecords
		if err := e.Handle(&ev, &out); err != nil {
			t.Fatal(err)
		}
		if i > 0 && (len(out.Decisions) != 1 || out.Decisions[0].Enforced || out.Decisions[0].Word != belwacht.Refuse) {
			t.Errorf("%s: %+v", call, out.Decisions)
		}
	}
	n := 0
	e.Running(func(*belwacht.Running) { n++ })
	if n != 3 {
		t.Errorf("%d run, want all 3", n)
	}
	seen := map[string]bool{}
	ev := belwacht.Event{Kind: belwacht.EventEnd, Time: monday + belwacht.Hour, Call: "a", Talk: 60, Disposition: belwacht.Answered}
	if err := e.Handle(&ev, &out); err != nil {
		t.Fatal(err)
	}
	e.Usual(func(_, account string, c belwacht.Country) { seen[account+c.String()] = true })
	if !seen["212BE"] || len(seen) != 1 {
		t.Errorf("usual: %v", seen)
	}
}
