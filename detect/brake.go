package detect

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/calendar"
	"github.com/belwacht/belwacht/count"
	"github.com/belwacht/belwacht/rule"
)

// night is what one trunk has spent, from noon to noon, on numbers that fall under the brake.
type night struct {
	day   int32
	ended belwacht.Money // by calls that ended
	runs  map[uint64]brakeRun
}

// trunksMost bounds the trunks that the brake watches: a PBX has a few, a stranger may name many.
const trunksMost = 1 << 12

type brakeRun struct {
	price    belwacht.Price
	answered belwacht.Instant
}

// brakes says whether a call falls under the brake: premium, personal, satellite, networks, and countries new to the tenant. Premium
// numbers at home count at night only: by day a hundred people reach the sum with customer services.
func (s *shard) brakes(v *rule.View) bool {
	if v.Country == s.tenant.Numbers.Country() || !v.Novel && v.Own.NumberN >= 3 {
		return false // home, or the account's own habit
	}
	if v.Country == rule.Services() {
		return !v.Open && !v.Daytime
	}
	return v.Class.Costly() || v.Country.Index() != 0 && v.House.CountryN == 0
}

// braked says whether the trunk has spent its night's sum on such numbers. It acts in every mode.
func (s *shard) braked(v *rule.View, trunk string, m *calendar.Moment) bool {
	if s.tenant.Policy.BrakeOff || !s.brakes(v) {
		return false
	}
	n := s.brake[trunk]
	if n == nil {
		return false
	}
	n.roll(m.Night())
	sum := n.ended
	for _, r := range n.runs {
		sum += r.price.Cost(max(v.At.Seconds(r.answered), 0))
	}
	if v.Open || !v.HasHours && v.Daytime {
		return sum >= byDay*s.tenant.Policy.Brake
	}
	return sum >= s.tenant.Policy.Brake
}

// byDay is how many times the night's sum may be spent while people are at work and look: by day a campaign or a new customer abroad costs
// more than a night's calls, and stopping it by mistake costs more too.
const byDay = 4

func (n *night) roll(day int32) {
	if n.day != day {
		n.day, n.ended = day, 0
	}
}

// brakeStarts counts an answered call under the brake as one that runs.
func (s *shard) brakeStarts(r *running, c *count.Slot) {
	if r.view == nil || !s.brakes(r.view) {
		return
	}
	n := s.brake[r.trunk]
	if n == nil {
		if len(s.brake) >= trunksMost {
			return
		}
		n = &night{runs: make(map[uint64]brakeRun)}
		s.brake[r.trunk] = n
	}
	n.runs[c.Key] = brakeRun{c.Price, c.Answered}
	r.braked = true
}

// spend books an ended call at the brake.
func (s *shard) spend(r *running, c *count.Slot, at belwacht.Instant, talk int64) {
	if !r.braked {
		return
	}
	n := s.brake[r.trunk]
	delete(n.runs, c.Key)
	r.braked = false
	m := s.moment(at)
	n.roll(m.Night())
	n.ended += c.Price.Cost(talk)
}
