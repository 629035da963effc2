package main

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/detect"
)

// snapshots are how often the memory is copied for the figure.
const snapshots = 15

// remembering prints how long the events of an organisation of 5,000 extensions wait while its memory is copied for a snapshot: of each snapshot the longest wait
// of an event counts. Writing to the disk keeps nobody.
func remembering(*options) error {
	o, err := newOffice()
	if err != nil {
		return err
	}
	o.tenant.Memory = count.Config{} // as a guard has it
	c := o.crowd(officeSize)
	e, err := c.engine()
	if err != nil {
		return err
	}
	n, err := c.live(e, historyMost)
	if err != nil {
		return err
	}
	note("%d accounts have lived: %d calls", len(c.names), n)
	stream := c.stream(measuredMost)
	var waits, takes []time.Duration
	var copying []float64 // seconds of the processor
	size := 0
	for range snapshots {
		var b bytes.Buffer
		b.Grow(size) // as after the first snapshot
		var over atomic.Bool
		failed := make(chan error, 1)
		begin := time.Now()
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			before := threadSeconds()
			write := e.Still()
			copying = append(copying, threadSeconds()-before)
			failed <- write(&b)
			over.Store(true)
		}()
		wait, rest, err := longest(e, stream, &over)
		if err == nil {
			err = <-failed
		}
		if err != nil {
			return err
		}
		waits, takes, stream, size = append(waits, wait), append(takes, time.Since(begin)), rest, b.Len()
	}
	slices.Sort(waits)
	slices.Sort(takes)
	note("a memory of %.1f MB, copied in %.0f ms; the longest wait of all is %.1f ms", float64(size)/1e6, takes[len(takes)/2].Seconds()*1e3, waits[len(waits)-1].Seconds()*1e3)
	slices.Sort(copying)
	asked(fmt.Sprintf("memory-%d-copy", officeSize), copying[len(copying)/2]*1e3, "cpu-ms", 20, true).print()
	asked(fmt.Sprintf("memory-%d-wait", officeSize), waits[len(waits)/2].Seconds()*1e3, "ms", 20, true).print()
	return nil
}

// longest plays a stream to an engine, an event a quarter of a millisecond, and gives the longest that one waited until something is over.
func longest(e *detect.Engine, stream []belwacht.Event, over *atomic.Bool) (wait time.Duration, rest []belwacht.Event, err error) {
	var out detect.Out
	for i := range stream {
		if over.Load() {
			return wait, stream[i:], nil
		}
		out.Reset()
		begin := time.Now()
		if err := e.Handle(&stream[i], &out); err != nil {
			return 0, nil, err
		}
		wait = max(wait, time.Since(begin))
		time.Sleep(250 * time.Microsecond)
	}
	return 0, nil, belwacht.Errorf(belwacht.Internal, "the stream is too short")
}
