package yaml

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

type sample struct {
	Name    string            `yaml:"name"`
	Hours   string            `yaml:"office_hours"`
	Calls   int               `yaml:"calls_per_hour"`
	Open    *bool             `yaml:"open"`
	Money   Money             `yaml:"money"`
	Window  Duration          `yaml:"window"`
	Size    Size              `yaml:"size"`
	Share   Share             `yaml:"share"`
	Country belwacht.Country  `yaml:"country"`
	List    []string          `yaml:"list"`
	Groups  map[string]group  `yaml:"groups"`
	Free    any               `yaml:"free"`
	Modes   map[string]string `yaml:"modes"`
	group   `yaml:",inline"`
}

type group struct {
	Limit  Money    `yaml:"limit"`
	Weight float64  `yaml:"weight"`
	Small  uint8    `yaml:"small"`
	Codes  []string `yaml:"codes"`
}

func TestReadFillsTheStruct(t *testing.T) {
	text := "name: 'Voorbeeld BV'\noffice_hours: mon-fri 08:00-18:00\r\ncalls_per_hour: 12\nopen: true\nmoney: € 0,50\nwindow: 1h30m\n" +
		"size: 10 MB\nshare: 0,5 %\ncountry: nl\nlist: 0031\ngroups:\n  sales:\n    limit: EUR 50\n    codes: [0800, 112]\n  212: {weight: -1.5}\n" +
		"free: {a: [1, 2.5, x, true, null]}\nmodes: {no: off}\nlimit: 3 EUR\nsmall: 255\n"
	got := sample{Groups: map[string]group{"sales": {Weight: 7}}}
	lines, err := ReadLines([]byte("\ufeff"+text), "b.yaml", &got)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Voorbeeld BV" || got.Hours != "mon-fri 08:00-18:00" || got.Calls != 12 || !*got.Open {
		t.Errorf("plain values: %+v", got)
	}
	if got.Money != (Money{belwacht.Unit / 2, "EUR"}) || got.Limit.Amount != 3*belwacht.Unit || time.Duration(got.Window) != 90*time.Minute || got.Size != 10e6 || got.Share != 0.005 {
		t.Errorf("quantities: %+v", got)
	}
	if got.Country.String() != "NL" || len(got.List) != 1 || got.List[0] != "0031" {
		t.Errorf("leading zeros and single values: %+v", got)
	}
	sales := got.Groups["sales"]
	if sales.Weight != 7 || sales.Codes[0] != "0800" || got.Groups["212"].Weight != -1.5 {
		t.Errorf("groups: %+v", got.Groups)
	}
	if a := got.Free.(map[string]any)["a"].([]any); a[0] != int64(1) || a[1] != 2.5 || a[2] != "x" || a[3] != true || a[4] != nil {
		t.Errorf("free: %#v", a)
	}
	if got.Modes["no"] != "off" {
		t.Errorf("no and off are words, not booleans: %v", got.Modes)
	}
	if lines["groups.sales"] != 12 || lines["groups.sales.codes[1]"] != 14 || lines["groups.212.weight"] != 15 {
		t.Errorf("lines: %v", lines)
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"name: a\nofice_hours: b\n", "b.yaml:2: unknown key ofice_hours; did you mean office_hours?"},
		{"groups:\n  sales:\n    lmit: EUR 5\n", "b.yaml:3: unknown key lmit under groups.sales; did you mean limit?"},
		{"groups:\n  sales:\n    zzzzzz: EUR 5\n", "b.yaml:3: unknown key zzzzzz under groups.sales; there are codes, limit, small, weight"},
		{"name: a\nname: b\n", "b.yaml:2: key name stands twice; the first is on line 1"},
		{"calls_per_hour: many\n", `b.yaml:1: calls_per_hour: "many" is not a whole number`},
		{"calls_per_hour: 1.5\n", `"1.5" is not a whole number`},
		{"small: 256\n", `"256" is not a whole number from 0`},
		{"weight: .inf\n", `".inf" is not a number`},
		{"open: yes\n", `"yes" is not true or false`},
		{"money: 50\n", "b.yaml:1: money: 50 has no currency; write EUR 50"},
		{"money: EUR 1.000\n", "write EUR 1000 or EUR 1.00"},
		{"money: EUR 1.000,50\n", "without thousands separators"},
		{"money: EUR -5\n", "currency"},
		{"window: 10\n", "window: 10 has no unit of time; write 10s, 10m, 10h or 10d"},
		{"window: 10 parsecs\n", "is no length of time"},
		{"window: 999999999999w\n", "is no length of time"},
		{"size: 10\n", "10 has no unit of size; write 10 MB or 10 kB"},
		{"share: 1\n", "1 has no unit; write 1 %"},
		{"share: 101 %\n", "is no share"},
		{"country: Nederland\n", `"Nederland" is no country code of two letters`},
		{"name: [a]\n", "name: must be text, not a list"},
		{"groups: 5\n", "groups: must be a group of keys, not a single value"},
		{"list: {a: b}\n", "list: must be a list, not a group of keys"},
		{"- a\n", "b.yaml:1: must be a group of keys, not a list"},
		{"name: &x a\nlist: [*x]\n", "b.yaml:1: \"&\": anchors"},
		{"name: !!binary aaaa\n", "tags"},
		{"name: a\n---\nname: b\n", "holds several documents"},
		{"name: \"a\n", "b.yaml:1: is not YAML"},
		{"name: a\n  open: b\n c: d\n", "is not YAML"},
		{"name: a\tb: {c\n", "is not YAML"},
		{"name: \x00\n", "no text in UTF-8"},
		{"name: \xff\n", "no text in UTF-8"},
		{strings.Repeat("a: \n", MaxKeys+1), "more than 20000 keys"},
		{strings.Repeat("[", 100000), "nested more than 32 deep"},
		{strings.Repeat("- ", 100000), "nested more than 32 deep"},
		{strings.Repeat("? ", 100000), "nested more than 32 deep"},
		{strings.Repeat("a", MaxBytes+1), "over the 1048576"},
		{"\x1b[31mred: 1\n", "·[31mred"},
	} {
		err := Read([]byte(c.text), "b.yaml", &sample{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q:\n got %.200v\nwant %s", c.text, err, c.want)
			continue
		}
		if belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%.60q: code %v", c.text, belwacht.CodeOf(err))
		}
	}
}

