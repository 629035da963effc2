package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/app"
	"github.com/belwacht/belwacht/config"
	"github.com/belwacht/belwacht/detect/cases"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
	"github.com/spf13/cobra"
)

func newRulesCommand(env *environment) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "Show, test and check the rules that give evidence",
		Long: "A rule is a short YAML file: what it measures, from which value on it gives how\n" +
			"many bits, and a sentence in two languages. Each bit doubles how much more\n" +
			"likely fraud is. CONTRIBUTING.md shows how to write one.",
	}
	c.AddCommand(newRulesListCommand(env), newRulesShowCommand(env), newRulesTestCommand(env), newRulesCheckCommand(env))
	return c
}

// ruleForm is a rule as JSON, belwacht.rule/1.
type ruleForm struct {
	Name   string          `json:"rule"`
	Family belwacht.Family `json:"family"`
	Kind   string          `json:"kind"`
	Of     string          `json:"of"`
	On     []string        `json:"on"`
	Mode   string          `json:"mode"`
	Origin string          `json:"origin"`
	Steps  []stepForm      `json:"steps"`
	Why    string          `json:"why"`
	En     string          `json:"en"`
	Nl     string          `json:"nl"`
	Cases  int             `json:"cases"`
}

type stepForm struct {
	At   float64 `json:"at"`
	Bits float64 `json:"bits"`
}

func newRulesListCommand(env *environment) *cobra.Command {
	var file string
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the rules",
		Long:    "Lists the rules: name, family, what it measures, the most bits that it gives,\nwho set them, and its mode.",
		Example: "  belwacht rules list\n  belwacht rules list --config belwacht.yaml --json",
		RunE: func(*cobra.Command, []string) error {
			set, err := rulesOf(env, file)
			if err != nil {
				return err
			}
			if asJSON {
				return listJSON(env.out, set)
			}
			return listText(env, set)
		},
	}
	c.Flags().StringVar(&file, "config", "", "configuration, which may turn rules off or to monitor")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// rulesOf is the built-in set with the switches of a configuration.
func rulesOf(env *environment, file string) (*rule.Set, error) {
	settings := config.Assumed()
	if file != "" {
		var err error
		if settings, err = config.Load(file, env.environ()); err != nil {
			return nil, err
		}
	}
	return app.Rules(one(settings, ""))
}

func listJSON(w io.Writer, set *rule.Set) error {
	list := struct {
		Schema string     `json:"schema"`
		Hash   string     `json:"hash"`
		Rules  []ruleForm `json:"rules"`
	}{Schema: "belwacht.rules/1", Hash: set.Hash()}
	for i := range set.Rules() {
		list.Rules = append(list.Rules, formOf(&set.Rules()[i]))
	}
	return indented(w, list)
}

// indented writes JSON for people.
func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func formOf(r *rule.Rule) ruleForm {
	f := ruleForm{Name: r.Name, Family: r.Family, Kind: r.Kind, Of: r.Of, On: onOf(r), Mode: modeOf(r), Origin: r.Origin, Why: strings.TrimSpace(r.Why), En: r.English, Nl: r.Dutch}
	for _, s := range r.Steps {
		f.Steps = append(f.Steps, stepForm{rounded(s.At), rounded(s.Bits)})
	}
	if list, err := casesOf(r.Name); err == nil {
		f.Cases = len(list.Cases)
	}
	return f
}

// rounded takes off what a 32-bit number adds to the figure of a file.
func rounded(f float32) float64 { return math.Round(float64(f)*1e4) / 1e4 }

func onOf(r *rule.Rule) []string {
	if len(r.On) == 0 {
		return []string{"notable", "running"}
	}
	return r.On
}

func modeOf(r *rule.Rule) string {
	switch {
	case r.Off():
		return "off"
	case r.InMonitor():
		return "monitor"
	}
	return "enforce"
}

// most is the step that says most, for or against.
func most(r *rule.Rule) float64 {
	best := 0.0
	for _, s := range r.Steps {
		if b := rounded(s.Bits); math.Abs(b) > math.Abs(best) {
			best = b
		}
	}
	return best
}

