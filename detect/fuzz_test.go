package detect

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
)

// FuzzHandle gives an engine events in any order, with any times, of any calls: it never panics, never refuses or ends an emergency call, decides
// an attempt at most once, and its memory can be kept and taken up again.
func FuzzHandle(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09"), "112", "0025261555123", uint8(2))
	f.Add([]byte{0, 9, 9, 1, 17, 2, 33, 255, 0, 128, 5, 5, 5, 5, 5, 200, 1, 1}, "0112", "\x1b[2J", uint8(1))
	rules, err := builtin.Rules()
	if err != nil {
		f.Fatal(err)
	}
	set, err := rule.Compile(rules, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, script []byte, account, dialled string, mode uint8) {
		tenant := dutch(t, belwacht.Mode(mode%3), func(t *Tenant) {
			t.Memory.Running, t.Memory.Accounts = 16, 8
			t.Limits.Organisation = &belwacht.Limit{CallsAtOnce: 3, MoneyPerDay: belwacht.Unit, LongestCall: 60, UsualBill: 1}
		})
		e, err := New(Config{Rules: set, Tenants: []Tenant{tenant}})
		if err != nil {
			t.Fatal(err)
		}
		emergency := map[string]bool{}
		at := monday
		if len(script) > 600 {
			script = script[:600]
		}
		for i := 0; i+1 < len(script); i += 2 {
			op, arg := script[i], script[i+1]
			at += belwacht.Instant(int64(int8(arg))) * belwacht.Instant(op) * 100 // backwards as well
			call := fmt.Sprint("c", arg%12)
			ev := belwacht.Event{Kind: belwacht.EventKind(op%5) + 1, Time: at, Call: call, Account: account, Trunk: "t", Direction: belwacht.Direction(op / 5 % 4), Lineage: belwacht.Lineage(op / 20 % 4),
				Dialled: dialled, Caller: dialled, Late: op%31 == 0, Talk: int64(int8(arg)) * 100, Disposition: belwacht.Disposition(op % 9)}
			switch op / 64 {
			case 1:
				ev.Dialled, ev.Call = forms[int(arg)%len(forms)], "sos"+call
				emergency[ev.Call] = emergency[ev.Call] || ev.Direction != belwacht.In
			case 2:
				ev.Dialled, ev.Account = fmt.Sprintf("002526155512%02d", arg), fmt.Sprint("a", arg%11)
			case 3:
				_ = e.Feedback(&belwacht.Feedback{ID: call, Time: at, Says: []string{"fine", "fraud"}[op%2], Width: []belwacht.Width{"once", "number", "country"}[op%3]})
			}
			own := 0
			for _, d := range handle(t, e, ev) {
				if d.ID == ev.Call && d.Word != belwacht.EndNow {
					own++
				}
				if emergency[d.ID] && d.Word != belwacht.Allow {
					t.Fatalf("an emergency call: %s", d.Reason)
				}
				if d.Enforced && tenant.Mode != belwacht.Enforce && d.Cause != "brake.night" {
					t.Fatalf("enforced in %v: %s", tenant.Mode, d.Cause)
				}
			}
			if own > 1 {
				t.Fatalf("%d decisions on one attempt", own)
			}
		}
		data := snapshotOf(t, e)
		next, err := New(Config{Rules: set, Tenants: []Tenant{tenant}})
		if err != nil {
			t.Fatal(err)
		}
		if err := next.Restore(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		if got := snapshotOf(t, next); string(got) != string(data) {
			t.Fatal("the restored engine makes another snapshot")
		}
	})
}
