package splice

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
	"github.com/goccy/go-yaml/ast"
)

// tree is what a file says, without how it is written: a word, a list or a group of keys in their order.
type tree struct {
	kind kind
	word string
	keys []string // of a group
	subs []*tree  // of a group or a list
}

type kind int

const (
	null kind = iota
	word
	list
	group
)

// treeOf reads a tree. A key that stands twice is an error of code Config.
func treeOf(n ast.Node, file string) (*tree, error) {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return &tree{}, nil
	case *ast.StringNode:
		return &tree{kind: word, word: n.Value}, nil
	case *ast.LiteralNode:
		return &tree{kind: word, word: n.Value.Value}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return &tree{kind: word, word: n.GetToken().Value}, nil
	case *ast.SequenceNode:
		t := &tree{kind: list}
		for _, v := range n.Values {
			sub, err := treeOf(v, file)
			if err != nil {
				return nil, err
			}
			t.subs = append(t.subs, sub)
		}
		return t, nil
	case *ast.MappingNode, *ast.MappingValueNode:
		t := &tree{kind: group}
		for _, m := range entriesOf(n) {
			key := keyOf(m)
			if slices.Contains(t.keys, key) || key == "" {
				return nil, belwacht.Errorf(belwacht.Config, "%s:%d: key %.60q stands twice or is no word; belwacht config check says more", file, m.Key.GetToken().Position.Line, key)
			}
			sub, err := treeOf(m.Value, file)
			if err != nil {
				return nil, err
			}
			t.keys, t.subs = append(t.keys, key), append(t.subs, sub)
		}
		return t, nil
	}
	return nil, belwacht.Errorf(belwacht.Config, "%s:%d: is in a form that is not read", file, n.GetToken().Position.Line)
}

// made is the tree of a value.
func made(v any) (*tree, error) {
	switch v := v.(type) {
	case string:
		return &tree{kind: word, word: v}, nil
	case Plain:
		return &tree{kind: word, word: string(v)}, nil
	case Members:
		t := &tree{kind: list}
		for _, w := range v {
			t.subs = append(t.subs, &tree{kind: word, word: w})
		}
		return t, nil
	case List:
		t := &tree{kind: list}
		for _, x := range v {
			sub, err := made(x)
			if err != nil {
				return nil, err
			}
			t.subs = append(t.subs, sub)
		}
		return t, nil
	case Group:
		t := &tree{kind: group}
		for _, m := range v {
			sub, err := made(m.Value)
			if err != nil {
				return nil, err
			}
			t.keys, t.subs = append(t.keys, m.Key), append(t.subs, sub)
		}
		return t, nil
	}
	return nil, belwacht.Errorf(belwacht.Internal, "a %T cannot be written into a configuration", v)
}

// equal says whether two trees say the same. A group without keys says nothing.
func (t *tree) equal(o *tree) bool {
	return t.kind == o.kind && t.word == o.word && slices.Equal(t.keys, o.keys) && slices.EqualFunc(t.subs, o.subs, (*tree).equal)
}

// with is a tree with one edit made.
func (t *tree) with(e *Edit, file string) (*tree, error) {
	if len(e.Path) == 0 {
		return nil, belwacht.Errorf(belwacht.Invalid, "%s: no key is named", file)
	}
	out, err := t.put(e.Path, e.Value)
	if err != nil {
		return nil, belwacht.Errorf(belwacht.CodeOf(err), "%s: %s: %w", file, Name(e.Path), err)
	}
	if out == nil {
		out = &tree{}
	}
	return out, nil
}

// put is a copy of t in which a path has a value; nil where nothing is left of it.
func (t *tree) put(path []string, value any) (*tree, error) {
	if len(path) == 0 {
		switch v := value.(type) {
		case nil:
			return nil, nil //nolint:nilnil // nothing is left
		case Members:
			return made(t.members(v))
		}
		return made(value)
	}
	out := &tree{kind: t.kind, keys: slices.Clone(t.keys), subs: slices.Clone(t.subs)}
	i := -1
	switch t.kind {
	case null:
		if value == nil {
			return t, nil
		}
		out.kind = group
		if path[0] == End || path[0] == "0" {
			out.kind = list
		}
	case group:
		i = slices.Index(t.keys, path[0])
	case list:
		n, err := strconv.Atoi(path[0])
		switch {
		case path[0] == End || n == len(t.subs) && err == nil:
		case err != nil || n < 0 || n > len(t.subs):
			return nil, belwacht.Errorf(belwacht.Invalid, "the list has no entry %.20s", path[0])
		default:
			i = n
		}
	default:
		return nil, belwacht.Errorf(belwacht.Invalid, "has no keys below it")
	}
	old := &tree{}
	if i >= 0 {
		old = t.subs[i]
	} else if value == nil {
		return t, nil
	}
	sub, err := old.put(path[1:], value)
	switch {
	case err != nil:
		return nil, err
	case i < 0:
		if out.kind == group {
			out.keys = append(out.keys, path[0])
		}
		out.subs = append(out.subs, sub)
	case sub == nil:
		out.subs = slices.Delete(out.subs, i, i+1)
		if out.kind == group {
			out.keys = slices.Delete(out.keys, i, i+1)
		}
		if len(out.subs) == 0 {
			return nil, nil //nolint:nilnil // nothing is left
		}
	default:
		out.subs[i] = sub
	}
	return out, nil
}

// members are words in the order that a list has them already, those that are new behind.
func (t *tree) members(words Members) Members {
	var out Members
	for _, s := range t.subs {
		if slices.Contains(words, s.word) && !slices.Contains(out, s.word) {
			out = append(out, s.word)
		}
	}
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// String is a tree for errors of tests.
func (t *tree) String() string {
	switch t.kind {
	case word:
		return strconv.Quote(t.word)
	case list:
		return fmt.Sprint(t.subs)
	case group:
		s := "{"
		for i, k := range t.keys {
			s += k + ":" + t.subs[i].String() + " "
		}
		return s + "}"
	}
	return "null"
}

// Value is what stands at a path, as [Apply] would write it anew; nil where nothing does.
func Value(data []byte, file string, path ...string) (any, error) {
	root, err := yaml.Parse(data, file)
	if err != nil {
		return nil, err
	}
	way := follow(root, path)
	if len(way) <= len(path) {
		return nil, nil //nolint:nilnil // nothing stands there
	}
	t, err := treeOf(way[len(way)-1].node, file)
	if err != nil {
		return nil, err
	}
	return t.value(), nil
}

// value is a tree as a value.
func (t *tree) value() any {
	switch t.kind {
	case word:
		return t.word
	case list:
		out := List{}
		for _, s := range t.subs {
			out = append(out, s.value())
		}
		return out
	case group:
		out := Group{}
		for i, s := range t.subs {
			if v := s.value(); v != nil {
				out = append(out, Member{t.keys[i], v})
			}
		}
		return out
	}
	return nil
}
