package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/belwacht/belwacht/rule"
)

// apply returns the rules with fitted bits; first is of each rule its first input.
func apply(rules []rule.Rule, f fitted, first []int) []rule.Rule {
	list := append([]rule.Rule(nil), rules...)
	for i := range list {
		if !list[i].Fitted() {
			continue
		}
		list[i].Together = nil
		list[i].Steps = append([]rule.Step(nil), list[i].Steps...)
		for j := range list[i].Steps {
			list[i].Steps[j].Bits = hundredths(f.bits[i][j])
		}
	}
	for _, p := range f.pairs {
		i, j := owner(first, p.a), owner(first, p.b)
		r, o := &list[i], &list[j]
		if bits := hundredths(p.bits); bits != 0 {
			r.Together = append(r.Together, rule.Pair{At: r.Steps[p.a-first[i]].At, With: o.Name, From: o.Steps[p.b-first[j]].At, Bits: bits})
		}
	}
	return list
}

// owner is the rule that an input belongs to.
func owner(first []int, input int) int {
	return sort.Search(len(first), func(i int) bool { return first[i] > input }) - 1
}

func hundredths(f float64) float32 { return float32(int(math.Round(f*100))) / 100 }

var (
	stepLine = regexp.MustCompile(`(?m)^  - \{at: [^,]*, bits: .*\}\n`)
	pairLine = regexp.MustCompile(`(?m)^together:.*\n|^  - \{at: [^,]*, with: .*\}\n`)
)

// rewrite puts the fitted bits into the rule files and the prior beside them.
func rewrite(folder string, rules []rule.Rule, prior float64) error {
	for i := range rules {
		r := &rules[i]
		if !r.Fitted() {
			continue
		}
		path := filepath.Join(folder, r.Name, "rule.yaml")
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var steps strings.Builder
		for _, s := range r.Steps {
			fmt.Fprintf(&steps, "  - {at: %g, bits: %g}\n", s.At, s.Bits)
		}
		text := pairLine.ReplaceAllString(string(data), "")
		if len(r.Together) > 0 {
			steps.WriteString("together: # beyond what the two rules say alone\n")
		}
		for _, p := range r.Together {
			fmt.Fprintf(&steps, "  - {at: %g, with: %s, from: %g, bits: %g}\n", p.At, p.With, p.From, p.Bits)
		}
		at := stepLine.FindStringIndex(text)
		text = stepLine.ReplaceAllString(text, "")
		text = text[:at[0]] + steps.String() + text[at[0]:]
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, "prior.txt"), fmt.Appendf(nil, "%.2f\n", prior), 0o644)
}
