package count

import "github.com/axiomhq/hyperloglog"

// exact is how many values a Distinct holds one by one before it estimates.
const exact = 64

// Distinct counts different values: exactly up to 64, beyond that by a sketch (HyperLogLog, about 1 % off). The zero Distinct is empty.
// Not safe for concurrent use.
type Distinct struct {
	values []uint64
	sketch *hyperloglog.Sketch
}

// Add counts v.
func (d *Distinct) Add(v uint64) {
	if d.sketch != nil {
		d.sketch.InsertHash(Mix(v))
		return
	}
	if contains(d.values, v) {
		return
	}
	if len(d.values) < exact {
		d.values = append(d.values, v)
		return
	}
	d.sketch = hyperloglog.New14()
	for _, x := range d.values {
		d.sketch.InsertHash(Mix(x))
	}
	d.values = nil
	d.sketch.InsertHash(Mix(v))
}

// Count is how many different values were added.
func (d *Distinct) Count() int {
	if d.sketch != nil {
		return int(d.sketch.Estimate())
	}
	return len(d.values)
}
