package ingest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
)

// second is a moment of the tests: so many seconds after 09:00 UTC on 2 March 2026.
func second(n int64) belwacht.Instant {
	return (belwacht.Instant(1772442000) + belwacht.Instant(n)) * belwacht.Second
}

// row makes a row out of "id seq src dst context channel dstchannel app data start answer end", - for nothing, times in seconds.
func row(t testing.TB, s string) *ingest.Row {
	t.Helper()
	f := strings.Fields(s)
	if len(f) != 12 {
		t.Fatalf("%d fields in %q", len(f), s)
	}
	for i := range f {
		if f[i] == "-" {
			f[i] = ""
		}
	}
	r := &ingest.Row{Src: f[2], Dst: f[3], Context: f[4], Channel: f[5], DstChannel: f[6], App: f[7], Data: f[8], Disposition: belwacht.NoAnswer}
	r.UniqueID, r.LinkedID, _ = strings.Cut(f[0], "<")
	var start, answer, end int64
	if _, err := fmt.Sscan(f[1], &r.Sequence); err != nil {
		r.Sequence = -1
	}
	fmt.Sscan(f[9], &start)
	fmt.Sscan(f[11], &end)
	r.Start, r.End = second(start), second(end)
	r.Duration = end - start
	if _, err := fmt.Sscan(f[10], &answer); err == nil {
		r.Answer, r.Talk, r.Disposition = second(answer), end-answer, belwacht.Answered
	}
	return r
}

