package number

import (
	"errors"
	"io"
	"unicode/utf8"
)

// What ends the reading of a file that is no rate deck.
var (
	errLine   = errors.New("a line longer than 64 KB is in no rate deck")
	errBinary = errors.New("it holds NUL bytes: save it as CSV in UTF-8")
)

// lineGuard ends a file that is no text before a line of it fills memory.
type lineGuard struct {
	r      io.Reader
	length int
}

// Read implements io.Reader.
func (g *lineGuard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	for _, b := range p[:n] {
		switch g.length++; {
		case b == '\n':
			g.length = 0
		case b == 0:
			return 0, errBinary
		case g.length > maxDeckLine:
			return 0, errLine
		}
	}
	return n, err
}

// western says whether a file is no UTF-8 by its beginning: spreadsheets here then write Windows-1252.
func western(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return utf8.FullRune(head) // what is cut off at the end of the beginning may be UTF-8
		}
		head = head[n:]
	}
	return false
}

// decoded gives UTF-8 for Windows-1252. Of the signs that Latin-1 does not have the euro is the one that matters to a price.
type decoded struct {
	r    io.Reader
	raw  [4096]byte
	rest []byte
}

// Read implements io.Reader.
func (d *decoded) Read(p []byte) (int, error) {
	for len(d.rest) == 0 {
		n, err := d.r.Read(d.raw[:])
		for _, b := range d.raw[:n] {
			r := rune(b)
			if b == 0x80 {
				r = '€'
			}
			d.rest = utf8.AppendRune(d.rest, r)
		}
		if n == 0 && err != nil {
			return 0, err
		}
	}
	n := copy(p, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}
