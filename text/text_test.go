package text

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
)

func TestClean(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"Jan de Vries", 40, "Jan de Vries"},
		{"Zoë Müller 日本", 40, "Zoë Müller 日本"},
		{"\x1b[2J\x1b]0;pwned\x07x", 40, "·[2J·]0;pwned·x"},
		{"a\r\nb", 40, "a·b"},
		{"evil\u202egpj.exe", 40, "evil·gpj.exe"},
		{"\u2066x\u2069\u200b\ufeff", 40, "·x·"},
		{"a\u0085b\u009bc", 40, "a·b·c"},
		{"\xff\xfea", 40, "·a"},
		{"a\ufffdb", 40, "a\ufffdb"},
		{"\x00\x00\x00", 40, "·"},
		{"abcdef", 4, "abc…"},
		{"ééééé", 4, "ééé…"},
		{"éééé", 4, "éééé"},
		{"a\u00a0b", 9, "a·b"},
		{"x", 0, ""},
		{strings.Repeat("A", 1<<20), 16, "AAAAAAAAAAAAAAA…"},
	} {
		if got := Clean(c.in, c.max); got != c.want {
			t.Errorf("%.30q: %q, want %q", c.in, got, c.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { Clean("+31612345678", 40) }); n != 0 {
		t.Errorf("a plain string costs %v allocations", n)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b[31m\u202e", 10)
	f.Add("\xff", 1)
	f.Fuzz(func(t *testing.T, s string, max int) {
		max = max & 63
		got := Clean(s, max)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > max {
			t.Errorf("%q, %d: %q", s, max, got)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e }) {
			t.Errorf("%q: %q", s, got)
		}
		if again := Clean(got, max); again != got {
			t.Errorf("cleaned twice differs: %q, %q", got, again)
		}
		Mask(s)
		CSVCell(got)
	})
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"+31612345678": "+31 6 •••• 5678", "+12025550123": "+1 2 •••• 0123", "+252611234567": "+252 6 •••• 4567", "112": "112",
		"0612345678": "06 •••• 5678", "1234567": "••••67", "1234": "••••34", "": "", "*97x": "*97x", "\x1b[1": "·[1", "+8821612345678": "+882 1 •••• 5678", "+31·612345678": "+31 6 •••• 5678",
		"+00·0000": "••••00",
	} {
		if got := Mask(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Mask("+31613456789012"); strings.Contains(got, "345678") {
		t.Errorf("shows the middle: %s", got)
	}
}

func TestCSVCell(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "+31": "'+31", "-1": "'-1", "a": "a", "": ""} {
		if got := CSVCell(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestAmounts(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Count(English, 1234567), "1,234,567"}, {Count(Dutch, -1234), "-1.234"}, {Count(Dutch, -123), "-123"}, {Count(English, 0), "0"},
		{Money(English, 1234*belwacht.Unit+500_000, "EUR"), "€ 1,234.50"}, {Money(Dutch, 1234*belwacht.Unit+500_000, ""), "€ 1.234,50"},
		{Money(Dutch, -belwacht.Unit/2, "EUR"), "€ -0,50"}, {Money(English, 1200, "USD"), "USD 0.0012"}, {Money(English, belwacht.Unit, "GBP"), "£ 1.00"},
		{Percent(English, 0.999, 1), "99.9 %"}, {Percent(English, 0.99999, 1), "99.9 %"}, {Percent(English, 1, 1), "100.0 %"},
		{Percent(Dutch, 0.00001, 1), "< 0,1 %"}, {Percent(English, 0, 0), "0 %"}, {Percent(Dutch, 0.5, 0), "50 %"},
		{Decimal(Dutch, 1234.56, 1), "1.234,6"}, {Decimal(English, -0.5, 1), "-0.5"}, {Decimal(English, 3, 0), "3"},
		{Plural(English, 1, "call", "calls"), "1 call"}, {Plural(Dutch, 1412, "gesprek", "gesprekken"), "1.412 gesprekken"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestWhen(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Skip("no time zones on this machine: ", err)
	}
	i := belwacht.InstantOf(time.Date(2026, 4, 19, 1, 12, 0, 0, time.UTC))
	for _, c := range []struct{ got, want string }{
		{Seconds(English, 1), "1 second"}, {Seconds(Dutch, 42), "42 seconden"}, {Seconds(English, 200), "3 min 20 s"}, {Seconds(Dutch, 7500), "2 u 5 min"},
		{Seconds(English, 3600), "1 h"}, {Seconds(English, 3*86400), "3 days"}, {Seconds(Dutch, 60*86400), "8 weken"}, {Seconds(English, -5), "-5 seconds"},
		{Clock(English, i, zone), "Sunday 03:12"}, {Clock(Dutch, i, zone), "zondag 03:12"},
		{Date(Dutch, i, zone), "19 april 2026"}, {Moment(English, i, zone), "Sunday 19 April 2026 03:12"},
		{List(English, []string{"a", "b", "c"}), "a, b and c"}, {List(Dutch, []string{"a", "b"}), "a en b"}, {List(Dutch, nil), ""}, {List(English, []string{"a"}), "a"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	for m := time.January; m <= time.December; m++ {
		if MonthName(Dutch, m) == "" || MonthName(English, m) == "" {
			t.Errorf("no name for month %d", m)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, l := range []Language{English, Dutch} {
		var back Language
		if err := back.UnmarshalText([]byte(l.String())); err != nil || back != l {
			t.Errorf("%v: %v, %v", l, back, err)
		}
	}
	var l Language
	if err := l.UnmarshalText([]byte("fr")); err == nil {
		t.Error("fr is read")
	}
}
