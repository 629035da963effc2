package splice

import (
	"bytes"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/yaml"
)

func path(s string) []string { return strings.Split(s, " ") }

func TestApply(t *testing.T) {
	const file = `# of the house
organisation:
  name: "De Linde" # shown
  country: NL   # é

mode: monitor
# limits are ours
limits: {organisation: {money_per_day: EUR 50, calls_at_once: 3}, groups: {}}
rules:
  # loud
  new-country: "off"

accounts:
- name: "212"
  group: sales
- {name: "213"}
people:
  - Anna # first
  - Bob

  # Bob's friend
  - Carol
empty:
`
	for name, c := range map[string]struct {
		in, path string
		value    any
		out      string // as a replacement in in: OLD ⇒ NEW
	}{
		"a word, its comment stays":           {file, "organisation country", "BE", "country: NL   # é⇒country: BE   # é"},
		"quotes stay":                         {file, "organisation name", "De Eik", `"De Linde" #⇒"De Eik" #`},
		"top level":                           {file, "mode", Plain("enforce"), "mode: monitor⇒mode: enforce"},
		"in brackets":                         {file, "limits organisation money_per_day", "EUR 75", "EUR 50⇒EUR 75"},
		"new in brackets":                     {file, "limits organisation only_countries", List{"NL", "BE"}, "calls_at_once: 3}⇒calls_at_once: 3, only_countries: [NL, BE]}"},
		"new in empty brackets":               {file, "limits groups sales calls_at_once", Plain("5"), "groups: {}⇒groups: {sales: {calls_at_once: 5}}"},
		"new in a group":                      {file, "organisation timezone", "Europe/Amsterdam", "country: NL   # é\n⇒country: NL   # é\n  timezone: Europe/Amsterdam\n"},
		"new in a group with a comment":       {file, "rules off-hours", "monitor", "\"off\"\n⇒\"off\"\n  off-hours: monitor\n"},
		"a new group":                         {file, "keep calls", Plain("183"), "empty:\n⇒empty:\nkeep:\n  calls: 183\n"},
		"below an empty key":                  {file, "empty a b", "c", "empty:\n⇒empty:\n  a:\n    b: c\n"},
		"an empty key":                        {file, "empty", "word", "empty:\n⇒empty: word\n"},
		"in a list":                           {file, "accounts 0 group", "it", "group: sales⇒group: it"},
		"new in an entry":                     {file, "accounts 0 kind", "machine", "group: sales\n⇒group: sales\n  kind: machine\n"},
		"new in an entry in brackets":         {file, "accounts 1 group", "it", `{name: "213"}⇒{name: "213", group: it}`},
		"behind the last entry":               {file, "accounts +", Group{{"name", "0214"}, {"group", "x"}}, "- {name: \"213\"}\n⇒- {name: \"213\"}\n- name: \"0214\"\n  group: x\n"},
		"take out a word":                     {file, "organisation country", nil, "  country: NL   # é\n⇒"},
		"take out the last of a group":        {file, "rules new-country", nil, "rules:\n  # loud\n  new-country: \"off\"\n⇒"},
		"take out of brackets":                {file, "limits organisation money_per_day", nil, "money_per_day: EUR 50, ⇒"},
		"take out the last of brackets":       {file, "limits organisation calls_at_once", nil, ", calls_at_once: 3⇒"},
		"take out an entry":                   {file, "accounts 1", nil, "- {name: \"213\"}\n⇒"},
		"take out a first entry":              {file, "accounts 0", nil, "- name: \"212\"\n  group: sales\n⇒"},
		"members keep places and comments":    {file, "people", Members{"Dora", "Carol", "Anna"}, "  - Bob\n\n  # Bob's friend\n  - Carol\n⇒\n  # Bob's friend\n  - Carol\n  - Dora\n"},
		"a list in place of lines":            {file, "people", List{"X"}, "people:\n  - Anna # first\n  - Bob\n\n  # Bob's friend\n  - Carol\n⇒people: [X]\n"},
		"a group in place of brackets":        {file, "limits", Group{{"trunks", Group{{"a", Group{{"calls_at_once", Plain("1")}}}}}}, "limits: {organisation: {money_per_day: EUR 50, calls_at_once: 3}, groups: {}}\n⇒limits:\n  trunks:\n    a:\n      calls_at_once: 1\n"},
		"lines of a group":                    {file, "organisation", Group{{"name", "X"}}, "organisation:\n  name: \"De Linde\" # shown\n  country: NL   # é\n⇒organisation:\n  name: X\n"},
		"an entry":                            {file, "accounts 0", Group{{"name", "214"}}, "- name: \"212\"\n  group: sales\n⇒- name: 214\n"},
		"nothing to take out":                 {file, "brake off", nil, "⇒"},
		"the same":                            {file, "mode", "monitor", "⇒"},
		"into nothing":                        {"", "mode", "learn", "⇒mode: learn\n"},
		"into comments only":                  {"# none yet\n", "a b", "c", "yet\n⇒yet\na:\n  b: c\n"},
		"behind a part between marks":         {"a: 1\n# >>> x\nb: 2\n# <<< x\n", "c", "3", "<<< x\n⇒<<< x\nc: 3\n"},
		"no end of line":                      {"a: 1\nb: 2", "c", "3", "b: 2⇒b: 2\nc: 3"},
		"no end of line, below":               {"a:", "b", Group{{"c", "d"}}, "a:⇒a:\nb:\n  c: d"},
		"carriage returns":                    {"a: 1\r\nb:\r\n  c: 2\r\nd: 3\r\n", "b e", "x", "c: 2\r\n⇒c: 2\r\n  e: x\r\n"},
		"carriage returns, a word":            {"a: 1 \r\nb: 2\r\n", "a", "x", "a: 1⇒a: x"},
		"a byte order mark":                   {"\ufeffa: 1\nb: 2\n", "a", "x", "a: 1⇒a: x"},
		"a byte order mark stays":             {"\ufeffa: 1\nb: 2\n", "a", nil, "a: 1\n⇒"},
		"a list at the column of its key":     {"a:\n- x\n- y\nb: 1\n", "a +", "z", "- y\n⇒- y\n- z\n"},
		"text over several lines":             {"a: one\n  two # c\nb: 1\n", "a", "x", "one\n  two⇒x"},
		"text that is kept as it is":          {"a: |\n  one\n  two\n\nb: 1\n", "a", "x", "a: |\n  one\n  two⇒a: x"},
		"brackets over several lines":         {"a: {b: 1, # one\n  c: 2,\n}\nd: 1\n", "a e", "x", "c: 2,⇒c: 2, e: x"},
		"quotes with brackets":                {`a: ["it's, ] # no", 'b''s']` + "\n", "a +", "x", `'b''s'⇒'b''s', x`},
		"what looks like something else":      {"a: 1\n", "b", "on: #x", "a: 1\n⇒a: 1\nb: \"on: #x\"\n"},
		"hostile text":                        {"a: 1\n", "b", "x\nmode: off", "a: 1\n⇒a: 1\nb: \"x\\nmode: off\"\n"},
		"a key in quotes":                     {"limits:\n  groups:\n    \"sales: north\": {calls_at_once: 1}\n", "limits groups sales:\u00a0north", "x", "1}\n⇒1}\n    \"sales:\u00a0north\": x\n"},
		"a comment behind an emptied key":     {"a: # why\n  b: 1\nc: 2\n", "a d", "x", "b: 1\n⇒b: 1\n  d: x\n"},
		"comments of the next key stay there": {"a:\n  b: 1\n\n# of c\nc: 2\n", "a d", "x", "b: 1\n⇒b: 1\n  d: x\n"},
	} {
		old, fresh, _ := strings.Cut(c.out, "⇒")
		want := strings.Replace(c.in, old, fresh, 1)
		got, err := Apply([]byte(c.in), "f.yaml", Edit{path(c.path), c.value})
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\ngot:\n%s\nwant:\n%s", name, err, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		in, path string
		value    any
		code     belwacht.Code
		says     string
	}{
		"a key twice":     {"a: 1\nb: 2\na: 3\n", "b", "x", belwacht.Config, "f.yaml:3: key \"a\" stands twice"},
		"an anchor":       {"a: &x 1\nb: *x\n", "b", "x", belwacht.Config, "anchors"},
		"a tag":           {"a: !!str 1\n", "a", "x", belwacht.Config, "tags"},
		"no YAML":         {"a: [1\n", "a", "x", belwacht.Config, "f.yaml:"},
		"two documents":   {"a: 1\n---\nb: 2\n", "a", "x", belwacht.Config, "several documents"},
		"below a word":    {"a: 1\n", "a b", "x", belwacht.Invalid, "no keys below"},
		"behind the list": {"a: [1]\n", "a 7", "x", belwacht.Invalid, "no entry 7"},
		"a first key":     {"a:\n  - b: 1\n    c: 2\n", "a 0 b", nil, belwacht.Invalid, "by hand"},
		"a long key":      {"? a\n: 1\n", "a b", "x", belwacht.Config, "is no word"},
	} {
		got, err := Apply([]byte(c.in), "f.yaml", Edit{path(c.path), c.value})
		if err == nil || belwacht.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v %q", name, err, got)
		}
	}
}

