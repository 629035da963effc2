package recent

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestDecisions: found by ID and by reference as people read it out, and the oldest go.
func TestDecisions(t *testing.T) {
	r := New()
	for i := range Most + 10 {
		r.Keep(&belwacht.Decision{ID: fmt.Sprint(i / 2), Reference: fmt.Sprintf("R%dX", i)})
	}
	last := fmt.Sprint((Most + 9) / 2)
	for id, want := range map[string]int{"0": 0, "4": 0, "5": 2, last: 2, fmt.Sprintf(" r%dx", Most+9): 2, "R9X": 0, "R10X": 2, "": 0, "x": 0} {
		if got := r.Find(id); len(got) != want {
			t.Errorf("%q: %+v", id, got)
		}
	}
	if len(r.ring) != Most || len(r.at) != Most+Most/2 {
		t.Errorf("%d decisions by %d names", len(r.ring), len(r.at))
	}
	if got := r.Find(last); got[0].Reference >= got[1].Reference {
		t.Errorf("%+v", got)
	}
}
