package detect

import (
	"slices"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
)

// meter watches one limit of the owner: hour and day slide, the month is the calendar's.
type meter struct {
	limit   *belwacht.Limit
	scope   string
	hour    amounts
	day     amounts
	month   int32 // the calendar month that sums stand for
	sums    [3]int64
	running int
	abroad  int
	near    nearness
}

// amounts are calls, seconds and money in one span.
type amounts [3]count.Window

const (
	calls = iota
	seconds
	money
)

// meters are those of a tenant and its trunks; accounts and groups hold their own.
type meters struct {
	tenant *meter
	trunks map[string]*meter
}

// charges is what a running call has reserved at its meters.
type charges struct {
	metered  bool
	abroad   bool
	social   bool  // a helpline or alarm centre: counted, but never ended by money or minutes
	reserved int64 // seconds reserved so far
	at       belwacht.Instant
	month    int32 // of the last reservation
	meters   [4]*meter
	mask     uint8 // which of them, while they are read from a snapshot
}

// reserve is for how long a running call's money and minutes are reserved at a time, in seconds.
const reserve = 60

func newMeter(l *belwacht.Limit, scope string) *meter {
	if l == nil {
		return nil
	}
	m := &meter{limit: l, scope: scope}
	for i := range 3 {
		m.hour[i], m.day[i] = count.NewWindow(belwacht.Hour), count.NewWindow(belwacht.Day)
	}
	return m
}

// meters lists those that an attempt is charged to.
func (s *shard) metersOf(p *person, trunk string) (list [4]*meter) {
	list[0] = p.meter
	if p.group != nil {
		list[1] = p.group.meter
	}
	list[2], list[3] = s.meters.trunks[trunk], s.meters.tenant
	return list
}

// limits checks the owner's limits; the cause is empty where none is reached. longest is how long the call may last, 0 = no limit. Social
// numbers are held to concurrency and counts only. While we learn a limit is only told, and where limits are not enforced the brake comes
// before them: it is.
func (s *shard) limits(v *rule.View, p *person, ev *belwacht.Event, at *calendar.Moment) (cause, detail string, longest int64) {
	s.notice = notice{}
	if s.unlimited {
		return "", "", 0
	}
	cause, detail, longest = s.limited(v, p, ev, at)
	switch {
	case cause == "":
	case s.tenant.Mode == belwacht.Learn:
		s.notice = notice{of: cause, percent: 100, scope: detail}
		return "", "", 0
	case s.tenant.Mode != belwacht.Enforce && s.braked(v, ev.Trunk, at):
		return "", "", 0
	}
	return cause, detail, longest
}

// limited finds the first limit that leaves no room.
func (s *shard) limited(v *rule.View, p *person, ev *belwacht.Event, at *calendar.Moment) (cause, detail string, longest int64) {
	for _, m := range s.metersOf(p, ev.Trunk) {
		if m == nil {
			continue
		}
		if cause := m.permits(v, s.tenant.Numbers.Country(), at); cause != "" && v.Class != belwacht.ClassSocial {
			return cause, m.scope, 0
		}
		if cause := m.room(v, ev.Time, at, abroad(v.Country, s.tenant.Numbers.Country())); cause != "" {
			return cause, m.scope, 0
		}
		if l := m.longest(v, ev.Time, at); l > 0 && v.Class != belwacht.ClassSocial && (longest == 0 || l < longest) {
			longest = l
		}
	}
	return "", "", longest
}

// abroad says whether a number's country is another than the site's own; networks are.
func abroad(c, home belwacht.Country) bool { return c != home && c != rule.Services() }

// permits checks what needs no counting: countries, classes, hours.
func (m *meter) permits(v *rule.View, home belwacht.Country, at *calendar.Moment) string {
	l := m.limit
	if slices.Contains(l.NoClasses, v.Class) {
		return "limit.class"
	}
	only := l.OnlyCountries
	if abroad(v.Country, home) && (slices.Contains(l.NoCountries, v.Country) || len(only) > 0 && !slices.Contains(only, v.Country)) {
		return "limit.country"
	}
	if l.Hours != nil && !l.Hours.Contains(int(at.MinuteOfWeek)) {
		return "limit.hours"
	}
	return ""
}

// room checks what is counted, this attempt included.
func (m *meter) room(v *rule.View, at belwacht.Instant, moment *calendar.Moment, abroad bool) string {
	l := m.limit
	m.roll(moment)
	over := func(used, one, most int64) bool { return most > 0 && used+one > most }
	switch {
	case over(int64(m.running), 1, int64(l.CallsAtOnce)):
		return "limit.at-once"
	case abroad && over(int64(m.abroad), 1, int64(l.CallsAtOnceAbroad)):
		return "limit.at-once-abroad"
	case over(m.hour[calls].Sum(at), 1, int64(l.CallsPerHour)):
		return "limit.calls.hour"
	case over(m.day[calls].Sum(at), 1, int64(l.CallsPerDay)):
		return "limit.calls.day"
	case over(m.sums[calls], 1, int64(l.CallsPerMonth)):
		return "limit.calls.month"
	}
	if v.Class == belwacht.ClassSocial {
		return ""
	}
	return m.spent(at, reserve, v.Price.Cost(reserve))
}

