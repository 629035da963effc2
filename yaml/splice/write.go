package splice

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/belwacht/belwacht/yaml"
)

// splice is the text with what stands from one byte to another replaced.
func (t *text) splice(from, to int, with string) ([]byte, bool) {
	if from > to || from < 0 || to > len(t.data) {
		return nil, false
	}
	return slices.Concat(t.data[:from], []byte(with), t.data[to:]), true
}

// insertLines puts lines behind one.
func (t *text) insertLines(behind int, lines string) ([]byte, bool) {
	lines = strings.ReplaceAll(lines, "\n", t.end)
	at := t.starts[behind]
	if at == len(t.data) && at > 0 && t.data[at-1] != '\n' {
		lines = t.end + strings.TrimSuffix(lines, t.end)
	}
	return t.splice(at, at, lines)
}

// append puts lines at the end.
func (t *text) append(lines string) ([]byte, bool) {
	if len(t.data) == 0 {
		return []byte(lines), true
	}
	return t.insertLines(t.lines(), lines)
}

// isFlow says whether a node stands in brackets of its own.
func isFlow(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.IsFlowStyle
	case *ast.SequenceNode:
		return n.IsFlowStyle
	}
	return false
}

// within says whether what a path leads to stands in brackets of what is above it.
func within(way []at) bool {
	return slices.ContainsFunc(way[:len(way)-1], func(a at) bool { return isFlow(a.node) })
}

// replace puts a value in the place of the one at the end of a path.
func (t *text) replace(way []at, value any) ([]byte, bool) {
	last, in := way[len(way)-1], within(way)
	if m, ok := value.(Members); ok {
		if seq, ok := last.node.(*ast.SequenceNode); ok && !seq.IsFlowStyle && !in {
			if out, ok := t.regroup(seq, m); ok {
				return out, true
			}
		}
		was, _ := treeOf(last.node, "")
		value = was.members(m)
	}
	if last.entry == nil {
		return t.replaceItem(way, value, in)
	}
	m := last.entry
	p, inline := t.inline(m)
	colon := t.colon(m) + 1
	if !in && lines(value) {
		end, line := colon, t.line(colon-1)
		if inline {
			end = t.endOf(p, false, t.entryEnd(m))
			if end > t.starts[line] {
				return nil, false
			}
		} else if t.entryEnd(m) > line {
			return t.exchange(line+1, t.entryEnd(m), block(value, column(m.Key)+2))
		}
		body := strings.ReplaceAll(block(value, column(m.Key)+2), "\n", t.end)
		at := t.starts[line]
		if at == len(t.data) && t.data[at-1] != '\n' {
			body = t.end + body
		}
		return slices.Concat(t.data[:colon], t.data[end:at], []byte(body), t.data[at:]), true
	}
	with := flow(value)
	if inline {
		if s, ok := value.(string); ok && t.data[p] == '"' {
			with = double(s)
		}
		return t.splice(p, t.endOf(p, in, t.entryEndIn(m, in)), with)
	}
	if in {
		return t.splice(colon, colon, " "+with)
	}
	from, last2 := t.line(colon-1), t.entryEnd(m)
	out := slices.Concat(t.data[:colon], []byte(" "+with), t.data[colon:t.starts[from]], t.data[t.starts[last2]:])
	return out, true
}

// entryEndIn is entryEnd, 0 in brackets, where it says nothing.
func (t *text) entryEndIn(m *ast.MappingValueNode, in bool) int {
	if in {
		return 0
	}
	return t.entryEnd(m)
}

