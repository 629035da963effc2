package count

import (
	"fmt"
	"strings"
	"testing"
)

// TestNames does the same to Names and to a map; names are short, long, and long ones that begin alike.
func TestNames(t *testing.T) {
	m, want := NewNames[int](), map[string]int{}
	name := func(i int) string {
		if i%3 == 0 {
			return strings.Repeat("a", 20) + fmt.Sprint(i)
		}
		return fmt.Sprint("u", i)
	}
	check := func() {
		t.Helper()
		for i := range 6000 { // each twice: the second time it may stand in a spot
			n := name(i / 2)
			w, known := want[n]
			if v := m.Get(n); (v != nil) != known || known && *v != w || v != m.Get(n) {
				t.Fatalf("%s is %v, not %d (%v)", n, v, w, known)
			}
		}
	}
	check()
	var first *int
	for i := range 2000 {
		v, own := m.Put(name(i))
		if *v = i; own != name(i) {
			t.Fatalf("%q became %q", name(i), own)
		}
		if want[name(i)] = i; i == 0 {
			first = v
		}
		if i%500 == 0 {
			check()
		}
	}
	if check(); first != m.Get(name(0)) {
		t.Error("a value has moved")
	}
	n := 0
	for own, v := range m.All {
		if own != name(n) || *v != n {
			t.Errorf("%d. is %s, %d", n, own, *v)
		}
		n++
	}
	if n != 2000 || m.Len() != n {
		t.Errorf("%d names, Len %d", n, m.Len())
	}
}
