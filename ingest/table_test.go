package ingest

import (
	"math/rand/v2"
	"testing"
)

// TestTable does the same to a table and to a map.
func TestTable(t *testing.T) {
	for _, spread := range []uint64{50, 900, 20_000} {
		random := rand.New(rand.NewPCG(1, spread))
		table, want := newTable(), map[uint64]int32{}
		for n := range 200_000 {
			key := 1 + random.Uint64N(spread)
			if n%3 == 0 {
				key *= 0x9e3779b97f4a7c15 // hashes, not neighbours
			}
			row := int32(random.IntN(4))
			if random.IntN(2) == 0 {
				table.put(key, row)
				want[key] = row
			} else {
				table.remove(key, row)
				if want[key] == row {
					delete(want, key)
				}
			}
			got, found := table.find(key)
			if w, ok := want[key]; found != ok || ok && got != w {
				t.Fatalf("%d: %d %v, not %d %v", key, got, found, w, ok)
			}
		}
		if table.count != len(want) {
			t.Errorf("%d keys, not %d", table.count, len(want))
		}
		for key, row := range want {
			if got, found := table.find(key); !found || got != row {
				t.Errorf("%d: %d %v, not %d", key, got, found, row)
			}
		}
	}
}