// replaceItem is replace of an entry of a list.
func (t *text) replaceItem(way []at, value any, in bool) ([]byte, bool) {
	seq, ok := way[len(way)-2].node.(*ast.SequenceNode)
	if !ok {
		return nil, false
	}
	i := way[len(way)-1].place
	p := t.startOf(seq.Values[i])
	if in {
		return t.splice(p, t.endOf(p, true, 0), flow(value))
	}
	c := t.dash(seq, i)
	if c < 0 {
		return nil, false
	}
	if !lines(value) && t.itemEnd(seq, i) == t.line(p) {
		if _, group := seq.Values[i].(*ast.MappingNode); !group {
			return t.splice(p, t.endOf(p, false, t.line(p)), flow(value))
		}
	}
	return t.exchange(t.line(p), t.itemEnd(seq, i), block(List{value}, c))
}

// exchange puts lines in the place of those from one to another.
func (t *text) exchange(from, to int, with string) ([]byte, bool) {
	return t.splice(t.starts[from-1], t.starts[to], strings.ReplaceAll(with, "\n", t.end))
}

// regroup leaves of a list of words those that stay, with their lines, and puts what is new behind. False where none stays.
func (t *text) regroup(seq *ast.SequenceNode, words Members) ([]byte, bool) {
	var had Members
	var gone [][2]int
	lastKept := 0
	for i, n := range seq.Values {
		s, ok := n.(*ast.StringNode)
		if !ok || t.dash(seq, i) < 0 {
			return nil, false
		}
		end := t.itemEnd(seq, i)
		if !slices.Contains(words, s.Value) || slices.Contains(had, s.Value) {
			gone = append(gone, [2]int{t.starts[t.line(t.startOf(n))-1], t.starts[end]})
			continue
		}
		had, lastKept = append(had, s.Value), end
	}
	if lastKept == 0 {
		return nil, false
	}
	var fresh List
	for _, w := range words {
		if !slices.Contains(had, w) {
			fresh, had = append(fresh, w), append(had, w)
		}
	}
	out := t.data
	if len(fresh) > 0 {
		gone = append(gone, [2]int{t.starts[lastKept], t.starts[lastKept]})
	}
	slices.SortStableFunc(gone, func(a, b [2]int) int { return b[0] - a[0] }) // from the end, so that places before stay
	added := false
	for _, g := range gone {
		with := ""
		if g[0] == g[1] && !added {
			added = true
			with = strings.ReplaceAll(block(fresh, seq.GetToken().Position.Column), "\n", t.end)
			if g[0] == len(t.data) && t.data[g[0]-1] != '\n' {
				with = t.end + with
			}
		}
		out = slices.Concat(out[:g[0]], []byte(with), out[g[1]:])
	}
	return out, true
}

// intoFlow puts what is written out behind the last of a group or list in brackets.
func (t *text) intoFlow(n ast.Node, with string) ([]byte, bool) {
	p := t.startOf(n)
	var last int
	switch n := n.(type) {
	case *ast.SequenceNode:
		if len(n.Values) == 0 {
			return t.splice(p+1, p+1, with)
		}
		last = t.endOf(t.startOf(n.Values[len(n.Values)-1]), true, 0)
	case *ast.MappingNode:
		if len(n.Values) == 0 {
			return t.splice(p+1, p+1, with)
		}
		last = t.flowEnd(n.Values[len(n.Values)-1])
	}
	rest := strings.TrimLeft(string(t.data[last:]), " \t\r\n")
	if strings.HasPrefix(rest, ",") {
		at := len(t.data) - len(rest) + 1
		return t.splice(at, at, " "+with)
	}
	return t.splice(last, last, ", "+with)
}

// flowEnd is the end of a key with its value in brackets.
func (t *text) flowEnd(m *ast.MappingValueNode) int {
	p, inline := t.inline(m)
	if !inline {
		return t.colon(m) + 1
	}
	return t.endOf(p, true, 0)
}

