package ingest

import (
	"testing"
	"time"
)

func TestLayouts(t *testing.T) {
	want := time.Date(2026, 3, 2, 15, 4, 5, 0, time.UTC).Unix()
	for layout, text := range map[string]string{
		"YYYY-MM-DD HH:mm:ss": "2026-03-02 15:04:05", "DD/MM/YY HH:mm:ss": "02/03/26 15:04:05", "D-M": "", "MM/DD/YYYY hh:mm:ss AP": "3/2/2026 03:04:05 PM",
		"DD MMM YYYY HH:mm:ss": "2 mrt 2026 15:04:05", "MMM DD, YYYY HH:mm:ss": "March 2, 2026 15:04:05", "YYYYMMDDHHmmss": "20260302150405",
		"YYYY-MM-DDTHH:mm:ss": "2026-03-02T15:04:05.123456",
	} {
		l, err := ParseLayout(layout)
		if text == "" {
			if err == nil {
				t.Errorf("%s is a layout", layout)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if st, ok := l.Read(text); !ok || st.Naive != want || st.Zoned {
			t.Errorf("%s of %s: %+v %v", layout, text, st, ok)
		}
	}
	l, err := ParseLayout("YYYY-MM-DDTHH:mm:ssZZ")
	if err != nil {
		t.Fatal(err)
	}
	for text, offset := range map[string]int64{"2026-03-02T15:04:05Z": 0, "2026-03-02T15:04:05+02:00": 7200, "2026-03-02T15:04:05.5-0530": -19800, "2026-03-02T15:04:05+01": 3600} {
		if st, ok := l.Read(text); !ok || !st.Zoned || st.Offset != offset || st.Naive != want {
			t.Errorf("%s: %+v %v", text, st, ok)
		}
	}
	for _, text := range []string{"2026-02-30T15:04:05Z", "2026-03-02T25:04:05Z", "2026-03-02T15:04:05", "", "x", "2026-03-02T15:04:05Z tail"} {
		if st, ok := l.Read(text); ok {
			t.Errorf("%q is read as %+v", text, st)
		}
	}
}

func TestSeconds(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "-": 0, "336": 336, "336,4": 336, "336.9": 336, "05:36": 336, "00:05:36": 336, "1:00:00": 3600, "5m 36s": 336,
		"1u 5m": 3900, "5 min 36 sec": 336, " 7 ": 7, "0:20.5": 20} {
		if got, ok := Seconds(text); !ok || got != want {
			t.Errorf("%q: %d %v", text, got, ok)
		}
	}
	for _, text := range []string{"x", "1:2:3:4", "1:75", "::", "5q", "-5", "99999999999999999999", "m"} {
		if got, ok := Seconds(text); ok {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}

func FuzzLayout(f *testing.F) {
	f.Add("DD MMM YYYY hh:mm:ss AP ZZ", "2 mrt 2026 03:04:05 PM +02:00")
	f.Fuzz(func(t *testing.T, layout, text string) {
		if l, err := ParseLayout(layout); err == nil {
			l.Read(text)
		}
		if n, ok := Seconds(text); ok && n < 0 {
			t.Errorf("%q: %d", text, n)
		}
		Stamped(text)
	})
}