// assemble makes calls of rows.
func assemble(t testing.TB, c ingest.Config, rows ...*ingest.Row) []belwacht.Call {
	t.Helper()
	if c.Numbers == nil {
		c.Numbers = dutch(t)
	}
	a := ingest.NewAssembler(c)
	var calls []belwacht.Call
	keep := func(c *belwacht.Call) error {
		calls = append(calls, *c)
		return nil
	}
	for _, r := range rows {
		if err := a.Add(r, keep); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Flush(keep); err != nil {
		t.Fatal(err)
	}
	return calls
}

// brief says what matters of a call.
func brief(c *belwacht.Call) string {
	return fmt.Sprintf("%s %s %s<%s %s %s %d", c.ID, c.Direction, c.Account, c.Root, c.Dialled, c.Lineage, c.Talk)
}

func TestAssemble(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []string
		want []string
	}{
		{"three forwards in a chain", []string{
			"a<a 1 201 205 from-internal PJSIP/201-1 Local/206@i-1;1 Dial Local/206@i/n 0 5 15",
			"b<a 2 201 206 from-internal Local/206@i-1;2 Local/207@i-2;1 Dial Local/207@i/n 0 5 15",
			"c<a 3 201 207 from-internal Local/207@i-2;2 Local/0032470000101@i-3;1 Dial Local/0032470000101@i/n 0 5 15",
			"d<a 4 201 0032470000101 out Local/0032470000101@i-3;2 PJSIP/trunk-4 Dial PJSIP/0032470000101@trunk,60 0 5 15",
		}, []string{"a internal 201<201 205 dialled 10", "d out 207<201 0032470000101 forwarded 10"}},
		{"a ring group with two outside members", []string{
			"a<a 1 +31612345678 400 from-trunk PJSIP/trunk-1 Local/0032470000101@i-1;1 Dial Local/0032470000101@i/n&Local/0032470000102@i/n 0 - 5",
			"a<a 2 +31612345678 400 from-trunk PJSIP/trunk-1 Local/0032470000102@i-2;1 Dial Local/0032470000101@i/n&Local/0032470000102@i/n 0 5 15",
			"b<a 3 +31612345678 0032470000101 out Local/0032470000101@i-1;2 PJSIP/trunk-5 Dial PJSIP/0032470000101@trunk 0 - 5",
			"c<a 4 +31612345678 0032470000102 out Local/0032470000102@i-2;2 PJSIP/trunk-6 Dial PJSIP/0032470000102@trunk 0 5 15",
		}, []string{"a in 400<trunk 400 dialled 10", "b out 400<trunk 0032470000101 forwarded 0", "c out 400<trunk 0032470000102 forwarded 10"}},
		{"two outside legs of one dial string", []string{
			"a<a 1 201 400 from-internal PJSIP/201-1 PJSIP/202-2 Dial PJSIP/202&PJSIP/0032470000101@trunk&PJSIP/0032470000102@trunk 0 - 5",
			"a<a 2 201 400 from-internal PJSIP/201-1 PJSIP/trunk-3 Dial PJSIP/202&PJSIP/0032470000101@trunk&PJSIP/0032470000102@trunk 0 - 5",
			"a<a 3 201 400 from-internal PJSIP/201-1 PJSIP/trunk-4 Dial PJSIP/202&PJSIP/0032470000101@trunk&PJSIP/0032470000102@trunk 0 5 15",
		}, []string{"a out 400<201 0032470000102 forwarded 10", "a/2 out 400<201 0032470000101 forwarded 0", "a/internal internal 201<201 400 dialled 10"}},
		{"a queue with an outside agent", []string{
			"a<a 1 +31612345678 401 from-trunk PJSIP/trunk-1 PJSIP/203-2 Queue sales 0 - 8",
			"a<a 2 +31612345678 401 from-trunk PJSIP/trunk-1 Local/0612345601@q-1;1 Queue sales 0 10 20",
			"b<a 3 +31612345678 0612345601 out Local/0612345601@q-1;2 PJSIP/trunk-3 Dial PJSIP/0612345601@trunk 8 10 20",
		}, []string{"a in 401<trunk 401 dialled 10", "b out 401<trunk 0612345601 forwarded 10"}},
		{"a queue's agent who is forwarded", []string{
			"a<a 1 +31612345678 401 from-trunk PJSIP/trunk-1 Local/264@from-queue-1;1 Queue sales 0 10 20",
			"b<a 2 +31612345678 0612345601 from-queue Local/264@from-queue-1;2 PJSIP/trunk-3 Dial PJSIP/0612345601@trunk 0 10 20",
		}, []string{"a in 401<trunk 401 dialled 10", "b out 264<trunk 0612345601 forwarded 10"}},
		{"the second trunk is tried when the first fails", []string{
			"a<a 1 201 0032470000101 out PJSIP/201-1 PJSIP/one-2 Dial PJSIP/0032470000101@one 0 - 1",
			"a<a 2 201 0032470000101 out PJSIP/201-1 PJSIP/two-3 Dial PJSIP/0032470000101@two 1 5 15",
		}, []string{"a out 201<201 0032470000101 dialled 10"}},
		{"the same number again after a while", []string{
			"a<a 1 201 0032470000101 out PJSIP/201-1 PJSIP/one-2 Dial PJSIP/0032470000101@one 0 - 1",
			"b<b 2 201 0032470000101 out PJSIP/201-2 PJSIP/one-3 Dial PJSIP/0032470000101@one 3 5 15",
		}, []string{"a out 201<201 0032470000101 dialled 0", "b out 201<201 0032470000101 dialled 10"}},
		{"picked up by another phone", []string{
			"a<a 1 +31612345678 202 from-trunk PJSIP/trunk-1 PJSIP/202-2 Dial PJSIP/202 0 - 5",
			"a<a 2 +31612345678 202 from-trunk PJSIP/trunk-1 PJSIP/203-3 Dial PJSIP/202 0 5 15",
			"b<a 3 203 *8202 from-internal PJSIP/203-3 - Pickup 202 4 - 5",
		}, []string{"a in 202<trunk 202 dialled 10"}},
		{"a call outside is parked and taken up by another", []string{
			"a<a 1 201 0032470000101 out PJSIP/201-1 PJSIP/trunk-2 Dial PJSIP/0032470000101@trunk 0 5 15",
			"b<a 2 0032470000101 700 park PJSIP/trunk-2 - Park - 15 15 60",
			"c<a 3 202 701 from-internal PJSIP/202-3 PJSIP/trunk-2 ParkedCall 701 60 60 90",
		}, []string{"a out 201<201 0032470000101 dialled 85"}},
		{"a call from outside is parked and taken up", []string{
			"a<a 1 +31612345678 202 from-trunk PJSIP/trunk-1 PJSIP/202-2 Dial PJSIP/202 0 5 15",
			"a<a 2 +31612345678 700 park PJSIP/trunk-1 - Park - 15 15 60",
			"c<a 3 203 701 from-internal PJSIP/203-3 PJSIP/trunk-1 ParkedCall 701 60 60 90",
		}, []string{"a in 202<trunk 202 dialled 55", "c internal 203<203 701 dialled 30"}},
		{"the caller transfers the number outside to another", []string{
			"a<a 1 201 0032470000101 out PJSIP/201-1 PJSIP/trunk-2 Dial PJSIP/0032470000101@trunk 0 5 15",
			"b<a 2 0032470000101 0032470000102 out PJSIP/trunk-2 PJSIP/trunk-3 Dial PJSIP/0032470000102@trunk 15 20 40",
		}, []string{"a out 201<201 0032470000101 dialled 30", "b out 201<201 0032470000102 transferred 20"}},
		{"an extension whose place in the dial plan dials outside", []string{
			"a<a 1 201 205 from-internal PJSIP/201-1 PJSIP/205-2 Dial PJSIP/205 0 5 15",
			"b<b 1 201 205 from-internal PJSIP/201-3 PJSIP/trunk-4 Dial PJSIP/0032470000101@trunk 20 25 35",
		}, []string{"a internal 201<201 205 dialled 10", "b out 205<201 0032470000101 forwarded 10"}},
		{"a speed dial", []string{
			"b<b 1 201 7001 from-internal PJSIP/201-3 PJSIP/trunk-4 Dial PJSIP/0032470000101@trunk 20 25 35",
		}, []string{"b out 201<201 0032470000101 dialled 10"}},
		{"straight from trunk to trunk", []string{
			"a<a 1 +31612345678 0032470000101 ext-trunk PJSIP/trunk-1 PJSIP/trunk-2 Dial PJSIP/0032470000101@trunk 0 5 15",
		}, []string{"a out trunk<trunk 0032470000101 trunked 10"}},
		{"FreePBX's follow-me and ring group", []string{
			"a - +31612345678 0612345601 from-internal Local/FMGL-205-0612345601#@from-internal-1;2 PJSIP/trunk-2 Dial PJSIP/0612345601@trunk 0 5 15",
			"b - +31612345678 0612345602 from-internal Local/RG-600-0612345602#@from-internal-2;2 PJSIP/trunk-3 Dial PJSIP/0612345602@trunk 0 5 15",
		}, []string{"a out 205<trunk 0612345601 forwarded 10", "b out 600<trunk 0612345602 forwarded 10"}},
		{"odd names of endpoints", []string{
			"a - 31201230000 0032470000101 from-internal PJSIP/u4711-1 PJSIP/voys-out-2 Dial PJSIP/0032470000101@voys-out 0 5 15",
			"b - 31201230000 0032470000101 from-internal SIP/kantoor_12-0000000a SIP/provider-out-0000000b Dial SIP/provider-out/0032470000101 0 5 15",
			"c - 31201230000 0032470000101 from-internal PJSIP/0004f2aabbcc-0000000c DAHDI/i1/0032470000101-3 Dial DAHDI/g1/0032470000101 0 5 15",
			"d - 31201230000 0032470000101 from-internal SIP/0004f2aabbcd-0000000d PJSIP/t-0000000e Dial PJSIP/t/sip:0032470000101@192.0.2.1 0 5 15",
		}, []string{"a out u4711<u4711 0032470000101 dialled 10", "b out kantoor_12<kantoor_12 0032470000101 dialled 10",
			"c out 0004f2aabbcc<0004f2aabbcc 0032470000101 dialled 10", "d out 0004f2aabbcd<0004f2aabbcd 0032470000101 dialled 10"}},
		{"a phone's contact is no trunk", []string{
			"a<a - +31612345678 0201230000 from-trunk PJSIP/trunk-1 PJSIP/u4711-2 Dial PJSIP/u4711/sip:31201230000@192.0.2.9:5060 0 5 15",
			"b<b - 31201230000 0032470000101 from-internal PJSIP/u4711-3 PJSIP/trunk-4 Dial PJSIP/0032470000101@trunk 20 25 35",
		}, []string{"a in u4711<trunk 0201230000 dialled 10", "b out u4711<u4711 0032470000101 dialled 10"}},
		{"refused by the dial plan", []string{
			"a<a 1 201 00252615550101 from-internal PJSIP/201-1 - Hangup 21 0 - 0",
		}, []string{"a out 201<201 00252615550101 dialled 0"}},
		{"the same row twice", []string{
			"a<a 1 201 0032470000101 out PJSIP/201-1 PJSIP/trunk-2 Dial PJSIP/0032470000101@trunk 0 5 15",
			"a<a 1 201 0032470000101 out PJSIP/201-1 PJSIP/trunk-2 Dial PJSIP/0032470000101@trunk 0 5 15",
			"b - 201 0032470000101 out PJSIP/201-3 PJSIP/trunk-4 Dial PJSIP/0032470000101@trunk 20 25 35",
			"b - 201 0032470000101 out PJSIP/201-3 PJSIP/trunk-4 Dial PJSIP/0032470000101@trunk 20 25 35",
		}, []string{"a out 201<201 0032470000101 dialled 10", "b out 201<201 0032470000101 dialled 10"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rows []*ingest.Row
			for _, r := range c.rows {
				rows = append(rows, row(t, r))
			}
			for range 4 { // in whatever order they were written
				var got []string
				calls := assemble(t, ingest.Config{}, rows...)
				for i := range calls {
					got = append(got, brief(&calls[i]))
				}
				if !slices.Equal(got, c.want) {
					t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
				}
				rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			}
		})
	}
}

