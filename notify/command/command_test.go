package command

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/belwacht/belwacht"
	"github.com/belwacht/belwacht/notify"
)

// script writes a program and returns its path.
func script(t *testing.T, lines string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "alert")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+lines), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func command(t *testing.T, c Config) *Command {
	t.Helper()
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// hostile is an alert in which every name tries something.
func hostile() *notify.Message {
	evil := `$(touch hacked) ; rm -rf "x" 'y' ` + "`id` %s -o=/x"
	return &notify.Message{Schema: notify.Schema, Tenant: evil, ID: "A1", Account: "-rf " + evil, Cause: "limit.country", Word: belwacht.Refuse, Count: 3, Numbers: []string{evil},
		ReasonEN: evil, ReasonNL: evil, Text: "Belwacht · " + evil}
}

// TestProgram: a program gets its own arguments only, the alert as JSON and as variables, and nothing of Belwacht's environment that it does not need.
func TestProgram(t *testing.T) {
	dir := t.TempDir()
	name := script(t, `cat > "$1/stdin"; env > "$1/env"; echo "$#|$2" > "$1/args"; printf '%s' "$BELWACHT_TEXT" > "$1/text"`)
	w := command(t, Config{Run: []string{name, dir, "a b $HOME *"}, Environ: append(os.Environ(), "BELWACHT_SECRET=hidden", "CREDENTIALS_DIRECTORY=/hidden", "TZ=Europe/Amsterdam")})
	m := hostile()
	if err := w.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	read := func(f string) string {
		b, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var got notify.Message
	if err := json.Unmarshal([]byte(read("stdin")), &got); err != nil || got.Account != m.Account || got.Numbers[0] != m.Numbers[0] || strings.Count(read("stdin"), "\n") != 1 {
		t.Errorf("%v: %s", err, read("stdin"))
	}
	if got := read("args"); got != "2|a b $HOME *\n" {
		t.Errorf("arguments %q", got)
	}
	env := read("env")
	for _, want := range []string{"BELWACHT_TENANT=" + m.Tenant, "BELWACHT_ACCOUNT=" + m.Account, "BELWACHT_CAUSE=limit.country", "BELWACHT_WORD=refuse", "TZ=Europe/Amsterdam", "PATH="} {
		if !strings.Contains("\n"+env, "\n"+want) {
			t.Errorf("the environment lacks %s:\n%s", want, env)
		}
	}
	if strings.Contains(env, "hidden") || read("text") != m.Text {
		t.Errorf("%s\n%s", env, read("text"))
	}
}

// TestFailures: what a program does wrong is said in one bounded line, and what cannot be started is told apart from what fails.
func TestFailures(t *testing.T) {
	locked := script(t, "exit 0")
	if err := os.Chmod(locked, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, run string
		code      belwacht.Code
		want      string
	}{
		{"done", script(t, "exit 0"), "", ""},
		{"does not read", script(t, "exec 0<&-; echo fine"), "", ""},
		{"fails", script(t, "printf 'no\\033[31m\\nmail ' >&2; exit 3"), belwacht.Invalid, "ended with exit status 3; it said: no·[31m·mail"},
		{"fails silently", script(t, "exit 1"), belwacht.Invalid, "ended with exit status 1; it said nothing"},
		{"talks without end", script(t, "yes 0123456789 | head -c 3000000; exit 2"), belwacht.Invalid, "ended with exit status 2; it said: 0123456789·0123"},
		{"is killed", script(t, "kill -9 $$"), belwacht.Invalid, "ended with signal: killed"},
		{"is not there", "/nonexistent/alert", belwacht.Unreachable, "cannot be started (no such file or directory)"},
		{"may not be run", locked, belwacht.Unreachable, "cannot be started (permission denied)"},
	} {
		err := command(t, Config{Run: []string{c.run}}).Send(t.Context(), hostile())
		if c.code == "" && err != nil || c.code != "" && (belwacht.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestKilled: a program that is not done in time, or when Belwacht stops, is killed with its children.
func TestKilled(t *testing.T) {
	for _, stop := range []bool{false, true} {
		mark := filepath.Join(t.TempDir(), "pid")
		name := script(t, `sleep 600 & echo $! > "$1.new"; mv "$1.new" "$1"; sleep 600`)
		c := Config{Run: []string{name, mark}, Timeout: time.Minute}
		if !stop {
			c.Timeout = time.Second
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- command(t, c).Send(ctx, hostile()) }()
		var pid string
		for end := time.Now().Add(30 * time.Second); pid == "" && time.Now().Before(end); time.Sleep(time.Millisecond) {
			b, _ := os.ReadFile(mark)
			pid = strings.TrimSpace(string(b))
		}
		if stop {
			cancel()
		}
		err := <-done
		cancel()
		if pid == "" || belwacht.CodeOf(err) != belwacht.Invalid || !strings.Contains(err.Error(), "was killed") {
			t.Errorf("child %q: %v", pid, err)
		}
		gone := false
		for end := time.Now().Add(10 * time.Second); !gone && time.Now().Before(end); time.Sleep(time.Millisecond) {
			b, err := os.ReadFile("/proc/" + pid + "/stat")
			gone = err != nil || strings.Contains(string(b), ") Z ") // dead, and not yet collected by its new parent
		}
		if !gone {
			t.Errorf("the child %s lives on", pid)
		}
	}
}

// TestOneAtOnce: two alerts at the same time run one after the other.
func TestOneAtOnce(t *testing.T) {
	lock := filepath.Join(t.TempDir(), "lock")
	w := command(t, Config{Run: []string{script(t, `mkdir "$1" && sleep 0.2 && rmdir "$1"`), lock}})
	done := make(chan error, 3)
	for range 3 {
		go func() { done <- w.Send(t.Context(), hostile()) }()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestNew: a command that is none is refused.
func TestNew(t *testing.T) {
	for _, run := range [][]string{nil, {""}, {"alert"}, {"./alert", "x"}} {
		if _, err := New(Config{Run: run}); belwacht.CodeOf(err) != belwacht.Config {
			t.Errorf("%q: %v", run, err)
		}
	}
}
