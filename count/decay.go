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
	return d.faded(now, halfLife)
}

// faded is Value where something has faded; it stands apart so that Value is no call where nothing has.
func (d *Decay) faded(now uint32, halfLife float32) float32 {
	age := float32(now-d.at) / halfLife
	if age > 30 {
		return 0
	}
	x := -float64(age)
	return d.value * float32(power(x, int(x-0.5)))
}

// Exp2 is math.Exp2, to the last bit where that has no assembly, in half the time where the result is not so great or small that its scale
// needs care: every call asks for several.
func Exp2(x float64) float64 {
	if !(x > -1000 && x < 1000) {
		return math.Exp2(x)
	}
	k := int(x + 0.5)
	if x < 0 {
		k = int(x - 0.5)
	}
	return power(x, k)
}

// power is 2 to the power of x, of which k is the nearest whole number.
func power(x float64, k int) float64 {
	const (
		hi, lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10 // ln 2 in two parts
		p1, p2 = 1.66666666666666657415e-01, -2.77777777770155933842e-03
		p3, p4 = 6.61375632143793436117e-05, -1.65339022054652515390e-06
		p5     = 4.13813679705723846039e-08
	)
	t := x - float64(k)
	h, l := t*hi, -t*lo
	r := h - l
	t = r * r
	c := r - t*(p1+t*(p2+t*(p3+t*(p4+t*p5))))
	return (1 - ((l - (r*c)/(2-c)) - h)) * math.Float64frombits(uint64(k+1023)<<52)
}
