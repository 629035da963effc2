package count

import (
	"math"

	"github.com/belwacht/belwacht"
)

// delaySteps is how many steps delays are told apart in: each a tenth longer than the one before, from 100 ms to two weeks.
const delaySteps = 172

// firstDelay is the end of the first step.
const firstDelay = 100 * belwacht.Second / 1000

// Delays measures delays over the last hour, in minutes that expire one by one. The median and the 95th percentile err by at most a tenth,
// upwards; the worst is exact. It takes 42 KB whatever comes. The zero Delays is ready. Not safe for concurrent use.
type Delays struct {
	minutes [60]delayMinute
}

// delayMinute is what one minute saw.
type delayMinute struct {
	minute int64
	worst  belwacht.Instant
	steps  [delaySteps]uint32
}

// Add notes a delay seen at now. One below 0, from clocks that disagree, is taken as 0.
func (d *Delays) Add(now, delay belwacht.Instant) {
	m := int64(now / belwacht.Minute)
	one := &d.minutes[uint64(m)%60]
	if one.minute != m {
		*one = delayMinute{minute: m}
	}
	delay = max(delay, 0)
	one.worst = max(one.worst, delay)
	one.steps[delayStep(delay)]++
}

// delayStep is the step of a delay.
func delayStep(delay belwacht.Instant) int {
	if delay <= firstDelay {
		return 0
	}
	return min(int(math.Ceil(math.Log(float64(delay)/float64(firstDelay))/math.Log(1.1))), delaySteps-1)
}

// Last says what the hour before now saw.
func (d *Delays) Last(now belwacht.Instant) belwacht.Delay {
	var sum [delaySteps]int64
	var r belwacht.Delay
	m := int64(now / belwacht.Minute)
	for i := range d.minutes {
		one := &d.minutes[i]
		if one.minute <= m-60 || one.minute > m {
			continue
		}
		r.Worst = max(r.Worst, one.worst)
		for k, n := range one.steps {
			sum[k] += int64(n)
			r.Count += int64(n)
		}
	}
	r.Median, r.P95 = quantile(&sum, (r.Count+1)/2, r.Worst), quantile(&sum, (r.Count*95+99)/100, r.Worst)
	return r
}

// quantile is the end of the step in which the rank-th delay lies, from 1, and never above the worst.
func quantile(sum *[delaySteps]int64, rank int64, worst belwacht.Instant) belwacht.Instant {
	var below int64
	for k, n := range sum {
		if below += n; below >= rank {
			return min(belwacht.Instant(math.Ceil(float64(firstDelay)*math.Pow(1.1, float64(k)))), worst)
		}
	}
	return worst
}
