package main

import (
	"fmt"
	"regexp/syntax"
	"slices"
)

// A language is a finite set of digit strings, kept as a node of a directed acyclic word graph: whether the empty string belongs to
// it, and the language that is left after each first digit. Nodes are made once each (hash-consing), so that equal languages have
// equal identifiers and the graph is minimal without a minimising step. Language 0 is empty.
type language int32

// word is a node of the graph.
type word struct {
	accept bool
	next   [10]language
}

// languages makes each node once.
type languages struct {
	nodes []word
	ids   map[word]language
}

func newLanguages() *languages {
	return &languages{nodes: []word{{}}, ids: map[word]language{{}: 0}}
}

func (l *languages) intern(w word) language {
	if id, ok := l.ids[w]; ok {
		return id
	}
	id := language(len(l.nodes))
	l.nodes = append(l.nodes, w)
	l.ids[w] = id
	return id
}

// lengths is a set of lengths, bit n for length n; 0 means any.
type lengths uint32

func (s lengths) has(n int) bool { return s == 0 || s>>n&1 == 1 }

// compile turns one of libphonenumber's patterns (digits, classes, groups, alternatives, bounded repeats) into the language of
// the whole strings it matches that have one of the lengths, at most max digits long. With prefix, what follows a match is free.
func (l *languages) compile(pattern string, allowed lengths, max int, prefix bool) (language, error) {
	if pattern == "" || pattern == "NA" {
		return 0, nil
	}
	if prefix {
		pattern = "(?:" + pattern + `)\d*`
	}
	re, err := syntax.Parse("^(?:"+pattern+")$", syntax.Perl)
	if err != nil {
		return 0, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return 0, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	b := &subset{all: l, prog: prog, allowed: allowed, max: max, memo: map[string]language{}}
	start := b.closure([]uint32{uint32(prog.Start)}, true)
	return b.build(start, 0), nil
}

// subset is the subset construction over one compiled pattern.
type subset struct {
	all     *languages
	prog    *syntax.Prog
	allowed lengths
	max     int
	memo    map[string]language
}

func (b *subset) build(pcs []uint32, depth int) language {
	if len(pcs) == 0 {
		return 0
	}
	key := fmt.Sprint(depth, pcs)
	if id, ok := b.memo[key]; ok {
		return id
	}
	var w word
	w.accept = b.allowed.has(depth) && b.matches(pcs)
	if depth < b.max {
		for d := range w.next {
			var out []uint32
			for _, pc := range pcs {
				if in := &b.prog.Inst[pc]; isRune(in) && in.MatchRune(rune('0'+d)) {
					out = append(out, in.Out)
				}
			}
			w.next[d] = b.build(b.closure(out, false), depth+1)
		}
	}
	id := b.all.intern(w)
	b.memo[key] = id
	return id
}

func isRune(in *syntax.Inst) bool {
	switch in.Op {
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return true
	}
	return false
}

// matches says whether the pattern may end here; the only empty-width conditions in it are the anchors that compile added.
func (b *subset) matches(pcs []uint32) bool {
	seen := map[uint32]bool{}
	var walk func(pc uint32) bool
	walk = func(pc uint32) bool {
		if seen[pc] {
			return false
		}
		seen[pc] = true
		in := &b.prog.Inst[pc]
		switch in.Op {
		case syntax.InstMatch:
			return true
		case syntax.InstAlt, syntax.InstAltMatch:
			return walk(in.Out) || walk(in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			return walk(in.Out)
		case syntax.InstEmptyWidth:
			return syntax.EmptyOp(in.Arg)&syntax.EmptyBeginText == 0 && walk(in.Out)
		}
		return false
	}
	return slices.ContainsFunc(pcs, walk)
}

// closure follows everything that reads no digit; the end anchor is left standing for matches.
func (b *subset) closure(pcs []uint32, begin bool) []uint32 {
	seen := map[uint32]bool{}
	var out []uint32
	var walk func(pc uint32)
	walk = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		in := &b.prog.Inst[pc]
		switch in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(in.Out)
			walk(in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			walk(in.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(in.Arg)&syntax.EmptyBeginText != 0 {
				if begin {
					walk(in.Out)
				}
				return
			}
			out = append(out, pc)
		case syntax.InstMatch, syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			out = append(out, pc)
		}
	}
	for _, pc := range pcs {
		walk(pc)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// intersect is the language of the strings that belong to both.
func (l *languages) intersect(a, b language) language {
	memo := map[[2]language]language{}
	var build func(a, b language) language
	build = func(a, b language) language {
		if a == 0 || b == 0 || a == b {
			return min(a, b)
		}
		k := [2]language{a, b}
		if id, ok := memo[k]; ok {
			return id
		}
		w := word{accept: l.nodes[a].accept && l.nodes[b].accept}
		for d := range w.next {
			w.next[d] = build(l.nodes[a].next[d], l.nodes[b].next[d])
		}
		id := l.intern(w)
		memo[k] = id
		return id
	}
	return build(a, b)
}
