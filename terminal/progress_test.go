package terminal

import (
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name               string
		width              int
		total, bytes, rows int64
		took               time.Duration
		want               string
	}{
		{"begun", 80, 1000, 0, 0, 0, "reading   0 %  " + strings.Repeat("░", 56) + "  0 rows"},
		{"half", 80, 1000, 500, 2_000_000, 4 * time.Second, "reading  50 %  " + strings.Repeat("█", 18) + strings.Repeat("░", 18) + "  2 M rows  500 k/s  4s left"},
		{"done", 80, 1000, 1000, 4_000_000, 8 * time.Second, "reading 100 %  " + strings.Repeat("█", 45) + "  4 M rows  500 k/s"},
		{"grew while it was read", 80, 1000, 2000, 1, 0, "reading 100 %  " + strings.Repeat("█", 56) + "  1 rows"},
		{"size not known", 80, 0, 500, 12_345, 2 * time.Second, "reading  12.3 k rows  6.17 k/s"},
		{"narrow", 40, 1000, 500, 2_000_000, 4 * time.Second, "reading  50 %  2 M rows  500 k/s  4s l…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			p := NewProgress(&b, c.width, c.total, start)
			p.Set(start.Add(c.took), c.bytes, c.rows)
			got := strings.TrimPrefix(b.String(), "\r\x1b[K")
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if Width(got) >= c.width {
				t.Errorf("%d columns on a terminal of %d", Width(got), c.width)
			}
		})
	}
}

func TestProgressDrawsSeldomAndCleansUp(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var b strings.Builder
	p := NewProgress(&b, 80, 1000, start)
	p.Done()
	if b.Len() != 0 {
		t.Errorf("%q is written although nothing was drawn", b.String())
	}
	for i := range 1000 {
		p.Set(start.Add(time.Duration(i)*time.Millisecond), int64(i), int64(i))
	}
	if n := strings.Count(b.String(), "\r"); n != 10 {
		t.Errorf("drawn %d times in a second", n)
	}
	p.Done()
	if !strings.HasSuffix(b.String(), "\r\x1b[K") {
		t.Errorf("the line is not wiped: %q", b.String())
	}
}
