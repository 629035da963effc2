package count

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// TestExp2 holds it to the standard library's, bit for bit where that is not written in assembly.
func TestExp2(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the standard library's is written in assembly on", runtime.GOARCH)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 2_000_000 {
		x := (r.Float64() - 0.5) * []float64{1e-9, 0.1, 2, 30, 2500}[i%5]
		if i%7 == 0 {
			x = math.Round(x*2) / 2
		}
		if got, want := Exp2(x), math.Exp2(x); got != want {
			t.Fatalf("2^%v is %v, not %v", x, got, want)
		}
	}
}
