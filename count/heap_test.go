package count

import (
	"math/rand/v2"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestHeap takes items out of a heap in the order of their moments, and of equal moments by their order, while others come in.
func TestHeap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var h Heap[uint64]
	type one struct {
		at    belwacht.Instant
		order uint64
	}
	held := map[one]bool{}
	for n := uint64(1); n < 20_000; n++ {
		if len(h) == 0 || n < 10_000 && random.IntN(3) > 0 {
			u := one{belwacht.Instant(random.IntN(50)), n}
			h.Push(u.at, u.order, n)
			held[u] = true
			continue
		}
		next := one{h[0].At, h[0].Order}
		for u := range held {
			if u.at < next.at || u.at == next.at && u.order < next.order {
				t.Fatalf("%v is before %v", u, next)
			}
			if len(held) > 200 && random.IntN(100) == 0 {
				break // one look at all of them costs too much
			}
		}
		if got := h.Pop(); got != next.order || !held[next] {
			t.Fatalf("%d comes out, not %v", got, next)
		}
		delete(held, next)
	}
}
