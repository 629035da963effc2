package again

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// schema begins a snapshot of a running Belwacht: after it stands the position of the last event that the snapshot holds, then the engine's memory.
const schema = "belwacht.live/1"

// syncWithin is how long a snapshot waits until the events that it holds are on disk.
const syncWithin = 10 * time.Second

// Store keeps events. Package store/sqlite has one.
type Store interface {
	Keeper
	LastEvent() uint64
	EventsAfter(ctx context.Context, position uint64, yield func(position uint64, e *belwacht.Event) error) error
	Sync(ctx context.Context) error // returns once what was appended is on disk
}

// Mind is the memory of a running Belwacht: the engine's, and the position in the events that it holds. It is for one goroutine.
type Mind struct {
	Store   Store // nil: events are not kept
	History *History
	// Engine is the one that is written or restored. It is asked for while nothing is judged: a reload may put another in place.
	Engine func() *detect.Engine

	position uint64 // restored
	known    bool   // there was one
}

// Snapshot writes the memory, once the events that it holds are on disk.
func (m *Mind) Snapshot(w io.Writer) error {
	if m.Store == nil {
		return m.Engine().Snapshot(w)
	}
	var b bytes.Buffer
	m.History.mu.Lock()
	position := m.Store.LastEvent()
	err := m.Engine().Snapshot(&b)
	m.History.mu.Unlock()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), syncWithin)
	defer cancel()
	if err := m.Store.Sync(ctx); err != nil { // else the position could be another event's after a crash
		return err
	}
	if _, err := fmt.Fprintf(w, "%s %d\n", schema, position); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}

// Restore reads what Snapshot wrote. The memory that a replay keeps is taken as well: it holds no position.
func (m *Mind) Restore(r io.Reader) error {
	in := bufio.NewReader(r)
	m.known = false
	if head, err := in.Peek(len(schema)); err == nil && string(head) == schema {
		line, err := in.ReadString('\n')
		if err != nil || len(line) > 64 {
			return belwacht.Errorf(belwacht.Invalid, "it is cut off")
		}
		if m.position, err = strconv.ParseUint(strings.TrimSpace(strings.TrimPrefix(line, schema)), 10, 64); err != nil {
			return belwacht.Errorf(belwacht.Invalid, "it names no position in the events")
		}
		m.known = true
	}
	return m.Engine().Restore(in)
}

// Again judges again what came after the restored memory was kept: what was decided then is known, and nothing is carried out. On an error some of it was.
func (m *Mind) Again(ctx context.Context) (*Player, error) {
	p := New(m.Engine())
	if m.Store == nil || !m.known {
		return p, nil
	}
	return p, m.Store.EventsAfter(ctx, m.position, func(_ uint64, ev *belwacht.Event) error {
		p.Event(ev)
		return nil
	})
}
