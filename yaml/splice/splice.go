package splice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
	"github.com/goccy/go-yaml/ast"
)

// End is a step of a path that stands for the place behind the last entry of a list.
const End = "+"

// Edit is one change.
type Edit struct {
	Path  []string // keys from the top; in a list the place of the entry from 0, or End
	Value any      // string, Plain, List, Members or Group; nil = take it out
}

// The values that are no string.
type (
	// Plain is a word that is written as it is: true, 5, EUR 50.
	Plain string
	// List is a list, in this order, of values.
	List []any
	// Members is a list of words whose order says nothing: those that stay keep their places and comments.
	Members []string
	// Group is a group of keys.
	Group []Member
	// Member is a key of a group.
	Member struct {
		Key   string
		Value any
	}
)

// Apply makes the edits one after the other. file names the data in errors, which are of code Config where the data is no file that package yaml reads, Invalid
// where the path leads nowhere, the value cannot be written, or the form of the file is none that is changed by program.
func Apply(data []byte, file string, edits ...Edit) ([]byte, error) {
	for i := range edits {
		out, err := one(data, file, &edits[i])
		if err != nil {
			return nil, err
		}
		data = out
	}
	return data, nil
}

// byHand is the error where the form of the file is not understood.
func byHand(file string, e *Edit) error {
	return belwacht.Errorf(belwacht.Invalid, "%s: %s stands in a form that is not changed by program; change it by hand", file, Name(e.Path))
}

// Name is a path as messages have it: limits.groups.sales, accounts[3].group.
func Name(path []string) string {
	var b strings.Builder
	for i, s := range path {
		if _, err := strconv.Atoi(s); (err == nil || s == End) && i > 0 {
			b.WriteString("[" + s + "]")
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s)
	}
	return b.String()
}

// one makes one edit and looks whether it came out.
func one(data []byte, file string, e *Edit) ([]byte, error) {
	root, err := yaml.Parse(data, file)
	if err != nil {
		return nil, err
	}
	was, err := treeOf(root, file)
	if err != nil {
		return nil, err
	}
	want, err := was.with(e, file)
	if err != nil {
		return nil, err
	}
	if want.equal(was) {
		return data, nil
	}
	t := newText(data, root)
	out, ok := t.change(e)
	if !ok {
		return nil, byHand(file, e)
	}
	root, err = yaml.Parse(out, file)
	if err != nil {
		return nil, byHand(file, e)
	}
	is, err := treeOf(root, file)
	if err != nil || !is.equal(want) {
		return nil, byHand(file, e)
	}
	return out, nil
}

// at is where a path ends: the nodes on the way, the root first. It is as long as what is there.
type at struct {
	node  ast.Node
	entry *ast.MappingValueNode // of a group, the key with this node; nil in a list
	place int                   // in a list
}

// follow goes along a path as far as there is something.
func follow(root ast.Node, path []string) []at {
	way := []at{{node: root}}
	for _, step := range path {
		switch n := way[len(way)-1].node.(type) {
		case *ast.MappingNode, *ast.MappingValueNode:
			entries := entriesOf(n)
			i := slices.IndexFunc(entries, func(m *ast.MappingValueNode) bool { return keyOf(m) == step })
			if i < 0 {
				return way
			}
			way = append(way, at{node: entries[i].Value, entry: entries[i]})
		case *ast.SequenceNode:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(n.Values) {
				return way
			}
			way = append(way, at{node: n.Values[i], place: i})
		default:
			return way
		}
	}
	return way
}

// entriesOf are the keys of a group.
func entriesOf(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// keyOf is the word of a key, "" for one that is no word.
func keyOf(m *ast.MappingValueNode) string {
	switch k := m.Key.(type) {
	case *ast.StringNode:
		return k.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return k.GetToken().Value
	}
	return ""
}

// change makes the edit in the text; false where it cannot.
func (t *text) change(e *Edit) (out []byte, ok bool) {
	defer func() {
		if p := recover(); p != nil { // a place that the grammar gave and the text does not have
			out, ok = nil, false
		}
	}()
	way := follow(t.root, e.Path)
	missing := e.Path[len(way)-1:]
	last := way[len(way)-1]
	switch {
	case e.Value == nil && len(missing) > 0:
		return t.data, true
	case e.Value == nil:
		return t.remove(way)
	case len(missing) == 0:
		return t.replace(way, e.Value)
	}
	value := e.Value
	for _, key := range slices.Backward(missing[1:]) {
		if key == End || key == "0" {
			value = List{value}
			continue
		}
		value = Group{{key, value}}
	}
	return t.add(way, last.node, missing[0], value)
}

// add puts a key behind the last of a group, or an entry behind the last of a list.
func (t *text) add(way []at, n ast.Node, key string, value any) ([]byte, bool) {
	switch n := n.(type) {
	case nil:
		return t.append(block(Group{{key, value}}, 1))
	case *ast.NullNode:
		if key == End || key == "0" {
			return t.replace(way, List{value})
		}
		return t.replace(way, Group{{key, value}})
	case *ast.SequenceNode:
		if n.IsFlowStyle {
			return t.intoFlow(n, flow(value))
		}
		items := n.Values
		column := t.dash(n, len(items)-1)
		if column < 0 {
			return nil, false
		}
		end := t.itemEnd(n, len(items)-1)
		return t.insertLines(end, block(List{value}, column))
	case *ast.MappingNode, *ast.MappingValueNode:
		if m, ok := n.(*ast.MappingNode); ok && m.IsFlowStyle {
			return t.intoFlow(n, scalar(key)+": "+flow(value))
		}
		entries := entriesOf(n)
		column := column(entries[0].Key)
		if len(way) == 1 { // behind all, so that comments which mark a part of the file stay around it
			return t.append(block(Group{{key, value}}, column))
		}
		return t.insertLines(t.entryEnd(entries[len(entries)-1]), block(Group{{key, value}}, column))
	}
	return nil, false
}

// String says what an edit does, for errors and tests.
func (e Edit) String() string { return fmt.Sprintf("%s: %v", Name(e.Path), e.Value) }
