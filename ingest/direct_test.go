package ingest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/number"
)

// TestDirect makes calls of plain and not so plain rows by both ways: they are the same.
func TestDirect(t *testing.T) {
	plan, err := number.New(number.Config{Country: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(s ...string) string { return s[random.IntN(len(s))] }
	for range 60 {
		quick, slow := NewAssembler(Config{Numbers: plan}), NewAssembler(Config{Numbers: plan})
		var got, want []belwacht.Call
		short := 0
		for i := range 500 {
			from, to := pick("201", "202", "trunk", "u-1"), pick("201", "203", "trunk", "trunk", "other", "i1/4")
			dst := pick("0202300856", "0612345678", "201", "203", "s", "112", "0900123", to)
			channel, dstChannel := pick("PJSIP/", "SIP/")+from, pick("PJSIP/", "PJSIP/", "DAHDI/")+to
			row := Row{UniqueID: fmt.Sprintf("1772438400.%d", i-random.IntN(2)), Sequence: int64(i), Src: pick("201", "0612345678", ""), Dst: dst, CallerName: pick("", "Een", "201"),
				Context: pick("from-internal", "from-internal", "from-trunk", "other"), Channel: fmt.Sprintf("%s-%08x", channel, 2*i), DstChannel: fmt.Sprintf("%s-%08x", dstChannel, 2*i+1),
				App: pick("Dial", "Dial", "Queue"), Data: pick(dstChannel+",20", pick("PJSIP/", "SIP/")+dst+"@"+to+",60", dstChannel+"&PJSIP/204", "")}
			row.Start = belwacht.Instant(1772438400+random.IntN(4000)) * belwacht.Second
			row.End = row.Start + belwacht.Instant(random.IntN(90))*belwacht.Second
			row.Disposition = belwacht.Disposition(random.IntN(4))
			if random.IntN(2) == 0 {
				row.Answer, row.Talk = row.Start, row.End.Seconds(row.Start)
			}
			for _, a := range []*Assembler{quick, slow} {
				if err := a.Add(&row, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := range slow.shelf.room {
			if slow.shelf.row(i).how != unnamed {
				short++
			}
			slow.shelf.row(i).how = unnamed
		}
		if quick.Flush(func(c *belwacht.Call) error { got = append(got, *c); return nil }) != nil || slow.Flush(func(c *belwacht.Call) error { want = append(want, *c); return nil }) != nil {
			t.Fatal("not flushed")
		}
		if short < 50 || len(want) < 200 || !slices.Equal(got, want) || !slices.Equal(quick.Trunks(), slow.Trunks()) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Fatalf("%+v\nnot %+v", got[i], want[i])
				}
			}
			t.Fatalf("%d calls, not %d; %d plain rows", len(got), len(want), short)
		}
	}
}
