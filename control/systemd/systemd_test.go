package systemd

import (
	"bytes"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestSupervisor(t *testing.T) {
	dir, err := os.MkdirTemp("", "bw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "n")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	heard := func() string {
		b := make([]byte, 200)
		n, err := l.Read(b)
		if err != nil {
			t.Error(err)
		}
		return string(b[:n])
	}
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	env := map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": strconv.Itoa(os.Getpid())}
	s := New(func(k string) string { return env[k] })
	if s.Beat() != time.Second {
		t.Error(s.Beat())
	}
	for _, what := range []string{Ready, Alive, Stopping} {
		if s.Say(log, what); heard() != what {
			t.Errorf("%s is not heard", what)
		}
	}
	if s.Say(log, s.Reloading()); !strings.HasPrefix(heard(), "RELOADING=1\nMONOTONIC_USEC=") {
		t.Error("a reload without its time")
	}
	env["WATCHDOG_PID"] = "1" // another's
	s = New(func(k string) string { return env[k] })
	s.Say(log, Alive)
	if s.Say(log, Ready); heard() != Ready || s.Beat() != idle {
		t.Error("another process's watchdog is fed")
	}
	if said.Len() > 0 {
		t.Error(said.String())
	}
	env["NOTIFY_SOCKET"] = path + "-gone"
	if New(func(k string) string { return env[k] }).Say(log, Ready); !strings.Contains(said.String(), "systemd cannot be told") {
		t.Errorf("%q", said.String())
	}
	said.Reset()
	if New(func(string) string { return "" }).Say(log, Ready); said.Len() > 0 {
		t.Error(said.String())
	}
}
