package cdr

import (
	"io"
	"strings"
)

// blockSize is how much of a file is taken at once. Rows are parts of a block, so it is also what one kept string can hold on to.
const blockSize = 256 << 10

// maxRecord is the longest record in bytes; what is longer is rejected.
const maxRecord = 64 << 10

// source hands out a file in blocks of text. Each block is a string of its own, so that rows may be parts of it without copies.
type source struct {
	r    io.Reader
	buf  []byte
	text string // the block
	pos  int    // what was consumed of it
	eof  bool   // text holds all that is left
	line int64  // number of the line at pos, from 1
}

func newSource(r io.Reader) *source { return &source{r: r, line: 1} }

// fill puts the unconsumed rest of the block in front of more of the file. At the end of the file eof is set.
func (s *source) fill() error {
	if s.eof {
		return nil
	}
	if s.buf == nil {
		s.buf = make([]byte, peekSize)
	}
	var b strings.Builder
	size := len(s.text) - s.pos + blockSize
	b.Grow(size)
	b.WriteString(s.text[s.pos:])
	var err error
	for b.Len() < size && err == nil {
		var n int
		n, err = s.r.Read(s.buf[:min(len(s.buf), size-b.Len())]) // by way of a buffer that stays in the processor's cache
		b.Write(s.buf[:n])
	}
	s.text, s.pos = b.String(), 0
	if err == io.EOF {
		s.eof, err = true, nil
		s.text = strings.Clone(s.text) // without the room that was left
	}
	return err
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
