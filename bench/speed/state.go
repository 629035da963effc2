package main

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// runningCalls is how many calls run at once for the figure of their size.
const runningCalls = 50_000

// state prints what a running call holds, and what a plain allow allocates. The running calls are all
// to numbers abroad that the office knows: of such calls most is kept. Bytes per account hold the bounded tables of each organisation as well.
func (c *crowd) state(e *detect.Engine) error {
	at := c.week[len(c.week)-1].End + belwacht.Day
	home := c.tenant.Numbers.Country()
	var out detect.Out
	var running []belwacht.Event
	begin := heap()
	for i := len(c.history) - 1; i >= 0 && len(running) < runningCalls; i-- {
		base := &c.history[i]
		if number := c.tenant.Numbers.Read(base.Dialled); number.Country == home || number.E164 == 0 {
			continue
		}
		for k := range c.copies {
			call := c.call(base, k)
			ev := belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceRecords, Tenant: call.Tenant, Time: at + belwacht.Instant(len(running)), Call: "running." + call.ID, Direction: belwacht.Out,
				Account: call.Account, Root: call.Account, Trunk: "trunk", Dialled: call.Dialled}
			stopped := false
			for _, ev.Kind = range []belwacht.EventKind{belwacht.EventAttempt, belwacht.EventAnswer} {
				out.Reset()
				if err := e.Handle(&ev, &out); err != nil {
					return err
				}
				stopped = stopped || len(out.Decisions) > 0 && out.Decisions[0].Word >= belwacht.Refuse
			}
			if !stopped {
				ev.Kind, ev.Time, ev.Dialled = belwacht.EventEnd, at+belwacht.Minute, ""
				running = append(running, ev)
			}
		}
	}
	held := heap() - begin - float64(cap(running))*float64(unsafe.Sizeof(running[0]))
	asked("bytes-per-running-call", held/float64(len(running)), "bytes", 3072, true).print()
	for i := range running {
		out.Reset()
		if err := e.Handle(&running[i], &out); err != nil {
			return err
		}
	}
	return c.allocations(e, at+belwacht.Hour)
}

// allocations counts what attempts allocate that are plainly allowed: each account calls again the number that it called last.
func (c *crowd) allocations(e *detect.Engine, at belwacht.Instant) error {
	const rounds, calls = 4, 5_000
	events := make([]belwacht.Event, 0, rounds*calls)
	for i := range rounds * calls {
		base := &c.history[len(c.history)-1-i%calls]
		call := c.call(base, 0)
		events = append(events, belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceRecords, Tenant: call.Tenant, Time: at + belwacht.Instant(i)*belwacht.Second, Call: fmt.Sprintf("plain.%d", i),
			Direction: belwacht.Out, Account: call.Account, Root: call.Account, Trunk: "trunk", Dialled: call.Dialled})
	}
	var out detect.Out
	out.Decisions = make([]belwacht.Decision, 0, 16)
	var before, after runtime.MemStats
	plain, allocated := 0, uint64(0)
	for i := range events {
		ev := &events[i]
		out.Reset()
		runtime.ReadMemStats(&before)
		if err := e.Handle(ev, &out); err != nil {
			return err
		}
		runtime.ReadMemStats(&after)
		if i >= (rounds-1)*calls && len(out.Decisions) == 0 { // the rounds before let tables grow
			plain++
			allocated += after.Mallocs - before.Mallocs
		}
		end := *ev
		end.Kind, end.Time = belwacht.EventEnd, ev.Time+500
		out.Reset()
		if err := e.Handle(&end, &out); err != nil {
			return err
		}
	}
	note("%d plain allows allocated %d times", plain, allocated)
	asked("allocations-per-plain-allow", float64(allocated)/float64(max(plain, 1)), "allocations", 0, true).print()
	return nil
}
