package calendar

import (
	"slices"
	"testing"

	"github.com/belwacht/belwacht"
)

func TestParseHours(t *testing.T) {
	day := func(d, from, to int) [2]int { return [2]int{d*1440 + from*60, d*1440 + to*60} }
	for _, c := range []struct {
		text string
		want [][2]int
	}{
		{"mon-fri 08:00-18:00", [][2]int{day(0, 8, 18), day(1, 8, 18), day(2, 8, 18), day(3, 8, 18), day(4, 8, 18)}},
		{"mon-sun 00:00-24:00", [][2]int{{0, 10080}}},
		{"ma-vr 8:00-12:00 13.00-17.00, zaterdag 9:00-13:00", [][2]int{day(0, 8, 12), day(0, 13, 17), day(1, 8, 12), day(1, 13, 17), day(2, 8, 12), day(2, 13, 17),
			day(3, 8, 12), day(3, 13, 17), day(4, 8, 12), day(4, 13, 17), day(5, 9, 13)}},
		{"mon wed 09:00-10:00; fri 10:00-11:00", [][2]int{day(0, 9, 10), day(2, 9, 10), day(4, 10, 11)}},
		{"Mon, Wed 09:00-10:00", [][2]int{day(0, 9, 10), day(2, 9, 10)}},
		{"sat-mon 22:00-06:00", [][2]int{{0, 6 * 60}, {22 * 60, 30 * 60}, day(5, 22, 30), {6*1440 + 22*60, 10080}}},
		{"mon 08:00-12:00 10:00-14:00", [][2]int{day(0, 8, 14)}},
		{"sun 08:00-08:00", [][2]int{{0, 8 * 60}, {6*1440 + 8*60, 10080}}},
	} {
		w, err := ParseHours(c.text)
		if err != nil || !slices.Equal(w.Spans, c.want) {
			t.Errorf("%s: %v, %v", c.text, w, err)
		}
	}
	for _, text := range []string{"", " ", "none", "None"} {
		if w, err := ParseHours(text); w != nil || err != nil {
			t.Errorf("%q: %v, %v", text, w, err)
		}
	}
	for _, text := range []string{"mon-fri", "08:00-18:00", "mon 8-18", "mon 08:00", "mon 24:00-25:00", "mon 08:60-09:00", "mon 25:00-26:00", "mon-fri-sat 08:00-09:00",
		"funday 08:00-09:00", "mon 08:00-18:00 tue", "mon 24:00-06:00", "mon -08:00-09:00"} {
		if w, err := ParseHours(text); err == nil || belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%q is read: %v, %v", text, w, err)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"mon-fri 08:00-18:00", "ma di 22:00-06:00, zo 00:00-24:00", "sun 23:59-23:58", "-", "mon 8.00-9.00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseHours(s)
		if err != nil || w == nil {
			return
		}
		last := 0
		for i, span := range w.Spans {
			if span[0] < last || i > 0 && span[0] == last || span[1] <= span[0] || span[1] > week {
				t.Fatalf("%q: %v", s, w.Spans)
			}
			last = span[1]
		}
	})
}
