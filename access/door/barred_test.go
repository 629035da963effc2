package door

import (
	"net/netip"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/access"
)

// TestBarred: who tried too often is listed with how long they wait, and may try again once freed.
func TestBarred(t *testing.T) {
	now := time.Date(2026, 4, 18, 12, 0, 0, 0, time.UTC)
	d := &Door{c: Config{Now: func() time.Time { return now }}, guess: access.NewThrottle(), users: map[string]*belwacht.User{"U1": {ID: "U1", Login: "anna"}},
		sessions: map[string]*belwacht.Session{"S1": {ID: "S1", User: "U1"}}}
	from := access.SourceKey(netip.MustParseAddr("203.0.113.9"))
	for _, key := range []string{from, "account mallory", "password U1 by abc", "confirm S1", "second U1"} {
		for range 5 {
			d.guess.Wait(now, access.LongestWait, key)
		}
	}
	d.guess.Wait(now, access.LongestWait, "from 203.0.113.10") // once is nothing
	got := map[string]string{}
	for _, b := range d.Barred() {
		if b.Failures < 4 || b.Until <= belwacht.InstantOf(now) || b.Last != belwacht.InstantOf(now) {
			t.Errorf("%+v", b)
		}
		got[b.Key] = b.Kind + " " + b.Subject
	}
	for key, want := range map[string]string{from: "address 203.0.113.9", "account mallory": "name mallory", "password U1 by abc": "user anna", "confirm S1": "user anna", "second U1": "user anna"} {
		if got[key] != want {
			t.Errorf("%s is told as %q, not %q", key, got[key], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d are listed: %v", len(got), got)
	}
	if d.guess.Wait(now, access.LongestWait, from) == 0 {
		t.Fatal("it may try")
	}
	if err := d.Free(from); err != nil {
		t.Error(err)
	}
	if d.guess.Wait(now, access.LongestWait, from) != 0 || len(d.Barred()) != 4 {
		t.Error("it was freed and may not try")
	}
	if err := d.Free("from 203.0.113.77"); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Error(err)
	}
	if err := d.Free(""); err != nil || len(d.Barred()) != 0 {
		t.Errorf("%v, %v", err, d.Barred())
	}
}