// spent names the limit of minutes or money that so much more would pass.
func (m *meter) spent(at belwacht.Instant, sec int64, cost belwacht.Money) string {
	l := m.limit
	for _, c := range []struct {
		used, more, most int64
		cause            string
	}{
		{m.hour[seconds].Sum(at), sec, int64(l.MinutesPerHour) * 60, "limit.minutes.hour"},
		{m.day[seconds].Sum(at), sec, int64(l.MinutesPerDay) * 60, "limit.minutes.day"},
		{m.sums[seconds], sec, int64(l.MinutesPerMonth) * 60, "limit.minutes.month"},
		{m.hour[money].Sum(at), int64(cost), int64(l.MoneyPerHour), "limit.money.hour"},
		{m.day[money].Sum(at), int64(cost), int64(l.MoneyPerDay), "limit.money.day"},
		{m.sums[money], int64(cost), int64(l.MoneyPerMonth), "limit.money.month"},
	} {
		if c.most > 0 && c.more > 0 && c.used+c.more > c.most {
			return c.cause
		}
	}
	return ""
}

// longest is how many seconds the call may last by this meter, 0 = no limit.
func (m *meter) longest(v *rule.View, at belwacht.Instant, _ *calendar.Moment) int64 {
	l, longest := m.limit, m.limit.LongestCall
	tighten := func(sec int64) {
		if sec = max(sec, 1); longest == 0 || sec < longest {
			longest = sec
		}
	}
	if l.MinutesPerDay > 0 {
		tighten(int64(l.MinutesPerDay)*60 - m.day[seconds].Sum(at))
	}
	if l.MoneyPerDay > 0 && v.Price.PerMinute > 0 {
		left := l.MoneyPerDay - belwacht.Money(m.day[money].Sum(at)) - v.Price.Setup
		tighten(int64(left) * 60 / int64(v.Price.PerMinute))
	}
	return longest
}

func (m *meter) roll(at *calendar.Moment) {
	if m.month != at.Month {
		m.month, m.sums = at.Month, [3]int64{}
		m.near.month()
	}
}

func (m *meter) add(at belwacht.Instant, month int32, n, sec, cost int64) {
	for i, v := range [3]int64{n, sec, cost} {
		if v == 0 {
			continue
		}
		m.hour[i].Add(at, v)
		m.day[i].Add(at, v)
		if m.month == month { // what an earlier month's call gives back is not this month's
			m.sums[i] = max(m.sums[i]+v, 0)
		}
	}
}

// charge books an attempt at its meters: the call, and its first reservation. So far it is charged nothing.
func (s *shard) charge(ch *charges, ev *belwacht.Event, p *person, c *count.Slot, at *calendar.Moment) {
	ch.at, ch.month, ch.abroad = ev.Time, at.Month, abroad(c.Country, s.tenant.Numbers.Country())
	if s.unlimited {
		return
	}
	ch.meters = s.metersOf(p, ev.Trunk)
	for _, m := range ch.meters {
		if m == nil {
			continue
		}
		ch.metered, ch.reserved = true, reserve
		m.roll(at)
		m.add(ev.Time, at.Month, 1, reserve, int64(c.Price.Cost(reserve)))
		m.running++
		if ch.abroad {
			m.abroad++
		}
	}
}

// topUp reserves the running call's next interval; it gives the cause where the owner's limits leave no room for it. Where limits are not
// enforced the interval is booked all the same, since the call goes on.
func (s *shard) topUp(r *running, c *count.Slot, at, elapsed belwacht.Instant, moment *calendar.Moment) (cause, detail string) {
	sec := int64(elapsed / belwacht.Second)
	ch := &r.charges
	if r.longest > 0 && sec >= r.longest && c.Answered != 0 {
		cause = "limit.longest"
		for _, m := range ch.meters { // or as long as what was left at its beginning
			if m == nil {
				continue
			}
			if why := m.spent(at, 1, max(c.Price.Cost(ch.reserved+1)-c.Price.Cost(ch.reserved), 1)); why != "" {
				cause, detail = why, m.scope
				break
			}
		}
	}
	if ch.metered && c.Answered != 0 && sec >= ch.reserved && (cause == "" || ch.social || s.tenant.Mode != belwacht.Enforce) {
		next := sec - ch.reserved + reserve
		cost := c.Price.Cost(ch.reserved+next) - c.Price.Cost(ch.reserved)
		for _, m := range ch.meters {
			if m == nil {
				continue
			}
			m.roll(moment)
			if why := m.spent(at, next, cost); why != "" && cause == "" {
				cause, detail = why, m.scope
			}
		}
		if cause == "" || ch.social || s.tenant.Mode != belwacht.Enforce {
			for _, m := range ch.meters {
				if m != nil {
					m.add(at, moment.Month, 0, next, int64(cost))
				}
			}
			ch.reserved, ch.at, ch.month = ch.reserved+next, at, moment.Month
		}
	}
	if s.tenant.Mode == belwacht.Learn || ch.social {
		return "", ""
	}
	return cause, detail
}

// settle gives back what a call reserved and did not use, and books its money at the brake.
func (s *shard) settle(r *running, c *count.Slot, at belwacht.Instant, talk int64) {
	s.spend(r, c, at, talk)
	ch := &r.charges
	if !ch.metered {
		return
	}
	back := int64(c.Price.Cost(ch.reserved) - c.Price.Cost(talk))
	for _, m := range ch.meters {
		if m == nil {
			continue
		}
		m.add(ch.at, ch.month, 0, talk-ch.reserved, -back)
		m.running = max(m.running-1, 0)
		if ch.abroad {
			m.abroad = max(m.abroad-1, 0)
		}
	}
	ch.metered = false
}
