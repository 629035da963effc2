package alert

import (
	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/count"
)

// Reference is a code of six signs that are not mistaken for each other over the telephone.
func Reference(n uint32, at belwacht.Instant) string {
	const signs = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	h := count.Mix(uint64(n)<<32 ^ uint64(at))
	var b [6]byte
	for i := range b {
		b[i] = signs[h&31]
		h >>= 5
	}
	return string(b[:])
}
