// Package alert groups decisions, so that a person sees a burst once: one alert for an account and day, and one of its own where who adds says so.
//
// One Book serves one organisation. It is bounded, takes the time from decisions, and is not safe for concurrent use.
package alert

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// Bounds of what is kept: alerts, of which the oldest go first; numbers of an alert; bytes of a text.
const (
	Most        = 1 << 12
	numbersMost = 8
	textMost    = 64 << 10
)

// Book is the alerts of an organisation. The zero Book is ready.
type Book struct {
	open   map[key]int
	list   []belwacht.Alert
	untold map[int]belwacht.Teller // of alerts in list, who has yet to write their sentences
	n      int                     // ever made: numbers them
}

type key struct {
	account string
	day     int32
	own     string // of a limit what was said, of a sign its cause: such alerts stand alone
}

// Add puts a decision into its alert, where it is one to tell. day is the calendar day on which decisions of an account are one alert; own, where it is
// not empty, sets apart what is told on its own.
func (b *Book) Add(d *belwacht.Decision, day int32, own string) {
	if d.Word < belwacht.Warn {
		return
	}
	if b.open == nil {
		b.open, b.untold = make(map[key]int), make(map[int]belwacht.Teller)
	}
	k := key{account: d.Account, day: day, own: own}
	i, ok := b.open[k]
	if !ok {
		if len(b.list) >= Most {
			b.Tell()
			b.list = append(b.list[:0], b.list[Most/2:]...)
			clear(b.open)
		}
		b.n++
		i = len(b.list)
		b.open[k] = i
		b.list = append(b.list, belwacht.Alert{ID: "A" + strconv.Itoa(b.n), Tenant: d.Tenant, Account: d.Account, Cause: d.Cause, First: d.Time, Numbers: []string{}})
	}
	x := &b.list[i]
	x.Last, x.Count = d.Time, x.Count+1
	if !ok || d.Word > x.Word {
		x.Reason, x.ReasonNL, x.Cause, x.Word = d.Reason, d.ReasonNL, d.Cause, d.Word
		if delete(b.untold, i); d.Untold != nil {
			b.untold[i] = d.Untold
		}
		// The number that the reason speaks of is in the list, or nobody could hide it in the reason. Alerts that were given out have the list as it was.
		if len(x.Numbers) == numbersMost && d.Number != "" && !slices.Contains(x.Numbers, d.Number) {
			x.Numbers = append(slices.Clone(x.Numbers[:numbersMost-1]), d.Number)
		}
	}
	if len(x.Numbers) < numbersMost && d.Number != "" && !slices.Contains(x.Numbers, d.Number) {
		x.Numbers = append(x.Numbers, d.Number)
	}
}

// Tell writes the sentences that are not yet.
func (b *Book) Tell() {
	for i, t := range b.untold {
		var d belwacht.Decision
		t.Tell(&d)
		b.list[i].Reason, b.list[i].ReasonNL = d.Reason, d.ReasonNL
	}
	clear(b.untold)
}

// All are the alerts so far, oldest first. They are the caller's.
func (b *Book) All() []belwacht.Alert {
	b.Tell()
	return slices.Clone(b.list)
}

// Len is how many alerts are kept, and how many of them may still grow.
func (b *Book) Len() (kept, open int) { return len(b.list), len(b.open) }

// State hands the alerts to a codec.
func (b *Book) State(c *snapshot.Codec) {
	if b.open == nil {
		b.open, b.untold = make(map[key]int), make(map[int]belwacht.Teller)
	}
	b.Tell()
	snapshot.List(c, &b.list, Most, func(c *snapshot.Codec, x *belwacht.Alert) {
		for _, t := range []*string{&x.ID, &x.Tenant, &x.Account, &x.Cause, &x.Reason, &x.ReasonNL} {
			c.Text(t, textMost)
		}
		c.Int64((*int64)(&x.First))
		c.Int64((*int64)(&x.Last))
		c.Uint8((*uint8)(&x.Word))
		c.Int(&x.Count)
		snapshot.List(c, &x.Numbers, numbersMost, func(c *snapshot.Codec, n *string) { c.Text(n, textMost) })
	})
	snapshot.Map(c, b.open, Most, key.order, func(c *snapshot.Codec, k *key, at *int) {
		c.Text(&k.account, textMost)
		c.Int32(&k.day)
		c.Text(&k.own, textMost)
		c.Int(at)
		if *at < 0 || *at >= len(b.list) {
			c.Fail("an alert in it is not there")
		}
	})
	c.Int(&b.n)
}

func (k key) order(o key) int {
	return cmp.Or(strings.Compare(k.account, o.account), cmp.Compare(k.day, o.day), strings.Compare(k.own, o.own))
}
