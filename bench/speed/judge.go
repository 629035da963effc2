package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// How much is played at most: calls of the history in which every account has its share, and calls that are measured.
const (
	historyMost  = 8_000_000
	measuredMost = 500_000
)

// judging prints the figures of judging in memory.
func judging(opt *options) error {
	note("making up an office of %d extensions and %d weeks", officeSize, historyWeeks+1)
	o, err := newOffice()
	if err != nil {
		return err
	}
	note("%d calls to numbers outside in its history, %d in the week that is judged", len(o.history), len(o.week))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	peer, err := besideRedis(o)
	if err != nil {
		return err
	}
	sizes := []struct {
		accounts int
		goal     float64
	}{{5_000, 1_000_000}, {100_000, 300_000}, {1_000_000, 150_000}}
	if opt.quick {
		sizes = sizes[:1]
	}
	for _, s := range sizes {
		if err := judgingAt(o, s.accounts, s.goal, peer); err != nil {
			return err
		}
	}
	return countersAlone(o, opt)
}

// judgingAt measures judgements at a number of accounts.
func judgingAt(o *office, accounts int, goal float64, peer *rival) error {
	c := o.crowd(accounts)
	empty := heap()
	e, err := c.engine()
	if err != nil {
		return err
	}
	begin := time.Now()
	n, err := c.live(e, historyMost)
	if err != nil {
		return err
	}
	note("%d accounts have lived: %d calls in %.0f s", len(c.names), n, time.Since(begin).Seconds())
	full := heap()
	stream := c.stream(measuredMost)
	single, grouped, err := watch(e, stream)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("judge-%d", accounts)
	asked(name, grouped.judgements(), "judgements/cpu-s", goal, false).print()
	asked(name+"-one-by-one", single.judgements(), "judgements/cpu-s", goal, false).print()
	asked(name+"-whole-call", grouped.calls(), "calls/cpu-s", goal, false).print()
	asked(name+"-whole-call-one-by-one", single.calls(), "calls/cpu-s", goal, false).print()
	if accounts == peer.accounts {
		figure{name: name + "-beside-redis", ours: grouped.judgements(), unit: "judgements/cpu-s", peer: peer.name, value: peer.speed, goal: 12}.print()
	}
	asked(name+"-p99", single.percentile(0.99), "µs", 20, true).print()
	if accounts == 100_000 {
		asked("bytes-per-account", (full-empty)/float64(len(c.names)), "bytes", 4096, true).print()
		return c.state(e)
	}
	return nil
}

// stream is what happens to the calls of the week from Monday 09:00 on, in the order of time, of up to most calls.
func (c *crowd) stream(most int) []belwacht.Event {
	from := belwacht.InstantOf(c.org.LearnUntil()) + 9*belwacht.Hour
	first, _ := slices.BinarySearchFunc(c.week, from, func(x belwacht.Call, t belwacht.Instant) int { return int(min(max(x.Start-t, -1), 1)) })
	var all []belwacht.Event
	var events [3]belwacht.Event
	n := 0
	for i := first; i < len(c.week) && n < most; i++ {
		for k := range c.copies {
			call := c.call(&c.week[i], k)
			all = append(all, events[:call.Events(&events)]...)
			n++
		}
	}
	order := make([]int32, len(all))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(min(max(all[a].Time-all[b].Time, -1), 1)) })
	sorted := make([]belwacht.Event, len(all))
	for i, j := range order {
		sorted[i] = all[j]
	}
	return sorted
}

// watched is how long judging took.
type watched struct {
	seconds  float64         // of processor time for all events
	took     []time.Duration // of each attempt, sorted
	judging  float64         // the attempts' part of the seconds
	above    int             // attempts that were not plainly allowed
	attempts time.Duration   // by the clock, while a block is played
}

// fetched reads what an event holds, so that it is in the processor's cache as where a feed has just written it. The stream is a gigabyte; fetching its
// strings from there is no part of judging.
func fetched(ev *belwacht.Event) (sum byte) {
	for _, s := range [...]string{ev.Tenant, ev.Site, ev.Call, ev.Account, ev.Root, ev.Trunk, ev.Caller, ev.Dialled} {
		for i := 0; i < len(s); i += 16 {
			sum += s[i]
		}
	}
	return sum
}

// A stream is played in blocks, one event at a time and in groups in turn, so that both are measured in the same minutes and on the same memory. A group is
// what waits at once under load; the decisions that the peer is asked for wait in a pipeline of 200.
const (
	block = 12_000
	group = 48
)

