package belwacht

import "testing"

func TestPageLimit(t *testing.T) {
	for most, want := range map[int]int{-1: PageUsual, 0: PageUsual, 1: 1, PageMost: PageMost, PageMost + 1: PageMost} {
		if got := (Page{Most: most}).Limit(); got != want {
			t.Errorf("Most %d: %d, want %d", most, got, want)
		}
	}
}

func TestCursor(t *testing.T) {
	for _, good := range []string{"", "1776470400123-42", "0-7", "9223372036854775807-9223372036854775807"} {
		var c Cursor
		if err := c.UnmarshalText([]byte(good)); err != nil || c.String() != good {
			t.Errorf("%q: %q, %v", good, c, err)
		}
	}
	for _, bad := range []string{"-", "1", "1-", "-1", "01-2", "1-2-3", "1--2", "+1-2", "1-+2", "0-0", "9223372036854775808-1", "a-b", " 1-2"} {
		var c Cursor
		if err := c.UnmarshalText([]byte(bad)); CodeOf(err) != Invalid || !c.IsZero() {
			t.Errorf("%q was read as %v, %v", bad, c, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("1776470400123-42")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		var c Cursor
		if c.UnmarshalText([]byte(s)) == nil && (c.String() != s || c.Time < 0 || c.Row < 0) {
			t.Errorf("%q was read as %v", s, c)
		}
	})
}
