package ingest_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// beginning says what a call knows of its beginning.
func beginning(c *belwacht.Call) string {
	return fmt.Sprintf("%s %s account %s root %s trunk %s dialled %s caller %s %s", c.Start, c.Direction, c.Account, c.Root, c.Trunk, c.Dialled, c.Caller, c.Lineage)
}

// beginnings are those of the calls that begin no later than a moment, sorted.
func beginnings(calls []belwacht.Call, until belwacht.Instant) []string {
	var list []string
	for i := range calls {
		if calls[i].Start <= until {
			list = append(list, beginning(&calls[i]))
		}
	}
	slices.Sort(list)
	return list
}

// another is the same history up to a moment, and another one after it: what had not begun never does, and what ran ends otherwise.
func another(rows []*ingest.Row, until belwacht.Instant) []*ingest.Row {
	var list []*ingest.Row
	for _, r := range rows {
		if r.Start > until {
			continue
		}
		n := *r
		if n.End > until {
			n.End = until + belwacht.Instant(1+rand.IntN(5000))*belwacht.Second
			switch {
			case n.Answer != 0 && n.Answer <= until:
				n.Talk = n.End.Seconds(n.Answer)
			case rand.IntN(2) == 0:
				n.Answer, n.Talk, n.Disposition = 0, 0, belwacht.Busy
			default:
				n.Answer = until + belwacht.Second
				n.Talk, n.Disposition = n.End.Seconds(n.Answer), belwacht.Answered
			}
		}
		list = append(list, &n)
	}
	later := until + 40*belwacht.Second
	return append(list, &ingest.Row{UniqueID: "z", LinkedID: "z", Sequence: 9, Src: "trunk", Dst: "0032479999999", Context: "from-trunk", Channel: "PJSIP/201-99",
		DstChannel: "PJSIP/202-98", App: "Dial", Data: "PJSIP/0032479999999@202", Start: later, Answer: later, End: later + belwacht.Minute, Talk: 60})
}

