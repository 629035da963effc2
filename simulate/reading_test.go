package simulate_test

import (
	"bytes"
	"fmt"
	"io"
	"sort"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/ingest"
	"github.com/belwacht/belwacht/ingest/cdr"
	"github.com/belwacht/belwacht/number"
	"github.com/belwacht/belwacht/simulate"
)

// read makes calls of records as a replay does.
func read(t *testing.T, o *simulate.Organisation, records io.Reader) map[string]belwacht.Call {
	t.Helper()
	plan, err := number.New(number.Config{Country: o.Country()})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(o.Timezone())
	if err != nil {
		t.Fatal(err)
	}
	r, err := cdr.Open(records, "master.csv", cdr.Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	a := ingest.NewAssembler(ingest.Config{Numbers: plan})
	calls := map[string]belwacht.Call{}
	take := func(c *belwacht.Call) error { calls[c.ID] = *c; return nil }
	var row ingest.Row
	for {
		if err := r.Read(&row); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if err := a.Add(&row, take); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Flush(take); err != nil {
		t.Fatal(err)
	}
	return calls
}

// TestCallsAreWhatAReaderMakesOfRecords: fitting on Calls must be fitting on what a replay sees.
func TestCallsAreWhatAReaderMakesOfRecords(t *testing.T) {
	for i, c := range []simulate.Config{{Country: "NL"}, {Country: "US", Kind: "trader"}, {Country: "IT", Kind: "hotel", Forms: "desk"}, {Country: "DE", Kind: "provider", Forms: "u"},
		{Country: "ES", Kind: "shop", Forms: "name"}, {Country: "PL", Kind: "callcentre"}} {
		c.Seed, c.Extensions, c.Weeks = uint64(20+i), 40, 5
		o, err := simulate.New(c)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := o.WriteRecords(&b, simulate.Layout{NewColumns: i%2 == 1}); err != nil {
			t.Fatal(err)
		}
		got := read(t, o, &b)
		wrong, n := map[string]int{}, 0
		o.Calls(func(c *simulate.Call) bool {
			n++
			g, ok := got[c.ID]
			if !ok {
				wrong["missing"]++
				return true
			}
			for _, f := range []struct {
				name      string
				got, want any
			}{{"direction", g.Direction, c.Direction}, {"account", g.Account, c.Account}, {"root", g.Root, c.Root}, {"trunk", g.Trunk, c.Trunk}, {"caller", g.Caller, c.Caller},
				{"dialled", g.Dialled, c.Dialled}, {"lineage", g.Lineage, c.Lineage}, {"start", g.Start, c.Start}, {"answer", g.Answer, c.Answer}, {"end", g.End, c.End},
				{"talk", g.Talk, c.Talk}, {"disposition", g.Disposition, c.Disposition}, {"link", g.Link, c.Link}, {"rows", g.Rows, c.Rows}} {
				if f.got != f.want {
					key := fmt.Sprintf("%s is read as %v, not %v", f.name, f.got, f.want)
					if wrong[f.name]++; wrong[f.name] < 6 {
						t.Logf("%s %s: %s (%s %s %s)", o.Country(), c.ID, key, c.Account, c.Dialled, c.Lineage)
					}
				}
			}
			return true
		})
		var list []string
		for k, v := range wrong {
			list = append(list, fmt.Sprintf("%s %d", k, v))
		}
		sort.Strings(list)
		if len(list) > 0 || len(got) != n {
			t.Errorf("%s: of %d calls (%d read) are read otherwise: %v", o.Country(), n, len(got), list)
		}
	}
}
