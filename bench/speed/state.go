package main

import (
	"fmt"
	"runtime"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// runningCalls is how many calls run at once for the figure of their size.
const runningCalls = 50_000

// state prints what a running call holds, and what a plain allow allocates. The running calls are all to notable numbers, of which most is kept.
func (c *crowd) state(e *detect.Engine) error {
	at := c.week[len(c.week)-1].End + belwacht.Day
	var out detect.Out
	begin := heap()
	for i := range runningCalls {
		ev := belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceRecords, Time: at + belwacht.Instant(i), Call: fmt.Sprintf("running.%d", i), Direction: belwacht.Out,
			Account: c.names[i*7%len(c.names)], Trunk: "trunk", Dialled: fmt.Sprintf("004420%08d", 70_000_000+i)}
		ev.Root = ev.Account
		for _, kind := range []belwacht.EventKind{belwacht.EventAttempt, belwacht.EventAnswer} {
			out.Reset()
			ev.Kind = kind
			if err := e.Handle(&ev, &out); err != nil {
				return err
			}
		}
	}
	asked("bytes-per-running-call", (heap()-begin)/runningCalls, "bytes", 3072, true).print()
	return c.allocations(e, at+belwacht.Hour)
}

// allocations counts what attempts allocate that are plainly allowed: each account calls again the number that it called last.
func (c *crowd) allocations(e *detect.Engine, at belwacht.Instant) error {
	const rounds, calls = 2, 5_000
	events := make([]belwacht.Event, 0, rounds*calls)
	for i := range rounds * calls {
		base := &c.history[len(c.history)-1-i%calls]
		call := c.call(base, 1)
		events = append(events, belwacht.Event{Kind: belwacht.EventAttempt, Source: belwacht.SourceRecords, Time: at + belwacht.Instant(i)*belwacht.Second, Call: fmt.Sprintf("plain.%d", i),
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
		if i >= calls && len(out.Decisions) == 0 { // the first round lets tables grow
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
