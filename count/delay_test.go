package count

import (
	"testing"

	"github.com/belwacht/belwacht"
)

func TestDelays(t *testing.T) {
	const noon = 500_000 * belwacht.Hour
	var d Delays
	if got := d.Last(noon); got != (belwacht.Delay{}) {
		t.Errorf("nothing seen: %+v", got)
	}
	d.Add(noon-2*belwacht.Hour, 9*belwacht.Hour) // has expired
	d.Add(noon, -5*belwacht.Second)
	for i := range belwacht.Instant(98) {
		d.Add(noon-i*belwacht.Second*30, 2*belwacht.Second)
	}
	d.Add(noon-59*belwacht.Minute, 300*belwacht.Second)
	got := d.Last(noon)
	if got.Count != 100 || got.Worst != 300*belwacht.Second {
		t.Errorf("count and worst: %+v", got)
	}
	for name, v := range map[string]belwacht.Instant{"median": got.Median, "p95": got.P95} {
		if v < 2*belwacht.Second || v > 2200 {
			t.Errorf("%s is %d ms of 2 s", name, v)
		}
	}
	if got := d.Last(noon + 2*belwacht.Minute); got.Worst > 3*belwacht.Second || got.Count != 99 {
		t.Errorf("what is older than an hour still counts: %+v", got)
	}
	d.Add(noon, 1<<50)
	if got := d.Last(noon); got.Worst != 1<<50 {
		t.Errorf("a delay beyond all steps: %+v", got)
	}
}
