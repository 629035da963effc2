package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/simulate"
)

// tally counts as the scorer of the data sets does: attacks found in time, money lost, innocent calls refused, false alarms.
type tally struct {
	cal      *calendar.Calendar
	learn    belwacht.Instant
	weeks    float64
	attacks  map[int]*attack
	innocent int
	abroad   int
	refused  int
	refusedA int
	emerg    int
	alarms   map[string]bool
	odd      map[string]int
	why      map[string]int // causes of refusing innocents
	whom     map[string]int // of what oddity they were
	done     []*attack
	alarmed  int
}

type attack struct {
	kind       string
	scored     bool
	cost, lost float64
	alarm      belwacht.Instant
	calls      int
	alarmCall  int
	costs      []spent
	where      string // the organisation
}

type spent struct {
	at, end belwacht.Instant
	cost    float64
}

func newTally(o *simulate.Organisation, cal *calendar.Calendar, where string) *tally {
	t := &tally{cal: cal, learn: belwacht.InstantOf(o.LearnUntil()), attacks: map[int]*attack{}, alarms: map[string]bool{}, odd: map[string]int{}, why: map[string]int{}, whom: map[string]int{}}
	t.weeks = float64(o.Extensions()) * o.End().Sub(o.LearnUntil()).Hours() / 24 / 7
	for i, a := range o.Attacks() {
		t.attacks[i] = &attack{kind: a.Kind, scored: a.Scored, where: where}
	}
	return t
}

func (t *tally) outcome(c *simulate.Call, o *belwacht.Outcome) {
	stopped := o.Start != nil && o.Start.Word == belwacht.Refuse || o.Ended != nil
	if c.Emergency && stopped {
		t.emerg++
	}
	if c.Attack >= 0 {
		t.attack(c, o)
		return
	}
	if c.Start < t.learn {
		return
	}
	t.innocent++
	if o.Number.Abroad && c.Direction == belwacht.Out {
		t.abroad++
		if stopped {
			t.refusedA++
		}
	}
	if stopped {
		t.refused++
		t.why[why(o)]++
		t.whom[ordinary(c.Oddity)]++
	}
	if stopped || o.Start != nil && o.Start.Word == belwacht.Warn {
		k := fmt.Sprint(c.Account, t.cal.At(c.Start).Day)
		if !t.alarms[k] {
			t.alarms[k] = true
			t.odd[ordinary(c.Oddity)]++
		}
	}
}

// ordinary names what belongs to no oddity.
func ordinary(oddity string) string {
	if oddity == "" {
		return "ordinary life"
	}
	return oddity
}

// why is the cause of a refusal or an end.
func why(o *belwacht.Outcome) string {
	if o.Ended != nil {
		return o.Ended.Cause
	}
	return o.Start.Cause
}

func (t *tally) attack(c *simulate.Call, o *belwacht.Outcome) {
	a := t.attacks[c.Attack]
	a.calls++
	a.cost += o.Cost.Float()
	a.lost += o.Spent.Float()
	alarm := belwacht.Instant(0)
	if o.Start != nil && o.Start.Word >= belwacht.Warn {
		alarm = o.Start.Time
	} else if o.Ended != nil {
		alarm = o.Ended.Time
	}
	if alarm != 0 && (a.alarm == 0 || alarm < a.alarm) {
		a.alarm, a.alarmCall = alarm, a.calls
	}
	a.costs = append(a.costs, spent{c.Answer, c.End, o.Cost.Float()})
}

// found says whether the first alarm came in time.
func (a *attack) found() bool {
	if a.alarm == 0 {
		return false
	}
	var gone float64
	for _, s := range a.costs {
		if s.at != 0 && s.at < a.alarm {
			gone += s.cost * float64(min(a.alarm, s.end)-s.at) / float64(max(s.end-s.at, 1))
		}
	}
	return gone <= max(a.cost/4, min(25, a.cost/2))
}

