package splice

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// text is a file with its lines. What asks it for a place that is not there panics; [text.change] makes a refusal of that.
type text struct {
	data   []byte
	root   ast.Node
	starts []int // where each line begins, and one more
	end    string
}

func newText(data []byte, root ast.Node) *text {
	t := &text{data: data, root: root, starts: []int{0}, end: "\n"}
	for i, c := range data {
		if c == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	if t.starts[len(t.starts)-1] != len(data) {
		t.starts = append(t.starts, len(data))
	}
	if crlf := bytes.Count(data, []byte("\r\n")); crlf*2 > bytes.Count(data, []byte("\n")) {
		t.end = "\r\n"
	}
	return t
}

// offset is the byte at which a token begins.
func (t *text) offset(k *token.Token) int {
	p := t.starts[k.Position.Line-1]
	if p == 0 && bytes.HasPrefix(t.data, []byte("\xef\xbb\xbf")) {
		p = 3
	}
	for range k.Position.Column - 1 {
		_, n := utf8.DecodeRune(t.data[p:])
		p += n
	}
	return p
}

// line is the number of the line that a byte stands on, from 1.
func (t *text) line(p int) int {
	i, ok := slices.BinarySearch(t.starts, p)
	if ok {
		return i + 1
	}
	return i
}

// raw is a line without its end.
func (t *text) raw(line int) string {
	return strings.TrimRight(string(t.data[t.starts[line-1]:t.starts[line]]), "\r\n")
}

// lines is how many there are.
func (t *text) lines() int { return len(t.starts) - 1 }

// column is where a key begins, from 1.
func column(n ast.Node) int { return n.GetToken().Position.Column }

// startOf is where a value begins that stands behind a key or in brackets.
func (t *text) startOf(n ast.Node) int {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle {
			return t.offset(n.Values[0].Key.GetToken())
		}
	case *ast.MappingValueNode:
		return t.offset(n.Key.GetToken())
	}
	return t.offset(n.GetToken())
}

// colon is the byte of a key's colon.
func (t *text) colon(m *ast.MappingValueNode) int {
	p := t.offset(m.GetToken())
	if t.data[p] != ':' {
		panic("internal error: the parser gives no colon for a key")
	}
	return p
}

// inline is where a value begins on the line of its key; false where nothing or only a comment is there.
func (t *text) inline(m *ast.MappingValueNode) (int, bool) {
	p := t.colon(m) + 1
	for p < len(t.data) && (t.data[p] == ' ' || t.data[p] == '\t') {
		p++
	}
	return p, p < len(t.data) && !strings.ContainsRune("\r\n#,}]", rune(t.data[p]))
}

// quoted is the end of what begins with a quote.
func (t *text) quoted(p int) int {
	q := t.data[p]
	for p++; ; p++ {
		switch {
		case t.data[p] == '\\' && q == '"':
			p++
		case t.data[p] == q && q == '\'' && p+1 < len(t.data) && t.data[p+1] == q:
			p++
		case t.data[p] == q:
			return p + 1
		}
	}
}

// bracket is the end of what begins with a bracket.
func (t *text) bracket(p int) int {
	depth := 0
	for {
		switch c := t.data[p]; {
		case (c == '"' || c == '\'') && strings.IndexByte(" \t\r\n[{,:", t.data[p-1]) >= 0:
			p = t.quoted(p)
			continue
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return p + 1
			}
		case c == '#' && strings.IndexByte(" \t\r\n", t.data[p-1]) >= 0:
			p = t.starts[t.line(p)] - 1
		}
		p++
	}
}

// endOf is the end of a value that begins at p. in says that it stands in brackets; last is the last line that it may take, of one that does not.
func (t *text) endOf(p int, in bool, last int) int {
	switch t.data[p] {
	case '"', '\'':
		return t.quoted(p)
	case '[', '{':
		return t.bracket(p)
	}
	line := t.line(p)
	if in {
		last = line
	}
	for ; line < last; line++ {
		p = t.starts[line]
	}
	end := p
	for q := p; q < len(t.data) && t.data[q] != '\n'; q++ {
		c := t.data[q]
		if c == '#' && strings.IndexByte(" \t", t.data[q-1]) >= 0 || in && strings.IndexByte(",]}", c) >= 0 {
			break
		}
		if c != ' ' && c != '\t' && c != '\r' {
			end = q + 1
		}
	}
	return end
}

// reach is the last line of what begins on a line at a column: all that follows and is indented more, and, where dash says so, the entries of a list that are
// indented as much. Comments and empty lines belong to it where more of it follows.
func (t *text) reach(line, column int, dash bool) int {
	last := line
	for l := line + 1; l <= t.lines(); l++ {
		raw := t.raw(l)
		rest := strings.TrimLeft(raw, " ")
		if rest = strings.TrimRight(rest, " \t"); rest == "" || rest[0] == '#' {
			continue
		}
		indent := len(raw) - len(strings.TrimLeft(raw, " "))
		if indent < column && !(dash && indent == column-1 && (rest == "-" || strings.HasPrefix(rest, "- "))) {
			break
		}
		last = l
	}
	return last
}

// entryEnd is the last line of a key with its value, in a group that stands in no brackets.
func (t *text) entryEnd(m *ast.MappingValueNode) int {
	line := t.line(t.offset(m.Key.GetToken()))
	p, inline := t.inline(m)
	if inline && strings.IndexByte(`"'[{`, t.data[p]) >= 0 {
		return t.line(t.endOf(p, false, 0) - 1)
	}
	return t.reach(line, column(m.Key), !inline)
}

// dash is the column of the dashes of a list, −1 where an entry does not stand beside its own.
func (t *text) dash(n *ast.SequenceNode, i int) int {
	c := n.GetToken().Position.Column
	if raw := t.raw(t.line(t.startOf(n.Values[i]))); len(raw) < c || raw[c-1] != '-' || strings.TrimSpace(raw[:c-1]) != "" {
		return -1
	}
	return c
}

// itemEnd is the last line of an entry of a list that stands in no brackets.
func (t *text) itemEnd(n *ast.SequenceNode, i int) int {
	p := t.startOf(n.Values[i])
	if strings.IndexByte(`"'[{`, t.data[p]) >= 0 {
		if _, group := n.Values[i].(*ast.MappingNode); !group || t.data[p] == '{' {
			return t.line(t.endOf(p, false, 0) - 1)
		}
	}
	return t.reach(t.line(p), n.GetToken().Position.Column, false)
}
