package cases

import (
	"strings"
	"testing"

	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/rule/builtin"
)

func builtinSet(t testing.TB) *rule.Set {
	t.Helper()
	rules, err := builtin.Rules()
	if err != nil {
		t.Fatal(err)
	}
	set, err := rule.Compile(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestBuiltinCases: each built-in rule has cases both ways, and they hold.
func TestBuiltinCases(t *testing.T) {
	set := builtinSet(t)
	for i := range set.Rules() {
		name := set.Rules()[i].Name
		data, ok := builtin.Cases(name)
		if !ok {
			t.Errorf("rule %s has no cases.yaml beside its rule.yaml", name)
			continue
		}
		file, err := Read(data, name+"/cases.yaml")
		if err != nil {
			t.Error(err)
			continue
		}
		for j := range file.Cases {
			c := &file.Cases[j]
			switch spoke, err := c.Run(set, name); {
			case err != nil:
				t.Errorf("%s, %q: %v", name, c.Name, err)
			case spoke != c.Fires:
				t.Errorf("%s, %q: speaks %v, must %v", name, c.Name, spoke, c.Fires)
			}
		}
	}
}

const soundCases = `cases:
  - name: yes
    fires: true
    history: {days: 5, from: ["201"], to: ["0201234567"]}
    calls:
      - {at: "2026-02-03 10:00", from: "201", to: "00252612340001", talk: 1m}
  - name: no
    fires: false
    calls:
      - {at: "2026-02-03 10:00", from: "201", to: "0201234567", times: 2, every: 1m, talk: 20s}
`

func TestReadCasesSaysWhatIsWrong(t *testing.T) {
	if _, err := Read([]byte(soundCases), "c.yaml"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"fires: false", "fires: true", "c.yaml: a rule needs cases both ways"},
		{"fires: true", "fires: maybe", "c.yaml:3"},
		{"    calls:\n      - {at: \"2026-02-03 10:00\", from: \"201\", to: \"0025", "    listed: [\"", "c.yaml"},
		{"from: \"201\", to: \"0025", "to: \"0025", `c.yaml: case 1, "yes": call 1: from and to are both needed`},
		{"every: 1m, ", "", "call 1: times needs every"},
		{"times: 2", "times: 2000000", "together there may be 20000 calls"},
		{"every: 1m", "every: 9000h", "talk and every are at most"},
		{"days: 5", "days: 5000", "there may be 0 to 400"},
		{`from: ["201"], to: ["0201234567"]`, `from: ["201"]`, "days, from and to come together"},
		{"history:", "histry:", "did you mean history?"},
	} {
		_, err := Read([]byte(strings.Replace(soundCases, c.old, c.new, 1)), "c.yaml")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: got %v, want %s", c.new, c.old, err, c.want)
		}
	}
	for _, c := range []struct{ old, new, want string }{
		{"2026-02-03 10:00", "tomorrow", `call 1: at: "tomorrow" is no local time`},
		{"talk: 1m", "sent: upwards", `call 1: sent: there is no "upwards"`},
		{"    fires: true", "    fires: true\n    listed: [\"x\"]", `listed: "x" is no international number`},
		{"    fires: true", "    fires: true\n    accounts: [{name: \"1\", kind: robot}]", "is no kind of account"},
	} {
		file, err := Read([]byte(strings.Replace(soundCases, c.old, c.new, 1)), "c.yaml")
		if err != nil {
			t.Errorf("%q: %v", c.new, err)
			continue
		}
		if _, err := file.Cases[0].Run(builtinSet(t), "new-country"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.new, err, c.want)
		}
	}
}

func FuzzCases(f *testing.F) {
	f.Add([]byte(soundCases))
	set := builtinSet(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(data, "c.yaml")
		if err != nil || len(data) > 2000 {
			return
		}
		c := &file.Cases[0]
		for i := range c.Calls {
			c.Calls[i].Times = min(c.Calls[i].Times, 20)
		}
		c.History.Days = min(c.History.Days, 10)
		_, _ = c.Run(set, "new-country")
	})
}
