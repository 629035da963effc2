package rules

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
)

// ours are the built-in rules.
func ours(t *testing.T) *rule.Set {
	t.Helper()
	list, err := builtin.Rules()
	if err != nil {
		t.Fatal(err)
	}
	set, err := rule.Compile(list, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestShow: each built-in rule fits into a terminal, says why it is there and what is played for it, and its JSON says how many cases.
func TestShow(t *testing.T) {
	set := ours(t)
	for i := range set.Rules() {
		r := &set.Rules()[i]
		var out bytes.Buffer
		if err := (&Shower{Out: &out, Width: 72}).Show(set, r.Name); err != nil {
			t.Fatal(err)
		}
		shown := out.String()
		for line := range strings.SplitSeq(shown, "\n") {
			if n := utf8.RuneCountInString(line); n > 72 {
				t.Errorf("%s: %d columns: %s", r.Name, n, line)
			}
		}
		var v struct {
			Schema string
			Rule   string
			Cases  int
		}
		out.Reset()
		if err := (&Shower{Out: &out, JSON: true}).Show(set, r.Name); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out.Bytes(), &v); err != nil || v.Schema != "belwacht.rule/1" || v.Rule != r.Name {
			t.Errorf("%s: %+v %v", r.Name, v, err)
		}
		if n := strings.Count(shown, "must fire  ") + strings.Count(shown, "must not fire  "); n != v.Cases || n < 2 {
			t.Errorf("%s: %d cases are shown, and there are %d:\n%s", r.Name, n, v.Cases, shown)
		}
	}
}

// TestNearest: a name with a slip leads to the rule that was meant, and a hostile one does no harm.
func TestNearest(t *testing.T) {
	set := ours(t)
	for name, want := range map[string]string{"new-contry": "did you mean new-country?", "a\x1b[2J": "there is no rule a·[2J;"} {
		err := (&Shower{Out: &bytes.Buffer{}}).Show(set, name)
		if belwacht.CodeOf(err) != belwacht.NotFound || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestCheck plays what lies beside a rule, and tells a case that failed by its line and by the error's code.
func TestCheck(t *testing.T) {
	const mine = "rule: lunch-abroad\nfamily: amount\nkind: threshold\nof: calls-1h\nsteps:\n  - {at: 3, bits: 1.5}\n" +
		"en: \"{value} calls to unknown numbers within an hour\"\nnl: \"{value} oproepen naar onbekende nummers binnen een uur\"\nwhy: a test\norigin: by hand, for a test\n"
	data, ok := builtin.Cases("canary")
	if !ok {
		t.Fatal("the rule canary has no cases")
	}
	for _, c := range []struct{ name, beside, want string }{
		{"alone", "", "is not there; write one"},
		{"cases of another rule", string(data), "FAIL"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "rule.yaml"), []byte(mine), 0o600); err != nil {
			t.Fatal(err)
		}
		if c.beside != "" {
			if err := os.WriteFile(filepath.Join(dir, "cases.yaml"), []byte(c.beside), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		err := (&Shower{Out: &out}).Check([]string{filepath.Join(dir, "rule.yaml")})
		if !strings.Contains(out.String(), "rule lunch-abroad is well written") || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: %v\n%s", c.name, err, out.String())
		}
		if (err != nil) != (c.beside != "") || err != nil && belwacht.CodeOf(err) != belwacht.Invalid {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
