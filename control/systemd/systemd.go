// Package systemd tells the systemd that started this process how it is: that it is ready, reloads, stops, and that it is alive (sd_notify(3),
// sd_watchdog_enabled(3)). Where no systemd did, it says nothing and costs nothing.
package systemd

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Supervisor is the systemd that started this process, where one did. It is safe for concurrent use.
type Supervisor struct {
	socket   string
	watchdog time.Duration // 0 = none
}

// idle is how often is looked where no watchdog wants to know.
const idle = 5 * time.Second

// What it is told.
const (
	Ready    = "READY=1"
	Stopping = "STOPPING=1"
	Alive    = "WATCHDOG=1" // only where a watchdog wants to know
)

// New finds it by the environment; getenv is os.Getenv.
func New(getenv func(string) string) *Supervisor {
	s := &Supervisor{socket: getenv("NOTIFY_SOCKET")}
	if pid := getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return s
	}
	if us, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
		s.watchdog = time.Duration(us) * time.Microsecond
	}
	return s
}

// Beat is how often the watchdog is told that all is well: twice as often as it asks.
func (s *Supervisor) Beat() time.Duration {
	if s.watchdog == 0 {
		return idle
	}
	return max(s.watchdog/2, 10*time.Millisecond)
}

// Reloading is what says that a reload has begun: systemd wants to know when by the clock that never jumps.
func (s *Supervisor) Reloading() string {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return "RELOADING=1"
	}
	return fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", t.Nano()/1000)
}

// Say tells it.
func (s *Supervisor) Say(log *slog.Logger, what string) {
	if s.socket == "" || what == Alive && s.watchdog == 0 {
		return
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"}) // a name with @ is abstract in Go as in systemd
	if err == nil {
		_, err = c.Write([]byte(what))
		c.Close()
	}
	if err != nil {
		log.Warn("systemd cannot be told", "event", "run.notify", "error", err)
	}
}
