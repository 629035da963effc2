package calendar

import (
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

func mustNew(t testing.TB, c Config) *Calendar {
	t.Helper()
	if c.Timezone == "" {
		c.Timezone = "Europe/Amsterdam"
	}
	cal, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func instant(t testing.TB, rfc string) belwacht.Instant {
	t.Helper()
	var i belwacht.Instant
	if err := i.UnmarshalText([]byte(rfc)); err != nil {
		t.Fatal(err)
	}
	return i
}

// TestAtAgreesWithTheStandardLibrary walks zones with every kind of change, half an hour at a time around their changes.
func TestAtAgreesWithTheStandardLibrary(t *testing.T) {
	for _, zone := range []string{"Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "UTC"} {
		cal := mustNew(t, Config{Timezone: zone})
		check := func(ms int64) {
			m := cal.At(belwacht.Instant(ms))
			w := time.UnixMilli(ms).In(cal.Zone())
			weekday := (int(w.Weekday()) + 6) % 7
			y, mo, d := w.Date()
			day := time.Date(y, mo, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
			if int(m.MinuteOfWeek) != weekday*1440+w.Hour()*60+w.Minute() || int(m.HourOfWeek) != weekday*24+w.Hour() || int64(m.Day) != day || int(m.Month) != y*12+int(mo)-1 {
				t.Fatalf("%s %v: %+v", zone, w, m)
			}
		}
		for at := time.Date(1968, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2105; at = at.Add(97*time.Hour + 13*time.Minute) {
			check(at.UnixMilli())
		}
		for at := time.Date(2001, 1, 1, 0, 0, 0, 0, cal.Zone()); at.Year() < 2031; {
			_, end := at.ZoneBounds()
			if !end.After(at) {
				break
			}
			for d := -3 * time.Hour; d <= 3*time.Hour; d += 10 * time.Minute {
				check(end.Add(d).UnixMilli())
			}
			check(end.UnixMilli() - 1)
			at = end
		}
	}
}

// TestDSTNights names the hours themselves, so that a mistake shared with the standard library would show.
func TestDSTNights(t *testing.T) {
	for _, c := range []struct {
		zone, utc string
		hour      int // of the week
		minute    int
	}{
		{"Europe/Amsterdam", "2026-03-29T00:59:00Z", 6*24 + 1, 59}, // 01:59, then
		{"Europe/Amsterdam", "2026-03-29T01:00:00Z", 6*24 + 3, 0},  // 03:00
		{"Europe/Amsterdam", "2026-10-25T00:30:00Z", 6*24 + 2, 30}, // 02:30 the first time
		{"Europe/Amsterdam", "2026-10-25T01:30:00Z", 6*24 + 2, 30}, // and the second
		{"America/New_York", "2026-03-08T06:59:00Z", 6*24 + 1, 59},
		{"America/New_York", "2026-03-08T07:00:00Z", 6*24 + 3, 0},
		{"America/New_York", "2026-11-01T05:30:00Z", 6*24 + 1, 30},
		{"America/New_York", "2026-11-01T06:30:00Z", 6*24 + 1, 30},
		{"Australia/Lord_Howe", "2026-04-04T14:59:00Z", 6*24 + 1, 59}, // half an hour back at 02:00
		{"Australia/Lord_Howe", "2026-04-04T15:00:00Z", 6*24 + 1, 30},
		{"Australia/Lord_Howe", "2026-10-03T15:29:00Z", 6*24 + 1, 59},
		{"Australia/Lord_Howe", "2026-10-03T15:30:00Z", 6*24 + 2, 30},
	} {
		m := mustNew(t, Config{Timezone: c.zone}).At(instant(t, c.utc))
		if int(m.HourOfWeek) != c.hour || int(m.MinuteOfWeek) != c.hour*60+c.minute {
			t.Errorf("%s %s: %+v", c.zone, c.utc, m)
		}
	}
}

func TestMidnight(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"Europe/Amsterdam", "2026-03-29", "2026-03-28T23:00:00Z"},
		{"Europe/Amsterdam", "2026-03-30", "2026-03-29T22:00:00Z"},
		{"Europe/Amsterdam", "2026-10-26", "2026-10-25T23:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // 00:00 was skipped: the day began at 01:00
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},    // 00:00 comes twice: the first
	} {
		cal := mustNew(t, Config{Timezone: c.zone})
		day, _ := parseDay(c.day)
		if got := cal.Midnight(day); got.String() != c.want {
			t.Errorf("%s %s: %s, want %s", c.zone, c.day, got, c.want)
		}
		if m := cal.At(cal.Midnight(day)); m.Day != day {
			t.Errorf("%s %s: midnight lies on day %d, not %d", c.zone, c.day, m.Day, day)
		}
	}
}

func TestDutchHolidays(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		config Config
		day    string
		want   bool
	}{
		{Config{}, "2026-01-01", true}, {Config{}, "2026-04-06", true}, {Config{}, "2026-04-27", true}, {Config{}, "2026-05-14", true},
		{Config{}, "2026-05-25", true}, {Config{}, "2026-12-25", true}, {Config{}, "2026-12-26", true}, {Config{}, "2026-12-24", false},
		{Config{}, "2025-04-26", true},  // King's Day, 27 April being a Sunday
		{Config{}, "2026-05-05", false}, // lustrum years only
		{Config{}, "2030-05-05", true},
		{Config{Liberation: LiberationEvery}, "2026-05-05", true},
		{Config{Liberation: LiberationNever}, "2030-05-05", false},
		{Config{}, "2026-04-03", false}, // Good Friday is worked
		{Config{GoodFriday: &yes}, "2026-04-03", true},
		{Config{Country: "DE"}, "2026-04-03", true},
		{Config{Country: "DE", GoodFriday: &no}, "2026-04-03", false},
		{Config{Country: "US", GoodFriday: &yes}, "2026-04-03", true},
		{Config{Country: "US"}, "2026-07-03", true}, // Independence Day, a Saturday, is kept on Friday
		{Config{Country: "GR"}, "2026-04-10", true}, // eastern Good Friday
		{Config{Country: "AU"}, "2026-01-26", true},
		{Config{Country: "AU"}, "2026-11-03", false}, // Melbourne Cup: Victoria only
		{Config{Country: "CH"}, "2026-08-01", true},
		{Config{Country: "CH"}, "2026-12-08", false}, // some cantons only
		{Config{Holidays: &no}, "2026-12-25", false},
		{Config{Closed: []string{"2026-12-24..2027-01-01"}}, "2026-12-30", true},
		{Config{Closed: []string{"2026-12-24"}}, "2026-12-23", false},
	} {
		if c.config.Country == "" {
			c.config.Country = "NL"
		}
		cal := mustNew(t, c.config)
		day, _ := parseDay(c.day)
		m := cal.At(cal.Midnight(day) + 9*belwacht.Hour)
		_, named := cal.HolidayName(day)
		if m.Holiday != c.want || named != c.want {
			t.Errorf("%+v %s: holiday %v, named %v, want %v", c.config, c.day, m.Holiday, named, c.want)
		}
	}
}

func TestEveryCountryHasHolidays(t *testing.T) {
	for _, country := range strings.Fields("AR AT AU BE BG BR CA CH CZ DE DK ES FR GB GR HR IE IT JP LT LV MW NC NL NO NZ PL RO RU SE SI SK UA US ZA") {
		cal := mustNew(t, Config{Country: country})
		count := 0
		for d := int32(20454); d < 20454+365; d++ { // 2026
			if cal.At(cal.Midnight(d)).Holiday {
				count++
			}
		}
		if count < 4 || count > 30 || !cal.KnowsHolidays() {
			t.Errorf("%s: %d holidays in 2026, known %v", country, count, cal.KnowsHolidays())
		}
	}
	if mustNew(t, Config{Country: "SO"}).KnowsHolidays() {
		t.Error("Somalia's holidays are not known")
	}
}

func TestOfficeHours(t *testing.T) {
	cal := mustNew(t, Config{Country: "NL", OfficeHours: "mon-fri 08:00-12:30 13:00-17:30, sat 09:00-13:00, sun 22:00-02:00"})
	for at, want := range map[string]bool{
		"2026-04-20T08:00:00+02:00": true, "2026-04-20T07:59:59+02:00": false, "2026-04-20T12:29:59+02:00": true, "2026-04-20T12:30:00+02:00": false,
		"2026-04-20T17:29:00+02:00": true, "2026-04-20T17:30:00+02:00": false, "2026-04-25T12:59:00+02:00": true, "2026-04-25T13:00:00+02:00": false,
		"2026-04-19T23:00:00+02:00": true, "2026-04-20T01:59:00+02:00": true, "2026-04-20T02:00:00+02:00": false,
		"2026-04-27T10:00:00+02:00": false, // King's Day
	} {
		if m := cal.At(instant(t, at)); m.Open != want || !m.HasHours {
			t.Errorf("%s: %+v, want %v", at, m, want)
		}
	}
	if m := mustNew(t, Config{}).At(instant(t, "2026-04-20T10:00:00+02:00")); m.Open || m.HasHours {
		t.Errorf("without hours: %+v", m)
	}
}

func TestErrorsNameTheKey(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{}, "timezone: is missing"},
		{Config{Timezone: "Local"}, "timezone: is missing"},
		{Config{Timezone: "Europe/Amsterdm"}, `"Europe/Amsterdm" is no time zone`},
		{Config{Timezone: "../../etc/passwd"}, "is no time zone"},
		{Config{Timezone: "UTC", OfficeHours: "mon-fry 08:00-18:00"}, `office_hours: "mon-fry" is no day`},
		{Config{Timezone: "UTC", Liberation: "sometimes"}, "liberation_day"},
		{Config{Timezone: "UTC", Country: "Nederland"}, "country"},
		{Config{Timezone: "UTC", Closed: []string{"24-12-2026"}}, "closed"},
		{Config{Timezone: "UTC", Closed: []string{"2026-12-24..2026-12-01"}}, "ends before it begins"},
		{Config{Timezone: "UTC", Closed: []string{"1999-12-24"}}, "between 2000 and 2100"},
		{Config{Timezone: "UTC", Closed: make([]string, 2000)}, "over the 1500"},
	} {
		_, err := New(c.config)
		if err == nil || !strings.Contains(err.Error(), c.want) || belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%+v: %v, want %s", c.config.Timezone, err, c.want)
		}
	}
}

func TestAtAllocatesNothing(t *testing.T) {
	cal := mustNew(t, Config{Country: "NL", OfficeHours: "mon-fri 08:00-18:00"})
	i := instant(t, "2026-04-20T10:00:00Z")
	if n := testing.AllocsPerRun(1000, func() { cal.At(i) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAt(b *testing.B) {
	cal := mustNew(b, Config{Country: "NL", OfficeHours: "mon-fri 08:00-18:00"})
	i := instant(b, "2026-01-01T10:00:00Z")
	for b.Loop() {
		i += 7_000_003
		if cal.At(i).Month == 0 {
			b.Fatal("month")
		}
		if i > 4_000_000_000_000 {
			i = 1_000_000_000_000
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		mustNew(b, Config{Country: "NL", OfficeHours: "mon-fri 08:00-18:00"})
	}
}
