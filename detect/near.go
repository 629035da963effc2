package detect

import (
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
)

// causeNear is the cause of a warning before a limit is reached, or of one that would have refused while we learn.
const causeNear = "limit.near"

// bill is what a notice is of where the month's forecast passes the usual bill.
const bill = "bill"

// gauges is how many amounts a meter holds against limits.
const gauges = 11

// nearness is what a meter has told of already: each of 50, 80 and 100 % once, and again on another day once it fell well below a half.
type nearness struct {
	told [gauges]uint8 // percent
	day  [gauges]int32
	bill bool
}

// month begins another month, in which its sums are told of anew.
func (n *nearness) month() {
	for _, i := range [...]int{4, 7, 10} { // the sums of months in gauges
		n.told[i] = 0
	}
	n.bill = false
}

// notice is what a warning says.
type notice struct {
	of      string // the cause that the limit would refuse with, or bill
	percent int    // of the limit that is used, or of the usual bill that is forecast
	scope   string
}

type gauge struct {
	used, most int64
	cause      string
}

func (m *meter) gauges(at belwacht.Instant) [gauges]gauge {
	l := m.limit
	return [gauges]gauge{
		{int64(m.running), int64(l.CallsAtOnce), "limit.at-once"},
		{int64(m.abroad), int64(l.CallsAtOnceAbroad), "limit.at-once-abroad"},
		{m.hour[calls].Sum(at), int64(l.CallsPerHour), "limit.calls.hour"},
		{m.day[calls].Sum(at), int64(l.CallsPerDay), "limit.calls.day"},
		{m.sums[calls], int64(l.CallsPerMonth), "limit.calls.month"},
		{m.hour[seconds].Sum(at), int64(l.MinutesPerHour) * 60, "limit.minutes.hour"},
		{m.day[seconds].Sum(at), int64(l.MinutesPerDay) * 60, "limit.minutes.day"},
		{m.sums[seconds], int64(l.MinutesPerMonth) * 60, "limit.minutes.month"},
		{m.hour[money].Sum(at), int64(l.MoneyPerHour), "limit.money.hour"},
		{m.day[money].Sum(at), int64(l.MoneyPerDay), "limit.money.day"},
		{m.sums[money], int64(l.MoneyPerMonth), "limit.money.month"},
	}
}

// nearing is the gravest thing to tell of a meter now; percent is 0 where there is none. What it gives counts as told.
func (m *meter) nearing(at belwacht.Instant, moment *calendar.Moment) (n notice) {
	for i, g := range m.gauges(at) {
		if g.most <= 0 {
			continue
		}
		share := int(min(g.used*100/g.most, 100))
		if share < 40 && m.near.day[i] != moment.Day {
			m.near.told[i] = 0
		}
		level := 0
		for _, l := range [...]int{50, 80, 100} {
			if share >= l {
				level = l
			}
		}
		if level > int(m.near.told[i]) {
			m.near.told[i], m.near.day[i] = uint8(level), moment.Day
			if level > n.percent {
				n = notice{g.cause, level, m.scope}
			}
		}
	}
	if forecast := m.forecast(moment); m.limit.UsualBill > 0 && !m.near.bill && forecast > m.limit.UsualBill {
		m.near.bill = true
		if n.percent < 80 {
			n = notice{bill, int(min(forecast*100/m.limit.UsualBill, 9999)), m.scope}
		}
	}
	return n
}

// billWeek is for how many days the usual bill weighs against this month's own pace, so that one dear call on the first does not make a forecast.
const billWeek = 7

// forecast is what the month will cost if it goes on as it went, held against the usual bill while it is young.
func (m *meter) forecast(moment *calendar.Moment) belwacht.Money {
	first := time.Date(int(moment.Month/12), time.Month(moment.Month%12+1), 1, 0, 0, 0, 0, time.UTC)
	days := first.AddDate(0, 1, 0).Sub(first).Hours() / 24
	gone := float64(int64(moment.Day)-first.Unix()/86400) + float64(moment.MinuteOfWeek%1440)/1440
	gone = min(max(gone, 0), days)
	pace := (float64(m.sums[money]) + billWeek*float64(m.limit.UsualBill)/days) / (gone + billWeek)
	return belwacht.Money(float64(m.sums[money]) + pace*(days-gone))
}

// nearest is the gravest notice of a call's meters.
func (ch *charges) nearest(at belwacht.Instant, moment *calendar.Moment) (n notice) {
	if !ch.metered {
		return n
	}
	for _, m := range ch.meters {
		if m == nil {
			continue
		}
		if one := m.nearing(at, moment); one.percent > n.percent {
			n = one
		}
	}
	return n
}

// word is how loud a notice is.
func (s *shard) word(n *notice) belwacht.Word {
	if n.percent < 80 || s.tenant.Mode == belwacht.Learn {
		return belwacht.Watch
	}
	return belwacht.Warn
}

// warn tells of limits that an attempt which goes on brings near. The decision on the attempt itself says so where it says nothing graver.
func (s *shard) warn(ev *belwacht.Event, v *rule.View, r *running, d *decided, m *calendar.Moment) {
	n := r.charges.nearest(ev.Time, m)
	if s.notice.percent > 0 { // reached, while we learn
		n = s.notice
	}
	if n.percent == 0 {
		return
	}
	word := s.word(&n)
	if d.word < word && d.cause != "feedback.fine" {
		s.notice = n
		d.word, d.cause, d.detail = word, causeNear, n.scope
		return
	}
	s.alertNear(&n, v, r, ev.Time, m)
}

// warnRunning tells of limits that a running call brings near. It makes an alert only: the call has had its decision.
func (s *shard) warnRunning(v *rule.View, r *running, c *count.Slot, at belwacht.Instant, m *calendar.Moment) {
	if !r.charges.metered || c.Answered == 0 {
		return
	}
	if n := r.charges.nearest(at, m); n.percent > 0 {
		if !c.Notable {
			v.Judged, v.Country, v.Price = c.Number, c.Country, c.Price
		}
		s.alertNear(&n, v, r, at, m)
	}
}

func (s *shard) alertNear(n *notice, v *rule.View, r *running, at belwacht.Instant, m *calendar.Moment) {
	word := s.word(n)
	if word < belwacht.Warn {
		return
	}
	s.notice = *n
	dec := s.decision(v, r.call, r.account, r.root, at, &decided{word: word, cause: causeNear, detail: n.scope})
	s.alarm(&dec, m.Day)
}
