package detect

import (
	"testing"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/rule"
)

// TestLossIsOfOneCall: what runs beside a call raises the risk that is shown and that alerts go by, not what is lost by letting this one go: each of the
// others is judged by itself, so that a conference of ten cheap calls is not held to be ten times as dear ten times over.
func TestLossIsOfOneCall(t *testing.T) {
	policy := DefaultPolicy()
	minute := belwacht.Unit * 12 / 100
	for _, c := range []struct {
		name             string
		scope            rule.Scope
		running, elapsed float32
		risk, loss       belwacht.Money
	}{
		{"alone, begins", rule.Notable, 1, 0, 10 * minute, 3*minute + policy.Foothold},
		{"one of ten, begins", rule.Notable, 10, 0, 100 * minute, 3*minute + policy.Foothold},
		{"one of ten, half a minute", rule.Running, 10, 30, 100 * minute, 10 * minute},
		{"one of ten, its first words", rule.Running, 10, 10, 100 * minute, 3 * minute},
		{"one of ten, an hour", rule.Running, 10, 3600, 600 * minute, 60 * minute},
	} {
		v := &rule.View{Scope: c.scope, Price: belwacht.Price{PerMinute: minute, First: 1, Next: 1}}
		v.Values.Running, v.Values.Elapsed = c.running, c.elapsed
		if risk, loss := policy.stakes(v); risk != c.risk || loss != c.loss {
			t.Errorf("%s: risk %v, loss %v, want %v, %v", c.name, risk, loss, c.risk, c.loss)
		}
	}
}
