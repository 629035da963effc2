package cdr

import "strings"

// maxFields bounds the fields of one record.
const maxFields = 256

// status is what became of an attempt to split a record.
type status uint8

const (
	whole    status = iota // a record was split
	short                  // the block ends within the record
	unclosed               // a quote opens and is not closed before the file ends or the record grows too long
	crowded                // more than maxFields fields
)

// splitter takes records with delimiters and quotes apart. Both ways to write a quote within quotes are read: doubled (RFC 4180) and with
// a backslash; where a backslash before a quote could mean either, backslash says which.
type splitter struct {
	delim     byte
	plain     bool // quotes mean nothing (3CX)
	backslash bool
	fields    []string
	escaped   []uint64 // a bit a field: quotes within it still stand as they were written
	lines     int64    // line ends inside the record just split
}

func newSplitter(delim byte) *splitter {
	return &splitter{delim: delim, fields: make([]string, 0, maxFields), escaped: make([]uint64, maxFields/64)}
}

// split splits the record at the start of text; last says that no more text follows. It gives the bytes consumed, line end included.
func (s *splitter) split(text string, last bool) (int, status) {
	s.fields, s.lines = s.fields[:0], 0
	clear(s.escaped)
	pos, delim := 0, s.delim
	for {
		if pos < len(text) && text[pos] == '"' && !s.plain {
			end, st := s.quoted(text, pos+1, last)
			if st != whole {
				return 0, st
			}
			s.fields = append(s.fields, text[pos+1:end])
			pos = end + 1
		} else {
			start := pos
			for pos < len(text) && text[pos] != delim && text[pos] != '\n' {
				pos++
			}
			if pos == len(text) && !last {
				return 0, short
			}
			field := text[start:pos]
			if (pos == len(text) || text[pos] == '\n') && strings.HasSuffix(field, "\r") {
				field = field[:len(field)-1]
			}
			s.fields = append(s.fields, field)
		}
		if pos < len(text) && text[pos] == '\r' {
			pos++
		}
		if pos >= len(text) {
			return pos, whole
		}
		c := text[pos]
		pos++
		if c == '\n' {
			return pos, whole
		}
		if len(s.fields) == maxFields {
			return 0, crowded
		}
	}
}

// quoted finds the quote that closes the field whose text begins at start.
func (s *splitter) quoted(text string, start int, last bool) (int, status) {
	from := start
	for {
		i := strings.IndexByte(text[from:], '"')
		if i < 0 || from+i-start > maxRecord {
			if last || len(text)-start > maxRecord {
				return 0, unclosed
			}
			return 0, short
		}
		q := from + i
		if q+1 == len(text) {
			if !last {
				return 0, short
			}
			return q, whole
		}
		if next := text[q+1]; next == s.delim || next == '\n' || next == '\r' {
			if !s.backslash || !escapedAt(text[start:q]) {
				if s.lines >= 0 && q-from > 0 {
					s.lines += int64(strings.Count(text[from:q], "\n"))
				}
				return q, whole
			}
			from = q + 1
		} else if next == '"' && !(s.backslash && escapedAt(text[start:q])) {
			from = q + 2
		} else {
			from = q + 1 // a quote after a backslash, or one that stands alone: part of the text
		}
		k := len(s.fields)
		s.escaped[k/64] |= 1 << (k % 64)
	}
}

// escapedAt says whether s ends in an odd number of backslashes.
func escapedAt(s string) bool {
	n := 0
	for n < len(s) && s[len(s)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// isEscaped says whether field i holds quotes as they were written.
func (s *splitter) isEscaped(i int) bool { return s.escaped[i/64]>>(i%64)&1 != 0 }

// field is field i as it was meant, or "" where the record has no such field.
func (s *splitter) field(i int) string {
	if i < 0 || i >= len(s.fields) {
		return ""
	}
	f := s.fields[i]
	if !s.isEscaped(i) {
		return f
	}
	if strings.Contains(f, `\"`) && !strings.Contains(f, `""`) || s.backslash {
		f = strings.ReplaceAll(strings.ReplaceAll(f, `\"`, `"`), `\\`, `\`)
	}
	return strings.ReplaceAll(f, `""`, `"`)
}
