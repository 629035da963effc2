package count

import (
	"math/rand/v2"
	"testing"
)

// TestCalls plays additions and removals beside a Go map.
func TestCalls(t *testing.T) {
	c, beside := newCalls(), map[uint64]uint32{}
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 200_000 {
		key := uint64(r.IntN(1+n/100) + 1)
		slot, ok := c.find(key)
		if want, known := beside[key]; ok != known || ok && slot != want {
			t.Fatalf("%d: key %d has slot %d, %v, not %d, %v", n, key, slot, ok, want, known)
		}
		if ok {
			c.drop(key)
			delete(beside, key)
		} else {
			c.add(key, uint32(n))
			beside[key] = uint32(n)
		}
		if c.n != len(beside) {
			t.Fatalf("%d: %d keys, not %d", n, c.n, len(beside))
		}
	}
}
