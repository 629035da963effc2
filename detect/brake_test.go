package detect

import (
	"fmt"
	"testing"

	"github.com/belwacht/belwacht"
)

// TestTheBrake counts by night and by trunk, acts in every mode, on what runs as well, and not where it is switched off.
func TestTheBrake(t *testing.T) {
	night := monday + 14*belwacht.Hour // 23:00
	for _, mode := range []belwacht.Mode{belwacht.Learn, belwacht.Monitor, belwacht.Enforce} {
		for _, off := range []bool{false, true} {
			e := silent(t, dutch(t, mode, priced(t, func(t *Tenant) { t.Policy.Brake, t.Policy.BrakeOff = 20*belwacht.Unit, off })))
			n := 0
			call := func(to, trunk string, at belwacht.Instant, talk int64) (refused bool) {
				n++
				ev := try(fmt.Sprint("c", n), "212", to, at)
				ev.Trunk = trunk
				for _, d := range handle(t, e, ev) {
					if d.ID == ev.Call && d.Word == belwacht.Refuse {
						refused = true
						if d.Cause != "brake.night" || !d.Enforced {
							t.Errorf("%v: %s, enforced %v", mode, d.Cause, d.Enforced)
						}
					}
				}
				if refused {
					return true
				}
				handle(t, e, belwacht.Event{Kind: belwacht.EventAnswer, Time: at, Call: ev.Call})
				handle(t, e, belwacht.Event{Kind: belwacht.EventEnd, Time: at + belwacht.Instant(talk)*belwacht.Second, Call: ev.Call, Talk: talk, Disposition: belwacht.Answered})
				return false
			}
			sum := 0
			for i := range 30 { // € 2.40 each, each to a network of its own kind, so that nothing becomes known
				if call(fmt.Sprintf("008816%d1%06d", i%4, i*7919), "a", night+belwacht.Instant(i)*3*belwacht.Minute, 120) {
					sum++
				}
			}
			if off != (sum == 0) || !off && sum < 10 {
				t.Errorf("%v, off %v: %d of 30 refused", mode, off, sum)
			}
			if off {
				continue
			}
			for _, c := range []struct {
				name, to, trunk string
				at              belwacht.Instant
				want            bool
			}{
				{"the same trunk an hour later", "00881621999999", "a", night + 3*belwacht.Hour, true},
				{"at home", "0201234567", "a", night + 3*belwacht.Hour + belwacht.Minute, false},
				{"another trunk", "00881631999998", "b", night + 3*belwacht.Hour + 2*belwacht.Minute, false},
				{"in the morning", "00881621999997", "a", night + 8*belwacht.Hour, true},
				{"the next night", "00881631999996", "a", night + belwacht.Day, false},
			} {
				if got := call(c.to, c.trunk, c.at, 5); got != c.want {
					t.Errorf("%v, %s: refused %v, want %v", mode, c.name, got, c.want)
				}
			}
		}
	}
}
