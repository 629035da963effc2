package ingest_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht/ingest"
)

// TestPlain reads times by the short way and the long one, around changes of the clocks and with bytes that belong in no time.
func TestPlain(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	odd := strings.Repeat("\x00", 14) + "00:00"
	for _, name := range []string{"UTC", "Europe/Amsterdam", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		short, long := ingest.NewClock(zone), ingest.NewClock(zone)
		if _, ok := short.Plain(odd); ok {
			t.Errorf("%s: %q is a time", name, odd)
		}
		plain := 0
		for i := range 20_000 {
			at := time.Date(2026, []time.Month{3, 4, 10, 11}[i/100%4], 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(31*86400)) * time.Second)
			b := []byte(at.Format([]string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04:05.000"}[random.IntN(3)]))
			if random.IntN(4) == 0 {
				b[random.IntN(len(b))] = "\x00\"9:-. T6"[random.IntN(9)]
			}
			s := string(b[:len(b)-random.IntN(2)])
			got, ok := short.Plain(s)
			naive, is := long.Naive(s)
			if first, second := long.Offsets(naive); ok && (!is || first != second || got != long.Near(naive, 0)) {
				t.Fatalf("%s: %q is %s; %v %d %d", name, s, got, is, first, second)
			}
			if ok {
				plain++
			}
		}
		if plain < 9_000 {
			t.Errorf("%s: %d plain times", name, plain)
		}
	}
}

// TestPlainBytes puts every byte into every place of a time whose hour is known.
func TestPlainBytes(t *testing.T) {
	short, long := ingest.NewClock(time.UTC), ingest.NewClock(time.UTC)
	for at := range 20 {
		for c := range 256 {
			short.Plain("2026-03-02 09:00:00")
			b := []byte("2026-03-02 09:41:57.")
			b[at] = byte(c)
			got, ok := short.Plain(string(b))
			naive, is := long.Naive(string(b))
			if sixty := at == 17 && c == '6'; ok != is && !sixty || ok && got != long.Near(naive, 0) {
				t.Errorf("%q is %s %v, not %d %v", b, got, ok, naive, is)
			}
		}
	}
}
