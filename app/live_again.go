package app

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// EventKeeper keeps each event that is judged, in order, and returns at once. Store implements it.
type EventKeeper interface {
	AppendEvent(e *belwacht.Event) (position uint64)
}

// history has every event kept before it is judged, so that a snapshot of the memory knows which of them it holds. Its lock is held for reading while an
// event is kept and judged, and for writing while a snapshot is taken.
type history struct {
	sync.RWMutex
	keep EventKeeper // nil: events are not kept
}

// judge keeps an event and has it judged.
func (h *history) judge(e *detect.Engine, ev *belwacht.Event, out *detect.Out) error {
	h.RLock()
	defer h.RUnlock()
	if h.keep != nil {
		h.keep.AppendEvent(ev)
	}
	return e.Handle(ev, out)
}

// mindSchema begins a snapshot of a running Belwacht: after it stands the position of the last event that the snapshot holds, then the engine's memory.
const mindSchema = "belwacht.live/1"

// syncWithin is how long a snapshot waits until the events that it holds are on disk.
const syncWithin = 10 * time.Second

// mind is the memory of a running Belwacht: the engine's, and the position in the events that it holds. It implements file.Mind.
type mind struct {
	live     *Live
	engine   *detect.Engine // that is restored
	position uint64         // restored
	known    bool           // there was one
}

// Snapshot implements file.Mind.
func (m *mind) Snapshot(w io.Writer) error {
	store := m.live.store
	if store == nil {
		return m.live.engine().Snapshot(w)
	}
	var b bytes.Buffer
	h := &m.live.guard.history
	h.Lock()
	position := store.LastEvent()
	err := m.live.engine().Snapshot(&b) // the one that judges now: a reload may have put another in place
	h.Unlock()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), syncWithin)
	defer cancel()
	if err := store.Sync(ctx); err != nil { // else the position could be another event's after a crash
		return err
	}
	if _, err := fmt.Fprintf(w, "%s %d\n", mindSchema, position); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}

// Restore implements file.Mind. The memory that a replay keeps is taken as well: it holds no position.
func (m *mind) Restore(r io.Reader) error {
	in := bufio.NewReader(r)
	m.known = false
	if head, err := in.Peek(len(mindSchema)); err == nil && string(head) == mindSchema {
		line, err := in.ReadString('\n')
		if err != nil || len(line) > 64 {
			return belwacht.Errorf(belwacht.Invalid, "it is cut off")
		}
		if m.position, err = strconv.ParseUint(strings.TrimSpace(strings.TrimPrefix(line, mindSchema)), 10, 64); err != nil {
			return belwacht.Errorf(belwacht.Invalid, "it names no position in the events")
		}
		m.known = true
	}
	return m.engine.Restore(in)
}

// again judges again what came after the memory was kept: what was decided then is known, and nothing is carried out.
func (m *mind) again(ctx context.Context) {
	store := m.live.store
	if store == nil || !m.known {
		return
	}
	var out detect.Out
	n, foreign := 0, 0
	begin := time.Now()
	err := store.EventsAfter(ctx, m.position, func(_ uint64, ev *belwacht.Event) error {
		out.Reset()
		if m.engine.Handle(ev, &out) != nil {
			foreign++
			return nil
		}
		n++
		return nil
	})
	if err != nil {
		m.live.log.Error("not all that came after the memory was kept could be judged again", "event", "memory.again-failed", "events", n, "error", err)
		return
	}
	if n+foreign > 0 {
		m.live.log.Info("what came after the memory was kept was judged again", "event", "memory.again", "events", n, "of_others", foreign, "milliseconds", time.Since(begin).Milliseconds())
	}
}
