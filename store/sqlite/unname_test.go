package sqlite

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// named fills a store with one day of what has names and numbers in it.
func named(t *testing.T, s *Store, at belwacht.Instant) {
	t.Helper()
	for i := range 1200 { // more than two pieces
		c := call(i)
		c.Start = at + belwacht.Instant(i)
		s.PutCall(c)
	}
	in := call(5000)
	in.Direction, in.Account, in.Start = belwacht.In, "+31880001234", at
	s.PutCall(in)
	d := decision(1)
	d.Time, d.Number, d.Reason = at, "+252610000001", "Extension 212 called +252 61 000 0001, 14 times"
	d.Trace.Dialled, d.Trace.Target, d.Trace.Root = "00252610000001", "+252610000001", "301"
	s.AddDecision(d)
	a := &belwacht.Alert{ID: "A1", Tenant: "oak", Account: "212", First: at, Last: at, Numbers: []string{"+252610000001"}, Reason: "calls to +252610000001"}
	if err := s.PutAlert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	var three [3]belwacht.Event
	call(1).Events(&three)
	three[0].Time = at
	s.AppendEvent(&three[0])
	s.AddLogin(&belwacht.PastLogin{Login: belwacht.Login{Service: "sip", User: "0612345678", From: address("192.0.2.77")}, Tenant: "oak", Time: at, Account: "212"})
	settled(t, s)
}

// dump is all rows of the tables that hold names, as text.
func dump(t *testing.T, s *Store) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"calls", "decisions", "alerts", "events", "logins"} {
		rows, err := s.pool.QueryContext(t.Context(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		names, _ := rows.Columns()
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				switch x := (*v.(*any)).(type) {
				case []byte:
					fmt.Fprintf(&b, " %s", x)
				default:
					fmt.Fprintf(&b, " %v", x)
				}
			}
		}
		rows.Close()
		b.WriteByte('\n')
	}
	return b.String()
}

// TestUnname finds no name and no number after their time, and all that judging them needs.
func TestUnname(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := opened(t, Config{Folder: folder, Keep: belwacht.KeptFor{Names: 100 * belwacht.Day}, Within: 30 * time.Second})
	defer closed(t, s)
	now := belwacht.InstantOf(time.Now())
	named(t, s, now-90*belwacht.Day)
	before := dump(t, s)
	secrets := []string{"Jansen", "+31201230000", "+252610000001", "00252610000001", "252 61 000 0001", "4420794", "+31880001234", "0612345678", "192.0.2.77"}
	for _, secret := range secrets {
		if !strings.Contains(before, secret) {
			t.Errorf("%s was to be in the store", secret)
		}
	}
	if _, err := s.Prune(t.Context(), now); err != nil || dump(t, s) != before {
		t.Errorf("names became pseudonyms too early: %v", err)
	}
	if _, err := s.Prune(t.Context(), now+11*belwacht.Day); err != nil {
		t.Fatal(err)
	}
	after := dump(t, s)
	for _, secret := range secrets {
		if strings.Contains(after, secret) {
			t.Errorf("%s is still in the store", secret)
		}
	}
	calls, _, err := s.Calls(t.Context(), &belwacht.CallQuery{Tenant: "oak", Account: "207", Country: belwacht.Country{'G', 'B'}, Page: belwacht.Page{Most: 2}})
	if err != nil || len(calls) != 2 || calls[0].Number.String() != "+44207" || calls[0].Class != belwacht.ClassGeographic || calls[0].Cost != 45_000 ||
		calls[0].Caller == "" || calls[0].Caller != calls[1].Caller || calls[0].Dialled == calls[1].Dialled {
		t.Errorf("%+v, %v", calls, err)
	}
	d, _, err := s.Decisions(t.Context(), &belwacht.DecisionQuery{Tenant: "oak"})
	if err != nil || len(d) != 1 || d[0].Number != "+25261…" || d[0].Reason != "Extension 212 called +252 61…, 14 times" || d[0].Account == "" {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := s.Prune(t.Context(), now+11*belwacht.Day); err != nil || dump(t, s) != after {
		t.Errorf("a second time it changed what was a pseudonym: %v", err)
	}
	// What comes late is written so at once, under the same pseudonym.
	late := call(9000)
	late.Start = now - 120*belwacht.Day
	s.PutCall(late)
	settled(t, s)
	if c, err := s.Call(t.Context(), "oak", "main", late.ID); err != nil || c.Caller != calls[0].Caller || c.Name == "Jansen, A." {
		t.Errorf("%+v, %v", c, err)
	}
	if info, err := os.Stat(filepath.Join(folder, "pseudonyms.key")); err != nil || info.Mode().Perm() != 0o600 || info.Size() != 32 {
		t.Errorf("the key: %v", err)
	}
}

// TestUnnameHeld leaves what is under legal hold as it is.
func TestUnnameHeld(t *testing.T) {
	t.Parallel()
	s := opened(t, Config{Folder: t.TempDir(), Keep: belwacht.KeptFor{Names: 10 * belwacht.Day}, Within: 30 * time.Second})
	defer closed(t, s)
	now := belwacht.InstantOf(time.Now())
	c := call(12)
	c.Start = now - 5*belwacht.Day
	s.PutCall(c)
	a := &belwacht.Alert{ID: "A1", Tenant: "oak", Account: c.Account, First: c.Start - 1, Last: c.Start + 1, Numbers: []string{c.Number.String()}}
	if err := s.PutAlert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangeAlert(t.Context(), &belwacht.IncidentChange{Tenant: "oak", ID: "A1", State: belwacht.IncidentTaken, Hold: true, Who: "Anna", Time: now}); err != nil {
		t.Fatal(err)
	}
	settled(t, s)
	if _, err := s.Prune(t.Context(), now+20*belwacht.Day); err != nil {
		t.Fatal(err)
	}
	kept, err := s.Call(t.Context(), "oak", "main", c.ID)
	if err != nil || kept.Number != c.Number || kept.Name != c.Name {
		t.Errorf("%+v, %v", kept, err)
	}
	i, err := s.Alert(t.Context(), "oak", "A1")
	if b, _ := json.Marshal(i.Numbers); err != nil || string(b) != `["`+c.Number.String()+`"]` {
		t.Errorf("%s, %v", b, err)
	}
}
