package whatif

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/store/sqlite"
	"github.com/belwacht/belwacht/web/whatif"
)

const now = belwacht.Instant(1776513600000) // 2026-04-18T12:00:00Z

const settings = `version: 1
organisation: {country: NL, timezone: Europe/Amsterdam}
mode: monitor
rules: {new-country: monitor}
limits: {organisation: {calls_per_day: 12}, accounts: {"213": {no_countries: [DE]}}}
`

// stand is a store with 60 days of calls, and a desk before it.
type stand struct {
	*Desk
	store *sqlite.Store
	in    *config.Config
	calls int
}

func read(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Read([]byte(text), "test.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open fills a store: account 212 calls Belgium each working day, and on the last day 14 times; account 213 calls Germany once, which its limit refuses.
func open(t *testing.T) *stand {
	t.Helper()
	s := &stand{in: read(t, settings)}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var err error
	if s.store, err = sqlite.Open(t.Context(), sqlite.Config{Folder: t.TempDir(), Log: log, Zone: func(string) *time.Location { return time.UTC }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.store.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for day := belwacht.Instant(60); day >= 1; day-- {
		for i := range 3 {
			s.call("212", "0032470000101", now-day*belwacht.Day-belwacht.Instant(i)*belwacht.Hour, 120)
		}
	}
	for i := range 14 {
		s.call("212", "0032470000101", now-belwacht.Hour+belwacht.Instant(i)*4*belwacht.Minute, 60)
	}
	s.call("213", "004930123456", now-belwacht.Hour, 0)
	s.call("213", "", now-belwacht.Hour, 0) // to a helpline
	if err := s.store.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Desk = New(Config{Config: func() *config.Config { return s.in }, Store: s.store, Now: func() time.Time { return now.Time() }, Log: log, Eager: true})
	return s
}

func (s *stand) call(account, dialled string, at belwacht.Instant, talk int64) {
	s.calls++
	p := &belwacht.PastCall{Call: belwacht.Call{ID: fmt.Sprint("1.", s.calls), Site: "hk", Direction: belwacht.Out, Account: account, Root: account, Trunk: "trunk", Dialled: dialled, Start: at,
		End: at + belwacht.Instant(talk)*belwacht.Second, Talk: talk, Disposition: belwacht.Answered}}
	if talk > 0 {
		p.Answer = at
	}
	if dialled == "" {
		p.Class = belwacht.ClassSocial
	}
	s.store.PutCall(p)
}

// played waits until nothing waits.
func (s *stand) played(t *testing.T) *whatif.State {
	t.Helper()
	for end := time.Now().Add(8 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if st := s.State(""); st.Waiting == 0 && !st.Playing {
			return st
		}
	}
	t.Fatal("it is not played after eight minutes")
	return nil
}

// TestPlayed plays limits and rules on kept calls: what goes another way is counted, named, and known again until the configuration changes.
func TestPlayed(t *testing.T) {
	s := open(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.Run(ctx) }()
	defer func() { stop(); <-done }()

	same := whatif.Change{Scope: "organisation", Key: "calls_per_day", Value: "12"}
	more := whatif.Change{Scope: "organisation", Key: "calls_per_day", Value: "10"}
	none := whatif.Change{Scope: "organisation", Key: "calls_per_day"}
	free := whatif.Change{Scope: "213", Key: "no_countries"}
	abroad := whatif.Change{Scope: "organisation", Key: "no_countries", Value: "[BE]"}
	if err := s.Play("", []whatif.Change{same, more, none, free, abroad, more}); err != nil {
		t.Fatal(err)
	}
	st := s.played(t)
	if st.Failed != "" || len(st.Order) != 5 {
		t.Fatalf("%q, found %v", st.Failed, st.Order)
	}
	get := func(c whatif.Change) *whatif.Result { return st.Found[c.ID()] }
	// The 14 calls of the last hour: 12 calls a day let 12 of them through, as the settings in force do; the German one of account 213 counts too where it is let through.
	if r := get(same); r.More.Calls != 0 || r.Fewer.Calls != 0 || len(r.Names) != 0 || !r.Supposed || r.Unplayed != 1 {
		t.Errorf("the same limit: %+v", r)
	}
	if r := get(more); r.More.Calls != 2 || r.Fewer.Calls != 0 || r.More.Cost <= 0 || len(r.Names) != 2 || !r.Names[0].More || r.Names[0].Cause != "limit.calls.day" || r.Names[0].Number != "+32470000101" {
		t.Errorf("a lower limit: %+v", r)
	}
	if r := get(none); r.Fewer.Calls == 0 || r.More.Calls != 0 || r.Fewer.Cost <= 0 || r.Fewer.Risk != 0 || r.Names[0].More {
		t.Errorf("no limit: %+v", r)
	}
	if r := get(free); r.Fewer.Calls != 1 || r.Fewer.Risk <= 0 || r.More.Calls != 1 || r.Names[0].Account != "213" || r.Names[0].Cause != "limit.country" || r.Names[1].Account != "212" { // which it leaves one call less of the day
		t.Errorf("without the account's own: %+v", r)
	}
	// 60 days are kept; the first 14, and the day before the first, in which its zone may begin it, are learned from.
	if r := get(abroad); r.More.Calls < 45*3 || r.More.Calls > 47*3+14 || len(r.Names) != namesMost {
		t.Errorf("without Belgium: %+v", r.More)
	}
	if err := s.Play("", []whatif.Change{more}); err != nil || s.State("").Waiting != 0 {
		t.Errorf("what is known is played again: %v", err)
	}
	rules, err := s.Rules("")
	if err != nil || len(rules) < 10 {
		t.Fatal(rules, err)
	}
	for _, r := range rules {
		if want := "off"; r.Rule == "new-country" && (r.Was != "monitor" || r.Switch != "enforce") || r.Was == "enforce" && r.Switch != want {
			t.Errorf("%+v", r)
		}
	}
	if testing.Short() {
		rules = rules[:10] // the race detector makes it ten times slower
	}
	if err := s.Play("", rules); err != nil {
		t.Fatal(err)
	}
	if st = s.played(t); st.Failed != "" || len(st.Order) != 5+len(rules) {
		t.Errorf("%q, %d found", st.Failed, len(st.Order))
	}
	s.in = read(t, settings)
	if st = s.State(""); len(st.Found) != 0 {
		t.Error("what was found outlives a reload")
	}
}

// TestWrong finds calls that were stopped and fine, and what would have let them through.
func TestWrong(t *testing.T) {
	s := open(t)
	last := fmt.Sprint("1.", s.calls-2) // the 14th of the last hour
	s.store.AddDecision(&belwacht.Decision{Schema: belwacht.DecisionSchema, ID: last, Time: now, Account: "212", Number: "+32470000101", Word: belwacht.Refuse, Enforced: true, Cause: "limit.calls.day"})
	s.store.AddDecision(&belwacht.Decision{Schema: belwacht.DecisionSchema, ID: "1.1", Time: now, Account: "212", Word: belwacht.Refuse, Enforced: true, Cause: "lock"})
	s.store.AddDecision(&belwacht.Decision{Schema: belwacht.DecisionSchema, ID: "1.2", Time: now, Account: "212", Word: belwacht.Refuse, Enforced: true, Cause: "rule.night", Rules: []string{"night", "invented", "new-country"}})
	s.store.AddDecision(&belwacht.Decision{Schema: belwacht.DecisionSchema, ID: "1.3", Time: now, Account: "212", Word: belwacht.Refuse, Cause: "rule.night"}) // not carried out
	for i, id := range []string{last, "1.1", "1.2", "1.3", "1.4"} {
		f := &belwacht.InForce{ID: "feedback:" + id, Kind: belwacht.KindFeedback, Subject: id, Who: "a", Why: "b", Since: now - belwacht.Instant(i+1), Says: "fine", Width: belwacht.WidthOnce}
		if id == "1.4" {
			f.Says = "fraud"
		}
		if err := s.store.PutInForce(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.store.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := s.Wrong(t.Context(), "")
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v %v", list, err)
	}
	if w := list[0]; w.Call != last || len(w.Changes) != 1 || w.Changes[0].ID() != "limit:organisation:calls_per_day:" {
		t.Errorf("%+v", w)
	}
	if w := list[1]; w.Call != "1.1" || len(w.Changes) != 0 {
		t.Errorf("%+v", w)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.Run(ctx) }()
	defer func() { stop(); <-done }()
	if err := s.Play("", list[0].Changes); err != nil {
		t.Fatal(err)
	}
	r := s.played(t).Found[list[0].Changes[0].ID()]
	if r == nil || len(r.Avoids) != 1 || r.Avoids[0] != last || r.Fewer.Fine != 1 {
		t.Errorf("%+v", r)
	}
}

// TestRefused says what is wrong with a change, and that a play fails where too little is kept.
func TestRefused(t *testing.T) {
	s := open(t)
	for _, c := range []whatif.Change{{}, {Rule: "invented", Switch: "off"}, {Rule: "new-country", Switch: "loud"}, {Scope: "organisation", Key: "money_per_day", Value: "20"}} {
		if err := s.Play("", []whatif.Change{c}); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := s.Play("nobody", nil); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Error(err)
	}
	s.Desk.Now = func() time.Time { return (now - 50*belwacht.Day).Time() }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.Run(ctx) }()
	if err := s.Play("", []whatif.Change{{Rule: "new-country", Switch: "off"}}); err != nil {
		t.Fatal(err)
	}
	if st := s.played(t); !strings.Contains(st.Failed, "less than 14 days") {
		t.Errorf("%q", st.Failed)
	}
	stop()
	<-done
}

// TestStopped ends a play in its midst with its context.
func TestStopped(t *testing.T) {
	s := open(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	of := s.at("")
	if _, err := s.play(ctx, of, "", []whatif.Change{{Rule: "new-country", Switch: "off"}}, func(float64) {}); err == nil {
		t.Error("it was played to its end")
	}
	p := pace{}
	for range 100 {
		if err := p.rest(ctx); err != nil {
			return
		}
	}
	t.Error("it does not stop")
}

// TestCancel: what waits is taken out of the row; what is being played is ended where nobody wants any of it, and its result is not kept.
func TestCancel(t *testing.T) {
	s := open(t)
	off, on := whatif.Change{Rule: "new-country", Switch: "off"}, whatif.Change{Rule: "new-country", Switch: "enforce"}
	if err := s.Play("", []whatif.Change{off, on}); err != nil {
		t.Fatal(err)
	}
	if err := s.Cancel("", off.ID()); err != nil {
		t.Fatal(err)
	}
	if st := s.State(""); st.Waiting != 1 || len(st.Queue) != 1 || st.Queue[0] != on || st.AtOnce != 0 {
		t.Errorf("%+v", st)
	}
	if err := s.Cancel("", off.ID()); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Errorf("what does not wait is cancelled: %v", err)
	}
	if err := s.Cancel("nobody", ""); belwacht.CodeOf(err) != belwacht.NotFound {
		t.Error(err)
	}
	if err := s.Play("", []whatif.Change{off}); err != nil {
		t.Fatal(err)
	}
	tenant, of, group := s.next(t.Context()) // as Run does
	if st := s.State(""); len(group) != 2 || st.AtOnce != 2 || !st.Playing {
		t.Fatalf("%+v, group %v", st, group)
	}
	if err := s.Cancel("", on.ID()); err != nil {
		t.Fatal(err)
	}
	if st := s.State(""); st.Waiting != 1 || st.AtOnce != 1 {
		t.Errorf("%+v", st)
	}
	s.carry(t.Context(), tenant, of, group)
	if st := s.State(""); st.Found[off.ID()] == nil || st.Found[on.ID()] != nil || st.Waiting != 0 || st.Failed != "" {
		t.Errorf("%+v", st)
	}
	if err := s.Play("", []whatif.Change{on}); err != nil {
		t.Fatal(err)
	}
	tenant, of, group = s.next(t.Context())
	if err := s.Cancel("", ""); err != nil {
		t.Fatal(err)
	}
	s.carry(t.Context(), tenant, of, group)
	if st := s.State(""); st.Found[on.ID()] != nil || st.Waiting != 0 || st.Playing || st.Failed != "" || len(st.Broken) != 0 {
		t.Errorf("%+v", st)
	}
	if err := s.Play("", []whatif.Change{on}); err != nil {
		t.Fatal(err)
	}
	tenant, of, group = s.next(t.Context())
	s.carry(t.Context(), tenant, of, group)
	if st := s.State(""); st.Found[on.ID()] == nil {
		t.Errorf("what was cancelled is not played when it is asked for again: %+v", st)
	}
}
