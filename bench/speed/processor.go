package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// ticks is how many clock ticks Linux counts a second in /proc (USER_HZ, the same on every platform that Go runs on).
const ticks = 100

// ownSeconds is the processor time that this process has used, user and system, all threads.
func ownSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return seconds(&u)
}

func seconds(u *syscall.Rusage) float64 { return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9 }

// secondsOf is the processor time that another process has used, from its line in /proc (proc(5): utime and stime are fields 14 and 15).
func secondsOf(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	user, err := strconv.ParseFloat(string(fields[11]), 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseFloat(string(fields[12]), 64)
	return (user + system) / ticks, err
}

// spent is what a program that ended used.
type spent struct {
	seconds float64 // of processor time
	peak    float64 // bytes of memory
}

// spentBy reads what a process that was waited for used (getrusage(2): maxrss is in kilobytes on Linux).
func spentBy(p *os.ProcessState) (spent, error) {
	u, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return spent{}, fmt.Errorf("this system does not say what a process used; the bench runs on Linux")
	}
	return spent{seconds(u), float64(u.Maxrss) * 1024}, nil
}

// threadSeconds is the processor time of the calling thread (getrusage(2), RUSAGE_THREAD).
func threadSeconds() float64 {
	const thread = 1
	var u syscall.Rusage
	if syscall.Getrusage(thread, &u) != nil {
		return 0
	}
	return seconds(&u)
}
