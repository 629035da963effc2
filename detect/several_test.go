package detect

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestGatherSeveral: while the calls of one organisation run, another's are gathered and read ahead; accounts are not looked for in the wrong one.
func TestGatherSeveral(t *testing.T) {
	e := two(t)
	r := NewReplay(e, ReplayConfig{Gather: true})
	at := belwacht.Instant(1780000000) * belwacht.Second
	add := func(tenant string, i int, talk belwacht.Instant) {
		at += belwacht.Second / 10
		c := belwacht.Call{ID: fmt.Sprint(tenant, i), Tenant: tenant, Direction: belwacht.Out, Account: fmt.Sprint("x", i), Dialled: "0201234567", Start: at, Answer: at + belwacht.Second,
			End: at + talk*belwacht.Second, Talk: int64(talk) - 1}
		if err := r.Add(&c); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2000 {
		add("a", i, 1)
	}
	at += 10 * belwacht.Second
	for i := range 480 {
		add("a", 1500+i%400, 100)
	}
	at += 50 * belwacht.Second
	for i := range 1000 {
		add("b", i%5, 100)
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
}
