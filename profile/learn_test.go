package profile

import (
	"testing"

	"github.com/belwacht/belwacht"
)

// call is a call on a day of these tests, at ten in the morning.
func call(day int32, number int, c belwacht.Country) *Lesson {
	return &Lesson{At: belwacht.Instant(day)*belwacht.Day + 10*belwacht.Hour, Date: day, Hour: uint8(day%7)*24 + 10, Number: e164(number), Country: c, Notable: true, Talk: 120, Cost: belwacht.Unit}
}

var germany = belwacht.Country{'D', 'E'}

// TestWhatIsUsual: after weeks of the same, hours, numbers, countries and amounts are known, and what is new is new.
func TestWhatIsUsual(t *testing.T) {
	var a Account
	for day := int32(20_000); day < 20_040; day++ {
		if day%7 >= 5 {
			continue
		}
		for i := range 4 {
			a.Learn(call(day, 493012345670+i, germany))
		}
	}
	var u Usual
	read := func(day int32, hour uint8, number int, c belwacht.Country) {
		a.Read(belwacht.Instant(day)*belwacht.Day+12*belwacht.Hour, hour, day, e164(number), c, &u)
	}
	read(20_041, uint8(20_041%7)*24+10, 493012345671, germany)
	if u.NumberN < 20 || u.RangeN < 80 || u.CountryN < 80 || u.HourBits > 1 || u.MostDay != 4 || u.Days < 40 || u.Talk < 115 || u.Talk > 125 || u.MostMoney != 4 {
		t.Errorf("known: %+v", u)
	}
	read(20_041, 3, 252615551234, belwacht.Country{'S', 'O'})
	if u.NumberN != 0 || u.RangeN != 0 || u.CountryN != 0 || u.HourBits < 2 {
		t.Errorf("new: %+v", u)
	}
	read(20_100, 10, 493012345671, germany)
	if u.Idle < 55 || u.Idle > 65 {
		t.Errorf("idle %g days", u.Idle)
	}
}

// TestAnAccountIsBounded: whatever is learned, what was used lately is still known, and the value has a fixed size.
func TestAnAccountIsBounded(t *testing.T) {
	var a Account
	for i := range 5000 {
		a.Learn(call(20_000+int32(i/3), 210_000_000_000+i*10_007, belwacht.Country{byte('A' + i%26), byte('A' + i/26%26)}))
	}
	for i := 4995; i < 5000; i++ {
		if a.Knows(e164(210_000_000_000+i*10_007)) == 0 {
			t.Errorf("call %d of 5000 is forgotten", i)
		}
	}
	if a.Knows(e164(210_000_000_000)) > 0 {
		t.Error("the first of 5000 numbers is still known")
	}
	n := 0
	for c := range 26 * 26 {
		if a.KnowsCountry(belwacht.Country{byte('A' + c%26), byte('A' + c/26)}) > 0 {
			n++
		}
	}
	if n != countries {
		t.Errorf("%d countries are known, want %d", n, countries)
	}
}

// TestForgetting takes out the number, its range and country, and nothing beside; a country that others called stays the house's.
func TestForgetting(t *testing.T) {
	var a Account
	house := NewTenant()
	for _, l := range []*Lesson{call(20_000, 493012345671, germany), call(20_000, 493099995671, germany), call(20_001, 33123456789, belwacht.Country{'F', 'R'})} {
		a.Learn(l)
		house.Learn(l, 1)
	}
	house.Learn(call(20_001, 493077775671, germany), 2)
	a.Forget(e164(493012345671), germany)
	house.Forget(e164(493012345671), germany, 1)
	house.Forget(e164(33123456789), belwacht.Country{'F', 'R'}, 1)
	for what, ok := range map[string]bool{
		"the number is forgotten":             a.Knows(e164(493012345671)) == 0 && !house.KnowsNumber(e164(493012345671)),
		"the range is forgotten":              a.KnowsRange(e164(493012345671)) == 0 && !house.KnowsRange(e164(493012345671)),
		"the country is forgotten":            a.KnowsCountry(germany) == 0,
		"another number stays":                a.Knows(e164(493099995671)) > 0 && house.KnowsNumber(e164(493099995671)),
		"another country stays":               a.KnowsCountry(belwacht.Country{'F', 'R'}) > 0,
		"a country that others call stays":    house.KnowsCountry(germany) > 0,
		"a country of this account goes":      house.KnowsCountry(belwacht.Country{'F', 'R'}) == 0,
		"what the account knows is untouched": a.Knows(e164(33123456789)) > 0,
	} {
		if !ok {
			t.Errorf("not so: %s", what)
		}
	}
}

// TestNothingIsLearnedOfNobody: a call without number or talk teaches when it was, not where it went.
func TestNothingIsLearnedOfNobody(t *testing.T) {
	var a Account
	house := NewTenant()
	for _, l := range []*Lesson{call(20_000, 493012345671, germany), call(20_000, 493012345672, germany)} {
		l.Talk = 0
		a.Learn(l)
		house.Learn(l, 1)
	}
	if a.Calls != 2 || a.Knows(e164(493012345671)) > 0 || a.KnowsCountry(germany) > 0 || house.KnowsNumber(e164(493012345671)) || house.KnowsCountry(germany) > 0 {
		t.Errorf("%d calls, number %d, country %d", a.Calls, a.Knows(e164(493012345671)), a.KnowsCountry(germany))
	}
}

// TestAFewSecondsAreNoAcquaintance: attackers try a number for some seconds, days before they use it; a short call at home teaches its number all the same.
func TestAFewSecondsAreNoAcquaintance(t *testing.T) {
	for _, c := range []struct {
		talk    int64
		notable bool
		known   bool
	}{{29, true, false}, {30, true, true}, {1, false, true}, {0, false, false}} {
		var a Account
		house := NewTenant()
		l := call(20_000, 493012345671, germany)
		l.Talk, l.Notable = c.talk, c.notable
		a.Learn(l)
		house.Learn(l, 1)
		if known := a.Knows(l.Number) > 0; known != c.known || house.KnowsNumber(l.Number) != known || a.Calls != 1 {
			t.Errorf("%d s, notable %v: known %v, to the house %v", c.talk, c.notable, known, house.KnowsNumber(l.Number))
		}
		if known := a.KnowsCountry(germany) > 0; known != (c.known && c.notable) {
			t.Errorf("%d s, notable %v: country known %v", c.talk, c.notable, known)
		}
	}
}

// TestFineForANumberIsForThatNumber: a person's word for one number teaches that number; another of the country, where a call was refused meanwhile, stays unlearned.
func TestFineForANumberIsForThatNumber(t *testing.T) {
	for name, c := range map[string]struct {
		number belwacht.E164 // that a person says is fine; 0 = the country
		want   int           // numbers that are taught in the end
	}{"number": {e164(493012345671), 1}, "country": {0, 2}} {
		var q Quarantine
		at := belwacht.Instant(20_000) * belwacht.Day
		for _, n := range []int{493012345671, 493087654321} {
			q.Wait(1, call(20_000, n, germany), belwacht.Watch, at)
		}
		q.Rose(1, e164(493055555555), belwacht.Refuse, at+belwacht.Day)
		taught := map[belwacht.E164]bool{}
		teach := func(_ uint32, l *Lesson) { taught[l.Number] = true }
		q.Pardon(1, c.number, germany, teach)
		q.Release(at+8*belwacht.Day, teach)
		if len(taught) != c.want || !taught[e164(493012345671)] {
			t.Errorf("%s: %v taught", name, taught)
		}
	}
}
