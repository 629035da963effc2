package asterisk

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/belwacht/belwacht"
)

// breaking is a sink with a fault that the first attempt brings out.
type breaking struct {
	*hear
	broke bool
}

func (b *breaking) Event(ev *belwacht.Event) {
	if ev.Kind == belwacht.EventAttempt && !b.broke {
		b.broke = true
		panic("a fault of the sink")
	}
	b.hear.Event(ev)
}

// TestFault: an event that brings out a fault of ours, in who takes it or in who reads it, ends neither the feed nor the process.
func TestFault(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *Feed, p *pbx, h *hear) {
		f.sink = &breaking{hear: h}
		s := p.accept(t)
		s.write(newCaller + newTrunk + dialTrunk)
		synctest.Wait()
		if len(numbers(h)) != 0 {
			t.Fatal("the sink did not break")
		}
		s.write(dials("00441632960000", "00441632960000@trunk", "5"))
		synctest.Wait()
		if got := numbers(h); got != "00441632960000" {
			t.Errorf("afterwards %q was heard", got)
		}
		f.mu.Lock()
		board := f.board.calls
		f.board.calls = nil // whoever keeps a call breaks now
		f.mu.Unlock()
		s.write(dials("00441632960001", "00441632960001@trunk", "7"))
		synctest.Wait()
		f.mu.Lock()
		f.board.calls = board
		f.mu.Unlock()
		s = p.accept(t) // a new connection
		another := strings.NewReplacer("PJSIP/201-00000001", "PJSIP/201-00000011", theCall, "1795532036.1")
		s.write(another.Replace(newCaller + dials("00441632960002", "00441632960002@trunk", "9")))
		synctest.Wait()
		if got := numbers(h); got != "00441632960000 00441632960002" {
			t.Errorf("after a fault of reading %q was heard", got)
		}
	})
}