// TestNothingOfTheFuture cuts recorded and made-up histories at every moment, has them go on otherwise, and finds the beginnings of all calls
// before unchanged.
func TestNothingOfTheFuture(t *testing.T) {
	files, err := filepath.Glob("testdata/asterisk22/*/Master.csv")
	if err != nil {
		t.Fatal(err)
	}
	moments := 0
	for _, file := range files {
		if strings.Contains(file, "14-blind") || strings.Contains(file, "15-blind") {
			continue // the record itself is overwritten: what was dialled first stands nowhere any more
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) == 0 {
			continue
		}
		r, err := cdr.Open(bytes.NewReader(data), file, cdr.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var rows []*ingest.Row
		for {
			var one ingest.Row
			if err := r.Read(&one); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, &one)
		}
		whole := assemble(t, ingest.Config{}, rows...)
		for _, cut := range rows {
			for _, until := range []belwacht.Instant{cut.Start, cut.Answer, cut.End - belwacht.Second} {
				if until == 0 {
					continue
				}
				moments++
				got, want := beginnings(assemble(t, ingest.Config{}, another(rows, until)...), until), beginnings(whole, until)
				if !slices.Equal(got, want) {
					t.Errorf("%s cut at %s:\n%s\nnot\n%s", file, until, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		}
	}
	if moments < 100 {
		t.Errorf("only %d moments", moments)
	}
}

func TestOrderAndHorizon(t *testing.T) {
	zone := dutch(t)
	a := ingest.NewAssembler(ingest.Config{Numbers: zone, Horizon: 10 * belwacht.Minute})
	var got []belwacht.Call
	keep := func(c *belwacht.Call) error {
		got = append(got, *c)
		return nil
	}
	add := func(id string, start, seconds int64) {
		t.Helper()
		r := row(t, fmt.Sprintf("%s - 201 0032470000101 from-internal PJSIP/201-1 PJSIP/trunk-%d Dial PJSIP/0032470000101@trunk %d %d %d", id, start, start, start, start+seconds))
		if err := a.Add(r, keep); err != nil {
			t.Fatal(err)
		}
	}
	add("b", 100, 10)
	add("far", 10_000_000, 10) // a clock gone wrong pushes nothing out
	add("a", 100, 20)
	add("c", 60, 200)
	if len(got) != 0 {
		t.Fatalf("%d calls yielded before the horizon", len(got))
	}
	for i := range int64(3) {
		add(fmt.Sprintf("d%d", i), 2000+i, 5)
	}
	if len(got) != 3 || got[0].ID != "c" || got[1].ID != "a" || got[2].ID != "b" {
		t.Fatalf("the order is %+v", got)
	}
	add("late", 90, 1910)
	if err := a.Flush(keep); err != nil {
		t.Fatal(err)
	}
	s := a.Stats()
	lates := 0
	for i := range got {
		if got[i].Late {
			lates++
			if got[i].ID != "late" || got[i].Start != second(90) {
				t.Errorf("late: %+v", got[i])
			}
		}
	}
	if lates != 1 || s.Late != 1 || s.Calls != 8 || s.Rows != 8 || s.Held != 0 || s.Directions[belwacht.Out] != 8 {
		t.Errorf("%d late, %+v", lates, s)
	}
}

func TestRoomIsBounded(t *testing.T) {
	a := ingest.NewAssembler(ingest.Config{Numbers: dutch(t), MaxHeld: 100})
	n := 0
	count := func(*belwacht.Call) error {
		n++
		return nil
	}
	for i := range int64(1000) {
		r := row(t, fmt.Sprintf("u%d<l%d - 201 0032470000101 from-internal PJSIP/201-1 PJSIP/trunk-%d Dial PJSIP/0032470000101@trunk %d %d %d", i, i/4, i, i*60, i*60, i*60+1))
		r.Dst = strings.Repeat("9", 60_000)
		r.CallerName = strings.Repeat("\x1b", 60_000)
		if err := a.Add(r, count); err != nil {
			t.Fatal(err)
		}
		if held := a.Stats().Held; held > 110 {
			t.Fatalf("%d rows are held", held)
		}
	}
	if err := a.Flush(count); err != nil {
		t.Fatal(err)
	}
	if n == 0 || a.Stats().Forced == 0 {
		t.Errorf("%d calls, %+v", n, a.Stats())
	}
}

func TestErrorsOfYieldComeBack(t *testing.T) {
	a := ingest.NewAssembler(ingest.Config{Numbers: dutch(t)})
	if err := a.Add(row(t, "b - 201 0032470000101 c PJSIP/201-1 PJSIP/trunk-1 Dial PJSIP/0032470000101@trunk 0 1 2"), nil); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(func(*belwacht.Call) error { return io.ErrClosedPipe }); err != io.ErrClosedPipe {
		t.Errorf("%v", err)
	}
}

// FuzzAssemble takes rows of any content: it must not panic, lose no row that is no duplicate to nothing, and give every call a start.
func FuzzAssemble(f *testing.F) {
	f.Add("a", "a", "201", "0032470000101", "from-internal", "PJSIP/201-1", "Local/0032470000101@i-1;1", "Dial", "Local/0032470000101@i", int64(0), int64(5))
	f.Add("b", "a", "201", "0032470000101", "from-trunk", "Local/0032470000101@i-1;2", "PJSIP/trunk-2", "Dial", "PJSIP/0032470000101@trunk&PJSIP/202", int64(0), int64(5))
	f.Add("", "", "\x1b[31m", "&/%@", "s", "Local/;2", "DAHDI/", "AppDial", "A/B/sip:C&&&", int64(-5), int64(1)<<40)
	plan := dutch(f)
	f.Fuzz(func(t *testing.T, id, linked, src, dst, context, channel, dstChannel, app, data string, start, talk int64) {
		a := ingest.NewAssembler(ingest.Config{Numbers: plan})
		base := second(start % 1_000_000)
		n := 0
		keep := func(c *belwacht.Call) error {
			n++
			if c.Start < base-belwacht.Hour || c.Talk < 0 || c.Direction == belwacht.DirectionUnknown {
				t.Errorf("%+v", c)
			}
			return nil
		}
		for i := range 4 {
			r := ingest.Row{UniqueID: id, LinkedID: linked, Sequence: int64(i), Src: src, Dst: dst, Context: context, Channel: channel, DstChannel: dstChannel, App: app,
				Data: data, Start: base + belwacht.Instant(i)*belwacht.Second, Answer: base + 2*belwacht.Second, End: base + belwacht.Minute, Talk: talk}
			switch i {
			case 1:
				r.Channel, r.DstChannel = dstChannel, channel
			case 2:
				r.UniqueID, r.Channel = linked, dstChannel
			case 3:
				r.Src, r.Dst, r.DstChannel = dst, src, "PJSIP/trunk-9"
			}
			if err := a.Add(&r, keep); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Flush(keep); err != nil {
			t.Fatal(err)
		}
		if s := a.Stats(); s.Held != 0 {
			t.Errorf("held after the end: %+v", s)
		}
	})
}

// TestLongIDs adds rows with ids longer than what is kept of them: they must not stay in the index when they go, or later rows are joined to
// what has taken their place, in rings that never end.
func TestLongIDs(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, linked := range []bool{false, true} {
		a := ingest.NewAssembler(ingest.Config{Numbers: dutch(t), Horizon: belwacht.Hour})
		calls := 0
		yield := func(c *belwacht.Call) error {
			if c.Rows != 1 {
				t.Errorf("%.20s: %d rows", c.ID, c.Rows)
			}
			calls++
			return nil
		}
		start := belwacht.Instant(1772438400) * belwacht.Second
		for i := range 8 {
			at := start + belwacht.Instant(i)*belwacht.Second
			if i > 1 {
				at += 2 * belwacht.Hour
			}
			row := ingest.Row{UniqueID: fmt.Sprint(i), Sequence: -1, Src: "201", Dst: "0202300856", Context: "from-internal", Channel: fmt.Sprintf("PJSIP/201-%08x", 2*i),
				DstChannel: fmt.Sprintf("PJSIP/trunk-%08x", 2*i+1), App: "Dial", Data: "PJSIP/0202300856@trunk,60", Start: at, End: at + belwacht.Minute}
			if i%5 == 0 && linked {
				row.LinkedID = long
			} else if i%5 == 0 {
				row.UniqueID = long
			}
			if err := a.Add(&row, yield); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Flush(yield); err != nil || calls != 8 {
			t.Errorf("linked %v: %d calls, %v", linked, calls, err)
		}
	}
}
