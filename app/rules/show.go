// Package rules shows the rules that give evidence, plays their cases and checks rule files of one's own, for a person at a terminal or, as JSON, for a
// program. [Shower] has one method for each; what a rule means is package rule's, how a case is played package detect/cases'.
package rules

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect/cases"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

// Shower writes to a terminal or a file.
type Shower struct {
	Out    io.Writer
	Width  int // columns
	Colour bool
	JSON   bool
}

// List lists the rules of a set: name, family, what each measures, the most bits that it gives, who set them, and its mode. As JSON it is
// belwacht.rules/1. An error is one of writing.
func (s *Shower) List(set *rule.Set) error {
	if s.JSON {
		return s.listJSON(set)
	}
	return s.listText(set)
}

// Show says all of one rule of a set, its cases included where it is a built-in one. As JSON it is belwacht.rule/1. Where there is no such rule, the error
// (NotFound) says which was most likely meant.
func (s *Shower) Show(set *rule.Set, name string) error {
	r, err := find(set, name)
	if err != nil {
		return err
	}
	if !s.JSON {
		return s.showText(set, r)
	}
	return indented(s.Out, struct {
		Schema string `json:"schema"`
		form
	}{"belwacht.rule/1", formOf(r)})
}

// form is a rule as JSON, belwacht.rule/1.
type form struct {
	Name   string          `json:"rule"`
	Family belwacht.Family `json:"family"`
	Kind   string          `json:"kind"`
	Of     string          `json:"of"`
	On     []string        `json:"on"`
	Mode   string          `json:"mode"`
	Origin string          `json:"origin"`
	Steps  []step          `json:"steps"`
	// Together is what the rule says with others, beyond what each says alone.
	Together []pair `json:"together,omitempty"`
	Why      string `json:"why"`
	En       string `json:"en"`
	Nl       string `json:"nl"`
	Cases    int    `json:"cases"`
}

type step struct {
	At   float64 `json:"at"`
	Bits float64 `json:"bits"`
}

type pair struct {
	At   float64 `json:"at"`
	With string  `json:"with"`
	From float64 `json:"from"`
	Bits float64 `json:"bits"`
}

func (s *Shower) listJSON(set *rule.Set) error {
	list := struct {
		Schema string `json:"schema"`
		Hash   string `json:"hash"`
		Rules  []form `json:"rules"`
	}{Schema: "belwacht.rules/1", Hash: set.Hash()}
	for i := range set.Rules() {
		list.Rules = append(list.Rules, formOf(&set.Rules()[i]))
	}
	return indented(s.Out, list)
}

// indented writes JSON for people.
func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func formOf(r *rule.Rule) form {
	f := form{Name: r.Name, Family: r.Family, Kind: r.Kind, Of: r.Of, On: onOf(r), Mode: modeOf(r), Origin: r.Origin, Why: strings.TrimSpace(r.Why), En: r.English, Nl: r.Dutch}
	for _, s := range r.Steps {
		f.Steps = append(f.Steps, step{rounded(s.At), rounded(s.Bits)})
	}
	for _, t := range r.Together {
		f.Together = append(f.Together, pair{rounded(t.At), t.With, rounded(t.From), rounded(t.Bits)})
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

func (s *Shower) listText(set *rule.Set) error {
	p := terminal.NewPrinter(s.Out, s.Width, s.Colour)
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

// find finds a rule, or says which was most likely meant.
func find(set *rule.Set, name string) (*rule.Rule, error) {
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

func (s *Shower) showText(set *rule.Set, r *rule.Rule) error {
	p := terminal.NewPrinter(s.Out, s.Width, s.Colour)
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
	weight := func(at float32, bits, most float64, what string) {
		ink := terminal.Red
		if bits < 0 {
			ink = terminal.Green
		}
		head := fmt.Sprintf("  from %8s  %+5.2f bits  ", strconv.FormatFloat(rounded(at), 'f', -1, 64), bits)
		p.Line(strings.TrimRight(head+p.Tint(ink, terminal.Left(terminal.Bar(math.Abs(bits)/most, 10), 10))+what, " "))
	}
	for _, x := range r.Steps {
		weight(x.At, rounded(x.Bits), rule.MostBits, "")
	}
	if len(r.Together) > 0 {
		p.Heading("Together with another rule, beyond what each says alone")
	}
	for _, t := range r.Together {
		weight(t.At, rounded(t.Bits), rule.MostTogether, "  "+t.With+" from "+strconv.FormatFloat(rounded(t.From), 'f', -1, 64))
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
