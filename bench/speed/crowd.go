package main

import (
	"bytes"
	"fmt"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/detect"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
	"github.com/belwacht/belwacht/simulate"
)

// The office whose calls are multiplied.
const (
	officeSize   = 5_000
	historyWeeks = 8
)

// office is a made-up office of officeSize extensions: its calls to numbers outside of historyWeeks weeks, and those of the week after.
type office struct {
	org     *simulate.Organisation
	tenant  detect.Tenant
	rules   *rule.Set
	history []belwacht.Call
	week    []belwacht.Call
	index   map[string]int // account to number
}

// newOffice makes up the office. There are no attackers: it is the mix of an ordinary day that is judged.
func newOffice() (*office, error) {
	org, err := simulate.New(simulate.Config{Seed: 1, Kind: "office", Country: "NL", Extensions: officeSize, Weeks: historyWeeks + 1, LearnWeeks: historyWeeks,
		Attacks: []string{}, AttackCount: -1, EarlyAttacks: -1})
	if err != nil {
		return nil, err
	}
	o := &office{org: org, index: map[string]int{}}
	last := belwacht.InstantOf(org.LearnUntil())
	for p := org.Begin(); ; {
		c := p.Next()
		if c == nil {
			break
		}
		if c.Direction != belwacht.Out {
			continue
		}
		if _, known := o.index[c.Account]; !known {
			o.index[c.Account] = len(o.index)
		}
		if c.Start < last {
			o.history = append(o.history, c.Call)
		} else {
			o.week = append(o.week, c.Call)
		}
	}
	return o, o.furnish()
}

// furnish makes what the engine needs to know of the office.
func (o *office) furnish() error {
	site, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		return err
	}
	var deck bytes.Buffer
	if err := o.org.WriteRates(&deck); err != nil {
		return err
	}
	rates, _, err := number.ReadRates(&deck, number.RateOptions{})
	if err != nil {
		return err
	}
	cal, err := calendar.New(calendar.Config{Timezone: o.org.Timezone(), Country: "NL", OfficeHours: o.org.OfficeHours()})
	if err != nil {
		return err
	}
	rules, err := builtin.Rules()
	if err != nil {
		return err
	}
	if o.rules, err = rule.Compile(rules, nil); err != nil {
		return err
	}
	o.tenant = detect.Tenant{Mode: belwacht.Enforce, Numbers: site.WithRates(rates), Calendar: cal, Policy: detect.DefaultPolicy(), Memory: count.Config{Running: 1 << 20}}
	return nil
}

// crowd is the office many times over, as a provider has it: each copy is an organisation with its own accounts, which call numbers of their own
// at moments of their own, all in one engine.
type crowd struct {
	*office
	copies  int
	names   []string // of account a of copy k at k·len(index)+a
	tenants []string // of each copy
}

func (o *office) crowd(accounts int) *crowd {
	c := &crowd{office: o, copies: (accounts + officeSize - 1) / officeSize}
	c.names = make([]string, c.copies*len(o.index))
	for k := range c.copies {
		c.tenants = append(c.tenants, fmt.Sprintf("office %d", k))
	}
	for name, a := range o.index {
		for k := range c.copies {
			c.names[k*len(o.index)+a] = fmt.Sprintf("%s.%d", name, k)
		}
	}
	return c
}

// call is a call of the office as copy k makes it.
func (c *crowd) call(base *belwacht.Call, k int) belwacht.Call {
	x := *base
	a := c.index[x.Account]
	x.Account = c.names[k*len(c.index)+a]
	x.Root, x.Caller, x.Link, x.Name = x.Account, "", "", ""
	x.ID, x.Tenant = fmt.Sprintf("%s.%d", base.ID, k), c.tenants[k]
	x.Dialled = neighbour(base.Dialled, k)
	shift := belwacht.Instant(k*137) * 7 % (60 * belwacht.Second)
	x.Start, x.End = x.Start+shift, x.End+shift
	if x.Answer != 0 {
		x.Answer += shift
	}
	return x
}

// neighbour is another number of the same kind: the last four digits moved on, of numbers long enough to have a subscriber's part.
func neighbour(dialled string, k int) string {
	if k == 0 || len(dialled) < 9 {
		return dialled
	}
	b, carry := []byte(dialled), k*37
	for i := len(b) - 1; i >= len(b)-4; i-- {
		if b[i] < '0' || b[i] > '9' {
			return dialled
		}
		carry += int(b[i] - '0')
		b[i] = byte('0' + carry%10)
		carry /= 10
	}
	return string(b)
}

// share is of every so many copies the one that makes a call of the history, where all calls of all copies would be too many. The calls after which
// every account still knows whom it calls come first: the last one to each number abroad, then the last one to each number, then the others.
func (c *crowd) share(most int) []int32 {
	home := c.tenant.Numbers.Country()
	every := make([]int32, len(c.history))
	order := [3][]int{}
	seen := map[[2]string]bool{}
	for i := len(c.history) - 1; i >= 0; i-- {
		x := &c.history[i]
		pair, rank := [2]string{x.Account, x.Dialled}, 2
		if !seen[pair] {
			seen[pair] = true
			if rank = 1; c.tenant.Numbers.Read(x.Dialled).Country != home {
				rank = 0
			}
		}
		order[rank] = append(order[rank], i)
	}
	for _, list := range order {
		want := len(list) * c.copies
		n := max((want+max(most, 1)-1)/max(most, 1), 1)
		for _, i := range list {
			every[i] = int32(n)
		}
		most = max(most-want, want/1000)
	}
	return every
}

// live plays the history to an engine, so that every account has its eight weeks, and says how many calls that were.
func (c *crowd) live(e *detect.Engine, most int) (int, error) {
	n, every := 0, c.share(most)
	var out detect.Out
	var events [3]belwacht.Event
	for i := range c.history {
		for k := range c.copies {
			if (i+k)%int(every[i]) != 0 {
				continue
			}
			call := c.call(&c.history[i], k)
			for j := range call.Events(&events) {
				out.Reset()
				if err := e.Handle(&events[j], &out); err != nil {
					return n, err
				}
			}
			n++
		}
	}
	return n, nil
}

// engine makes an engine with an empty memory.
func (c *crowd) engine() (*detect.Engine, error) {
	tenants := make([]detect.Tenant, c.copies)
	for k := range tenants {
		tenants[k] = c.tenant
		tenants[k].Name = c.tenants[k]
	}
	return detect.New(detect.Config{Rules: c.rules, Tenants: tenants})
}