// remove takes out what is at the end of a path, and what would be empty without it.
func (t *text) remove(way []at) ([]byte, bool) {
	k := len(way) - 1
	for k > 1 && children(way[k-1].node) == 1 {
		k--
	}
	way = way[:k+1]
	parent, in := way[k-1].node, within(way)
	if seq, ok := parent.(*ast.SequenceNode); ok {
		i := way[k].place
		if in {
			var from, to []int
			for _, n := range seq.Values {
				from, to = append(from, t.startOf(n)), append(to, t.endOf(t.startOf(n), true, 0))
			}
			return t.cut(from, to, i)
		}
		if t.dash(seq, i) < 0 {
			return nil, false
		}
		return t.exchange(t.line(t.startOf(seq.Values[i])), t.itemEnd(seq, i), "")
	}
	m := way[k].entry
	if in {
		var from, to []int
		i := 0
		for j, e := range entriesOf(parent) {
			from, to = append(from, t.offset(e.Key.GetToken())), append(to, t.flowEnd(e))
			if e == m {
				i = j
			}
		}
		return t.cut(from, to, i)
	}
	p := t.offset(m.Key.GetToken())
	line := t.line(p)
	if strings.TrimSpace(strings.TrimPrefix(string(t.data[t.starts[line-1]:p]), "\xef\xbb\xbf")) != "" {
		return nil, false
	}
	from := t.starts[line-1]
	if from == 0 && p >= 3 && t.data[0] == 0xef {
		from = 3
	}
	return t.splice(from, t.starts[t.entryEnd(m)], "")
}

// cut takes one of several out that commas part.
func (t *text) cut(from, to []int, i int) ([]byte, bool) {
	switch {
	case i+1 < len(from):
		return t.splice(from[i], from[i+1], "")
	case i > 0:
		return t.splice(to[i-1], to[i], "")
	}
	return t.splice(from[i], to[i], "")
}

// children is how many keys or entries there are.
func children(n ast.Node) int {
	if s, ok := n.(*ast.SequenceNode); ok {
		return len(s.Values)
	}
	return len(entriesOf(n))
}

// lines says whether a value is written on lines of its own.
func lines(v any) bool {
	switch v := v.(type) {
	case Group:
		return true
	case List:
		return slices.ContainsFunc(v, lines)
	}
	return false
}

// block is a group or list on lines of its own, from a column.
func block(v any, column int) string {
	indent := strings.Repeat(" ", column-1)
	var b strings.Builder
	switch v := v.(type) {
	case Group:
		for _, m := range v {
			b.WriteString(indent + scalar(m.Key) + ":")
			if lines(m.Value) {
				b.WriteString("\n" + block(m.Value, column+2))
				continue
			}
			b.WriteString(" " + flow(m.Value) + "\n")
		}
	case List:
		for _, x := range v {
			if !lines(x) {
				b.WriteString(indent + "- " + flow(x) + "\n")
				continue
			}
			b.WriteString(indent + "- " + block(x, column+2)[column+1:])
		}
	}
	return b.String()
}

// flow is a value on one line.
func flow(v any) string {
	var parts []string
	switch v := v.(type) {
	case string:
		return scalar(v)
	case Plain:
		return string(v)
	case Members:
		for _, w := range v {
			parts = append(parts, scalar(w))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case List:
		for _, x := range v {
			parts = append(parts, flow(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Group:
		for _, m := range v {
			parts = append(parts, scalar(m.Key)+": "+flow(m.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return `""`
}

// scalar is a word, in quotes where it could be read as anything else, by this reader or by those of other programs.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "", "yes", "no", "on", "off", "true", "false", "null", "y", "n", "~":
		return double(s)
	}
	digits := strings.Trim(s, "0123456789") == ""
	if digits && (s[0] != '0' || len(s) == 1) && len(s) < 16 {
		return s
	}
	first := s[0]
	letter := first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z'
	if (letter || first == '/' && len(s) > 1) && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._/@+-") == "" && strings.TrimSpace(s) == s {
		var back struct {
			V []string `yaml:"v"`
		}
		if err := yaml.Read([]byte("v: ["+s+"]"), "", &back); err == nil && len(back.V) == 1 && back.V[0] == s {
			return s
		}
	}
	return double(s)
}

// double is a word in double quotes.
func double(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
}
