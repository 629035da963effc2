package storetest

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"

	"github.com/belwacht/belwacht"
)

func (s *suite) after(t *testing.T, position uint64) (all []belwacht.Event, positions []uint64) {
	t.Helper()
	ok(t, s.EventsAfter(t.Context(), position, func(p uint64, e *belwacht.Event) error {
		all, positions = append(all, *e), append(positions, p)
		return nil
	}))
	return all, positions
}

func events(t *testing.T, s *suite) {
	if n := s.LastEvent(); n != 0 {
		t.Fatalf("an empty store gave position %d", n)
	}
	const n = 2500
	var want []belwacht.Event
	for i := range n {
		e := event(i)
		want = append(want, *event(i))
		if p := s.AppendEvent(e); p != uint64(i+1) {
			t.Fatalf("event %d has position %d", i, p)
		}
		if *e = (belwacht.Event{}); s.LastEvent() != uint64(i+1) { // the caller may change it
			t.Fatalf("the last position is %d", s.LastEvent())
		}
	}
	s.sync(t)
	got, positions := s.after(t, 0)
	same(t, "events", got, want)
	for i, p := range positions {
		if p != uint64(i+1) {
			t.Fatalf("event %d was read at position %d", i, p)
		}
	}
	got, _ = s.after(t, n-3)
	same(t, "the last three", got, want[n-3:])
	stop := errors.New("enough")
	seen := 0
	err := s.EventsAfter(t.Context(), 10, func(uint64, *belwacht.Event) error { seen++; return stop })
	if !errors.Is(err, stop) || seen != 1 {
		t.Errorf("yield's error came as %v after %d events", err, seen)
	}
	s.reopen(t)
	if p := s.AppendEvent(event(0)); p != n+1 {
		t.Errorf("after a restart the next position is %d, want %d", p, n+1)
	}
	s.sync(t)
	if got, _ = s.after(t, n); len(got) != 1 {
		t.Errorf("%d events after the restart", len(got))
	}
}

func logins(t *testing.T, s *suite) {
	for i := range 200 {
		s.AppendEvent(event(i)) // every fourth is a log-in
	}
	other := event(2)
	other.Tenant = "elm"
	s.AppendEvent(other)
	unknown := event(2)
	unknown.Login.From, unknown.Login.User = netip.Addr{}, ""
	unknown.Time = start + belwacht.Day
	s.AppendEvent(unknown)
	s.sync(t)
	from := netip.MustParseAddr("192.0.2.2")
	for _, c := range []struct {
		name  string
		query belwacht.LoginQuery
		match func(*belwacht.Event) bool
	}{
		{"all", belwacht.LoginQuery{Tenant: "oak"}, func(e *belwacht.Event) bool { return true }},
		{"user", belwacht.LoginQuery{Tenant: "oak", User: "211"}, func(e *belwacht.Event) bool { return e.Login.User == "211" }},
		{"address", belwacht.LoginQuery{Tenant: "oak", From: from}, func(e *belwacht.Event) bool { return e.Login.From == from }},
		{"both", belwacht.LoginQuery{Tenant: "oak", From: from, User: "211"},
			func(e *belwacht.Event) bool { return e.Login.From == from && e.Login.User == "211" }},
		{"time", belwacht.LoginQuery{Tenant: "oak", Since: start + 10*belwacht.Second, Until: start + 20*belwacht.Second},
			func(e *belwacht.Event) bool {
				return e.Time >= start+10*belwacht.Second && e.Time < start+20*belwacht.Second
			}},
	} {
		var want []belwacht.PastLogin
		add := func(e *belwacht.Event) {
			if e.Login != nil && c.match(e) {
				l := belwacht.PastLogin{Login: *e.Login, Kind: e.Kind, Time: e.Time, Tenant: e.Tenant, Site: e.Site, Account: e.Account}
				want = append([]belwacht.PastLogin{l}, want...)
			}
		}
		for i := range 200 {
			add(event(i))
		}
		add(unknown)
		got := walk(t, 7, func(p belwacht.Page) ([]belwacht.PastLogin, belwacht.Cursor, error) {
			c.query.Page = p
			return s.Logins(t.Context(), &c.query)
		})
		if len(want) == 0 {
			t.Errorf("%s: nothing was to be found", c.name)
		}
		same(t, c.name, got, want)
	}
}

// hostile keeps what strangers choose as it came, however it looks, and cuts what is too long.
func hostile(t *testing.T, s *suite) {
	for i, bad := range []string{"'; DROP TABLE events; --", "a\x00b", "\xff\xfe", "\u202e\U0001f4de", "a\r\nb", `{"a":"b"}`} {
		e := event(2)
		e.Account, e.Caller, e.Call, e.Login.User, e.Login.Agent = bad, bad, bad, bad, bad
		p := s.AppendEvent(e)
		c := call(i)
		c.ID, c.Name, c.Account = bad, bad, bad
		s.PutCall(c)
		d := decision(i)
		d.ID, d.Account = bad, bad
		s.AddDecision(d)
		s.sync(t)
		got, _ := s.after(t, p-1)
		same(t, fmt.Sprintf("event with %q", bad), got, []belwacht.Event{*e})
		read, err := s.Call(t.Context(), "oak", "main", bad)
		ok(t, err)
		same(t, fmt.Sprintf("call with %q", bad), read, c)
		decided, _, err := s.Decisions(t.Context(), &belwacht.DecisionQuery{Tenant: "oak", Account: bad})
		ok(t, err)
		if len(decided) != 1 || decided[0].ID != bad || decided[0].Account != bad {
			t.Errorf("decision with %q: %+v", bad, decided)
		}
	}
	long := event(2)
	long.Dialled = string(make([]byte, 1<<20))
	p := s.AppendEvent(long)
	s.sync(t)
	got, _ := s.after(t, p-1)
	if len(got) != 1 || len(got[0].Dialled) == 0 || len(got[0].Dialled) > 4096 {
		t.Errorf("a field of a megabyte is kept with %d bytes", len(got[0].Dialled))
	}
}
