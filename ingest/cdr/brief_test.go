package cdr_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
)

// TestBrief reads files whose blocks are used again: each row is what it is without that, also behind stretches that cannot be read, headers in the
// middle, and dates that come again.
func TestBrief(t *testing.T) {
	var master, mapped strings.Builder
	mapped.WriteString("start,end,from,to,id\n")
	for i := range 12_000 {
		day, id := 1+i/500, fmt.Sprintf("17750000%05d.%d", i, i)
		if i%3000 > 2000 { // 700 KB that are no records
			master.WriteString(strings.Repeat("no record ", 50) + "\n")
			mapped.WriteString(strings.Repeat("x,", 4) + strings.Repeat("no record ", 50) + "\n")
		}
		fmt.Fprintf(&master, `"","%d","0%09d","from-internal","""A \""%d"" <%d>","PJSIP/%d-%08x","PJSIP/trunk-%08x","Dial","PJSIP/0%09d@trunk","2026-03-%02d 10:%02d:%02d","","2026-03-%02d 10:%02d:%02d",9,0,"BUSY","DOCUMENTATION","%s",""`+"\n",
			200+i%50, 200000000+i, i, 200+i%50, 200+i%50, i, i, 200000000+i, day, i/60%60, i%60, day, i/60%60, i%60, id)
		fmt.Fprintf(&mapped, "2026-03-%02d 10:%02d:%02d,2026-03-%02d 10:%02d:%02d,%d,0%09d,%s\n", day, i/60%60, i%60, day, i/60%60, i%60, 200+i%50, 200000000+i, id)
	}
	columns := cdr.MappedColumns{Start: []string{"start"}, End: []string{"end"}, From: []string{"from"}, To: []string{"to"}, ID: []string{"id"}}
	for _, c := range []struct {
		text string
		o    cdr.Options
	}{
		{master.String(), cdr.Options{}}, {mapped.String(), cdr.Options{Mapping: &cdr.Mapping{Name: "own", Columns: columns}}},
	} {
		c.o.Zone, c.o.MaxRejected = amsterdam(t), 1
		read := func(brief bool) (list []string) {
			c.o.Brief = brief
			r, err := cdr.Open(strings.NewReader(c.text), "file", c.o)
			if err != nil {
				t.Fatal(err)
			}
			var row ingest.Row
			for {
				if err := r.Read(&row); err == io.EOF {
					n, first := r.Rejected()
					return append(list, fmt.Sprint(n, first))
				} else if err != nil {
					t.Fatal(err)
				}
				list = append(list, fmt.Sprintf("%+v", row))
			}
		}
		want, got := read(false), read(true)
		if len(want) < 8000 || len(got) != len(want) {
			t.Fatalf("%d rows, not %d", len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("row %d:\n%s, not\n%s", i, got[i], want[i])
			}
		}
	}
}
