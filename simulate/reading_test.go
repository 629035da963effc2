package simulate_test

import (
	"bytes"
	"crypto/sha256"
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
	"github.com/belwacht/belwacht/simulate/record"
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
		if err := record.Asterisk(&b, o, record.Layout{NewColumns: i%2 == 1}); err != nil {
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

func digest(t *testing.T, c simulate.Config) (string, int) {
	t.Helper()
	o, err := simulate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := record.Asterisk(&b, o, record.Layout{}); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(b.Bytes())), bytes.Count(b.Bytes(), []byte("\n"))
}

func TestSameSeedSameCalls(t *testing.T) {
	a, n := digest(t, simulate.Config{Seed: 4, Extensions: 30, Weeks: 6})
	b, _ := digest(t, simulate.Config{Seed: 4, Extensions: 30, Weeks: 6})
	c, _ := digest(t, simulate.Config{Seed: 5, Extensions: 30, Weeks: 6})
	if a != b {
		t.Error("one seed gave two histories")
	}
	if a == c {
		t.Error("two seeds gave one history")
	}
	if n < 1000 {
		t.Errorf("%d calls of 30 people in 6 weeks", n)
	}
}

func TestAllKindsAppear(t *testing.T) {
	attacks, oddities := map[string]int{}, map[string]int{}
	for seed := range uint64(6) {
		k := []string{"office", "factory", "software", "clinic", "provider", "callcentre"}[seed]
		o, err := simulate.New(simulate.Config{Seed: seed, Kind: k, Extensions: 150, Weeks: 12, AttackCount: 40, Country: []string{"NL", "DE", "GB", "US", "ES", "IT"}[seed]})
		if err != nil {
			t.Fatal(err)
		}
		truth := record.NewTruth(o)
		emergency := 0
		o.Calls(func(c *simulate.Call) bool {
			truth.Add(c)
			if c.Emergency {
				emergency++
			}
			return true
		})
		if emergency < 3 {
			t.Errorf("seed %d: %d emergency calls in twelve weeks of 150 people", seed, emergency)
		}
		for _, a := range truth.Attacks {
			if len(a.IDs) > 0 {
				attacks[a.Kind]++
			} else if a.Scored {
				t.Logf("seed %d: %s of %v made no call", seed, a.Kind, a.Entities)
			}
		}
		for _, s := range truth.Shocks {
			if len(s.IDs) > 0 {
				oddities[s.Kind]++
			}
		}
	}
	for _, k := range simulate.AttackKinds() {
		if attacks[k] == 0 {
			t.Errorf("no attack of the kind %q", k)
		}
	}
	for _, k := range simulate.OddityKinds() {
		if oddities[k] == 0 {
			t.Errorf("no oddity of the kind %q", k)
		}
	}
}
