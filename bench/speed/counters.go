package main

import (
	"fmt"
	"runtime"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// countersAlone measures package count by itself on the calls of the week: each call finds its account by name, is counted and ended. Beside
// it stands what one would write first: a Go map of accounts with six windows of ring buckets.
func countersAlone(o *office, opt *options) error {
	sizes := []struct {
		accounts int
		goal     float64
	}{{10_000, 5e6}, {100_000, 1.5e6}}
	if opt.quick {
		sizes = sizes[:1]
	}
	for _, s := range sizes {
		c := o.crowd(s.accounts)
		attempts, accounts := c.attempts(1_000_000)
		ours := shardSpeed(c, attempts, accounts)
		naive := naiveSpeed(c, attempts, accounts)
		figure{name: fmt.Sprintf("counters-%d", s.accounts), ours: ours, unit: "calls/cpu-s", peer: "naive-map", value: naive, goal: 1}.print()
		asked(fmt.Sprintf("counters-%d-absolute", s.accounts), ours, "calls/cpu-s", s.goal, false).print()
	}
	return nil
}

// attempts are calls of the week as the counters take them, with the names of their accounts.
func (c *crowd) attempts(most int) ([]count.Attempt, []string) {
	var list []count.Attempt
	var names []string
	home := c.tenant.Numbers.Country()
	for i := 0; i < len(c.week) && len(list) < most; i++ {
		for k := range c.copies {
			call := c.call(&c.week[i], k)
			n := c.tenant.Numbers.Read(call.Dialled)
			notable := n.Country != home || n.Class.Costly()
			a := count.Attempt{Key: uint64(len(list) + 1), At: call.Start, Number: n.E164, Country: n.Country, Price: n.Price, Notable: notable, HomeNew: !notable && i%4 == 0}
			if notable && i%4 == 0 {
				a.Flags = count.Novel
			}
			list, names = append(list, a), append(names, call.Account)
		}
	}
	return list, names
}

// shardSpeed plays them twice to a shard, of which the second time counts.
func shardSpeed(c *crowd, attempts []count.Attempt, accounts []string) float64 {
	s := count.NewShard(count.Config{})
	for i, name := range c.names {
		s.Index(name, uint32(i))
	}
	var v count.Values
	round := func(later belwacht.Instant) {
		for i := range attempts {
			a := &attempts[i]
			a.At += later
			a.Account, _, _ = s.Index(accounts[i], uint32(a.At/belwacht.Second))
			if slot, _, ok := s.Begin(a, &v); ok {
				s.End(slot, a.At, 60, belwacht.Answered)
			}
		}
	}
	round(0)
	runtime.GC()
	before := ownSeconds()
	round(7 * belwacht.Day)
	return float64(len(attempts)) / (ownSeconds() - before)
}

// ring is a window of sixty buckets as one would write it.
type ring struct {
	cell [60]uint32
	head int64
	sum  uint64
}

func (r *ring) add(bucket int64, n uint32) uint64 {
	if bucket-r.head >= 60 {
		*r = ring{head: bucket}
	}
	for ; r.head < bucket; r.head++ {
		c := &r.cell[(r.head+1)%60]
		r.sum -= uint64(*c)
		*c = 0
	}
	r.cell[bucket%60] += n
	r.sum += uint64(n)
	return r.sum
}

// naiveSpeed counts the same calls in a map: calls, seconds and money of the hour and of the day.
func naiveSpeed(c *crowd, attempts []count.Attempt, accounts []string) float64 {
	all := make(map[string]*[6]ring, len(c.names))
	for _, name := range c.names {
		all[name] = &[6]ring{}
	}
	var most uint64
	round := func(later belwacht.Instant) {
		for i := range attempts {
			a := &attempts[i]
			a.At += later
			rings, sec, money := all[accounts[i]], int64(a.At/belwacht.Second), uint32(a.Price.Cost(60)/10_000)
			for j, n := range [3]uint32{1, 60, money} {
				most = max(most, rings[2*j].add(sec/60, n), rings[2*j+1].add(sec/1440, n))
			}
		}
	}
	round(0)
	runtime.GC()
	before := ownSeconds()
	round(7 * belwacht.Day)
	used := ownSeconds() - before
	runtime.KeepAlive(most)
	return float64(len(attempts)) / used
}
