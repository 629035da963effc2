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
	rest := s.text[s.pos:]
	if need := len(rest) + blockSize; cap(s.buf) < need {
		s.buf = make([]byte, need)
	}
	s.buf = s.buf[:cap(s.buf)]
	n := copy(s.buf, rest)
	end := n + blockSize
	for n < end {
		m, err := s.r.Read(s.buf[n:end])
		n += m
		if err == io.EOF {
			s.eof = true
			break
		}
		if err != nil {
			s.text, s.pos = string(s.buf[:n]), 0
			return err
		}
	}
	s.text, s.pos = string(s.buf[:n]), 0
	return nil
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
