package decisions

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
)

// full is a decision of which nothing is left out.
func full() *belwacht.Decision {
	return &belwacht.Decision{Schema: belwacht.DecisionSchema, ID: "17.1", Time: 1_776_464_129_000, Tenant: "A", Account: "212", Number: "+252611234567",
		Word: belwacht.EndNow, Cause: "rule.new-country", Enforced: true, Reference: "K7Q2", MaxSeconds: 3600, ScoreBits: 4.25, Probability: .95, AtRisk: 7.5,
		Rules: []string{"new-country"}, Reason: "Ended: <a country> new to \u2028 us & others.", ReasonNL: "Beëindigd: een land dat nieuw is.",
		Trace: &belwacht.Trace{RuleSet: "abc", PriorBits: -15.5, Dialled: "00252611234567", Country: "SO", Class: "mobile", Target: "+252611234567", PerMinute: .75,
			Estimate: true, Direction: "out", Lineage: "forwarded", Root: "201", HistoryDays: 40, HistoryN: 900, Mode: "enforce", WouldBits: 5, Degraded: true, Talked: 60, Loss: 7.5,
			Evidence: []belwacht.Evidence{{Rule: "new-country", Family: belwacht.FamilyAmount, Bits: 8, Value: 3, Usual: 1, Counted: true, English: "nobody called it", Dutch: "niemand belde het"}}}}
}

// TestFull keeps full true to its word: a field that is added to a decision is added there.
func TestFull(t *testing.T) {
	d := full()
	for _, v := range []reflect.Value{reflect.ValueOf(*d), reflect.ValueOf(*d.Trace)} {
		for i := range v.NumField() {
			if f := v.Type().Field(i); v.Field(i).IsZero() && f.Tag.Get("json") != "-" {
				t.Errorf("%s.%s is left out", v.Type().Name(), f.Name)
			}
		}
	}
}

func TestGoRound(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	want := []*belwacht.Decision{full(), {Schema: belwacht.DecisionSchema, ID: "17.2"}, full()}
	for _, d := range want {
		if err := w.Write(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(b.String(), "\n"); lines != len(want) {
		t.Fatalf("%d lines for %d decisions", lines, len(want))
	}
	i := 0
	err := Read(&b, func(d *belwacht.Decision) error {
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

func TestReadErrors(t *testing.T) {
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
			err := Read(strings.NewReader(c.in), func(*belwacht.Decision) error { return nil })
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

func TestReadTakesMinorVersionsAndUnknownFields(t *testing.T) {
	in := "\n" + `{"schema":"belwacht.decision/1.4","id":"7.7","new_field":{"a":1},"decision":"end"}` + "\r\n\n"
	n := 0
	err := Read(strings.NewReader(in), func(d *belwacht.Decision) error {
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

func TestReadStopsWhenTold(t *testing.T) {
	stop := errors.New("enough")
	in := strings.Repeat(`{"schema":"belwacht.decision/1"}`+"\n", 3)
	n := 0
	err := Read(strings.NewReader(in), func(*belwacht.Decision) error { n++; return stop })
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

// FuzzRead: whatever the bytes, reading ends without a panic, and what was read can be written on a line and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"schema":"belwacht.decision/1","id":"1.1","time":"2026-04-18T00:15:29+02:00","decision":"refuse","rules":["a"],"trace":{"evidence":[{"rule":"r","family":"time","bits":3}]}}`))
	f.Add([]byte("{\"schema\":\"belwacht.decision/1\",\"account\":\"\\u001b[31m\\u202e\\r\",\"probability\":1e300,\"at_risk_eur\":-1}\n\n{}"))
	f.Add([]byte(`{"schema":"belwacht.decision/9"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		Read(bytes.NewReader(data), func(d *belwacht.Decision) error {
			var b bytes.Buffer
			w := NewWriter(&b)
			if err := w.Write(d); err != nil {
				t.Fatal(err)
			}
			w.Flush()
			if n := bytes.Count(b.Bytes(), []byte("\n")); n != 1 {
				t.Fatalf("%d lines: %q", n, b.String())
			}
			again := 0
			if err := Read(&b, func(*belwacht.Decision) error { again++; return nil }); err != nil || again != 1 {
				t.Fatalf("read %d times, error %v", again, err)
			}
			return nil
		})
	})
}
