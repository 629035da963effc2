package explain

import (
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
	"github.com/belwacht/belwacht/text"
)

// TestWords: a clause may begin with any character, and numbers have the language's comma.
func TestWords(t *testing.T) {
	for _, c := range [][2]string{{"€ 0.75 a minute", "€ 0.75 a minute"}, {"élan", "Élan"}, {"9 calls", "9 calls"}, {"extension", "Extension"}, {"", ""}} {
		if got := text.Capital(c[0]); got != c[1] {
			t.Errorf("%q became %q", c[0], got)
		}
	}
	for _, c := range []struct {
		value               float32
		english, nederlands string
	}{{2.5, "2.5", "2,5"}, {3, "3", "3"}, {1412, "1,412", "1.412"}, {0.04, "0.0", "0,0"}, {2e9, "-", "-"}, {12.4, "12", "12"}} {
		if en, nl := figure(text.English, c.value), figure(text.Dutch, c.value); en != c.english || nl != c.nederlands {
			t.Errorf("%g: %q and %q", c.value, en, nl)
		}
	}
}

// TestPair: two rules that say something together are one observation that names both and says which way it weighs, and it is no rule that spoke.
func TestPair(t *testing.T) {
	one := rule.Rule{Name: "one", Kind: "threshold", Of: "calls-7d", Origin: "fitted by a test", Steps: []rule.Step{{At: 1, Bits: 3}}, English: "{value} calls", Dutch: "{value} oproepen"}
	other := rule.Rule{Name: "other", Kind: "threshold", Of: "calls-1h", Origin: "fitted by a test", Steps: []rule.Step{{At: 1, Bits: 1}}, English: "{value} in an hour", Dutch: "{value} in een uur"}
	for bits, want := range map[float32][2]string{
		1.5: {"together these two say more than each alone: 5 calls; 2 in an hour", "samen zeggen deze twee meer dan los: 5 oproepen; 2 in een uur"},
		-1:  {"together these two are more often ordinary life: 5 calls; 2 in an hour", "samen zijn deze twee vaker gewoon leven: 5 oproepen; 2 in een uur"},
	} {
		one.Together = []rule.Pair{{At: 1, With: "other", From: 1, Bits: bits}}
		set, err := rule.Compile([]rule.Rule{one, other}, nil)
		if err != nil {
			t.Fatal(err)
		}
		view := rule.View{}
		view.Values.Novel7d, view.Values.Novel1h = 5, 2
		var v rule.Verdict
		set.Judge(&view, &v)
		facts := &Facts{View: view, Rules: set, Judged: true, Pieces: v.Pieces[:v.N]}
		var d belwacht.Decision
		facts.Tell(&d)
		e := d.Trace.Evidence[2]
		if e.Rule != "one" || e.With != "other" || e.Bits != bits || e.English != want[0] || e.Dutch != want[1] {
			t.Errorf("%g bits: %+v", bits, e)
		}
		if spoke := facts.Spoke(); len(spoke) != 2 || strings.Contains(d.Reason, "together") {
			t.Errorf("%v spoke: %s", spoke, d.Reason)
		}
	}
}
