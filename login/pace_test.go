package login

import (
	"testing"

	"github.com/belwacht/belwacht"
)

// TestPace: slow is what is far above the usual of this hour for minutes on end; a machine that is slow every night is slow then, and a slower one becomes usual.
func TestPace(t *testing.T) {
	w := New(Config{})
	usual := func(minute int) int64 {
		took := int64(4 + minute%3)
		if minute/60%24 == 2 {
			took *= 150 // the backup at night
		}
		return took
	}
	for minute := range 5 * 24 * 60 {
		at := monday + belwacht.Instant(minute)*belwacht.Minute
		for _, trunk := range []string{"", "provider"} {
			if s := w.Paced(at, "hk", trunk, usual(minute)); len(s) > 0 {
				t.Fatalf("minute %d: %+v", minute, s)
			}
		}
	}
	begin := monday + 5*belwacht.Day + 10*belwacht.Hour
	plays := []struct {
		name, trunk string
		at          belwacht.Instant
		took        int64
		minutes     int
		want        string
	}{
		{"a moment", "", begin, 900, slowMinutes - 1, ""},
		{"slower, and quick enough", "", begin + belwacht.Hour, 90, 30, ""},
		{"slow", "", begin + 2*belwacht.Hour, 900, 30, Slow},
		{"the provider", "provider", begin + 3*belwacht.Hour, 400, 30, TrunkSlow},
		{"another site, not known", "elsewhere", begin + 4*belwacht.Hour, 5000, 30, ""},
		{"at the hour of the backup", "", begin + 16*belwacht.Hour, 900, 30, ""},
		{"and far slower than then", "", begin + 40*belwacht.Hour, 20000, 30, Slow},
	}
	for _, p := range plays {
		var got []Sign
		for i := range p.minutes {
			got = append(got, w.Paced(p.at+belwacht.Instant(i)*belwacht.Minute, "hk", p.trunk, p.took)...)
		}
		if p.want == "" && len(got) > 0 || p.want != "" && (len(got) != 1 || got[0].Cause != p.want || got[0].N != int(p.took) || got[0].User != p.trunk) {
			t.Errorf("%s: %+v", p.name, got)
		}
	}
	told := 0
	for day := range 60 {
		for minute := range 60 {
			told += len(w.Paced(begin+belwacht.Instant(3+day)*belwacht.Day+belwacht.Instant(minute)*belwacht.Minute, "hk", "", 900))
		}
		if day == 59 && told == 0 {
			t.Error("a machine that was made slower is never told of")
		}
	}
	if told > 40 {
		t.Errorf("told on %d days of 60", told)
	}
}