// watch plays a stream to an engine and takes the time, of events that come one by one and of those of which the engine is told, a group at a time, before
// they come. What it then looks up ahead counts: for attempts in their judgements, for the rest in whole calls.
func watch(e *detect.Engine, stream []belwacht.Event) (single, grouped *watched, err error) {
	single, grouped = &watched{took: make([]time.Duration, 0, len(stream))}, &watched{took: make([]time.Duration, 0, len(stream))}
	var out detect.Out
	runtime.GC()
	for n := 0; len(stream) > 0; n++ {
		events, w, size := stream[:min(block, len(stream))], single, 1
		if n%2 == 1 {
			w, size = grouped, group
		}
		stream = stream[len(events):]
		started, before := time.Now(), ownSeconds()
		w.attempts = 0
		for len(events) > 0 {
			list := events[:min(size, len(events))]
			events = events[len(list):]
			if err := w.play(e, list, &out); err != nil {
				return nil, nil, err
			}
		}
		seconds := ownSeconds() - before
		w.seconds += seconds
		// Others on the machine lengthen attempts and the rest alike: the attempts' share of the time is theirs of the processor's.
		w.judging += seconds * w.attempts.Seconds() / time.Since(started).Seconds()
	}
	for i, w := range []*watched{single, grouped} {
		slices.Sort(w.took)
		note("%s: %d attempts, %d of them above a plain allow; median %.2f µs, p99.9 %.1f µs", [...]string{"one by one", "in groups"}[i], len(w.took), w.above, w.percentile(0.5), w.percentile(0.999))
	}
	return single, grouped, nil
}

// play plays some events; of more than one the engine is told before.
func (w *watched) play(e *detect.Engine, events []belwacht.Event, out *detect.Out) error {
	var tries, others [group]*belwacht.Event
	var t, o int
	var read byte
	for i := range events {
		ev := &events[i]
		if read += fetched(ev); ev.Kind == belwacht.EventAttempt {
			tries[t] = ev
			t++
		} else {
			others[o] = ev
			o++
		}
	}
	runtime.KeepAlive(read)
	if len(events) > 1 {
		begin := time.Now()
		e.Ahead(tries[:t])
		w.attempts += time.Since(begin)
		e.Ahead(others[:o])
	}
	for i := range events {
		ev := &events[i]
		out.Reset()
		begin := time.Now()
		if err := e.Handle(ev, out); err != nil {
			return err
		}
		if took := time.Since(begin); ev.Kind == belwacht.EventAttempt {
			w.attempts += took
			w.took = append(w.took, took)
			w.above += min(len(out.Decisions), 1)
		}
	}
	return nil
}

// judgements is how many attempts a second of judging decides.
func (w *watched) judgements() float64 { return float64(len(w.took)) / w.judging }

// calls is how many calls a second of processor time sees through: attempt, answer, what is judged again meanwhile, and end with what it teaches.
func (w *watched) calls() float64 { return float64(len(w.took)) / w.seconds }

// percentile is in microseconds, of an attempt by itself.
func (w *watched) percentile(p float64) float64 {
	return w.took[min(int(p*float64(len(w.took))), len(w.took)-1)].Seconds() * 1e6
}

// heap is how many bytes are held.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// rival is the peer's figure.
type rival struct {
	name     string
	accounts int
	speed    float64 // decisions a second of the server's processor time
}

// besideRedis measures Redis at 100,000 accounts: every account is known to it before the measured decisions begin.
func besideRedis(o *office) (*rival, error) {
	c := o.crowd(100_000)
	r, err := startRedis()
	if err != nil {
		return nil, err
	}
	defer r.end()
	p := &rival{name: "redis-" + r.version() + "-lua", accounts: 100_000}
	from := int64(belwacht.InstantOf(c.org.LearnUntil())/belwacht.Second) + 9*3600
	var known, asked [][]byte
	for i, name := range c.names {
		known = append(known, r.request(name, "NL", from+int64(i)/1000, 1))
	}
	for i := 0; len(asked) < 150_000 && i < len(c.week); i++ {
		for k := range c.copies {
			call := c.call(&c.week[i], k)
			n := c.tenant.Numbers.Read(call.Dialled)
			asked = append(asked, r.request(call.Account, n.Country.String(), from+int64(len(asked))/1000, 1+int64(n.Price.PerMinute)/10_000))
		}
	}
	if _, err := r.decisions(known); err != nil {
		return nil, err
	}
	used, err := r.decisions(asked)
	if err != nil {
		return nil, err
	}
	p.speed = float64(len(asked)) / used
	note("redis: %d decisions in %.2f s of its processor time", len(asked), used)
	return p, nil
}
