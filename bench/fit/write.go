package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/belwacht/belwacht/rule"
)

// apply returns the rules with fitted bits.
func apply(rules []rule.Rule, bits [][]float64) []rule.Rule {
	list := append([]rule.Rule(nil), rules...)
	for i := range list {
		if !list[i].Fitted() {
			continue
		}
		list[i].Steps = append([]rule.Step(nil), list[i].Steps...)
		for j := range list[i].Steps {
			list[i].Steps[j].Bits = float32(int(bits[i][j]*100+sign(bits[i][j])*0.5)) / 100
		}
	}
	return list
}

func sign(f float64) float64 {
	if f < 0 {
		return -1
	}
	return 1
}

var stepLine = regexp.MustCompile(`(?m)^  - \{at: .*\}\n`)

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
		text := string(data)
		at := stepLine.FindStringIndex(text)
		text = stepLine.ReplaceAllString(text, "")
		text = text[:at[0]] + steps.String() + text[at[0]:]
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(folder, "prior.txt"), fmt.Appendf(nil, "%.2f\n", prior), 0o644)
}
