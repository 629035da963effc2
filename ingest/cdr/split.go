package cdr

import (
	"math/bits"
	"strings"
)

// maxFields bounds the fields of one record. An index of one byte can reach one more, which is always empty.
const maxFields = 255

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
	plain     bool                     // quotes mean nothing (3CX)
	backslash bool                     // a backslash takes the meaning from a quote
	text      string                   // what the record just split begins
	n         int                      // its fields
	before    int                      // fields of the record before it
	at        [maxFields + 1][2]uint32 // from where to where in text; nothing beyond the last
	escaped   [(maxFields + 1) / 64]uint64
	quirks    bool // some field is escaped
}

func newSplitter(delim byte) *splitter { return &splitter{delim: delim} }

// raw is field i as it stands in the record, without the quotes around it; "" where there is no such field.
func (s *splitter) raw(i uint8) string { return piece(s.text, &s.at, i) }

func piece(text string, at *[maxFields + 1][2]uint32, i uint8) string { return text[at[i][0]:at[i][1]] }

// split splits the record at the start of text; last says that no more text follows. It gives the bytes consumed, line end included.
func (s *splitter) split(text string, last bool) (int, status) {
	if s.quirks {
		s.escaped, s.quirks = [(maxFields + 1) / 64]uint64{}, false
	}
	if len(text) > 2*maxRecord {
		text = text[:2*maxRecord]
		last = false
	}
	s.text = text
	n, st := s.cut(text, last)
	for i := s.n; i < s.before; i++ {
		s.at[i] = [2]uint32{}
	}
	s.before = s.n
	return n, st
}

// cut does what split says, but leaves fields of the record before in place.
func (s *splitter) cut(text string, last bool) (int, status) {
	pos, n, delim, plain, backslash := 0, 0, s.delim, s.plain, s.backslash
	for {
		if !plain && !backslash {
			var done bool
			if n, pos, done = s.usual(text, n, pos); done {
				s.n = n
				return pos, whole
			}
		}
		start := pos
		s.n = n
		if pos < len(text) && text[pos] == '"' && !plain {
			start++
			end := start + toQuote(text[start:])
			if end+1 >= len(text) || text[end+1] != delim && text[end+1] != '\n' || backslash {
				var st status
				if after := loose(text, end, delim); after > 0 {
					start, end = start-1, after
				} else if end, st = s.quoted(text, start, end, n, last); st != whole {
					return 0, st
				}
			}
			s.at[uint8(n)] = [2]uint32{uint32(start), uint32(end)}
			pos = end
			if pos < len(text) && text[pos] == '"' {
				pos++
			}
			if pos < len(text) && text[pos] == '\r' {
				pos++
			}
		} else {
			for pos < len(text) && text[pos] != delim && text[pos] != '\n' {
				pos++
			}
			if pos == len(text) && !last {
				return 0, short
			}
			end := pos
			if end > start && text[end-1] == '\r' && (end == len(text) || text[end] == '\n') {
				end--
			}
			s.at[uint8(n)] = [2]uint32{uint32(start), uint32(end)}
		}
		n++
		s.n = n
		if pos >= len(text) {
			if !last {
				return 0, short // its line end is still to come
			}
			return pos, whole
		}
		pos++
		if text[pos-1] == '\n' {
			return pos, whole
		}
		if n == maxFields {
			return 0, crowded
		}
	}
}

