package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/belwacht/belwacht/control"
)

// busy is how long a test waits for a process to answer on a busy machine.
const busy = 30 * time.Second

// status asks a socket until somebody answers who has started.
func status(socket string) (v control.Status, err error) {
	for end := time.Now().Add(busy); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err = control.NewClient(socket).Do(context.Background(), http.MethodGet, "/v1/status", nil, &v); err == nil && !v.Starting {
			return v, nil
		}
	}
	if err == nil {
		err = errors.New("it still starts")
	}
	return v, err
}

// listens waits until a Belwacht answers: listens SOCKET.
func listens(ts *testscript.TestScript, _ bool, args []string) {
	if _, err := status(ts.MkAbs(args[0])); err != nil {
		ts.Fatalf("nobody answers: %v", err)
	}
}

// tells waits until the status holds a text: tells SOCKET TEXT.
func tells(ts *testscript.TestScript, _ bool, args []string) {
	said := ""
	for end := time.Now().Add(busy); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		v, err := status(ts.MkAbs(args[0]))
		if said = fmt.Sprintf("%+v", v); err == nil && strings.Contains(said, args[1]) {
			return
		}
	}
	ts.Fatalf("the status does not tell %s: %s", args[1], said)
}

// signals sends a signal to the Belwacht that answers: signals SOCKET HUP.
func signals(ts *testscript.TestScript, _ bool, args []string) {
	v, err := status(ts.MkAbs(args[0]))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	if err := syscall.Kill(v.PID, map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM}[args[1]]); err != nil {
		ts.Fatalf("%v", err)
	}
}

// asks does as a dial plan: asks SOCKET NAME=VALUE…, and fails where the answer does not begin with the last argument.
func asks(ts *testscript.TestScript, neg bool, args []string) {
	v, err := status(ts.MkAbs(args[0]))
	if err != nil || len(v.PBXs) == 0 {
		ts.Fatalf("%+v %v", v, err)
	}
	form := url.Values{}
	for _, a := range args[1 : len(args)-1] {
		name, value, _ := strings.Cut(a, "=")
		form.Set(name, value)
	}
	r, err := http.PostForm("http://"+v.PBXs[0].Ask+"/ask", form)
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	ts.Logf("%d %s", r.StatusCode, b)
	if strings.HasPrefix(string(b), args[len(args)-1]) == neg {
		ts.Fatalf("answered %q", b)
	}
	_, reference, _ := strings.Cut(string(b), ",")
	if _, reference, _ = strings.Cut(reference, ","); reference != "" {
		reference, _, _ = strings.Cut(reference, ",")
	}
	ts.Setenv("REFERENCE", reference)
}

// guarding starts one that guards, and waits until it answers.
func guarding(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	c := exec.Command("belwacht", "run", "--config", filepath.Join(dir, "b.yaml"))
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	if _, err := status(filepath.Join(dir, "s")); err != nil {
		b, _ := os.ReadFile(filepath.Join(dir, "log"))
		t.Fatalf("%v\n%s", err, b)
	}
	return c
}

// TestKilled kills a Belwacht at any moment, again and again: what was acknowledged of locks and panic holds after each start. How often is
// BELWACHT_KILLS, else 5 times.
func TestKilled(t *testing.T) {
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("BELWACHT_KILLS")); err == nil {
		rounds = n
	}
	dir, err := os.MkdirTemp("", "bw") // short: a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("secret", "fake-secret-for-tests\n")
	write("b.yaml", "organisation: {country: NL, timezone: Europe/Amsterdam}\nmode: monitor\ndata: data\ncontrol: {socket: s}\n"+
		"pbx: [{name: hk, ask: {listen: \"127.0.0.1:0\", secret_file: secret}}]\n")
	client := control.NewClient(filepath.Join(dir, "s"))
	locked, panics := map[string]bool{}, false
	random := rand.New(rand.NewPCG(7, uint64(rounds)))
	for round := range rounds {
		c := guarding(t, dir)
		held(t, client, round, locked, panics)
		stop := make(chan struct{})
		go func() {
			time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
			_ = c.Process.Kill()
			close(stop)
		}()
		unsure := false // whether the last turn of the switch, of which nobody was told, was made
		for i := 0; ; i++ {
			account := fmt.Sprint(200 + i%40)
			var err error
			switch i % 3 {
			case 0:
				if err = client.Do(t.Context(), http.MethodPost, "/v1/locks", &control.LockRequest{Account: account}, &control.Locks{}); err == nil {
					locked[account] = true
				}
			case 1:
				if err = client.Do(t.Context(), http.MethodPost, "/v1/panic", &control.PanicRequest{On: i%2 == 0}, &control.Panicked{}); err == nil {
					panics = i%2 == 0
				}
				unsure = err != nil
			}
			if err != nil {
				<-stop
				break // killed: whether this one holds nobody was told
			}
		}
		_ = c.Wait()
		c = guarding(t, dir)
		v, err := status(filepath.Join(dir, "s"))
		if err != nil {
			t.Fatal(err)
		}
		if v.Panic != panics && !unsure {
			t.Errorf("round %d: panic is %v, and %v was acknowledged", round, v.Panic, panics)
		}
		panics = v.Panic
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	c := guarding(t, dir)
	held(t, client, rounds, locked, panics)
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("stopped: %v", err)
	}
}

// held compares what is in force with what was acknowledged.
func held(t *testing.T, client *control.Client, round int, locked map[string]bool, panics bool) {
	t.Helper()
	var locks control.Locks
	var v control.Status
	if err := client.Do(t.Context(), http.MethodGet, "/v1/locks", nil, &locks); err != nil {
		t.Fatal(err)
	}
	if err := client.Do(t.Context(), http.MethodGet, "/v1/status", nil, &v); err != nil {
		t.Fatal(err)
	}
	now := map[string]bool{}
	for _, l := range locks.Locks {
		now[l.Subject] = true
	}
	for account := range locked {
		if !now[account] {
			t.Errorf("round %d: the lock of %s is lost", round, account)
		}
	}
	if v.Panic != panics || v.Tenants[0].Locks != len(now) {
		t.Errorf("round %d: panic is %v, want %v; %d locks in force, %d listed", round, v.Panic, panics, v.Tenants[0].Locks, len(now))
	}
}
