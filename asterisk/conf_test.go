package asterisk

import (
	"slices"
	"testing"
)

func TestReadConf(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []ConfLine
		open       int
	}{
		{"nothing", "", nil, 0},
		{"section", "[general]\r\n", []ConfLine{{1, ConfSection, "general", ""}}, 0},
		{"template", "[a](!,b) ; c", []ConfLine{{1, ConfSection, "a", "!,b"}}, 0},
		{"more of a section", "\n [a](+)", []ConfLine{{2, ConfSection, "a", "+"}}, 0},
		{"settings", "exten => s,1,Dial(a=b) ; why\nsecret=x", []ConfLine{{1, ConfSetting, "exten", "s,1,Dial(a=b)"}, {2, ConfSetting, "secret", "x"}}, 0},
		{"escaped", `a = b\;c ;d`, []ConfLine{{1, ConfSetting, "a", "b;c"}}, 0},
		{"includes", "#include x.conf\n#tryinclude \"/a b/c.conf\"\n#exec <y>", []ConfLine{{1, ConfDirective, "include", "x.conf"},
			{2, ConfDirective, "tryinclude", "/a b/c.conf"}, {3, ConfDirective, "exec", "y"}}, 0},
		{"rulers are no long comments", ";-----;\na=b\n;---\nc=d", []ConfLine{{2, ConfSetting, "a", "b"}, {4, ConfSetting, "c", "d"}}, 0},
		{"long comment", "a=;-- no\n[no]\n--;b\n[yes]", []ConfLine{{1, ConfSetting, "a", ""}, {4, ConfSection, "yes", ""}}, 0},
		{"long comment, nested", ";-- a ;-- b --;\n[no]\n--;[yes]", []ConfLine{{3, ConfSection, "yes", ""}}, 0},
		{"long comment that never ends", "[a]\n;-- b\n[c]\n; --\n", []ConfLine{{1, ConfSection, "a", ""}}, 2},
		{"no lines", "[a\nword\n#include\n", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, open := ReadConf([]byte(c.text))
			if !slices.Equal(got, c.want) || open != c.open {
				t.Errorf("got %v, open %d; want %v, open %d", got, open, c.want, c.open)
			}
		})
	}
}

func FuzzReadConf(f *testing.F) {
	f.Add([]byte("[a](+)\nb => c\\;d ;-- e\n--; #include x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, open := ReadConf(data)
		last := 0
		for _, l := range lines {
			if l.Number <= last || l.Kind == 0 {
				t.Fatalf("line %d comes after %d", l.Number, last)
			}
			last = l.Number
		}
		if open > 0 {
			// What is put behind an open comment is not read.
			if more, _ := ReadConf(append(slices.Clone(data), "\n[behind]\n"...)); len(more) != len(lines) {
				t.Fatalf("a comment open on line %d hides nothing", open)
			}
		}
	})
}
