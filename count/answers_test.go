package count

import (
	"testing"

	"github.com/belwacht/belwacht"
)

// made is a call of these tests: who called what when, and for how long it was talked; -1 is a call that we ended after a minute.
type made struct {
	hours           int64 // since the start
	account, number string
	talk            int64
}

// play makes calls one after the other and returns the values of the last one, which begins.
func play(t *testing.T, calls []made) (v Values) {
	t.Helper()
	s := NewShard(Config{})
	for i, c := range calls {
		at := start + belwacht.Instant(c.hours)*belwacht.Hour
		slot := attempt(t, s, uint64(i+1), at, c.account, c.number, &v)
		if i == len(calls)-1 {
			break
		}
		d := belwacht.Answered
		switch {
		case c.talk == 0:
			d = belwacht.NoAnswer
		default:
			s.Answer(slot, at)
		}
		if c.talk < 0 {
			s.Condemn(slot)
			c.talk = 60
		}
		s.End(slot, at+belwacht.Instant(c.talk)*belwacht.Second, c.talk, d)
	}
	return v
}

// TestAnswers: numbers that answered and numbers that did not are counted each once, those of the country apart; what was soon over says neither.
func TestAnswers(t *testing.T) {
	v := play(t, []made{
		{0, "201", "252612340001", 60}, {1, "201", "252612340001", 60}, {2, "201", "252612340002", 0}, {3, "201", "252612340002", 0},
		{4, "201", "252612340003", 12}, {5, "201", "252612340004", -1}, {6, "201", "67877340001", 90}, {7, "201", "67877340002", 0},
		{8, "202", "252612340005", 60}, {9, "201", "252612340006", 0},
	})
	if v.Talked7d != 3 || v.Unreached7d != 2 || v.CountryTalked7d != 2 || v.CountryUnreached7d != 1 {
		t.Errorf("%g talked with and %g not reached, in the country %g and %g", v.Talked7d, v.Unreached7d, v.CountryTalked7d, v.CountryUnreached7d)
	}
}

// TestCustom: who is a customer is talked with again on other days; who is called without end is not.
func TestCustom(t *testing.T) {
	for name, c := range map[string]struct {
		calls             []made
		own, all          float32 // returns: the account's, everybody's in the hundred
		numberToday, most float32 // talks with the very number
	}{
		"one number, three days":         {[]made{{0, "201", "252612340001", 60}, {24, "201", "252612340001", 60}, {48, "201", "252612340001", 60}, {72, "201", "252612340002", 0}}, 2, 2, 1, 0},
		"a colleague's":                  {[]made{{0, "201", "252612340001", 60}, {24, "201", "252612340001", 60}, {48, "202", "252612340002", 0}}, 0, 1, 1, 0},
		"a colleague's, elsewhere":       {[]made{{0, "201", "252612340001", 60}, {24, "201", "252612340001", 60}, {48, "202", "252612347702", 0}}, 0, 0, 1, 0},
		"thrice on one day":              {[]made{{1, "201", "252612340001", 60}, {2, "201", "252612340001", 60}, {3, "201", "252612340001", 60}, {4, "201", "252612340001", 0}}, 0, 0, 4, 0},
		"ended, on two days":             {[]made{{0, "201", "252612340001", -1}, {24, "201", "252612340001", -1}, {47, "201", "252612340001", 0}}, 0, 0, 2, 0},
		"another number every day":       {[]made{{0, "201", "252612340001", 60}, {24, "201", "252612340002", 60}, {48, "201", "252612340003", 60}}, 0, 0, 1, 0},
		"as often a week ago":            {[]made{{0, "201", "252612340001", 60}, {1, "201", "252612340001", 60}, {168, "201", "252612340001", 60}, {169, "201", "252612340001", 0}}, 1, 1, 2, 2},
		"busy all day":                   {[]made{{0, "201", "252612340001", 0}, {1, "201", "252612340001", 0}, {2, "201", "252612340001", 0}}, 0, 0, 1, 0},
		"three weeks ago, and forgotten": {[]made{{0, "201", "252612340001", 60}, {24, "201", "252612340001", 60}, {500, "201", "252612340001", 0}}, 0, 0, 1, 0},
	} {
		v := play(t, c.calls)
		if v.OwnReturns14d != c.own || v.RangeReturns14d != c.all || v.NumberTalks24h != c.numberToday || v.NumberMost14d != c.most {
			t.Errorf("%s: returns %g and %g, talks %g beside %g; want %g, %g, %g, %g", name, v.OwnReturns14d, v.RangeReturns14d, v.NumberTalks24h, v.NumberMost14d, c.own, c.all, c.numberToday, c.most)
		}
	}
}

// TestShortAndInVain: a test call is answered and soon over, a redial follows on an attempt that reached nobody; neither is the other.
func TestShortAndInVain(t *testing.T) {
	for name, c := range map[string]struct {
		talk          int64
		short, redial float32
	}{"a test call": {12, 1, 0}, "a talk": {60, 0, 0}, "busy": {0, 0, 1}} {
		v := play(t, []made{{0, "201", "252612340001", c.talk}, {0, "201", "252612340001", 0}})
		if v.OwnShort7d != c.short || v.Redials1h != c.redial {
			t.Errorf("%s: %g short calls, %g redials; want %g, %g", name, v.OwnShort7d, v.Redials1h, c.short, c.redial)
		}
	}
}
