package report

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

func TestDecisionsGoRound(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	var want []*belwacht.Decision
	for _, o := range newFixture(t, belwacht.Monitor).outcomes {
		for _, d := range []*belwacht.Decision{o.Start, o.Ended} {
			if d == nil {
				continue
			}
			want = append(want, d)
			if err := w.Write(d); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(b.String(), "\n"); lines != len(want) || len(want) == 0 {
		t.Fatalf("%d lines for %d decisions", lines, len(want))
	}
	i := 0
	err := ReadDecisions(&b, func(d *belwacht.Decision) error {
		if !reflect.DeepEqual(d, want[i]) {
			t.Errorf("decision %d came back as\n%+v, was\n%+v", i, d, want[i])
		}
		i++
		return nil
	})
	if err != nil || i != len(want) {
		t.Errorf("%d of %d read, error %v", i, len(want), err)
	}
}

func TestReadDecisionsErrors(t *testing.T) {
	ok := `{"schema":"belwacht.decision/1","id":"1.1","decision":"refuse"}` + "\n"
	for _, c := range []struct{ name, in, want string }{
		{"newer", ok + `{"schema":"belwacht.decision/2","id":"x"}`, "line 2 was written by a newer Belwacht (belwacht.decision/2; this one reads belwacht.decision/1)"},
		{"newer, whose fields do not fit", `{"schema":"belwacht.decision/3","id":17}`, "newer Belwacht"},
		{"no version", `{"schema":"belwacht.decision/x"}`, "no known version"},
		{"older than all", `{"schema":"belwacht.decision/0"}`, "no known version"},
		{"another file", `{"schema":"belwacht.summary/1"}`, `line 1 says schema "belwacht.summary/1"`},
		{"no schema", `{"id":"1"}`, `line 1 says schema ""`},
		{"no JSON", "uniqueid,src,dst\n", "line 1 of the decisions is no JSON object"},
		{"two objects", strings.TrimSpace(ok) + ok, "line 1 of the decisions is no JSON object"},
		{"array", `[1]`, "no JSON object"},
		{"unknown word", `{"schema":"belwacht.decision/1","decision":"perhaps"}`, `line 1 of the decisions does not fit the form belwacht.decision/1: "perhaps" is no decision`},
		{"long", ok + strings.Repeat("x", MaxLine+70_000), "line 2 of the decisions is longer than"},
		{"endless schema", `{"schema":"` + strings.Repeat("y", 5000) + `"}`, "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := ReadDecisions(strings.NewReader(c.in), func(*belwacht.Decision) error { return nil })
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q in it", err, c.want)
			}
			if belwacht.CodeOf(err) != belwacht.Invalid {
				t.Errorf("code %s", belwacht.CodeOf(err))
			}
			if len(err.Error()) > 400 {
				t.Errorf("the error has %d characters", len(err.Error()))
			}
		})
	}
}

func TestReadDecisionsTakesMinorVersionsAndUnknownFields(t *testing.T) {
	in := "\n" + `{"schema":"belwacht.decision/1.4","id":"7.7","new_field":{"a":1},"decision":"end"}` + "\r\n\n"
	n := 0
	err := ReadDecisions(strings.NewReader(in), func(d *belwacht.Decision) error {
		n++
		if d.ID != "7.7" || d.Word != belwacht.EndNow {
			t.Errorf("got %+v", d)
		}
		return nil
	})
	if err != nil || n != 1 {
		t.Errorf("%d decisions, error %v", n, err)
	}
}

func TestReadDecisionsStopsWhenTold(t *testing.T) {
	stop := errors.New("enough")
	in := strings.Repeat(`{"schema":"belwacht.decision/1"}`+"\n", 3)
	n := 0
	err := ReadDecisions(strings.NewReader(in), func(*belwacht.Decision) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("%d decisions, error %v", n, err)
	}
}

func TestWriterSaysWhatCannotBeWritten(t *testing.T) {
	w := NewWriter(&bytes.Buffer{})
	if err := w.Write(&belwacht.Decision{ID: "1.1", ScoreBits: math.NaN()}); err == nil || !strings.Contains(err.Error(), `"1.1"`) {
		t.Errorf("error %v", err)
	}
	if w.Flush() == nil {
		t.Error("Flush forgot the error")
	}
}

// FuzzReadDecisions: whatever the bytes, reading ends without a panic, and what was read can be written, shown and explained without
// a line that is too wide or holds a control character.
func FuzzReadDecisions(f *testing.F) {
	f.Add([]byte(`{"schema":"belwacht.decision/1","id":"1.1","time":"2026-04-18T00:15:29+02:00","decision":"refuse","rules":["a"],"trace":{"evidence":[{"rule":"r","family":"time","bits":3}]}}`))
	f.Add([]byte("{\"schema\":\"belwacht.decision/1\",\"account\":\"\\u001b[31m\\u202e\\r\",\"probability\":1e300,\"at_risk_eur\":-1}\n\n{}"))
	f.Add([]byte(`{"schema":"belwacht.decision/9"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		ReadDecisions(bytes.NewReader(data), func(d *belwacht.Decision) error {
			var b bytes.Buffer
			term := Terminal{Width: 80, RefuseCost: belwacht.Unit}
			if err := term.Explain(&b, d); err != nil {
				t.Fatal(err)
			}
			harmless(t, b.String())
			narrow(t, b.String(), 80)
			line := term.Line(d)
			harmless(t, line)
			narrow(t, line, 80)
			harmless(t, Terminal{}.Line(d))
			return nil
		})
	})
}

// harmless fails where a text for a terminal without colours holds a control or format character.
func harmless(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			t.Fatalf("%U in %q", r, s)
		}
	}
}
