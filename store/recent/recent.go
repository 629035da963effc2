// Package recent remembers the decisions of late in memory, so that a person who was told a code can be told why: the newest [Most], found by the call's ID or by
// the decision's reference. What must last longer is the store's.
package recent

import (
	"strings"
	"sync"

	"github.com/belwacht/belwacht"
)

// Most is how many decisions are remembered.
const Most = 20000

// Decisions are those of late. They are safe for concurrent use.
type Decisions struct {
	mu   sync.Mutex
	ring []belwacht.Decision
	next int
	at   map[string][]int // by ID and by reference: where in ring
}

// New remembers nothing yet.
func New() *Decisions { return &Decisions{at: make(map[string][]int)} }

// Keep remembers a copy of a decision, in place of the oldest where there are Most.
func (r *Decisions) Keep(d *belwacht.Decision) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := r.next
	r.next = (r.next + 1) % Most
	if i < len(r.ring) {
		r.forget(r.ring[i].ID)
		r.forget(reference(r.ring[i].Reference))
		r.ring[i] = *d
	} else {
		r.ring = append(r.ring, *d)
	}
	r.at[d.ID] = append(r.at[d.ID], i)
	if d.Reference != "" {
		k := reference(d.Reference)
		r.at[k] = append(r.at[k], i)
	}
}

// forget takes the oldest place of a key out: the ring forgets in the order in which it kept.
func (r *Decisions) forget(k string) {
	if list := r.at[k]; len(list) > 1 {
		r.at[k] = list[1:]
	} else {
		delete(r.at, k)
	}
}

// reference is a reference as it is looked up: people read it out as they like. No ID has its form.
func reference(code string) string { return "\x00" + strings.ToUpper(strings.TrimSpace(code)) }

// Find is what is remembered of a call, by its ID or by a decision's reference: all decisions on the call, told, oldest first.
func (r *Decisions) Find(id string) []belwacht.Decision {
	r.mu.Lock()
	list := r.at[id]
	if len(list) == 0 {
		if by := r.at[reference(id)]; len(by) > 0 {
			list = r.at[r.ring[by[len(by)-1]].ID]
		}
	}
	out := make([]belwacht.Decision, 0, len(list))
	for _, i := range list {
		out = append(out, r.ring[i])
	}
	r.mu.Unlock()
	for i := range out {
		out[i].Tell()
	}
	return out
}
