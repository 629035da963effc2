package rules

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect/cases"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
	"github.com/belwacht/belwacht/terminal"
	"github.com/belwacht/belwacht/text"
	"github.com/belwacht/belwacht/yaml"
)

// test plays cases and counts.
type test struct {
	*Shower
	played, failed int
}

// Test plays the cases of the named built-in rules, or of all, to a set, and says of each whether the rule did as it must. The error is of code Invalid where
// one did not, NotFound where there is no such rule.
func (s *Shower) Test(set *rule.Set, names []string) error {
	t := test{Shower: s}
	if len(names) == 0 {
		for i := range set.Rules() {
			names = append(names, set.Rules()[i].Name)
		}
	}
	for _, name := range names {
		if _, err := find(set, name); err != nil {
			return err
		}
	}
	for _, name := range names {
		list, err := casesOf(name)
		if err != nil {
			return err
		}
		if err := t.play(set, name, list); err != nil {
			return err
		}
	}
	return t.done()
}

// play plays a rule's cases and prints a line of each.
func (t *test) play(set *rule.Set, name string, list *cases.File) error {
	for i := range list.Cases {
		c := &list.Cases[i]
		spoke, err := c.Run(set, name)
		if err != nil {
			return belwacht.Errorf(belwacht.CodeOf(err), "the case %q of rule %s cannot be played: %w", text.Clean(c.Name, 60), name, err)
		}
		t.played++
		word := "ok  "
		if spoke != c.Fires {
			t.failed++
			word = "FAIL"
		}
		if err := t.line(word, name, c, spoke); err != nil {
			return err
		}
	}
	return nil
}

func (t *test) line(word, name string, c *cases.Case, spoke bool) error {
	if t.JSON {
		return json.NewEncoder(t.Out).Encode(struct {
			Rule  string `json:"rule"`
			Case  string `json:"case"`
			Must  bool   `json:"must_fire"`
			Fired bool   `json:"fired"`
			OK    bool   `json:"ok"`
		}{name, c.Name, c.Fires, spoke, spoke == c.Fires})
	}
	ink, did := terminal.Green, does(c.Fires)
	if spoke != c.Fires {
		ink, did = terminal.Grave, did+" and did"
		if !spoke {
			did += " not"
		}
	}
	_, err := fmt.Fprintf(t.Out, "%s  %-16s  %s: %s\n", terminal.Tint(t.Colour, ink, word), name, did, text.Clean(c.Name, 200))
	return err
}

func (t *test) done() error {
	if t.failed > 0 {
		return belwacht.Errorf(belwacht.Invalid, "%d of %s failed; look at the lines with FAIL", t.failed, text.Plural(text.English, int64(t.played), "case", "cases"))
	}
	if !t.JSON && t.played > 0 {
		fmt.Fprintf(t.Out, "%s, all as they must\n", text.Plural(text.English, int64(t.played), "case", "cases"))
	}
	return nil
}

// Check reads rule files of one's own strictly and plays the cases that lie beside each in cases.yaml, with its rule added to the built-in ones or in the place
// of the one of its name. An error says which file is wrong and where.
func (s *Shower) Check(files []string) error {
	t := test{Shower: s}
	for _, file := range files {
		if err := t.check(file); err != nil {
			return err
		}
	}
	return t.done()
}

// check reads one rule file and plays its cases.
func (t *test) check(file string) error {
	data, err := yaml.Bytes(file)
	if err != nil {
		return err
	}
	r, err := rule.Parse(data, file)
	if err != nil {
		return err
	}
	set, replaced, err := withRule(r)
	if err != nil {
		return err
	}
	note := ""
	if replaced {
		note = ", in place of the built-in rule of that name"
	}
	fmt.Fprintf(t.Out, "%s: rule %s is well written: %s/%s, at most %+.2f bits%s\n", text.Clean(file, 200), r.Name, r.Kind, r.Of, most(r), note)
	beside := filepath.Join(filepath.Dir(file), "cases.yaml")
	if _, err := os.Stat(beside); os.IsNotExist(err) {
		fmt.Fprintf(t.Out, "%s: is not there; write one with a case that must fire and one that must not, and they are played\n", text.Clean(beside, 200))
		return nil
	}
	if data, err = yaml.Bytes(beside); err != nil {
		return err
	}
	list, err := cases.Read(data, beside)
	if err != nil {
		return err
	}
	return t.play(set, r.Name, list)
}

// withRule is the built-in set with a rule more, or with one of them replaced.
func withRule(r *rule.Rule) (set *rule.Set, replaced bool, err error) {
	rules, err := builtin.Rules()
	if err != nil {
		return nil, false, err
	}
	for i := range rules {
		if rules[i].Name == r.Name {
			rules[i], replaced = *r, true
		}
	}
	if !replaced {
		rules = append(rules, *r)
	}
	set, err = rule.Compile(rules, nil)
	return set, replaced, err
}
