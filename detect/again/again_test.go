package again

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
)

const monday = belwacht.Instant(1776067200000) // 2026-04-13T08:00:00Z

func engine(t testing.TB) *detect.Engine {
	t.Helper()
	site, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.New(calendar.Config{Timezone: "Europe/Amsterdam", Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	set, err := rule.Compile([]rule.Rule{{Name: "never", Kind: "threshold", Of: "calls-7d", Steps: []rule.Step{{At: 1e9, Bits: 1}}, English: "never", Dutch: "nooit"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tenant := detect.Tenant{Mode: belwacht.Enforce, Numbers: site, Calendar: cal, Policy: detect.DefaultPolicy()}
	tenant.Policy.PriorAbroad, tenant.Policy.PriorHome = 1e-12, 1e-12
	e, err := detect.New(detect.Config{Rules: set, Tenants: []detect.Tenant{tenant}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func attempt(call, account, dialled string, at belwacht.Instant) *belwacht.Event {
	return &belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourcePBX, Time: at, Site: "hk", Call: call, Direction: belwacht.Out, Account: account, Dialled: dialled}
}

// events is a store of events, in memory.
type events []belwacht.Event

func (s *events) AppendEvent(e *belwacht.Event) uint64 {
	*s = append(*s, *e)
	return uint64(len(*s))
}
func (s *events) LastEvent() uint64          { return uint64(len(*s)) }
func (s *events) Sync(context.Context) error { return nil }
func (s *events) EventsAfter(_ context.Context, position uint64, yield func(uint64, *belwacht.Event) error) error {
	for i, e := range (*s)[position:] {
		if err := yield(position+uint64(i)+1, &e); err != nil {
			return err
		}
	}
	return nil
}

// TestAgain judges calls and changes of what is in force, and judges again what came after a snapshot: the same is decided, runs and holds.
func TestAgain(t *testing.T) {
	store, first := &events{}, engine(t)
	h := NewHistory(store)
	m := &Mind{Store: store, History: h, Engine: func() *detect.Engine { return first }}
	var out detect.Out
	judge := func(ev *belwacht.Event) []belwacht.Decision {
		t.Helper()
		out.Reset()
		if err := h.Judge(first, ev, &out); err != nil {
			t.Fatal(err)
		}
		return append([]belwacht.Decision(nil), out.Decisions...)
	}
	force := func(kind belwacht.InForceKind, account string, how int64) {
		t.Helper()
		out.Reset()
		if err := h.Decree(first, &belwacht.Event{Kind: belwacht.EventInForce, Time: monday, Call: string(kind), Account: account, Talk: how}, &out); err != nil {
			t.Fatal(err)
		}
	}
	judge(attempt("1", "212", "0201234567", monday))
	force(belwacht.KindPanic, "", 1)
	var kept bytes.Buffer
	if err := m.Snapshot(&kept); err != nil {
		t.Fatal(err)
	}
	refused := judge(attempt("2", "212", "0032470000101", monday+1))
	if len(refused) != 1 || refused[0].Word != belwacht.Refuse {
		t.Fatalf("%+v", refused)
	}
	force(belwacht.KindPanic, "", 0)
	judge(attempt("3", "212", "0032470000101", monday+2))
	judge(&belwacht.Event{Kind: belwacht.EventAnswer, Time: monday + belwacht.Second, Site: "hk", Call: "3"})
	judge(attempt("4", "213", "0201234567", monday+3))
	judge(&belwacht.Event{Kind: belwacht.EventEnd, Time: monday + 2*belwacht.Second, Site: "hk", Call: "4", Talk: 1})
	force(belwacht.KindLock, "212", 2)
	foreign := attempt("5", "212", "0201234567", monday)
	foreign.Tenant = "nobody"
	store.AppendEvent(foreign)

	second := engine(t)
	m = &Mind{Store: store, Engine: func() *detect.Engine { return second }}
	if err := m.Restore(&kept); err != nil {
		t.Fatal(err)
	}
	p, err := m.Again(t.Context())
	if err != nil || p.Events != 7 || p.Others != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	calls := p.Calls()
	if len(calls) != 3 || calls[0].Word != belwacht.Refuse || calls[0].Reference != refused[0].Reference || calls[0].Cause != "panic" ||
		calls[1].Word != belwacht.Allow || calls[1].Answered != monday+belwacht.Second || !calls[1].Stopped || calls[2].Ended != monday+2*belwacht.Second || calls[2].Talk != 1 {
		for _, c := range calls {
			t.Errorf("%+v", c)
		}
	}
	for _, e := range []*detect.Engine{first, second} {
		running := ""
		e.Running(func(r *belwacht.Running) { running += r.ID + " " })
		if running != "" || e.Panics("") || len(e.Locks("")) != 1 {
			t.Errorf("%s run; panic %v, locks %v", running, e.Panics(""), e.Locks(""))
		}
	}
	for name, text := range map[string]string{"a cut one": schema + " 12", "a wrong one": schema + " twelve\n"} {
		if err := (&Mind{Engine: m.Engine}).Restore(bytes.NewReader([]byte(text))); belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBound plays more calls than are known afterwards: the oldest are forgotten.
func TestBound(t *testing.T) {
	p := New(engine(t))
	for i := range 2*most + 1 {
		p.Event(attempt(fmt.Sprint(i), fmt.Sprint(i%100), "0201234567", monday+belwacht.Instant(i)))
	}
	if n := len(p.Calls()); n > 2*most || len(p.calls) != n || p.Calls()[n-1].Attempt.Call != fmt.Sprint(2*most) {
		t.Errorf("%d calls, %d of them by name", n, len(p.calls))
	}
}
