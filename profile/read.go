package profile

import (
	"encoding/binary"
	"math"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// Usual is what an account's profile says of one attempt. Counts are calls, ages days, money whole units.
type Usual struct {
	Days        float32 // since the account's first call
	Idle        float32 // days since its last call; 0 where it never called
	Calls       float32 // learned from
	Notable     float32 // of them notable
	CountryN    float32 // calls to this country
	CountryDays float32 // days since the first call to it
	RangeN      float32 // calls to this range
	NumberN     float32 // calls to this number
	HourBits    float32 // how unusual the hour is: 0 usual, up to 8
	Forwards    float32 // calls it sent on abroad before
	MostDay     float32 // notable calls on the busiest day of late
	MostNovel   float32
	MostMoney   float32
	MostTalk    float32 // minutes
	MostAtOnce  float32
	NovelADay   float32 // mean
	Talk        float32 // usual seconds of a notable call
	Longest     float32 // seconds
}

// Knows says how often the account called a number that it still remembers.
func (a *Account) Knows(e belwacht.E164) int { return int(a.number.times(key32(e))) }

// KnowsRange says how often the account called a range that it still remembers.
func (a *Account) KnowsRange(e belwacht.E164) int { return int(a.rng.times(key32(e.Range()))) }

// KnowsCountry says how often the account called a country that it still remembers.
func (a *Account) KnowsCountry(c belwacht.Country) int {
	k := uint16(c.Index())
	for i := range a.country {
		if a.country[i].n > 0 && a.country[i].key == k {
			return int(a.country[i].n)
		}
	}
	return 0
}

// Warm reads a little of what Brief will read and says nothing by it.
func (a *Account) Warm() uint32 {
	if len(a.number) == 0 {
		return a.First
	}
	return a.First + a.number[0]
}

// WarmHead is Warm without the numbers, for which it would wait.
func (a *Account) WarmHead() uint32 { return a.First }

// WarmNumbers is Warm for all numbers that Brief looks through.
func (a *Account) WarmNumbers() (n uint32) {
	for i := 0; i < len(a.number); i += 16 { // a line of the processor's cache each
		n += a.number[i]
	}
	return n
}

// WarmLesson is Warm for what Learn will change apart from the numbers.
func (a *Account) WarmLesson() uint32 {
	return a.First + uint32(a.today.date) + uint32(a.hours[0]) + uint32(a.hours[60]) + uint32(a.hours[124])
}

// Brief fills what of u costs little: how much is known of the account, and of the number. The rest is empty.
func (a *Account) Brief(at belwacht.Instant, e belwacht.E164, u *Usual) {
	now := uint32(at / belwacht.Second)
	*u = Usual{Calls: float32(a.Calls), Notable: float32(a.Notable), Forwards: float32(a.Forwards)}
	if a.First != 0 && now > a.First {
		u.Days = float32(now-a.First) / 86400
	}
	if a.Last != 0 && now > a.Last {
		u.Idle = float32(now-a.Last) / 86400
	}
	if e != 0 {
		u.NumberN = float32(a.Knows(e))
	}
}

// Read fills u for an attempt at a moment, hour of the week and local day.
func (a *Account) Read(at belwacht.Instant, hour uint8, d int32, e belwacht.E164, c belwacht.Country, u *Usual) {
	a.Brief(at, e, u)
	u.HourBits = a.hourBits(hour)
	k := uint16(c.Index())
	for i := range a.country {
		if s := &a.country[i]; s.n > 0 && s.key == k {
			u.CountryN, u.CountryDays = float32(s.n), float32(date(d)-s.first)
		}
	}
	if e != 0 {
		u.RangeN = float32(a.KnowsRange(e))
	}
	l := &a.usual
	t := &a.today
	u.MostDay, u.MostNovel, u.MostMoney, u.MostTalk, u.MostAtOnce = l.mostDay, l.mostNovel, l.mostMoney, l.mostTalk, l.mostRun
	if t.date != date(d) {
		u.MostDay, u.MostNovel = max(u.MostDay, float32(t.notable)), max(u.MostNovel, float32(t.novel))
		u.MostMoney, u.MostTalk, u.MostAtOnce = max(u.MostMoney, t.money), max(u.MostTalk, t.minutes), max(u.MostAtOnce, float32(t.most))
	}
	u.NovelADay, u.Longest = l.novel, l.longest
	u.Talk = float32(count.Exp2(float64(l.talk))) - 1
}

// hourBits compares how often the account calls in this hour of the week, smoothed over the neighbouring hours and the same hour of
// other days, with an even spread over the week: log2 of even / own, from 0 to 8.
func (a *Account) hourBits(h uint8) float32 {
	all := float32(sum(&a.hours))
	if all < 20 {
		return 0
	}
	var near, same float32
	for i := int(h) % 24; i < len(a.hours); i += 24 {
		same += float32(a.hours[i])
	}
	for d := -1; d <= 1; d++ {
		near += float32(a.hours[(int(h)+168+d)%168])
	}
	weekend := h >= 120
	if weekend { // other days say little of a weekend
		same /= 7
	}
	own := (near/3 + same/7 + 0.05) / 2
	bits := float32(math.Log2(float64(all / 168 / own)))
	return min(max(bits, 0), 8)
}

// sum adds up an account's hours, eight at a time: each half of a word's bytes into four lanes of 16 bits, which 21 words cannot overflow.
func sum(hours *[168]uint8) uint64 {
	const even = 0x00ff00ff00ff00ff
	var lanes uint64
	for i := 0; i < len(hours); i += 8 {
		w := binary.LittleEndian.Uint64(hours[i : i+8])
		lanes += w&even + w>>8&even
	}
	return lanes&0xffff + lanes>>16&0xffff + lanes>>32&0xffff + lanes>>48
}

// Countries hands out each country that the account called and is remembered for, in no order. Costly numbers at home stand as a country of their own.
func (a *Account) Countries(yield func(belwacht.Country)) {
	for i := range a.country {
		if k := int(a.country[i].key); k > 0 && a.country[i].n > 0 {
			yield(belwacht.Country{'A' + byte((k-1)/26), 'A' + byte((k-1)%26)})
		}
	}
}
