package doctor

import "syscall"

// What adjtimex(2) says of a clock that nobody keeps: the state TIME_ERROR, or STA_UNSYNC in its status.
const (
	timeError  = 5
	staUnsync  = 0x0040
	timeFailed = -1
)

// synchronised asks the kernel.
func synchronised() (yes, known bool) {
	var t syscall.Timex
	state, err := syscall.Adjtimex(&t)
	if err != nil || state == timeFailed {
		return false, false
	}
	return state != timeError && t.Status&staUnsync == 0, true
}
