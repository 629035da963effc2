package rule

import (
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

const sound = `rule: many-at-once
family: amount
kind: threshold
of: at-once
on: [notable, running]
mode: monitor
steps:
  - {at: 3, bits: 1.5}
  - {at: 6, bits: 4}
why: one person has one mouth
en: "{value} calls at once"
nl: "{value} gesprekken tegelijk"
`

func TestParse(t *testing.T) {
	r, err := Parse([]byte(sound), "r.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if r.Name != "many-at-once" || r.Family != belwacht.FamilyAmount || len(r.Steps) != 2 || !r.InMonitor() || r.Off() || r.Fitted() {
		t.Errorf("read as %+v", r)
	}
}

// TestParseSaysWhatWasMeant: each mistake gives the file, its line and what to write instead.
func TestParseSaysWhatWasMeant(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "family:", "famly:", "r.yaml:2: unknown key famly; did you mean family?"},
		{"unknown family", "amount", "amuont", "r.yaml:2: family"},
		{"unknown kind", "threshold", "treshold", `r.yaml:3: there is no kind "treshold"; did you mean threshold?`},
		{"a kind far from all", "threshold", "magic", "r.yaml:3: there is no kind \"magic\"; there are canary, enumeration"},
		{"unknown measure", "of: at-once", "of: at-onec", `r.yaml:4: kind threshold cannot look at "at-onec"; did you mean at-once?`},
		{"a measure of another kind", "of: at-once", "of: foreign-id", "r.yaml:4: kind threshold cannot look at foreign-id, kind property can"},
		{"unknown scope", "[notable, running]", "[notable, runing]", `r.yaml:5: a rule cannot look at calls called "runing"; did you mean running?`},
		{"unknown mode", "mode: monitor", "mode: monitr", `r.yaml:6: there is no mode "monitr"; did you mean monitor?`},
		{"too many bits", "bits: 4", "bits: 14", "r.yaml:9: step 2 gives 14 bits; bits go from -2 to 8"},
		{"falling steps", "at: 6", "at: 2", "r.yaml:9: step 2 begins at 2, which is not above the step before (3)"},
		{"half a step", "{at: 6, bits: 4}", "{at: 6}", "r.yaml:9: step 2 lacks bits"},
		{"no number", "bits: 4", "bits: much", `r.yaml:9: steps[1].bits: "much" is not a number`},
		{"too much together", "why:", "together:\n  - {at: 3, with: odd-hour, from: 2, bits: 6}\nwhy:", "r.yaml:11: pair 1 gives 6 bits; together two rules say from"},
		{"with nobody", "why:", "together:\n  - {at: 3, with: \"\", from: 2, bits: 1}\nwhy:", "r.yaml:11: pair 1 is with missing; it names another rule"},
		{"with itself", "why:", "together:\n  - {at: 3, with: many-at-once, from: 3, bits: 1}\nwhy:", `r.yaml:11: pair 1 is with "many-at-once"; it names another rule`},
		{"together from between steps", "why:", "together:\n  - {at: 4, with: odd-hour, from: 2, bits: 1}\nwhy:",
			"r.yaml:11: pair 1 begins at 4, where none of the rule's steps does; there are 3, 6"},
		{"half a pair", "why:", "together:\n  - {at: 3, with: odd-hour, bits: 1}\nwhy:", "r.yaml:11: pair 1 lacks from"},
		{"unknown placeholder", `"{value} calls`, `"{vlaue} calls`, "r.yaml:11: nothing fills {vlaue} in the sentence; did you mean value?"},
		{"open placeholder", `"{value} calls`, `"{value calls`, "r.yaml:11: nothing fills {value calls"},
		{"no Dutch", "nl: ", "", "is not YAML"},
		{"no name", "rule: many-at-once", "rule: Many at once", `r.yaml:1: the rule's name is "Many at once"; a name is`},
		{"missing key", "family: amount\n", "", "r.yaml:1: the key family is missing"},
		{"empty", sound, "", "r.yaml:1: the key rule is missing"},
		{"huge", sound, strings.Repeat("# nothing\n", 2000), "r.yaml: is 20000 bytes long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(strings.Replace(sound, c.old, c.new, 1)), "r.yaml")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got  %v\nwant %s", err, c.want)
			}
			if belwacht.CodeOf(err) != belwacht.Config && !strings.Contains(err.Error(), "\n") {
				t.Errorf("code %s", belwacht.CodeOf(err))
			}
		})
	}
}

func TestCompileRefuses(t *testing.T) {
	r, err := Parse([]byte(sound), "r.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compile([]Rule{*r, *r}, nil); err == nil || !strings.Contains(err.Error(), "two rules are called many-at-once") {
		t.Errorf("two of one name: %v", err)
	}
	if _, err := Compile([]Rule{*r}, map[string]string{"many-at-one": "off"}); err == nil || belwacht.CodeOf(err) != belwacht.Config {
		t.Errorf("a switch for no rule: %v", err)
	}
	s, err := Compile([]Rule{*r}, map[string]string{"many-at-once": "off"})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := s.Find("many-at-once"); !got.Off() {
		t.Error("the owner's switch did not turn the rule off")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte("rule: a\nsteps: [[]]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data, "r.yaml")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "r.yaml") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		if _, err := Compile([]Rule{*r}, nil); err != nil {
			t.Errorf("a rule that was read does not compile: %v", err)
		}
		v := Verdict{}
		s, _ := Compile([]Rule{*r}, nil)
		for scope := range scopes {
			s.Judge(&View{Scope: scope}, &v)
		}
	})
}
