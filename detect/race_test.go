package detect

import (
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestConcurrentUse gives an engine events of several organisations from many sides while its memory is kept and its alerts are read.
func TestConcurrentUse(t *testing.T) {
	a, b := dutch(t, belwacht.Enforce, nil), dutch(t, belwacht.Monitor, nil)
	a.Name, b.Name = "a", "b"
	e := engine(t, a, b)
	var wait sync.WaitGroup
	for worker := range 6 {
		wait.Go(func() {
			var out Out
			for i := range 150 {
				out.Reset()
				at, call := monday+belwacht.Instant(i)*belwacht.Second, fmt.Sprint(worker, "-", i)
				ev := try(call, fmt.Sprint(200+i%9), fmt.Sprintf("0025261555%04d", i), at)
				ev.Tenant = []string{"a", "b"}[worker%2]
				if err := e.Handle(&ev, &out); err != nil {
					t.Error(err)
				}
				ev = belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: call, Tenant: ev.Tenant}
				if err := e.Handle(&ev, &out); err != nil {
					t.Error(err)
				}
				switch {
				case i%50 == worker:
					if err := e.Snapshot(io.Discard); err != nil {
						t.Error(err)
					}
				case i%20 == worker:
					_ = e.Alerts()
					_ = e.Feedback(&belwacht.Feedback{ID: call, Time: at, Says: "fine"})
				}
			}
		})
	}
	wait.Wait()
}