func TestReadReportsAllMistakesAtOnce(t *testing.T) {
	err := Read([]byte("nme: a\nopen: x\nmoney: 5\n"), "b.yaml", &sample{})
	if got := strings.Count(err.Error(), "\n"); got != 2 {
		t.Errorf("%d line breaks in %v", got, err)
	}
	err = Read([]byte(strings.Repeat("nme: a\n", 1000)), "b.yaml", &sample{})
	if got := strings.Count(err.Error(), "\n") + 1; got > MaxErrors {
		t.Errorf("%d errors", got)
	}
}

func TestReadKeepsDefaults(t *testing.T) {
	got := sample{Name: "kept", Calls: 3}
	for _, text := range []string{"", "# only a comment\n", "name:\n", "---\n"} {
		if err := Read([]byte(text), "b.yaml", &got); err != nil || got.Name != "kept" || got.Calls != 3 {
			t.Errorf("%q: %v, %+v", text, err, got)
		}
	}
}

func TestReadValue(t *testing.T) {
	var got sample
	for _, c := range []struct{ path, value string }{
		{"groups/sales/limit", "EUR 5"}, {"office_hours", "mon-fri 08:00-12:30 13:00-17:00"}, {"list", "[a, 'b']"}, {"calls_per_hour", "3"}, {"name", `a "b" \ c`}, {"open", "true"},
	} {
		if err := ReadValue(strings.Split(c.path, "/"), c.value, "BELWACHT_X", &got); err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
	}
	if got.Groups["sales"].Limit.Currency != "EUR" || got.Calls != 3 || len(got.List) != 2 || got.Name != `a "b" \ c` || !*got.Open || got.Hours == "" {
		t.Errorf("%+v", got)
	}
	err := ReadValue([]string{"groups", "sales", "limt"}, "EUR 5", "BELWACHT_X", &got)
	if err == nil || err.Error() != "BELWACHT_X: unknown key limt under groups.sales; did you mean limit?" {
		t.Error(err)
	}
}

func TestBytesSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yaml")
	if err := os.WriteFile(big, make([]byte, MaxBytes+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{dir: "is a directory", big: "is it the right file?", filepath.Join(dir, "none"): "there is no such file"} {
		if _, err := Bytes(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func TestWriteIsReadBack(t *testing.T) {
	type written struct {
		Money  Money    `yaml:"money,omitempty"`
		Window Duration `yaml:"window"`
		Size   Size     `yaml:"size"`
		Share  Share    `yaml:"share"`
		Text   string   `yaml:"text"`
	}
	in := written{Money{belwacht.Unit / 2, "EUR"}, Duration(26 * time.Hour), 1 << 20, 0.005, "0031: x"}
	b, err := Write(in)
	if err != nil {
		t.Fatal(err)
	}
	var out written
	if err := Read(b, "written", &out); err != nil || out != in {
		t.Errorf("%v\n%s\n%+v", err, b, out)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"office_hours", "timezone", "country", "currency", "name"}
	for word, want := range map[string]string{"ofice_hours": "office_hours", "office-hours": "office_hours", "Timezone": "timezone", "timzeone": "timezone",
		"nmae": "name", "xyz": "", "": "", strings.Repeat("a", 1000): ""} {
		if got, _ := Nearest(word, names); got != want {
			t.Errorf("%.20q: %q, want %q", word, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"name: a\ngroups: {a: {limit: EUR 5}}\n", "free: [1, {a: b}]\n", "a: |\n  x\n", "? a\n: b\n", "- - - a", "\"a\\\nb\": c", "%YAML 1.2\n---\n", "a: &b *b", "<<: {a: b}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		err := Read(data, "f.yaml", &sample{})
		if err == nil {
			return
		}
		if belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("code %v: %v", belwacht.CodeOf(err), err)
		}
		if strings.ContainsAny(err.Error(), "\x1b\x00\r") || len(err.Error()) > 20000 {
			t.Errorf("hostile message %q", err)
		}
	})
}

func FuzzQuantities(f *testing.F) {
	for _, s := range []string{"EUR 50", "€ 0,50", "10m", "3d", "10 MB", "1 %", "-", "EUR 1.000", "9999999999999999999 GiB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var m, m2 Money
		if m.UnmarshalText([]byte(s)) == nil {
			if m.Amount < 0 {
				t.Errorf("%q: negative", s)
			}
			b, _ := m.MarshalText()
			if err := m2.UnmarshalText(b); m.Amount >= belwacht.Unit/100 && (err != nil || m2.Currency != m.Currency) {
				t.Errorf("%q: %s does not read back: %v", s, b, err)
			}
		}
		var d, d2 Duration
		if d.UnmarshalText([]byte(s)) == nil {
			b, _ := d.MarshalText()
			if err := d2.UnmarshalText(b); err != nil || d != d2 {
				t.Errorf("%q: %s does not read back", s, b)
			}
		}
		var z, z2 Size
		if z.UnmarshalText([]byte(s)) == nil {
			b, _ := z.MarshalText()
			if err := z2.UnmarshalText(b); err != nil || z != z2 {
				t.Errorf("%q: %s does not read back", s, b)
			}
		}
		var h Share
		if h.UnmarshalText([]byte(s)) == nil && (h < 0 || h > 1) {
			t.Errorf("%q: share %v", s, h)
		}
	})
}
