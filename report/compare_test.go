package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/text"
)

// compared runs the fixture against itself with changed settings: the calls to Somalia are still refused but one, the alerts on
// Malta become refusals, the open call is refused at once, two of the watched calls are allowed, and one allowed call is watched.
func comparedFixture(t *testing.T, lang text.Language) *Compare {
	t.Helper()
	before, after := newFixture(t, belwacht.Enforce), newFixture(t, belwacht.Enforce)
	o := options(t, lang, belwacht.Enforce)
	o.Truth = func(id string) (bool, bool) { return before.fraud[id], true }
	c := NewCompare(o)
	for _, o := range before.outcomes {
		c.AddBefore(o)
	}
	somalia, watched := 0, 0
	for i, o := range after.outcomes {
		switch {
		case o.Ended != nil:
			o.Ended = nil
			after.decide(o, belwacht.Refuse, belwacht.Enforce, "rule.new-country", []string{"new-country"})
		case o.Start == nil && i == 6:
			after.decide(o, belwacht.Watch, belwacht.Enforce, "rule.new-range", nil)
		case o.Start == nil:
		case o.Start.Word == belwacht.Warn:
			after.decide(o, belwacht.Refuse, belwacht.Enforce, "rule.new-country", []string{"new-country"})
		case o.Start.Word == belwacht.Watch && watched < 2:
			o.Start = nil
			watched++
		case o.Start.Account == "212" && o.Start.Word == belwacht.Refuse && somalia == 0:
			o.Start, o.Spent = nil, o.Cost
			somalia++
		}
		c.AddAfter(o)
	}
	return c
}

func TestCompareGolden(t *testing.T) {
	for _, c := range []struct {
		name  string
		lang  text.Language
		width int
	}{{"compare-en-80.txt", text.English, 80}, {"compare-nl-60.txt", text.Dutch, 60}} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := comparedFixture(t, c.lang).Write(&b, c.width, false); err != nil {
				t.Fatal(err)
			}
			narrow(t, b.String(), c.width)
			golden(t, c.name, b.Bytes())
		})
	}
}

func TestCompareGroups(t *testing.T) {
	c := comparedFixture(t, text.English)
	all := c.groups()
	for ch, want := range map[change]int{newlyStopped: 3, noLongerStopped: 1, newlyTold: 0, noLongerTold: 0, newlyWatched: 1,
		noLongerWatched: 2, stoppedOtherwise: 1} {
		if got := len(all[ch].rows); got != want {
			t.Errorf("%s: %d calls, want %d", wordsOf(text.English).Changes[ch], got, want)
		}
	}
	if g := all[noLongerStopped]; g.fraud != 1 || g.known != 1 {
		t.Errorf("of the calls let go %d of %d are fraud", g.fraud, g.known)
	}
	if c.calls[0] != c.calls[1] || c.calls[0] != 1498 {
		t.Errorf("calls %v", c.calls)
	}
	// One Somali call of € 11.25 goes on, three Maltese of € 1.04 and the rest of the open call, € 3.10, are kept.
	if got := c.kept[1] - c.kept[0]; got != belwacht.Money(3*1_040_000+3_100_000-11_250_000) {
		t.Errorf("kept %s more", got)
	}
}

func TestChangeOf(t *testing.T) {
	for before := belwacht.Allow; before <= belwacht.EndNow; before++ {
		for after := belwacht.Allow; after <= belwacht.EndNow; after++ {
			ch, ok := changeOf(before, after)
			back, _ := changeOf(after, before)
			if ok != (before != after) {
				t.Errorf("%s → %s: a change %v", before, after, ok)
			}
			if ok && ch != stoppedOtherwise && ch == back {
				t.Errorf("%s → %s and back are the same change", before, after)
			}
		}
	}
}

func TestCompareSameAndEmergency(t *testing.T) {
	f := newFixture(t, belwacht.Enforce)
	c := NewCompare(options(t, text.English, belwacht.Enforce))
	for _, o := range f.outcomes {
		c.AddBefore(o)
		c.AddAfter(o)
	}
	var b bytes.Buffer
	if err := c.Write(&b, 80, false); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(b.String()), " "), "would decide each of the 1,498 calls as the present ones do.") {
		t.Errorf("got %s", b.String())
	}
	for _, o := range f.outcomes {
		if o.Number.Class == belwacht.ClassEmergency {
			f.decide(o, belwacht.Refuse, belwacht.Enforce, "x", nil)
			c.AddAfter(o)
		}
	}
	b.Reset()
	if err := c.Write(&b, 80, false); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "3 EMERGENCY CALLS would be refused") {
		t.Errorf("got %s", b.String())
	}
}
