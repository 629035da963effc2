package cdr

import (
	"io"
	"slices"
	"strings"
	"unsafe"
)

// blockSize is how much of a file is taken at once. Rows are parts of a block, so it is also what one kept string can hold on to.
const blockSize = 256 << 10

// maxRecord is the longest record in bytes; what is longer is rejected.
const maxRecord = 64 << 10

// source hands out a file in blocks of text. Each block is a string of its own, so that rows may be parts of it without copies; where brief is set, all but
// the first have one place, and rows hold until the next is read.
type source struct {
	r     io.Reader
	text  string // the block
	pos   int    // what was consumed of it
	eof   bool   // text holds all that is left
	line  int64  // number of the line at pos, from 1
	brief bool
	place []byte
}

func newSource(r io.Reader) *source { return &source{r: r, line: 1} }

// fill puts the unconsumed rest of the block in front of more of the file. At the end of the file eof is set.
func (s *source) fill() error {
	if s.eof {
		return nil
	}
	rest := s.text[s.pos:]
	b := s.room(len(rest) + blockSize)
	n := copy(b, rest) // which may be the end of b
	var err error
	for n < len(b) && err == nil {
		var more int
		more, err = s.r.Read(b[n:])
		n += more
	}
	if err == io.EOF {
		s.eof, err = true, nil
		if !s.brief {
			b = slices.Clone(b[:n]) // without the room that was left
		}
	}
	s.text, s.pos = unsafe.String(unsafe.SliceData(b), n), 0 // nobody writes to b any more while rows hold
	return err
}

// room is where the next block goes: where brief is set, in the place of the last.
func (s *source) room(size int) []byte {
	if !s.brief {
		return make([]byte, size)
	}
	if cap(s.place) < size {
		s.place = make([]byte, size)
	}
	return s.place[:size]
}

// physical is the line at pos without its end; it may be cut at maxRecord. next is where the following one begins.
func (s *source) physical() (line string, next int) {
	rest := s.text[s.pos:]
	i := strings.IndexByte(rest, '\n')
	if i < 0 {
		i = len(rest)
		next = s.pos + i
	} else {
		next = s.pos + i + 1
	}
	return strings.TrimSuffix(rest[:min(i, maxRecord)], "\r"), next
}
