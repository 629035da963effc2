package connect

import (
	"strings"
	"testing"
)

// TestBlock puts a block into files of every ending and takes it out.
func TestBlock(t *testing.T) {
	const first, second = "a=1\nb=2\n", "c=3\n"
	for _, c := range []struct {
		name, before string
		exists       bool
		want         string
	}{
		{"no file", "", false, "; >>> belwacht connect sum=S new-file rest=R\na=1\nb=2\n; <<< belwacht connect\n"},
		{"empty", "", true, "; >>> belwacht connect sum=S\na=1\nb=2\n; <<< belwacht connect\n"},
		{"plain", "x\n", true, "x\n; >>> belwacht connect sum=S\na=1\nb=2\n; <<< belwacht connect\n"},
		{"no end of line", "x", true, "x\n; >>> belwacht connect sum=S joined\na=1\nb=2\n; <<< belwacht connect\n"},
		{"CRLF", "x\r\ny\r\n", true, "x\r\ny\r\n; >>> belwacht connect sum=S\r\na=1\r\nb=2\r\n; <<< belwacht connect\r\n"},
		{"CRLF, no end of line", "x\r\ny", true, "x\r\ny\r\n; >>> belwacht connect sum=S joined\r\na=1\r\nb=2\r\n; <<< belwacht connect\r\n"},
		{"lone return", "x\r", true, "x\r\n; >>> belwacht connect sum=S joined\na=1\nb=2\n; <<< belwacht connect\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := marks(";")
			got, err := m.put("f", []byte(c.before), c.exists, first)
			want := strings.NewReplacer("sum=S", "sum="+sumOf(first), "rest=R", "rest="+sumOf("")).Replace(c.want)
			if err != nil || string(got) != want {
				t.Errorf("%v: %q, want %q", err, got, want)
			}
			b, err := m.find("f", got)
			if err != nil || b == nil || b.changed() {
				t.Errorf("the block is not found as it was written: %v", err)
			}
			other, err := m.put("f", got, true, second)
			if err != nil || !strings.Contains(string(other), "c=3") || strings.Contains(string(other), "a=1") {
				t.Errorf("%v: %q", err, other)
			}
			for _, data := range [][]byte{got, other} {
				out, gone, err := m.take("f", data)
				if err != nil || string(out) != c.before || gone == c.exists {
					t.Errorf("%v: %q, gone %v; want %q", err, out, gone, c.before)
				}
			}
			tampered := strings.Replace(string(got), "a=1", "a=9", 1)
			if b, _ := m.find("f", []byte(tampered)); b == nil || !b.changed() {
				t.Error("a changed block is not noticed")
			}
		})
	}
}

// FuzzBlock takes out what was put into anything, also where something was added below.
func FuzzBlock(f *testing.F) {
	f.Add("x\r\ny", "a=1\n", "z")
	f.Add("", "", "")
	f.Add("; >>> belwacht connect\n; <<< belwacht connect\n", "x\n", "\n")
	f.Fuzz(func(t *testing.T, before, body, below string) {
		m := marks(";")
		if strings.Contains(before+body+below, "belwacht connect") {
			if out, err := m.put("f", []byte(before), true, "a\n"); err == nil {
				if _, _, err := m.take("f", out); err != nil {
					t.Fatalf("what was put in cannot be taken out: %v", err)
				}
			}
			return
		}
		if body = strings.ReplaceAll(body, "\r", ""); body != "" {
			body = strings.TrimRight(body, "\n") + "\n"
		}
		data, err := m.put("f", []byte(before), true, body)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := m.take("f", data)
		if err != nil || string(out) != before {
			t.Fatalf("%q became %q: %v", before, out, err)
		}
		if b, err := m.find("f", data); err != nil || b.changed() {
			t.Fatalf("the block is not as it was written: %v", err)
		}
		out, _, err = m.take("f", append(data, below...))
		if err != nil || !strings.HasPrefix(string(out), before) || !strings.HasSuffix(string(out), below) {
			t.Fatalf("%q and %q became %q: %v", before, below, out, err)
		}
	})
}
