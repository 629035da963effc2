package app

import (
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// keptCalls waits until all that was handed over is on disk, and gives the calls that are kept.
func (h *house) keptCalls(t *testing.T) []belwacht.PastCall {
	t.Helper()
	if err := h.store.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, _, err := h.store.Calls(t.Context(), &belwacht.CallQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestCallsAreKept follows calls from their question to the store: one that is answered, one that is refused, one to a helpline, and what a record adds.
func TestCallsAreKept(t *testing.T) {
	dir := folder(t)
	h := begin(t, dir, settings(t, dir, "enforce", onePBX+"accounts: [{name: \"212\", group: sales}]\ngroups: {sales: {}}\nlimits: {accounts: {212: {only_countries: [NL, BE]}}}\n"))
	defer func() {
		if err := h.Stop(); err != nil {
			t.Error(err)
		}
	}()
	now := func() belwacht.Instant { return belwacht.InstantOf(time.Now()) }
	began := now()
	for id, number := range map[string]string{"1.1": "0032470000101", "2.1": "00252610000001", "3.1": "113"} {
		if _, err := h.ask(id, number); err != nil {
			t.Fatal(err)
		}
	}
	h.pbx.sink.Event(&belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourcePBX, Time: now(), Call: "1.1", Direction: belwacht.Out, Account: "212", Root: "212", Trunk: "PJSIP/trunk",
		Dialled: "0032470000101"})
	h.pbx.sink.Event(&belwacht.Event{Kind: belwacht.EventAnswer, Source: belwacht.SourcePBX, Time: now(), Call: "1.1"})
	h.pbx.sink.Event(&belwacht.Event{Kind: belwacht.EventEnd, Source: belwacht.SourcePBX, Time: now(), Call: "1.1", Talk: 90, Disposition: belwacht.Answered})
	h.pbx.sink.Event(&belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourcePBX, Time: now(), Call: "3.1", Direction: belwacht.Out, Account: "212", Root: "212", Trunk: "PJSIP/trunk", Dialled: "113"})
	h.pbx.sink.Event(&belwacht.Event{Kind: belwacht.EventEnd, Source: belwacht.SourcePBX, Time: now(), Call: "3.1", Talk: 5, Disposition: belwacht.Answered})
	by := map[string]belwacht.PastCall{}
	for _, c := range h.keptCalls(t) {
		by[c.ID] = c
	}
	if c := by["1.1"]; c.Talk != 90 || c.Country.String() != "BE" || c.Class != belwacht.ClassMobile || c.Cost <= 0 || c.Number.String() != "+32470000101" || c.Account != "212" ||
		c.Direction != belwacht.Out || c.Disposition != belwacht.Answered || c.Start < began || c.Word >= belwacht.Refuse {
		t.Errorf("answered: %+v", c)
	}
	if c := by["2.1"]; c.Word != belwacht.Refuse || !c.Enforced || c.Cause != "limit.countries" && c.Cause == "" || c.Cost != 0 || c.Country.String() != "SO" || c.Disposition != belwacht.Failed {
		t.Errorf("refused: %+v", c)
	}
	if c := by["3.1"]; c.Number != 0 || c.Dialled != "" || c.Class != belwacht.ClassSocial || c.Account != "212" {
		t.Errorf("helpline: %+v", c)
	}
	h.guard.Record(&belwacht.Call{ID: "1.1", Link: "1.0", Site: "hk", Direction: belwacht.Out, Account: "212", Name: "Jansen", Caller: "+31201230000", Dialled: "0032470000101", Start: by["1.1"].Start,
		Answer: by["1.1"].Answer, End: by["1.1"].End, Talk: 91, Disposition: belwacht.Answered, Rows: 2})
	list := h.keptCalls(t)
	if len(list) != 3 {
		t.Errorf("%d calls", len(list))
	}
	for _, c := range list {
		if c.ID == "1.1" && (c.Talk != 91 || c.Name != "Jansen" || c.Link != "1.0" || c.Rows != 2 || c.Country.String() != "BE") {
			t.Errorf("with its record: %+v", c)
		}
	}
	a, err := h.store.Account(t.Context(), "", "212")
	for range 500 { // what the configuration declares is written beside the start
		if err != nil || a.Declared {
			break
		}
		time.Sleep(20 * time.Millisecond)
		a, err = h.store.Account(t.Context(), "", "212")
	}
	if err != nil || !a.Declared || a.Group != "sales" || a.Calls != 3 {
		t.Errorf("account: %+v, %v", a, err)
	}
	sums, err := h.store.Sums(t.Context(), &belwacht.SumQuery{By: belwacht.SumByAccount, From: belwacht.DateOf(began, time.UTC) - 1, Until: belwacht.DateOf(began, time.UTC) + 2})
	if err != nil || len(sums) != 1 || sums[0].Calls != 3 || sums[0].Refused != 1 || sums[0].Talk != 96 {
		t.Errorf("sums: %+v, %v", sums, err)
	}
}
