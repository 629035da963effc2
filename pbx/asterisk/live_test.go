package asterisk

import (
	"cmp"
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
)

// ender ends each call abroad as soon as it is told of it, and keeps how long that took.
type ender struct {
	*hear
	feed *Feed
	wait time.Duration // before it ends a call
	wg   sync.WaitGroup
	took chan time.Duration
}

func (e *ender) Event(ev *belwacht.Event) {
	e.hear.Event(ev)
	if ev.Kind != belwacht.EventAttempt || ev.Direction != belwacht.Out {
		return
	}
	key := ev.Call
	e.wg.Go(func() {
		time.Sleep(e.wait)
		began := time.Now()
		if e.feed.End(context.Background(), key) == nil {
			e.took <- time.Since(began)
		}
	})
}

// TestLive feeds on a real Asterisk whose manager interface BELWACHT_AMI names (user watcher of its recordings, rights as in doc.go), for as long as
// BELWACHT_AMI_SECONDS says, and ends each call that leaves the house, BELWACHT_AMI_WAIT seconds after it was told: within a second.
func TestLive(t *testing.T) {
	address := os.Getenv("BELWACHT_AMI")
	if address == "" {
		t.Skip("BELWACHT_AMI does not name the manager interface of an Asterisk")
	}
	seconds := func(name string) time.Duration {
		d, _ := time.ParseDuration(os.Getenv(name) + "s")
		return d
	}
	length := cmp.Or(seconds("BELWACHT_AMI_SECONDS"), 10*time.Second)
	e := &ender{hear: newHear(), wait: seconds("BELWACHT_AMI_WAIT"), took: make(chan time.Duration, 1024)}
	e.feed = newFeed(t, address, e)
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	if err := e.feed.Run(ctx); err != nil {
		t.Fatal(err)
	}
	e.wg.Wait()
	close(e.took)
	t.Logf("%s\n%+v", show(e.all()), e.feed.State())
	n := 0
	for d := range e.took {
		n++
		t.Logf("ended in %s", d)
		if d > time.Second {
			t.Errorf("a call was ended in %s, over a second", d)
		}
	}
	if n == 0 {
		t.Error("no call was ended; were there any?")
	}
}
