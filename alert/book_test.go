package alert

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/snapshot"
)

// teller writes a sentence once it is asked to.
type teller string

func (t teller) Tell(d *belwacht.Decision) {
	d.Reason, d.ReasonNL = string(t), string(t)+", in het Nederlands"
}

func decision(account, number string, w belwacht.Word, at belwacht.Instant) *belwacht.Decision {
	return &belwacht.Decision{Account: account, Number: number, Word: w, Cause: "rule." + number, Time: at, Untold: teller("of " + number)}
}

// TestAdd groups by account and day, keeps the gravest decision's words, and lets what is told on its own stand alone.
func TestAdd(t *testing.T) {
	var b Book
	b.Add(decision("201", "+31", belwacht.Watch, 1), 1, "") // told to nobody
	for i, d := range []*belwacht.Decision{decision("201", "+252", belwacht.Warn, 2), decision("201", "+53", belwacht.Refuse, 3), decision("201", "+252", belwacht.Warn, 4)} {
		b.Add(d, 1, "")
		if kept, open := b.Len(); kept != 1 || open != 1 {
			t.Fatalf("after %d decisions: %d alerts, %d open", i+1, kept, open)
		}
	}
	b.Add(decision("201", "+252", belwacht.Warn, 5), 2, "")
	b.Add(decision("202", "+252", belwacht.Warn, 6), 2, "")
	b.Add(decision("202", "+252", belwacht.Warn, 7), 2, "half of the month's money")
	all := b.All()
	if len(all) != 4 {
		t.Fatalf("%d alerts: %+v", len(all), all)
	}
	first := all[0]
	if first.Count != 3 || first.First != 2 || first.Last != 4 || first.Cause != "rule.+53" || first.Reason != "of +53" || first.ReasonNL == "" || len(first.Numbers) != 2 {
		t.Errorf("%+v", first)
	}
}

// TestBounded: a flood of accounts pushes the oldest out, with their words written, and numbers go on.
func TestBounded(t *testing.T) {
	var b Book
	for i := range 3 * Most {
		b.Add(decision(fmt.Sprint("a", i), fmt.Sprint("+", i), belwacht.Warn, belwacht.Instant(i+1)), 1, "")
	}
	all := b.All()
	if kept, open := b.Len(); kept > Most || open > Most || len(all) != kept {
		t.Errorf("%d kept, %d open; the bound is %d", kept, open, Most)
	}
	if last := all[len(all)-1]; last.ID != fmt.Sprint("A", 3*Most) || last.Reason != fmt.Sprint("of +", 3*Most-1) || all[0].Reason == "" {
		t.Errorf("the last is %+v, the first %+v", last, all[0])
	}
	for i := range 20 {
		b.Add(decision("one", fmt.Sprint("+1", i), belwacht.Warn, 1), 1, "")
	}
	all = b.All()
	if n := len(all[len(all)-1].Numbers); n != numbersMost {
		t.Errorf("%d numbers in an alert", n)
	}
}

// TestState: what was written is read again, and goes on where it was.
func TestState(t *testing.T) {
	var b, got Book
	for i := range 30 {
		b.Add(decision(fmt.Sprint("a", i%7), fmt.Sprint("+", i), belwacht.Warn, belwacht.Instant(i+1)), int32(i%3), "")
	}
	var file, again bytes.Buffer
	if err := snapshot.Save(&file, "test.alerts/1", b.State); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Load(bytes.NewReader(file.Bytes()), "test.alerts/1", got.State); err != nil {
		t.Fatal(err)
	}
	for _, x := range []*Book{&b, &got} {
		x.Add(decision("a1", "+99", belwacht.Refuse, 99), 1, "")
	}
	if x, y := fmt.Sprint(b.All()), fmt.Sprint(got.All()); x != y {
		t.Errorf("%s\nbecame\n%s", x, y)
	}
	if err := snapshot.Save(&again, "test.alerts/1", got.State); err != nil || again.Len() == 0 {
		t.Error(err)
	}
}

// TestGravestNumber: the number that the reason speaks of is in the list, however many others were there first, and alerts that were given out do not change.
func TestGravestNumber(t *testing.T) {
	var b Book
	for i := range 2 * numbersMost {
		b.Add(decision("201", fmt.Sprintf("+3247000%04d", i), belwacht.Warn, belwacht.Instant(i)), 1, "")
	}
	before := b.All()[0]
	was := fmt.Sprint(before.Numbers)
	for i, w := range []belwacht.Word{belwacht.Refuse, belwacht.EndNow} {
		number := fmt.Sprintf("+25261000000%d", i)
		b.Add(decision("201", number, w, belwacht.Instant(100+i)), 1, "")
		x := b.All()[0]
		if x.Reason != "of "+number || len(x.Numbers) != numbersMost || x.Numbers[numbersMost-1] != number {
			t.Errorf("%s: %q, %q", number, x.Reason, x.Numbers)
		}
	}
	if fmt.Sprint(before.Numbers) != was {
		t.Errorf("an alert that was given out became %q", before.Numbers)
	}
}
