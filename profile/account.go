package profile

import (
	"math"

	"github.com/belwacht/belwacht"
)

// How much an account remembers.
const (
	countries = 12
	ranges    = 32
	numbers   = 64
)

// MaxNewRanges is how many new ranges of one country an account learns on one day, so that a scatter of numbers does not become
// usual at once.
const MaxNewRanges = 3

// learnedCountries is how many countries an account learns new ranges of on one day: more are a scatter.
const learnedCountries = 8

// Days since the epoch, in the organisation's zone; 16 bits reach to the year 2149.
type date = uint16

// Account is what is usual for one account. The zero Account knows nothing.
type Account struct {
	First, Last uint32 // seconds: first and last call placed
	Calls       uint32 // calls placed that were learned from
	Notable     uint32 // of them to notable numbers
	Forwards    uint16 // calls sent on abroad that were learned from
	learnedDay  date
	number      set // of at most numbers keys; it stands here, close to what every call asks for
	today       day
	rng         set // of at most ranges keys
	country     [countries]seen16
	usual       usual
	learned     [learnedCountries]struct{ country, n uint8 } // new ranges learned on learnedDay, by hash of the country
	hours       [168]uint8
}

type seen16 struct {
	key   uint16
	first date
	last  date
	n     uint16
}

// day gathers the day that runs.
type day struct {
	date    date
	novel   uint16
	notable uint16
	most    uint8 // calls at once
	money   float32
	minutes float32
}

// usual is what past days teach; maxima fade by a fifth a week.
type usual struct {
	days      float32 // active days learned from, at most 40
	notable   float32 // notable calls a day: mean
	novel     float32
	mostDay   float32 // notable calls on the busiest day
	mostNovel float32 // novel calls on the busiest day
	mostMoney float32
	mostTalk  float32 // minutes
	mostRun   float32 // calls at once
	talk      float32 // mean of log2(seconds talked + 1) of notable calls
	longest   float32 // seconds
}

// Lesson is one call placed that may teach.
type Lesson struct {
	At      belwacht.Instant
	Date    int32 // local day number
	Hour    uint8 // of the week, 0 to 167
	Number  belwacht.E164
	Country belwacht.Country
	Notable bool
	Novel   bool
	SentOn  bool
	Talk    int64 // seconds
	Cost    belwacht.Money
	AtOnce  int // notable calls of the account that ran as it began
}

// key32 is what a set keeps of a number; two numbers share it once in four billion.
func key32(e belwacht.E164) uint32 {
	h := uint64(e) * 0x9e3779b97f4a7c15
	return uint32(h>>32) | 1
}

// acquainted is from how many seconds of talk on a call that deserves a look makes its number, range and country known: attackers try a number for some
// seconds, days before they use it.
const acquainted = 30

// acquaints says whether a call makes its number known.
func (l *Lesson) acquaints() bool {
	return l.Number != 0 && (l.Talk >= acquainted || l.Talk > 0 && !l.Notable)
}

// Learn takes a call into the profile.
func (a *Account) Learn(l *Lesson) {
	now, d := uint32(l.At/belwacht.Second), date(l.Date)
	if a.First == 0 || now < a.First {
		a.First = now
	}
	a.Last = max(a.Last, now)
	a.Calls++
	a.hour(l.Hour)
	a.roll(d)
	if l.acquaints() {
		a.number.touch(numbers, key32(l.Number), d)
	}
	if !l.Notable {
		return
	}
	a.Notable++
	if l.SentOn && a.Forwards < math.MaxUint16 {
		a.Forwards++
	}
	a.amounts(l, d == a.today.date)
	if !l.acquaints() {
		return
	}
	a.place(l, d)
}

// place learns country and range.
func (a *Account) place(l *Lesson, d date) {
	k, oldest := uint16(l.Country.Index()), 0
	found := false
	for i := range a.country {
		c := &a.country[i]
		if c.n > 0 && c.key == k {
			c.last, found = max(c.last, d), true
			c.n = satAdd(c.n)
			break
		}
		if c.last < a.country[oldest].last {
			oldest = i
		}
	}
	if !found {
		a.country[oldest] = seen16{key: k, first: d, last: d, n: 1}
	}
	rk := key32(l.Number.Range())
	if a.rng.find(rk) < 0 && !a.mayLearn(uint8(k), d) {
		return
	}
	a.rng.touch(ranges, rk, d)
}

// mayLearn counts a new range of a country on a day, and says whether it may still be learned.
func (a *Account) mayLearn(country uint8, d date) bool {
	if a.learnedDay != d {
		a.learnedDay = d
		clear(a.learned[:])
	}
	for i := range a.learned {
		l := &a.learned[i]
		if l.n == 0 {
			l.country = country
		}
		if l.country == country {
			if l.n >= MaxNewRanges {
				return false
			}
			l.n++
			return true
		}
	}
	return false
}

func (a *Account) amounts(l *Lesson, today bool) {
	if l.Talk > 0 {
		w := 1 / float32(min(a.Notable, 50))
		a.usual.talk += (float32(math.Log2(float64(l.Talk)+1)) - a.usual.talk) * w
		a.usual.longest = max(a.usual.longest, float32(l.Talk))
	}
	if !today {
		return
	}
	t := &a.today
	t.notable++
	if l.Novel {
		t.novel++
	}
	t.most = uint8(min(max(int(t.most), l.AtOnce), 255))
	t.money += float32(l.Cost.Float())
	t.minutes += float32(l.Talk) / 60
}

// roll closes the day that ran when another begins. A lesson of an earlier day, out of quarantine, leaves the day that runs alone.
func (a *Account) roll(d date) {
	t, u := &a.today, &a.usual
	if d <= t.date {
		return
	}
	if t.date != 0 {
		u.days = min(u.days+1, 40)
		w := 1 / u.days
		u.notable += (float32(t.notable) - u.notable) * w
		u.novel += (float32(t.novel) - u.novel) * w
		fade := float32(math.Pow(0.8, float64(min(d-t.date, 200))/7))
		for _, m := range []struct {
			most *float32
			day  float32
		}{{&u.mostDay, float32(t.notable)}, {&u.mostNovel, float32(t.novel)}, {&u.mostMoney, t.money}, {&u.mostTalk, t.minutes}, {&u.mostRun, float32(t.most)}} {
			*m.most = max(*m.most*fade, m.day)
		}
		u.longest *= fade
	}
	*t = day{date: d}
}

// hour counts an hour of the week; when a count is full all are halved, so that habits fade.
func (a *Account) hour(h uint8) {
	a.hours[h]++
	if a.hours[h] < 255 {
		return
	}
	for i := range a.hours {
		a.hours[i] /= 2
	}
}

// Forget takes a number, its range and its country out of what is known: a person said that calls to it were fraud.
func (a *Account) Forget(e belwacht.E164, c belwacht.Country) {
	a.number.drop(key32(e))
	a.rng.drop(key32(e.Range()))
	for i := range a.country {
		if a.country[i].key == uint16(c.Index()) {
			a.country[i] = seen16{}
		}
	}
}
