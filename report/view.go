package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/belwacht/belwacht"
)

// line is one named row of a table.
type line struct {
	name string
	tally
}

// stretch is a stretch of time: a day, or a week where there are many days.
type stretch struct {
	from time.Time // its first day, midnight UTC, for its date only
	tally
}

// view is what a Summary holds, sorted and named, ready to be shown.
type view struct {
	*Summary
	v         *voice
	byRule    []line
	byCause   []line
	byAccount []line
	byCountry []line
	byMoney   []line // countries by what was spent
	byDay     []line
	networks  []line
	stretches []stretch
	weekly    bool // stretches are weeks
	top       []*pattern
}

// view sorts what was counted. It is cheap beside the counting, so it is made anew for each writing.
func (s *Summary) view(lang *voice) *view {
	s.settle()
	w := &view{Summary: s, v: lang}
	n := s.o.Top
	w.byRule = ranked(n, bookLines(&s.rules, lang.clean, lang.Others), byTold)
	w.byCause = ranked(n, bookLines(&s.causes, lang.clean, lang.Others), byTold)
	w.byAccount = ranked(n, told(bookLines(&s.accounts, w.accountName, lang.Others)), byTold)
	w.byDay = ranked(n, told(bookLines(&s.days, func(d int32) string { return lang.shortDay(date(d)) }, lang.Others)), byTold)
	countries := w.countries()
	w.byCountry = ranked(n, told(slices.Clone(countries)), byTold)
	w.byMoney = countries
	slices.SortFunc(w.byMoney, func(a, b line) int {
		return cmp.Or(cmp.Compare(b.cost+b.saved, a.cost+a.saved), cmp.Compare(b.calls, a.calls), cmp.Compare(a.name, b.name))
	})
	w.networks = bookLines(&s.network, lang.clean, lang.Others)
	slices.SortFunc(w.networks, byTold)
	w.stretches, w.weekly = s.stretches()
	w.top = s.patterns.top(n)
	return w
}

// accountName is an account with its tenant where there are several.
func (w *view) accountName(a account) string {
	if len(w.tenants) > 1 {
		return w.v.clean(a.tenant + "/" + a.name)
	}
	return w.v.clean(a.name)
}

// countries are all countries and networks that were called.
func (w *view) countries() []line {
	var all []line
	for i := range w.country {
		if t := &w.country[i]; t.calls > 0 {
			name := w.v.pick("no country", "zonder land")
			if i > 0 {
				name = w.v.country(belwacht.Country{'A' + byte((i-1)/26), 'A' + byte((i-1)%26)}, "")
			}
			all = append(all, line{name, *t})
		}
	}
	return append(all, bookLines(&w.network, w.v.clean, w.v.Others)...)
}

// bookLines are the rows of a book with their names, what did not fit under others.
func bookLines[K comparable](b *book[K], name func(K) string, others string) []line {
	all := make([]line, 0, len(b.rows)+1)
	for k, t := range b.rows {
		all = append(all, line{name(k), *t})
	}
	if b.rest.calls > 0 {
		all = append(all, line{others, b.rest})
	}
	return all
}

// byTold sorts by what a person should look at: the money kept, then what was told, then what was watched.
func byTold(a, b line) int {
	return cmp.Or(cmp.Compare(b.kept(), a.kept()), cmp.Compare(b.told(), a.told()),
		cmp.Compare(b.word[belwacht.Watch], a.word[belwacht.Watch]), cmp.Compare(b.calls, a.calls), cmp.Compare(a.name, b.name))
}

// ranked sorts lines and keeps the first n of those of which something is to be said.
func ranked(n int, all []line, order func(a, b line) int) []line {
	all = slices.DeleteFunc(all, func(l line) bool { return l.told()+l.word[belwacht.Watch] == 0 && l.kept() == 0 })
	slices.SortFunc(all, order)
	return all[:min(n, len(all))]
}

// told keeps the lines of which a person would have heard; where there are none, those with something watched.
func told(all []line) []line {
	quiet := func(l line) bool { return l.told() == 0 && l.kept() == 0 }
	if !slices.ContainsFunc(all, func(l line) bool { return !quiet(l) }) {
		return all
	}
	return slices.DeleteFunc(all, quiet)
}

// stretches are the days in their order with the empty ones in between, or weeks from Monday where the days are more than 42.
func (s *Summary) stretches() (all []stretch, weekly bool) {
	if len(s.days.rows) == 0 {
		return nil, false
	}
	days := slices.Sorted(maps.Keys(s.days.rows))
	first, last := days[0], days[len(days)-1]
	step := int32(1)
	if last-first >= 42 {
		step, weekly = 7, true
		first -= ((first+3)%7 + 7) % 7 // back to Monday; day 0 was a Thursday
	}
	if (last-first)/step > maxDays { // a stray date of another century: only the days that exist
		for _, d := range days {
			all = append(all, stretch{date(d), *s.days.rows[d]})
		}
		return all, false
	}
	all = make([]stretch, (last-first)/step+1)
	for i := range all {
		all[i].from = date(first + int32(i)*step)
	}
	for _, d := range days {
		all[(d-first)/step].merge(s.days.rows[d])
	}
	return all, weekly
}

// lengthDays is the time that the report speaks of, in local days, the first and the last counted.
func (s *Summary) lengthDays() int64 {
	if s.first == 0 {
		return 0
	}
	a, _ := s.clock.local(s.first)
	b, _ := s.clock.local(s.last)
	return int64(b-a) + 1
}

// unit is what a stretch is: a day or a week.
func (w *view) unit() string {
	if w.weekly {
		return w.v.pick("week", "week")
	}
	return w.v.Day
}
