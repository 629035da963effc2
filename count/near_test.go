package count

import (
	"math/rand/v2"
	"testing"
)

// TestNear does the same to a table and to a map, with homes that lie beside each other, at random, and all at one place.
func TestNear(t *testing.T) {
	for _, c := range []struct {
		keys   uint64
		home   func(key uint64) uint32
		random bool
	}{
		{50, func(key uint64) uint32 { return uint32(key) }, false},
		{20_000, func(key uint64) uint32 { return uint32(key) * 2 }, false},
		{20_000, func(key uint64) uint32 { return uint32(key * 0x9e3779b97f4a7c15 >> 40) }, false},
		{20_000, func(key uint64) uint32 { return 7 }, true},
	} {
		random := rand.New(rand.NewPCG(1, c.keys))
		table, want := NewNear(), map[uint64]int32{}
		for range 200_000 {
			n := 1 + random.Uint64N(c.keys)
			key, home, row := n*0x9e3779b97f4a7c15, c.home(n), int32(random.IntN(4))
			if random.IntN(2) == 0 {
				table.Put(key, home, row)
				want[key] = row
			} else {
				table.Remove(key, home, row)
				if old, ok := want[key]; ok && old == row {
					delete(want, key)
				}
			}
			got, found := table.Find(key, home)
			if w, ok := want[key]; found != ok || ok && got != w {
				t.Fatalf("%d: %d %v, not %d %v", key, got, found, w, ok)
			}
		}
		if table.count != len(want) || table.random != c.random {
			t.Errorf("%d keys, not %d; random %v", table.count, len(want), table.random)
		}
		for n := uint64(1); n <= c.keys; n++ {
			key := n * 0x9e3779b97f4a7c15
			w, ok := want[key]
			if got, found := table.Find(key, c.home(n)); found != ok || ok && got != w {
				t.Errorf("%d: %d %v, not %d", key, got, found, w)
			}
		}
	}
}
