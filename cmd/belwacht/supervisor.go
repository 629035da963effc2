package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// supervisor is the systemd that started this process, where one did: sd_notify(3) and sd_watchdog_enabled(3).
type supervisor struct {
	socket   string
	watchdog time.Duration // 0 = none
}

// idle is how often is looked where no watchdog wants to know.
const idle = 5 * time.Second

func newSupervisor(env *environment) *supervisor {
	s := &supervisor{socket: env.getenv("NOTIFY_SOCKET")}
	if pid := env.getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return s
	}
	if us, err := strconv.ParseInt(env.getenv("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
		s.watchdog = time.Duration(us) * time.Microsecond
	}
	return s
}

// beat is how often the watchdog is told that all is well: twice as often as it asks.
func (s *supervisor) beat() time.Duration {
	if s.watchdog == 0 {
		return idle
	}
	return max(s.watchdog/2, 10*time.Millisecond)
}

// reloading is what says that a reload has begun: systemd wants to know when by the clock that never jumps.
func (s *supervisor) reloading() string {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return "RELOADING=1"
	}
	return fmt.Sprintf("RELOADING=1\nMONOTONIC_USEC=%d", t.Nano()/1000)
}

// say tells it.
func (s *supervisor) say(log *slog.Logger, what string) {
	if s.socket == "" || what == "WATCHDOG=1" && s.watchdog == 0 {
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
