package count

import "math"

// Decay is a sum that halves with time: what happened a half-life ago counts half. It needs eight bytes and has no cliff at any age.
// The zero Decay is empty. Not safe for concurrent use.
type Decay struct {
	value float32
	at    uint32 // seconds
}

// Add adds v at now (seconds) with the given half-life in seconds.
func (d *Decay) Add(now uint32, v, halfLife float32) {
	d.value = d.Value(now, halfLife) + v
	d.at = max(d.at, now)
}

// Value is the sum at now.
func (d *Decay) Value(now uint32, halfLife float32) float32 {
	if d.value == 0 || now <= d.at {
		return d.value
	}
	age := float32(now-d.at) / halfLife
	if age > 30 {
		return 0
	}
	return d.value * float32(math.Exp2(-float64(age)))
}

// Clear empties the sum.
func (d *Decay) Clear() { *d = Decay{} }