// TestRowsWithoutIDs: each call of a source that names none has an ID of its own, the same in every run, and a row that two files have counts once.
func TestRowsWithoutIDs(t *testing.T) {
	rows := func() []*ingest.Row {
		return []*ingest.Row{
			row(t, "- - 201 00252612345678 from-internal PJSIP/201-0000000a PJSIP/trunk-0000000b Dial - 0 5 65"),
			row(t, "- - 202 00252612345678 from-internal PJSIP/202-0000000c PJSIP/trunk-0000000d Dial - 0 5 65"),
			row(t, "- - 201 00252612345678 from-internal PJSIP/201-0000000a PJSIP/trunk-0000000b Dial - 0 5 65"),
			row(t, "- - 201 00252612345678 from-internal PJSIP/201-0000000e PJSIP/trunk-0000000f Dial - 70 75 90"),
		}
	}
	calls, again := assemble(t, ingest.Config{}, rows()...), assemble(t, ingest.Config{}, rows()...)
	if len(calls) != 3 || len(again) != 3 {
		t.Fatalf("%d and %d calls, want 3", len(calls), len(again))
	}
	ids := map[string]bool{}
	for i := range calls {
		if ids[calls[i].ID] = true; calls[i].ID == "" || calls[i].ID != again[i].ID {
			t.Errorf("call %d is %q, and in another run %q", i, calls[i].ID, again[i].ID)
		}
	}
	if len(ids) != 3 {
		t.Errorf("%d IDs of 3 calls", len(ids))
	}
}

// TestAlikeRowsWithoutIDs: of a source that names neither calls nor channels, calls that are alike in all are still calls of their own: so pumping looks.
func TestAlikeRowsWithoutIDs(t *testing.T) {
	var rows []*ingest.Row
	for line := range int64(10) {
		r := row(t, "- - 201 0088213123456 - - - - - 0 0 60")
		r.From, r.Line = "201", line+2
		rows = append(rows, r)
	}
	if calls := assemble(t, ingest.Config{}, rows...); len(calls) != 10 {
		t.Fatalf("%d calls, want 10", len(calls))
	}
}