func (t *tally) finish() {
	var keys []int
	for i := range t.attacks {
		keys = append(keys, i)
	}
	sort.Ints(keys)
	for _, i := range keys {
		if a := t.attacks[i]; a.scored && a.calls > 0 {
			t.done = append(t.done, a)
		}
	}
	t.alarmed += len(t.alarms)
	t.attacks, t.alarms = map[int]*attack{}, map[string]bool{}
}

func (t *tally) add(o *tally) {
	o.finish()
	t.done = append(t.done, o.done...)
	t.weeks += o.weeks
	t.innocent += o.innocent
	t.abroad += o.abroad
	t.refused += o.refused
	t.refusedA += o.refusedA
	t.emerg += o.emerg
	t.alarmed += o.alarmed
	if t.odd == nil {
		t.odd, t.why, t.whom = map[string]int{}, map[string]int{}, map[string]int{}
	}
	for k, n := range o.odd {
		t.odd[k] += n
	}
	for k, n := range o.why {
		t.why[k] += n
	}
	for k, n := range o.whom {
		t.whom[k] += n
	}
}

func (t *tally) line() string {
	t.finish()
	var found int
	var cost, lost float64
	byCost, byLost := map[string]float64{}, map[string]float64{}
	for _, a := range t.done {
		if a.found() {
			found++
		}
		cost += a.cost
		lost += a.lost
		byCost[a.kind] += a.cost
		byLost[a.kind] += a.lost
	}
	mean := 0.0
	for k, c := range byCost {
		mean += byLost[k] / max(c, 1e-9)
	}
	return fmt.Sprintf("found %d of %d (%.1f %%), lost %.2f %% (mean of kinds %.2f %%), refused %d of %d innocent (%.2f per 10,000; abroad %.1f), %.2f false alarms per 100 extension-weeks, emergency refused %d",
		found, len(t.done), 100*float64(found)/max(float64(len(t.done)), 1), 100*lost/max(cost, 1e-9), 100*mean/max(float64(len(byCost)), 1),
		t.refused, t.innocent, 1e4*float64(t.refused)/max(float64(t.innocent), 1), 1e4*float64(t.refusedA)/max(float64(t.abroad), 1), 100*float64(t.alarmed)/max(t.weeks, 1e-9), t.emerg)
}

func (t *tally) kinds(w io.Writer) {
	type sum struct {
		n, found, first int
		cost, lost      float64
	}
	by := map[string]*sum{}
	for _, a := range t.done {
		s := by[a.kind]
		if s == nil {
			s = &sum{}
			by[a.kind] = s
		}
		s.n++
		s.cost += a.cost
		s.lost += a.lost
		if a.found() {
			s.found++
		}
		s.first += a.alarmCall
	}
	var names []string
	for k := range by {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		s := by[k]
		fmt.Fprintf(w, "    %-26s %d/%d found, lost %6.2f %% of %10.2f, first alarm at call %.1f\n", k, s.found, s.n, 100*s.lost/max(s.cost, 1e-9), s.cost, float64(s.first)/float64(s.n))
	}
	most(w, "false alarms", t.odd)
	most(w, "innocents refused", t.why)
	most(w, "innocents refused", t.whom)
}

// dearest prints the attacks that cost most, whatever was done about them.
func (t *tally) dearest(w io.Writer) {
	list := slices.Clone(t.done)
	slices.SortStableFunc(list, func(a, b *attack) int { return cmp.Compare(b.lost, a.lost) })
	for _, a := range list[:min(len(list), 20)] {
		fmt.Fprintf(w, "    lost %.0f of %.0f: %s in %s, found %v, first alarm at call %d of %d\n", a.lost, a.cost, a.kind, a.where, a.found(), a.alarmCall, a.calls)
	}
}

// most prints the largest of some counts.
func most(w io.Writer, what string, counts map[string]int) {
	names := make([]string, 0, len(counts))
	for k := range counts {
		names = append(names, k)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := names[i], names[j]
		return counts[a] > counts[b] || counts[a] == counts[b] && a < b
	})
	for i, k := range names {
		if i < 12 {
			fmt.Fprintf(w, "    %s: %-26s %d\n", what, k, counts[k])
		}
	}
}
