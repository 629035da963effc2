package connect

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/belwacht/belwacht"
)

// mark is what a line begins with, behind the comment character, between which Belwacht writes.
const (
	markBegin = " >>> belwacht connect"
	markEnd   = " <<< belwacht connect"
)

// marks writes and finds Belwacht's part of an owner's file. Its value is the comment character: ; in Asterisk's files, # in YAML.
type marks string

// What a begin mark remembers for the way back.
const (
	flagBare = "joined"   // the line before had no end
	flagMade = "new-file" // there was no file
	flagRest = "rest="    // then, the sum of what was written outside the marks
)

// block is Belwacht's part as it lies in a file.
type block struct {
	from, to int // bytes, the marks' lines included
	line     int // of the begin mark, from 1
	sum      string
	flags    []string
	body     string // between the marks, with \n at the end of lines
}

// has says whether the begin mark remembers something.
func (b *block) has(flag string) bool {
	for _, f := range b.flags {
		if f == flag {
			return true
		}
	}
	return false
}

// changed says whether somebody has written between the marks.
func (b *block) changed() bool { return sumOf(b.body) != b.sum }

// sumOf is the sum that a begin mark carries.
func sumOf(body string) string {
	s := sha256.Sum256([]byte(body))
	return hex.EncodeToString(s[:6])
}

// find looks for the block; nil where there is none. Marks that do not belong together are refused with file and line.
func (m marks) find(file string, data []byte) (*block, error) {
	var found *block
	at, n, ended := 0, 0, true
	var body strings.Builder
	for raw := range bytes.SplitAfterSeq(data, []byte("\n")) {
		n++
		start := at
		at += len(raw)
		line := strings.TrimRight(string(raw), "\r\n")
		rest, begins := strings.CutPrefix(line, string(m)+markBegin)
		switch {
		case begins && found != nil:
			return nil, belwacht.Errorf(belwacht.Config, "%s:%d: Belwacht's part begins here a second time; take one of the two out and try again", file, n)
		case begins:
			found, ended = &block{from: start, line: n}, false
			for _, w := range strings.Fields(rest) {
				if sum, ok := strings.CutPrefix(w, "sum="); ok {
					found.sum = sum
				} else {
					found.flags = append(found.flags, w)
				}
			}
		case strings.HasPrefix(line, string(m)+markEnd):
			if ended {
				return nil, belwacht.Errorf(belwacht.Config, "%s:%d: Belwacht's part ends here and begins nowhere; take out what is left of it and try again", file, n)
			}
			ended, found.to, found.body = true, at, body.String()
		case !ended:
			body.WriteString(line + "\n")
		}
	}
	if !ended {
		return nil, belwacht.Errorf(belwacht.Config, "%s:%d: Belwacht's part begins here and ends nowhere; take out what is left of it and try again", file,
			found.line)
	}
	return found, nil
}

// put is data with the block holding body: in its place, or at the end. exists is false where there is no file yet and data is what it shall begin with.
func (m marks) put(file string, data []byte, exists bool, body string) ([]byte, error) {
	b, err := m.find(file, data)
	if err != nil {
		return nil, err
	}
	end := lineEnd(data)
	var flags []string
	before, after := data, []byte(nil)
	switch {
	case b != nil:
		before, after, flags = data[:b.from], data[b.to:], b.flags
	case !exists:
		flags = []string{flagMade, flagRest + sumOf(string(data))}
	case len(data) > 0 && data[len(data)-1] != '\n':
		flags = []string{flagBare}
		before = append(bytes.Clone(data), end...)
	}
	head := append([]string{string(m) + markBegin, "sum=" + sumOf(body)}, flags...)
	text := strings.Join(head, " ") + "\n" + body + string(m) + markEnd + "\n"
	if len(after) == 0 && b != nil && data[len(data)-1] != '\n' { // somebody took the end of the last line off
		text = strings.TrimSuffix(text, "\n")
	}
	out := append(bytes.Clone(before), strings.ReplaceAll(text, "\n", end)...)
	return append(out, after...), nil
}

// take is data without the block, as it was before put. gone says that there was no file then and nobody has added anything since.
func (m marks) take(file string, data []byte) (out []byte, gone bool, err error) {
	b, err := m.find(file, data)
	if err != nil || b == nil {
		return data, false, err
	}
	before, after := data[:b.from], data[b.to:]
	if b.has(flagBare) && len(after) == 0 {
		end := "\n" // as the mark's own line ends
		if first, _, _ := bytes.Cut(data[b.from:], []byte("\n")); bytes.HasSuffix(first, []byte("\r")) {
			end = "\r\n"
		}
		before = bytes.TrimSuffix(before, []byte(end))
	}
	out = append(bytes.Clone(before), after...)
	return out, b.has(flagMade) && b.has(flagRest+sumOf(string(out))), nil
}

// lineEnd is how lines end in a file: as most of them do.
func lineEnd(data []byte) string {
	if crlf := bytes.Count(data, []byte("\r\n")); crlf > 0 && crlf*2 > bytes.Count(data, []byte("\n")) {
		return "\r\n"
	}
	return "\n"
}