func listText(env *environment, set *rule.Set) error {
	p := terminal.NewPrinter(env.out, width(env), env.colour)
	cols := []terminal.Column{{Title: "rule"}, {Title: "family"}, {Title: "measures", Elastic: true}, {Title: "bits", Right: true}, {Title: "set by"}, {Title: "mode"}}
	rows := make([][]string, 0, len(set.Rules()))
	for i := range set.Rules() {
		r := &set.Rules()[i]
		by := "hand"
		if r.Fitted() {
			by = "fit"
		}
		rows = append(rows, []string{r.Name, r.Family.String(), r.Kind + "/" + r.Of, fmt.Sprintf("%+.2f", most(r)), by, modeOf(r)})
	}
	p.Table(cols, rows, nil)
	p.Blank()
	p.Paragraph(0, terminal.Faint, fmt.Sprintf("%d rules, set %s. Bits are the most that a rule gives; each doubles how much more likely fraud is. "+
		"`belwacht rules show NAME` says all of one.", len(rows), set.Hash()))
	return p.Flush()
}

func newRulesShowCommand(env *environment) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "show NAME",
		Short:   "Show one rule: why, steps, sentences and cases",
		Example: "  belwacht rules show new-country",
		Args:    exactly(1, "the name of a rule"),
		RunE: func(_ *cobra.Command, args []string) error {
			set, err := rulesOf(env, "")
			if err != nil {
				return err
			}
			r, err := findRule(set, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return indented(env.out, struct {
					Schema string `json:"schema"`
					ruleForm
				}{"belwacht.rule/1", formOf(r)})
			}
			return showText(env, set, r)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// findRule finds a rule, or says which was most likely meant.
func findRule(set *rule.Set, name string) (*rule.Rule, error) {
	if r, ok := set.Find(name); ok {
		return r, nil
	}
	names := make([]string, len(set.Rules()))
	for i := range names {
		names[i] = set.Rules()[i].Name
	}
	if near, ok := yaml.Nearest(name, names); ok {
		return nil, belwacht.Errorf(belwacht.NotFound, "there is no rule %s; did you mean %s?", text.Clean(name, 60), near)
	}
	return nil, belwacht.Errorf(belwacht.NotFound, "there is no rule %s; `belwacht rules list` shows them", text.Clean(name, 60))
}

func showText(env *environment, set *rule.Set, r *rule.Rule) error {
	p := terminal.NewPrinter(env.out, width(env), env.colour)
	p.Line(p.Tint(terminal.Bold, r.Name))
	p.Rule()
	p.Paragraph(0, terminal.Plain, strings.TrimSpace(r.Why))
	p.Blank()
	fact := func(name, value string) {
		p.Beside("  "+p.Tint(terminal.Faint, terminal.Left(name, 12)), terminal.Plain, value)
	}
	fact("family", r.Family.String())
	fact("measures", r.Kind+"/"+r.Of+", on "+strings.Join(onOf(r), " and ")+" calls")
	fact("set", origin(r.Origin))
	fact("mode", modeOf(r))
	fact("English", r.English)
	fact("Nederlands", r.Dutch)
	p.Heading("Steps")
	for _, s := range r.Steps {
		bits, ink := rounded(s.Bits), terminal.Red
		if bits < 0 {
			ink = terminal.Green
		}
		head := fmt.Sprintf("  from %8s  %+5.2f bits  ", strconv.FormatFloat(rounded(s.At), 'f', -1, 64), bits)
		p.Line(strings.TrimRight(head+p.Tint(ink, terminal.Bar(math.Abs(bits)/rule.MostBits, 24)), " "))
	}
	list, err := casesOf(r.Name)
	if err == nil {
		p.Heading("Cases")
		for i := range list.Cases {
			k := &list.Cases[i]
			p.Beside("  "+terminal.Left(does(k.Fires), 13)+"  ", terminal.Plain, text.Clean(k.Name, 200))
		}
	}
	p.Blank()
	p.Paragraph(0, terminal.Faint, "Rule set "+set.Hash()+". `belwacht rules test "+r.Name+"` plays the cases.")
	return p.Flush()
}

func origin(s string) string {
	if s == "" {
		return "not said"
	}
	return s
}

func does(fires bool) string {
	if fires {
		return "must fire"
	}
	return "must not fire"
}

// casesOf reads the cases of a built-in rule.
func casesOf(name string) (*cases.File, error) {
	data, ok := builtin.Cases(name)
	if !ok {
		return nil, belwacht.Errorf(belwacht.NotFound, "rule %s has no cases", name)
	}
	return cases.Read(data, "builtin/"+name+"/cases.yaml")
}
