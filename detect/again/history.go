package again

import (
	"sync"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// Keeper keeps each event that is judged, in order, and returns at once.
type Keeper interface {
	AppendEvent(e *belwacht.Event) (position uint64)
}

// History has every event kept before it is judged, so that a snapshot of the memory knows which of them it holds. Its methods are safe for concurrent use.
type History struct {
	keep Keeper
	mu   sync.RWMutex // held for reading while an event is kept and judged, for writing while a snapshot is taken
}

// NewHistory makes one. Where keep is nil events are not kept.
func NewHistory(keep Keeper) *History { return &History{keep: keep} }

// Judge keeps an event and has it judged.
func (h *History) Judge(e *detect.Engine, ev *belwacht.Event, out *detect.Out) error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.handle(e, ev, out)
}

// Decree is Judge for what changes how others are judged: none of them is being judged meanwhile, so that they are in the order in which they are kept.
func (h *History) Decree(e *detect.Engine, ev *belwacht.Event, out *detect.Out) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.handle(e, ev, out)
}

func (h *History) handle(e *detect.Engine, ev *belwacht.Event, out *detect.Out) error {
	if h.keep != nil {
		h.keep.AppendEvent(ev)
	}
	return e.Handle(ev, out)
}
