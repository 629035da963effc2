package belwacht

import (
	"strconv"
	"strings"
)

// PageMost is the most rows that a page holds; PageUsual what it holds where no number is asked for.
const (
	PageMost  = 1000
	PageUsual = 100
)

// Page is a part of a list that stands newest first: at most Most rows older than After. The zero Page is the newest PageUsual rows.
type Page struct {
	Most  int    // rows, 0 = PageUsual, more than PageMost = PageMost
	After Cursor // the cursor that came with the page before; zero = from the newest on
}

// Limit is the number of rows to read: Most within its bounds.
func (p Page) Limit() int {
	if p.Most <= 0 {
		return PageUsual
	}
	return min(p.Most, PageMost)
}

// Cursor is a place in a list that stands newest first. A page is continued from the last row that was seen, not from a count, so that rows which come
// meanwhile neither double nor hide one. The zero Cursor is the beginning, and, given with a page, says that nothing follows.
type Cursor struct {
	Time Instant
	Row  int64
}

// IsZero says whether it is the beginning or, given with a page, the end.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// String is the form for addresses of pages: two numbers with a dash, "" for the zero Cursor.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return strconv.FormatInt(int64(c.Time), 10) + "-" + strconv.FormatInt(c.Row, 10)
}

// MarshalText implements encoding.TextMarshaler.
func (c Cursor) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler for what String gives; anything else is an error of code Invalid.
func (c *Cursor) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*c = Cursor{}
		return nil
	}
	before, after, found := strings.Cut(string(b), "-")
	at, err := strconv.ParseUint(before, 10, 63)
	row, err2 := strconv.ParseUint(after, 10, 63)
	read := Cursor{Instant(at), int64(row)}
	if !found || err != nil || err2 != nil || read.String() != string(b) {
		return Errorf(Invalid, "%.40q is no place in a list; begin again at its first page", b)
	}
	*c = read
	return nil
}
