package ask

import (
	"net/netip"
	"syscall"
	"testing"
	"time"
)

func (p *pbx) addr() netip.Addr { return netip.IPv6Loopback() }

// perCPU runs a benchmark and reports how often it ran for each second of processor time.
func perCPU(b *testing.B, run func()) {
	b.Helper()
	before := cpu(b)
	for b.Loop() {
		run()
	}
	b.ReportMetric(float64(b.N)/(cpu(b)-before).Seconds(), "verdicts/cpu-s")
}

// cpu is the processor time that the process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
