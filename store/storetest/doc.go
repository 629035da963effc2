// Package storetest is one suite for every database that keeps what must last: what the interfaces beside the nouns promise, tried.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T, place string) store.Store { return opened(t, place) })
//	}
//
// A place is a name for one database: opened twice, the second finds what the first kept. What only one database can have (files, modes, plans of queries) is
// tested beside it.
package storetest

import (
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/store"
)

// Open opens the database of a place, which is an empty folder of its own at first. The test fails where that fails; the suite closes it.
type Open func(t *testing.T, place string) store.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *suite)
	}{
		{"events", events}, {"logins", logins}, {"calls", calls}, {"decisions", decisions}, {"alerts", alerts}, {"in force", inForce},
		{"pages", pages}, {"durable", durable}, {"hostile", hostile}, {"prune", prune}, {"positions outlive events", positions}, {"many at once", many},
		{"users", users}, {"sessions", sessions}, {"keys", keys}, {"proposals", proposals}, {"entries", entries}, {"forgotten entries", forgotten},
		{"search", searches}, {"work on alerts", work}, {"silences", silences}, {"changes", changes}, {"accounts", accounts}, {"devices", devices},
		{"sums", sums}, {"sums of rules", ruleSums}, {"last hour", lastHour}, {"log of events", log}, {"person", person}, {"legal hold", hold},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &suite{open: open, place: t.TempDir()}
			s.reopen(t)
			t.Cleanup(func() { s.close(t) })
			c.run(t, s)
		})
	}
}

// suite is one place and what is open there.
type suite struct {
	store.Store
	open  Open
	place string
}

// start is when the suite's data begin.
const start = belwacht.Instant(1_780_300_800_000) // 2026-06-01

func (s *suite) close(t *testing.T) {
	t.Helper()
	if s.Store == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Errorf("closing: %v", err)
	}
	s.Store = nil
}

func (s *suite) reopen(t *testing.T) {
	t.Helper()
	s.close(t)
	s.Store = s.open(t, s.place)
}

func (s *suite) sync(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ok(t, s.Sync(ctx))
	if st := s.State(); !st.Healthy || st.Dropped != 0 || st.LastError != "" {
		t.Errorf("after sync the state is %+v", st)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(t *testing.T, err error, want belwacht.Code) {
	t.Helper()
	if err == nil || belwacht.CodeOf(err) != want {
		t.Errorf("error %v, want one of code %s", err, want)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
	}
}

// walk reads all pages of a list, so many rows at a time, and wants each but the last to be full.
func walk[N any](t *testing.T, most int, read func(belwacht.Page) ([]N, belwacht.Cursor, error)) []N {
	t.Helper()
	var all []N
	for p := (belwacht.Page{Most: most}); ; {
		rows, next, err := read(p)
		ok(t, err)
		all = append(all, rows...)
		if next.IsZero() {
			return all
		}
		if len(rows) != most {
			t.Fatalf("a page of %d rows with others to follow, want %d", len(rows), most)
		}
		p.After = next
	}
}

func call(i int) *belwacht.PastCall {
	at := start + belwacht.Instant(i)*belwacht.Second
	number, _ := belwacht.ParseE164(fmt.Sprintf("+4420794601%02d", i%7))
	return &belwacht.PastCall{
		Call: belwacht.Call{ID: fmt.Sprintf("%d.%d", at/1000, i), Link: fmt.Sprintf("%d.0", at/1000), Tenant: "oak", Site: "main", Direction: belwacht.Out,
			Account: fmt.Sprint(200 + i%5), Root: "301", Trunk: "PJSIP/trunk", Caller: "+31201230000", Name: "Jansen", Dialled: "00442079460100",
			Lineage: belwacht.Forwarded, Start: at, Answer: at + 4*belwacht.Second, End: at + 64*belwacht.Second, Talk: 60,
			Disposition: belwacht.Answered, Taker: "302", Rows: 2, Late: i%11 == 0},
		Number: number, Country: belwacht.Country{'G', 'B'}, Class: belwacht.ClassGeographic, Cost: 120_000, Spent: 60_000, Word: belwacht.Watch}
}

func event(i int) *belwacht.Event {
	at := start + belwacht.Instant(i/3)*belwacht.Second
	e := &belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourcePBX, Late: i%13 == 0, Time: at, Sequence: uint64(i), Tenant: "oak", Site: "main",
		Call: fmt.Sprintf("%d.%d", at/1000, i), Direction: belwacht.Out, Lineage: belwacht.Transferred, Account: fmt.Sprint(200 + i%5), Root: "301",
		Trunk: "PJSIP/trunk", Caller: "+31201230000", Dialled: "00442079460100"}
	switch i % 4 {
	case 1:
		*e = belwacht.Event{Kind: belwacht.EventEnd, Source: belwacht.SourcePBX, Time: at, Tenant: "oak", Site: "main", Call: e.Call, Talk: 61,
			Disposition: belwacht.Answered}
	case 2:
		*e = belwacht.Event{Kind: belwacht.EventAuthFailure, Source: belwacht.SourcePBX, Time: at, Tenant: "oak", Site: "main", Account: "212",
			Login: &belwacht.Login{Service: "sip", User: fmt.Sprint(210 + i%3), From: netip.AddrFrom4([4]byte{192, 0, 2, byte(i % 5)}), Agent: "Phone 1.0",
				Result: belwacht.LoginWrongSecret, Session: fmt.Sprint("s", i)}}
	}
	return e
}
