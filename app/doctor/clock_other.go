//go:build !linux

package doctor

// synchronised is not known here.
func synchronised() (yes, known bool) { return false, false }
