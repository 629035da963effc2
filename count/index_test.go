package count

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestIndex plays additions and removals beside a Go map: names short and long, some with one beginning, in a shard that is always full.
func TestIndex(t *testing.T) {
	s := NewShard(Config{Accounts: 100})
	r := rand.New(rand.NewPCG(1, 2))
	beside := map[string]uint32{}
	for n := range 50_000 {
		name := fmt.Sprint(r.IntN(250))
		switch r.IntN(3) {
		case 0:
			name = "a long name that differs only behind its beginning " + name
		case 1:
			name += "exactly fifteen"[len(name):]
		}
		i, fresh, evicted := s.Index(name, uint32(n))
		want, known := beside[name]
		if known == fresh || known && want != i || s.Name(i) != name {
			t.Fatalf("%d: %q has place %d, fresh %v; it was known %v at %d", n, name, i, fresh, known, want)
		}
		if evicted {
			for other, at := range beside {
				if at == i {
					delete(beside, other)
				}
			}
		}
		beside[name] = i
		if n%100 == 0 {
			for other, at := range beside {
				if got, ok := s.Lookup(other); !ok || got != at {
					t.Fatalf("%d: %q is lost", n, other)
				}
			}
		}
		if len(beside) != s.index.n {
			t.Fatalf("%d: %d names, %d in the index", n, len(beside), s.index.n)
		}
	}
	if s.Evicted == 0 {
		t.Error("nothing was evicted")
	}
}

// TestLabels: a label is the first fifteen bytes of a name and its length, whatever that is.
func TestLabels(t *testing.T) {
	const name = "abcdefghijklmnopqrstuvw"
	for n := range len(name) {
		var want label
		if copy(want[:15], name[:n]); n > 15 {
			want[15] = long
		} else {
			want[15] = byte(n)
		}
		if got := labelOf(name[:n]); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
