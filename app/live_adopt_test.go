package app

import (
	"bytes"
	"slices"
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/detect"
)

// TestAdopt: what an engine learned elsewhere becomes the guard's, what is in force stays so, and once a call was judged here nothing is adopted any more.
func TestAdopt(t *testing.T) {
	dir := folder(t)
	c := settings(t, dir, "monitor", onePBX)
	h := begin(t, dir, c)
	if err := h.Lock(t.Context(), &belwacht.InForce{Kind: belwacht.KindLock, Subject: "300", Who: "anna", Why: "test"}); err != nil {
		t.Fatal(err)
	}
	elsewhere, err := c.LiveEngine(nil)
	if err != nil {
		t.Fatal(err)
	}
	learn(t, elsewhere)
	var memory bytes.Buffer
	if err := elsewhere.Snapshot(&memory); err != nil {
		t.Fatal(err)
	}
	kept := memory.Bytes()
	if n := len(h.engine().Alerts()); n != 0 {
		t.Fatalf("%d alerts before", n)
	}
	if err := h.Adopt(bytes.NewReader(kept)); err != nil {
		t.Fatal(err)
	}
	if got := h.engine().Locks(""); !slices.Equal(got, []string{"300"}) {
		t.Errorf("locked are %v: what is in force here stays, and what was in force there is not", got)
	}
	var after bytes.Buffer
	if err := h.engine().Snapshot(&after); err != nil {
		t.Fatal(err)
	}
	if after.Len() < len(kept)/2 {
		t.Errorf("its memory has %d bytes, and what was learned %d", after.Len(), len(kept))
	}
	if err := h.Adopt(bytes.NewReader([]byte("no memory"))); err == nil {
		t.Error("what is no memory is adopted")
	}
	if _, err := h.ask("c1", "0201234567"); err != nil {
		t.Fatal(err)
	}
	if err := h.Adopt(bytes.NewReader(kept)); belwacht.CodeOf(err) != belwacht.Invalid {
		t.Errorf("after a call was judged: %v", err)
	}
}

// learn has an engine learn of many accounts' calls, and locks one.
func learn(t *testing.T, e *detect.Engine) {
	t.Helper()
	if err := e.Lock("", "212", true); err != nil {
		t.Fatal(err)
	}
	r := detect.NewReplay(e, detect.ReplayConfig{})
	at := belwacht.Instant(1_790_000_000_000)
	for i := range 500 {
		c := belwacht.Call{ID: "x" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Account: "2" + string(rune('0'+i%10)) + string(rune('0'+i/10%10)), Dialled: "0201234567", Start: at, Answer: at + 1000, End: at + 60_000}
		if err := r.Add(&c); err != nil {
			t.Fatal(err)
		}
		at += 30 * belwacht.Minute
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
}