// usual takes apart fields from pos on for as long as they are as most are: without quotes, or within quotes and those in them doubled, a delimiter or the
// line's end behind. It gives the number of fields then, where the next one begins, and whether that was the end of the record. What is odd, or
// near the end of text, it leaves to cut.
func (s *splitter) usual(text string, n, pos int) (fields, next int, done bool) {
	text = text[:min(len(text), maxRecord)]
	delim, quotes, ones, highs := s.delim, quotes, ones, highs
fields:
	for n < maxFields-1 && pos >= 0 && pos < len(text)-8 {
		if text[pos] != '"' {
			end := pos
			for end < len(text) && text[end] != delim && text[end] != '\n' {
				end++
			}
			if end == len(text) {
				break
			}
			s.at[uint8(n)] = [2]uint32{uint32(pos), uint32(end)}
			if text[end] == '\n' {
				if end > pos && text[end-1] == '\r' {
					s.at[uint8(n)][1]--
				}
				return n + 1, end + 1, true
			}
			n++
			pos = end + 1
			continue
		}
		for i := pos + 1; i < len(text)-8; {
			found := (word(text, i) ^ quotes - ones) & highs
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) / 8
			if text[i] != '"' {
				i++ // a letter beyond ASCII
				continue
			}
			switch text[i+1] {
			case delim:
				s.at[uint8(n)] = [2]uint32{uint32(pos + 1), uint32(i)}
				n++
				pos = i + 2
				if pos >= len(text) || text[pos] != '"' || n == maxFields-1 {
					continue fields
				}
				i += 3
			case '"':
				s.escape(n)
				i += 2
			case '\n':
				s.at[uint8(n)] = [2]uint32{uint32(pos + 1), uint32(i)}
				return n + 1, i + 2, true
			default:
				return n, pos, false
			}
		}
		break
	}
	return n, pos, false
}

// What usual looks for quotes with (Warren, Hacker's Delight, 6-1: finding a zero byte in a word). Being variables they stay in registers; constants
// would be loaded anew for every eight bytes.
var quotes, ones, highs uint64 = 0x2222222222222222, 0x0101010101010101, 0x8080808080808080

// word is eight bytes of s from i on, the first the lowest.
func word(s string, i int) uint64 {
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 | uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// escape notes that field n holds quotes.
func (s *splitter) escape(n int) {
	s.escaped[uint(n)/64&3] |= 1 << (uint(n) % 64)
	s.quirks = true
}

// toQuote is the place of the first quote in s, its length where there is none.
func toQuote(s string) int {
	if i := strings.IndexByte(s, '"'); i >= 0 {
		return i
	}
	return len(s)
}

// quoted finds the quote that closes field n, whose text begins at start; q is the first quote in it.
func (s *splitter) quoted(text string, start, q, n int, last bool) (int, status) {
	for {
		if q == len(text) || q-start > maxRecord {
			if last || q-start > maxRecord {
				return 0, unclosed
			}
			return 0, short
		}
		if q+1 == len(text) {
			if !last {
				return 0, short
			}
			return q, whole
		}
		next := text[q+1]
		escaped := s.backslash && escapedAt(text[start:q])
		from := q + 1 // a quote after a backslash, or one that stands alone, is part of the text
		if next == s.delim || next == '\n' || next == '\r' {
			if !escaped {
				return q, whole
			}
		} else if next == '"' && !escaped {
			from = q + 2
		}
		s.escape(n)
		q = from + toQuote(text[from:])
	}
}

// loose is the end of a caller id that was written without quotes around it although it holds some, as Grandstream does: "Een" <201>,
// where q is the second of its quotes; 0 where it is none.
func loose(text string, q int, delim byte) int {
	if q+3 >= len(text) || text[q+1] != ' ' || text[q+2] != '<' {
		return 0
	}
	i := strings.IndexByte(text[q:min(len(text), q+200)], '>')
	if i < 0 || q+i+1 >= len(text) || text[q+i+1] != delim {
		return 0
	}
	return q + i + 1
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
func (s *splitter) isEscaped(i int) bool { return s.escaped[uint(i)/64&3]>>(uint(i)%64)&1 != 0 }

// field is field i as it was meant, or "" where the record has no such field.
func (s *splitter) field(i int) string {
	if i < 0 || i >= s.n {
		return ""
	}
	f := s.raw(uint8(i))
	if !s.isEscaped(i) {
		return f
	}
	if s.backslash || strings.Contains(f, `\"`) && !strings.Contains(f, `""`) {
		f = strings.ReplaceAll(strings.ReplaceAll(f, `\"`, `"`), `\\`, `\`)
	}
	return strings.ReplaceAll(f, `""`, `"`)
}