// FuzzApply: whatever the file is, an edit is refused, or the file says afterwards what it said with this value changed, and no line outside the value is touched.
func FuzzApply(f *testing.F) {
	for _, s := range []string{"a: 1\nb: [x, y]\n", "a:\n- x\n- y: 1\n", "a: {b: 1, c: {}}\r\n", "# x\na: |\n  t\nb: 'q'''\n", "a:\n  b:\n    - c: 1\n      d: \"x\" # y\n", "\ufeffa: é # ü\n"} {
		for _, p := range []string{"a", "a b", "a +", "a 0", "new", "b c d"} {
			f.Add([]byte(s), p, "word", uint8(len(p)))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, where, value string, form uint8) {
		if len(data) > 4096 || len(value) > 200 || len(where) > 60 || strings.ContainsAny(value+where, "\x00") {
			t.Skip()
		}
		var v any = value
		switch form % 6 {
		case 1:
			v = Members{value, "x"}
		case 2:
			v = Group{{"k", value}, {"l", List{value}}}
		case 3:
			v = List{Group{{"name", value}}}
		case 4:
			v = nil
		case 5:
			v = List{value}
		}
		out, err := Apply(data, "f", Edit{path(where), v})
		if err != nil {
			return
		}
		root, err := yaml.Parse(data, "f")
		if err != nil {
			t.Fatalf("what is no YAML was changed: %q", data)
		}
		was, _ := treeOf(root, "f")
		want, err := was.with(&Edit{path(where), v}, "f")
		if err != nil {
			t.Fatal(err)
		}
		root, err = yaml.Parse(out, "f")
		if err != nil {
			t.Fatalf("%q became %q, which is no YAML: %v", data, out, err)
		}
		if is, err := treeOf(root, "f"); err != nil || !is.equal(want) {
			t.Fatalf("%q became %q: %v, want %v", data, out, is, want)
		}
		if v == nil || bytes.Count(data, []byte("#")) == 0 {
			return
		}
		if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.HasPrefix(first, []byte("#")) && !bytes.Contains(out, first) {
			t.Fatalf("%q lost a comment: %q", data, out)
		}
	})
}
