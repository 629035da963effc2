package number

import (
	"errors"
	"io"
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
