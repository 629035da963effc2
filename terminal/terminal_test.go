package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 10, ""},
		{"  one   two\nthree ", 7, "one two|three"},
		{"spent € 12.34 today", 9, "spent|€ 12.34|today"},
		{"fraud 99.9 % of it", 10, "fraud|99.9 % of|it"},
		{"abcdefghij", 4, "abcd|efgh|ij"},
		{"内線電話機", 5, "内線|電話|機"},
		{"内線", 1, "内|線"},
		{"bad\xffbytes", 20, "bad·bytes"},
	} {
		if got := strings.Join(Wrap(c.in, c.width), "|"); got != c.want {
			t.Errorf("%q in %d columns: %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestSnip(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 5, "short"}, {"longer", 5, "long…"}, {"内線電話", 6, "内線…"}, {"内線電話", 8, "内線電話"},
		{"\x1b[31mlonger\x1b[0m", 5, "\x1b[31mlong\x1b[0m…"},
	} {
		if got := Snip(c.in, c.width); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestBarAndSpark(t *testing.T) {
	for share, want := range map[float64]string{0: "", -1: "", 1e-9: "▏", 0.5: "██", 0.53: "██▏", 1: "████", 7: "████"} {
		if got := Bar(share, 4); got != want {
			t.Errorf("%v: %q, want %q", share, got, want)
		}
	}
	if got := Spark([]float64{0, 1, 50, 100, 1e-9}); got != "·▁▅█▁" {
		t.Errorf("got %q", got)
	}
	if got := Spark(nil); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestTable(t *testing.T) {
	cols := []Column{{Title: "account"}, {Title: "calls", Right: true}, {Title: "kept", Right: true}, {Title: "cause", Optional: true}}
	rows := [][]string{{"reception desk", "1,204", "€ 461.25", "rule.new-country"}, {"212", "3", "€ 0.00", "limit.money.day"}}
	for _, c := range []struct {
		width int
		bars  []float64
		want  string
	}{
		{80, nil, "" +
			"  account         calls      kept  cause\n" +
			"  reception desk  1,204  € 461.25  rule.new-country\n" +
			"  212                 3    € 0.00  limit.money.day\n"},
		{80, []float64{1, 0.5}, "" +
			"  account                                   calls      kept  cause\n" +
			"  reception desk  ████████████████████████  1,204  € 461.25  rule.new-country\n" +
			"  212             ████████████                  3    € 0.00  limit.money.day\n"},
		{50, []float64{1, 0.5}, "" +
			"  account         calls      kept  cause\n" +
			"  reception de…   1,204  € 461.25  rule.new-country\n" +
			"  212                 3    € 0.00  limit.money.day\n"},
		{40, []float64{1, 0.5}, "" +
			"  account                   calls      kept\n"},
	} {
		var b bytes.Buffer
		p := NewPrinter(&b, c.width, false)
		p.Table(cols, rows, c.bars)
		if err := p.Flush(); err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(b.String(), "\n") {
			if Width(l) > c.width {
				t.Errorf("%d columns in %d: %q", Width(l), c.width, l)
			}
		}
		if c.width >= 50 && c.bars == nil || c.width == 80 {
			if b.String() != c.want {
				t.Errorf("at %d got\n%s\nwant\n%s", c.width, b.String(), c.want)
			}
		}
		if c.width == 40 && strings.Contains(b.String(), "rule.") {
			t.Errorf("the optional column stayed:\n%s", b.String())
		}
	}
}

// TestNothingIsTooWide: whatever the cells and the width.
func TestNothingIsTooWide(t *testing.T) {
	long := []string{"", "x", strings.Repeat("y", 300), strings.Repeat("内", 60), "a b c d e f g", "€ 1,234.50"}
	for width := 30; width < 140; width += 7 {
		for n := range 200 {
			var b bytes.Buffer
			p := NewPrinter(&b, width, n%2 == 0)
			pick := func(i int) string { return long[(n+i*7)%len(long)] }
			cols := []Column{{Title: "a"}, {Title: "b", Right: true, Optional: n%3 == 0}, {Title: "c", Elastic: n%5 == 0}, {Title: "d", Optional: true, Elastic: n%5 == 1}}
			p.Table(cols, [][]string{{pick(0), pick(1), pick(2), pick(3)}, {pick(4), pick(5), pick(6), pick(7)}}, []float64{0.3, 2})
			p.Heading(pick(1))
			p.Rule()
			p.Paragraph(n%9, Red, pick(2)+" "+pick(3))
			p.Beside(pick(4), Faint, pick(5))
			if err := p.Flush(); err != nil {
				t.Fatal(err)
			}
			for _, l := range strings.Split(b.String(), "\n") {
				if Width(l) > p.Width() {
					t.Fatalf("%d columns in %d: %q", Width(l), p.Width(), l)
				}
			}
		}
	}
}

// broken is a writer that is full.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestFlushGivesTheError(t *testing.T) {
	p := NewPrinter(broken{}, 80, false)
	for i := range 1000 {
		p.Line(fmt.Sprint("line ", i))
	}
	if p.Flush() == nil {
		t.Error("the error was lost")
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("a € 1 % 内線 \xff", 3)
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = max(2, min(width, 200))
		for _, l := range Wrap(s, width) {
			if Width(l) > width {
				t.Errorf("%q has %d columns, more than %d", l, Width(l), width)
			}
			if !utf8.ValidString(l) {
				t.Errorf("%q is no UTF-8", l)
			}
		}
	})
}
