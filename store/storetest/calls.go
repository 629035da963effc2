package storetest

import (
	"slices"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
)

func calls(t *testing.T, s *suite) {
	const n = 60
	for i := range n {
		c := call(i)
		s.PutCall(c)
		*c = belwacht.PastCall{} // the caller may change it
	}
	grown := call(3)
	grown.Talk, grown.Cost = 600, 1_200_000
	s.PutCall(grown)
	other := call(3)
	other.Tenant = "elm"
	s.PutCall(other)
	running := call(n)
	running.Answer, running.End, running.Talk, running.Number, running.Country = 0, 0, 0, 0, belwacht.Country{}
	s.PutCall(running)
	s.sync(t)
	want := []belwacht.PastCall{*running}
	for i := n - 1; i >= 0; i-- {
		if c := call(i); i == 3 {
			want = append(want, *grown)
		} else {
			want = append(want, *c)
		}
	}
	for _, w := range []*belwacht.PastCall{&want[0], grown, other} {
		got, err := s.Call(t.Context(), w.Tenant, w.Site, w.ID)
		ok(t, err)
		same(t, "call", got, w)
	}
	for _, key := range [][3]string{{"oak", "main", "1.1"}, {"oak", "", grown.ID}, {"", "main", grown.ID}} {
		_, err := s.Call(t.Context(), key[0], key[1], key[2])
		code(t, err, belwacht.NotFound)
	}
	number := call(2).Number
	from, until := start+10*belwacht.Second, start+20*belwacht.Second
	for _, c := range []struct {
		name  string
		query belwacht.CallQuery
		match func(*belwacht.PastCall) bool
	}{
		{"all", belwacht.CallQuery{}, func(*belwacht.PastCall) bool { return true }},
		{"account", belwacht.CallQuery{Account: "203"}, func(c *belwacht.PastCall) bool { return c.Account == "203" }},
		{"number", belwacht.CallQuery{Number: number}, func(c *belwacht.PastCall) bool { return c.Number == number }},
		{"both", belwacht.CallQuery{Number: number, Account: "201"}, func(c *belwacht.PastCall) bool { return c.Number == number && c.Account == "201" }},
		{"time", belwacht.CallQuery{From: from, Until: until}, func(c *belwacht.PastCall) bool { return c.Start >= from && c.Start < until }},
		{"account and time", belwacht.CallQuery{Account: "203", From: from, Until: until},
			func(c *belwacht.PastCall) bool { return c.Account == "203" && c.Start >= from && c.Start < until }},
	} {
		some := slices.DeleteFunc(slices.Clone(want), func(x belwacht.PastCall) bool { return !c.match(&x) })
		if len(some) == 0 {
			t.Errorf("%s: nothing was to be found", c.name)
		}
		for _, most := range []int{1, 3, belwacht.PageMost} {
			same(t, c.name, walk(t, most, func(p belwacht.Page) ([]belwacht.PastCall, belwacht.Cursor, error) {
				q := c.query
				q.Tenant, q.Page = "oak", p
				return s.Calls(t.Context(), &q)
			}), some)
		}
	}
	for name, q := range map[string]belwacht.CallQuery{"no tenant": {}, "unknown account": {Tenant: "oak", Account: "999"},
		"empty time": {Tenant: "oak", From: until, Until: from}} {
		got, next, err := s.Calls(t.Context(), &q)
		if err != nil || len(got) != 0 || !next.IsZero() {
			t.Errorf("%s: %d calls, cursor %q, %v", name, len(got), next, err)
		}
	}
}

// pages holds many calls of one instant, and rows that come between two pages.
func pages(t *testing.T, s *suite) {
	seen := map[string]int{}
	for i := range 25 {
		c := call(i)
		c.Start = start
		s.PutCall(c)
	}
	s.sync(t)
	i := 25
	for p := (belwacht.Page{Most: 4}); ; {
		got, next, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak", Page: p})
		ok(t, err)
		for _, c := range got {
			seen[c.ID]++
		}
		c := call(i)
		c.Start = start + belwacht.Instant(i%2)
		s.PutCall(c)
		s.sync(t)
		i++
		if p.After = next; next.IsZero() {
			break
		}
	}
	for i := range 25 {
		if id := call(i).ID; seen[id] != 1 {
			t.Errorf("call %s was on the pages %d times", id, seen[id])
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d calls on the pages; those that came later are newer and stand before", len(seen))
	}
	got, next, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak", Page: belwacht.Page{Most: i}})
	if err != nil || len(got) != i || !next.IsZero() {
		t.Errorf("a page that holds exactly all: %d of %d, cursor %q, %v", len(got), i, next, err)
	}
}

// many writes and reads from many goroutines.
func many(t *testing.T, s *suite) {
	const writers, each = 8, 200
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				s.PutCall(call(w*each + i))
				s.AppendEvent(event(i))
				s.AddDecision(decision(i))
				if i%50 == 0 {
					if err := s.PutInForce(t.Context(), lock(w*each+i)); err != nil {
						t.Error(err)
					}
					if _, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak"}); err != nil {
						t.Error(err)
					}
				}
				s.State()
			}
		})
	}
	wg.Wait()
	s.sync(t)
	all := walk(t, belwacht.PageMost, func(p belwacht.Page) ([]belwacht.PastCall, belwacht.Cursor, error) {
		return s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak", Page: p})
	})
	_, positions := s.after(t, 0)
	held, err := s.InForce(t.Context(), start+belwacht.Week)
	ok(t, err)
	if len(all) != writers*each || len(positions) != writers*each || len(held) != writers*each/50 {
		t.Errorf("%d calls, %d events, %d in force", len(all), len(positions), len(held))
	}
	if st := s.State(); st.Pending != 0 || st.Written != writers*(3*each+each/50) {
		t.Errorf("state %+v", st)
	}
	ok(t, s.Check(t.Context()))
}
